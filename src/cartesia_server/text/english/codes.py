"""Codes, versions and numeric addresses in English words: they name something, count nothing."""

from __future__ import annotations

import re

from cartesia_server.text.english.numbers import cardinal, digits, year
from cartesia_server.text.english.tables import (
    CODES,
    LOWER_CASE_ONLY,
    ROOMS,
    STATES,
    STREETS,
    UNITS,
)
from cartesia_server.text.seen import Seen

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
    if (found := re.fullmatch(r"x(\d{2,5})", seen.word)) and re.search(r"\d{4}$", seen.before):
        return ["extension", *digits(found[1])]
    return None


def code(seen: Seen) -> list[str] | None:
    """What names something and counts nothing: ``XK7-92P``, ``PIN 0042``, house numbers."""
    if seen.word == "911" or (seen.word.isdecimal() and seen.before.lower() == "dial"):
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
    named = words[0] in CODES or (
        words[1] in CODES and words[0] in ("is", "are", "number", "in", "no", "code", "as")
    )
    state = re.fullmatch("[A-Z]{2}", seen.before) and len(seen.word) == 5
    flight = re.fullmatch("[A-Z]{2}", seen.before) and seen.earlier.lower() == "flight"
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
    if not re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", seen.word):
        return None
    first, *rest = (digits(part) for part in seen.word.split("."))
    return [*first, *(word for part in rest for word in ("dot", *part))]


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
