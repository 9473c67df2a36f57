from __future__ import annotations

import pytest

from cartesia_server.text.japanese.kana import owners, sounds

# ruff: noqa: RUF001 -- phonetic letters look like others


def read(kana: str) -> str:
    return "".join(phonemes for phonemes, _, _ in sounds(kana))


@pytest.mark.parametrize(
    ("kana", "phonemes"),
    [
        ("トーキョー", "toːkʲoː"),
        ("シンブン", "ɕimbɯɴ"),
        ("サンガツ", "saŋɡat͡sɨ"),
        ("センチ", "seɲt͡ɕi"),
        ("ホンダ", "honda"),
        ("コンニチワ", "koɲɲit͡ɕiβa"),
        ("キッテ", "kʲiʔte"),
        ("ファイル", "ɸaiɾɯ"),
        ("マス’", "masɨ"),
    ],
)
def test_sounds(kana, phonemes):
    assert read(kana) == phonemes


@pytest.mark.parametrize(
    ("surface", "reading", "shared"),
    [
        ("申し込み", "モウシコミ", [0, 0, 1, 2, 3]),
        ("東京", "トウキョウ", [0, 0, 1, 1, 1]),
        ("今日", "キョウ", [0, 0, 1]),
        ("きょう", "キョウ", [0, 1, 2]),
        ("大人", "オトナ", [0, 0, 1]),
        ("百合", "ユ", [0]),
        ("学校", "ガッコウ", [0, 0, 1, 1]),
        ("ＡＢ", "エービー", [0, 0, 1, 1]),
    ],
)
def test_kana_are_shared_out_among_the_characters(surface, reading, shared):
    assert list(owners(surface, reading)) == shared
