"""Whether each language is understood: Whisper base listens to sentences of every kind.

    python bench/languages.py [--languages es ja] [--sentences 10] [--misheard] [--record]

Sentences are those of `bench/sentences`, said by the first voice of each language and recognised
with a beam of five, after a moment of silence. Word errors are counted without punctuation and
case, and with numbers in words: in what was heard by the rules of the language, in the sentences
by hand, after a tab, so that a number that is read wrongly counts. Chinese and Japanese are
compared by characters. Much that is written otherwise sounds the same (``la zienda`` and
``l'azienda``, ``verser`` and ``versez``): errors in what was heard as it is read, in phonemes,
pinyin with tones or kana, stand beside them.
"""

from __future__ import annotations

import argparse
import os
import unicodedata
from collections.abc import Callable, Sequence
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
PROMPTS = {"zh": "以下是普通话的句子。", "ja": "以下は日本語の文です。"}
"""They make Whisper write simplified characters, and punctuation."""
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


def spoken_words(text: str, language: str) -> str:
    """Plain words of a text with its numbers put in words."""
    pieces = [split_word(word) for word in text.split()]
    said = normalised([core for core, _ in pieces], language, [pause for _, pause in pieces])
    return plain_words(" ".join(word for words in said for word in words))


def phonemes(text: str, language: str) -> list[str]:
    """A text in letters as it is read, a phoneme each, without stress and length."""
    marks = str.maketrans(dict.fromkeys(STRESS + MODIFIERS[:2] + "-"))
    words = [word for part in prepare(text, language) for word in part.spoken]
    return [unit.translate(marks) for word in words for unit in units(word.phonemes)]


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


def rate(pairs: Sequence[tuple[str, str]]) -> float:
    """Errors by words."""
    return float(jiwer.wer([one for one, _ in pairs], [other for _, other in pairs]))


def measure(
    engine: SpeechEngine, model: Any, voice: VoiceRecord, lines: Sequence[str]
) -> tuple[float, float, list[tuple[str, str]]]:
    """Errors, errors as read, and sentences with what was misheard.

    Args:
        engine: that speaks.
        model: that listens.
        voice: whose language the sentences are in.
        lines: a sentence each, and after a tab its words as they are said, where numbers are in it.
    """
    language = voice.language
    asked = [line.partition("\t")[0] for line in lines]
    expected = [line.rpartition("\t")[2] for line in lines]
    heard = [listen(model, audio(engine, voice, text), language) for text in asked]
    pairs = list(zip(expected, heard, strict=True))
    reading = CHARACTERS.get(language)
    if reading is None:
        plain = [
            (spoken_words(one, language), spoken_words(other, language)) for one, other in pairs
        ]
        errors = rate(plain)
        read = [[phonemes(text, language) for text in pair] for pair in plain]
    else:
        plain = [(plain_characters(one), plain_characters(other)) for one, other in pairs]
        errors = rate([(" ".join(one), " ".join(other)) for one, other in plain])
        read = [[reading(text) for text in pair] for pair in pairs]
    read_errors = rate([(" ".join(one), " ".join(other)) for one, other in read])
    return errors, read_errors, [pair for pair in plain if pair[0] != pair[1]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--languages", nargs="+", default=LANGUAGES, choices=LANGUAGES)
    parser.add_argument("--sentences", type=int, default=None, help="at most so many of each")
    parser.add_argument("--voice", help="Kokoro's name of a voice instead of the first")
    parser.add_argument("--misheard", action="store_true", help="print what was misheard")
    parser.add_argument("--record", action="store_true", help="write bench/RESULTS.md")
    given = parser.parse_args()

    engine, model, catalogue = create(Settings()), whisper(), Catalogue.load()
    rows: list[list[str]] = []
    for language in given.languages:
        lines = (SENTENCES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        voice = catalogue.find(given.voice) if given.voice else catalogue.default(language)
        if voice is None:
            parser.error(f"no voice for {language}")
        sentences = lines[: given.sentences]
        errors, as_read, misheard = measure(engine, model, voice, sentences)
        bar = f"<= {BARS[language]:.2f}" if language in BARS else "-"
        unit = "characters" if language in CHARACTERS else "words"
        figures = [f"{errors:.3f}", bar, f"{as_read:.3f}"]
        rows.append([language, voice.name, str(len(sentences)), unit, *figures])
        print(rows[-1], flush=True)
        if given.misheard:
            for one, other in misheard:
                print(f"  {one}\n  {other}\n")
    titles = ["language", "voice", "sentences", "errors by", "error rate", "bar", "as read"]
    text = f"{table(titles, rows)}\n\nWhisper base, beam of five. {machine()}."
    print(text)
    if given.record:
        record("Languages: what is understood", "python bench/languages.py", text)


if __name__ == "__main__":
    main()
