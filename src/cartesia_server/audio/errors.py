"""What can be wrong with audio that somebody sent."""

from __future__ import annotations


class AudioError(ValueError):
    """Audio, or what was said about it, that cannot be used.

    Attributes:
        field: the field of the request at fault: ``file``, ``encoding``, ``sample_rate``; ``audio``
            for the frames of a socket.
        message: what is wrong with it.
        accepted: what would be accepted instead.
    """

    def __init__(self, field: str, message: str, accepted: str) -> None:
        super().__init__(f"{field}: {message}; accepted: {accepted}")
        self.field = field
        self.message = message
        self.accepted = accepted
