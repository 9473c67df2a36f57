"""Written words to words as they are said: amounts, dates, times, units, symbols, addresses.

English is put in words here. Other languages keep their digits, which espeak-ng reads by their
own rules; only signs that it does not know are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cartesia_server.text.numbers import cardinal, decade, decimal, digits, ordinal, year
from cartesia_server.text.punctuation import word_set

# ruff: noqa: RUF001 -- signs look alike

_NUMBER = r"[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+−]?\.\d+"

_CURRENCIES = {
    "$": ("dollar", "cent"),
    "US$": ("dollar", "cent"),
    "€": ("euro", "cent"),
    "£": ("pound", "penny"),
    "¥": ("yen", ""),
    "₹": ("rupee", "paisa"),
}
_PLURALS = {"penny": "pence", "yen": "yen", "paisa": "paise", "foot": "feet", "inch": "inches"}
_INVARIANT = word_set("percent hertz kilohertz megahertz gigahertz celsius fahrenheit")
_MAGNITUDES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "t": "trillion",
}
_SPELLED_MAGNITUDES = word_set("thousand million billion trillion")

_UNITS = {
    "%": "percent",
    "km": "kilometer",
    "cm": "centimeter",
    "mm": "millimeter",
    "kg": "kilogram",
    "mg": "milligram",
    "g": "gram",
    "lb": "pound",
    "lbs": "pound",
    "oz": "ounce",
    "ft": "foot",
    "mi": "mile",
    "ml": "milliliter",
    "l": "liter",
    "mph": "mile per hour",
    "km/h": "kilometer per hour",
    "kmh": "kilometer per hour",
    "m/s": "meter per second",
    "kb": "kilobyte",
    "mb": "megabyte",
    "gb": "gigabyte",
    "tb": "terabyte",
    "hz": "hertz",
    "khz": "kilohertz",
    "mhz": "megahertz",
    "ghz": "gigahertz",
    "kw": "kilowatt",
    "kwh": "kilowatt hour",
    "ms": "millisecond",
    "min": "minute",
    "hrs": "hour",
    "hr": "hour",
    "sec": "second",
    "°": "degree",
    "°c": "degree celsius",
    "°f": "degree fahrenheit",
    "x": "time",
}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SHORT_MONTHS = {month[:3].lower(): month for month in _MONTHS} | {"sept": "September"}

_ABBREVIATIONS = {
    "ms": "miz",
    "vs": "versus",
    "etc": "etcetera",
    "e.g": "for example",
    "i.e": "that is",
    "approx": "approximately",
    "dept": "department",
    "prof": "professor",
    "sgt": "sergeant",
    "capt": "captain",
    "lt": "lieutenant",
    "col": "colonel",
    "gen": "general",
    "gov": "governor",
    "sen": "senator",
    "rep": "representative",
    "rev": "reverend",
    "jr": "junior",
    "sr": "senior",
    "inc": "incorporated",
    "ltd": "limited",
    "corp": "corporation",
    "ave": "avenue",
    "blvd": "boulevard",
    "rd": "road",
    "ph.d": "P H D",
    "w/o": "without",
    "w/": "with",
}
_BEFORE_NUMBERS = {
    "no": "number",
    "nos": "numbers",
    "fig": "figure",
    "vol": "volume",
    "p": "page",
    "pp": "pages",
    "ch": "chapter",
    "sec": "section",
}
_SIGNS = {
    "&": "and",
    "+": "plus",
    "=": "equals",
    "@": "at",
    "%": "percent",
    "<": "less than",
    ">": "greater than",
    "×": "times",
    "÷": "divided by",
    "±": "plus or minus",
    "≈": "about",
    "→": "to",
    "°": "degrees",
}
_FRACTIONS = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅛": (1, 8)}
_BEFORE_DATES = word_set("on by since until before after from due till")
_BEFORE_YEARS = word_set(
    "in since by until before after from during around circa year of late early mid spring summer "
    "autumn fall winter january february march april may june july august september october "
    "november december and to"
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A word and its neighbours, each an empty string at the edges."""

    word: str
    before: str
    after: str


def normalised(words: Sequence[str], language: str) -> list[list[str]]:
    """How the words of an utterance are said.

    Args:
        words: without surrounding punctuation; may be empty strings.
        language: BCP 47 tag.

    Returns:
        For each word the words that are said for it, at least one unless it is empty.
    """
    if not language.startswith("en"):
        return [[word] if word else [] for word in words]
    said: list[list[str]] = []
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        after = words[index + 1] if index + 1 < len(words) else ""
        said.append(_said(_Seen(word, before, after)) if word else [])
    return said


def _said(seen: _Seen) -> list[str]:
    for rule in _RULES:
        found = rule(seen)
        if found is not None:
            return found
    return [seen.word]


def _sign(seen: _Seen) -> list[str] | None:
    return _SIGNS[seen.word].split() if seen.word in _SIGNS else None


def _abbreviation(seen: _Seen) -> list[str] | None:
    name = seen.word.lower()
    numbered = seen.after[:1].isdecimal()
    if name in _BEFORE_NUMBERS and numbered:
        return [_BEFORE_NUMBERS[name]]
    if (
        name in _SHORT_MONTHS
        and seen.word[0].isupper()
        and (numbered or seen.before[:1].isdecimal())
    ):
        return [_SHORT_MONTHS[name]]
    if name in _UNITS and re.fullmatch(_NUMBER, seen.before) and name != "x":
        return _measured(seen.before, _UNITS[name])
    if name == "st" and seen.word[0].isupper():
        holy = seen.after[:1].isupper() and not seen.before[:1].isupper()
        return ["Saint" if holy else "street"]
    if name in _ABBREVIATIONS and not (name == "ms" and seen.word == "ms"):
        return _ABBREVIATIONS[name].split()
    return None


def _money(seen: _Seen) -> list[str] | None:
    if seen.word.lower() in _SPELLED_MAGNITUDES:
        found = re.fullmatch(rf"(US\$|[$€£¥₹])(?:{_NUMBER})", seen.before)
        return [seen.word, _plural(_CURRENCIES[found[1]][0])] if found else None
    found = re.fullmatch(rf"([-−]?)(US\$|[$€£¥₹])({_NUMBER})([kKmMbBtT]n?)?", seen.word)
    if not found:
        return None
    minus = ["minus"] if found[1] else []
    unit, small = _CURRENCIES[found[2]]
    amount, magnitude = found[3].replace(",", ""), _MAGNITUDES.get((found[4] or "").lower())
    if magnitude:
        return [*minus, *decimal(amount), magnitude, _plural(unit)]
    if seen.after.lower() in _SPELLED_MAGNITUDES:
        return [*minus, *decimal(amount)]
    whole, _, part = amount.partition(".")
    if not small or (part and len(part) != 2):
        return [*minus, *decimal(amount), _plural(unit)]
    said = _measured(whole, unit, cardinal(int(whole))) if int(whole or 0) or not part else []
    if part and int(part):
        cents = [*cardinal(int(part)), *_measured(part, small)]
        return [*minus, *said, *(["and"] if said else []), *cents]
    return [*minus, *said]


def _time(seen: _Seen) -> list[str] | None:
    found = re.fullmatch(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?([ap]\.?m)?", seen.word, re.IGNORECASE)
    if not found or int(found[1]) > 24:
        return None
    hour, minute = cardinal(int(found[1])), int(found[2])
    half = [letter.upper() for letter in (found[4] or "").replace(".", "")]
    if found[3]:
        return [*hour, *cardinal(minute), *cardinal(int(found[3])), *half]
    if minute:
        return [*hour, *(["oh"] if minute < 10 else []), *cardinal(minute), *half]
    morning = seen.after.lower().replace(".", "") in ("am", "pm")
    return [*hour, *half] if half or morning else [*hour, "o'clock"]


def _date(seen: _Seen) -> list[str] | None:
    if found := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", seen.word):
        return _month_and_day(int(found[2]), int(found[3]), int(found[1]))
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})", seen.word):
        full = int(found[3]) + (0 if len(found[3]) == 4 else 2000 if int(found[3]) < 50 else 1900)
        return _month_and_day(int(found[1]), int(found[2]), full)
    if seen.before.lower() in _BEFORE_DATES and (
        found := re.fullmatch(r"(\d{1,2})/(\d{1,2})", seen.word)
    ):
        return _month_and_day(int(found[1]), int(found[2]), None)
    if (
        seen.word.isdecimal()
        and len(seen.word) < 3
        and _is_month(seen.before)
        and 0 < int(seen.word) < 32
    ):
        return ordinal(int(seen.word))
    return None


def _month_and_day(month: int, day: int, of: int | None) -> list[str] | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return [_MONTHS[month - 1], *ordinal(day), *(year(of) if of else [])]


def _is_month(word: str) -> bool:
    return word in _MONTHS or word.lower() in _SHORT_MONTHS


def _year(seen: _Seen) -> list[str] | None:
    if found := re.fullmatch(r"(1[1-9]|20)(\d)0['’]?s", seen.word):
        return decade(int(found[1] + found[2] + "0"))
    if found := re.fullmatch(r"([2-9])0['’]?s", seen.word):
        return decade(int(found[1]) * 10)
    if re.fullmatch(r"1[1-9]\d\d|20\d\d", seen.word) and seen.after.lower() not in _UNITS:
        number = int(seen.word)
        if number >= 1900 or seen.before.lower() in _BEFORE_YEARS:
            return year(number)
    return None


def _fraction(seen: _Seen) -> list[str] | None:
    if seen.word in ("24/7", "9/11"):
        return [said for number in seen.word.split("/") for said in cardinal(int(number))]
    if found := re.fullmatch(r"(\d*)([½⅓⅔¼¾⅛])", seen.word):
        whole = [*cardinal(int(found[1])), "and"] if found[1] else []
        return [*whole, *_parts(*_FRACTIONS[found[2]])]
    found = re.fullmatch(r"(\d{1,2})/(\d{1,3})", seen.word)
    if not found or not 1 < int(found[2]) <= 100 or int(found[1]) >= int(found[2]):
        return None
    whole = ["and"] if seen.before.isdecimal() else []
    return [*whole, *_parts(int(found[1]), int(found[2]))]


def _parts(count: int, of: int) -> list[str]:
    name = {2: ["half"], 4: ["quarter"]}.get(of) or ordinal(of)
    *words, last = name
    plural = {"half": "halves"}.get(last, last + "s") if count > 1 else last
    return [*cardinal(count), *words, plural]


def _ordinal(seen: _Seen) -> list[str] | None:
    found = re.fullmatch(r"(\d[\d,]*)(?:st|nd|rd|th)", seen.word, re.IGNORECASE)
    return ordinal(int(found[1].replace(",", ""))) if found else None


def _quantity(seen: _Seen) -> list[str] | None:
    found = re.fullmatch(rf"([#~≈]?)({_NUMBER})\+?-?(\D*)", seen.word)
    if not found:
        return None
    lead = {"#": ["number"], "~": ["about"], "≈": ["about"]}.get(found[1], [])
    number, unit = found[2], found[3].lower()
    plus = ["plus"] if re.search(r"\d\+", seen.word) else []
    if not unit:
        long = number.isdecimal() and len(number) >= 7
        return [*lead, *(digits(number) if long else decimal(number)), *plus]
    if found[3] in ("k", "M", "B", "bn") or (found[3] == "K" and len(number) > 1):
        return [*lead, *decimal(number), _MAGNITUDES[unit]]
    if unit in ("am", "pm", "a.m", "p.m"):
        return [*lead, *decimal(number), *unit.replace(".", "").upper()]
    if unit in _UNITS:
        return [*lead, *decimal(number), *_measured(number, _UNITS[unit])]
    return None


def _measured(number: str, unit: str, said: list[str] | None = None) -> list[str]:
    """The unit in the singular or plural that the number asks for, after `said` if given."""
    first, *rest = unit.split()
    one = number.replace(",", "") in ("1", "01")
    return [*(said or []), first if one else _plural(first), *rest]


def _plural(unit: str) -> str:
    if unit in _INVARIANT:
        return unit
    return _PLURALS.get(unit, unit + "s")


def _range(seen: _Seen) -> list[str] | None:
    found = re.fullmatch(
        rf"([$€£]?(?:{_NUMBER})\D{{0,2}}?)[-–—]([$€£]?(?:{_NUMBER})\D*)", seen.word
    )
    if found:
        return [
            *_said(_Seen(found[1], seen.before, "")),
            "to",
            *_said(_Seen(found[2], "to", seen.after)),
        ]
    if re.fullmatch(r"\+?[\d(][\d().-]{6,}\d", seen.word) and "-" in seen.word.strip("-"):
        return digits(re.sub(r"\D", "", seen.word))  # a telephone number
    return None


def _address(seen: _Seen) -> list[str] | None:
    mail = re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", seen.word)
    link = re.fullmatch(
        r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|ai|dev|edu|gov)(?:/\S*)?",
        seen.word,
        re.IGNORECASE,
    )
    if not mail and not link:
        return None
    bare = re.sub(r"^https?://(?:www\.)?", "", seen.word, flags=re.IGNORECASE).strip("/")
    names = {
        ".": "dot",
        "/": "slash",
        "@": "at",
        "-": "dash",
        "_": "underscore",
        "?": "question mark",
    }
    said: list[str] = []
    for piece in re.findall(r"\d+|[^\W\d_]+|[./@_?-]", bare):
        said += digits(piece) if piece.isdecimal() else names.get(piece, piece).split()
    return said


def _mixed(seen: _Seen) -> list[str] | None:
    if seen.word.startswith("#") and len(seen.word) > 1:
        return ["hashtag", *_said(_Seen(seen.word[1:], seen.before, seen.after))]
    if found := re.fullmatch(r"v(\d[\d.]*)", seen.word):
        return ["version", *_versioned(found[1])]
    if re.fullmatch(r"\d+(?:\.\d+){2,}", seen.word):
        return _versioned(seen.word)
    if "/" in seen.word and re.fullmatch(r"[^\W\d]+(?:/[^\W\d]+)+", seen.word):
        return seen.word.split("/")
    return None


def _versioned(text: str) -> list[str]:
    first, *rest = ([*cardinal(int(part))] for part in text.split(".") if part)
    return [*first, *(said for part in rest for said in ("point", *part))]


_Rule = Callable[[_Seen], "list[str] | None"]

_RULES: tuple[_Rule, ...] = (
    _sign,
    _abbreviation,
    _money,
    _time,
    _date,
    _year,
    _fraction,
    _ordinal,
    _quantity,
    _range,
    _address,
    _mixed,
)
