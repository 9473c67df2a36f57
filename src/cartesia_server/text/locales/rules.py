"""Rules that read numbers and signs by the tables of a locale."""

from __future__ import annotations

import re
from collections.abc import Callable

from cartesia_server.text.locales.clock import Clock
from cartesia_server.text.locales.gender import gender
from cartesia_server.text.locales.locale import Currency, Locale, Noun
from cartesia_server.text.locales.names import Names
from cartesia_server.text.locales.numbers import MASCULINE, Number, Numbers
from cartesia_server.text.locales.parts import Parts
from cartesia_server.text.punctuation import word_set
from cartesia_server.text.seen import Seen
from cartesia_server.text.telephone import Named

# ruff: noqa: RUF001 -- signs look alike

_ALONE_ONLY = word_set("m d r s mm pr st av bd ud vd dr sr")
"""Abbreviations that are such only as capitals."""

_VOWELS = "aeiouyhé"
_MINUS = ("-", "−")
_LINKS = ("de", "di", "y", "e", "et", "o", "ou", "a", "à")
_SAME = {"!=": "≠", "==": "=", "===": "=", "&&": "&", "->": "→", "=>": "→", "<=": "≤", ">=": "≥"}


_UNEVEN = r"\d\d?:(?!00|15|30|45)\d\d|(?:1[3-9]|2\d):(?!00)\d\d"
"""Times that Hindi tells by the hour and the minute."""

_MILLION = 10**6


class Rules:
    """One language as it is read.

    Args:
        locale: its tables.
        decimal_point: whether decimals are written after a point.
    """

    def __init__(self, locale: Locale, *, decimal_point: bool) -> None:
        self._locale = locale
        self._numbers = Numbers(locale.language)
        self._names = Names(locale, self._numbers)
        self._parts = Parts(locale, self._numbers)
        self._clock = Clock(locale, self._numbers, self._parts)
        self._decimal_point = decimal_point
        signs = "|".join(
            re.escape(sign)
            for sign in sorted(locale.currencies, key=len, reverse=True)
            if not sign.isalpha()
        )
        self._before = re.compile(rf"({signs})(\d.*)")
        self._after = re.compile(rf"([-−+]?\d.*?)({signs})")
        large = "|".join(map(re.escape, locale.magnitudes))
        self._large = re.compile(rf"({large})({signs})")
        self._scaled = re.compile(rf"({signs})(\d[\d.,]*)({large})|(\d[\d.,]*)({large})({signs})")
        self._rules: tuple[Callable[[Seen], list[str] | None], ...] = (
            self._sign,
            self._parts.noun,
            self._magnitude,
            self._unit_after_number,
            self._abbreviation,
            self._names.code,
            self._debt,
            self._money,
            self._rate,
            self._clock.time,
            self._rating,
            self._parts.whole,
            self._parts.fraction,
            self._clock.date,
            self._ordinal,
            self._names.roman,
            self._plain,
            self._measure,
            self._product,
            self._names.address,
            self._names.weekdays,
            self._names.day,
            self._names.drawn_out,
            self._range,
            self._names.version,
            self._elided,
            self._names.joined,
        )

        # Most words are plain ones, which few rules know anything of.
        self._plain_rules = (
            self._parts.noun,
            self._magnitude,
            self._unit_after_number,
            self._abbreviation,
            self._money,
            self._names.day,
            self._clock.date,
            self._names.drawn_out,
        )

    @property
    def named(self) -> Named:
        """Words before a number that is typed, and those between."""
        return self._locale.codes, self._locale.code_links

    def said(self, seen: Seen) -> list[str]:
        """What is said for a word among its neighbours."""
        plain = len(seen.word) > 1 and seen.word.isalpha() and seen.word.islower()
        for rule in self._plain_rules if plain else self._rules:
            found = rule(seen)
            if found is not None:
                return found
        return [seen.word]

    def dialled(self, group: str) -> list[str]:
        """A group of a number that is read by its digits."""
        plus = self._locale.signs["+"].split() if group.startswith("+") else []
        digits = group.lstrip("+")
        if self._locale.paired_digits and re.fullmatch("[1-9]\\d", digits):
            return [*plus, *self._numbers.cardinal(int(digits))]
        return [*plus, *self._names.characters(digits)]

    # --- numbers ---

    def parse(self, text: str) -> Number | None:
        """Read a number as it is written here, with thousands divided or not."""
        group, point = (",", ".") if self._decimal_point else (".", ",")
        thousands = rf"\d{{1,3}}(?:{re.escape(group)}\d{{2,3}})*{re.escape(group)}\d{{3}}"
        usual = re.fullmatch(rf"([-−+]?)({thousands}|\d+)(?:{re.escape(point)}(\d+))?", text)
        other = re.fullmatch(rf"([-−+]?)(\d+){re.escape(group)}(\d+)", text)
        foreign = re.fullmatch(
            rf"([-−+]?)(\d{{1,3}}(?:{re.escape(point)}\d{{3}})+){re.escape(group)}(\d{{1,2}})", text
        )
        found = usual or other or foreign
        if found is None:
            return None
        return Number(found[1], re.sub("[.,]", "", found[2]), found[3] or "")

    def _say(self, number: Number, gender: str = "") -> list[str]:
        signs = {"": [], "+": self._locale.signs["+"].split()}
        lead = signs.get(number.sign, [self._locale.minus])
        if not number.decimals:
            if len(number.whole) > 1 and number.whole[0] == "0":
                return [*lead, *self._numbers.digits(number.whole)]
            return [*lead, *self._numbers.amount(number.value, gender)]
        zeros = len(number.decimals) - len(number.decimals.lstrip("0"))
        if not self._locale.read_decimals or len(number.decimals) - zeros > 3:
            zeros = len(number.decimals)
        rest = number.decimals[zeros:]
        return [
            *lead,
            *self._numbers.cardinal(number.value),
            self._locale.comma,
            *self._numbers.digits(number.decimals[:zeros]),
            *(self._numbers.cardinal(int(rest)) if rest else []),
        ]

    def _counted(self, number: Number, noun: Noun) -> list[str]:
        of = [self._locale.million_of] if self._is_million(number) else []
        counted = noun.of(number.count)
        if of and self._locale.language == "fr" and counted[0] in _VOWELS:
            of, counted = [], f"d'{counted}"
        return [*self._say(number, noun.gender), *of, *counted.split()]

    def _is_million(self, number: Number) -> bool:
        whole = bool(number.value) and number.value % _MILLION == 0 and not number.decimals
        return whole and bool(self._locale.million_of)

    # --- rules ---

    def _sign(self, seen: Seen) -> list[str] | None:
        if seen.word == "-":
            numbers = bool(self.parse(seen.before) and self.parse(seen.after))
            if numbers and "=" in seen.later:
                return [self._locale.minus]
            return [self._locale.to] if numbers else ["-"]
        if seen.word in ("*", "<", ">"):
            numbers = seen.before[-1:].isdecimal() or seen.after[:1].isdecimal()
            seen = seen.part("×" if seen.word == "*" else seen.word)
            if not numbers:
                return []
        if seen.word == "/" and seen.word not in self._locale.signs:
            return [","] if seen.before else []
        if seen.word in ("x", "X") and seen.before[:1].isdecimal() and seen.after[:1].isdecimal():
            seen = seen.part("×")
            if "=" not in seen.later:
                return self._by(seen).split()
        if seen.word == "#":
            return self._locale.symbols["#"].split()
        sign = _SAME.get(seen.word, seen.word)
        return self._locale.signs[sign].split() if sign in self._locale.signs else None

    def _magnitude(self, seen: Seen) -> list[str] | None:
        """*Millions* after an amount of money, which is named behind them: ``R$ 2,5 milhões``."""
        name = self._locale.magnitudes.get(seen.word)
        if name is None or seen.cut_before:
            return None
        number, currency = self.parse(seen.before), self._currency(seen.earlier)
        if number is None and (found := self._before.fullmatch(seen.before)):
            number, currency = self.parse(found[2]), self._currency(found[1])
        if number is None:
            return None
        if currency is None and not seen.cut_after:
            currency = self._currency(seen.after)
        return self._of(name, currency) if currency else name.split()

    def _of(self, magnitude: str, currency: Currency) -> list[str]:
        of = "" if magnitude in self._locale.plain_magnitudes else self._locale.million_of
        unit = currency.unit.of(2)
        if of and self._locale.language == "fr" and unit[0] in _VOWELS:
            return [*magnitude.split(), f"d'{unit}"]
        return [*magnitude.split(), *of.split(), *unit.split()]

    def _unit_after_number(self, seen: Seen) -> list[str] | None:
        if seen.cut_before:
            return None
        if seen.word in ("h", "hs", "hrs") and re.fullmatch(r"\d{1,2}[:h]\d\d", seen.before):
            return []
        if self._currency(seen.word) and self._before.fullmatch(seen.before):
            return []
        if self._currency(seen.word) and seen.before in self._locale.magnitudes:
            return [] if self.parse(seen.earlier) else None  # "2,5 mln €"
        if seen.word == "बजे" and re.fullmatch(_UNEVEN, seen.before):
            return []
        number = self.parse(re.sub(r"^.*\d[-–/]", "", seen.before))
        if number is None:
            return None
        noun, currency = self._noun(seen.word), self._currency(seen.word)
        if noun is not None:
            return noun.of(number.count).split()
        if currency is not None:
            return self._money_after(number, currency)
        if found := self._large.fullmatch(seen.word):
            return self._of(self._locale.magnitudes[found[1]], self._locale.currencies[found[2]])
        sign, slash, of = seen.word.partition("/")
        per = self._per(of) if slash else None
        told = self._unit_after_number(seen.part(sign)) if per else None
        return [*(told or [sign]), *per] if per else None

    def _money_after(self, number: Number, currency: Currency) -> list[str]:
        """A unit of money after its amount, and the cents of that."""
        said = self._counted(number, currency.unit)
        unit = said[len(self._say(number, currency.unit.gender)) :]
        if _is_cents(number) and not number.value:
            return currency.cent.of(int(number.decimals)).split()
        if _is_cents(number):
            unit = currency.unit.of(number.value).split()
            return [*unit, *self._cents(number, currency)]
        return unit

    def _noun(self, sign: str) -> Noun | None:
        if len(sign) == 1 and sign.isupper() and sign != "L":
            return None
        return self._locale.units.get(sign.lower())

    def _per(self, name: str) -> list[str] | None:
        """What an amount is for each of: ``mes`` in ``10 €/mes``."""
        if name.lower() in self._locale.per:
            return self._locale.per[name.lower()].split()
        noun = self._locale.units.get(name.lower())
        return [self._locale.per_unit, *noun.one.split()] if noun else None

    def _rate(self, seen: Seen) -> list[str] | None:
        """``10/mes`` after a sign, ``3g/día``."""
        amount, slash, name = seen.word.rpartition("/")
        per = self._per(name) if slash and not name.isdecimal() else None
        if per and amount.isalpha():
            return [amount, *per] if self.parse(seen.before) else None
        if (
            per is None
            or not re.search(r"\d", amount)
            or self._noun(seen.word.lstrip("-−+.,0123456789")) is not None
        ):
            return None
        told = self.said(seen.part(amount, after=""))
        return None if told == [amount] else [*told, *per]

    def _currency(self, sign: str) -> Currency | None:
        return self._locale.currencies.get(sign)

    def _abbreviation(self, seen: Seen) -> list[str] | None:
        article = re.match(r"[^\W\d]{1,5}['’]", seen.word)
        if article:
            told = self._abbreviation(seen.part(seen.word[article.end() :]))
            return [article[0] + told[0], *told[1:]] if told else None
        name = seen.word.lower()
        typed = seen.word.isupper() and name in self._locale.codes
        if name in self._locale.before_numbers and re.match(r"\d|[IVXL]+$", seen.after):
            if typed:
                return None
            return [self._locale.before_numbers[name]]
        if name not in self._locale.abbreviations:
            return None
        if self._currency(seen.word) and self.parse(seen.after):
            return None
        if self._locale.language == "hi" and (seen.cut_after or not seen.after):
            return None  # "प्रो:" is no professor
        street = name in ("av", "bd") and seen.after[:1].isupper()
        if name in _ALONE_ONLY and not seen.word[0].isupper() and not street:
            return None
        if len(name) == 1 and not seen.after[:1].isupper():
            return None
        if (name == "es" and seen.before != "per") or (
            name == "ca" and not seen.after[:1].isdecimal()
        ):
            return None
        return self._locale.abbreviations[name].split()

    def _debt(self, seen: Seen) -> list[str] | None:
        """``-R$ 45,10``: the minus is said before the number."""
        if seen.word[:1] not in _MINUS or seen.word[1:2].isdecimal():
            return None
        said = self._money(seen.part(seen.word[1:]))
        return None if said is None else [self._locale.minus, *said]

    def _money(self, seen: Seen) -> list[str] | None:
        ahead = re.match(r"[-−+]?[\d.,]*\d", seen.after)
        if self._currency(seen.word) and ahead and not seen.cut_after:
            return []  # it is said after the number
        before = seen.before.lstrip("-−")
        sign = before if self._currency(before) and not seen.cut_before else ""
        if found := self._scaled.fullmatch(sign + seen.word):
            return self._large_amount(found)
        number, currency = self.parse(seen.word), self._currency(before)
        currency = None if seen.cut_before else currency
        if number is None and (found := self._before.fullmatch(seen.word)):
            number, currency = self.parse(found[2]), self._currency(found[1])
            if seen.after.isalpha() and self._currency(seen.after) and not seen.cut_after:
                currency = self._currency(seen.after)  # $20 MXN
        elif number is None and (found := self._after.fullmatch(seen.word)):
            number, currency = self.parse(found[1]), self._currency(found[2])
        if number is not None and currency and seen.after in self._locale.magnitudes:
            return self._say(number)
        after = None if seen.cut_after else self._currency(seen.after.partition("/")[0])
        if number is not None and currency is None and after:
            cents = _is_cents(number)
            if cents and not number.value:
                return self._numbers.cardinal(int(number.decimals), after.cent.gender)
            part = Number(number.sign, number.whole, "") if cents else number
            return self._say(part, after.unit.gender)
        if number is None or currency is None:
            return None
        if not _is_cents(number):
            return self._counted(number, currency.unit)
        if not number.value:
            return [*self._cents(number, currency)][1 if self._locale.cents_join else 0 :]
        whole = Number(number.sign, number.whole, "")
        return [*self._counted(whole, currency.unit), *self._cents(number, currency)]

    def _large_amount(self, found: re.Match[str]) -> list[str] | None:
        """``$1.2M`` and ``3,5M€``."""
        number = self.parse(found[2] or found[4])
        if number is None:
            return None
        name = self._locale.magnitudes[found[3] or found[5]]
        name = self._locale.one_million if number.count == 1 and self._is_many(name) else name
        currency = self._locale.currencies[found[1] or found[6]]
        return [*self._say(number, MASCULINE), *self._of(name, currency)]

    def _is_many(self, magnitude: str) -> bool:
        return magnitude == self._locale.magnitudes.get("M")

    def _cents(self, number: Number, currency: Currency) -> list[str]:
        cents = int(number.decimals)
        if not cents:
            return []
        join = [self._locale.cents_join] if self._locale.cents_join else []
        said = self._numbers.cardinal(cents, currency.cent.gender)
        return [*join, *said, *currency.cent.of(cents).split()]

    def _ordinal(self, seen: Seen) -> list[str] | None:
        found = re.fullmatch(r"(\d+)\.?([^\W\d]+|[º°ª]|\D+)s?", seen.word)
        if seen.word in self._locale.few_ordinals:
            return [self._locale.few_ordinals[seen.word]]
        if found and found[2] in self._locale.ordinal_endings:
            *words, last = self._numbers.cardinal(int(found[1]))
            return [*words, last + found[2]]
        if not found or found[2] not in self._locale.ordinal_marks:
            return None
        if found[2] == "°" and self._noun(seen.after):
            return None
        gender = self._locale.ordinal_marks[found[2]]
        if self._locale.language == "es" and gender == MASCULINE and seen.after.isalpha():
            gender = "masculine-adjective"  # tercer piso
        return self._numbers.ordinal(int(found[1]), gender)

    def _plain(self, seen: Seen) -> list[str] | None:
        number = self.parse(seen.word)
        if number is None:
            return None
        noun = None if seen.cut_after else self._noun(seen.after)
        counted = "" if seen.cut_after else seen.after
        kind = noun.gender if noun else gender(self._locale, counted, number)
        said = self._say(number, kind)
        if self._locale.language == "it" and said == ["una"] and seen.after[:1].lower() in "aeiou":
            return ["un'"]
        counts = self._is_million(number) and seen.after[:1].islower() and noun is None
        linked = seen.after in _LINKS or seen.after.startswith(("d'", "d’"))
        return [*said, self._locale.million_of] if counts and not linked else said

    def _measure(self, seen: Seen) -> list[str] | None:
        if (found := re.fullmatch(r"(\d)m(\d\d)", seen.word)) and "m" in self._locale.units:
            metre = self._locale.units["m"].of(int(found[1])).split()
            return [
                *self._numbers.cardinal(int(found[1]), MASCULINE),
                *metre,
                *self._numbers.cardinal(int(found[2])),
            ]
        found = re.fullmatch(r"([-−+]?\d[\d.,]*)([^\d.,].*)", seen.word)
        number = self.parse(found[1]) if found else None
        if found is None or number is None:
            return None
        noun = self._noun(found[2])
        return self._counted(number, noun) if noun else None

    def _product(self, seen: Seen) -> list[str] | None:
        """``1920x1080`` and ``3x1``."""
        parts = re.split(r"(?<=\d)[x×](?=\d)", seen.word)
        if len(parts) < 2 or parts[0] == "0":
            return None
        told = [self.said(Seen(part)) for part in parts]
        by = self._by(seen).split()
        return [*told[0], *(word for words in told[1:] for word in [*by, *words])]

    def _by(self, seen: Seen) -> str:
        """What is said between the numbers of a product, or of a result: ``venceu por 3x1``."""
        near = {word.lower() for word in (*seen.former, *seen.later)}
        if near & self._locale.scores:
            return self._locale.to
        return self._locale.by or self._locale.signs["×"]

    def _rating(self, seen: Seen) -> list[str] | None:
        """``4,8/5`` and ``95/100``: so many of so many."""
        found = re.fullmatch(r"(\d+[.,]\d+)/(\d+)|(\d+)/(100)", seen.word)
        number = self.parse(found[1] or found[3]) if found else None
        if found is None or number is None:
            return None
        most = self._numbers.cardinal(int(found[2] or found[4]))
        return self._locale.rating.format(" ".join(self._say(number)), " ".join(most)).split()

    def _elided(self, seen: Seen) -> list[str] | None:
        """``l'1,2%`` and ``d'11``: an article that has lost its vowel before a number."""
        found = re.fullmatch(r"([^\W\d]{0,6}['’])(\d.*)", seen.word)
        if not found:
            return None
        if len(found[1]) == 1:
            return self.said(seen.part(found[2], before="", after=""))  # '90
        first, *rest = self.said(seen.part(found[2], before="")) or [found[2]]
        return None if first == found[2] else [found[1] + first, *rest]

    def _range(self, seen: Seen) -> list[str] | None:
        first, dash, second = seen.word.replace("–", "-").partition("-")
        if not dash or not first[-1:].isalnum() or not second[:1].isdecimal():
            return None
        if not first[:1].isdecimal():
            return None
        if first.isdecimal() and second.isdecimal() and second[0] == "0" and len(second) > 1:
            *rest, last = self._names.characters(first)
            return [*rest, f"{last},", *self._names.characters(second)]
        left, right = self.said(seen.part(first, after="")), self.said(seen.part(second, before=""))
        if [first] == left or [second] == right:
            return None
        model = re.fullmatch(r"7[0-8]7-(?:\d00|8|9|10)", seen.word)  # Boeing 737-800
        plain = self._locale.language == "hi" and seen.after == self._locale.to
        return [*left, *([] if model or plain else [self._locale.to]), *right]


def _is_cents(number: Number) -> bool:
    return len(number.decimals) == 2
