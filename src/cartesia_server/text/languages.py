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
        Language("es-419", "roa/es-419"),
        Language("fr", "roa/fr"),
        Language("it", "roa/it"),
        Language("pt", "roa/pt-BR"),
        Language("hi", "inc/hi"),
        Language("ja", "jpx/ja", "pyopenjtalk"),
        Language("zh", "sit/cmn"),
    )
}

_LATIN_AMERICA = "ar bo cl co cr cu do ec gt hn mx ni pa pe pr py sv us uy ve"
"""Countries of the macro-region 419 that speak Spanish, and the USA, where theirs is spoken."""


def find(tag: str) -> Language:
    """The language for a BCP 47 tag, as `closest` chooses.

    Raises:
        LanguageError: no language shares the primary subtag, or it is not installed.
    """
    known = closest(tag, LANGUAGES)
    if known is None or not LANGUAGES[known].is_installed:
        accepted = ", ".join(installed(LANGUAGES))
        raise LanguageError(f"language: got {tag!r}, accepted: {accepted}{how_to_add(tag)}")
    return LANGUAGES[known]


def closest(tag: str, tags: Iterable[str]) -> str | None:
    """The one of some BCP 47 tags that a tag is best read as, or None.

    The same; or that of its macro-region, ``es-419`` for ``es-MX``; or the first that shares its
    primary subtag: US English for ``en`` and ``en-AU``. Case and underscores do not matter.
    """
    tags = tuple(tags)
    wanted = tag.replace("_", "-").lower()
    in_latin_america = wanted.split("-")[-1] in _LATIN_AMERICA.split()
    wider = f"{primary(tag)}-419" if in_latin_america else wanted
    same = (one for name in (wanted, wider) for one in tags if one.lower() == name)
    alike = (one for one in tags if primary(one) == primary(tag))
    return next(chain(same, alike), None)


def primary(tag: str) -> str:
    """The primary subtag, in lower case: ``en`` of ``en-GB``."""
    return tag.replace("_", "-").split("-")[0].lower()


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
            if language.tag == primary(tag) and not language.is_installed
        ),
        "",
    )
