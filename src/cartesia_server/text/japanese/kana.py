"""Katakana to phonemes."""

from __future__ import annotations

import re
from collections.abc import Sequence

# ruff: noqa: RUF001 -- phonetic letters look like others

_SOUNDS = """
ア a イ i ウ ɯ エ e オ o ァ a ィ i ゥ ɯ ェ e ォ o
カ ka キ kʲi ク kɯ ケ ke コ ko キェ kʲe キャ kʲa キュ kʲɨ キョ kʲo ヵ ka ヶ ke
クァ kᵝa クィ kᵝi クェ kᵝe クォ kᵝo クヮ kᵝa
ガ ɡa ギ ɡʲi グ ɡɯ ゲ ɡe ゴ ɡo ギェ ɡʲe ギャ ɡʲa ギュ ɡʲɨ ギョ ɡʲo
グァ ɡᵝa グィ ɡᵝi グェ ɡᵝe グォ ɡᵝo
サ sa シ ɕi ス sɨ セ se ソ so シェ ɕe シャ ɕa シュ ɕɨ ショ ɕo スィ si
ザ d͡za ジ d͡ʑi ズ zɨ ゼ d͡ze ゾ d͡zo ジェ d͡ʑe ジャ d͡ʑa ジュ d͡ʑɨ ジョ d͡ʑo ズィ zi
タ ta チ t͡ɕi ツ t͡sɨ テ te ト to チェ t͡ɕe チャ t͡ɕa チュ t͡ɕɨ チョ t͡ɕo
ツァ t͡sa ツィ t͡sʲi ツェ t͡se ツォ t͡so ティ tʲi テュ tʲɨ トゥ tɯ
ダ da ヂ d͡ʑi ヅ zɨ デ de ド do ヂャ d͡ʑa ヂュ d͡ʑɨ ヂョ d͡ʑo ディ dʲi デュ dʲɨ ドゥ dɯ
ナ na ニ ɲi ヌ nɯ ネ ne ノ no ニェ ɲe ニャ ɲa ニュ ɲɨ ニョ ɲo
ハ ha ヒ çi フ ɸɯ ヘ he ホ ho ヒェ çe ヒャ ça ヒュ çɨ ヒョ ço
ファ ɸa フィ ɸʲi フェ ɸe フォ ɸo フュ ɸʲɨ フョ ɸʲo
バ ba ビ bʲi ブ bɯ ベ be ボ bo ビェ bʲe ビャ bʲa ビュ bʲɨ ビョ bʲo
パ pa ピ pʲi プ pɯ ペ pe ポ po ピェ pʲe ピャ pʲa ピュ pʲɨ ピョ pʲo
マ ma ミ mʲi ム mɯ メ me モ mo ミェ mʲe ミャ mʲa ミュ mʲɨ ミョ mʲo
ヤ ja ユ jɯ ヨ jo ャ ja ュ jɯ ョ jo イェ je
ラ ɾa リ ɾʲi ル ɾɯ レ ɾe ロ ɾo リェ ɾʲe リャ ɾʲa リュ ɾʲɨ リョ ɾʲo
ワ βa ヮ βa ヰ i ヱ e ヲ o ウィ βi ウェ βe ウォ βo
ヴ vɯ ヴァ va ヴィ vʲi ヴェ ve ヴォ vo ヴュ bʲɨ ヴョ bʲo
ー ː ッ ʔ ン ɴ
"""
_KANA = re.compile(r"(\S+) (\S+)")

PHONEMES = dict(_KANA.findall(_SOUNDS))
"""By mora: what follows ン still changes it."""

_MORA = re.compile("|".join(sorted(PHONEMES, key=len, reverse=True)))
_NASALS = {
    **dict.fromkeys("mpb", "m"),
    **dict.fromkeys("kɡ", "ŋ"),
    **dict.fromkeys("ntdɾz", "n"),
    "ɲ": "ɲ",
}
_PALATAL = ("t͡ɕ", "d͡ʑ")


def sounds(kana: str) -> list[tuple[str, int, int]]:
    """Phonemes of a word in katakana.

    Returns:
        For each mora its phonemes, and the kana that it is written with: the first, and one past
        the last. What is no katakana is left out.
    """
    moras = list(_MORA.finditer(kana))
    following = [PHONEMES[mora[0]] for mora in moras[1:]] + [""]
    return [
        (_nasal(after) if mora[0] == "ン" else PHONEMES[mora[0]], *mora.span())
        for mora, after in zip(moras, following, strict=True)
    ]


def _nasal(following: str) -> str:
    if following.startswith(_PALATAL):
        return "ɲ"
    return _NASALS.get(following[:1], "ɴ")


def katakana(text: str) -> str:
    """A text with its hiragana as katakana."""
    return "".join(
        chr(ord(letter) + 0x60) if "\u3041" <= letter <= "\u3096" else letter for letter in text
    )


def owners(surface: str, reading: str) -> Sequence[int]:
    """For each kana of a word's reading the character of the word that it reads.

    Kana of the word read as they are written; what is left is shared out evenly among the Chinese
    characters between them.

    Args:
        surface: the word as written: 申し込み.
        reading: in katakana: モウシコミ.
    """
    written = katakana(surface)
    runs = list(re.finditer(r"[\u30a1-\u30fc]|[^\u30a1-\u30fc]+", written))
    pattern = "".join(f"({re.escape(run[0])})" if _is_kana(run[0]) else "(.+?)" for run in runs)
    found = re.fullmatch(pattern, reading)
    if not runs or found is None:
        return _evenly(reading, 0, len(surface))
    shared: list[int] = []
    for index, run in enumerate(runs, 1):
        shared += _evenly(found[index], run.start(), run.end())
    return shared


def _is_kana(letter: str) -> bool:
    return "\u30a1" <= letter <= "\u30fc"


def _evenly(reading: str, first: int, last: int) -> list[int]:
    """Share out a reading among the characters `first` to `last`, a mora at a time."""
    moras = [found.span() for found in _MORA.finditer(reading)]
    count = max(last - first, 1)
    shared = [first] * len(reading)
    for index, (start, end) in enumerate(moras):
        shared[start:end] = [first + index * count // len(moras)] * (end - start)
    return shared
