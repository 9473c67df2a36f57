"""Other languages than English in words as they are said, by one set of rules over tables."""

from __future__ import annotations

from collections.abc import Mapping

from cartesia_server.text.locales.french import FRENCH
from cartesia_server.text.locales.hindi import HINDI
from cartesia_server.text.locales.italian import ITALIAN
from cartesia_server.text.locales.locale import Locale
from cartesia_server.text.locales.portuguese import PORTUGUESE
from cartesia_server.text.locales.spanish import SPANISH

LOCALES: Mapping[str, Locale] = {
    locale.language: locale for locale in (SPANISH, FRENCH, ITALIAN, PORTUGUESE, HINDI)
}
"""By primary subtag."""

POINTS = frozenset(
    ["es-mx", "es-us", "es-pr", "es-do", "es-gt", "es-hn", "es-ni", "es-pa", "es-sv", "es-cu"]
)
"""Locales that write decimals after a point, unlike the rest of their language."""
