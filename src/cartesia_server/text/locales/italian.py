"""Italian."""

from __future__ import annotations

from cartesia_server.text.locales.locale import Currency, Locale, noun
from cartesia_server.text.locales.numbers import FEMININE, MASCULINE

# ruff: noqa: RUF001 -- signs look alike

_CENT = noun("centesimo", "centesimi")
_EURO = Currency(noun("euro", "euro"), _CENT)
_DOLLAR = Currency(noun("dollaro", "dollari"), noun("centesimo", "centesimi"))
_POUND = Currency(noun("sterlina", "sterline", feminine=True), noun("penny", "pence"))
_YEN = Currency(noun("yen", "yen"), _CENT)

_MONTHS = (
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
)


def _date(day: list[str], month: str, year: list[str]) -> list[str]:
    return [*day, month, *year]


def _time(hour: list[str], minutes: list[str]) -> list[str]:
    return [*hour, *(["e", *minutes] if minutes else ["in", "punto"])]


ITALIAN = Locale(
    language="it",
    comma="virgola",
    months=_MONTHS,
    short_months={name[:3]: index + 1 for index, name in enumerate(_MONTHS)} | {"sett": 9},
    date=_date,
    time=_time,
    currencies={
        "€": _EURO,
        "EUR": _EURO,
        "$": _DOLLAR,
        "US$": _DOLLAR,
        "USD": _DOLLAR,
        "£": _POUND,
        "GBP": _POUND,
        "¥": _YEN,
    },
    units={
        "%": noun("per cento", "per cento"),
        "km": noun("chilometro", "chilometri"),
        "m": noun("metro", "metri"),
        "cm": noun("centimetro", "centimetri"),
        "mm": noun("millimetro", "millimetri"),
        "m²": noun("metro quadrato", "metri quadrati"),
        "mq": noun("metro quadrato", "metri quadrati"),
        "kg": noun("chilo", "chili"),
        "g": noun("grammo", "grammi"),
        "mg": noun("milligrammo", "milligrammi"),
        "l": noun("litro", "litri"),
        "ml": noun("millilitro", "millilitri"),
        "t": noun("tonnellata", "tonnellate", feminine=True),
        "h": noun("ora", "ore", feminine=True),
        "min": noun("minuto", "minuti"),
        "sec": noun("secondo", "secondi"),
        "s": noun("secondo", "secondi"),
        "km/h": noun("chilometro all'ora", "chilometri all'ora"),
        "°c": noun("grado Celsius", "gradi Celsius"),
        "°": noun("grado", "gradi"),
        "kb": noun("kilobyte", "kilobyte"),
        "mb": noun("megabyte", "megabyte"),
        "gb": noun("gigabyte", "gigabyte"),
        "tb": noun("terabyte", "terabyte"),
        "kw": noun("chilowatt", "chilowatt"),
        "kwh": noun("chilowattora", "chilowattora"),
    },
    abbreviations={
        "sig": "signor",
        "sig.ra": "signora",
        "sig.na": "signorina",
        "dott": "dottor",
        "dott.ssa": "dottoressa",
        "dr": "dottor",
        "prof": "professor",
        "prof.ssa": "professoressa",
        "ing": "ingegner",
        "avv": "avvocato",
        "ecc": "eccetera",
        "pag": "pagina",
        "n°": "numero",
        "nº": "numero",
        "tel": "telefono",
        "p.zza": "piazza",
        "v.le": "viale",
        "c.so": "corso",
        "ca": "circa",
        "es": "esempio",
        "s.p.a": "esse pi a",
    },
    signs={
        "&": "e",
        "+": "più",
        "=": "uguale",
        "@": "chiocciola",
        "%": "per cento",
        "×": "per",
        "÷": "diviso",
        "<": "minore di",
        ">": "maggiore di",
        "°": "gradi",
    },
    symbols={
        ".": "punto",
        "/": "barra",
        "@": "chiocciola",
        "-": "trattino",
        "_": "trattino basso",
        ":": "due punti",
    },
    minus="meno",
    to="a",
    cents_join="e",
    million_of="di",
    ordinal_marks={"º": MASCULINE, "°": MASCULINE, "ª": FEMININE},
    ruler_ordinals=100,
    century_ordinals=100,
    centuries=("secolo", "secoli"),
)
