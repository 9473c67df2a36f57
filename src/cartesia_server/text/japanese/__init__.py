"""Japanese: how it is read."""

from cartesia_server.text.japanese.reading import spoken

__all__ = ["spoken"]
