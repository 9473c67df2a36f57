"""Abbreviations, Roman numerals, codes, addresses and files in English words."""

from __future__ import annotations

import re

from cartesia_server.text.english.calendar import short_name
from cartesia_server.text.english.numbers import cardinal, digits, ordinal, year
from cartesia_server.text.english.tables import (
    ABBREVIATIONS,
    BEFORE_NUMBERS,
    CAPITALISED_ABBREVIATIONS,
    CODES,
    LOWER_CASE_ONLY,
    ROOMS,
    RULERS,
    SECTIONS,
    SIGNS,
    SPELLED,
    STREETS,
    TITLES,
    UNITS,
)
from cartesia_server.text.seen import Seen

# ruff: noqa: RUF001 -- signs look alike

_SYMBOLS = {
    ".": "dot",
    "/": "slash",
    "\\": "backslash",
    ":": "colon",
    "@": "at",
    "-": "dash",
    "_": "underscore",
    "?": "question mark",
    "&": "and",
    "=": "equals",
    "#": "hash",
    "~": "tilde",
    "%": "percent",
    "+": "plus",
}
_ROMAN = re.compile(r"(?=[IVXL])(X[CL]|L?X{0,3})(I[XV]|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def sign(seen: Seen) -> list[str] | None:
    """A sign that stands alone."""
    if seen.word == "-":
        return _lone_dash(seen)
    if seen.word in ("*", "<", ">"):
        numbers = seen.before[-1:].isdecimal() or seen.after[:1].isdecimal()
        letters = len(seen.before) == len(seen.after) == 1
        if not numbers and not letters:
            return [","] if seen.before and seen.word == ">" else []
        return ["times"] if seen.word == "*" else SIGNS[seen.word].split()
    return SIGNS[seen.word].split() if seen.word in SIGNS else None


def _lone_dash(seen: Seen) -> list[str]:
    ends = (seen.before[-1:], seen.after[:1])
    numbers = all(one.isdecimal() for one in ends) or (
        (ends[0].isdecimal() or short_name(seen.before)) and short_name(seen.after)
    )
    return ["minus"] if numbers and "=" in seen.later else ["to"] if numbers else ["-"]


def abbreviation(seen: Seen) -> list[str] | None:
    """``Dr. No. 5`` and the like, by what stands beside them."""
    name = seen.word.lower()
    if name in BEFORE_NUMBERS and seen.after[:1].isdecimal() and seen.word != "NO":
        return [BEFORE_NUMBERS[name]]
    if seen.word in ("Dr", "Ft") and seen.after[:1].isupper():
        return ["doctor" if seen.word == "Dr" else "fort"]
    if name == "st" and seen.word[0].isupper():
        holy = seen.after[:1].isupper() and not seen.before[:1].isupper()
        return ["Saint" if holy else "street"]
    if seen.word == "Dr":
        return ["drive" if seen.before[:1].isupper() else "doctor"]
    if name not in ABBREVIATIONS:
        return None
    if name.capitalize() in CAPITALISED_ABBREVIATIONS and seen.word != name.capitalize():
        return None
    if seen.word == "Col" and not seen.after[:1].isupper():
        return None
    return ABBREVIATIONS[name].split()


def acronym(seen: Seen) -> list[str] | None:
    """Capitals that are spelled though they could be a word; grades such as ``A+``."""
    if seen.word in SPELLED:
        return list(seen.word)
    if found := re.fullmatch(r"([A-F])([+\-−])", seen.word):
        return [found[1], "plus" if found[2] == "+" else "minus"]
    return None


def roman(seen: Seen) -> list[str] | None:
    """``Chapter IV`` as *four*, ``Henry VIII`` as *the eighth*."""
    if not seen.word or not _ROMAN.fullmatch(seen.word):
        return None
    before, number = seen.before.lower(), _roman_value(seen.word)
    if before in SECTIONS:
        return cardinal(number)
    if before in RULERS and (len(seen.word) > 1 or seen.earlier.lower() in TITLES):
        return ["the", *ordinal(number)]
    plain = len(seen.word) > 1 and "L" not in seen.word and seen.word != "XX"
    if plain and seen.before[:1].isupper() and seen.before != seen.before.upper():
        return cardinal(number)
    return None


def _roman_value(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(
        -value if value < max(values[index:]) else value for index, value in enumerate(values)
    )


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
    if found := re.fullmatch(r"#([A-Za-z]*\d[\w-]*)", seen.word):
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
    measure = name in UNITS and name not in LOWER_CASE_ONLY | {"c", "f"}
    return measure or (found[1] in ("K", "M", "B", "BN") and seen.before.lower() not in ROOMS)


def _number_of_something(seen: Seen) -> list[str] | None:
    words = (seen.before.lower(), seen.earlier.lower())
    named = words[0] in CODES or (words[1] in CODES and words[0] in ("is", "number", "in", "no"))
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


def address(seen: Seen) -> list[str] | None:
    """E-mail addresses, links, handles, paths and names of files."""
    mail = re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", seen.word)
    link = re.fullmatch(
        r"(?:https?://|www\.)\S+"
        r"|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|ai|dev|edu|gov|co|us|uk|app|me)(?:/\S*)?",
        seen.word,
        re.IGNORECASE,
    )
    handle = re.fullmatch(r"@\w+", seen.word)
    file = re.fullmatch(
        r"(?:[A-Za-z]:\\|~?/)?[\w.-]+(?:[/\\][\w.-]+)*\.[a-z]{2,4}|(?:[A-Za-z]:\\|~?/)[\w./\\-]+"
        r"|\w+_\w+",
        seen.word,
    )
    if not (mail or link or handle or (file and re.search(r"[_/\\]|[a-z\d]\.[a-z]", seen.word))):
        return None
    bare = re.sub(r"^https?://(?:www\.)?", "", seen.word, flags=re.IGNORECASE)
    if link:
        bare = bare.strip("/")
    said: list[str] = []
    for piece in re.findall(r"\d+|[^\W\d_]+|[^\w\s]|_", bare):
        said += digits(piece) if piece.isdecimal() else _SYMBOLS.get(piece, piece).split()
    return said


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
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", seen.word):
        return cardinal(int(seen.word.replace(".", "")))
    return _versioned(seen.word) if re.fullmatch(r"\d+(?:\.\d+){2,}", seen.word) else None


def _versioned(text: str) -> list[str]:
    first, *rest = ([*cardinal(int(part))] for part in text.split(".") if part)
    return [*first, *(said for part in rest for said in ("point", *part))]
