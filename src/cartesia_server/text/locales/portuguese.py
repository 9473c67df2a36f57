"""Portuguese."""

from __future__ import annotations

from cartesia_server.text.locales.locale import Currency, Locale, days, noun
from cartesia_server.text.locales.numbers import FEMININE, MASCULINE
from cartesia_server.text.punctuation import word_set

# ruff: noqa: RUF001 -- signs look alike

_CENT = noun("cêntimo")
_CENTAVO = noun("centavo")
_REAL = Currency(noun("real", "reais"), _CENTAVO)
_EURO = Currency(noun("euro"), _CENT)
_DOLLAR = Currency(noun("dólar", "dólares"), noun("centavo"))
_POUND = Currency(noun("libra", feminine=True), noun("pêni", "pence"))
_YEN = Currency(noun("iene"), _CENT)

_MONTHS = (
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
)


def _date(day: list[str], month: str, year: list[str]) -> list[str]:
    return [*day, "de", month, *(["de", *year] if year else [])]


def _time(hour: list[str], minutes: list[str]) -> list[str]:
    name = "hora" if hour in (["uma"], ["zero"]) else "horas"
    return [*hour, *(["e", *minutes] if minutes else [name])]


PORTUGUESE = Locale(
    language="pt",
    comma="vírgula",
    months=_MONTHS,
    short_months={name[:3]: index + 1 for index, name in enumerate(_MONTHS)},
    date=_date,
    time=_time,
    currencies={
        "R$": _REAL,
        "BRL": _REAL,
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
        "%": noun("por cento", "por cento"),
        "km": noun("quilômetro"),
        "m": noun("metro"),
        "cm": noun("centímetro"),
        "mm": noun("milímetro"),
        "m²": noun("metro quadrado", "metros quadrados"),
        "kg": noun("quilo"),
        "g": noun("grama"),
        "mg": noun("miligrama"),
        "l": noun("litro"),
        "ml": noun("mililitro"),
        "t": noun("tonelada", feminine=True),
        "h": noun("hora", feminine=True),
        "min": noun("minuto"),
        "seg": noun("segundo"),
        "s": noun("segundo"),
        "km/h": noun("quilômetro por hora", "quilômetros por hora"),
        "°c": noun("grau Celsius", "graus Celsius"),
        "ºc": noun("grau Celsius", "graus Celsius"),
        "°": noun("grau"),
        "kb": noun("quilobyte"),
        "mb": noun("megabyte"),
        "gb": noun("gigabyte"),
        "tb": noun("terabyte"),
        "kw": noun("quilowatt"),
        "kwh": noun("quilowatt-hora", "quilowatts-hora"),
        "m2": noun("metro quadrado", "metros quadrados"),
        "m³": noun("metro cúbico", "metros cúbicos"),
        "m3": noun("metro cúbico", "metros cúbicos"),
        "km²": noun("quilômetro quadrado", "quilômetros quadrados"),
        "km2": noun("quilômetro quadrado", "quilômetros quadrados"),
        "mcg": noun("micrograma"),
        "dl": noun("decilitro"),
        "mmhg": noun("milímetro de mercúrio", "milímetros de mercúrio"),
        "kcal": noun("quilocaloria", feminine=True),
        "ms": noun("milissegundo"),
        "x": noun("vez", "vezes", feminine=True),
    },
    abbreviations={
        "sr": "senhor",
        "sra": "senhora",
        "srta": "senhorita",
        "dr": "doutor",
        "dra": "doutora",
        "prof": "professor",
        "profa": "professora",
        "etc": "etcétera",
        "pág": "página",
        "nº": "número",
        "n.º": "número",
        "n°": "número",
        "tel": "telefone",
        "av": "avenida",
        "r": "rua",
        "aprox": "aproximadamente",
        "p.ex": "por exemplo",
        "ltda": "limitada",
        "vc": "você",
        "máx": "máximo",
        "mín": "mínimo",
    },
    signs={
        "&": "e",
        "+": "mais",
        "=": "igual a",
        "@": "arroba",
        "%": "por cento",
        "×": "vezes",
        "÷": "dividido por",
        "<": "menor que",
        ">": "maior que",
        "°": "graus",
        "≠": "diferente de",
        "≤": "menor ou igual a",
        "≥": "maior ou igual a",
        "≈": "aproximadamente",
        "±": "mais ou menos",
        "→": "para",
    },
    symbols={
        ".": "ponto",
        "/": "barra",
        "@": "arroba",
        "-": "hífen",
        "_": "sublinhado",
        ":": "dois pontos",
        "?": "interrogação",
        "#": "cerquilha",
    },
    minus="menos",
    to="a",
    cents_join="e",
    million_of="de",
    ordinal_marks={
        "º": MASCULINE,
        "°": MASCULINE,
        "o": MASCULINE,
        "ª": FEMININE,
        "a": FEMININE,
    },
    ruler_ordinals=10,
    century_ordinals=10,
    centuries=("século", "séculos"),
    per={
        **{
            name: f"por {name}"
            for name in ("dia", "mês", "ano", "semana", "noite", "hora", "pessoa", "usuário")
        },
        "h": "por hora",
    },
    per_unit="por",
    magnitudes={
        **{name: name for name in ("mil", "milhão", "milhões", "bilhão", "bilhões", "trilhões")},
        "M": "milhões",
        "mi": "milhões",
        "bi": "bilhões",
        "tri": "trilhões",
        "k": "mil",
    },
    plain_magnitudes=word_set("mil"),
    fractions={
        2: ("meio", "meios"),
        3: ("terço", "terços"),
        4: ("quarto", "quartos"),
        5: ("quinto", "quintos"),
        8: ("oitavo", "oitavos"),
    },
    half_feminine="meia",
    half_after=("meio", "meia"),
    rating="{} de {}",
    one_million="milhão",
    by="por",
    scores=word_set(
        "venceu ganhou perdeu empatou goleou bateu derrotou placar vitória derrota empate jogo"
    ),
    texted=word_set("para ao"),
    and_part="e",
    over="por",
    before_dates=word_set(
        "em dia até no do ao desde data segunda terça quarta quinta sexta sábado domingo "
        "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira"
    ),
    before_numbers={
        "vol": "volume",
        "cap": "capítulo",
        "art": "artigo",
        "ap": "apartamento",
        "apto": "apartamento",
        "ep": "episódio",
    },
    codes=word_set(
        "código pin senha otp cvv cep acesso verificação segurança confirmação final terminado"
    ),
    code_links=word_set("é com em número"),
    sections=word_set("capítulo tomo volume parte ato título anexo fase tipo guerra"),
    short_days=days(
        "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo"
    ),
    masculines=word_set("dia problema programa sistema tema idioma mapa clima grama"),
    feminines=word_set("mulheres vezes noites mães flores partes vez noite mulher mãe parte"),
)
