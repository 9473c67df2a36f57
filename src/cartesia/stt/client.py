"""The clients of this resource, for both surfaces."""

from __future__ import annotations

from .async_client import AsyncSttClient
from .sync_client import SttClient

__all__ = ["AsyncSttClient", "SttClient"]
