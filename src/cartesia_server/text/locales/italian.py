"""Italian."""

from __future__ import annotations

from cartesia_server.text.locales.locale import Currency, Locale, days, noun
from cartesia_server.text.locales.numbers import FEMININE, MASCULINE
from cartesia_server.text.punctuation import word_set

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
    return [*hour, *(["e", *minutes] if minutes else [])]


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
        "m2": noun("metro quadrato", "metri quadrati"),
        "m³": noun("metro cubo", "metri cubi"),
        "m3": noun("metro cubo", "metri cubi"),
        "km²": noun("chilometro quadrato", "chilometri quadrati"),
        "km2": noun("chilometro quadrato", "chilometri quadrati"),
        "dl": noun("decilitro", "decilitri"),
        "mmhg": noun("millimetro di mercurio", "millimetri di mercurio"),
        "kcal": noun("chilocaloria", "chilocalorie", feminine=True),
        "ms": noun("millisecondo", "millisecondi"),
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
        "≠": "diverso da",
        "≤": "minore o uguale a",
        "≥": "maggiore o uguale a",
        "≈": "circa",
        "±": "più o meno",
        "→": "a",
    },
    symbols={
        ".": "punto",
        "/": "barra",
        "@": "chiocciola",
        "-": "trattino",
        "_": "trattino basso",
        ":": "due punti",
        "?": "punto interrogativo",
        "#": "cancelletto",
    },
    minus="meno",
    to="a",
    cents_join="e",
    million_of="di",
    ordinal_marks={"º": MASCULINE, "°": MASCULINE, "ª": FEMININE},
    ruler_ordinals=100,
    century_ordinals=100,
    centuries=("secolo", "secoli"),
    per={
        **{name: f"al {name}" for name in ("giorno", "mese")},
        **{name: f"a {name}" for name in ("settimana", "notte", "persona", "testa")},
        "die": "al giorno",
        "anno": "all'anno",
        "ora": "all'ora",
        "h": "all'ora",
        "utente": "per utente",
    },
    per_unit="per",
    magnitudes={
        **{name: name for name in ("mila", "milione", "milioni", "miliardo", "miliardi")},
        "M": "milioni",
        "mln": "milioni",
        "mld": "miliardi",
        "k": "mila",
    },
    plain_magnitudes=word_set("mila"),
    fractions={
        2: ("mezzo", "mezzi"),
        3: ("terzo", "terzi"),
        4: ("quarto", "quarti"),
        5: ("quinto", "quinti"),
        8: ("ottavo", "ottavi"),
    },
    half_feminine="mezza",
    half_after=("mezzo", "mezza"),
    rating="{} su {}",
    one_million="milione",
    texted=word_set("al a"),
    and_part="e",
    over="su",
    before_dates=word_set(
        "il del al dal entro data lunedì martedì mercoledì giovedì venerdì sabato domenica"
    ),
    before_numbers={
        "n": "numero",
        "vol": "volume",
        "cap": "capitolo",
        "art": "articolo",
        "pagg": "pagine",
        "int": "interno",
    },
    codes=word_set("cap codice pin otp cvv verifica conferma accesso sicurezza termina terminante"),
    code_links=word_set("è con in numero"),
    sections=word_set("capitolo tomo volume parte atto titolo allegato fase tipo guerra"),
    short_days=days("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
    feminines=word_set(
        "ora volta persona settimana casa notte pagina tazza fetta domanda risposta opzione cosa "
        "donna macchina città parte camera stanza via tazze"
    ),
    masculines=word_set(
        "giorno mese anno minuto secondo libro passo prodotto messaggio file ordine volo biglietto "
        "uovo bicchiere litro metro chilometro euro punto figlio cucchiaio cliente utente"
    ),
)
