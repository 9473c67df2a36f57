"""Voices of Piper as the server knows them."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from cartesia_server.engines.base import PreparedText, SpeechCapabilities, SpeechControls
from cartesia_server.engines.piper import split
from cartesia_server.engines.piper.config import VoiceConfig
from cartesia_server.engines.piper.liaison import run_on
from cartesia_server.engines.piper.models import Models
from cartesia_server.engines.piper.plan import Plan
from cartesia_server.engines.piper.spelling import spell
from cartesia_server.engines.weights import Cache, WeightsError
from cartesia_server.log import log_preparation

KEPT = 3
"""Voices that stay loaded, some 90 MB each; the one that has been silent longest goes first."""


@dataclass(frozen=True, slots=True)
class VoiceFile:
    """A voice on this machine, not read yet.

    Attributes:
        stem: name of its file without endings: ``de_DE-thorsten-medium``.
        config: of the voice.
        since: when it came to be.
        read: gives the content of its ONNX file.
    """

    stem: str
    config: VoiceConfig
    since: datetime
    read: Callable[[], bytes]


class Shelf:
    """The models of voices: loaded when first used, a few of them kept. Thread-safe.

    Args:
        cache: keeps voices that were split.
        kept: how many stay loaded.
    """

    def __init__(self, cache: Cache, kept: int = KEPT) -> None:
        self._cache = cache
        self._kept = kept
        self._loaded: OrderedDict[str, Models] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, file: VoiceFile) -> Models:
        """The models of a voice.

        Raises:
            WeightsError: the file is gone, damaged, or no Piper voice.
        """
        with self._lock:  # whoever else wants a voice just now, wants to wait for this one
            models = self._loaded.pop(file.stem, None) or self._load(file)
            self._loaded[file.stem] = models
            while len(self._loaded) > self._kept:
                self._loaded.popitem(last=False)
            return models

    def _load(self, file: VoiceFile) -> Models:
        try:
            data = file.read()
        except OSError as error:
            raise WeightsError(f"{file.stem} cannot be read: {error.strerror}") from error
        key = f"{hashlib.sha256(data).hexdigest()[:16]}-{split.VERSION}.zip"

        def build() -> bytes:
            log_preparation(f"the Piper voice {file.stem}")
            try:
                return split.split(data)
            except split.UnknownGraphError as error:
                raise WeightsError(f"{file.stem} is no Piper voice: {error}") from error

        return Models(self._cache.get(key, build), file.config)


class PiperVoice:
    """A Piper voice, or one speaker of it. See `Voice`.

    Args:
        file: the voice.
        shelf: has its models.
        speaker: number of the speaker.
    """

    def __init__(self, file: VoiceFile, shelf: Shelf, speaker: int = 0) -> None:
        self._file = file
        self._models = partial(shelf.get, file)
        self._speaker = speaker

    @property
    def capabilities(self) -> SpeechCapabilities:
        """Its one language, and its own sample rate, with times of words and phonemes."""
        config = self._file.config
        return SpeechCapabilities(
            "piper",
            (config.language,),
            config.sample_rate,
            phoneme_times=True,
            espeak=config.espeak,
        )

    def plan(self, text: PreparedText, controls: SpeechControls) -> Plan:
        """Settle how an utterance begins. See `Voice.plan`.

        Raises:
            WeightsError: the voice's file is gone, damaged, or no Piper voice.
        """
        config = self._file.config
        spelling = spell(text.spoken, config, run_on(text.spoken, config.espeak))
        return Plan(self._models(), config.sample_rate, spelling, self._speaker, controls)
