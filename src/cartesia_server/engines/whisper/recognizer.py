"""One window of speech through Whisper, guarded against its ways of going wrong.

Whisper is trained on windows of exactly 30 s, and most of the time for a short one goes into
encoding silence. CTranslate2 accepts shorter encoder inputs; windows as short as the speech make
the decoder run away into repetition, but the speech plus a margin, and never less than 8 s, keeps
the accuracy at a fraction of the cost. Behind a lead the margin is larger: of 51 parts of speech 7
ran away with 0.5 s, 4 with 1 s, and 2 with 1.5 s. What still runs away is caught by a cap on the
number of tokens and by looking for loops, and is decoded again in the full window, for 3 times the
cost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import dropwhile
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import (
    get_compression_ratio,
    get_suppressed_tokens,
    merge_punctuations,
)

from cartesia_server.engines.base import Lead, RecognizedWord, Samples

LONGEST = 30.0
"""Seconds of the longest window."""

_HOP = 160  # samples of one feature frame, 10 ms
_FULL = 3000  # frames of a full window
_SHORTEST = 800
_MARGIN, _MARGIN_BEHIND_A_LEAD = 50, 150
_TOKENS_PER_SECOND, _TOKENS_AT_LEAST = 6, 10
_MOST_TOKENS = 224
_MODEL_TOKENS = 448
_CONTEXT_TOKENS = 100
_TOO_REPETITIVE = 2.4  # text that compresses better than this repeats itself
_NO_SPEECH, _UNSURE = 0.6, -1.0
_BEAMS = 5

_UNSPACED = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
"""Languages of which faster-whisper takes every character for a word."""

_OPENING = "\"'“¿([{-"
_CLOSING = "\"'.。,，!！?？:：”)]}、"  # noqa: RUF001 -- Chinese and Japanese have their own


@dataclass(frozen=True, slots=True)
class _Hypothesis:
    tokens: list[int]
    text: str
    sane: bool


@dataclass(frozen=True, slots=True)
class _Prompt:
    """What the decoder starts from.

    Attributes:
        tokens: all of it.
        known: its end: the transcript of the lead, which the decoder goes on from.
        lead: seconds of the lead.
    """

    tokens: list[int]
    known: list[int]
    lead: float

    @classmethod
    def make(cls, tokenizer: Tokenizer, context: str = "", lead: Lead | None = None) -> _Prompt:
        start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        if context.strip():
            before = tokenizer.encode(" " + context.strip())[-_CONTEXT_TOKENS:]
            start = [tokenizer.sot_prev, *before, *start]
        if lead is None:
            return cls(start, [], 0.0)
        known = tokenizer.encode(" " + lead.text.strip())
        return cls(start + known, known, lead.seconds)


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

    def words(
        self, samples: Samples, language: str, context: str = "", lead: Lead | None = None
    ) -> list[RecognizedWord]:
        """Recognise one window as well as the model can.

        Args:
            samples: at most `LONGEST` seconds at 16 kHz.
            language: one of `languages`.
            context: text that helps spelling.
            lead: how much at the start of the samples is known already.

        Returns:
            The words after the lead, times in seconds from the first sample, punctuation and
            spaces attached; none if there is no speech.
        """
        tokenizer = self._tokenizer(language)
        prompt = _Prompt.make(tokenizer, context, lead)
        margin = _MARGIN if lead is None else _MARGIN_BEHIND_A_LEAD
        for frames in self._windows(samples, margin):
            encoded = self._encode(samples, frames)
            found = self._decode(encoded, tokenizer, prompt, len(samples), beams=_BEAMS)
            if found.sane:
                break
        return self._align(encoded, tokenizer, prompt, _without_loop(found.tokens), len(samples))

    def draft(
        self, samples: Samples, language: str, *, word_times: bool
    ) -> tuple[str, list[RecognizedWord]]:
        """Recognise one window quickly, by greedy search.

        Nothing is decoded again: what went wrong in a guess, the next one mends sooner.

        Returns:
            The text, and its words as in `words`; none where no times are wanted.
        """
        tokenizer = self._tokenizer(language)
        prompt = _Prompt.make(tokenizer)
        encoded = self._encode(samples, self._windows(samples)[0])
        found = self._decode(encoded, tokenizer, prompt, len(samples), beams=1)
        tokens = _without_loop(found.tokens)
        text = str(tokenizer.decode(tokens)).strip()
        timed = self._align(encoded, tokenizer, prompt, tokens, len(samples)) if word_times else []
        return text, timed

    def languages_of(self, samples: Samples) -> dict[str, float]:
        """How likely each language is spoken in one window."""
        encoded = self._encode(samples, self._windows(samples)[0])
        likely = self._model.model.detect_language(encoded)[0]
        return {token.strip("<|>"): float(probability) for token, probability in likely}

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

    def _windows(self, samples: Samples, margin: int = _MARGIN) -> tuple[int, ...]:
        short = max(_SHORTEST, math.ceil(len(samples) / _HOP) + margin)
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
        prompt: _Prompt,
        length: int,
        beams: int,
    ) -> _Hypothesis:
        seconds = length / (_HOP * 100) - prompt.lead
        cap = min(_MOST_TOKENS, int(seconds * _TOKENS_PER_SECOND) + _TOKENS_AT_LEAST)
        result = self._model.model.generate(
            encoded,
            [prompt.tokens],
            beam_size=beams,
            max_length=_max_length(len(prompt.tokens), cap + len(prompt.known)),
            suppress_tokens=list(get_suppressed_tokens(tokenizer, [-1])),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        ids = result.sequences_ids[0][len(prompt.known) :]
        tokens = [token for token in ids if token < tokenizer.eot]
        if result.no_speech_prob > _NO_SPEECH and result.scores[0] < _UNSURE:
            return _Hypothesis([], "", sane=True)
        text = tokenizer.decode(tokens).strip()
        runaway = len(ids) >= cap or get_compression_ratio(text) > _TOO_REPETITIVE
        return _Hypothesis(tokens, text, sane=not runaway and _loop(tokens) is None)

    def _align(
        self,
        encoded: ctranslate2.StorageView,
        tokenizer: Tokenizer,
        prompt: _Prompt,
        tokens: list[int],
        length: int,
    ) -> list[RecognizedWord]:
        if not tokens:
            return []
        frames, said = math.ceil(length / _HOP), prompt.known + tokens
        timings = self._model.find_alignment(tokenizer, [said], encoded, frames)[0]
        timings = _after(len(prompt.known), timings)
        merge_punctuations(timings, _OPENING, _CLOSING)
        timings = list(dropwhile(_is_punctuation, timings))  # of a sentence that the lead began
        if tokenizer.language_code not in _UNSPACED:
            timings = _whole(timings)
        first, last = prompt.lead, length / (_HOP * 100)
        return [
            RecognizedWord(
                text=timing["word"],
                start=min(max(float(timing["start"]), first), last),
                end=min(max(float(timing["end"]), first), last),
                probability=float(timing["probability"]),
            )
            for timing in timings
            if timing["word"].strip()
        ]


def _max_length(prompt: int, wanted: int) -> int:
    """The limit to give CTranslate2, which makes at most half of it, for `wanted` tokens."""
    return min(_MODEL_TOKENS, max(2 * wanted, prompt + wanted))


def _after(tokens: int, timings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The words that begin after a number of tokens."""
    for index, timing in enumerate(timings):
        if tokens <= 0:
            return timings[index:]
        tokens -= len(timing["tokens"])
    return []


def _whole(timings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The words as they are written: ``mother-in-law`` and ``9:30``, which come in parts."""
    words: list[dict[str, Any]] = []
    for part in timings:
        if words and not part["word"].startswith(" "):
            if part["word"]:
                before = words[-1]
                sure = min(before["probability"], part["probability"])
                text = before["word"] + part["word"]
                words[-1] = {**before, "word": text, "end": part["end"], "probability": sure}
        else:
            words.append(part)
    return words


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


def _is_punctuation(timing: dict[str, Any]) -> bool:
    return not any(character.isalnum() for character in timing["word"])


def _without_loop(tokens: list[int]) -> list[int]:
    """The tokens with a loop at their end said once."""
    loop = _loop(tokens)
    return tokens if loop is None else tokens[: sum(loop)]
