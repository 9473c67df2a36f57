"""The conversation on ``/stt/turns/websocket``: protocol state without I/O, threads or clock.

A turn is made of utterances: a pause that may be its end settles what was said before, and what is
said after is recognised with it in view. So the text of a ``turn.eager_end`` is that of all audio
up to there, that of a ``turn.end`` can be no other, and a turn that goes on adds to both.

The only clock is that of the audio. What a pause means depends on what was said before it, so
audio waits until that is recognised, and judged by its sound where something can do that:
decisions are the same however fast audio comes and however long either takes.

A turn is told of as soon as a word of it is heard. A voice alone is not enough: a cough would
interrupt whoever listens, and then turn out to be a turn in which nothing was said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cartesia.wire.base import WireModel
from cartesia.wire.turns import (
    TurnConnected,
    TurnEagerEnd,
    TurnEnd,
    TurnResume,
    TurnStart,
    TurnUpdate,
)
from cartesia_server.engines.base import (
    VOICE_FRAME,
    RecognizedWord,
    Samples,
    VoiceDetector,
)
from cartesia_server.engines.turn_detector import LISTEN_AFTER
from cartesia_server.sessions.endpointing import SAMPLE_RATE, Endpointer, Utterance
from cartesia_server.sessions.growing import GrowingText
from cartesia_server.sessions.recognition import (
    GUESS_AFTER,
    Heard,
    Job,
    JobResult,
    Recognition,
    space_of,
    too_much_audio,
)
from cartesia_server.sessions.transcription import transcribed
from cartesia_server.sessions.turn_taking import Evidence, Moment, TurnMachine, TurnSettings

_REMEMBERED = 500  # characters of a turn that tell whether it goes on
_AT_ONCE = 32  # frames that are listened to before other tasks of the loop get their turn


@dataclass(frozen=True, slots=True)
class _Audio:
    """At most a frame of samples, and when it came."""

    samples: Samples
    now: float


@dataclass(frozen=True, slots=True, eq=False)
class Pause:
    """A silence that may be the end of a turn, to be judged by how the turn sounds.

    Attributes:
        samples: the turn up to `LISTEN_AFTER` seconds into the silence, the last of it if it is
            long; mono float32 at 16 kHz.
        place: which silence it is.
    """

    samples: Samples
    place: tuple[Utterance, int]


class TurnSession:
    """State of one socket with turns.

    Args:
        detector: fresh.
        request_id: of the connection.
        language: that is spoken.
        languages: that are told apart, anew for each turn, `language` being the first guess; none
            if it is certain.
        turn: values of `TurnSettings` by name, as far as they were given.
        word_times: whether events tell when each word was said.
        max_pending: seconds of audio that may wait to be recognised.
        by_sound: whether silences are judged by their sound, too. See `next_pause`.

    Raises:
        FieldError: one of `turn` cannot be used.
    """

    def __init__(
        self,
        detector: VoiceDetector,
        *,
        request_id: str,
        language: str,
        languages: Sequence[str] = (),
        turn: Mapping[str, float],
        word_times: bool = False,
        max_pending: float = 3600.0,
        by_sound: bool = False,
    ) -> None:
        self._given = dict(turn)
        settings = TurnSettings.read(turn, "turn_")
        self._machine = TurnMachine(settings, language)
        self._endpointer = Endpointer(detector, threshold=settings.start)
        self._recognition = Recognition(self._endpointer, language=language, languages=languages)
        self._request_id = request_id
        self._word_times = word_times
        self._max_pending = int(max_pending * SAMPLE_RATE)
        self._waiting = 0  # samples of the inbox
        self._inbox: deque[_Audio | TurnSettings] = deque()
        self._messages: list[WireModel] = [TurnConnected(request_id=request_id)]
        self._voice_ends: list[float] = []
        self._utterance: Utterance | None = None  # the last that began
        self._begin = 0  # position at which the turn begins
        self._by_sound = by_sound
        self._asked: tuple[Utterance, int] | None = None  # the silence that was judged last
        self._finished: float | None = None  # what came of that
        self._is_judged = False  # whether anything did
        self._text = GrowingText(space_of(language))  # of the turn
        self._told = False  # whether the client knows of the turn
        self._sent = ""
        self._settled = ""  # the end of what is settled of the turn, as it was recognised
        self._closing = False

    @property
    def done(self) -> bool:
        """Whether the last message has been handed to `take_messages`."""
        return self._closing and not self._inbox and self._recognition.idle

    def feed(self, samples: Samples, now: float) -> None:
        """Take audio.

        Raises:
            Overloaded: more audio waits than is allowed; the samples were not taken.
        """
        if self._closing:
            return
        if self._waiting + len(samples) > self._max_pending:
            raise too_much_audio(self._max_pending / SAMPLE_RATE)
        self._waiting += len(samples)
        for at in range(0, len(samples), VOICE_FRAME):
            self._inbox.append(_Audio(samples[at : at + VOICE_FRAME], now))
        self._advance()

    def configure(self, turn: Mapping[str, float]) -> None:
        """Change some of the settings, from the audio that follows on.

        Raises:
            FieldError: one cannot be used; all stay as they were.
        """
        if not self._closing:
            given = {**self._given, **turn}
            self._inbox.append(TurnSettings.read(given, "turn."))
            self._given = given
            self._advance()

    def close(self) -> None:
        """End the turn with all audio so far, and be done; later input is ignored."""
        self._closing = True
        self._advance()

    def take_messages(self) -> list[WireModel]:
        """Messages to send, in order; each is handed out once."""
        messages, self._messages = self._messages, []
        return messages

    def take_voice_ends(self) -> list[float]:
        """When the last voice came of each turn whose end was handed out."""
        ends, self._voice_ends = self._voice_ends, []
        return ends

    def next_job(self, now: float) -> Job | None:
        """What to recognise now, if anything; one job at a time."""
        self._advance()
        return self._recognition.next_job(now)

    def wake_at(self) -> float | None:
        """When `next_job` may have a job without any further input; None if never."""
        return 0.0 if self._inbox and not self._is_held_up() else self._recognition.wake_at()

    def settle(self, job: Job, result: JobResult) -> None:
        """Take the result of a job."""
        self._recognition.settle(job, result)
        if self._recognition.language != self._machine.language:
            self._machine.language = self._recognition.language
            if not self._text.words:  # else it goes on as it began
                self._text = GrowingText(space_of(self._recognition.language))
        self._advance()

    def give_up(self) -> None:
        """Learn that the job handed out last will not be done; there will be another."""
        self._recognition.give_up()

    def next_pause(self) -> Pause | None:
        """A silence to judge by its sound, if there is one; each is handed out once."""
        place = self._place()
        due = self._machine.open and self._silence() >= LISTEN_AFTER
        if not (self._by_sound and due) or place is None or place == self._asked:
            return None
        self._asked, self._is_judged = place, False
        end = place[1] + round(LISTEN_AFTER * SAMPLE_RATE)
        return Pause(self._recognition.heard(self._begin, end), place)

    def judge(self, pause: Pause, finished: float | None) -> None:
        """Take the probability that whoever fell silent has finished; None if nobody can tell."""
        if pause.place == self._asked:
            self._finished, self._is_judged = finished, True
            self._advance()

    # --- listening --------------------------------------------------------------------------------

    def _advance(self) -> None:
        """Listen on as far as what was recognised allows, and for a second of audio at most."""
        self._learn()
        for _ in range(_AT_ONCE):
            if not self._inbox or self._is_held_up():
                break
            item = self._inbox.popleft()
            if isinstance(item, TurnSettings):
                self._machine.settings = item
                self._endpointer.threshold = item.start
            else:
                self._listen(item)
            self._learn()
        if self._closing and not self._inbox:
            self._settle_utterance()
            if self._recognition.idle:
                self._happen(self._machine.stop())

    def _listen(self, audio: _Audio) -> None:
        self._waiting -= len(audio.samples)
        for utterance in self._recognition.feed(audio.samples, audio.now):
            self._utterance = utterance
            if not self._machine.open:
                self._begin = utterance.start
            self._happen(self._machine.voice())

    def _is_held_up(self) -> bool:
        """Whether something must be recognised before it makes sense to listen on."""
        if self._recognition.behind:
            return True
        silence = self._silence()
        since = LISTEN_AFTER if self._by_sound else GUESS_AFTER
        is_needed = silence >= since and self._machine.is_evidence_needed(silence)
        return is_needed and self._evidence() is None

    def _silence(self) -> float:
        """Seconds since the last voice."""
        return 0.0 if self._utterance is None else self._endpointer.silence(self._utterance)

    def _said(self) -> str | None:
        """What was said up to the last voice, at least its last part; None until that is known."""
        guess = self._recognition.guess
        if guess is None and not self._recognition.idle:
            return None
        return self._after_settled(_spoken(guess.text) if guess else "") or self._text.text

    def _after_settled(self, text: str) -> str:
        """A text behind what is settled of the turn, of which the end is enough."""
        space = space_of(self._recognition.language)
        return space.join(filter(None, (self._settled, text)))[-_REMEMBERED:]

    def _place(self) -> tuple[Utterance, int] | None:
        """Which silence it is, or would be."""
        return None if self._utterance is None else (self._utterance, self._utterance.voice_end)

    def _evidence(self) -> Evidence | None:
        """What tells whether whoever is silent goes on; None until it is known."""
        said = self._said()
        if said is None or not self._by_sound:
            return None if said is None else Evidence(said)
        if not self._machine.open:
            return Evidence(said)
        known = self._is_judged and self._asked == self._place()
        return Evidence(said, self._finished) if known else None

    # --- what happens -----------------------------------------------------------------------------

    def _learn(self) -> None:
        """Take what was recognised, and see what it makes of the silence."""
        self._take_results()
        while (evidence := self._evidence()) is not None:
            moment = self._machine.silence(self._silence(), evidence)
            if moment is None:
                break
            self._happen(moment)
        if self._machine.open and self._text.text != self._sent:
            self._show(TurnUpdate)

    def _take_results(self) -> None:
        for result in self._recognition.take_results():
            if not isinstance(result, Heard):
                continue
            text = _spoken(result.text)
            # A draft without times is one long word, for all that is known of it.
            words = result.words or (RecognizedWord(text, 0.0, 0.0, 0.0),)
            if text and not self._told:
                self._told = True
                self._messages.append(TurnStart(request_id=self._request_id))
            if result.is_final:
                self._text.settle(words if text else (), is_last=result.is_last)
                self._settled = self._after_settled(text)
            else:
                self._text.hear(words if text else ())

    def _settle_utterance(self) -> None:
        """End the utterance that is open, if one is: what was recognised of it stands."""
        self._recognition.cut()
        self._take_results()

    def _happen(self, moment: Moment | None) -> None:
        if moment is Moment.START:
            self._recognition.doubt_language()
            self._text = GrowingText(space_of(self._recognition.language))
            self._settled, self._sent, self._told = "", "", False
        elif moment is Moment.RESUME:
            self._messages.append(TurnResume(request_id=self._request_id))
        elif moment is Moment.EAGER_END:
            self._settle_utterance()
            self._show(TurnEagerEnd)
        elif moment is Moment.END:
            self._settle_utterance()
            if self._told:
                self._show(TurnEnd)
                if self._utterance is not None:
                    self._voice_ends.append(self._utterance.voice_at)

    def _show(self, event: type[TurnUpdate | TurnEagerEnd | TurnEnd]) -> None:
        self._sent = self._text.text
        words = [transcribed(word) for word in self._text.words] if self._word_times else None
        shown = event(transcript=self._sent, request_id=self._request_id, words=words)
        self._messages.append(shown)


def _spoken(text: str) -> str:
    """A text that has words in it; empty if it is marks alone, as of a mumble."""
    return text if any(map(str.isalnum, text)) else ""
