"""Money, fractions, ordinals and measures in English words."""

from __future__ import annotations

import re

from cartesia_server.text import fractions
from cartesia_server.text.english.numbers import cardinal, decimal, digits, ordinal, year
from cartesia_server.text.english.tables import (
    ATTACHED_ONLY,
    CURRENCIES,
    INVARIANT,
    LEADS,
    LOWER_CASE_ONLY,
    MAGNITUDES,
    NUMBER,
    PER,
    PLURALS,
    ROOMS,
    SPELLED_MAGNITUDES,
    UNITS,
    UPPER_CASE_ONLY,
)
from cartesia_server.text.punctuation import word_set
from cartesia_server.text.seen import Seen

# ruff: noqa: RUF001 -- signs look alike

_NO_NOUNS = word_set("and or of in on is are was to for per at than from by with if when then")
_SIGN = "|".join(
    re.escape(sign) for sign in sorted(CURRENCIES, key=len, reverse=True) if not sign.isalpha()
)
_OPERATORS = ("=", "+", "-", "−")
_POWERS = {"sq": "square", "cu": "cubic"}
_CODE = "|".join(sign for sign in CURRENCIES if sign.isalpha())


def money(seen: Seen) -> list[str] | None:
    """``$3.50``, ``20€``, ``£5 million``, ``5¢``; codes too, before or after the number."""
    if seen.word in CURRENCIES and not seen.word.isalpha():
        return plural(CURRENCIES[seen.word][0]).split()
    if re.fullmatch(_CODE, seen.word):
        return _currency_code(seen)
    if seen.word.lower() in SPELLED_MAGNITUDES:
        found = re.fullmatch(
            rf"({_SIGN})(?:{NUMBER})(?:[-–](?:{_SIGN})?(?:{NUMBER}))?", seen.before
        )
        sign = found[1] if found else seen.earlier
        coded = re.fullmatch(_CODE, sign) and re.fullmatch(NUMBER, seen.before)
        return [seen.word, *plural(CURRENCIES[sign][0]).split()] if found or coded else None
    if found := re.fullmatch(rf"({NUMBER})¢", seen.word):
        return measured(found[1], "cent", decimal(found[1]))
    sign, amount, minus = "", "", ""
    if found := re.fullmatch(rf"([-−]?)({_SIGN})({NUMBER})([kKmMbBtT]n?)?\+?", seen.word):
        minus, sign, amount, letters = found[1], found[2], found[3], found[4] or ""
    elif found := re.fullmatch(rf"([~≈<>≤≥±])((?:{_SIGN}).+)", seen.word):
        told = money(seen.part(found[2]))
        return [*LEADS[found[1]].split(), *told] if told else None
    elif found := re.fullmatch(rf"({NUMBER})({_SIGN})", seen.word):
        amount, sign, letters = found[1], found[2], ""
    elif re.fullmatch(NUMBER, seen.word) and re.fullmatch(_CODE, seen.before):
        sign, amount, letters = seen.before, seen.word, ""
    else:
        return None
    if amount[0] in "+-−":
        minus, amount = amount[0].strip("+"), amount[1:]
    more = ["plus"] if seen.word.endswith("+") else []
    lead = ["minus"] if minus else []
    return [*lead, *_amount(seen, sign, amount.replace(",", ""), letters.lower()), *more]


def _currency_code(seen: Seen) -> list[str] | None:
    unit = CURRENCIES[seen.word][0]
    if re.fullmatch(NUMBER, seen.before) and not seen.cut_before:
        return measured(seen.before, unit)
    if seen.before.lower() in SPELLED_MAGNITUDES:
        return plural(unit).split()
    ahead = re.fullmatch(NUMBER, seen.after) and not seen.cut_after
    return [] if ahead or _coded(seen.before, seen.word) else None


def _coded(amount: str, code: str) -> bool:
    """Whether a code tells whose dollars or pesos an amount is in: ``$20 MXN``."""
    return bool(re.fullmatch(rf"\$({NUMBER})", amount) and re.fullmatch(_CODE, code))


def _amount(seen: Seen, sign: str, amount: str, letters: str) -> list[str]:
    if not seen.cut_after and _coded(seen.word, seen.after):
        sign = seen.after
    unit, small = CURRENCIES[sign]
    whole, _, part = amount.partition(".")
    if _describes(seen.before, seen) and (letters or not part):
        # "a $5 bill" is one of five dollar.
        magnitude = [MAGNITUDES[letters]] if letters else []
        return [*decimal(amount), *magnitude, *unit.split()]
    if letters:
        return [*decimal(amount), MAGNITUDES[letters], *plural(unit).split()]
    if seen.after.lower() in SPELLED_MAGNITUDES:
        return decimal(amount)
    if not small or (part and len(part) != 2):
        return [*decimal(amount), *plural(unit).split()]
    said = measured(whole, unit, cardinal(int(whole))) if int(whole or 0) or not part else []
    if part and int(part):
        cents = [*cardinal(int(part)), *measured(part, small)]
        return [*said, *(["and"] if said else []), *cents]
    return said


def _describes(article: str, seen: Seen) -> bool:
    """Whether a measure says of what kind the next word is: ``a $5 bill``, ``a 10 km run``."""
    noun = re.match(r"[^\W\d_]|\d+[A-Z]", seen.after) and seen.after.lower() not in _NO_NOUNS
    return article.lower() in ("a", "an") and bool(noun) and not seen.cut_after


def fraction(seen: Seen) -> list[str] | None:
    """``3/4`` as *three quarters*; ``24/7`` and ``50/50`` as two numbers."""
    if found := re.fullmatch(rf"(\d*)([{fractions.SIGNS}])", seen.word):
        whole = [*cardinal(int(found[1])), "and"] if found[1] else []
        if not whole and seen.before.isdecimal():
            whole = ["and"]
        return [*whole, *_parts(*fractions.parts(found[2]))]
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)/(10|100)|(\d+\.\d+)/(\d+)", seen.word):
        count, of = found[1] or found[3], found[2] or found[4]
        return [*decimal(count), "out", "of", *decimal(of)]
    found = re.fullmatch(r"(\d{1,4})/(\d{1,4})", seen.word)
    if not found:
        return None
    part, parts = int(found[1]), int(found[2])
    if 1900 <= part < 2100:
        return [*year(part), *cardinal(parts)]
    if part > parts > 0 and seen.word != "24/7":
        return [*cardinal(part), "over", *cardinal(parts)]
    if seen.word in ("24/7", "9/11") or part >= parts or not 1 < parts < 100:
        return [*cardinal(part), *cardinal(parts)]
    whole = ["and"] if seen.before.isdecimal() else []
    return [*whole, *_parts(part, parts)]


def _parts(count: int, of: int) -> list[str]:
    name = {2: ["half"], 4: ["quarter"]}.get(of) or ordinal(of)
    *words, last = name
    more = {"half": "halves"}.get(last, last + "s") if count > 1 else last
    return [*cardinal(count), *words, more]


def ordinal_number(seen: Seen) -> list[str] | None:
    """``22nd`` as *twenty second*."""
    found = re.fullmatch(r"(\d[\d,]*)(?:st|nd|rd|th)(s?)", seen.word, re.IGNORECASE)
    if not found:
        return None
    *words, last = ordinal(int(found[1].replace(",", "")))
    return [*words, last + found[2].lower()]


def height(seen: Seen) -> list[str] | None:
    """``5'10`` as *five foot ten*."""
    found = re.fullmatch(r"(\d)['’′](\d{1,2})[\"”″]?", seen.word)
    return [*cardinal(int(found[1])), "foot", *cardinal(int(found[2]))] if found else None


def power(seen: Seen) -> list[str] | None:
    """``10^6``, ``6.02e23`` and ``x²``."""
    if found := re.fullmatch(r"(\w+)([²³])", seen.word):
        base = decimal(found[1]) if found[1].isdecimal() else _letters(found[1])
        return [*base, "squared" if found[2] == "²" else "cubed"]
    if found := re.fullmatch(rf"({NUMBER})[eE]([-+]?\d+)", seen.word):
        return [*decimal(found[1]), "times", "ten", *_to_the(found[2])]
    if found := re.fullmatch(rf"({NUMBER}|[A-Za-z])\^([-+−]?\d+)", seen.word):
        base = [found[1]] if found[1].isalpha() else decimal(found[1])
        return [*base, *_to_the(found[2])]
    return None


def _letters(text: str) -> list[str]:
    return list(text) if len(text) < 3 else [text]


def _to_the(exponent: str) -> list[str]:
    return ["to", "the", "power", "of", *decimal(exponent)]


def quantity(seen: Seen) -> list[str] | None:
    """Numbers, with a sign before or a unit behind."""
    found = re.fullmatch(rf"([#~≈<>≤≥±√]?)({NUMBER})(\+?)(-?)([^\d+]*[23]?)(\+?)", seen.word)
    if not found:
        return None
    lead, number, unit = found[1], found[2], found[5]
    said = LEADS[lead].split() if lead else []
    if number[0] == "+":
        said.append("plus")
    more = ["plus"] if found[3] or found[6] else []
    if not unit:
        long = number.isdecimal() and len(number) >= 7
        return [*said, *(digits(number) if long else decimal(number)), *more]
    told = _with_unit(seen, number, unit, of_kind=bool(found[4]))
    return None if told is None else [*said, *told, *more]


def _with_unit(seen: Seen, number: str, unit: str, *, of_kind: bool) -> list[str] | None:
    name = unit.lower()
    if unit in ("k", "M", "bn", "mn") or (unit == "K" and len(number) > 1):
        return [*decimal(number), MAGNITUDES[name]]
    if unit == "B" and seen.before.lower() not in ROOMS:
        return [*decimal(number), MAGNITUDES[name]]
    if name.replace(".", "") in ("am", "pm"):
        return [*decimal(number), *name.replace(".", "").upper()]
    if unit == "x" and (seen.before in _OPERATORS or seen.after in _OPERATORS):
        return [*decimal(number), unit]
    named = unit_name(unit)
    if named is None or (name in ("c", "f") and "." not in number):
        return None
    if of_kind or _describes(seen.before, seen):
        return [*decimal(number), *named.split()]
    return [*decimal(number), *measured(number, named)]


def unit_name(sign: str) -> str | None:
    """What the sign of a unit means, in the singular: ``mg/dL`` too."""
    name = sign.lower()
    if name in UNITS:
        wrong = LOWER_CASE_ONLY if sign != name else UPPER_CASE_ONLY
        return None if name in wrong else UNITS[name]
    first, *rest = name.split("/")
    of = [PER.get(part) or UNITS.get(part) for part in rest]
    if first not in UNITS or not of or not all(of):
        return None
    return " per ".join([UNITS[first], *map(str, of)])


def unit_after_number(seen: Seen) -> list[str] | None:
    """A unit after a space: ``5 km``."""
    name, number = seen.word.lower(), seen.before
    if seen.cut_before:
        return None
    if name in _POWERS and re.fullmatch(NUMBER, number):
        return [_POWERS[name]]
    if number in _POWERS:
        number = seen.earlier
    if name == "in" and (seen.earlier in ("ft", "feet", "foot", "x") or "x" in number):
        return measured(number, "inch") if number[:1].isdecimal() else None
    named = unit_name(seen.word)
    if named is None or name in ATTACHED_ONLY:
        return None
    if found := re.fullmatch(rf"(\d+)/(\d+)|(\d*)[{fractions.SIGNS}]", number):
        mixed = found[3] or seen.earlier.isdecimal()
        whole = mixed or (found[1] and int(found[1]) > int(found[2]))
        return (plural(named) if whole else named).split()
    number = number.lstrip("".join(LEADS))
    if not re.fullmatch(rf"(?:{NUMBER})(?:[-–](?:{NUMBER}))?", number):
        return None
    return named.split() if _describes(seen.earlier, seen) else measured(number, named)


def measured(number: str, unit: str, said: list[str] | None = None) -> list[str]:
    """The unit in the singular or plural that the number asks for, after `said` if given."""
    one = number.replace(",", "") in ("1", "01")
    return [*(said or []), *(unit if one else plural(unit)).split()]


def plural(unit: str) -> str:
    """Many of a unit: *miles per hour*, *Swiss francs*."""
    head, _, tail = unit.partition(" per ")
    *words, last = head.split()
    if last in INVARIANT and words:
        words[0] = _plural_word(words[0])
    elif last not in INVARIANT:
        last = _plural_word(last)
    return " ".join([*words, last]) + (f" per {tail}" if tail else "")


def _plural_word(word: str) -> str:
    return PLURALS.get(word, word + "s")
