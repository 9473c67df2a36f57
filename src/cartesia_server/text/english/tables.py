"""What English has words for: currencies, units, months, abbreviations, signs."""

from __future__ import annotations

from cartesia_server.text.punctuation import word_set

# ruff: noqa: RUF001 -- signs look alike

NUMBER = r"[-+−]?(?:\d{1,3}(?:,\d{2,3})*,\d{3}|\d+)(?:\.\d+)?|[-+−]?\.\d+"
"""A number as it is written, thousands in commas: also ``1,50,000``."""

CURRENCIES = {
    "$": ("dollar", "cent"),
    "US$": ("dollar", "cent"),
    "A$": ("Australian dollar", "cent"),
    "C$": ("Canadian dollar", "cent"),
    "€": ("euro", "cent"),
    "£": ("pound", "penny"),
    "¥": ("yen", ""),
    "₹": ("rupee", "paisa"),
    "USD": ("US dollar", "cent"),
    "EUR": ("euro", "cent"),
    "GBP": ("pound", "penny"),
    "JPY": ("yen", ""),
    "INR": ("rupee", "paisa"),
    "CAD": ("Canadian dollar", "cent"),
    "AUD": ("Australian dollar", "cent"),
    "CHF": ("Swiss franc", "centime"),
}
"""Unit and hundredth by sign or code."""

PLURALS = {"penny": "pence", "yen": "yen", "paisa": "paise", "foot": "feet", "inch": "inches"}
INVARIANT = word_set("percent hertz kilohertz megahertz gigahertz celsius fahrenheit")

MAGNITUDES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "t": "trillion",
    "tn": "trillion",
}
SPELLED_MAGNITUDES = word_set("thousand million billion trillion")

UNITS = {
    "%": "percent",
    "km": "kilometer",
    "m": "meter",
    "cm": "centimeter",
    "mm": "millimeter",
    "kg": "kilogram",
    "mg": "milligram",
    "mcg": "microgram",
    "µg": "microgram",
    "g": "gram",
    "lb": "pound",
    "lbs": "pound",
    "oz": "ounce",
    "ft": "foot",
    "yd": "yard",
    "mi": "mile",
    "ml": "milliliter",
    "l": "liter",
    "gal": "gallon",
    "tsp": "teaspoon",
    "tbsp": "tablespoon",
    "mph": "mile per hour",
    "kph": "kilometer per hour",
    "km/h": "kilometer per hour",
    "kmh": "kilometer per hour",
    "m/s": "meter per second",
    "km²": "square kilometer",
    "cm²": "square centimeter",
    "ft²": "square foot",
    "mi²": "square mile",
    "m²": "square meter",
    "m³": "cubic meter",
    "kb": "kilobyte",
    "mb": "megabyte",
    "gb": "gigabyte",
    "tb": "terabyte",
    "mbps": "megabit per second",
    "gbps": "gigabit per second",
    "hz": "hertz",
    "khz": "kilohertz",
    "mhz": "megahertz",
    "ghz": "gigahertz",
    "kw": "kilowatt",
    "kwh": "kilowatt hour",
    "kcal": "kilocalorie",
    "ms": "millisecond",
    "min": "minute",
    "mins": "minute",
    "hrs": "hour",
    "hr": "hour",
    "h": "hour",
    "sec": "second",
    "secs": "second",
    "s": "second",
    "°": "degree",
    "°c": "degree celsius",
    "°f": "degree fahrenheit",
    "c": "degree celsius",
    "f": "degree fahrenheit",
    "x": "time",
    "px": "pixel",
    "fps": "frame per second",
    "rpm": "revolution per minute",
    "bpm": "beat per minute",
    "psi": "pound per square inch",
    "db": "decibel",
    "p": "penny",
}
"""In the singular, by their signs in lower case."""

LOWER_CASE_ONLY = word_set("g m h s l x p")
"""Signs that are letters of something else as capitals: 5G, 4B."""

ATTACHED_ONLY = word_set("x h s p c f °")
"""Signs that mean nothing after a space."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHORT_MONTHS = {month[:3].lower(): month for month in MONTHS} | {"sept": "September"}
WEEKDAYS = {
    short: day
    for day, names in (
        ("Monday", "mon"),
        ("Tuesday", "tue tues"),
        ("Wednesday", "wed weds"),
        ("Thursday", "thu thur thurs"),
        ("Friday", "fri"),
        ("Saturday", "sat"),
        ("Sunday", "sun"),
    )
    for short in names.split()
}

ABBREVIATIONS = {
    "mr": "mister",
    "mrs": "missus",
    "mt": "mount",
    "ea": "each",
    "ms": "miz",
    "vs": "versus",
    "etc": "etcetera",
    "e.g": "for example",
    "i.e": "that is",
    "approx": "approximately",
    "dept": "department",
    "prof": "professor",
    "sgt": "sergeant",
    "capt": "captain",
    "lt": "lieutenant",
    "col": "colonel",
    "gen": "general",
    "gov": "governor",
    "sen": "senator",
    "rep": "representative",
    "rev": "reverend",
    "jr": "junior",
    "sr": "senior",
    "inc": "incorporated",
    "ltd": "limited",
    "corp": "corporation",
    "ave": "avenue",
    "blvd": "boulevard",
    "rd": "road",
    "ln": "lane",
    "pkwy": "parkway",
    "apt": "apartment",
    "hwy": "highway",
    "ph.d": "P H D",
    "a.m": "A M",
    "p.m": "P M",
    "w/o": "without",
    "w/": "with",
    "c/o": "care of",
}
CAPITALISED_ABBREVIATIONS = word_set(
    "Mr Mrs Mt Ms Col Gen Gov Sen Rep Rev Jr Sr Inc Ltd Corp Ave Blvd Rd Ln Pkwy Apt Hwy"
)
"""Those that are words, or nothing, in lower case."""

BEFORE_NUMBERS = {
    "no": "number",
    "nos": "numbers",
    "fig": "figure",
    "vol": "volume",
    "p": "page",
    "pp": "pages",
    "ch": "chapter",
    "sec": "section",
    "rt": "route",
    "ext": "extension",
    "tel": "telephone",
}
_NAMES_OF_EACH = word_set(
    "year month week day night hour minute second person user gallon pound mile unit seat item head"
)
PER = {
    "yr": "year",
    "mo": "month",
    "wk": "week",
    "hr": "hour",
    "h": "hour",
    "min": "minute",
    "sec": "second",
    "s": "second",
    "gal": "gallon",
    "lb": "pound",
    "oz": "ounce",
    "kg": "kilogram",
    "mi": "mile",
    "km": "kilometer",
    "l": "liter",
    "sq": "square",
    **{name: name for name in _NAMES_OF_EACH},
}
"""What an amount may be for each of: ``$9.99/mo``."""

SIGNS = {
    "&": "and",
    "+": "plus",
    "=": "equals",
    "@": "at",
    "%": "percent",
    "<": "less than",
    ">": "greater than",
    "<=": "at most",
    ">=": "at least",
    "≤": "at most",
    "≥": "at least",
    "≠": "is not",
    "×": "times",
    "÷": "divided by",
    "±": "plus or minus",
    "≈": "about",
    "→": "to",
    "°": "degrees",
    "−": "minus",
}
LEADS = {
    "#": "number",
    "~": "about",
    "≈": "about",
    "<": "less than",
    ">": "more than",
    "≤": "at most",
    "≥": "at least",
    "±": "plus or minus",
    "+": "plus",
}
"""What is said before a number that begins with a sign."""

FRACTIONS = {
    "½": (1, 2),
    "⅓": (1, 3),
    "⅔": (2, 3),
    "¼": (1, 4),
    "¾": (3, 4),
    "⅕": (1, 5),
    "⅛": (1, 8),
}
BEFORE_DATES = word_set("on by since until before after from due till between dated")
BEFORE_YEARS = word_set(
    "in since by until before after from during around circa year of late early mid spring summer "
    "autumn fall winter january february march april may june july august september october "
    "november december and to or q1 q2 q3 q4"
)
CODES = word_set(
    "pin zip code passcode otp ext extension account acct ending flight isbn ssn po box "
    "confirmation reference ref tracking serial booking reservation invoice ticket order case card "
    "id dial"
)
"""Words before numbers that name something and count nothing: they are read digit by digit."""

ROOMS = word_set("apartment apt gate seat room unit suite ste flat platform terminal row class bus")
"""Words before ``4B``, which is no amount then."""

STREETS = word_set(
    "street st avenue ave road rd boulevard blvd drive dr lane ln way court ct plaza square place "
    "pl parkway pkwy highway hwy terrace circle"
)
SPELLED = word_set(
    "AM PM VIP LED QA UX SEO AWS EV NYC ETA LOL IPv EDT EST PST PDT CST CDT MST UTC GMT"
)
"""Capitals that espeak-ng would read as a word."""

SECTIONS = word_set(
    "chapter part act scene section volume book phase type war bowl title article appendix grade "
    "level stage episode season mark fantasy rocky quest unit schedule annex class"
)
"""Words before a Roman numeral that counts."""

RULERS = word_set(
    "henry louis george edward william charles james richard philip elizabeth mary napoleon "
    "catherine alexander nicholas peter ivan frederick wilhelm leopold john paul benedict francis "
    "pius leo clement gregory innocent urban boniface ramses xerxes darius ptolemy robert victor"
)
"""First names before a Roman numeral that tells who of several."""

TITLES = word_set("king queen pope emperor empress tsar prince princess kaiser saint")
