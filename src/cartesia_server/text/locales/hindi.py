"""Hindi."""

from __future__ import annotations

from cartesia_server.text.locales.locale import Currency, Locale, noun

# ruff: noqa: RUF001 -- signs look alike

_MONTHS = (
    "जनवरी",
    "फ़रवरी",
    "मार्च",
    "अप्रैल",
    "मई",
    "जून",
    "जुलाई",
    "अगस्त",
    "सितंबर",
    "अक्टूबर",
    "नवंबर",
    "दिसंबर",
)


def _date(day: list[str], month: str, year: list[str]) -> list[str]:
    return [*day, month, *year]


def _time(hour: list[str], minutes: list[str]) -> list[str]:
    return [*hour, "बजकर", *minutes, "मिनट"] if minutes else [*hour, "बजे"]


def _same(word: str) -> Currency:
    return Currency(noun(word, word), noun("सेंट", "सेंट"))


_RUPEE = Currency(noun("रुपया", "रुपये"), noun("पैसा", "पैसे"))

HINDI = Locale(
    language="hi",
    comma="दशमलव",
    months=_MONTHS,
    short_months={},
    date=_date,
    time=_time,
    currencies={
        "₹": _RUPEE,
        "INR": _RUPEE,
        "रु": _RUPEE,
        "$": _same("डॉलर"),
        "USD": _same("डॉलर"),
        "€": _same("यूरो"),
        "EUR": _same("यूरो"),
        "£": _same("पाउंड"),
    },
    units={
        sign: noun(word, word)
        for sign, word in {
            "%": "प्रतिशत",
            "km": "किलोमीटर",
            "कि.मी": "किलोमीटर",
            "किमी": "किलोमीटर",
            "m": "मीटर",
            "cm": "सेंटीमीटर",
            "kg": "किलोग्राम",
            "कि.ग्रा": "किलोग्राम",
            "किग्रा": "किलोग्राम",
            "g": "ग्राम",
            "mg": "मिलीग्राम",
            "l": "लीटर",
            "ml": "मिलीलीटर",
            "km/h": "किलोमीटर प्रति घंटा",
            "°c": "डिग्री सेल्सियस",
            "°": "डिग्री",
            "mb": "मेगाबाइट",
            "gb": "गीगाबाइट",
            "min": "मिनट",
        }.items()
    },
    abbreviations={"डॉ": "डॉक्टर", "प्रो": "प्रोफ़ेसर", "रु": "रुपये", "नं": "नंबर"},
    signs={
        "&": "और",
        "+": "प्लस",
        "=": "बराबर",
        "@": "ऐट",
        "%": "प्रतिशत",
        "×": "गुणा",
        "÷": "भाग",
        "°": "डिग्री",
    },
    symbols={".": "डॉट", "/": "स्लैश", "@": "ऐट", "-": "डैश", "_": "अंडरस्कोर", ":": "कोलन"},
    minus="माइनस",
    to="से",
    cents_join="",
    decimal_point=True,
    read_decimals=False,
    hour_gender="",
    first_is_ordinal=False,
)
