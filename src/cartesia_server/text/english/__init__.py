"""English in words as they are said.

A rule looks at one word among its neighbours and says what is said for it, or None; the first that
knows it is followed. A word that ends in a comma is followed by a short pause.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from cartesia_server.text.english import calendar, codes, colloquial, names, quantities
from cartesia_server.text.english.numbers import cardinal, digits
from cartesia_server.text.english.tables import KEYS, NUMBER, PER, SIGNS
from cartesia_server.text.seen import Seen

# ruff: noqa: RUF001, RUF002 -- signs look alike


def said(seen: Seen) -> list[str]:
    """What is said for a word among its neighbours."""
    # Most words are plain ones, which few rules know anything of.
    plain = len(seen.word) > 1 and seen.word.isalpha() and seen.word.islower()
    for rule in _PLAIN_RULES if plain else _RULES:
        found = rule(seen)
        if found is not None:
            return found
    return [seen.word]


def dialled(group: str) -> list[str]:
    """A group of a number that is read by its digits: ``+44``; letters are named."""
    plus = ["plus"] if group.startswith("+") else []
    return [*plus, *(name for one in group.lstrip("+") for name in _named(one))]


def _named(character: str) -> list[str]:
    return digits(character) if character.isdecimal() else [character]


def _range(seen: Seen) -> list[str] | None:
    """``$10-$20``, ``8:00–17:00``, ``Mon-Fri``, scores and ratios."""
    if found := re.fullmatch(r"(\d+):(\d+)", seen.word):
        return [*cardinal(int(found[1])), "to", *cardinal(int(found[2]))]
    if found := re.fullmatch(r"(\d\d?/\d\d?)[-–—](\d\d?/\d\d?)", seen.word):
        left, right = (_date(seen, end) for end in found.groups())
        return [*left, "to", *right] if left and right else None
    if seen.word in ("M-F", "M–F"):
        return ["Monday", "to", "Friday"]
    parts = re.split(r"(?<=[\w%.)])[-–—](?=[\w$€£.])", seen.word)
    if len(parts) != 2:
        return None
    first, second = parts
    ends = [calendar.short_name(part) for part in parts]
    if all(ends):
        return [*(ends[0] or []), "to", *(ends[1] or [])]
    if not all(re.match(rf"[$€£]?(?:{NUMBER})", part) for part in parts):
        return None
    if first[-1].isdecimal() and (unit := re.fullmatch(rf"([$€£])?(?:{NUMBER})(\D*)", second)):
        # A sign of one end holds for both, and is said once.
        if first[0] in "$€£" and not unit[1] and not unit[2]:
            second, first = first[0] + second, first[1:]
        elif unit[1] and first[0] == unit[1]:
            first = first[1:]
    before, after = seen.part(first, after=""), seen.part(second, before="to")
    left, right = said(before), said(after)
    if [first] == left or [second] == right:
        return None
    return [*left, "to", *right]


def _date(seen: Seen, text: str) -> list[str] | None:
    return calendar.date(seen.part(text, before="on", after=""))


def _rate(seen: Seen) -> list[str] | None:
    """``$9.99/mo`` and ``2x/day``: so much for each."""
    amount, slash, name = seen.word.rpartition("/")
    if not slash or name.lower() not in PER or not re.search(r"\d", amount):
        return None
    return [*said(seen.part(amount, after="")), "per", PER[name.lower()]]


def _equation(seen: Seen) -> list[str] | None:
    """``5-3=2``, ``DEBUG=True``, ``Ctrl+C``: side by side."""
    if found := re.fullmatch(rf"((?i:{'|'.join(KEYS)}))-([A-Z]|F\d\d?)", seen.word):
        return [*said(Seen(found[1])), *said(Seen(found[2]))]
    parts = re.split(r"(?<=[\w)])(={1,3}|!=|[+×÷])(?=[\w$-])", seen.word)
    if len(parts) < 3:
        return None
    equals = any("=" in sign for sign in parts[1::2])
    spoken: list[str] = []
    for place, part in enumerate(parts):
        if place % 2:
            pressed = parts[place - 1].lower() in KEYS
            spoken += [] if pressed else SIGNS[part[0] if part[0] != "!" else part].split()
        elif equals and re.fullmatch(r"\d+(?:[-−]\d+)+", part):
            first, *rest = re.split("[-−]", part)
            spoken += [*cardinal(int(first)), *(w for n in rest for w in ("minus", *said(Seen(n))))]
        else:
            spoken += said(Seen(part))
    return spoken


def _product(seen: Seen) -> list[str] | None:
    """``1920x1080`` and ``5mm×10mm``: by each other."""
    parts = re.split(r"(?<=[\w″′])[x×](?=\.?\d)", seen.word)
    if len(parts) < 2 or parts[0] == "0" or not all(re.match(r"\.?\d", part) for part in parts):
        return None
    spoken: list[str] = []
    for part in parts:
        plain = part.isdecimal() and len(part) > 2
        spoken += ["by", *(codes.year_or_digits(part) if plain else said(Seen(part)))]
    return spoken[1:]


def _chain(seen: Seen) -> list[str] | None:
    """Numbers that are neither a date nor a difference: ``12-4-1``, ``24/7/365``, ``72°/58°``."""
    if re.fullmatch(r"\d+(?:-\d+){2,}|\d+(?:/\d+){2,}", seen.word):
        parts = re.split("[-/]", seen.word)
        if not any(part[0] == "0" and len(part) > 1 for part in parts):
            return [word for part in parts for word in cardinal(int(part))]
        return [*(w for part in parts[:-1] for w in _with_pause(digits(part))), *digits(parts[-1])]
    parts = seen.word.split("/")
    if len(parts) < 2 or not all(re.match(r"[-~<>]?[$€£]?\d", part) for part in parts):
        return None
    told = [said(Seen(part)) for part in parts]
    if any([part] == words for part, words in zip(parts, told, strict=True)):
        return None
    return [*(word for words in told[:-1] for word in _with_pause(words)), *told[-1]]


def _with_pause(words: list[str]) -> list[str]:
    return [*words[:-1], f"{words[-1]},"]


def _compound(seen: Seen) -> list[str] | None:
    """``3-year-old``, ``mid-1990s``, ``2nd-gen``: part by part, where one is a number."""
    parts = seen.word.split("-")
    if len(parts) < 2 or not all(parts):
        return None
    if not any(re.match(r"['’$€£]?\d", part) for part in parts):
        return None
    if not any(re.fullmatch(r"[^\W\d_]{2,}", part) for part in parts):
        return None
    spoken: list[str] = []
    for place, part in enumerate(parts):
        before = parts[place - 1] if place else seen.before
        if part[0] in "$€£":
            before, after = "a", parts[-1]
        else:
            after = ""
        spoken += said(Seen(part, before=before, after=after, american=seen.american))
    return spoken


def _mixed(seen: Seen) -> list[str] | None:
    """Hashtags, and words divided by slashes or dashes."""
    if seen.word.startswith("#") and len(seen.word) > 1:
        parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", seen.word[1:])
        whole = len(parts) > 1 and "".join(parts) == seen.word[1:]
        numbers = [said(Seen(part, before="in")) if part.isdecimal() else [part] for part in parts]
        told = [word for words in numbers for word in words]
        return ["hashtag", *(told if whole else said(seen.part(seen.word[1:])))]
    if "/" in seen.word and re.fullmatch(r"[^\W\d]+(?:/[^\W\d]+)+", seen.word):
        *rest, last = seen.word.split("/")
        rated = re.fullmatch(NUMBER, seen.before) or seen.before == "per"
        per = PER.get(last.lower()) if rated else None
        return [*rest, "per", per] if per else [*rest, last]
    if re.fullmatch(r"[A-Z\d]*[A-Za-z\d]{1,4}/\d+[a-z]*", seen.word):
        first, second = seen.word.split("/")
        return [*_with_pause(said(seen.part(first, after=""))), *said(seen.part(second, before=""))]
    if re.fullmatch(r"[^\W\d]+(?:–[^\W\d]+)+", seen.word):
        *rest, last = seen.word.split("–")
        return [*(f"{word}," for word in rest), last]
    return None


_Rule = Callable[[Seen], "list[str] | None"]

_PLAIN_RULES: tuple[_Rule, ...] = (
    quantities.unit_after_number,
    names.abbreviation,
    colloquial.interjection,
    colloquial.drawn_out,
    quantities.money,
)
"""Those of the rules below that may know a word in small letters."""

_RULES: tuple[_Rule, ...] = (
    names.sign,
    quantities.unit_after_number,
    calendar.named,
    names.place,
    names.abbreviation,
    colloquial.interjection,
    colloquial.drawn_out,
    colloquial.stammer,
    names.shouted,
    names.acronym,
    names.roman,
    quantities.money,
    calendar.time,
    _rate,
    codes.numbered_address,
    calendar.date,
    calendar.day_or_month,
    calendar.moment,
    calendar.duration,
    _product,
    codes.special,
    codes.formula,
    codes.model,
    codes.lettered,
    codes.code,
    calendar.year_number,
    quantities.fraction,
    quantities.ordinal_number,
    quantities.height,
    quantities.power,
    quantities.quantity,
    codes.version,
    names.address,
    _equation,
    _range,
    _compound,
    _mixed,
    _chain,
    colloquial.initialism,
)
