"""The clients of this resource, for both surfaces."""

from __future__ import annotations

from .async_client import AsyncTtsClient
from .sync_client import TtsClient

__all__ = ["AsyncTtsClient", "TtsClient"]
