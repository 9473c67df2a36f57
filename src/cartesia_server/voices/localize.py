"""A voice in another language or accent."""

from __future__ import annotations

import numpy as np

from cartesia_server.engines.base import VoicePoint
from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.library import VoiceFieldError
from cartesia_server.voices.records import Gender, VoiceRecord
from cartesia_server.voices.space import PROSODY

# The API's dialects that built-in voices speak, or that are read by rules of their own.
DIALECTS: dict[str, dict[str, str]] = {
    "en": {"us": "US", "uk": "GB"},
    "es": {"mx": "MX", "pe": "PE"},
    "fr": {"eu": "FR"},
    "pt": {"br": "BR"},
}
"""Countries by language and dialect, as ``/voices/localize`` names dialects."""


def locale_of(catalogue: Catalogue, language: str, dialect: str | None = None) -> str:
    """Return the locale that a language and a dialect of the API mean: ``en-GB``.

    Raises:
        VoiceFieldError: no built-in voice speaks the language, or nobody knows the dialect.
    """
    catalogue = catalogue.in_space
    home = catalogue.default(language)
    if home is None:
        languages = sorted({voice.language for voice in catalogue.list()})
        raise VoiceFieldError("language", language, ", ".join(languages))
    if not dialect:
        return home.locale
    countries = DIALECTS.get(home.language, {})
    if dialect.lower() not in countries:
        accepted = ", ".join(countries) or f"none for {home.language}: leave it out"
        raise VoiceFieldError("dialect", dialect, accepted)
    return f"{home.language}-{countries[dialect.lower()]}"


def localize(
    catalogue: Catalogue, voice: VoiceRecord, locale: str, gender: Gender | None = None
) -> VoicePoint:
    """Return the point of a voice as it would speak in another locale.

    Its timbre stays. Its prosody moves by what sets the average prosody of the locale's built-in
    voices apart from that of the voice's own.

    Args:
        catalogue: the built-in voices.
        voice: who speaks.
        locale: as `locale_of` and `accent_locale` return it.
        gender: compare voices that present so; by default as the voice does.

    Raises:
        NoPointError: the voice is no point of the voice space.
    """
    catalogue = catalogue.in_space
    gender = gender or voice.gender
    move = _prosody(catalogue, locale, gender) - _prosody(catalogue, voice.locale, gender)
    point = voice.point.copy()
    point[PROSODY] += move
    return catalogue.space.project(point)


def _prosody(catalogue: Catalogue, locale: str, gender: Gender | None) -> VoicePoint:
    language = locale.partition("-")[0]
    for tag in (locale, language):
        there = [voice for voice in catalogue.list() if voice.speaks(tag)]
        alike = [voice for voice in there if voice.gender == gender] or there
        if alike:
            return np.asarray(np.mean([voice.point[PROSODY] for voice in alike], axis=0))
    return np.asarray(catalogue.space.points[:, PROSODY].mean(0))
