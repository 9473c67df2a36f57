"""Piper voices (VITS): each a model of its own, found in the model directory or as a package."""

from cartesia_server.engines.piper.finder import find

__all__ = ["find"]
