"""The conversation on ``/stt/websocket``: protocol state without I/O, threads or clock.

Feed it audio and commands; ask `next_job` what to recognise, recognise it, give the result to
`settle`; send what `take_messages` hands out. See `cartesia_server.sessions.recognition`.
"""

from __future__ import annotations

from cartesia.wire.base import WireModel
from cartesia.wire.stt import (
    StreamingTranscriptionResponse_Done,
    StreamingTranscriptionResponse_FlushDone,
    StreamingTranscriptionResponse_Transcript,
    TranscriptionWord,
)
from cartesia_server.engines.base import RecognizedWord, Samples
from cartesia_server.sessions.endpointing import SAMPLE_RATE, Endpointer
from cartesia_server.sessions.recognition import (
    Heard,
    Job,
    JobResult,
    Mark,
    Recognition,
    Result,
    space_of,
)

_FINALIZE, _CLOSE = "finalize", "close"


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
        self._recognition = Recognition(endpointer, language=language, max_pending=max_pending)
        self._request_id = request_id
        self._language = language
        self._separator = space_of(language) if spaced else ""
        self._messages: list[WireModel] = []
        self._voice_ends: list[float] = []
        self._reported_to = 0  # end of the last final
        self._said_something = False
        self._interim_shown = False
        self._closing = False

    @property
    def done(self) -> bool:
        """Whether the last message has been handed to `take_messages`."""
        return self._closing and self._recognition.idle

    def feed(self, samples: Samples, now: float) -> None:
        """Take audio.

        Raises:
            Overloaded: more audio waits than is allowed; the samples were not taken.
        """
        if not self._closing:
            self._recognition.feed(samples, now)

    def finalize(self) -> None:
        """Transcribe all audio so far, then acknowledge that once."""
        if not self._closing:
            self._recognition.mark(_FINALIZE)

    def close(self) -> None:
        """Transcribe all audio so far, acknowledge that, and be done; later input is ignored."""
        if not self._closing:
            self._recognition.mark(_CLOSE)
            self._closing = True

    def take_messages(self) -> list[WireModel]:
        """Messages to send, in order; each is handed out once."""
        for result in self._recognition.take_results():
            self._report(result)
        messages, self._messages = self._messages, []
        return messages

    def take_voice_ends(self) -> list[float]:
        """When the last voice came of each utterance whose final transcript was handed out."""
        ends, self._voice_ends = self._voice_ends, []
        return ends

    def next_job(self, now: float) -> Job | None:
        """What to recognise now, if anything; one job at a time."""
        return self._recognition.next_job(now)

    def wake_at(self) -> float | None:
        """When `next_job` may have a job without any further input; None if never."""
        return self._recognition.wake_at()

    def settle(self, job: Job, result: JobResult) -> None:
        """Take the result of a job."""
        self._recognition.settle(job, result)

    def give_up(self) -> None:
        """Learn that the job handed out last will not be done; there will be another."""
        self._recognition.give_up()

    def _report(self, result: Result) -> None:
        if isinstance(result, Mark):
            self._acknowledge(result)
        elif not result.is_final:
            self._send(result)
            self._interim_shown = bool(result.text)
        else:
            self._send_final(result)

    def _acknowledge(self, mark: Mark) -> None:
        if mark.name == _FINALIZE:
            done: WireModel = StreamingTranscriptionResponse_FlushDone(request_id=self._request_id)
        else:
            done = StreamingTranscriptionResponse_Done(request_id=self._request_id)
        self._messages.append(done)

    def _send_final(self, heard: Heard) -> None:
        if heard.text:
            self._send(heard, is_final=True)
            if heard.is_last:
                self._voice_ends.append(heard.job.utterance.voice_at)
            self._said_something = True
            self._reported_to = heard.end
        elif self._interim_shown:
            # Nothing was said after all: take back what readers may be showing.
            self._send(heard)
        self._interim_shown = False

    def _send(self, heard: Heard, *, is_final: bool = False) -> None:
        separator = self._separator if heard.text and self._said_something else ""
        is_timed = bool(heard.words) or not heard.text
        self._messages.append(
            StreamingTranscriptionResponse_Transcript(
                request_id=self._request_id,
                text=separator + heard.text,
                is_final=is_final,
                # Counted from the last final, so that the durations of finals add up to the
                # position in the stream.
                duration=round((heard.end - self._reported_to) / SAMPLE_RATE, 3),
                language=self._language,
                words=[transcribed(word) for word in heard.words] if is_timed else None,
            )
        )


def transcribed(word: RecognizedWord) -> TranscriptionWord:
    """A word as it travels, its times rounded to 10 ms."""
    return TranscriptionWord(word=word.text, start=round(word.start, 2), end=round(word.end, 2))
