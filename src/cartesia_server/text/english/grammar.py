"""Whether an English word is a verb where it stands, as far as its neighbours tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cartesia_server.text.punctuation import word_set

DETERMINERS = word_set(
    "a an the my your his her its our their this these those every each any some no another all "
    "both either neither what which whose"
)
PREPOSITIONS = word_set(
    "about above across after against along among around as at before behind below between beyond "
    "by despite during except for from in into like near of off on onto over past per since than "
    "through throughout toward towards under until upon via with within without"
)
BE = word_set("am is are was were be been being 'm 're 's isn't aren't wasn't weren't")
HAVE = word_set("have has had having haven't hasn't hadn't 've")
OBJECTS = DETERMINERS - {"no", "what", "which", "whose"} | word_set(
    "me you him it us them that everything anything something nothing everyone anyone someone one "
    "most many several myself yourself himself herself itself ourselves yourselves themselves "
    "two three four five six seven eight nine ten twenty thirty forty fifty hundred"
)
"""What begins the object of a verb."""

_MODALS = word_set(
    "will would can could may might must shall should cannot do does did 'll 'd don't doesn't "
    "didn't won't wouldn't can't couldn't mustn't shouldn't please let's gonna wanna to"
)
_SUBJECTS = word_set("i we they who")
_THIRD = word_set("he she it who which that everyone everybody someone somebody nobody anyone")
_HELPED = word_set("me you him her it us them")
_HELPING = word_set("let lets make makes made help helps helped have had")
_ADVERBS = word_set(
    "not also really just then always never ever still only already now even often usually "
    "sometimes soon first again almost once better rather either so"
)
_NO_ADVERBS = word_set(
    "family reply apply supply monthly weekly yearly early hourly likely fly july"
)
_JOINING = word_set("and or but then if")
_PARTICLES = word_set("off up down out apart")
_GOING_ON = PREPOSITIONS | word_set("early late soon later today tomorrow when while if because")
"""What follows a verb without an object."""
# "due to use", "mild to moderate"
_TO_A_NOUN = word_set(
    "due according thanks owing prior subject access next close back mild light low poor"
)
_RELATIVES = word_set("that which")
_OTHER_SUBJECTS = word_set("there i you he she it we they this")
_LONGEST_SUBJECT = 3
"""Words."""
_SINGULAR = word_set("sales goods customs savings sports news series its was has always")
"""Words in ``s`` that are no plurals, or are with a noun: ``sales contract``."""


@dataclass(frozen=True, slots=True)
class Place:
    """A word among its neighbours.

    Attributes:
        words: of the sentence, in lower case; ends of contractions stand by themselves: ``we 've``.
        index: of the word.
        ends: indexes of words with a pause behind them.
    """

    words: Sequence[str]
    index: int
    ends: frozenset[int]

    @property
    def word(self) -> str:
        """The word itself."""
        return self.words[self.index]

    def before(self, count: int = 1) -> str:
        """The word so many before this one in its clause; empty where the clause begins."""
        at = self.index - count
        if at < 0 or any(place in self.ends for place in range(at, self.index)):
            return ""
        return self.words[at]

    def after(self, count: int = 1) -> str:
        """The word so many after this one in its clause; empty where the clause ends."""
        at = self.index + count
        if at >= len(self.words) or any(place in self.ends for place in range(self.index, at)):
            return ""
        return self.words[at]

    @property
    def governor(self) -> tuple[str, str]:
        """The word before this one that is no adverb, and the one before that."""
        count = 1
        while _is_adverb(self.before(count)):
            count += 1
        return self.before(count), self.before(count + 1)


def _is_adverb(word: str) -> bool:
    return word in _ADVERBS or (word.endswith("ly") and word not in _NO_ADVERBS)


def is_verb(place: Place) -> bool | None:
    """Whether a word that can be a verb and something else is a verb; None if nothing tells.

    Forms of the present only: ``record``, ``records``.
    """
    before, earlier = place.governor
    has_object = place.after() in OBJECTS
    if before in _JOINING and place.before(3) == "to":
        return True  # to read and record
    if not before or before in _JOINING:
        ordered = has_object and place.after() != "that"
        return True if ordered or place.after() in _PARTICLES else None
    if before == "to":
        return earlier not in _TO_A_NOUN
    if before in _HELPED and earlier in _HELPING:
        return True
    ends_in_s = place.word.endswith("s")
    if before in _MODALS or before in _SUBJECTS or (before == "you" and not ends_in_s):
        return True
    if before in _RELATIVES and _is_plural(earlier):
        return True
    if before in _THIRD:
        return ends_in_s or (has_object and before != "it") or None
    if before in DETERMINERS or before in PREPOSITIONS or before in BE or before in HAVE:
        return False
    if has_object:
        return ends_in_s or _is_plural(before) or bool(place.words[0] in _MODALS) or None
    if not ends_in_s and _is_plural(before) and _begins_clause(place):
        return _goes_on(place) or None
    return (_goes_on(place) and _is_asked(place)) or None


def _begins_clause(place: Place) -> bool:
    """Whether the word before stands near the beginning, where a subject does."""
    count = 1
    while place.before(count + 1) and place.before(count + 1) not in _JOINING | {"that", "when"}:
        count += 1
    return count <= _LONGEST_SUBJECT and place.before(count) not in _OTHER_SUBJECTS


def _goes_on(place: Place) -> bool:
    """Whether no object and nothing else follows that a noun would stand before."""
    after = place.after()
    return not after or after in _GOING_ON or _is_adverb(after)


def _is_asked(place: Place) -> bool:
    """Whether the word ends a question for a subject of a few words: ``does the shop close``."""
    return any(
        place.before(count) in _MODALS and place.before(count - 1) in DETERMINERS
        for count in (3, 4)
    )


def _is_plural(word: str) -> bool:
    ends = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return (ends and word not in _SINGULAR) or word in ("people", "men", "women", "children")
