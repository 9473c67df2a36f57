"""The 2.x names of what all clients of an account share: settings and connections."""

from __future__ import annotations

from .async_transport import AsyncTransport as AsyncClientWrapper
from .transport import BaseTransport as BaseClientWrapper
from .transport import Transport as SyncClientWrapper

__all__ = ["AsyncClientWrapper", "BaseClientWrapper", "SyncClientWrapper"]
