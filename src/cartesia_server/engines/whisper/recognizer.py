"""One window of speech through Whisper, guarded against its ways of going wrong.

Whisper is trained on windows of exactly 30 s, and most of the time for a short one goes into
encoding silence. CTranslate2 accepts shorter encoder inputs; windows as short as the speech make
the decoder run away into repetition, but the speech plus a margin, and never less than 8 s, keeps
the accuracy at a fraction of the cost. What still runs away is caught by a cap on the number of
tokens and by looking for loops, and is decoded again in the full window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import (
    get_compression_ratio,
    get_suppressed_tokens,
    merge_punctuations,
)

from cartesia_server.engines.base import RecognizedWord, Samples

LONGEST = 30.0
"""Seconds of the longest window."""

_HOP = 160  # samples of one feature frame, 10 ms
_FULL = 3000  # frames of a full window
_SHORTEST = 800
_MARGIN = 50
_TOKENS_PER_SECOND, _TOKENS_AT_LEAST = 6, 10
_MOST_TOKENS = 224
_CONTEXT_TOKENS = 100
_TOO_REPETITIVE = 2.4  # text that compresses better than this repeats itself
_NO_SPEECH, _UNSURE = 0.6, -1.0
_BEAMS = 5

_OPENING = "\"'“¿([{-"
_CLOSING = "\"'.。,，!！?？:：”)]}、"


@dataclass(frozen=True, slots=True)
class _Hypothesis:
    tokens: list[int]
    text: str
    sane: bool


class Recognizer:
    """Whisper on one window at a time. Thread-safe.

    Args:
        model: loaded by faster-whisper.
    """

    def __init__(self, model: WhisperModel) -> None:
        self._model = model
        self._tokenizers: dict[str, Tokenizer] = {}

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages that it hears."""
        return tuple(self._model.supported_languages)

    def words(self, samples: Samples, language: str, context: str = "") -> list[RecognizedWord]:
        """Recognise one window as well as the model can.

        Args:
            samples: at most `LONGEST` seconds at 16 kHz.
            language: one of `languages`.
            context: text said before.

        Returns:
            The words, times in seconds from the first sample; none if there is no speech.
        """
        tokenizer = self._tokenizer(language)
        for frames in self._windows(samples):
            encoded = self._encode(samples, frames)
            found = self._decode(encoded, tokenizer, len(samples), context, beams=_BEAMS)
            if found.sane:
                break
        return self._align(encoded, tokenizer, _without_loop(found.tokens), len(samples))

    def text(self, samples: Samples, language: str) -> str:
        """Recognise one window quickly, by greedy search and without word times."""
        tokenizer = self._tokenizer(language)
        for frames in self._windows(samples):
            encoded = self._encode(samples, frames)
            found = self._decode(encoded, tokenizer, len(samples), context="", beams=1)
            if found.sane:
                return found.text
        return str(tokenizer.decode(_without_loop(found.tokens))).strip()

    def language(self, samples: Samples) -> str:
        """The most likely language of one window."""
        encoded = self._encode(samples, _FULL)
        token: str = self._model.model.detect_language(encoded)[0][0][0]
        return token.strip("<|>")

    def _tokenizer(self, language: str) -> Tokenizer:
        tokenizer = self._tokenizers.get(language)
        if tokenizer is None:
            tokenizer = Tokenizer(
                self._model.hf_tokenizer,
                self._model.model.is_multilingual,
                task="transcribe",
                language=language,
            )
            self._tokenizers[language] = tokenizer
        return tokenizer

    def _windows(self, samples: Samples) -> tuple[int, ...]:
        short = max(_SHORTEST, math.ceil(len(samples) / _HOP) + _MARGIN)
        return (short + short % 2, _FULL) if short < _FULL else (_FULL,)

    def _encode(self, samples: Samples, frames: int) -> ctranslate2.StorageView:
        length = frames * _HOP
        padded = np.pad(samples[:length], (0, max(0, length - len(samples))))
        features = self._model.feature_extractor(padded, padding=0)
        return self._model.encode(features[:, :frames])

    def _decode(
        self,
        encoded: ctranslate2.StorageView,
        tokenizer: Tokenizer,
        length: int,
        context: str,
        beams: int,
    ) -> _Hypothesis:
        seconds = length / (_HOP * 100)
        cap = min(_MOST_TOKENS, int(seconds * _TOKENS_PER_SECOND) + _TOKENS_AT_LEAST)
        prompt = _prompt(tokenizer, context)
        result = self._model.model.generate(
            encoded,
            [prompt],
            beam_size=beams,
            max_length=len(prompt) + cap,
            suppress_tokens=list(get_suppressed_tokens(tokenizer, [-1])),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
        if result.no_speech_prob > _NO_SPEECH and result.scores[0] < _UNSURE:
            return _Hypothesis([], "", sane=True)
        text = tokenizer.decode(tokens).strip()
        runaway = (
            len(result.sequences_ids[0]) >= cap or get_compression_ratio(text) > _TOO_REPETITIVE
        )
        return _Hypothesis(tokens, text, sane=not runaway and _loop(tokens) is None)

    def _align(
        self,
        encoded: ctranslate2.StorageView,
        tokenizer: Tokenizer,
        tokens: list[int],
        length: int,
    ) -> list[RecognizedWord]:
        if not tokens:
            return []
        frames = math.ceil(length / _HOP)
        timings = self._model.find_alignment(tokenizer, [tokens], encoded, frames)[0]
        merge_punctuations(timings, _OPENING, _CLOSING)
        seconds = length / (_HOP * 100)
        return [
            RecognizedWord(
                text=timing["word"],
                start=min(float(timing["start"]), seconds),
                end=min(float(timing["end"]), seconds),
                probability=float(timing["probability"]),
            )
            for timing in timings
            if timing["word"].strip()
        ]


def _prompt(tokenizer: Tokenizer, context: str) -> list[int]:
    prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
    if context.strip():
        before = tokenizer.encode(" " + context.strip())[-_CONTEXT_TOKENS:]
        prompt = [tokenizer.sot_prev, *before, *prompt]
    return prompt


def _loop(tokens: list[int]) -> tuple[int, int] | None:
    """Where the tokens begin to say the same thing over and over, and how long it is."""
    for period in range(1, len(tokens) // 4 + 1):
        tail = tokens[-period:]
        repeats = 1
        while tokens[-(repeats + 1) * period : -repeats * period] == tail:
            repeats += 1
        if repeats >= 4 or (repeats == 3 and period > 1):
            return len(tokens) - repeats * period, period
    return None


def _without_loop(tokens: list[int]) -> list[int]:
    """The tokens with a loop at their end said once."""
    loop = _loop(tokens)
    return tokens if loop is None else tokens[: sum(loop)]
