"""The version of this library."""

__version__ = "2.1.0"
