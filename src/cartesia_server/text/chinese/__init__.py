"""Mandarin Chinese: how it is read."""

from cartesia_server.text.chinese.reading import spoken

__all__ = ["spoken"]
