"""Languages that text can be prepared for."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT = "en-US"


class LanguageError(ValueError):
    """A language that nothing here can read aloud. Its text lists those that work."""


@dataclass(frozen=True, slots=True)
class Language:
    """How one language is read.

    Attributes:
        tag: BCP 47 tag, ``en-GB``.
        espeak: espeak-ng's name of the voice whose rules apply.
    """

    tag: str
    espeak: str


LANGUAGES: dict[str, Language] = {
    language.tag: language
    for language in (
        Language("en-US", "gmw/en-US"),
        Language("en-GB", "gmw/en"),
        Language("es", "roa/es"),
        Language("fr", "roa/fr"),
        Language("it", "roa/it"),
        Language("pt", "roa/pt-BR"),
        Language("hi", "inc/hi"),
    )
}


def find(tag: str) -> Language:
    """The language for a BCP 47 tag: itself, or the one that shares its primary subtag.

    ``en`` and ``en-AU`` are read as US English, ``es-MX`` as Spanish; case and underscores do
    not matter.

    Raises:
        LanguageError: no language shares the primary subtag.
    """
    wanted = tag.replace("_", "-").lower()
    for language in LANGUAGES.values():
        if language.tag.lower() == wanted:
            return language
    primary = wanted.split("-")[0]
    for language in LANGUAGES.values():
        if language.tag.lower().split("-")[0] == primary:
            return language
    raise LanguageError(f"language: got {tag!r}, accepted: {', '.join(LANGUAGES)}")
