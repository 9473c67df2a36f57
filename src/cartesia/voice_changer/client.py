"""The clients of this resource, for both surfaces."""

from __future__ import annotations

from .async_client import AsyncVoiceChangerClient
from .sync_client import VoiceChangerClient

__all__ = ["AsyncVoiceChangerClient", "VoiceChangerClient"]
