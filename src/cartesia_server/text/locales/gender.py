"""The gender of nouns, as far as their endings and the tables of a locale tell."""

from __future__ import annotations

from cartesia_server.text.locales.locale import Locale
from cartesia_server.text.locales.numbers import FEMININE, MASCULINE, Number
from cartesia_server.text.punctuation import word_set

_NO_NOUNS = word_set(
    "para hasta contra cada ahora una uma la a era sea esta essa está será nada ya da na pela "
    "hacia sobra fora agora ainda cerca acerca"
)
"""Words in ``a`` that are not counted: *pulse 1 para ventas*."""


def gender(locale: Locale, following: str, number: Number) -> str:
    """The gender of the noun that a number counts; empty if nothing tells it."""
    name = following.lower()
    if name in locale.feminines:
        return FEMININE
    if name in locale.masculines and number.count == 1:
        return MASCULINE
    if locale.language not in ("es", "pt") or len(following) < 3 or name in _NO_NOUNS:
        return ""
    if name.removesuffix("s") in locale.masculines:
        return MASCULINE
    if following.endswith(("as", "iones", "dades", "ções")):
        return FEMININE
    if number.count == 1:  # 1547 cerca de Madrid, but 1 hora
        return FEMININE if following.endswith("a") else ""
    return MASCULINE if following.endswith("s") else ""
