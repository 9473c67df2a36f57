"""What happens next in a context of ``/tts/websocket``: protocol state without I/O or clock.

Feed it inputs, ask `next_step` what to do, do it, ask again; when there is nothing to do, ask
`wake_at` when to come back unless there is input before. Times are seconds of any one clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar

from cartesia_server.errors import FieldError, TooLarge, as_server_error
from cartesia_server.text.markup import MarkupError, Piece
from cartesia_server.text.transcript import TranscriptReader, size_of

T = TypeVar("T")

MAX_BUFFER_DELAY_MS = 5000
DEFAULT_BUFFER_DELAY_MS = 3000

_SENTENCE_DELAY = 0.2
"""Seconds that text waits which looks like a whole sentence but may go on: 3. may become 3.5."""

_WORD_DELAY = 0.2
"""Seconds since the last input for which a word waits, whatever the delay, that may go on: language
models write many words, and most numbers, in several pieces."""

_READ_AT_ONCE = 8
"""Utterances into which text is cut at a time; each takes about a millisecond."""

_PART, _TAGS = 4000, 50
"""Characters in which markup is read at a time, and tags among them: up to a millisecond, too."""

_READ_AHEAD = 100
"""Utterances that wait to be spoken while text is left as it is."""


@dataclass(frozen=True, slots=True)
class ContextInput:
    """What a message asks of a context that exists or is about to.

    Attributes:
        transcript: the next text, verbatim; may be empty.
        more: whether further input may follow.
        flush: whether to speak all text so far and say when that is done.
        max_buffer_delay_ms: how long text may wait for the rest of its sentence; None leaves the
            context's own.
    """

    transcript: str = ""
    more: bool = False
    flush: bool = False
    max_buffer_delay_ms: int | None = None

    @classmethod
    def read(cls, message: Mapping[str, Any]) -> ContextInput:
        """Read the part of a message that every input to a context has.

        The rest, voice and model and format, is fixed by a context's first message: clients of
        2.0.x put placeholders there when they flush or end a context.

        Raises:
            FieldError: a field is of the wrong kind or out of range.
        """
        delay = message.get("max_buffer_delay_ms")
        if delay is not None and not (type(delay) is int and 0 <= delay <= MAX_BUFFER_DELAY_MS):
            accepted = f"milliseconds from 0 to {MAX_BUFFER_DELAY_MS}"
            raise FieldError("max_buffer_delay_ms", delay, accepted)
        return cls(
            transcript=_field(message, "transcript", str, "", "text"),
            more=switch(message, "continue"),
            flush=switch(message, "flush"),
            max_buffer_delay_ms=delay,
        )

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it to speak."""
        return not self.transcript.strip()


@dataclass(frozen=True, slots=True)
class Speak:
    """Speak these utterances, minding the directives between them, for the segment `flush_id`.

    Attributes:
        ready_at: since when the first of them could be spoken.
    """

    segments: tuple[Piece, ...]
    flush_id: int
    ready_at: float = field(default=0.0, compare=False)

    @property
    def characters(self) -> int:
        """Of the text."""
        return sum(len(piece) for piece in self.segments if isinstance(piece, str))


@dataclass(frozen=True, slots=True)
class FlushDone:
    """Say that all audio of the segment `flush_id` has been sent."""

    flush_id: int


@dataclass(frozen=True, slots=True)
class Done:
    """Say that the context is over."""


Step: TypeAlias = Speak | FlushDone | Done


class TtsContext:
    """One continuous stream of speech, fed with text piece by piece.

    Args:
        now: the time.
        first_flush_id: id of the segment before the first flush.
        expiry: seconds without input or audio after which a context that expects more input ends.
        max_pending: characters that may wait to be spoken.
    """

    def __init__(self, *, now: float, first_flush_id: int, expiry: float, max_pending: int) -> None:
        self._reader = TranscriptReader()
        self._inputs: deque[ContextInput] = deque()
        self._unread = 0  # characters of them, and one for each
        self._reading: Iterator[None] | None = None  # of the input before these
        self._steps: deque[Step] = deque()
        self._in_hand: Step | None = None
        self._waiting = 0  # characters, and whatever else, of the steps that are not done
        self._flush_id = first_flush_id
        self._expiry = expiry
        self._max_pending = max_pending
        self._buffer_delay = DEFAULT_BUFFER_DELAY_MS / 1000
        self._waiting_since: float | None = None
        self._release_at: float | None = None
        self._active_at = self._given_at = now
        self._ended = False
        self._given = ""

    @property
    def ended(self) -> bool:
        """Whether no further input is expected."""
        return self._ended

    @property
    def given(self) -> str:
        """The beginning of all text that was submitted, for error messages."""
        return self._given

    def submit(self, given: ContextInput, now: float) -> None:
        """Take an input.

        Raises:
            TooLarge: too much text waits; the context should end.
            FieldError: markup in the text asks for what cannot be; the context should end.
        """
        self._active_at = self._given_at = now
        self._check_pending(given.transcript)
        self._given = (self._given + given.transcript)[:100]
        self._ended = self._ended or not given.more
        self._inputs.append(given)
        self._unread += len(given.transcript) + 1
        self._read(now)

    def next_step(self, now: float) -> Step | None:
        """What to do now that the step before is done; None if there is nothing.

        Raises:
            FieldError: as `submit`, where there was much to read.
        """
        if self._in_hand is not None:
            self._waiting -= _size(self._in_hand)
            self._in_hand = None
        self._read(now)
        if self._is_idle and self._release_at is not None and now >= self._release_at:
            self._release_in_time(now)
        if self._is_idle and not self._ended and now >= self._active_at + self._expiry:
            self._ended = True
            self._inputs.append(ContextInput())
            self._unread += 1
            self._read(now)
        if self._steps:
            self._in_hand = self._steps.popleft()
        return self._in_hand

    def wake_at(self) -> float | None:
        """When there will be something to do if no input comes; None if never."""
        if not self._is_idle:
            return self._active_at
        if self._ended:
            return None
        expires_at = self._active_at + self._expiry
        return expires_at if self._release_at is None else min(self._release_at, expires_at)

    def spoke(self, now: float) -> None:
        """Note that audio was sent: a context in use does not expire, and reads on.

        Raises:
            FieldError: as `submit`, where there was much to read.
        """
        self._active_at = now
        self._read(now)

    @property
    def _is_idle(self) -> bool:
        """Whether nothing is left to read or to do."""
        return not (self._steps or self._inputs or self._reading)

    def _read(self, now: float) -> None:
        """Read a little of what was submitted: others are not to wait while it is much."""
        for _ in range(_READ_AT_ONCE):
            last = self._steps[-1] if self._steps else None
            if isinstance(last, Speak) and len(last.segments) >= _READ_AHEAD:
                return
            if self._reading is None:
                if not self._inputs:
                    return
                self._unread -= 1
                self._reading = self._take_in(self._inputs.popleft(), now)
            try:
                next(self._reading)
            except StopIteration:
                self._reading = None
            except MarkupError as error:
                raise as_server_error(error) from None

    def _take_in(self, given: ContextInput, now: float) -> Iterator[None]:
        """Do what an input asks for, utterance by utterance."""
        if given.max_buffer_delay_ms is not None:
            self._buffer_delay = given.max_buffer_delay_ms / 1000
        # A tag that is wrong is told before anything is said.
        for part in _parts(given.transcript):
            self._reader.add(part)
            self._unread -= len(part)
            yield
        fresh = False
        for piece in self._reader.cut():
            self._speak(piece, now)
            fresh = True
            yield
        if given.flush or not given.more:
            self._waiting_since = self._release_at = None
            for piece in self._reader.flush():
                self._speak(piece, now)
                yield
        elif not self._buffer_delay:
            self._release(now)
        else:
            self._wait(now, fresh=fresh)
        if given.flush:
            self._append(FlushDone(self._flush_id))
            self._flush_id += 1
        if not given.more:
            self._append(Done())

    def _wait(self, now: float, *, fresh: bool) -> None:
        """Settle until when unfinished text may wait; `fresh` if what was there before has left."""
        if fresh or self._waiting_since is None:
            self._waiting_since = now
        self._release_at = self._waiting_since + self._buffer_delay
        if self._reader.may_be_whole:
            self._release_at = min(self._release_at, now + _SENTENCE_DELAY)
        if not self._reader.pending.strip():
            self._waiting_since = self._release_at = None

    def _release_in_time(self, now: float) -> None:
        """Speak what has waited for long enough, but for a word that is just being written."""
        whole_at = self._given_at + _WORD_DELAY
        in_word = self._reader.in_word and now < whole_at
        self._release(now, whole_words=in_word)
        if in_word:
            self._waiting_since, self._release_at = now, whole_at

    def _release(self, now: float, *, whole_words: bool = False) -> None:
        self._waiting_since = self._release_at = None
        for piece in self._reader.release(whole_words=whole_words):
            self._speak(piece, now)

    def _speak(self, piece: Piece, now: float) -> None:
        step = Speak((piece,), self._flush_id, now)
        last = self._steps[-1] if self._steps else None
        if isinstance(last, Speak) and last.flush_id == step.flush_id:
            self._waiting += _size(step)
            self._steps[-1] = replace(last, segments=(*last.segments, piece))
        else:
            self._append(step)

    def _append(self, step: Step) -> None:
        self._steps.append(step)
        self._waiting += _size(step)

    def _check_pending(self, transcript: str) -> None:
        total = self._waiting + self._unread + self._reader.size + len(transcript)
        if total > self._max_pending:
            accepted = f"at most {self._max_pending} that were not spoken yet"
            raise TooLarge(f"transcript: got {total} characters, accepted: {accepted}")


def switch(message: Mapping[str, Any], name: str) -> bool:
    """Read a field of a message that is true, or false, or absent.

    Raises:
        FieldError: it is something else.
    """
    return _field(message, name, bool, False, "true or false")


def _size(step: Step) -> int:
    """How much a step counts for that waits: its characters, and one for anything else."""
    if not isinstance(step, Speak):
        return 1
    return sum(map(size_of, step.segments))


def _parts(transcript: str) -> Iterator[str]:
    """Cut a text into what is read at once: before a tag, or between words where it has any."""
    while transcript:
        part = "<".join(transcript[:_PART].split("<", _TAGS)[:_TAGS])
        if len(part) == _PART:
            part = part[: part.rfind(" ") + 1 or _PART]
        yield part
        transcript = transcript[len(part) :]


def _field(message: Mapping[str, Any], name: str, kind: type[T], default: T, accepted: str) -> T:
    value = message.get(name)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise FieldError(name, value, accepted)
    return value
