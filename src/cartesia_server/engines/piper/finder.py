"""The Piper voices on this machine."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from cartesia_server.engines.piper.config import ConfigError, VoiceConfig
from cartesia_server.engines.piper.outline import is_whole
from cartesia_server.engines.piper.voice import PiperVoice, Shelf, VoiceFile
from cartesia_server.engines.weights import Cache, WeightsError, resolve
from cartesia_server.settings import Settings
from cartesia_server.text.espeak import EspeakError, espeak
from cartesia_server.voices.records import VoiceRecord

PACKAGED = ("en_US-joe-medium",)
"""Voices that are installed as packages: keys of `weights.MODELS`."""

# Ids are derived from file names, so they are the same on every machine.
_NAMESPACE = uuid.UUID("0c2f4c2e-52b4-5d0c-8f5e-7069706572ff")
_PUBLISHED = datetime(2023, 11, 14, tzinfo=timezone.utc)  # when Piper's voices 1.0.0 were
_ONNX, _JSON = ".onnx", ".onnx.json"

_log = logging.getLogger(__name__)


def find(settings: Settings) -> list[VoiceRecord]:
    """Find the voices: the entry point ``piper`` of ``cartesia_server.voices``.

    A voice is a file ``NAME.onnx`` with ``NAME.onnx.json`` beside it, in the model directory or in
    a folder there. Of the former only the outline is read now. One that cannot be used is left out,
    and the log says why.
    """
    shelf = Shelf(Cache(settings.cache_dir / "piper"))
    files = {file.stem: file for file in _packaged()}
    if settings.model_dir is not None:
        files |= {file.stem: file for file in _in_folder(settings.model_dir)}
    return [record for stem in sorted(files) for record in _records(files[stem], shelf)]


def _packaged() -> Iterator[VoiceFile]:
    for name in PACKAGED:
        try:
            weights = resolve(name)
        except WeightsError:
            continue  # the extra is not installed
        try:
            config = VoiceConfig.parse(weights.read(name + _JSON), name)
        except (WeightsError, ConfigError) as error:
            _log.warning("the Piper voice %s is left out: %s", name, error)
            continue
        yield VoiceFile(name, config, _PUBLISHED, partial(weights.read, name + _ONNX))


def _in_folder(folder: Path) -> Iterator[VoiceFile]:
    for path in sorted([*folder.glob(f"*{_JSON}"), *folder.glob(f"*/*{_JSON}")]):
        model = path.with_suffix("")
        stem = model.name.removesuffix(_ONNX)
        try:
            config = VoiceConfig.parse(path.read_bytes(), stem)
            espeak().phonemes("", config.espeak)
            since = datetime.fromtimestamp(model.stat().st_mtime, timezone.utc)
            if not is_whole(model):
                raise ConfigError(f"{model.name} is cut short, or no ONNX file; copy it again")
        except (OSError, ConfigError, EspeakError) as error:
            _log.warning("the Piper voice %s is left out: %s", path, error)
            continue
        yield VoiceFile(stem, config, since, model.read_bytes)


def _records(file: VoiceFile, shelf: Shelf) -> Iterator[VoiceRecord]:
    if not file.config.speakers:
        yield _record(file, PiperVoice(file, shelf), "")
    for speaker, number in file.config.speakers.items():
        yield _record(file, PiperVoice(file, shelf, number), speaker)


def _record(file: VoiceFile, voice: PiperVoice, speaker: str) -> VoiceRecord:
    config = file.config
    language, _, region = config.language.partition("-")
    source = f"{file.stem}#{speaker}" if speaker else file.stem
    quality = f", {config.quality.replace('_', ' ')} quality" if config.quality else ""
    return VoiceRecord(
        id=str(uuid.uuid5(_NAMESPACE, source)),
        name=f"{config.name.replace('_', ' ').title()} {speaker}".strip(),
        description=f"{config.language_name or config.language}{quality}; a Piper voice.",
        language=language,
        gender=None,
        country=region if len(region) == 2 else None,
        created_at=file.since,
        embedding=None,
        engine=voice.capabilities.name,
        source=source,
        own=voice,
    )
