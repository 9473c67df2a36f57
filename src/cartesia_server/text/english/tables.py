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
    "AU$": ("Australian dollar", "cent"),
    "C$": ("Canadian dollar", "cent"),
    "CA$": ("Canadian dollar", "cent"),
    "NZ$": ("New Zealand dollar", "cent"),
    "HK$": ("Hong Kong dollar", "cent"),
    "S$": ("Singapore dollar", "cent"),
    "MX$": ("Mexican peso", "centavo"),
    "R$": ("real", "centavo"),
    "€": ("euro", "cent"),
    "£": ("pound", "penny"),
    "¥": ("yen", ""),
    "₹": ("rupee", "paisa"),
    "Rs": ("rupee", "paisa"),
    "₩": ("won", ""),
    "₽": ("ruble", "kopek"),
    "₪": ("shekel", ""),
    "₺": ("lira", ""),
    "₱": ("peso", "centavo"),
    "₦": ("naira", "kobo"),
    "₫": ("dong", ""),
    "฿": ("baht", ""),
    "₿": ("bitcoin", ""),
    "USD": ("US dollar", "cent"),
    "EUR": ("euro", "cent"),
    "GBP": ("pound", "penny"),
    "JPY": ("yen", ""),
    "INR": ("rupee", "paisa"),
    "CAD": ("Canadian dollar", "cent"),
    "AUD": ("Australian dollar", "cent"),
    "CHF": ("Swiss franc", "centime"),
    "CNY": ("yuan", ""),
    "NZD": ("New Zealand dollar", "cent"),
    "SGD": ("Singapore dollar", "cent"),
    "HKD": ("Hong Kong dollar", "cent"),
    "MXN": ("Mexican peso", "centavo"),
    "BRL": ("real", "centavo"),
    "SEK": ("krona", ""),
    "NOK": ("krone", ""),
    "DKK": ("krone", ""),
    "PLN": ("zloty", ""),
    "AED": ("dirham", ""),
    "ZAR": ("rand", "cent"),
}
"""Unit and hundredth by sign or code."""

PLURALS = {
    "penny": "pence",
    "paisa": "paise",
    "foot": "feet",
    "inch": "inches",
    "krona": "kronor",
    "krone": "kroner",
    "real": "reais",
    **{
        name: name
        for name in ["yen", "won", "yuan", "baht", "dong", "naira", "lira", "kobo", "zloty", "rand"]
    },
}
INVARIANT = word_set(
    "percent hertz kilohertz megahertz gigahertz celsius fahrenheit horsepower mercury"
)

MAGNITUDES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "t": "trillion",
    "tn": "trillion",
}
SPELLED_MAGNITUDES = word_set("thousand million billion trillion lakh lakhs crore crores")

UNITS = {
    "%": "percent",
    "km": "kilometer",
    "m": "meter",
    "cm": "centimeter",
    "mm": "millimeter",
    "kg": "kilogram",
    "ng": "nanogram",
    "mg": "milligram",
    "mcg": "microgram",
    "µg": "microgram",
    "g": "gram",
    "lb": "pound",
    "lbs": "pound",
    "oz": "ounce",
    "ft": "foot",
    "″": "inch",
    "′": "foot",
    "yd": "yard",
    "mi": "mile",
    "ml": "milliliter",
    "dl": "deciliter",
    "l": "liter",
    "gal": "gallon",
    "qt": "quart",
    "tsp": "teaspoon",
    "tbsp": "tablespoon",
    "mph": "mile per hour",
    "mpg": "mile per gallon",
    "kph": "kilometer per hour",
    "km/h": "kilometer per hour",
    "kmh": "kilometer per hour",
    "m/s": "meter per second",
    "km²": "square kilometer",
    "cm²": "square centimeter",
    "ft²": "square foot",
    "mi²": "square mile",
    "m²": "square meter",
    "km2": "square kilometer",
    "m2": "square meter",
    "ft2": "square foot",
    "sqft": "square foot",
    "m3": "cubic meter",
    "m³": "cubic meter",
    "kb": "kilobyte",
    "mb": "megabyte",
    "gb": "gigabyte",
    "tb": "terabyte",
    "kbps": "kilobit per second",
    "mbps": "megabit per second",
    "gbps": "gigabit per second",
    "hz": "hertz",
    "khz": "kilohertz",
    "mhz": "megahertz",
    "ghz": "gigahertz",
    "kw": "kilowatt",
    "kwh": "kilowatt hour",
    "wh": "watt hour",
    "mah": "milliamp hour",
    "v": "volt",
    "w": "watt",
    "hp": "horsepower",
    "cal": "calorie",
    "kcal": "kilocalorie",
    "kj": "kilojoule",
    "mj": "megajoule",
    "kpa": "kilopascal",
    "mmhg": "millimeter of mercury",
    "mmol": "millimole",
    "iu": "international unit",
    "ppm": "part per million",
    "bps": "basis point",
    "pts": "point",
    "ms": "millisecond",
    "min": "minute",
    "mins": "minute",
    "hrs": "hour",
    "hr": "hour",
    "wk": "week",
    "wks": "week",
    "mo": "month",
    "mos": "month",
    "yr": "year",
    "yrs": "year",
    "h": "hour",
    "sec": "second",
    "secs": "second",
    "s": "second",
    "°": "degree",
    "°c": "degree celsius",
    "°f": "degree fahrenheit",
    "ºc": "degree celsius",
    "ºf": "degree fahrenheit",
    "℃": "degree celsius",
    "℉": "degree fahrenheit",
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

LOWER_CASE_ONLY = word_set("g m h s x p")
"""Signs that are letters of something else as capitals: 5G, 4B."""

UPPER_CASE_ONLY = word_set("v w")
"""Signs that are letters of something else in lower case: 5 v. 3."""

ATTACHED_ONLY = word_set("x h s p c f w °")
"""Signs that mean nothing after a space."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
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
    "qty": "quantity",
    "misc": "miscellaneous",
    "govt": "government",
    "mgr": "manager",
    "bldg": "building",
    "univ": "university",
    "assn": "association",
    "yoy": "year over year",
    "qoq": "quarter over quarter",
    "aaa": "triple A",
    "incl": "including",
    "excl": "excluding",
    "avg": "average",
    "amt": "amount",
    "acct": "account",
    "mgmt": "management",
    "asst": "assistant",
    "intl": "international",
    "ppl": "people",
    "msg": "message",
    "msgs": "messages",
    "idk": "I don't know",
    "btw": "by the way",
    "w/in": "within",
    "b/c": "because",
    "y/o": "years old",
    "ctrl": "control",
    "cmd": "command",
    "wwi": "World War one",
    "wwii": "World War two",
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
    "rte": "route",
    "ste": "suite",
    "c": "circa",
    "ext": "extension",
    "rev": "revision",
    "rm": "room",
    "fl": "floor",
    "tel": "telephone",
}
_NAMES_OF_EACH = word_set(
    "year month week day night hour minute second person user gallon pound mile unit seat item "
    "head liter deciliter cup serving dose word page"
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
    "dl": "deciliter",
    "ml": "milliliter",
    "mg": "milligram",
    "s²": "second squared",
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
    "!=": "is not equal to",
    "==": "equals",
    "===": "equals",
    "&&": "and",
    "->": "to",
    "=>": "to",
    "√": "square root of",
    "×": "times",
    "÷": "divided by",
    "±": "plus or minus",
    "≈": "about",
    "→": "to",
    "°": "degrees",
    "−": "minus",
}
KEYS = word_set("ctrl control cmd command alt option shift win fn")
"""Keys that are pressed together with others."""

LEADS = {
    "#": "number",
    "~": "about",
    "≈": "about",
    "<": "less than",
    ">": "more than",
    "≤": "at most",
    "≥": "at least",
    "±": "plus or minus",
    "√": "square root of",
    "+": "plus",
}
"""What is said before a number that begins with a sign."""

BEFORE_DATES = word_set("on by since until before after from due till between dated")
CARDS = word_set("card visa mastercard amex discover debit credit")
EXPIRING = word_set("expires expired expiring expiration expiry exp valid")
"""Words before ``08/27`` that is a month and a year: how long a card is good."""

BEFORE_YEARS = word_set(
    "in c since by until before after from during around circa year of late early mid spring "
    "summer autumn fall winter january february march april may june july august september october "
    "november december and to or q1 q2 q3 q4"
)
CODES = word_set(
    "pin zip code passcode otp ext extension account acct ending flight isbn ssn po box "
    "confirmation reference ref tracking serial booking reservation invoice ticket order case card "
    "id pnr ends dial cvv cvc rma sku"
)
"""Words before numbers that name something and count nothing: they are read digit by digit."""

CODE_LINKS = word_set("is are number in with no code as")
"""Words between those and the number."""

DOORS = word_set(
    "room apartment apt suite ste unit gate flat bus exit route rte rt highway hwy interstate form "
    "section studio channel flight"
)
"""Words before a number of three or four digits that counts nothing: ``Room 204``."""

TEXTING = word_set("text texts texting texted sms reply")
"""Words before the number of an automatic service: ``Text YES to 72345``."""

ROOMS = word_set(
    "apartment apt gate seat room unit suite ste flat platform terminal row class bus exit "
    "building block lot bay aisle hall pier track section locker form figure "
    "table exhibit question step"
)
"""Words before ``4B``, which is no amount then."""

STREETS = word_set(
    "street st avenue ave road rd boulevard blvd drive dr lane ln way court ct plaza square place "
    "pl parkway pkwy highway hwy terrace circle"
)
SPELLED = word_set(
    "AM PM VIP LED QA UX SEO AWS EV NYC ETA LOL IPv EDT EST PST PDT CST CDT MST UTC GMT AKA APR "
    "USCIS ASMR BYOB COPD FDIC NCAA PCOS TGIF TTYL USPS YMCA ROI IDK YTD EOD FAQ HVAC ADA ER"
)
"""Capitals that espeak-ng would read as a word."""

SPOKEN = word_set(
    "GIF SIM PIN RAM ROM LAN WAN ZIP SEAL CAD CAM MOOC SPAC FICO VAT ISO HUD GUI SAG BIC MAC"
)
"""Acronyms that are said as words, and so are many of them."""

SHOUTED = word_set(
    "act age ago air arm art ask ate bad bag bar bed big bit box boy buy car cry cup cut dad day "
    "die dog dry due ear eat end eye far fat fee few fit fun gas guy hat hi hit hot if ill jar job "
    "key kid law lay leg let lie lot low mad man map men met mix mom net new off oh out own pan "
    "pay pen pop pro ran red run sad saw say sea see set sit six sky sum sun tax tea tie tip toe "
    "too top toy try war way web wet win won wow yes yet"
)
"""Words in capitals for emphasis, which espeak-ng would spell."""

SHOUTED_AMONG_CAPITALS = word_set("it us am ice cat")
"""Words that are something else in capitals, but not where all is in capitals."""

BEFORE_DECADES = word_set("the his her their my your our its early mid late low high upper lower")
"""Words before ``30s`` that counts no seconds."""

DIRECTIONS = {
    "N": "north",
    "S": "south",
    "E": "east",
    "W": "west",
    "NE": "northeast",
    "NW": "northwest",
    "SE": "southeast",
    "SW": "southwest",
}
_STATES = (
    "AL=Alabama AK=Alaska AZ=Arizona AR=Arkansas CA=California CO=Colorado CT=Connecticut "
    "DE=Delaware FL=Florida GA=Georgia HI=Hawaii ID=Idaho IL=Illinois IN=Indiana IA=Iowa "
    "KS=Kansas KY=Kentucky LA=Louisiana ME=Maine MD=Maryland MA=Massachusetts MI=Michigan "
    "MN=Minnesota MS=Mississippi MO=Missouri MT=Montana NE=Nebraska NV=Nevada "
    "NH=New_Hampshire NJ=New_Jersey NM=New_Mexico NY=New_York NC=North_Carolina "
    "ND=North_Dakota OH=Ohio OK=Oklahoma OR=Oregon PA=Pennsylvania RI=Rhode_Island "
    "SC=South_Carolina SD=South_Dakota TN=Tennessee TX=Texas UT=Utah VT=Vermont VA=Virginia "
    "WA=Washington WV=West_Virginia WI=Wisconsin WY=Wyoming"
)
STATES = dict(pair.split("=") for pair in _STATES.split())
"""States before a ZIP code; the words of a name are joined by ``_``."""

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
