"""Kokoro-82M: text to speech whose first audio leaves before the sentence is made."""

from cartesia_server.engines.kokoro.engine import create

__all__ = ["create"]
