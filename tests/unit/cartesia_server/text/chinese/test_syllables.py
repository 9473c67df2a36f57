from __future__ import annotations

import pytest

from cartesia_server.text.chinese.syllables import Syllable


@pytest.mark.parametrize(
    ("pinyin", "phonemes"),
    [
        ("zhong1", "ʈ͡ʂʊ˥ŋ"),
        ("guo2", "kwo˧˥"),
        ("ni3", "ni˨˩˦"),
        ("shi4", "ʂɨ˥˩"),
        ("de5", "tɤ"),
        ("xue2", "ɕɥe˧˥"),
        ("nv3", "ny˨˩˦"),
        ("nü3", "ny˨˩˦"),
        ("lve4", "lɥe˥˩"),
        ("yuan2", "ɥɛ˧˥n"),
        ("you3", "jo͡u˨˩˦"),
        ("jiu3", "t͡ɕjo͡u˨˩˦"),
        ("wei4", "we͡i˥˩"),
        ("dui4", "twe͡i˥˩"),
        ("qun2", "t͡ɕʰy˧˥n"),
        ("er2", "ɚ˧˥"),
        ("si4", "sɨ˥˩"),
    ],
)
def test_phonemes(pinyin, phonemes):
    syllable = Syllable.read(pinyin)
    assert syllable is not None
    assert syllable.ipa == phonemes


@pytest.mark.parametrize("pinyin", ["", "zhong", "zhong6", "xyz1", "好", "wong4"])
def test_what_is_no_pinyin_is_not_read(pinyin):
    assert Syllable.read(pinyin) is None
