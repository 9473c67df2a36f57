"""French."""

from __future__ import annotations

from cartesia_server.text.locales.locale import Currency, Locale, days, noun
from cartesia_server.text.locales.numbers import FEMININE, MASCULINE
from cartesia_server.text.punctuation import word_set

# ruff: noqa: RUF001 -- signs look alike

_CENT = noun("centime")
_EURO = Currency(noun("euro"), _CENT)
_DOLLAR = Currency(noun("dollar"), noun("cent"))
_POUND = Currency(noun("livre", feminine=True), noun("penny", "pence"))
_YEN = Currency(noun("yen"), _CENT)
_FRANC = Currency(noun("franc suisse", "francs suisses"), _CENT)

_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def _date(day: list[str], month: str, year: list[str]) -> list[str]:
    return [*day, month, *year]


def _time(hour: list[str], minutes: list[str]) -> list[str]:
    return [*hour, "heure" if hour in (["une"], ["zéro"]) else "heures", *minutes]


FRENCH = Locale(
    language="fr",
    comma="virgule",
    months=_MONTHS,
    short_months={"janv": 1, "févr": 2, "fév": 2, "avr": 4, "juil": 7, "sept": 9}
    | {"oct": 10, "nov": 11, "déc": 12},
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
        "CHF": _FRANC,
    },
    units={
        "%": noun("pour cent", "pour cent"),
        "km": noun("kilomètre"),
        "m": noun("mètre"),
        "cm": noun("centimètre"),
        "mm": noun("millimètre"),
        "m²": noun("mètre carré", "mètres carrés"),
        "kg": noun("kilo"),
        "g": noun("gramme"),
        "mg": noun("milligramme"),
        "l": noun("litre"),
        "ml": noun("millilitre"),
        "t": noun("tonne", feminine=True),
        "h": noun("heure", feminine=True),
        "min": noun("minute", feminine=True),
        "s": noun("seconde", feminine=True),
        "km/h": noun("kilomètre heure", "kilomètres heure"),
        "°c": noun("degré Celsius", "degrés Celsius"),
        "°": noun("degré"),
        "ko": noun("kilooctet"),
        "mo": noun("mégaoctet"),
        "go": noun("gigaoctet"),
        "to": noun("téraoctet"),
        "kw": noun("kilowatt"),
        "kwh": noun("kilowattheure"),
        "m2": noun("mètre carré", "mètres carrés"),
        "m³": noun("mètre cube", "mètres cubes"),
        "m3": noun("mètre cube", "mètres cubes"),
        "km²": noun("kilomètre carré", "kilomètres carrés"),
        "km2": noun("kilomètre carré", "kilomètres carrés"),
        "dl": noun("décilitre"),
        "mmhg": noun("millimètre de mercure", "millimètres de mercure"),
        "kcal": noun("kilocalorie", feminine=True),
        "ms": noun("milliseconde", feminine=True),
    },
    abbreviations={
        "m": "monsieur",
        "mm": "messieurs",
        "mme": "madame",
        "mmes": "mesdames",
        "mlle": "mademoiselle",
        "dr": "docteur",
        "pr": "professeur",
        "etc": "et cetera",
        "n°": "numéro",
        "nº": "numéro",
        "tél": "téléphone",
        "av": "avenue",
        "bd": "boulevard",
        "st": "saint",
        "ste": "sainte",
        "env": "environ",
        "p.ex": "par exemple",
        "c.-à-d": "c'est-à-dire",
        "s.v.p": "s'il vous plaît",
        "svp": "s'il vous plaît",
        "rdv": "rendez-vous",
        "24h/24": "vingt-quatre heures sur vingt-quatre",
        "7j/7": "sept jours sur sept",
        "24/7": "vingt-quatre heures sur vingt-quatre et sept jours sur sept",
    },
    signs={
        "&": "et",
        "+": "plus",
        "=": "égale",
        "@": "arobase",
        "%": "pour cent",
        "×": "fois",
        "÷": "divisé par",
        "<": "inférieur à",
        ">": "supérieur à",
        "°": "degrés",
        "≠": "différent de",
        "≤": "inférieur ou égal à",
        "≥": "supérieur ou égal à",
        "≈": "environ",
        "±": "plus ou moins",
        "→": "vers",
    },
    symbols={
        ".": "point",
        "/": "slash",
        "@": "arobase",
        "-": "tiret",
        "_": "tiret bas",
        ":": "deux-points",
        "?": "point d'interrogation",
        "#": "dièse",
    },
    minus="moins",
    to="à",
    cents_join="",
    million_of="de",
    ordinal_marks={
        "er": MASCULINE,
        "re": FEMININE,
        "ère": FEMININE,
        "e": MASCULINE,
        "ème": MASCULINE,
        "ᵉ": MASCULINE,
        "nd": MASCULINE,
        "nde": FEMININE,
    },
    paired_digits=True,
    ruler_ordinals=1,
    centuries=("siècle", "siècles"),
    per={
        **{
            name: f"par {name}"
            for name in (
                "jour",
                "mois",
                "an",
                "semaine",
                "nuit",
                "heure",
                "personne",
                "utilisateur",
            )
        },
        "h": "par heure",
    },
    per_unit="par",
    magnitudes={
        **{name: name for name in ("mille", "million", "millions", "milliard", "milliards")},
        "M": "millions",
        "Md": "milliards",
        "Mds": "milliards",
        "k": "mille",
    },
    plain_magnitudes=word_set("mille"),
    fractions={
        2: ("demi", "demis"),
        3: ("tiers", "tiers"),
        4: ("quart", "quarts"),
        5: ("cinquième", "cinquièmes"),
        8: ("huitième", "huitièmes"),
    },
    half_feminine="demi",
    half_after=("demi", "demie"),
    rating="{} sur {}",
    one_million="million",
    texted=word_set("au à"),
    and_part="et",
    bare_half=False,
    over="sur",
    before_dates=word_set(
        "le du au depuis date lundi mardi mercredi jeudi vendredi samedi dimanche"
    ),
    before_numbers={
        "vol": "volume",
        "chap": "chapitre",
        "art": "article",
        "p": "page",
        "pp": "pages",
        "ép": "épisode",
        "appt": "appartement",
        "bât": "bâtiment",
    },
    codes=word_set(
        "code pin otp cvv accès vérification sécurité confirmation terminant finissant termine"
    ),
    code_links=word_set("est par en numéro"),
    sections=word_set("chapitre tome volume partie acte livre titre annexe phase type guerre"),
    short_days=days("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    spelled=word_set("UE PME EDF RSA CDI CPAM SAV RER IRM PMU PMA CFA CPE APL"),
    feminines=word_set(
        "heure heures minute minutes seconde secondes personne personnes semaine semaines journée "
        "journées année années fois page pages nuit nuits chambre chambres place places table "
        "tables question questions option options étape étapes commande commandes tasse tasses "
        "cuillère cuillères chose choses femme femmes fille filles maison maisons voiture voitures "
        "ville villes partie parties"
    ),
)
