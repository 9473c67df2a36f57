"""Where words, clauses and sentences end: the marks, and the full stops that end nothing."""

from __future__ import annotations

import re

from cartesia_server.text.words import is_character

# ruff: noqa: RUF001 -- the punctuation of several scripts looks alike

SENTENCE_MARKS = ".!?…。｡．！？।॥"
"""Marks that can end a sentence."""

CLAUSE_MARKS = ",;:—–、､，；：～〜"
"""Marks that can end a clause."""

OPENERS = "\"'([{<“‘„‚«‹¿¡*_`~|「『（【《〈"
CLOSERS = "\"')]}>”’»›*_`~|」』）】》〉"


def word_set(text: str) -> frozenset[str]:
    """A set of words from a readable list of them."""
    return frozenset(text.split())


_PAUSES = {
    "。": ".",
    "｡": ".",
    "．": ".",
    "।": ".",
    "॥": ".",
    "！": "!",
    "？": "?",
    "、": ",",
    "､": ",",
    "，": ",",
    "；": ";",
    "：": ":",
    "～": "—",
    "〜": "—",
    "–": "—",
    **{mark: mark for mark in ",;:.!?…—"},
}
_ALL_MARKS = SENTENCE_MARKS + CLAUSE_MARKS + CLOSERS
_SIGNS = word_set("< > <= >= * != == === && -> => <- ++")  # not where they stand beside a word
_STAR = re.compile(r"\*[.,;:!?]")  # the key of a telephone
_SHORTENING = re.compile(r"\.(?=[,;:])")  # "Sat., at noon": nothing but an abbreviation
_RANK = ",:;—….!?"  # of several marks in a row the last one here counts

_TRAIL = re.compile(rf"[{re.escape(_ALL_MARKS)}-]+$")
_LEAD = re.compile(
    rf"^(?:(?![<~][$€£]?\d|~/|['’]\d\ds?\W*$)[{re.escape(OPENERS)}—–…,;:!?])+|^\.(?![\w/]|\./)\.*"
    r"|^-(?![\d.$\u00a3\u00a5\u20a0-\u20cf]|[A-Z]{1,3}\$)-*"
)

_TITLES = word_set(
    "mr mrs ms messrs dr prof rev hon st sr gen col lt capt sgt maj gov sen rep pres supt mt ft "
    "vs e.g i.e cf viz ca approx rs sq cu sra srta dra dña av avda c/ mme mlle sig dott ing avv ee "
    "p.ej p.ex incl excl bldg डॉ प्रो रु नं"
)
"""Never the end of a sentence."""

_NUMBERED = word_set(
    "no nos fig figs vol vols p pp ch sec art jan feb mar apr jun jul aug sep sept oct nov dec mon "
    "fl tue tues wed weds thu thur thurs fri rt rte hwy exp ref c d v n nr núm num pág págs "
    "pag pagg cap chap caps tél int ap apto arts ep máx max mín ste rm appt bât "
    "lun seg ven mié jue vie sáb ene abr dic janv févr juil gio gen mag giu lug ott fev dez पृ"
)
"""Abbreviations before a number, ordinary words or names otherwise."""

_WEEKEND = word_set("Sat Sun")
"""Abbreviations before a number that are words of their own in small letters."""

_SHORTENED = word_set(
    "etc al jr inc ltd co corp bros dept univ assn ave blvd rd ln apt ext tel est a.m p.m ph.d min "
    "mins hr hrs sec tsp tbsp oz lb lbs yd yds mi mo yr yrs wk wks mos gal qt pt pts ea ecc ed eds "
    "uu cda cdas cdta cdtas"
)
"""Abbreviations that may stand at the end of a sentence."""

_ABBREVIATIONS = _TITLES | _NUMBERED | _SHORTENED

_STARTERS = word_set(
    "the a an i he she it we you they this that these those there here but and so or then when "
    "where what why who how if in on at as for after before while my your his her our their its "
    "no yes not is are was were do does did can could will would please let"
)
"""Words which, capitalised after an abbreviation, begin a new sentence."""

_QUOTED = re.compile("[」』](?:と|って)")
"""How Japanese goes on after a quotation, which may end in a full stop: 「はい。」と言った."""

_GOING_ON = tuple(",;:&)")
"""Signs that no sentence begins with."""

_COUNTED = re.compile(r"^#?\w*\d|^(?!I\b)[IVXLC]+\b")
"""A number, or what is counted in letters or with some."""

_ELIDED = re.compile("^(?:[ld]|qu|un|(?:[ns]u?|d|c)?[aeo]ll)['’](?=.)", re.IGNORECASE)
"""What a word that has lost its vowel leaves before an abbreviation: ``l'avv.``."""

_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")


def split_word(word: str, *, last: bool = False) -> tuple[str, str]:
    """Split a written word in what is pronounced and the pause after it.

    Args:
        word: without whitespace, punctuation attached: ``"Hello,"``.
        last: whether it ends its utterance: then even the full stop of an abbreviation is a pause.

    Returns:
        The core (may be empty: ``—``) and one of ``, ; : . ! ? … —`` or the empty string.
    """
    if word in _SIGNS:
        return word, ""
    if _STAR.fullmatch(word):
        return word[0], _PAUSES[word[1]]
    core, marks = _split(word)
    if "..." in marks:
        return core, "…"
    if not last and _is_abbreviation(core):
        marks = marks.replace(".", "", 1)
    marks = _SHORTENING.sub("", marks)
    found = [_PAUSES[mark] for mark in set(marks) if mark in _PAUSES]
    if "--" in marks or (marks == "-" and not core):
        found.append("—")
    return core, max(found, key=_RANK.index, default="")


def ends_sentence(word: str, following: str, *, complete: bool = True) -> bool:
    """Whether a sentence ends after `word`, seen together with the word that follows it.

    Full stops of abbreviations, initials and list numbers end nothing, and no sentence begins
    in lower case, or with a mark that goes on with one.

    Args:
        word: without whitespace, punctuation attached.
        following: the same.
        complete: whether all of `following` is known; if what it will be decides, no sentence ends.
    """
    core, ending = _split(word)
    marks = ending.strip(CLOSERS)
    if not marks or marks[-1] not in SENTENCE_MARKS:
        return False
    start = following.lstrip(OPENERS + "-–—")
    if start[:1].islower() or start[:1] in _GOING_ON or not (start or complete):
        return False
    if is_character(start) and (marks[-1] == "…" or _QUOTED.match(ending[-1] + start)):
        return False
    if marks != ".":
        return True
    name = _ELIDED.sub("", core.lower())
    if name in _TITLES or (core.isdecimal() and not following[:1].isupper()):
        return False
    if core in _WEEKEND or (name in _NUMBERED and (len(name) > 1 or core.islower())):
        return complete and not _COUNTED.search(start)
    if name in _SHORTENED or _is_initials(core):
        return complete and start.rstrip(_ALL_MARKS).lower() in _STARTERS
    return True


def ends_clause(word: str) -> bool:
    """Whether a clause ends after `word`."""
    return bool(split_word(word)[1])


def _split(word: str) -> tuple[str, str]:
    trail = _TRAIL.search(word)
    marks = trail.group() if trail else ""
    return _LEAD.sub("", word[: len(word) - len(marks)]), marks


def _is_abbreviation(core: str) -> bool:
    name = _ELIDED.sub("", re.split("[/-]", core.lower())[-1])
    return name in _ABBREVIATIONS or core in _WEEKEND or _is_initials(core)


def _is_initials(core: str) -> bool:
    if core == "I":  # far more often the pronoun
        return False
    return _INITIALS.fullmatch(core) is not None and ("." in core or core.isupper())
