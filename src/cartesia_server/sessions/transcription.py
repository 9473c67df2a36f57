"""The conversation on ``/stt/websocket``: protocol state without I/O, threads or clock.

Feed it audio and commands; ask `next_job` what to recognise, recognise it, give the result to
`settle`; send what `take_messages` hands out. When there is no job, ask `wake_at` when to come
back unless there is input before. Times are seconds of any one clock; positions are samples since
the connection began.

Utterances, markers of commands among them, wait in the order in which they came. The first is
the one being worked on: while it goes on, drafts of it are made; as soon as it falls silent it
is recognised in full, so that its final transcript is there when the silence has lasted long
enough to end it; once it has ended, what was recognised is settled and sent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from cartesia.wire.base import WireModel
from cartesia.wire.stt import (
    StreamingTranscriptionResponse_Done,
    StreamingTranscriptionResponse_FlushDone,
    StreamingTranscriptionResponse_Transcript,
    TranscriptionWord,
)
from cartesia_server.engines.base import Lead, RecognizedWord, Samples, TranscriptSegment
from cartesia_server.engines.windows import find_seam
from cartesia_server.errors import Overloaded
from cartesia_server.sessions.endpointing import SAMPLE_RATE, Endpointer, Utterance
from cartesia_server.sessions.tape import Tape

WINDOW = 28.0
"""Seconds of speech that are recognised at once."""

_DRAFT_EVERY = 0.6  # a reader is to see a change at least once a second
_FIRST_DRAFT = 0.35
_GUESS_AFTER = 0.12  # seconds of silence after which an utterance is recognised on approval
_EARLIEST_SEAM = 0.6  # of a window that is full before there was any pause

# Finals shortly before an utterance are heard again with it: parts of a sentence are recognised
# much better with the audio before them than on their own.
_LONGEST_WITH_LEAD = 14.0
_LEAD_GAP = 3.0

_UNSPACED = frozenset({"zh", "ja", "yue", "th", "lo", "my", "km", "bo"})


class _Command(Enum):
    FINALIZE = "finalize"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Something to recognise.

    Attributes:
        samples: mono float32 at 16 kHz.
        draft: whether a quick guess at the text will do.
        utterance: what it is part of.
        origin: position of the first sample.
        start: position of the first sample that is to be recognised; what comes before is a lead.
        voice_end: up to where the utterance was known to have a voice.
        cut_off: whether the samples end in mid-speech because a window is full.
        lead: what comes before `start`, if anything.
    """

    samples: Samples
    draft: bool
    utterance: Utterance
    origin: int
    start: int
    voice_end: int
    cut_off: bool = False
    lead: Lead | None = None

    @property
    def end(self) -> int:
        """Position after the last sample."""
        return self.origin + len(self.samples)


@dataclass(frozen=True, slots=True)
class _Final:
    """A stretch of the stream whose transcript was sent."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a job found out."""

    job: Job
    words: Sequence[RecognizedWord]
    text: str

    def holds_for(self, utterance: Utterance) -> bool:
        return (
            self.job.utterance is utterance
            and self.job.start == utterance.start
            and self.job.voice_end == utterance.voice_end
        )


class TranscriptionSession:
    """State of one transcription socket.

    Args:
        endpointer: decides when utterances begin and end.
        request_id: of the connection.
        language: code that the transcripts carry.
        spaced: whether finals are to be joined without a separator: each but the first then
            begins with a space (API versions from 2026 on); else none has spaces around it.
        max_pending: seconds of audio that may wait to be recognised.
    """

    def __init__(
        self,
        endpointer: Endpointer,
        *,
        request_id: str,
        language: str,
        spaced: bool = False,
        max_pending: float = 3600.0,
    ) -> None:
        self._endpointer = endpointer
        self._request_id = request_id
        self._language = language
        self._space = "" if language in _UNSPACED else " "
        self._separator = self._space if spaced else ""
        self._max_pending = int(max_pending * SAMPLE_RATE)
        self._tape = Tape()
        self._queue: deque[Utterance | _Command] = deque()
        self._messages: list[WireModel] = []
        self._running: Job | None = None
        self._guess: _Heard | None = None  # what an utterance says unless it goes on
        self._draft_at = 0.0
        self._drafted_to = 0
        self._reported_to = 0  # end of the last final
        self._finals: deque[_Final] = deque(maxlen=8)
        self._interim_shown = False
        self._closing = False

    @property
    def done(self) -> bool:
        """Whether the last message has been handed to `take_messages`."""
        return self._closing and not self._queue

    def feed(self, samples: Samples, now: float) -> None:
        """Take audio.

        Raises:
            Overloaded: more audio waits than is allowed; the samples were not taken.
        """
        if self._closing:
            return
        if self._tape.end + len(samples) - self._needed_from() > self._max_pending:
            seconds = self._max_pending / SAMPLE_RATE
            raise Overloaded(f"audio: more than {seconds:g} s wait to be transcribed; send slower")
        self._tape.append(samples)
        for utterance in self._endpointer.feed(samples):
            self._queue.append(utterance)
            self._draft_at = now + _FIRST_DRAFT
        self._advance()

    def finalize(self) -> None:
        """Transcribe all audio so far, then acknowledge that once."""
        self._command(_Command.FINALIZE)

    def close(self) -> None:
        """Transcribe all audio so far, acknowledge that, and be done; later input is ignored."""
        self._command(_Command.CLOSE)
        self._closing = True

    def take_messages(self) -> list[WireModel]:
        """Messages to send, in order; each is handed out once."""
        messages, self._messages = self._messages, []
        return messages

    def next_job(self, now: float) -> Job | None:
        """What to recognise now, if anything; one job at a time."""
        head = self._queue[0] if self._queue else None
        if self._running is not None or not isinstance(head, Utterance):
            return None
        job = self._job_for(head, now)
        self._running = job
        return job

    def wake_at(self) -> float | None:
        """When `next_job` may have a job without any further input; None if never."""
        head = self._queue[0] if self._queue else None
        if self._running is not None or not isinstance(head, Utterance):
            return None
        return self._draft_at if self._wants_draft(head) else None

    def settle(self, job: Job, segments: Sequence[TranscriptSegment]) -> None:
        """Take the result of a job."""
        self._running = None
        words = [word for segment in segments for word in segment.words]
        text = self._space.join(segment.text.strip() for segment in segments)
        if job.draft:
            self._send_interim(_Heard(job, words, text))
        elif job.cut_off:
            self._settle_window(job, words)
        else:
            self._guess = _Heard(job, words, text)
            if job.utterance.end is None:
                self._send_interim(self._guess)
        self._advance()

    def give_up(self) -> None:
        """Learn that the job handed out last will not be done; there will be another."""
        self._running = None

    # --- what is next -----------------------------------------------------------------------------

    def _command(self, command: _Command) -> None:
        if not self._closing:
            self._endpointer.cut()
            self._queue.append(command)
            self._advance()

    def _job_for(self, head: Utterance, now: float) -> Job | None:
        end = self._tape.end if head.end is None else head.end
        limit = head.start + int(WINDOW * SAMPLE_RATE)
        if end > limit:
            return self._job(head, limit, cut_off=True)
        if head.end is not None or self._is_worth_guessing(head):
            return self._job(head, end)
        if self._wants_draft(head) and now >= self._draft_at:
            self._draft_at = now + _DRAFT_EVERY
            self._drafted_to = end
            return self._job(head, end, draft=True)
        return None

    def _job(
        self, utterance: Utterance, end: int, *, draft: bool = False, cut_off: bool = False
    ) -> Job:
        lead = None if draft else self._lead(utterance.start, end)
        origin = utterance.start - (round(lead.seconds * SAMPLE_RATE) if lead else 0)
        return Job(
            samples=self._tape.cut(origin, end),
            draft=draft,
            utterance=utterance,
            origin=origin,
            start=utterance.start,
            voice_end=utterance.voice_end,
            cut_off=cut_off,
            lead=lead,
        )

    def _lead(self, start: int, end: int) -> Lead | None:
        """As many of the last finals as fit into a short window together with a stretch."""
        earliest = max(self._tape.start, end - int(_LONGEST_WITH_LEAD * SAMPLE_RATE))
        origin = start
        texts: deque[str] = deque()
        for final in reversed(self._finals):
            if final.start < earliest or origin - final.end > _LEAD_GAP * SAMPLE_RATE:
                break
            origin = final.start
            texts.appendleft(final.text)
        return Lead((start - origin) / SAMPLE_RATE, self._space.join(texts)) if texts else None

    def _is_worth_guessing(self, head: Utterance) -> bool:
        guessed = self._guess is not None and self._guess.holds_for(head)
        return not guessed and self._endpointer.silence(head) >= _GUESS_AFTER

    def _wants_draft(self, head: Utterance) -> bool:
        guessed = self._guess is not None and self._guess.holds_for(head)
        return head.end is None and not guessed and self._tape.end > self._drafted_to

    def _needed_from(self) -> int:
        starts = (item.start for item in self._queue if isinstance(item, Utterance))
        return next(starts, self._endpointer.needed_from)

    # --- what is settled --------------------------------------------------------------------------

    def _advance(self) -> None:
        """Send everything that is settled at the front of the queue."""
        while self._queue:
            head = self._queue[0]
            if isinstance(head, _Command):
                self._acknowledge(head)
            elif head.end is not None and self._guess is not None and self._guess.holds_for(head):
                self._send_final(self._guess, head.end)
                self._guess = None
            else:
                break
            self._queue.popleft()
        self._tape.forget(self._needed_from() - int(_LONGEST_WITH_LEAD * SAMPLE_RATE))

    def _acknowledge(self, command: _Command) -> None:
        if command is _Command.FINALIZE:
            done: WireModel = StreamingTranscriptionResponse_FlushDone(request_id=self._request_id)
        else:
            done = StreamingTranscriptionResponse_Done(request_id=self._request_id)
        self._messages.append(done)

    def _settle_window(self, job: Job, words: Sequence[RecognizedWord]) -> None:
        """Send a full window up to the best place between two words; the rest stays to be done."""
        seam = find_seam(job.samples, words, earliest=WINDOW * _EARLIEST_SEAM)
        end = job.end
        if seam is not None:
            words, end = words[: seam.words], job.start + seam.at
        text = self._space.join(word.text for word in words)
        self._send_final(_Heard(job, words, text), end)
        job.utterance.start = end

    def _send_interim(self, heard: _Heard) -> None:
        self._send(heard, heard.job.end, is_final=False)
        self._interim_shown = bool(heard.text)

    def _send_final(self, heard: _Heard, end: int) -> None:
        if heard.text:
            self._send(heard, end, is_final=True)
            self._finals.append(_Final(heard.job.start, end, heard.text))
            self._reported_to = end
        elif self._interim_shown:
            # Nothing was said after all: take back what readers may be showing.
            self._send(heard, end, is_final=False)
        self._interim_shown = False

    def _send(self, heard: _Heard, end: int, *, is_final: bool) -> None:
        separator = self._separator if heard.text and self._finals else ""
        offset = heard.job.origin / SAMPLE_RATE
        self._messages.append(
            StreamingTranscriptionResponse_Transcript(
                request_id=self._request_id,
                text=separator + heard.text,
                is_final=is_final,
                # Counted from the last final, so that the durations of finals add up to the
                # position in the stream.
                duration=round((end - self._reported_to) / SAMPLE_RATE, 3),
                language=self._language,
                words=[_placed(word, offset) for word in heard.words],
            )
        )


def _placed(word: RecognizedWord, offset: float) -> TranscriptionWord:
    return TranscriptionWord(
        word=word.text, start=round(word.start + offset, 2), end=round(word.end + offset, 2)
    )
