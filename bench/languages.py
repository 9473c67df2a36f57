"""Whether each language is understood: Whisper base listens to sentences of every kind.

    python bench/languages.py [--languages es ja] [--sentences 10] [--misheard] [--record]

Sentences are those of `bench/sentences` (of `bench/sentences/agents`, with ``--folder``, where a
voice or a rule is to be chosen: the others stay unseen until then), said by the first voice of each
language and recognised with a beam of five, after a moment of silence. Those of
`bench/sentences/names` are English, of names and words that rules misread. Word errors are counted
without punctuation and case, and with numbers in words: in what was heard by the rules of the
language, in the sentences by hand, after a tab, so that a number that is read wrongly counts.
Chinese and Japanese are compared by characters, Chinese in simplified ones, and Hindi, which
Whisper base hardly spells, by phonemes. Much that is written otherwise sounds the same (``la
zienda`` and ``l'azienda``, ``verser`` and ``versez``): beside the errors stands how many of them
do, and what remains when all is compared as it is read, in phonemes, pinyin with tones or kana.
"""

from __future__ import annotations

import argparse
import os
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import soxr

from cartesia_server.engines.base import CancelToken, Samples, SpeechControls, SpeechEngine
from cartesia_server.engines.kokoro import create
from cartesia_server.engines.weights import resolve
from cartesia_server.settings import Settings
from cartesia_server.text.align import MODIFIERS, STRESS, units
from cartesia_server.text.chinese.normalise import said
from cartesia_server.text.normalise import normalised
from cartesia_server.text.prepare import prepare
from cartesia_server.text.punctuation import split_word
from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.records import VoiceRecord
from results import machine, record, table

SENTENCES = Path(__file__).with_name("sentences")
LANGUAGES = tuple(sorted(file.stem for file in SENTENCES.glob("*.txt")))
BARS = {"en": 0.02, "es": 0.06, "fr": 0.06, "it": 0.06, "pt": 0.06}
PROMPTS = {
    "hi": "यह हिंदी का एक वाक्य है।",
    "ja": "以下は日本語の文です。",
    "zh": "以下是普通话的句子。",
}
"""They make Whisper write Devanagari, where it may write Urdu, and simplified characters."""
RATE = 16_000
SILENCE = 0.3
"""Seconds before the speech: no listener's begins with the first sample of what was made."""


def whisper() -> Any:
    """Whisper base, from the weights of the server."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # before CTranslate2 is loaded
    from faster_whisper import WhisperModel

    weights = resolve("whisper-base", Settings().model_dir)
    return WhisperModel(
        "whisper-base", cpu_threads=1, compute_type="int8", files=weights.read_all()
    )


def audio(engine: SpeechEngine, voice: VoiceRecord, text: str) -> Samples:
    """Say a sentence; samples at 16 kHz."""
    pieces = [
        chunk.samples
        for part in prepare(text, _tag(voice, engine))
        for chunk in engine.plan(part, voice.point, SpeechControls(first_piece=0.2)).chunks(
            CancelToken()
        )
    ]
    samples: Samples = soxr.resample(np.concatenate(pieces), engine.capabilities.sample_rate, RATE)
    return samples


def _tag(voice: VoiceRecord, engine: SpeechEngine) -> str:
    tags = engine.capabilities.languages
    return voice.locale if voice.locale in tags else voice.language


def listen(model: Any, samples: Samples, language: str) -> str:
    """What Whisper hears."""
    segments, _ = model.transcribe(
        np.pad(samples, (round(SILENCE * RATE), 0)),
        language=language,
        beam_size=5,
        initial_prompt=PROMPTS.get(language),
    )
    return " ".join(segment.text.strip() for segment in segments)


def plain_words(text: str) -> str:
    """A text without case, punctuation and ligatures; hyphens and apostrophes divide words."""
    text = unicodedata.normalize("NFKC", text).lower().replace("œ", "oe").replace("æ", "ae")
    kept = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in text)
    return " ".join(kept.split())


def spoken(text: str, language: str) -> str:
    """A text with its numbers put in words, without the marks around words, in lower case."""
    pieces = [split_word(word) for word in text.split()]
    said = normalised([core for core, _ in pieces], language, [pause for _, pause in pieces])
    return " ".join(word.rstrip(",") for words in said for word in words).lower()


def parts(text: str, language: str) -> list[str]:
    """The plain words of a text; ``l'`` keeps its apostrophe, without which it is a letter."""
    text = spoken(text, language).replace("\u2019", "'").replace("'", "' ").replace("-", " ")
    words = ((plain_words(word).replace(" ", ""), word[-1] == "'") for word in text.split())
    return [word + "'" * elided for word, elided in words if word]


def phonemes(text: str, language: str) -> list[str]:
    """A text in letters as it is read, a phoneme each, without stress and length."""
    marks = str.maketrans(dict.fromkeys(STRESS + MODIFIERS[:2] + "-"))
    words = [word for part in prepare(text, language) for word in part.spoken]
    sounds = (unit.translate(marks) for word in words for unit in units(word.phonemes))
    return [sound for sound in sounds if sound]


@cache
def _to_simplified() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """A Chinese text in simplified characters: Whisper writes now these, now traditional ones."""
    converted: str = _to_simplified().convert(text)
    return converted


def plain_characters(text: str) -> str:
    """A Chinese or Japanese text without punctuation and spaces, its numerals in words."""
    return plain_words(said(text).text).replace(" ", "")


def pinyin(text: str) -> list[str]:
    """Chinese as it is read, a syllable with its tone each."""
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(plain_characters(text), style=Style.TONE3, neutral_tone_with_five=True)


def kana(text: str) -> list[str]:
    """Japanese as it is read, a kana each."""
    import pyopenjtalk

    entries = pyopenjtalk.run_frontend(text)
    return [
        letter
        for entry in entries
        for letter in entry["pron"]
        if "\u30a1" <= letter <= "\u30fc" and letter != "\u30fb"
    ]


CHARACTERS: dict[str, Callable[[str], list[str]]] = {"ja": kana, "zh": pinyin}
"""How languages are read that are compared by characters."""
BY_SOUNDS = frozenset(["hi"])
"""Languages that Whisper base spells too badly to compare words."""


@dataclass(frozen=True)
class Heard:
    """One sentence, and what was heard of it.

    Attributes:
        expected: its words, or characters.
        heard: those that were heard.
        read: the sentence as it is read, by sounds.
        heard_read: what was heard as it is read.
        errors: words, or characters, that are wrong.
        alike: how many of them are in passages that sound the same.
    """

    expected: list[str]
    heard: list[str]
    read: list[str]
    heard_read: list[str]
    errors: int
    alike: int


def compared(expected: str, heard: str, language: str) -> Heard:
    """Count what is wrong in a sentence, and what of it only is spelled otherwise."""
    if language == "zh":
        expected, heard = simplified(expected), simplified(heard)
    reading = CHARACTERS.get(language)
    if reading is None:
        one, other = parts(expected, language), parts(heard, language)
        joined = [" ".join(words).replace("' ", "'") for words in (one, other)]
        read = [phonemes(text, language) for text in joined]
        bare = [[word.rstrip("'") for word in words] for words in (one, other)]
    else:
        one, other = list(plain_characters(expected)), list(plain_characters(heard))
        read, bare = [reading(expected), reading(heard)], [one, other]
    errors = alike = 0
    for mine, theirs in _passages(*bare):
        wrong = max(mine[1] - mine[0], theirs[1] - theirs[0])
        errors += wrong
        passages = [one[slice(*mine)], other[slice(*theirs)]]
        if all(passages) and _sounds(passages[0], language) == _sounds(passages[1], language):
            alike += wrong
    alike = errors if read[0] == read[1] else alike
    return Heard(bare[0], bare[1], read[0], read[1], errors, alike)


def _passages(one: list[str], other: list[str]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where two texts differ: the beginning and end of each passage in both."""
    found: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for chunk in jiwer.process_words(" ".join(one), " ".join(other) or " ").alignments[0]:
        if chunk.type == "equal":
            continue
        mine = (chunk.ref_start_idx, chunk.ref_end_idx)
        theirs = (chunk.hyp_start_idx, chunk.hyp_end_idx)
        if found and found[-1][0][1] == mine[0] and found[-1][1][1] == theirs[0]:
            before = found.pop()
            mine, theirs = (before[0][0], mine[1]), (before[1][0], theirs[1])
        found.append((mine, theirs))
    return found


def _sounds(passage: list[str], language: str) -> list[str]:
    if language in CHARACTERS:
        return CHARACTERS[language]("".join(passage))
    return phonemes(" ".join(passage).replace("' ", "'"), language)


def rate(pairs: Sequence[tuple[list[str], list[str]]]) -> float:
    """Errors by words, characters or sounds, of all that was said."""
    lines = [(" ".join(one), " ".join(other)) for one, other in pairs]
    return float(jiwer.wer([one for one, _ in lines], [other for _, other in lines]))


def measure(
    engine: SpeechEngine, model: Any, voice: VoiceRecord, lines: Sequence[str]
) -> list[Heard]:
    """Let a voice say sentences, and a model listen.

    Args:
        engine: that speaks.
        model: that listens.
        voice: whose language the sentences are in.
        lines: a sentence each, and after a tab its words as they are said, where numbers are in it.
    """
    language = voice.language
    return [
        compared(
            line.rpartition("\t")[2],
            listen(model, audio(engine, voice, line.partition("\t")[0]), language),
            language,
        )
        for line in lines
    ]


def row(voice: VoiceRecord, results: Sequence[Heard]) -> list[str]:
    """A line of the table."""
    language = voice.language
    unit = "characters" if language in CHARACTERS else "words"
    by_sounds = rate([(one.read, one.heard_read) for one in results])
    errors = rate([(one.expected, one.heard) for one in results])
    if language in BY_SOUNDS:
        unit, errors = "sounds", by_sounds
    bar = f"<= {BARS[language]:.2f}" if language in BARS else "-"
    counts = f"{sum(one.alike for one in results)} of {sum(one.errors for one in results)}"
    figures = [f"{errors:.3f}", bar, counts, f"{by_sounds:.3f}"]
    return [language, voice.name, str(len(results)), unit, *figures]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--languages", nargs="+", default=LANGUAGES, choices=LANGUAGES)
    parser.add_argument("--sentences", type=int, default=None, help="at most so many of each")
    parser.add_argument("--folder", type=Path, default=SENTENCES, help="of other sentences")
    parser.add_argument("--voice", help="Kokoro's name of a voice instead of the first")
    parser.add_argument("--misheard", action="store_true", help="print what was misheard")
    parser.add_argument("--record", action="store_true", help="write bench/RESULTS.md")
    given = parser.parse_args()

    engine, model, catalogue = create(Settings()), whisper(), Catalogue.load()
    rows: list[list[str]] = []
    for language in given.languages:
        lines = (given.folder / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        voice = catalogue.find(given.voice) if given.voice else catalogue.default(language)
        if voice is None:
            parser.error(f"no voice for {language}")
        sentences = lines[: given.sentences]
        results = measure(engine, model, voice, sentences)
        rows.append(row(voice, results))
        print(rows[-1], flush=True)
        if given.misheard:
            for one in results:
                if one.errors:
                    mark = "=" if one.alike == one.errors else " "
                    print(f"{mark} {' '.join(one.expected)}\n  {' '.join(one.heard)}\n")
    titles = ["language", "voice", "sentences", "errors by", "error rate", "bar"]
    titles += ["that sound the same", "as read"]
    text = f"{table(titles, rows)}\n\nWhisper base, beam of five. {machine()}."
    print(text)
    if given.record:
        record("Languages: what is understood", "python bench/languages.py", text)


if __name__ == "__main__":
    main()
