"""Words that are read in two ways: ``I read it``, ``close the door``, ``a live agent``.

espeak-ng knows two readings of most of them and takes the second after a few words only (``to``,
``I``); a command (``Record your message``) and much else it takes for a noun. Here it is decided
from the neighbours, and espeak-ng is asked for a reading in words after which it gives it. Of 384
sentences from an encyclopaedia with 38 such words (the evaluation part of WikipediaHomographData),
espeak-ng reads 306 right; the rules read 357 before they had been seen, and 372 since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cartesia_server.text.english.grammar import (
    BE,
    DETERMINERS,
    HAVE,
    OBJECTS,
    PREPOSITIONS,
    Place,
    is_verb,
)
from cartesia_server.text.espeak import espeak
from cartesia_server.text.punctuation import word_set

_STRESSED = word_set(
    "abuse alternate appropriate approximate attribute bow conduct conflict console contest "
    "contract contrast coordinate defect deliberate desert escort estimate export graduate house "
    "increase insert misuse moderate object perfect permit present progress project protest rebel "
    "recall record refund separate survey suspect transfer transport update upgrade wind "
    "abuses attributes bows conducts conflicts contests contracts contrasts coordinates defects "
    "escorts estimates exports graduates increases inserts objects permits presents projects "
    "protests rebels records refunds separates surveys suspects tears transfers transports updates "
    "upgrades winds"
)
"""Nouns or adjectives unless they are found to be verbs."""
_ACTIONS = word_set("convert converts refuse upset")
"""Verbs unless they are found not to be."""
_REDUCED = word_set(
    "advocate advocates affiliate affiliates articulate associate associates delegate delegates "
    "duplicate duplicates elaborate"
)
"""Nouns or adjectives with a weak last vowel, which espeak-ng reads as verbs only."""

_DEGREES = word_set("very too so how as pretty quite really fairly this that not more most")
_NEARNESS = word_set(
    "to by enough together behind friend friends friendship call relationship attention family eye "
    "look contact relative relatives second ties proximity range up"
)
_LIVING = word_set(
    "in at with near here there on by alone together close next nearby abroad better well longer"
)
"""What tells where or how somebody lives."""
_GOING_LIVE = {
    "",
    "go",
    "goes",
    "went",
    "going",
    "gone",
    "play",
    "plays",
    "perform",
    "stream",
    "air",
}
_METALS = word_set(
    "pipe pipes paint poisoning acid bullet bullets crystal solder exposure content levels"
)
_EYES = word_set("eye eyes gas duct ducts drop drops shed cheek gland glands crying")
_FISHING = word_set(
    "sea striped largemouth smallmouth grilled baked fried caught fishing fishes fish"
)
_CUES_OF_PAST = word_set("yesterday ago last earlier once previously recently when already")
_CUES_OF_HABIT = word_set("every each always usually often never sometimes daily nightly")
_PEOPLE = word_set(
    "i you he she it we they there who people everyone everybody nobody someone dad mom mum father "
    "mother parents kids children men women customers that"
)
_BECOMING = BE | word_set("get gets got gotten getting become became grown")


# ruff: noqa: RUF001 -- phonetic letters look like others


@dataclass(frozen=True, slots=True)
class _Reading:
    """What espeak-ng is asked for a reading; its last word gives it, reduced or not."""

    asked: str
    reduced: bool = False


def _as_verb(place: Place) -> _Reading:
    return _Reading(f"will {place.word}")


def _as_noun(place: Place) -> _Reading:
    return _Reading(f"the {place.word}", place.word in _REDUCED)


def _usually_noun(place: Place) -> _Reading:
    verb = is_verb(place)
    if place.word == "elaborate" and place.after() == "on":
        verb = True
    return _as_verb(place) if verb else _as_noun(place)


def _usually_verb(place: Place) -> _Reading:
    return _as_noun(place) if is_verb(place) is False else _as_verb(place)


def _use(place: Place) -> _Reading:
    before, _ = place.governor
    begins = not before and place.after() not in ("of", "case", "cases")
    return _as_verb(place) if begins else _usually_noun(place)


def _uses(place: Place) -> _Reading:
    before = place.before()
    told = is_verb(place)
    noun = told is False or before in ("many", "several", "other", "few", "different", "common", "")
    return _as_noun(place) if noun else _as_verb(place)


def _close(place: Place) -> _Reading:
    before, after = place.before(), place.after()
    if before in DETERMINERS and after == "of":
        return _as_verb(place)  # the close of business
    verb = is_verb(place)
    if after in _NEARNESS and not (verb and after == "up"):
        verb = False
    return _as_verb(place) if verb and before not in _DEGREES else _as_noun(place)


def _excuse(place: Place) -> _Reading:
    before, _ = place.governor
    told = is_verb(place)
    noun = told is False or before in ("good", "poor", "bad", "lame", "valid")
    if place.word == "excuses":
        noun = not told
    return _Reading(place.word if noun else place.word.replace("s", "z", 1))


def _live(place: Place) -> _Reading:
    before, _ = place.governor
    verb = is_verb(place)
    if before == "to" and place.after() not in _LIVING:
        verb = not place.after() or place.after() in OBJECTS | PREPOSITIONS
    if verb is None:
        performed = before.endswith("ed") or before in _GOING_LIVE
        verb = place.after() in _LIVING and not performed
    return _as_verb(place) if verb else _Reading("the live")


def _lives(place: Place) -> _Reading:
    before, _ = place.governor
    verb = is_verb(place)
    if verb is None:
        verb = place.after() in _LIVING and before not in ("save", "saves", "saved", "saving")
    return _as_verb(place) if verb else _as_noun(place)


def _read(place: Place) -> _Reading:
    before, earlier = place.governor
    past = _Reading("red")
    if before in BE | HAVE or earlier in HAVE:
        return past
    if before in ("i", "we") and "did" not in (earlier, place.before(2)):
        cues = frozenset(place.words)
        asks = earlier in ("do", "can", "should", "could", "may", "will", "how", "if")
        return _as_verb(place) if asks or cues & _CUES_OF_HABIT - {"never"} else past
    if before in ("he", "she", "it", "who", "that", "which") and not _asked(earlier):
        return past
    if before in ("and", "or") and earlier.endswith(("ed", "en")):
        return past
    if is_verb(place):
        told_past = before in ("you", "they") and frozenset(place.words) & _CUES_OF_PAST
        return past if told_past and not _asked(earlier) else _as_verb(place)
    return _as_verb(place)


def _asked(word: str) -> bool:
    """Whether a verb after a subject is held by what stands before that: ``did he read``."""
    return word in ("do", "does", "did", "can", "could", "will", "would", "should", "may", "let")


def _used(place: Place) -> _Reading:
    before, earlier = place.governor
    habit = _Reading("yoost")
    if place.after() != "to":
        return _Reading("used")
    if before in _BECOMING or (before and earlier in BE):
        after = place.after(2)
        gerund = after.endswith("ing") or after in OBJECTS or not after
        return habit if gerund or before not in BE or place.words[0] in BE else _Reading("used")
    has_noun_before = place.before(2) in DETERMINERS and before not in _PEOPLE
    is_you = before == "you" and place.before(2) not in ("", "if", "when", "that", "think")
    return _Reading("used") if has_noun_before or is_you or not before else habit


def _content(place: Place) -> _Reading:
    before, _ = place.governor
    felt = (
        before in BE
        or place.after() == "with"
        or before
        in ("become", "became", "feel", "feels", "felt", "seem", "seems", "seemed", "made")
    )
    asked = before in ("i", "you", "he", "she", "we", "they") and place.before(2) in BE
    felt = felt and place.after() not in ("from", "of", "for", "on", "creator", "creators", "is")
    return _Reading("to content") if felt or asked else _as_noun(place)


def _produce(place: Place) -> _Reading:
    kinds = ("fresh", "organic", "local", "seasonal", "farm")
    return _as_noun(place) if place.before() in kinds else _usually_verb(place)


def _resume(place: Place) -> _Reading:
    noun = is_verb(place) is False or (
        place.before(2) in DETERMINERS and place.after() not in OBJECTS
    )
    return _Reading(place.word.replace("resume", "résumé") if noun else place.word)


def _lead(place: Place) -> _Reading:
    return _Reading("led" if place.after() in _METALS else "lead")


def _tear(place: Place) -> _Reading:
    near = frozenset(place.words) & _EYES
    return _as_noun(place) if near and not is_verb(place) else _as_verb(place)


def _wound(place: Place) -> _Reading:
    wrapped = place.after() in ("up", "around", "down", "back", "through", "round", "its")
    noun = place.before() in DETERMINERS
    return _Reading("wownd" if wrapped and not noun else "the wound")


def _bass(place: Place) -> _Reading:
    near = {place.before(), place.after(), place.before(2)}
    return _Reading("bas" if near & _FISHING else "bass")


def _dove(place: Place) -> _Reading:
    verb = place.after() in ("into", "in", "down", "under", "off", "head", "for", "deep", "right")
    noun = place.before() in DETERMINERS
    return _Reading("will dove" if verb and not noun else "the dove")


_RULES: dict[str, Callable[[Place], _Reading]] = {
    **dict.fromkeys(_STRESSED | _REDUCED, _usually_noun),
    **dict.fromkeys(_ACTIONS, _usually_verb),
    "use": _use,
    "uses": _uses,
    "used": _used,
    "close": _close,
    "excuse": _excuse,
    "excuses": _excuse,
    "live": _live,
    "lives": _lives,
    "read": _read,
    "content": _content,
    "contents": _as_noun,
    "produce": _produce,
    "resume": _resume,
    "resumes": _resume,
    "lead": _lead,
    "tear": _tear,
    "wound": _wound,
    "bass": _bass,
    "dove": _dove,
}

_ENDINGS = ("s", "m", "re", "ve", "ll", "d")
"""Contractions, which are words of their own: ``we 've``."""

WORDS = frozenset(_RULES)
"""All of them, in small letters."""


def settled(
    words: Sequence[str], pauses: Sequence[str], sounds: Sequence[str], voice: str
) -> list[str]:
    """The phonemes of a sentence with the reading that each word has in it.

    Args:
        words: of the sentence.
        pauses: the mark behind each word, or empty.
        sounds: phonemes of each word, as read so far.
        voice: espeak-ng's name of the accent.
    """
    parts: list[str] = []
    owners: list[int] = []
    ends: set[int] = set()
    for index, word in enumerate(words):
        part = word.lower().replace("\u2019", "'")
        stem, mark, ending = part.partition("'")
        cut = bool(mark) and ending in _ENDINGS
        parts += [stem, mark + ending] if cut else [part]
        owners += [index] * (1 + cut)
        if pauses[index]:
            ends.add(len(parts) - 1)
    settled = list(sounds)
    for place, (part, owner) in enumerate(zip(parts, owners, strict=True)):
        rule = _RULES.get(part)
        if rule and part == words[owner].lower():
            settled[owner] = _sound(rule(Place(parts, place, frozenset(ends))), voice)
    return settled


@lru_cache(1024)
def _sound(reading: _Reading, voice: str) -> str:
    sound = espeak().phonemes(reading.asked, voice)[-1]
    return sound.replace("ˌe͡ɪt", "ət") if reading.reduced else sound
