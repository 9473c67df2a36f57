"""The clients of this resource, for both surfaces."""

from __future__ import annotations

from .async_client import AsyncApiStatusClient
from .sync_client import ApiStatusClient

__all__ = ["ApiStatusClient", "AsyncApiStatusClient"]
