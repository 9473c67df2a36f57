"""Languages that text can be prepared for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain

DEFAULT = "en-US"


class LanguageError(ValueError):
    """A language that nothing here can read aloud. Its text lists those that work."""


@dataclass(frozen=True, slots=True)
class Language:
    """How one language is read.

    Attributes:
        tag: BCP 47 tag, ``en-GB``.
        espeak: espeak-ng's name of the voice whose rules apply.
        package: that has to be installed to read it, by the name that is imported; in the extra
            of the package ``cartesia`` that is called as the tag.
    """

    tag: str
    espeak: str
    package: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether what it takes to read it is on this machine."""
        return not self.package or find_spec(self.package) is not None


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
        Language("ja", "jpx/ja", "pyopenjtalk"),
        Language("zh", "sit/cmn"),
    )
}


def find(tag: str) -> Language:
    """The language for a BCP 47 tag: itself, or the one that shares its primary subtag.

    ``en`` and ``en-AU`` are read as US English, ``es-MX`` as Spanish; case and underscores do
    not matter.

    Raises:
        LanguageError: no language shares the primary subtag, or it is not installed.
    """
    language = _known(tag)
    if language is None:
        accepted = ", ".join(installed(LANGUAGES))
        raise LanguageError(f"language: got {tag!r}, accepted: {accepted}{how_to_add(tag)}")
    return language


def installed(tags: Iterable[str]) -> tuple[str, ...]:
    """Those of some languages that can be read on this machine."""
    return tuple(tag for tag in tags if LANGUAGES[tag].is_installed)


def how_to_add(tag: str) -> str:
    """What to install for a language that could be read, to follow a list of those that are.

    Empty if it is installed, or nothing helps.
    """
    return next(
        (
            f"; {language.tag} after pip install 'cartesia[{language.tag}]'"
            for language in LANGUAGES.values()
            if language.tag == _primary(tag) and not language.is_installed
        ),
        "",
    )


def _known(tag: str) -> Language | None:
    wanted = tag.replace("_", "-").lower()
    there = [language for language in LANGUAGES.values() if language.is_installed]
    same = (language for language in there if language.tag.lower() == wanted)
    alike = (language for language in there if _primary(language.tag) == _primary(tag))
    return next(chain(same, alike), None)


def _primary(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].lower()
