"""The accents that voices can have, under the names that API version 2026-08-14 gives them."""

from __future__ import annotations

from dataclasses import dataclass

from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.library import VoiceFieldError
from cartesia_server.voices.localize import DIALECTS
from cartesia_server.voices.records import VoiceRecord

MAX_ACCENTS = 10
"""How many accents a voice can have, its own included."""

_NAMES = {
    "en-US": ("general-american", "General American"),
    "en-GB": ("british", "British"),
    "es-ES": ("castilian", "Castilian"),
    "fr-FR": ("parisian", "Parisian"),
    "hi-IN": ("hindi", "Hindi"),
    "it-IT": ("italian", "Italian"),
    "ja-JP": ("japanese", "Japanese"),
    "pt-BR": ("brazilian-portuguese", "Brazilian Portuguese"),
    "zh-CN": ("mandarin", "Mandarin"),
    "de-DE": ("high-german", "High German"),
    "pl-PL": ("polish", "Polish"),
    "ru-RU": ("russian", "Russian"),
    "tr-TR": ("istanbul", "Istanbul"),
    "sv-SE": ("stockholm", "Stockholm"),
    "nl-NL": ("randstad", "Randstad"),
    "ko-KR": ("korean", "Korean"),
    "es-MX": ("mexican", "Mexican"),
    "es-PE": ("peruvian", "Peruvian"),
}
"""Id and name of the accent of a locale. Locales that are not here go by their tag."""

_ALIASES = {"standard-japanese": "ja-JP"}


@dataclass(frozen=True, slots=True)
class Accent:
    """How a language sounds somewhere.

    Attributes:
        id: names it in requests: ``british``.
        name: as shown to people.
        locale: BCP 47 tag: ``en-GB``.
    """

    id: str
    name: str
    locale: str

    @property
    def language(self) -> str:
        """Primary subtag of the locale."""
        return self.locale.partition("-")[0]


def accent_id(locale: str) -> str:
    """The id of a locale's accent."""
    return _NAMES[locale][0] if locale in _NAMES else locale.lower()


def accents(catalogue: Catalogue) -> tuple[Accent, ...]:
    """Return the accents of all built-in voices and their dialects, one for each locale."""
    locales = dict.fromkeys(voice.locale for voice in catalogue.list())
    spoken = {voice.language for voice in catalogue.list()}
    for language, countries in DIALECTS.items():
        if language in spoken:
            locales.update(dict.fromkeys(f"{language}-{country}" for country in countries.values()))
    return tuple(
        Accent(accent_id(locale), _NAMES.get(locale, ("", locale))[1], locale) for locale in locales
    )


def accent_locale(catalogue: Catalogue, accent: str, *, field: str = "accent") -> str:
    """Return the locale that an accent means: one that points of the space can speak.

    Args:
        catalogue: the built-in voices.
        accent: id of an accent, or a locale.
        field: of the request that holds it, for the error text.

    Raises:
        VoiceFieldError: nobody speaks so here.
    """
    wanted = accent.strip().replace("_", "-").lower()
    wanted = _ALIASES.get(wanted, wanted).lower()
    known = accents(catalogue.in_space)
    for one in known:
        if wanted in (one.id, one.locale.lower()):
            return one.locale
    raise VoiceFieldError(field, accent, ", ".join(f"{one.id} ({one.locale})" for one in known))


def with_accents(voice: VoiceRecord, added: tuple[str, ...]) -> tuple[str, ...]:
    """Return the locales of a voice, beside its own, once some are added.

    Raises:
        VoiceFieldError: they are too many.
    """
    locales = dict.fromkeys((*voice.accents, *added))
    locales.pop(voice.locale, None)
    if len(locales) >= MAX_ACCENTS:
        got = len(locales) + 1
        raise VoiceFieldError("accents", f"{got} in all", f"at most {MAX_ACCENTS} for a voice")
    return tuple(locales)
