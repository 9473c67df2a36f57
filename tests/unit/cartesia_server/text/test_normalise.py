from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartesia_server.text.normalise import normalised
from cartesia_server.text.punctuation import word_set

# ruff: noqa: RUF001 -- signs look alike


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # money
        ("$3.50", "three dollars and fifty cents"),
        ("$1", "one dollar"),
        ("$1.01", "one dollar and one cent"),
        ("$0.99", "ninety nine cents"),
        ("$5 million", "five million dollars"),
        ("$2.5M", "two point five million dollars"),
        ("£20.50", "twenty pounds and fifty pence"),
        ("¥500", "five hundred yen"),
        ("-$5", "minus five dollars"),
        ("-33€", "minus thirty three euros"),
        ("−5 EUR", "minus five euros"),
        ("USD -5.50", "minus five US dollars and fifty cents"),
        # time
        ("at 3:45 p.m", "at three forty five P M"),
        ("9:05pm", "nine oh five P M"),
        ("10:00", "ten o'clock"),
        ("10:00 a.m", "ten A M"),
        ("12:30:15", "twelve thirty fifteen"),
        # dates and years
        ("on 5/6", "on May sixth"),
        ("2024-05-06", "May sixth twenty twenty four"),
        ("5/6/98", "May sixth nineteen ninety eight"),
        ("Jan 5", "January fifth"),
        ("May 21", "May twenty first"),
        ("in 1805", "in eighteen oh five"),
        ("1500 people", "one thousand five hundred people"),
        ("the 1990s", "the nineteen nineties"),
        ("1990-1995", "nineteen ninety to nineteen ninety five"),
        # fractions and ordinals
        ("1/2", "one half"),
        ("3/4", "three quarters"),
        ("2½", "two and one half"),
        ("24/7", "twenty four seven"),
        ("22nd", "twenty second"),
        # quantities
        ("5kg", "five kilograms"),
        ("1 km", "one kilometer"),
        ("60mph", "sixty miles per hour"),
        ("25°C", "twenty five degrees celsius"),
        ("10%", "ten percent"),
        ("5-10", "five to ten"),
        ("10am–5pm", "ten A M to five P M"),
        ("100k", "one hundred thousand"),
        ("50+", "fifty plus"),
        ("~5", "about five"),
        ("#1", "number one"),
        ("1234567", "one two three four five six seven"),
        ("555-123-4567", "five five five, one two three, four five six seven"),
        # signs, names, addresses
        ("2 + 2 = 4", "two plus two equals four"),
        ("salt & pepper", "salt and pepper"),
        ("and/or", "and or"),
        ("St Louis", "Saint Louis"),
        ("Main St", "Main street"),
        ("No 5", "number five"),
        ("Ms Jones", "miz Jones"),
        ("5 ms", "five milliseconds"),
        ("v2.0", "version two point zero"),
        ("#tag", "hashtag tag"),
        ("https://www.example.com/a", "example dot com slash a"),
        ("me@x.org", "me at x dot org"),
        # left to espeak-ng
        ("GPT-4", "G P T four"),
        ("4K", "four K"),
        ("don't", "don't"),
    ],
)
def test_english_is_put_in_words(text, said):
    assert " ".join(word for words in normalised(text.split(), "en-US") for word in words) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # money
        ("CA$45", "forty five Canadian dollars"),
        ("Rs 1,50,000", "one hundred fifty thousand rupees"),
        ("₹1.5 lakh", "one point five lakh rupees"),
        ("1.5 million USD", "one point five million US dollars"),
        ("$3–5 million", "three to five million dollars"),
        ("a $2.5M round", "a two point five million dollar round"),
        ("a $100-a-month plan", "a one hundred dollar a month plan"),
        ("$10 per user/month", "ten dollars per user per month"),
        # units, alone, for each, and of a kind
        ("500 mg/day", "five hundred milligrams per day"),
        ("<100 mg/dL", "less than one hundred milligrams per deciliter"),
        ("5 mcg/kg/min", "five micrograms per kilogram per minute"),
        ("7 days/week", "seven days per week"),
        ("120/80 mmHg", "one hundred twenty over eighty millimeters of mercury"),
        ("a 10-mL dose", "a ten milliliter dose"),
        ("a 512GB disk", "a five hundred twelve gigabyte disk"),
        ("a 5 km run", "a five kilometer run"),
        ("2 yrs", "two years"),
        ("5 sq ft", "five square feet"),
        ("6 ft 2 in", "six feet two inches"),
        ("120V", "one hundred twenty volts"),
        ("55″", "fifty five inches"),
        ("12″ x 8″", "twelve inches by eight inches"),
        ("1920x1080", "nineteen twenty by ten eighty"),
        ("3 x 4 = 12", "three times four equals twelve"),
        ("20 / 4 = 5", "twenty divided by four equals five"),
        ("72°/58°", "seventy two degrees, fifty eight degrees"),
        ("1¼ tsp", "one and one quarter teaspoons"),
        ("98.6F", "ninety eight point six degrees fahrenheit"),
        ("exit 12B", "exit twelve B"),
        # times and dates
        ("in 09", "in oh nine"),
        ("2h 45m", "two hours forty five minutes"),
        ("10h30m", "ten hours thirty minutes"),
        ("the 100m", "the one hundred meters"),
        ("wait 30s", "wait thirty seconds"),
        ("in his 30s", "in his thirties"),
        ("the 60s and 70s", "the sixties and seventies"),
        ("mid-'90s", "mid nineties"),
        ("2:00:35", "two oh oh thirty five"),
        ("1:42.3", "one forty two point three"),
        ("21 April", "the twenty first of April"),
        ("May 3-10", "May third to tenth"),
        ("5/2024", "May twenty twenty four"),
        ("from 6/3 to 6/10", "from June third to June tenth"),
        ("2024-05-06T14:48:00Z", "May sixth twenty twenty four, fourteen forty eight U T C"),
        ("Mon–Fri", "Monday to Friday"),
        ("January–March", "January to March"),
        ("well–almost", "well, almost"),
        # names and places
        ("1234 N Main St", "twelve thirty four north Main street"),
        ("Springfield IL 62704", "Springfield Illinois six two seven zero four"),
        ("I-95 N", "I ninety five north"),
        ("221B Baker St", "two twenty one B Baker street"),
        ("Gen Z", "Gen Z"),
        ("Gen Grant", "general Grant"),
        ("Vol III", "volume three"),
        ("the IV line", "the I V line"),
        ("c 1452", "circa fourteen fifty two"),
        # capitals
        ("our NEW plan", "our new plan"),
        ("the US team", "the US team"),
        ("CALL US NOW", "CALL us NOW"),
        ("the LLMs", "the L L M's"),
        ("the FBI's", "the F B I's"),
        ("NASA's PINs", "NASA's PINs"),
        ("your APR", "your A P R"),
        # codes and code
        ("seat 14C", "seat fourteen C"),
        ("401 k", "four oh one k"),
        ("RMA# 10023", "RMA# one zero zero two three"),
        ("0x7F", "zero X seven F"),
        ("2.0.1-beta.3", "two point zero point one beta three"),
        ("DEBUG=True", "DEBUG equals True"),
        ("5-3=2", "five minus three equals two"),
        ("Ctrl+C", "control C"),
        ("a != b && c", "a is not equal to b and c"),
        ("C# .env", "C sharp dot env"),
        ("24/7/365", "twenty four seven three hundred sixty five"),
        ("12-4-1", "twelve four one"),
        ("code 20-00-00", "code two zero, zero zero, zero zero"),
        ("2x + 1", "two x plus one"),
        ("card charged on 05/20", "card charged on May twentieth"),
        ("card expires 05/28", "card expires May twenty twenty eight"),
        ("call 911 or 311", "call nine one one or three one one"),
        ("EUR/20 5", "E.U.R, twenty five"),
    ],
)
def test_english_as_assistants_write_it(text, said):
    assert " ".join(word for words in normalised(text.split(), "en-US") for word in words) == said


_LISTED = word_set(
    "747- 737-800 ½ 1½ 1 2 3/4 4.8/5 08/27 24/7 tazas kg STOP to al text card RTX $ A$ MXN EUR # * "
    "a the Dr St DE89 3704 0044 0532 OTP is Mon and sooo mmm w-what q6h Aug '24 M k de feb lun "
    "बजे 5:30 AM x 3x1 venceu Room 101 10K+ H₂O NaCl A320neo 787s FY2024/25 12/A 7/2024"
)
_LETTERS = "0123456789aAbxXkKmMsSvVIXLNCOl''’.,:;-–/+#*@$€£₹%°½¾²₂()=<>~_&"
_WORDS = st.one_of(st.sampled_from(sorted(_LISTED)), st.text(_LETTERS, min_size=1, max_size=8))


@pytest.mark.parametrize("language", ["en-US", "en-GB", "es", "es-MX", "fr", "it", "pt", "hi"])
@settings(derandomize=True, max_examples=150)
@given(st.lists(st.tuples(_WORDS, st.sampled_from(["", "", ",", "."])), max_size=7))
def test_whatever_stands_together_is_said_word_by_word(language, written):
    pytest.importorskip("unicode_rbnf")
    words, pauses = [word for word, _ in written], [pause for _, pause in written]
    spoken = normalised(words, language, pauses)
    assert len(spoken) == len(words)
    assert all(word and " " not in word for said in spoken for word in said)


def test_a_unit_stands_beside_its_number():
    words = ["3", "m", "5", "m"]
    assert normalised(words, "en-US", ["", "", ",", ""]) == [
        ["three"],
        ["meters"],
        ["five"],
        ["m"],
    ]


def test_every_word_keeps_its_own():
    assert normalised(["paid", "", "$3"], "en-GB") == [["paid"], [], ["three", "dollars"]]


def test_languages_that_nothing_is_known_of_keep_their_digits():
    assert normalised(["kostet", "", "3,50"], "de") == [["kostet"], [], ["3,50"]]


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("pt", "R$ 1,00 ; R$ 0,50", "um real cinquenta centavos"),
        ("pt", "R$ 2,5 milhões", "dois vírgula cinco milhões de reais"),
        ("pt", "11 2222-2222", "um um, dois dois dois dois, dois dois dois dois"),
        ("es", "10 €/mes", "diez euros al mes"),
        ("es", "95 mg/dl", "noventa y cinco miligramos por decilitro"),
        ("es", "cada 6-8 h", "cada seis a ocho horas"),
        ("es", "los 3/4 de", "los tres cuartos de"),
        ("es", "el 3/4", "el tres de abril"),
        ("es", "120/80 mmHg", "ciento veinte sobre ochenta milímetros de mercurio"),
        ("pt", "custa R$ 1M", "custa um milhão de reais"),
        (
            "es",
            "IVA 1250 € y RTX 4090",
            "IVA mil doscientos cincuenta euros y RTX cuarenta noventa",
        ),
        ("fr", "Le siècle", "Le siècle"),
        ("fr", "François Ier", "François premier"),
        ("fr", "1 000 000 d'euros", "un million d'euros"),
        ("fr", "20 k€", "vingt mille euros"),
        ("it", "l'1,2%", "l'uno virgola due per cento"),
        ("it", "ore 15.30", "ore quindici e trenta"),
        ("hi", "₹1.5 लाख", "एक दशमलव पाँच लाख रुपये"),
        ("hi", "10वें", "दसवें"),
        ("hi", "'24 1½", "चौबीस डेढ़"),
    ],
)
def test_other_languages_as_assistants_write_them(language, text, said):
    pytest.importorskip("unicode_rbnf")
    words = text.split()
    pauses = [";" if word == ";" else "" for word in words[1:]] + [""]
    kept = [(word, pause) for word, pause in zip(words, pauses, strict=True) if word != ";"]
    spoken = normalised([word for word, _ in kept], language, [pause for _, pause in kept])
    assert " ".join(word for words in spoken for word in words) == said
