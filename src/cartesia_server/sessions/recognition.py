"""What is to be recognised of a stream, and what comes of it: state without I/O, threads or clock.

Feed it audio; ask `next_job` what to recognise, recognise it, give the result to `settle`; take
what was found out from `take_results`. When there is no job, ask `wake_at` when to come back unless
there is input before. Times are seconds of any one clock; positions are samples since the stream
began.

Utterances, marks of the caller among them, wait in the order in which they came. The first is the
one being worked on: while it goes on, drafts of it are made; as soon as it falls silent it is
recognised in full, so that its final transcript is there when the silence has lasted long enough to
end it; once it has ended, what was recognised is settled.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from cartesia_server.engines.base import (
    Lead,
    RecognizedWord,
    Samples,
    SpokenLanguage,
    TranscriptSegment,
)
from cartesia_server.engines.windows import find_seam
from cartesia_server.errors import Overloaded
from cartesia_server.sessions.endpointing import SAMPLE_RATE, Endpointer, Utterance
from cartesia_server.sessions.tape import Tape

WINDOW = 28.0
"""Seconds of speech that are recognised at once."""

GUESS_AFTER = 0.12
"""Seconds of silence after which an utterance is recognised in full, on approval."""

_DRAFT_EVERY = 0.6  # a reader is to see a change at least once a second
_FIRST_DRAFT = 0.35
_EARLIEST_SEAM = 0.6  # of a window that is full before there was any pause

# Finals shortly before an utterance are heard again with it: parts of a sentence are recognised
# much better with the audio before them than on their own.
_LONGEST_WITH_LEAD = 14.0
_LEAD_GAP = 3.0

# How much of an utterance tells its language for good, padding included, and how sure it must be
# for another language than the one before. Over 55 recordings of speech in three languages, the
# first 1.5 s of it were never taken for another at that.
_TELLING = 1.8
_ANOTHER_LANGUAGE = 0.7

_UNSPACED = frozenset({"zh", "ja", "yue", "th", "lo", "my", "km", "bo"})


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Something to recognise.

    Attributes:
        samples: mono float32 at 16 kHz.
        draft: whether a quick guess at the text will do.
        language: code of the language that is spoken.
        languages: if not empty, nothing is to be recognised but which of these is spoken.
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
    language: str
    languages: Sequence[str] = ()
    cut_off: bool = False
    lead: Lead | None = None

    @property
    def end(self) -> int:
        """Position after the last sample."""
        return self.origin + len(self.samples)


@dataclass(frozen=True, slots=True)
class _Final:
    """A stretch of the stream whose transcript is settled."""

    start: int
    end: int
    text: str
    language: str


JobResult: TypeAlias = Sequence[TranscriptSegment] | SpokenLanguage
"""What comes of a job: a transcript, or the language if that was the question."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was recognised of an utterance, or of a part of it.

    Attributes:
        job: what was listened to.
        words: with times in seconds since the stream began; a draft may have none.
        text: all of it, without spaces around it.
        end: position up to which it holds.
        is_final: whether it is settled; if not, the utterance may still go on, and the text of the
            stretch from ``job.start`` may change.
        is_last: whether nothing more of the utterance is to come.
    """

    job: Job
    words: Sequence[RecognizedWord]
    text: str
    end: int
    is_final: bool = False
    is_last: bool = False

    def holds_for(self, utterance: Utterance) -> bool:
        """Whether the utterance has said no more since."""
        return (
            self.job.utterance is utterance
            and self.job.start == utterance.start
            and self.job.voice_end == utterance.voice_end
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the stream that the caller marked: all before it is settled.

    Attributes:
        name: as the caller named it.
    """

    name: str


Result: TypeAlias = Heard | Mark
"""Something found out, in the order of the stream."""


class Recognition:
    """State of the recognition of one stream.

    Args:
        endpointer: decides when utterances begin and end.
        language: that is spoken.
        languages: that are told apart, `language` being the first guess; none if it is certain.
        max_pending: seconds of audio that may wait to be recognised.

    Attributes:
        language: that is spoken, as far as is known.
    """

    def __init__(
        self,
        endpointer: Endpointer,
        *,
        language: str,
        languages: Sequence[str] = (),
        max_pending: float = 3600.0,
    ) -> None:
        self.language = language
        self._languages = languages
        self._asked: tuple[Utterance, int] | None = None  # how much of what told the language
        self._is_language_known = not languages
        self._endpointer = endpointer
        self._max_pending = int(max_pending * SAMPLE_RATE)
        self._tape = Tape()
        self._queue: deque[Utterance | Mark] = deque()
        self._results: list[Result] = []
        self._running: Job | None = None
        self._guess: Heard | None = None  # what an utterance says unless it goes on
        self._draft_at = 0.0
        self._drafted_to = 0
        self._finals: deque[_Final] = deque(maxlen=8)

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be recognised, and no utterance is open."""
        return not self._queue

    @property
    def guess(self) -> Heard | None:
        """What the first utterance says, if it has said no more since it was recognised in full."""
        head = self._head()
        return self._guess if head is not None and self._is_guessed(head) else None

    @property
    def behind(self) -> bool:
        """Whether the first utterance cannot do with more audio: it has ended, or is too long."""
        head = self._head()
        return head is not None and (head.end is not None or self._tape.end > _window_end(head))

    def feed(self, samples: Samples, now: float) -> Sequence[Utterance]:
        """Take audio.

        Returns:
            Utterances that began in it.

        Raises:
            Overloaded: more audio waits than is allowed; the samples were not taken.
        """
        if self._tape.end + len(samples) - self._needed_from() > self._max_pending:
            raise too_much_audio(self._max_pending / SAMPLE_RATE)
        self._tape.append(samples)
        begun = self._endpointer.feed(samples, now)
        for utterance in begun:
            self._queue.append(utterance)
            self._draft_at = now + _FIRST_DRAFT
        self._advance()
        return begun

    def heard(self, start: int, end: int) -> Samples:
        """Audio between two positions, as far back as it is kept.

        That is 14 s at least before the utterance that is open, or will be.
        """
        return self._tape.cut(max(start, self._tape.start), end)

    def doubt_language(self) -> None:
        """Learn that what is said from here on may be in another of the languages."""
        self._is_language_known = not self._languages

    def cut(self) -> None:
        """End the utterance that is open, if one is."""
        self._endpointer.cut()
        self._advance()

    def mark(self, name: str) -> None:
        """Have all audio so far settled, then a `Mark` among the results."""
        self._endpointer.cut()
        self._queue.append(Mark(name))
        self._advance()

    def take_results(self) -> list[Result]:
        """What was found out, in order; each is handed out once."""
        results, self._results = self._results, []
        return results

    def next_job(self, now: float) -> Job | None:
        """What to recognise now, if anything; one job at a time."""
        head = self._head()
        if self._running is None and head is not None:
            self._running = self._job_for(head, now)
            return self._running
        return None

    def wake_at(self) -> float | None:
        """When `next_job` may have a job without any further input; None if never."""
        head = self._head()
        if self._running is None and head is not None and self._wants_draft(head):
            return self._draft_at
        return None

    def settle(self, job: Job, result: JobResult) -> None:
        """Take the result of a job."""
        self._running = None
        if isinstance(result, SpokenLanguage):
            self._learn_language(job, result)
        else:
            self._learn_text(job, result)

    def _learn_language(self, job: Job, spoken: SpokenLanguage) -> None:
        if spoken.probability >= _ANOTHER_LANGUAGE:
            self.language = spoken.code
        self._is_language_known = job.voice_end - job.start >= _TELLING * SAMPLE_RATE
        self._asked = job.utterance, job.voice_end

    def _learn_text(self, job: Job, segments: Sequence[TranscriptSegment]) -> None:
        words = [word for segment in segments for word in segment.words]
        text = space_of(job.language).join(segment.text.strip() for segment in segments)
        heard = Heard(job, _placed(words, job), text, job.end)
        if job.draft:
            self._results.append(heard)
        elif job.cut_off:
            self._settle_window(job, words)
        else:
            self._guess = heard
            if job.utterance.end is None:
                self._results.append(heard)
        self._advance()

    def give_up(self) -> None:
        """Learn that the job handed out last will not be done; there will be another."""
        self._running = None

    # --- what is next -----------------------------------------------------------------------------

    def _head(self) -> Utterance | None:
        """The utterance to work on, if there is one."""
        head = self._queue[0] if self._queue else None
        return head if isinstance(head, Utterance) else None

    def _job_for(self, head: Utterance, now: float) -> Job | None:
        end = self._tape.end if head.end is None else head.end
        if self._may_tell_language(head):
            return self._job(head, min(end, _window_end(head)), languages=self._languages)
        if end > _window_end(head):
            return self._job(head, _window_end(head), cut_off=True)
        if head.end is not None or self._is_worth_guessing(head):
            return self._job(head, end)
        if self._wants_draft(head) and now >= self._draft_at:
            self._draft_at = now + _DRAFT_EVERY
            self._drafted_to = end
            return self._job(head, end, draft=True)
        return None

    def _may_tell_language(self, head: Utterance) -> bool:
        """Whether it is time to ask for the language, and more is known than when last asked."""
        if self._is_language_known or self._asked == (head, head.voice_end):
            return False
        telling = head.voice_end - head.start >= _TELLING * SAMPLE_RATE
        return telling or head.end is not None or self._endpointer.silence(head) >= GUESS_AFTER

    def _job(
        self,
        utterance: Utterance,
        end: int,
        *,
        draft: bool = False,
        cut_off: bool = False,
        languages: Sequence[str] = (),
    ) -> Job:
        lead = None if draft or languages else self._lead(utterance.start, end)
        origin = utterance.start - (round(lead.seconds * SAMPLE_RATE) if lead else 0)
        return Job(
            samples=self._tape.cut(origin, end),
            draft=draft,
            utterance=utterance,
            origin=origin,
            start=utterance.start,
            voice_end=utterance.voice_end,
            language=self.language,
            languages=languages,
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
            if final.language != self.language:
                break
            origin = final.start
            texts.appendleft(final.text)
        text = space_of(self.language).join(texts)
        return Lead((start - origin) / SAMPLE_RATE, text) if texts else None

    def _is_guessed(self, head: Utterance) -> bool:
        return self._guess is not None and self._guess.holds_for(head)

    def _is_worth_guessing(self, head: Utterance) -> bool:
        return not self._is_guessed(head) and self._endpointer.silence(head) >= GUESS_AFTER

    def _wants_draft(self, head: Utterance) -> bool:
        if head.end is not None or self._is_guessed(head) or self._tape.end <= self._drafted_to:
            return False
        # Of who falls silent, what they said is soon recognised in full: a draft would delay that.
        return self._endpointer.silence(head) == 0

    def _needed_from(self) -> int:
        starts = (item.start for item in self._queue if isinstance(item, Utterance))
        return next(starts, self._endpointer.needed_from)

    # --- what is settled --------------------------------------------------------------------------

    def _advance(self) -> None:
        """Report everything that is settled at the front of the queue."""
        while self._queue:
            head = self._queue[0]
            if isinstance(head, Mark):
                self._results.append(head)
            elif head.end is not None and self._guess is not None and self._guess.holds_for(head):
                self._report_final(self._guess, head.end, is_last=True)
                self._guess = None
            else:
                break
            self._queue.popleft()
        self._tape.forget(self._needed_from() - int(_LONGEST_WITH_LEAD * SAMPLE_RATE))

    def _settle_window(self, job: Job, words: Sequence[RecognizedWord]) -> None:
        """Report a full window up to the best place between two words; the rest is to be done."""
        end = job.end
        seam = find_seam(job.samples, words, earliest=WINDOW * _EARLIEST_SEAM)
        if seam is not None:
            words, end = words[: seam.words], job.origin + seam.at
        text = space_of(job.language).join(word.text for word in words)
        self._report_final(Heard(job, _placed(words, job), text, end), end)
        job.utterance.start = end

    def _report_final(self, heard: Heard, end: int, *, is_last: bool = False) -> None:
        self._results.append(replace(heard, end=end, is_final=True, is_last=is_last))
        if heard.text:
            self._finals.append(_Final(heard.job.start, end, heard.text, heard.job.language))


def _placed(words: Sequence[RecognizedWord], job: Job) -> list[RecognizedWord]:
    """Words timed from the first sample of a job, timed from the first of the stream."""
    begin = job.origin / SAMPLE_RATE
    return [replace(word, start=word.start + begin, end=word.end + begin) for word in words]


def space_of(language: str) -> str:
    """What is put between the words of a language."""
    return "" if language in _UNSPACED else " "


def too_much_audio(seconds: float) -> Overloaded:
    """The error of a stream that is sent faster than it is recognised."""
    return Overloaded(f"audio: more than {seconds:g} s wait to be transcribed; send slower")


def _window_end(utterance: Utterance) -> int:
    return utterance.start + int(WINDOW * SAMPLE_RATE)
