"""A transcript as it arrives, to what is done one after the other: utterances and directives."""

from __future__ import annotations

from cartesia_server.text.markup import MarkupReader, Piece
from cartesia_server.text.segment import Segmenter


class TranscriptReader:
    """Reads markup and cuts text into utterances. A directive ends the utterance before it."""

    def __init__(self) -> None:
        self._markup = MarkupReader()
        self._segmenter = Segmenter()

    @property
    def pending(self) -> str:
        """Text that was fed and has not come out yet; what may be a tag comes last."""
        return self._segmenter.pending + self._markup.held

    def feed(self, text: str) -> list[Piece]:
        """Add text; get what is complete now, often nothing.

        Raises:
            MarkupError: a known tag is malformed or out of range.
        """
        return self._segmented(self._markup.feed(text))

    def release(self) -> list[Piece]:
        """Get the rest as if a sentence ended here; the beginning of a tag waits for its end."""
        return [*self._segmenter.flush()]

    def flush(self) -> list[Piece]:
        """Get the rest as if the text ended here."""
        return [*self._segmented(self._markup.flush()), *self._segmenter.flush()]

    def _segmented(self, pieces: list[Piece]) -> list[Piece]:
        segments: list[Piece] = []
        for piece in pieces:
            if isinstance(piece, str):
                segments += self._segmenter.feed(piece)
            else:
                segments += [*self._segmenter.flush(), piece]
        return segments


def read_transcript(text: str) -> list[Piece]:
    """Cut a whole transcript into utterances and directives.

    Raises:
        MarkupError: a known tag is malformed or out of range.
    """
    reader = TranscriptReader()
    return [*reader.feed(text), *reader.flush()]
