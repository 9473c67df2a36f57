"""What the JSON file beside a Piper voice says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BEGIN, END, PAD = "^", "$", "_"

_RENAMED = {"no": "nb"}  # voices of espeak-ng that had another name when Piper's were trained


class ConfigError(ValueError):
    """A voice's JSON file lacks something or asks for what cannot be done. Its text says what."""


@dataclass(frozen=True, slots=True)
class VoiceConfig:
    """How a voice wants to be spoken to.

    Attributes:
        name: of the voice: ``thorsten``.
        quality: ``low``, ``medium``, ``high``, or empty.
        language: BCP 47 tag: ``de-DE``.
        language_name: the language in English, or empty.
        espeak: espeak-ng's name of the voice that its phonemes come from.
        sample_rate: of its audio, in Hz.
        ids: numbers of each phoneme letter, pads and ends included.
        replaced: letters that stand for others.
        speakers: numbers of the speakers by name; empty for a voice with one.
        noise: deviation of the latent frames.
        whims: deviation of the durations.
        length: of each phoneme; 1.0 is the voice's own rate.
    """

    name: str
    quality: str
    language: str
    language_name: str
    espeak: str
    sample_rate: int
    ids: Mapping[str, tuple[int, ...]]
    replaced: Mapping[str, tuple[str, ...]]
    speakers: Mapping[str, int]
    noise: float
    whims: float
    length: float

    @classmethod
    def parse(cls, data: bytes, stem: str) -> VoiceConfig:
        """Read the file.

        Args:
            data: its content.
            stem: name of the voice's file: ``de_DE-thorsten-medium``. Old files say no more.

        Raises:
            ConfigError: something is missing, or not of the kind that is understood here.
        """
        try:
            content = json.loads(data)
            return cls._read(content, stem)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            if isinstance(error, ConfigError):
                raise
            what = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
            raise ConfigError(what) from None

    @classmethod
    def _read(cls, content: Mapping[str, Any], stem: str) -> VoiceConfig:
        kind = content.get("phoneme_type") or "espeak"
        if kind != "espeak":
            raise ConfigError(f"phoneme_type: got {kind!r}, accepted: espeak")
        ids = {letter: tuple(map(int, some)) for letter, some in content["phoneme_id_map"].items()}
        if missing := {BEGIN, END, PAD} - ids.keys():
            raise ConfigError(f"phoneme_id_map: {', '.join(sorted(missing))} missing")
        espeak = str(content["espeak"]["voice"])
        espeak = _RENAMED.get(espeak, espeak)
        code, _, rest = stem.partition("-")
        language = content.get("language") or {}
        manner = content.get("inference") or {}
        return cls(
            name=str(content.get("dataset") or rest.rpartition("-")[0] or stem),
            quality=str(content["audio"].get("quality") or ""),
            language=_tag(language.get("code") or (code if rest else espeak)),
            language_name=str(language.get("name_english") or ""),
            espeak=espeak,
            sample_rate=int(content["audio"]["sample_rate"]),
            ids=ids,
            replaced={k: tuple(v) for k, v in (content.get("phoneme_map") or {}).items()},
            speakers=_speakers(content),
            noise=float(manner.get("noise_scale", 0.667)),
            whims=float(manner.get("noise_w", 0.8)),
            length=float(manner.get("length_scale", 1.0)),
        )


def _speakers(content: Mapping[str, Any]) -> dict[str, int]:
    count = int(content.get("num_speakers") or 1)
    if count < 2:
        return {}
    named = {str(name): int(number) for name, number in content.get("speaker_id_map", {}).items()}
    return named or {str(number): number for number in range(count)}


def _tag(code: str) -> str:
    """A BCP 47 tag from ``en_US`` or ``en-us``; what is longer stays as it is."""
    language, _, region = code.replace("_", "-").partition("-")
    return f"{language}-{region.upper()}" if len(region) == 2 else code.replace("_", "-")
