"""Whether each language is understood: Whisper base listens to sentences of every kind.

    python bench/languages.py [--languages es ja] [--sentences 10] [--misheard] [--record]

Sentences are those of `bench/sentences`, said by the first voice of each language and recognised
with a beam of five. Word errors are counted without punctuation and case. Chinese and Japanese are
compared by characters, with numerals put in words; as many sound the same, errors in what was heard
as it is read, pinyin with tones and kana, stand beside them.
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
from cartesia_server.text.chinese.normalise import said
from cartesia_server.text.prepare import prepare
from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.records import VoiceRecord
from results import machine, record, table

SENTENCES = Path(__file__).with_name("sentences")
LANGUAGES = tuple(sorted(file.stem for file in SENTENCES.glob("*.txt")))
BARS = {"en": 0.02, "es": 0.06, "fr": 0.06, "it": 0.06, "pt": 0.06}
PROMPTS = {"zh": "以下是普通话的句子。", "ja": "以下は日本語の文です。"}
"""They make Whisper write simplified characters, and punctuation."""


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
    samples: Samples = soxr.resample(
        np.concatenate(pieces), engine.capabilities.sample_rate, 16_000
    )
    return samples


def _tag(voice: VoiceRecord, engine: SpeechEngine) -> str:
    tags = engine.capabilities.languages
    return voice.locale if voice.locale in tags else voice.language


def listen(model: Any, samples: Samples, language: str) -> str:
    """What Whisper hears."""
    segments, _ = model.transcribe(
        samples, language=language, beam_size=5, initial_prompt=PROMPTS.get(language)
    )
    return " ".join(segment.text.strip() for segment in segments)


def plain_words(text: str) -> str:
    """A text without case and punctuation; hyphens and apostrophes divide words."""
    text = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in text)
    return " ".join(kept.split())


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


READINGS: dict[str, Callable[[str], list[str]]] = {"ja": kana, "zh": pinyin}


def rate(pairs: Sequence[tuple[str, str]]) -> float:
    """Errors by words."""
    return float(jiwer.wer([one for one, _ in pairs], [other for _, other in pairs]))


def measure(
    engine: SpeechEngine, model: Any, voice: VoiceRecord, sentences: Sequence[str]
) -> tuple[float, float | None, list[tuple[str, str]]]:
    """Errors, errors as read where that is measured, and sentences with what was misheard."""
    heard = [listen(model, audio(engine, voice, text), voice.language) for text in sentences]
    pairs = list(zip(sentences, heard, strict=True))
    reading = READINGS.get(voice.language)
    if reading is None:
        plain = [(plain_words(one), plain_words(other)) for one, other in pairs]
        errors, read_errors = rate(plain), None
    else:
        plain = [(plain_characters(one), plain_characters(other)) for one, other in pairs]
        errors = rate([(" ".join(one), " ".join(other)) for one, other in plain])
        read_errors = rate(
            [(" ".join(reading(one)), " ".join(reading(other))) for one, other in pairs]
        )
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
        read = "-" if as_read is None else f"{as_read:.3f}"
        unit = "words" if as_read is None else "characters"
        rows.append([language, voice.name, str(len(sentences)), unit, f"{errors:.3f}", bar, read])
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
