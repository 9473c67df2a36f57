"""Abbreviations, Roman numerals, codes, addresses and files in English words."""

from __future__ import annotations

import re

from cartesia_server.text.english.calendar import short_name
from cartesia_server.text.english.numbers import cardinal, digits, ordinal
from cartesia_server.text.english.tables import (
    ABBREVIATIONS,
    BEFORE_NUMBERS,
    CAPITALISED_ABBREVIATIONS,
    CODES,
    DIRECTIONS,
    RULERS,
    SECTIONS,
    SHOUTED,
    SHOUTED_AMONG_CAPITALS,
    SIGNS,
    SPELLED,
    SPOKEN,
    STATES,
    STREETS,
    TITLES,
)
from cartesia_server.text.punctuation import word_set
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
_DOMAINS = (
    "com|org|net|io|ai|dev|edu|gov|co|us|uk|ca|au|de|fr|eu|in|app|me|ly|gg|gl|tv|info|biz|xyz|shop"
    "|store|cloud"
)
_DETERMINERS = word_set("the an a your his her my this that start give")
_PRESSED = word_set("press pressing dial dialing enter hit the or and then")
_ROMAN = re.compile(r"(?=[IVXL])(X[CL]|L?X{0,3})(I[XV]|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def sign(seen: Seen) -> list[str] | None:
    """A sign that stands alone."""
    if seen.word == "-":
        return _lone_dash(seen)
    numbers = seen.before[:1].isdecimal() and seen.after[:1].isdecimal()
    if seen.word == "/":
        return ["divided", "by"] if numbers and "=" in seen.later else [","] * bool(seen.before)
    if seen.word in ("x", "X") and numbers:
        return ["times"] if "=" in seen.later else ["by"]
    if seen.word in ("*", "<", ">"):
        numbers = seen.before[-1:].isdecimal() or seen.after[:1].isdecimal()
        letters = len(seen.before) == len(seen.after) == 1
        if seen.word == "*" and not numbers and seen.before.lower() in _PRESSED:
            return ["star"]
        if not numbers and not letters:
            return [","] if seen.before and seen.word == ">" else []
        return ["times"] if seen.word == "*" else SIGNS[seen.word].split()
    if seen.word == "#" and seen.american:
        return ["pound"]
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
    if found := re.fullmatch(r"(no|vol|fig|pp?)\.(\d+)", name):
        return [BEFORE_NUMBERS[found[1]], *cardinal(int(found[2]))]
    letter = seen.word in ("C", "P") or (name == "c" and not re.match(r"\d{3}", seen.after))
    counted = seen.after[:1].isdecimal() or seen.before.lower() in CODES
    counted = counted or (len(seen.after) > 1 and bool(_ROMAN.fullmatch(seen.after)))
    if name in BEFORE_NUMBERS and counted and seen.word != "NO" and not letter:
        return [BEFORE_NUMBERS[name]]
    if seen.word == "Gen" and (len(seen.after) < 2 or seen.after == "Alpha"):
        return None
    named = seen.after[:1].isupper() and not seen.cut_after
    if seen.word in ("Dr", "Ft") and named and not seen.earlier.isdecimal():
        return ["doctor" if seen.word == "Dr" else "fort"]
    if name == "st" and seen.word[0].isupper():
        return ["Saint" if named and not re.match(r"[A-Z\d]", seen.before) else "street"]
    if seen.word == "Dr":
        return ["drive" if seen.before[:1].isupper() else "doctor"]
    if name not in ABBREVIATIONS:
        return None
    if name.capitalize() in CAPITALISED_ABBREVIATIONS and seen.word != name.capitalize():
        return None
    if seen.word == "Col" and not seen.after[:1].isupper():
        return None
    return ABBREVIATIONS[name].split()


def place(seen: Seen) -> list[str] | None:
    """States before a ZIP code; directions in addresses, on roads and after degrees."""
    if seen.word in STATES and re.fullmatch(r"\d{5}(?:-\d{4})?", seen.after):
        return STATES[seen.word].split("_")
    if seen.word not in DIRECTIONS:
        return None
    before = seen.before.lower()
    ends = before in STREETS or re.fullmatch(r"[a-z]{1,2}-?\d+|[\d.]+°", before)
    numbered = before[:1].isdecimal() or seen.after[:1].isdecimal()
    begins = numbered and any(word.lower() in STREETS for word in seen.later)
    goes = len(seen.word) > 1 and before in ("head", "heading", "winds", "wind", "go", "drive")
    return [DIRECTIONS[seen.word]] if ends or begins or goes else None


def shouted(seen: Seen) -> list[str] | None:
    """Short words in capitals, which are no acronyms."""
    name = seen.word.lower()
    if not seen.word.isupper() or name not in SHOUTED | SHOUTED_AMONG_CAPITALS:
        return None
    if name in SHOUTED:
        return [name]
    before = not seen.cut_before and _is_loud(seen.before)
    after = not seen.cut_after and _is_loud(seen.after)
    two = (before and _is_loud(seen.earlier)) or (after and _is_loud(seen.later[1:2]))
    return [name] if (before and after) or two else None


def _is_loud(words: str | tuple[str, ...]) -> bool:
    word = words if isinstance(words, str) else "".join(words)
    return word == "I" or (len(word) > 1 and word.isupper() and word.isalpha())


def acronym(seen: Seen) -> list[str] | None:
    """Capitals that are spelled though they could be a word, many of them; grades: ``A+``."""
    if seen.word in SPELLED:
        return list(seen.word)
    if found := re.fullmatch(r"([A-Z]{2,5})['’]?s", seen.word):
        letters = found[1]
        word = letters in SPOKEN or (len(letters) > 3 and re.search("[AEIOU]", letters))
        return None if word else [*letters[:-1], f"{letters[-1]}'s"]
    if found := re.fullmatch(r"([A-Z])#", seen.word):
        return [found[1], "sharp"]
    if found := re.fullmatch(r"\.([A-Za-z]\w*)", seen.word):
        return ["dot", found[1]]
    if seen.word in ("O+", "AB+"):
        return [*seen.word[:-1], "positive"]
    if found := re.fullmatch(r"([A-F])([+\-−])", seen.word):
        return [found[1], "plus" if found[2] == "+" else "minus"]
    return None


def roman(seen: Seen) -> list[str] | None:
    """``Chapter IV`` as *four*, ``Henry VIII`` as *the eighth*."""
    if not seen.word or not _ROMAN.fullmatch(seen.word):
        return None
    before, number = seen.before.lower(), _roman_value(seen.word)
    if before in SECTIONS or (before in BEFORE_NUMBERS and len(seen.word) > 1):
        return cardinal(number)
    if before in RULERS and (len(seen.word) > 1 or seen.earlier.lower() in TITLES):
        return ["the", *ordinal(number)]
    plain = len(seen.word) > 1 and "L" not in seen.word and seen.word != "XX"
    named = seen.before[:1].isupper() and seen.before != seen.before.upper()
    if plain and named and before not in _DETERMINERS:
        return cardinal(number)
    return ["I", "V"] if seen.word == "IV" else None


def _roman_value(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(
        -value if value < max(values[index:]) else value for index, value in enumerate(values)
    )


def address(seen: Seen) -> list[str] | None:
    """E-mail addresses, links, handles, paths and names of files."""
    mail = re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", seen.word)
    link = re.fullmatch(
        r"(?:https?://|www\.)\S+"
        rf"|[\w-]+(?:\.[\w-]+)*\.(?:{_DOMAINS})(?:[/?]\S*)?",
        seen.word,
        re.IGNORECASE,
    )
    handle = re.fullmatch(r"@\w+", seen.word)
    file = re.fullmatch(
        r"(?:[A-Za-z]:\\|(?:~|\.\.?)?/)?[\w.-]+(?:[/\\][\w.-]+)*\.[a-z]{2,4}"
        r"|(?:[A-Za-z]:\\|(?:~|\.\.?)?/)[\w./\\-]+"
        r"|\w+_\w+",
        seen.word,
    )
    if not (mail or link or handle or (file and re.search(r"[_/\\]|[A-Za-z\d]\.[a-z]", seen.word))):
        return None
    bare = re.sub(r"^https?://(?:www\.)?", "", seen.word, flags=re.IGNORECASE)
    if link:
        bare = bare.strip("/")
    said: list[str] = []
    for part in re.findall(r"[^\W_]+|[^\w\s]|_", bare):
        # Letters of both sizes among digits are no word: bit.ly/3xYz9.
        random = re.search(r"\d", part) and re.search(r"[a-z][A-Z]", part)
        for piece in re.findall(r"\d+|\D+", part):
            if piece.isdecimal():
                said += digits(piece)
            else:
                said += piece.upper() if random else _SYMBOLS.get(piece, piece).split()
    return said
