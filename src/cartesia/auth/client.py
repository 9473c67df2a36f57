"""The clients of this resource, for both surfaces."""

from __future__ import annotations

from .async_client import AsyncAuthClient
from .sync_client import AuthClient

__all__ = ["AsyncAuthClient", "AuthClient"]
