"""The clients of this resource, for both surfaces."""

from __future__ import annotations

from .async_client import AsyncVoicesClient
from .sync_client import VoicesClient

__all__ = ["AsyncVoicesClient", "VoicesClient"]
