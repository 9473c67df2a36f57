"""A transcript as it arrives, to what is done one after the other: utterances and directives."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain

from cartesia_server.text.markup import MarkupReader, Piece
from cartesia_server.text.segment import Segmenter


class TranscriptReader:
    """Reads markup and cuts text into utterances. A directive ends the utterance before it.

    What comes out is cut as it is taken, since a long text takes a while; it is to be exhausted
    before the next call.
    """

    def __init__(self) -> None:
        self._markup = MarkupReader()
        self._uncut: deque[Piece] = deque()
        self._segmenter = Segmenter()

    @property
    def pending(self) -> str:
        """Text that was fed and has not come out yet; what may be a tag comes last."""
        uncut = "".join(piece for piece in self._uncut if isinstance(piece, str))
        return self._segmenter.pending + uncut + self._markup.held

    def feed(self, text: str) -> Iterator[Piece]:
        """Add text; get what is complete now, often nothing.

        Raises:
            MarkupError: at once, if a known tag is malformed or out of range.
        """
        self._uncut += self._markup.feed(text)
        return self._cut()

    @property
    def may_be_whole(self) -> bool:
        """Whether the text that has not come out may be a whole sentence."""
        return not self._markup.held and self._segmenter.may_be_whole

    @property
    def in_word(self) -> bool:
        """Whether the text so far may end in the middle of a word."""
        return not self._markup.held and bool(self._segmenter.open_word)

    def release(self, *, whole_words: bool = False) -> Iterator[Piece]:
        """Get the rest as if a sentence ended here; the beginning of a tag waits for its end.

        Args:
            whole_words: whether a word that may go on waits for its end, too.
        """
        return self._segmenter.release() if whole_words else self._segmenter.flush()

    def flush(self) -> Iterator[Piece]:
        """Get the rest as if the text ended here."""
        self._uncut += self._markup.flush()
        yield from self._cut()
        yield from self._segmenter.flush()

    def _cut(self) -> Iterator[Piece]:
        while self._uncut:
            piece = self._uncut.popleft()
            if isinstance(piece, str):
                yield from self._segmenter.feed(piece)
            else:
                yield from self._segmenter.flush()
                yield piece


def read_transcript(text: str) -> Iterator[Piece]:
    """Cut a whole transcript into utterances and directives, as they are taken.

    Raises:
        MarkupError: at once, if a known tag is malformed or out of range.
    """
    reader = TranscriptReader()
    # The rest begins to be read when all before it has been taken.
    return chain(reader.feed(text), reader.flush())
