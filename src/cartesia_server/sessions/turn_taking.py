"""Whose turn it is: a small machine, driven by voice, silence and what was said.

Three signs tell whether whoever falls silent goes on: how long the silence has lasted, whether what
was said ends like a sentence, and, where something can tell, whether it sounded like an end. From
them comes one estimate, `goes_on`: it is 1 while there is a voice, and halves with every
`half_life` of silence. A turn may be over (``turn.eager_end``) when the estimate falls below one
threshold, and is over (``turn.end``) when it falls below a lower one, or when the silence has
lasted for as long as the caller is willing to wait. A voice in between takes the first back
(``turn.resume``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from cartesia_server.errors import FieldError
from cartesia_server.sessions.dictation import is_unfinished

HALF_LIFE, HALF_LIFE_IN_A_SENTENCE = 0.5, 1.0
"""Seconds of silence that halve the chance that a speaker goes on, by what was said alone."""

HALF_LIVES, HALF_LIVES_IN_A_SENTENCE = (0.4, 1.5), (0.8, 2.0)
"""The same by the sound, too: of what certainly sounds finished, and of what certainly does not."""

_SHORTEST = min(HALF_LIFE, *HALF_LIVES)

TURN_RANGES = {
    "start_threshold": (0.5, 0.9),
    "eager_end_threshold": (0.3, 0.8),
    "end_threshold": (0.05, 0.5),
    "end_timeout_ms": (640, 11200),
}
"""What callers may set, and the lowest and highest value of each: the widest of those that the
packages of this API document."""

_START, _EAGER_END, _LOWER_EAGER_END, _TIMEOUT_MS = 0.8, 0.6, 0.4, 5600

_ENDS_OF_SENTENCES = (".", "!", "?", "。", "！", "？", "।", "؟")  # noqa: RUF001 -- of their scripts
_TRAILING_OFF = ("..", "…")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEANING = {
    "en": _words("a an the my your our their and or but because if um uh er dot underscore slash"),
    "es": _words("los las un su y o pero porque de del con para por en"),
    "fr": _words("le les mon ma mes et mais parce de du des au aux euh"),
    "hi": _words("और लेकिन क्योंकि कि"),
}
"""Words after which a sentence goes on, whatever mark a recogniser puts there; by language."""

_LEANING_UNLESS_ASKED = {
    "en": _words("of to with for from at into"),
    "es": _words("que"),
    "fr": _words("que ou avec pour"),
}
"""The same, but for questions: where are you from?"""

_UNMARKED_ENDS = {
    "ja": ("です", "ます", "でした", "ました", "ません", "ましょう", "ください", "か", "ね", "よ")
}
"""What ends a sentence without a mark, in a language of which the recogniser writes few."""

_CLOSING = "\"'”’»)]」』 "  # noqa: RUF001 -- quotes are quotes


class Moment(Enum):
    """Something that happens to a turn."""

    START = auto()
    EAGER_END = auto()
    RESUME = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """When turns start and end.

    Attributes:
        start: probability of a voice from which on a turn starts, or goes on after an eager end.
        eager_end: level of `goes_on` below which the turn may be over.
        end: level below which it is over.
        timeout: seconds of silence after which it is over in any case.
    """

    start: float
    eager_end: float
    end: float
    timeout: float

    @classmethod
    def read(cls, given: Mapping[str, float], prefix: str) -> TurnSettings:
        """Check what a caller has set, and fill in the rest.

        Packages of this API name two pairs of defaults, 0.6 and 0.3 or 0.4 and 0.2. Taken here is
        the first, the second where the start threshold is too low for that; and if only the eager
        end is set, the end is half of it, as in both.

        Args:
            given: values by name; names not given have their defaults.
            prefix: what the caller writes before each name.

        Raises:
            FieldError: a value is out of its range, or not in order with the others.
        """
        for name, value in given.items():
            if name not in TURN_RANGES:
                names = ", ".join(prefix + known for known in TURN_RANGES)
                raise FieldError(prefix + name, value, names)
            low, high = TURN_RANGES[name]
            if not low <= value <= high:
                raise FieldError(prefix + name, value, f"a number from {low:g} to {high:g}")
        start = given.get("start_threshold", _START)
        usual = _EAGER_END if start > _EAGER_END else _LOWER_EAGER_END
        eager_end = given.get("eager_end_threshold", usual)
        end = given.get("end_threshold", eager_end / 2)
        if eager_end >= start:
            accepted = f"a number below {prefix}start_threshold ({start:g})"
            raise FieldError(f"{prefix}eager_end_threshold", eager_end, accepted)
        if end >= eager_end:
            accepted = f"a number below {prefix}eager_end_threshold ({eager_end:g})"
            raise FieldError(f"{prefix}end_threshold", end, accepted)
        return cls(start, eager_end, end, given.get("end_timeout_ms", _TIMEOUT_MS) / 1000)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of somebody who is silent.

    Attributes:
        text: what they said in this turn.
        finished: the probability, by the sound of it, that they have finished; None where nobody
            can tell.
    """

    text: str
    finished: float | None = None


def goes_on(silence: float, half_life: float) -> float:
    """The chance that somebody goes on who has been silent for so many seconds."""
    return float(0.5 ** (silence / half_life))


def half_life(evidence: Evidence, language: str) -> float:
    """Seconds of silence that halve the chance that somebody goes on."""
    in_a_sentence = is_in_a_sentence(evidence.text, language) or is_unfinished(evidence.text)
    if evidence.finished is None or not evidence.text:
        return HALF_LIFE_IN_A_SENTENCE if in_a_sentence else HALF_LIFE
    shortest, longest = HALF_LIVES_IN_A_SENTENCE if in_a_sentence else HALF_LIVES
    return float(longest * (shortest / longest) ** evidence.finished)


def is_in_a_sentence(text: str, language: str) -> bool:
    """Whether a text, as a recogniser punctuates it, stops short of the end of a sentence."""
    text = text.rstrip(_CLOSING)
    if not text:
        return False
    last = text.split()[-1].strip("".join((",", *_ENDS_OF_SENTENCES))).lower()
    ends = (*_ENDS_OF_SENTENCES, *_UNMARKED_ENDS.get(language, ()))
    is_ended = text.endswith(ends) and not text.endswith(_TRAILING_OFF)
    if not is_ended or last in _LEANING.get(language, ()):
        return True
    return last in _LEANING_UNLESS_ASKED.get(language, ()) and not text.endswith("?")


class TurnMachine:
    """Where the conversation stands.

    Args:
        settings: may be replaced at any time.
        language: that is spoken.

    Attributes:
        settings: those that hold.
        language: that is spoken; may be replaced at any time.
        open: whether somebody has the turn.
    """

    def __init__(self, settings: TurnSettings, language: str) -> None:
        self.settings = settings
        self.open = False
        self.language = language
        self._may_be_over = False

    def voice(self) -> Moment | None:
        """Learn that somebody begins to speak."""
        moment = None
        if not self.open:
            moment = Moment.START
        elif self._may_be_over:
            moment = Moment.RESUME
        self.open, self._may_be_over = True, False
        return moment

    def is_evidence_needed(self, silence: float) -> bool:
        """Whether it depends on evidence what happens after so many seconds of silence."""
        least = goes_on(silence, _SHORTEST)
        return least < self.settings.eager_end or silence >= self.settings.timeout

    def silence(self, seconds: float, evidence: Evidence) -> Moment | None:
        """Learn that there has been silence for so long; ask again until nothing happens.

        Args:
            seconds: since the last voice.
            evidence: of what was said; a turn in which nothing was has no eager end.
        """
        level = goes_on(seconds, half_life(evidence, self.language))
        if (
            self.open
            and evidence.text
            and level < self.settings.eager_end
            and not self._may_be_over
        ):
            self._may_be_over = True
            return Moment.EAGER_END
        if self.open and (level < self.settings.end or seconds >= self.settings.timeout):
            return self.stop()
        return None

    def stop(self) -> Moment | None:
        """Learn that nothing more will be said."""
        was_open, self.open, self._may_be_over = self.open, False, False
        return Moment.END if was_open else None
