"""What ``cartesia say`` needs to know about text and sound, without any input or output."""

from __future__ import annotations

import re
import struct

SAMPLE_BYTES = 2

_LOUD = round(32768 * 10 ** (-35 / 20))  # -35 dBFS: what counts as sound instead of silence
_SENTENCE = re.compile(r"(?<=[.!?…。！？])[\"'”’»)\]]*\s+|\n\s*\n")  # noqa: RUF001


def split_text(text: str, limit: int = 2000) -> list[str]:
    """Cut a text of any length into pieces for one request each.

    Pieces end with a paragraph or a sentence where possible, else between words, and only inside a
    word longer than the limit. Nothing but white space is lost.

    Args:
        text: the whole text.
        limit: characters of a piece.
    """
    pieces: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        cut = _last_end(_SENTENCE, rest, limit) or _last_end(re.compile(r"\s+"), rest, limit)
        cut = cut or limit
        pieces.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*pieces, rest] if rest else pieces


def _last_end(boundary: re.Pattern[str], text: str, limit: int) -> int | None:
    ends = [match.end() for match in boundary.finditer(text, 0, limit + 1)]
    return ends[-1] if ends else None


class Meter:
    """Measures speech as it arrives.

    Args:
        started: when the request went out, in seconds of any clock.
        bytes_per_second: of the audio.
        pcm: whether it is 16-bit mono, in which silence can be told from sound.
    """

    def __init__(self, started: float, *, bytes_per_second: float, pcm: bool = True) -> None:
        self._started = started
        self._bytes_per_second = bytes_per_second
        self._pcm = pcm
        self._bytes = 0
        self._first_byte = self._last_byte = started
        self._silence: float | None = None

    @property
    def seconds(self) -> float:
        """Length of the audio so far."""
        return self._bytes / self._bytes_per_second

    def heard(self, audio: bytes, now: float) -> None:
        """Take note of audio that arrived at `now`, on the clock of `started`."""
        if not self._bytes:
            self._first_byte = now
        self._last_byte = now
        if self._silence is None and self._pcm:
            self._silence = self._seconds_until_sound(audio)
        self._bytes += len(audio)

    def _seconds_until_sound(self, audio: bytes) -> float | None:
        for index, (sample,) in enumerate(struct.iter_unpack("<h", audio)):
            if abs(sample) >= _LOUD:
                return self.seconds + index * SAMPLE_BYTES / self._bytes_per_second
        return None

    def summary(self) -> str:
        """One line: seconds of audio, time to the first sound, real-time factor.

        The first sound is the first sample above -35 dBFS, for a listener who starts to play at the
        first byte; the real-time factor is the time until the last byte over the length.
        """
        if not self._bytes:
            return "no audio"
        first = self._first_byte - self._started + (self._silence or 0.0)
        factor = (self._last_byte - self._started) / self.seconds
        return (
            f"{self.seconds:.2f} s of audio, first sound after {first:.2f} s, "
            f"real-time factor {factor:.2f}"
        )
