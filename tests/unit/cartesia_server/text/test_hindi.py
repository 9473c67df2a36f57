import pytest

from cartesia_server.text.hindi import respelled, shortened

# ruff: noqa: RUF001 -- phonetic letters look like others


@pytest.mark.parametrize(
    ("word", "spelling"),
    [
        ("दबाएँ", "दबाएं"),
        ("कुआँ", "कुआं"),
        ("गाँव", "गांव"),
        ("गईं", "गयीं"),
        ("इंतज़ार", "इन्तज़ार"),
        ("हिंदी", "हिन्दी"),
        ("मुंबई", "मुम्बई"),
        ("पार्किंग", "पार्किङ्ग"),
        ("इंटरनेट", "इण्टरनेट"),
        ("कृपया", "कृ-पया"),
        ("PAN", "पैन"),
    ],
)
def test_nasal_vowels_are_spelled_so_that_they_are_read(word, spelling):
    assert respelled(word) == spelling


@pytest.mark.parametrize("word", ["माँ", "हूँ", "में", "नहीं", "ईंट", "अंक", "email", "मतलब"])
def test_other_words_stay_as_they_are(word):
    assert respelled(word) == word


@pytest.mark.parametrize(
    ("phonemes", "said"),
    [
        ("mˈʌtəlˌəb", "mˈʌtlˌəb"),
        ("ˈaːɟəkˌəl", "ˈaːɟkˌəl"),
        ("bˈɛːʈʰəkˌəɾ", "bˈɛːʈʰkˌəɾ"),
        ("sˈʌməɟʰˌəkəɾ", "sˈʌməɟʰkəɾ"),
        ("ɡˈʌr.əbˌər.", "ɡˈʌr.bˌər."),
    ],
)
def test_the_vowel_that_nobody_says_is_left_out(phonemes, said):
    assert shortened(phonemes) == said


@pytest.mark.parametrize(
    "phonemes",
    [
        "dˈoːpəhˌəɾ",
        "ʋaːtˈaːʋəɾˌəɳ",
        "nəʋˈʌmbəɾ",
        "tɪhˈʌtːəɾ",
        "ʃˈʌhəɾ",
        "pˈʌrjəʈən",
        "kˈʌmɾˌaː",
        "ˈɑː tˈiː ˈɛks",
        "",
    ],
)
def test_other_vowels_are_kept(phonemes):
    assert shortened(phonemes) == phonemes
