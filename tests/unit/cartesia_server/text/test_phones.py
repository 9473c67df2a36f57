import pytest

from cartesia_server.text.phones import espeak_ipa

# ruff: noqa: RUF001 -- phonetic letters look like others


@pytest.mark.parametrize(
    ("block", "ipa"),
    [
        ("k|ɑ|ɹ", "kˈɑɹ"),
        (" k | ɑ | ɹ ", "kˈɑɹ"),
        ("kɑɹ", "kˈɑɹ"),
        ("tʃ|aɪ|n|ə", "t͡ʃˈa͡ɪnə"),
        ("ˈtʃ|aɪ|n|ə", "t͡ʃˈa͡ɪnə"),
        ("ˈ|k|ɑ|ɹ", "kˈɑɹ"),
        ("b|ə|ˈn|æ|n|ə", "bənˈænə"),
        ("ˌ|ɪ|n|f|ə|ˈm|eɪ|ʃ|ə|n", "ˌɪnfəmˈe͡ɪʃən"),
        ("g|ɝ|l", "ɡˈɜːl"),
        ("s|iː", "sˈiː"),
        ("b|ɔ̃", "bˈɔ̃"),
        ("s|\u00e3", "sˈa\u0303"),
        ("t|s", "ts"),
    ],
)
def test_phones_become_what_espeak_would_write(block, ipa):
    assert espeak_ipa(block) == ipa


@pytest.mark.parametrize("block", ["", "|", "k|A|r", "k|1", "a b|c", "k|?", "2 and 3", "abcd|e"])
def test_what_is_no_ipa_is_nothing(block):
    assert espeak_ipa(block) is None
