"""One stream of speech on a shared socket: what was sent for it, and what came back for whom."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cartesia.wire.base import encode
from cartesia.wire.tts import (
    CancelContextRequest,
    GenerationRequest,
    WebSocketResponse_Done,
    WebSocketResponse_Error,
    WebSocketResponse_FlushDone,
    WebSocketResponse_PhonemeTimestamps,
    WebSocketResponse_Timestamps,
)

from .api_error import WebSocketCancelledError, WebSocketClosedError
from .channel_events import (
    Event,
    SpeechMessage,
    WebSocketTtsAudio,
    has_content,
    reported_error,
)
from .socket_inbox import WAIT, Inbox, Signal

if TYPE_CHECKING:
    from .channel import Channel


class Segment:
    """What a context says between two flushes.

    Attributes:
        inbox: Where its events wait, each with its size in bytes.
        claimed: Whether it belongs to a `Flushed`, and readings of the whole context skip it.
    """

    __slots__ = ("claimed", "inbox")

    def __init__(self) -> None:
        self.inbox: Inbox[tuple[Event, int]] = Inbox()
        self.claimed = False


class Flushed:
    """The segment that a flush ends, for whoever asked for the flush.

    Dropped without a call of `reading`, it leaves the segment to the readings of the whole
    context, so that its audio is not lost.
    """

    def __init__(self, context: Context, segment: Segment) -> None:
        self._context = context
        self._segment = segment
        self._unread = True

    def reading(self) -> Reading:
        """The outputs of the segment."""
        self._unread = False
        return Reading(self._context, self._segment)

    def __del__(self) -> None:
        if self._unread:
            self._segment.claimed = False


class Reading:
    """The outputs for one reader: of one segment, or of all in a context that nobody claimed."""

    def __init__(self, context: Context, segment: Segment | None = None) -> None:
        self.context = context
        self._whole = segment is None
        self._segment = segment
        self._started = False

    @property
    def inbox(self) -> Inbox[tuple[Event, int]]:
        """Where to listen after `take` said `WAIT`."""
        return self._current().inbox

    def take(self) -> Event | Signal:
        """The next event, or `WAIT`, or `END`.

        Raises:
            BaseException: What ended the context, once everything before it has been taken.
        """
        while True:
            item = self._current().inbox.take()
            if not isinstance(item, Signal):
                event, size = item
                self.context.release(size)
                return event
            if item is WAIT or not self._advance():
                return item

    @property
    def patient(self) -> bool:
        """Never: a server that is to speak does so soon."""
        return False

    def close(self) -> None:
        """Stop reading. The rest of a segment is dropped; that of a context stays readable."""
        if not self._whole:
            self.context.drop(self._current())
        elif self._started:
            self.context.readers -= 1
        self._started = False

    def _current(self) -> Segment:
        if self._whole and not self._started:
            self._started = True
            self.context.readers += 1
        if self._segment is None:
            self._segment = self.context.first_unread()
        return self._segment

    def _advance(self) -> bool:
        if not self._whole:
            return False
        ended, self._segment = self._segment, self.context.first_unread()
        return self._segment is not ended


class Context:
    """One stream of speech: what was sent for it, and what came back.

    Attributes:
        id: Its name on the wire.
        readers: How many readings of the whole context are in progress.
        buffered: Bytes that wait for its readers.
        over: Whether nothing more is sent or comes.
    """

    def __init__(self, channel: Channel, context_id: str) -> None:
        self.id = context_id
        self.readers = 0
        self.buffered = 0
        self.over = False
        self._channel = channel
        self._settings: GenerationRequest | None = None
        self._error: BaseException | None = None
        # Readers that asked for audio alone may rely on it that all they get is audio.
        self._wanted: set[type[SpeechMessage]] = {WebSocketTtsAudio}
        # The incomplete segments, oldest first. What comes belongs to the oldest: the order of
        # messages tells the segment, as flush ids start at 0, at 1 or are absent by API version.
        self._filling: deque[Segment] = deque([Segment()])
        # Segments that somebody may still want to read; the newest is last and never claimed.
        self._unread: list[Segment] = list(self._filling)
        # What each requested flush completes; None where it only marks a place in the stream.
        self._flushes: deque[Segment | None] = deque()

    @property
    def opened(self) -> bool:
        """Whether anything was sent for it."""
        return self._settings is not None

    @property
    def closed(self) -> bool:
        """Whether it is over and its readers have all that came."""
        return self.over and all(segment.inbox.drained for segment in self._unread)

    # Going out: each method gives the message to send, or None where there is nothing to say.

    def request(self, request: GenerationRequest) -> str:
        """Ask for speech.

        Raises:
            WebSocketError: The context is over.
        """
        if self._error is not None:
            raise self._error.with_traceback(None)
        if self.over:
            raise WebSocketClosedError(
                f"context_id: {self.id!r} has ended, as a context does when its last input is "
                "spoken or no input came for a while",
                hint="Open a new one with context().",
            )
        self._settings = self._settings or request
        if request.add_timestamps:
            self._wanted.add(WebSocketResponse_Timestamps)
        if request.add_phoneme_timestamps:
            self._wanted.add(WebSocketResponse_PhonemeTimestamps)
        if request.flush:
            self._flushes.append(None)
        return _text(request)

    def no_more_inputs(self) -> str | None:
        """Say, in the context's own settings, that no more text follows."""
        if self._settings is None:
            self.finish()
        return self._repeat_settings(continue_=False)

    def flush(self) -> tuple[str | None, Flushed]:
        """Have the text so far spoken now, and let a new segment begin after it.

        While somebody reads the whole context there is no new segment: that reader gets all, and
        the result only ends when the flush is done.
        """
        if self.readers:
            segment = Segment()
        else:
            segment = self._unread[-1]
            following = Segment()
            self._unread.append(following)
            if self.over:
                following.inbox.close(self._error)
            else:
                self._filling.append(following)
        segment.claimed = True
        flushed = Flushed(self, segment)
        message = self._repeat_settings(continue_=True, flush=True)
        if message is not None:
            self._flushes.append(segment)
        elif self.over:
            segment.inbox.close(self._error)
        else:
            self._complete(segment)
        return message, flushed

    def cancel(self, deed: str = "cancelled") -> str | None:
        """End it without waiting for the server; what waits for its readers is dropped.

        Args:
            deed: What the error of its readers says was done to it.
        """
        message = self.abort(WebSocketCancelledError(f"context_id: {self.id!r} was {deed}"))
        for segment in self._unread:
            self.drop(segment)
        return message

    def abort(self, error: BaseException) -> str | None:
        """End it without waiting for the server.

        Args:
            error: What its readers get after what waits for them.
        """
        message = (
            _text(CancelContextRequest(context_id=self.id))
            if self.opened and not self.over
            else None
        )
        self.finish(error)
        return message

    def _repeat_settings(self, **changes: Any) -> str | None:
        if self.over or self._settings is None:
            return None
        return _text(self._settings.model_copy(update={"transcript": "", "flush": None, **changes}))

    # Coming in.

    def receive(self, event: SpeechMessage, size: int) -> None:
        """File an event of `size` bytes."""
        if type(event) in self._wanted and has_content(event):
            self._file(event, size)
        elif isinstance(event, WebSocketResponse_Done):
            self.finish()
        elif isinstance(event, WebSocketResponse_Error):
            self.finish(reported_error(event))
        elif isinstance(event, WebSocketResponse_FlushDone) and self._flushes:
            # Servers also flush of their own accord; such a flush completes nothing here.
            segment = self._flushes.popleft()
            if segment is None:
                self._file(event, size)
            else:
                self._complete(segment)

    def finish(self, error: BaseException | None = None) -> None:
        """End it: its readers get `error`, if any, after what waits. The first call counts."""
        if self.over:
            return
        self.over = True
        self._error = error
        self._channel.forget(self)
        for segment in (*self._filling, *self._flushes):
            if segment is not None:
                segment.inbox.close(error)

    def _file(self, event: Event, size: int) -> None:
        segment = self._filling[0]
        if not segment.inbox.drained:
            self.buffered += size
            self._channel.buffered += size
            segment.inbox.put((event, size))

    def _complete(self, segment: Segment) -> None:
        segment.inbox.close()
        if self._filling[0] is segment:
            self._filling.popleft()

    # For readings.

    def first_unread(self) -> Segment:
        """The oldest segment that a reading of the whole context has not gone through."""
        *earlier, newest = self._unread
        self._unread = [*(segment for segment in earlier if not segment.inbox.drained), newest]
        return next(segment for segment in self._unread if not segment.claimed)

    def defer(self, deed: Callable[[], str | None]) -> None:
        """Have something done as soon as the channel is in use; for finalisers."""
        self._channel.deferred.append(deed)

    def release(self, size: int) -> None:
        """Note that `size` bytes have left an inbox."""
        self.buffered -= size
        if not self.over:
            self._channel.buffered -= size

    def drop(self, segment: Segment) -> None:
        """Let nobody read the rest of a segment."""
        segment.inbox.close()
        self.release(sum(size for _, size in segment.inbox.clear()))


def _text(message: GenerationRequest | CancelContextRequest) -> str:
    return encode(message).decode()
