"""Hindi."""

from __future__ import annotations

from cartesia_server.text.locales.locale import Currency, Locale, noun
from cartesia_server.text.punctuation import word_set

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
        "रू": _RUPEE,
        "Rs": _RUPEE,
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
            "dl": "डेसीलीटर",
            "mmhg": "मिलीमीटर पारा",
            "m2": "वर्ग मीटर",
            "m²": "वर्ग मीटर",
            "kcal": "किलोकैलोरी",
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
        "≤": "से कम या बराबर",
        "≥": "से ज़्यादा या बराबर",
        "≈": "लगभग",
        "→": "से",
    },
    symbols={
        ".": "डॉट",
        "/": "स्लैश",
        "@": "ऐट",
        "-": "डैश",
        "_": "अंडरस्कोर",
        ":": "कोलन",
        "?": "प्रश्न चिह्न",
        "#": "हैश",
    },
    minus="माइनस",
    to="से",
    cents_join="",
    decimal_point=True,
    read_decimals=False,
    hour_gender="",
    first_is_ordinal=False,
    per={
        **{
            name: f"प्रति {name}"
            for name in ("माह", "महीना", "महीने", "दिन", "साल", "वर्ष", "घंटा", "घंटे", "व्यक्ति", "किलो")
        },
        "month": "प्रति माह",
        "day": "प्रति दिन",
    },
    per_unit="प्रति",
    magnitudes={
        **{name: name for name in ("हज़ार", "हजार", "लाख", "करोड़", "अरब", "खरब")},
        "K": "हज़ार",
        "L": "लाख",
        "Cr": "करोड़",
        "M": "मिलियन",
        "B": "बिलियन",
        **{name: name for name in ("मिलियन", "बिलियन", "ट्रिलियन", "lakh", "crore")},
    },
    fractions={
        2: ("आधा", "आधे"),
        3: ("तिहाई", "तिहाई"),
        4: ("चौथाई", "चौथाई"),
    },
    half_feminine="आधी",
    quarters=True,
    rating="{1} में से {0}",
    one_million="मिलियन",
    texted=word_set("पर"),
    and_part="और",
    over="बटा",
    before_dates=word_set("तारीख दिनांक"),
    codes=word_set("pin otp cvv कोड पिन ओटीपी पासवर्ड नंबर अंक"),
    code_links=word_set("है नंबर"),
    short_days={short: f"{short}वार" for short in ("सोम", "मंगल", "बुध", "गुरु", "शुक्र", "शनि", "रवि")},
    spelled=word_set("OTP UPI EMI KYC PNR IFSC ICICI LIC IRCTC"),
    hashtag="हैशटैग",
    few_ordinals={
        "1ला": "पहला",
        "1ली": "पहली",
        "1ले": "पहले",
        "2रा": "दूसरा",
        "2री": "दूसरी",
        "2रे": "दूसरे",
        "3रा": "तीसरा",
        "3री": "तीसरी",
        "3रे": "तीसरे",
        "4था": "चौथा",
        "4थी": "चौथी",
        "4थे": "चौथे",
        "6ठा": "छठा",
        "6ठी": "छठी",
    },
    ordinal_endings=word_set("वां वाँ वीं वें वा वी वे"),
)
