"""A transcript as it arrives, to what is done one after the other: utterances and directives."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

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
        self._size = 0  # of those
        self._segmenter = Segmenter()

    @property
    def pending(self) -> str:
        """Text that belongs to no utterance yet; what may be a tag comes last."""
        return self._segmenter.pending + self._markup.held

    @property
    def size(self) -> int:
        """Characters, and whatever else, that were added and have not come out yet."""
        return len(self._segmenter.pending) + self._size + len(self._markup.held)

    def add(self, text: str) -> None:
        """Add text, to be got by `cut`. Takes a while, if it is long.

        Raises:
            MarkupError: a known tag is malformed or out of range.
        """
        self._add(self._markup.feed(text))

    def cut(self) -> Iterator[Piece]:
        """Get what is complete of all that was added, often nothing."""
        while self._uncut:
            piece = self._uncut.popleft()
            self._size -= size_of(piece)
            if isinstance(piece, str):
                yield from self._segmenter.feed(piece)
            else:
                yield from self._segmenter.flush()
                yield piece

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
        self._add(self._markup.flush())
        yield from self.cut()
        yield from self._segmenter.flush()

    def _add(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            self._size += size_of(piece)
            # A text that was added in parts is cut as one.
            if isinstance(piece, str) and self._uncut and isinstance(self._uncut[-1], str):
                self._uncut[-1] += piece
            else:
                self._uncut.append(piece)


def size_of(piece: Piece) -> int:
    """How much a piece counts for that waits: its characters, and one for anything else."""
    return len(piece) if isinstance(piece, str) else 1


def read_transcript(text: str) -> Iterator[Piece]:
    """Cut a whole transcript into utterances and directives, as they are taken.

    Raises:
        MarkupError: at once, if a known tag is malformed or out of range.
    """
    reader = TranscriptReader()
    reader.add(text)
    return reader.flush()
