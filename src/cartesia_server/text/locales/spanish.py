"""Spanish."""

from __future__ import annotations

from cartesia_server.text.locales.locale import Currency, Locale, days, noun
from cartesia_server.text.locales.numbers import FEMININE, MASCULINE
from cartesia_server.text.punctuation import word_set

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
    return [*hour, *(["y", *minutes] if minutes else [])]


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
        "m2": noun("metro cuadrado", "metros cuadrados"),
        "m³": noun("metro cúbico", "metros cúbicos"),
        "m3": noun("metro cúbico", "metros cúbicos"),
        "km²": noun("kilómetro cuadrado", "kilómetros cuadrados"),
        "km2": noun("kilómetro cuadrado", "kilómetros cuadrados"),
        "mcg": noun("microgramo"),
        "dl": noun("decilitro"),
        "mmhg": noun("milímetro de mercurio", "milímetros de mercurio"),
        "kcal": noun("kilocaloría", feminine=True),
        "ms": noun("milisegundo"),
        "cda": noun("cucharada", feminine=True),
        "cdas": noun("cucharada", feminine=True),
        "cdta": noun("cucharadita", feminine=True),
        "cdtas": noun("cucharadita", feminine=True),
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
        "ext": "extensión",
        "aprox": "aproximadamente",
        "p.ej": "por ejemplo",
        "ee.uu": "Estados Unidos",
        "ee": "Estados",
        "uu": "Unidos",
        "l-v": "lunes a viernes",
        "máx": "máximo",
        "mín": "mínimo",
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
        "≠": "distinto de",
        "≤": "menor o igual que",
        "≥": "mayor o igual que",
        "≈": "aproximadamente",
        "±": "más o menos",
        "→": "a",
    },
    symbols={
        ".": "punto",
        "/": "barra",
        "@": "arroba",
        "-": "guion",
        "_": "guion bajo",
        ":": "dos puntos",
        "?": "interrogación",
        "#": "almohadilla",
    },
    minus="menos",
    to="a",
    cents_join="con",
    million_of="de",
    ordinal_marks={
        "º": MASCULINE,
        "°": MASCULINE,
        **dict.fromkeys(("o", "ro", "do", "to", "mo", "vo", "no"), MASCULINE),
        **dict.fromkeys(("ra", "da", "ta", "ma", "va", "na"), FEMININE),
        "er": "masculine-adjective",
        "ª": FEMININE,
        "a": FEMININE,
    },
    ruler_ordinals=10,
    centuries=("siglo", "siglos"),
    per={
        **{name: f"al {name}" for name in ("día", "mes", "año")},
        **{name: f"por {name}" for name in ("hora", "noche", "persona", "usuario", "unidad")},
        "semana": "a la semana",
        "h": "por hora",
    },
    per_unit="por",
    magnitudes={
        **{name: name for name in ("mil", "millón", "millones", "billón", "billones")},
        "M": "millones",
        "k": "mil",
    },
    plain_magnitudes=word_set("mil"),
    fractions={
        2: ("medio", "medios"),
        3: ("tercio", "tercios"),
        4: ("cuarto", "cuartos"),
        5: ("quinto", "quintos"),
        8: ("octavo", "octavos"),
    },
    half_feminine="media",
    half_after=("medio", "media"),
    rating="{} sobre {}",
    one_million="millón",
    texted=word_set("al a"),
    and_part="y",
    over="sobre",
    before_dates=word_set(
        "el del al desde hasta día dia fecha lunes martes miércoles jueves viernes sábado domingo"
    ),
    before_numbers={
        "vol": "volumen",
        "cap": "capítulo",
        "art": "artículo",
        "ep": "episodio",
        "núm": "número",
    },
    codes=word_set(
        "código clave pin contraseña otp cvv acceso verificación seguridad confirmación terminada "
        "terminado acabada termina"
    ),
    code_links=word_set("es en número con"),
    sections=word_set("capítulo tomo volumen parte acto título anexo fase tipo guerra"),
    short_days=days("lunes martes miércoles jueves viernes sábado domingo"),
    spelled=word_set("UE"),
    feminines=word_set(
        "veces noches mujeres calles llaves clases partes fotos noche vez mujer mano"
    ),
    masculines=word_set(
        "hijo año mes día minuto segundo euro libro paso producto artículo mensaje correo archivo "
        "pedido vuelo boleto billete huevo vaso plato gramo kilo litro metro kilómetro dólar peso "
        "punto millón elemento cliente usuario problema programa sistema tema idioma mapa clima"
    ),
)
