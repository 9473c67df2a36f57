"""The clients of this resource, for both surfaces."""

from __future__ import annotations

from .async_client import AsyncInfillClient
from .sync_client import InfillClient

__all__ = ["AsyncInfillClient", "InfillClient"]
