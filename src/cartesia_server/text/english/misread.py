"""English words that espeak-ng misreads, in phonemes.

Most are in ``data/lexicon.tsv``, which `scripts/build_english_lexicon.py` builds from two lexicons.
Here are those that the lexicons lack, and those whose reading they allow although another is
clearer: stressed in front, as espeak-ng reads it, ``fifteen`` is taken for ``fifty``.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources

# ruff: noqa: RUF001 -- phonetic letters look like others

# The word, its phonemes in American English, and in British English; "=" where it is read right.
_TABLE = """
acai             ˌɑːsɑːˈiː            ˌasa͡ɪˈiː
adversary        ˈædvɚsˌɛɹi           =
airbnb           ˈɛ͡ɹbˌiːˌɛnbˈiː      ˈe͡əbˌiːˌɛnbˈiː
amlodipine       æmlˈɑːdᵻpˌiːn        amlˈɒdɪpˌiːn
atorvastatin     ɐtˌɔː͡ɹvəstˈætᵻn     ɐtˌɔːvəstˈatɪn
attribution      ˌætɹᵻbjˈuːʃən        ˌatɹɪbjˈuːʃən
bbq              bˈɑː͡ɹbᵻkjˌuː        bˈɑːbɪkjˌuː
categories       kˈæɾᵻɡˌɔː͡ɹiz        =
category         kˈæɾᵻɡˌɔː͡ɹi         =
ceremonies       sˈɛɹᵻmˌo͡ʊniz        =
ceremony         sˈɛɹᵻmˌo͡ʊni         =
counterfeit      kˈa͡ʊntɚfˌɪt         kˈa͡ʊntəfˌɪt
defamation       dˌɛfəmˈe͡ɪʃən        dˌɛfəmˈe͡ɪʃən
degradation      dˌɛɡɹədˈe͡ɪʃən       dˌɛɡɹədˈe͡ɪʃən
eighteen         e͡ɪtˈiːn             e͡ɪtˈiːn
eighteenth       e͡ɪtˈiːnθ            e͡ɪtˈiːnθ
fifteen          fɪftˈiːn             fɪftˈiːn
fourteen         fɔː͡ɹtˈiːn           fɔːtˈiːn
fourteenth       fɔː͡ɹtˈiːnθ          fɔːtˈiːnθ
huawei           wˈɑːwe͡ɪ             wˈɑːwe͡ɪ
involuntary      ɪnvˈɑːləntˌɛɹi       =
legendary        lˈɛd͡ʒəndˌɛɹi        =
levothyroxine    lˌiːvo͡ʊθa͡ɪɹˈɑːksiːn lˌiːvə͡ʊθa͡ɪɹˈɒksiːn
liaison          liˈe͡ɪzɑːn           =
lisinopril       la͡ɪsˈɪnəpɹˌɪl       la͡ɪsˈɪnəpɹˌɪl
metformin        mɛtfˈɔː͡ɹmᵻn         mɛtfˈɔːmɪn
moines           mˈɔ͡ɪn               mˈɔ͡ɪn
monastery        mˈɑːnəstˌɛɹi         =
necessary        nˈɛsᵻsˌɛɹi           =
nginx            ˌɛnd͡ʒɪnˈɛks         ˌɛnd͡ʒɪnˈɛks
niamh            nˈiːv                nˈiːv
nineteen         na͡ɪntˈiːn           na͡ɪntˈiːn
nineteenth       na͡ɪntˈiːnθ          na͡ɪntˈiːnθ
omeprazole       o͡ʊmˈɛpɹəzˌo͡ʊl      ə͡ʊmˈɛpɹəzˌə͡ʊl
ozempic          o͡ʊzˈɛmpɪk           ə͡ʊzˈɛmpɪk
pho              fˈʌ                  fˈɜː
porsche          pˈɔː͡ɹʃə             pˈɔːʃə
postgresql       pˈo͡ʊstɡɹɛskjˌuːˈɛl  pˈə͡ʊstɡɹɛskjˌuːˈɛl
reformation      ɹˌɛfɚmˈe͡ɪʃən        ɹˌɛfəmˈe͡ɪʃən
secondary        sˈɛkəndˌɛɹi          =
secretaries      sˈɛkɹətˌɛɹiz         =
secretary        sˈɛkɹətˌɛɹi          =
semaglutide      sˌɛməɡlˈuːta͡ɪd      sˌɛməɡlˈuːta͡ɪd
sertraline       sˈɜːtɹəlˌiːn         sˈɜːtɹəlˌiːn
seventeen        sˌɛvəntˈiːn          sˌɛvəntˈiːn
seventeenth      sˌɛvəntˈiːnθ         sˌɛvəntˈiːnθ
sixteen          sɪkstˈiːn            sɪkstˈiːn
sixteenth        sɪkstˈiːnθ           sɪkstˈiːnθ
testimony        tˈɛstᵻmˌo͡ʊni        =
thirteen         θɜːtˈiːn             θɜːtˈiːn
thirteenth       θɜːtˈiːnθ            θɜːtˈiːnθ
uber             ˈuːbɚ                ˈuːbə
unnecessary      ʌnnˈɛsᵻsˌɛɹi         =
voluntary        vˈɑːləntˌɛɹi         =
xiaomi           ʃˈa͡ʊmi              ʃˈa͡ʊmɪ
yaml             jˈæmə͡l              jˈamə͡l
"""
_SAME = "="
_SHOUTED = 5
"""Letters at most of what is in capitals because it is an abbreviation, not because it is loud."""
_SIBILANTS = ("s", "z", "ʃ", "ʒ")
_VOICELESS = ("p", "t", "k", "f", "θ")


def corrected(word: str, language: str) -> str | None:
    """The phonemes of a word that espeak-ng misreads, or None.

    Args:
        word: as it is written; ``'s`` may follow it.
        language: ``en-US`` or ``en-GB``.
    """
    if word.isupper() and len(word) <= _SHOUTED:
        return None
    stem, mark, ending = word.replace("\u2019", "'").partition("'")
    if mark and ending not in ("s", ""):
        return None
    british = language == "en-GB"
    sound = _sounds(british=british).get(_plain(stem))
    return sound + _possessive(sound, british=british) if sound and ending else sound


def _plain(word: str) -> str:
    """A word in small letters without accents: ``jalapeño`` is in the lexicons as ``jalapeno``."""
    word = word.lower()
    if word.isascii():
        return word
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if letter.isascii())


def _possessive(sound: str, *, british: bool) -> str:
    if sound.endswith(_SIBILANTS):
        return "ɪz" if british else "ᵻz"
    return "s" if sound.endswith(_VOICELESS) else "z"


@cache
def _sounds(*, british: bool) -> dict[str, str]:
    file = resources.files(__package__) / "data" / "lexicon.tsv"
    built = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    rows = [*built, *(line.split() for line in _TABLE.strip().splitlines())]
    column = 2 if british else 1
    return {row[0]: row[column] for row in rows if len(row) > column and row[column] != _SAME}
