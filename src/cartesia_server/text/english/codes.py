"""Codes, versions and numeric addresses in English words: they name something, count nothing."""

from __future__ import annotations

import re

from cartesia_server.text.english.numbers import cardinal, digits, many, year
from cartesia_server.text.english.tables import (
    CODE_LINKS,
    CODES,
    CURRENCIES,
    DOORS,
    LOWER_CASE_ONLY,
    MONTHS,
    ROOMS,
    STATES,
    STREETS,
    TEXTING,
    UNITS,
    WEEKDAYS,
)
from cartesia_server.text.seen import Seen

# ruff: noqa: RUF001 -- dashes look alike

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_FORMULA = re.compile(
    r"\(?(?:(?:Na|Ca|Cl|Mg|Fe|Cu|Zn|Al|Si|Li|Ag|Au|Pb|Hg|He|Br|Mn|Ti|[BCHONSPKFI])\)?\d{0,2}\(?){2,}"
)
_PLURAL = re.compile(r"(?!(?:is|was|has|as|this)$)\w+s$|(?:people|percent|men)$")
_STAGES = "alpha|beta|rc|dev|preview|snapshot"


def lettered(seen: Seen) -> list[str] | None:
    """A small number and a letter, that name together: ``14C``, ``10-K``, ``221B`` in a street."""
    on_street = any(word.lower() in STREETS for word in seen.later)
    if on_street and (found := re.fullmatch(r"(\d{1,4})([A-Z])", seen.word)):
        return [*year_or_digits(found[1]), found[2]]
    if re.fullmatch(r"\d(?:G|K|D)", seen.word) or _is_amount(seen):
        return None
    found = re.fullmatch(r"([1-9]\d?)(?:([A-Z])|-([A-Z]{1,3}))", seen.word)
    return [*cardinal(int(found[1])), *(found[2] or found[3])] if found else None


def special(seen: Seen) -> list[str] | None:
    """``0x7F``, ``401(k)``, ``94105-1234`` behind a state, and extensions: ``x204``."""
    if found := re.fullmatch(r"0[xX]([\da-fA-F]+)", seen.word):
        return ["zero", "X", *_characters(re.findall(r"\d+|[A-Za-z]", found[1]))]
    if seen.word in ("401", "403", "501", "529") and seen.after in ("k", "b", "c"):
        return year_or_digits(seen.word)
    if (found := re.fullmatch(r"(\d{5})-(\d{4})", seen.word)) and seen.before in STATES:
        return [*digits(found[1])[:-1], f"{digits(found[1])[-1]},", *digits(found[2])]
    if found := re.fullmatch(r"q(\d\d?)h", seen.word):
        return ["every", *cardinal(int(found[1])), "hours"]
    if re.fullmatch(r"[\dA-Fa-f]{2}(?::[\dA-Fa-f]{2}){5}", seen.word):
        return _characters(re.findall(r"\d|[A-Za-z]|-", seen.word.replace(":", "-")))
    if (found := re.fullmatch(r"x(\d{2,5})", seen.word)) and re.search(r"\d{4}$", seen.before):
        return ["extension", *digits(found[1])]
    return None


def formula(seen: Seen) -> list[str] | None:
    """``H₂SO₄``, ``NaCl``, ``C6H12O6``: letter by letter, with whole numbers."""
    plain = seen.word.translate(_SUBSCRIPTS)
    known = plain != seen.word or re.search("[a-z]", plain) or re.match(r"C\d+H\d", plain)
    if not known or not _FORMULA.fullmatch(plain):
        return None
    pieces = re.findall(r"\d+|[A-Za-z]", plain)
    return [w for p in pieces for w in (cardinal(int(p)) if p.isdecimal() else [p.upper()])]


def model(seen: Seen) -> list[str] | None:
    """What is made under a number: ``Boeing 737-800``, ``A320neo``, ``RTX 4090``, ``the 787s``."""
    if found := re.fullmatch(r"([A-Z]{0,3})(\d{3})(?:-(\d{1,2}00|8|9|10)([A-Z]*))?", seen.word):
        jet = re.fullmatch("7[0-8]7", found[2]) and not found[1]
        typed = {seen.before.lower(), seen.earlier.lower()} & CODES
        if found[3] and not typed and (jet or found[1]):
            first, second = year_or_digits(found[2]), cardinal(int(found[3]))
            return [*found[1], *first, *second, *found[4]]
        if jet and seen.before in ("a", "the", "Boeing"):
            return year_or_digits(found[2])
    if found := re.fullmatch(r"([A-Z])(\d\d?)[-–]\1(\d\d?)", seen.word):
        first, second = (cardinal(int(number)) for number in found.groups()[1:])
        return [found[1], *first, "to", found[1], *second]
    if found := re.fullmatch(r"([A-Z]+)(\d{1,4})([a-z]{2,}|X?LR)", seen.word):
        return [*found[1], *year_or_digits(found[2]), *_suffix(found[3])]
    if found := re.fullmatch(r"([A-Z]{0,3})-?(\d{1,4})s", seen.word):
        number = found[2]
        if found[1] or (number[-1] != "0" and len(number) > 2) or _is_maker(seen.before):
            *rest, last = year_or_digits(number)
            return [*found[1], *rest, many(last)]
    if re.fullmatch(r"[1-9]\d{2,3}", seen.word) and _names_model(seen):
        return year_or_digits(seen.word)
    return None


def _names_model(seen: Seen) -> bool:
    """Whether the word before a number is a name that it belongs to, and counts nothing."""
    name = seen.before
    counted = name in UNITS or name.lower() in CODES
    if seen.cut_before or counted or 1900 <= int(seen.word) < 2100:
        return False
    if seen.after.partition("/")[0].lower() in UNITS or seen.after in CURRENCIES:
        return False
    counts = seen.after[:1].islower() and _PLURAL.match(seen.after)
    if _is_maker(name):
        return not counts and not seen.earlier.isupper()
    made = re.fullmatch("[A-Z][a-z]{2,}", name) and seen.earlier and seen.word[-2:] != "00"
    dated = name in MONTHS or name in WEEKDAYS.values() or name.lower() in STREETS
    return bool(made) and not counts and not dated and len(seen.word) == 3


def _is_maker(name: str) -> bool:
    return re.fullmatch("[A-Z]{2,4}", name) is not None and name not in STATES


def _suffix(text: str) -> list[str]:
    return [text] if text.islower() else list(text)


def code(seen: Seen) -> list[str] | None:
    """What names something and counts nothing: ``XK7-92P``, ``PIN 0042``, house numbers."""
    service = re.fullmatch("[2-8]11", seen.word) and {"call", "calling", "dial", "dialing"} & {
        word.lower() for word in seen.former[:3]
    }
    if seen.word == "911" or service or (seen.word.isdecimal() and seen.before.lower() == "dial"):
        return digits(seen.word)
    if re.fullmatch(r"(?=.*[a-f])(?=.*\d)[a-f\d]+(?:-[a-f\d]+){2,}", seen.word):
        return _characters(re.findall(r"\d+|[a-f]+|-", seen.word))
    if seen.word.isdecimal() and len(seen.word) > 2:
        return _number_of_something(seen)
    if found := re.fullmatch(r"(\d{3,4})p", seen.word):
        return [*year_or_digits(found[1]), "P"]
    if found := re.fullmatch(r"(\d)(G|K|D|FA)", seen.word):
        return [*cardinal(int(found[1])), *found[2]]
    if _is_amount(seen):
        return None
    if found := re.fullmatch(r"#([A-Za-z]*-?\d[\w-]*)", seen.word):
        said = code(seen.part(found[1], before="code"))
        return ["number", *said] if said and not found[1].isdecimal() else None
    if not re.fullmatch(r"(?=.*\d)(?=.*[A-Z])[A-Z\d]+(?:-[A-Z\d]+)*|[a-f\d]{8,}", seen.word):
        return None
    pieces = re.findall(r"\d+|[A-Za-z]+|-", seen.word)
    solid = [piece for piece in pieces if piece != "-"]
    if seen.before.lower() in CODES - {"flight"} and "-" not in pieces and len(solid[-1]) > 2:
        return _characters(pieces)
    if len(solid) != 2 or seen.word[0].isdecimal() or len(solid[1]) > 4:
        return _characters(pieces)
    return [*_capitals(solid[0]), *year_or_digits(solid[1])]


def _is_amount(seen: Seen) -> bool:
    """``8GB`` and ``10K``, in capitals."""
    found = re.fullmatch(r"\d+([A-Z]+)", seen.word)
    if not found:
        return False
    name = found[1].lower()
    if seen.before.lower() in ROOMS:
        return False
    measure = name in UNITS and name not in LOWER_CASE_ONLY | {"c", "f"}
    return measure or found[1] in ("K", "M", "B", "BN")


def _number_of_something(seen: Seen) -> list[str] | None:
    words = (seen.before.lower().rstrip("#"), seen.earlier.lower())
    named = words[0] in CODES or (words[1] in CODES and words[0] in CODE_LINKS)
    state = re.fullmatch("[A-Z]{2}", seen.before) and len(seen.word) == 5
    flight = re.fullmatch("[A-Z]{2}", seen.before) and seen.earlier.lower() == "flight"
    texted = (
        seen.before.lower() in ("to", "at")
        and 4 < len(seen.word) < 7
        and (
            (len(seen.earlier) > 1 and seen.earlier.isupper())
            or any(word.lower() in TEXTING for word in seen.former)
        )
    )
    if texted and not seen.word.endswith("000"):
        return digits(seen.word)
    if words[0] in DOORS and len(seen.word) < 5:
        return year_or_digits(seen.word)
    if state or flight or (named and len(seen.word) > 3) or seen.word[0] == "0":
        return digits(seen.word)
    street = seen.after[:1].isupper() and any(word.lower() in STREETS for word in seen.later)
    return year_or_digits(seen.word) if street and len(seen.word) < 5 else None


def year_or_digits(number: str) -> list[str]:
    """``1080`` as *ten eighty*, ``747`` as *seven forty seven*, ``12`` as a number."""
    if number[0] == "0" or len(number) > 4:
        return digits(number)
    if len(number) < 3 or number.endswith("000"):
        return cardinal(int(number))
    if len(number) == 3 and not number.endswith("00"):
        rest = int(number[1:])
        tail = ["oh", *cardinal(rest)] if rest < 10 else cardinal(rest)
        return [*cardinal(int(number[0])), *tail]
    return cardinal(int(number)) if len(number) == 3 else year(int(number))


def _characters(pieces: list[str]) -> list[str]:
    said: list[str] = []
    for piece in pieces:
        if piece == "-":
            said[-1] += ","
        elif piece.isdecimal():
            said += digits(piece)
        elif len(piece) > 4:
            said.append(piece.lower())
        else:
            said += piece.upper()
    return said


def _capitals(letters: str) -> list[str]:
    # Longer ones may be words: COVID-19.
    return list(letters) if len(letters) < 4 else [letters]


def numbered_address(seen: Seen) -> list[str] | None:
    """An IP address, number by number."""
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,3}){3})(?::(\d+))?", seen.word)
    if not found:
        return None
    first, *rest = (digits(part) for part in found[1].split("."))
    port = ["colon", *digits(found[2])] if found[2] else []
    return [*first, *(word for part in rest for word in ("dot", *part)), *port]


def version(seen: Seen) -> list[str] | None:
    """``v2.0`` and ``3.12.1``."""
    if found := re.fullmatch(r"[vV](\d[\d.]*)", seen.word):
        return ["version", *_versioned(found[1])]
    if found := re.fullmatch(rf"[vV]?(\d+(?:\.\d+)*)[-.]?({_STAGES})[-.]?(\d*)", seen.word):
        stage = list("RC") if found[2] == "rc" else [found[2]]
        return [*_versioned(found[1]), *stage, *(cardinal(int(found[3])) if found[3] else [])]
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", seen.word):
        return cardinal(int(seen.word.replace(".", "")))
    return _versioned(seen.word) if re.fullmatch(r"\d+(?:\.\d+){2,}", seen.word) else None


def _versioned(text: str) -> list[str]:
    first, *rest = ([*cardinal(int(part))] for part in text.split(".") if part)
    return [*first, *(said for part in rest for said in ("point", *part))]
