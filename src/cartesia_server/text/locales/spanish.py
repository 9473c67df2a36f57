"""Spanish."""

from __future__ import annotations

from cartesia_server.text.locales.locale import Currency, Locale, noun
from cartesia_server.text.locales.numbers import FEMININE, MASCULINE

# ruff: noqa: RUF001 -- signs look alike

_CENT = noun("céntimo")
_CENTAVO = noun("centavo")
_EURO = Currency(noun("euro"), _CENT)
_DOLLAR = Currency(noun("dólar", "dólares"), _CENTAVO)
_POUND = Currency(noun("libra", feminine=True), noun("penique"))
_YEN = Currency(noun("yen", "yenes"), _CENT)
_PESO = Currency(noun("peso"), _CENTAVO)

_MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def _date(day: list[str], month: str, year: list[str]) -> list[str]:
    return [*day, "de", month, *(["de", *year] if year else [])]


def _time(hour: list[str], minutes: list[str]) -> list[str]:
    return [*hour, *(["y", *minutes] if minutes else ["en", "punto"])]


SPANISH = Locale(
    language="es",
    comma="coma",
    months=_MONTHS,
    short_months={name[:3]: index + 1 for index, name in enumerate(_MONTHS)} | {"sept": 9},
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
        "MXN": _PESO,
        "MX$": _PESO,
    },
    units={
        "%": noun("por ciento", "por ciento"),
        "km": noun("kilómetro"),
        "m": noun("metro"),
        "cm": noun("centímetro"),
        "mm": noun("milímetro"),
        "m²": noun("metro cuadrado", "metros cuadrados"),
        "kg": noun("kilo"),
        "g": noun("gramo"),
        "mg": noun("miligramo"),
        "l": noun("litro"),
        "ml": noun("mililitro"),
        "t": noun("tonelada", feminine=True),
        "h": noun("hora", feminine=True),
        "min": noun("minuto"),
        "seg": noun("segundo"),
        "s": noun("segundo"),
        "km/h": noun("kilómetro por hora", "kilómetros por hora"),
        "°c": noun("grado Celsius", "grados Celsius"),
        "ºc": noun("grado Celsius", "grados Celsius"),
        "°": noun("grado"),
        "kb": noun("kilobyte"),
        "mb": noun("megabyte"),
        "gb": noun("gigabyte"),
        "tb": noun("terabyte"),
        "kw": noun("kilovatio"),
        "kwh": noun("kilovatio hora", "kilovatios hora"),
    },
    abbreviations={
        "sr": "señor",
        "sra": "señora",
        "srta": "señorita",
        "sres": "señores",
        "dr": "doctor",
        "dra": "doctora",
        "d": "don",
        "dña": "doña",
        "ud": "usted",
        "uds": "ustedes",
        "vd": "usted",
        "etc": "etcétera",
        "pág": "página",
        "págs": "páginas",
        "núm": "número",
        "n.º": "número",
        "nº": "número",
        "n°": "número",
        "tel": "teléfono",
        "avda": "avenida",
        "av": "avenida",
        "c/": "calle",
        "aprox": "aproximadamente",
        "p.ej": "por ejemplo",
        "ee.uu": "Estados Unidos",
        "a.m": "a eme",
        "p.m": "pe eme",
        "s.a": "ese a",
    },
    signs={
        "&": "y",
        "+": "más",
        "=": "igual a",
        "@": "arroba",
        "%": "por ciento",
        "×": "por",
        "÷": "entre",
        "<": "menor que",
        ">": "mayor que",
        "°": "grados",
    },
    symbols={
        ".": "punto",
        "/": "barra",
        "@": "arroba",
        "-": "guion",
        "_": "guion bajo",
        ":": "dos puntos",
    },
    minus="menos",
    to="a",
    cents_join="con",
    million_of="de",
    ordinal_marks={
        "º": MASCULINE,
        "°": MASCULINE,
        "o": MASCULINE,
        "er": "masculine-adjective",
        "ª": FEMININE,
        "a": FEMININE,
    },
    ruler_ordinals=10,
    centuries=("siglo", "siglos"),
)
