"""Whisper through CTranslate2: speech to text with word times, in about a hundred languages."""

from cartesia_server.engines.whisper.engine import create

__all__ = ["create"]
