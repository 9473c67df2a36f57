from __future__ import annotations

import dataclasses

import pytest

from cartesia_server.voices.accents import (
    MAX_ACCENTS,
    accent_id,
    accent_locale,
    accents,
    with_accents,
)
from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.library import VoiceFieldError


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


def test_there_is_an_accent_for_every_locale_of_built_in_voices_and_every_dialect(catalogue):
    known = [accent.locale for accent in accents(catalogue)]
    at_home = {voice.locale for voice in catalogue.list()}
    assert sorted(known) == sorted(at_home | {"es-MX", "es-PE"})
    british = next(accent for accent in accents(catalogue) if accent.id == "british")
    assert (british.name, british.locale, british.language) == ("British", "en-GB", "en")


def test_a_dialect_has_an_accent_where_its_language_is_spoken(catalogue):
    assert accent_locale(catalogue, "mexican") == accent_locale(catalogue, "es-MX") == "es-MX"
    english = dataclasses.replace(catalogue, voices=(catalogue.find("Emma"),))
    assert [accent.id for accent in accents(english)] == ["british", "general-american"]


@pytest.mark.parametrize("accent", ["british", "British", "en-GB", "en_gb", "EN-GB"])
def test_an_accent_goes_by_its_name_and_by_its_locale(catalogue, accent):
    assert accent_locale(catalogue, accent) == "en-GB"


def test_two_names_for_one_accent(catalogue):
    assert accent_locale(catalogue, "standard-japanese") == "ja-JP"


def test_a_locale_without_a_name_goes_by_its_tag():
    assert accent_id("en-ZA") == "en-za"


def test_an_accent_that_nobody_has_is_refused(catalogue):
    message = r"accents.0: got 'australian', accepted: general-american \(en-US\), british"
    with pytest.raises(VoiceFieldError, match=message):
        accent_locale(catalogue, "australian", field="accents.0")


def test_accents_are_added_once_and_not_without_end(catalogue):
    emma = dataclasses.replace(catalogue.find("Emma"), accents=("fr-FR",))
    assert with_accents(emma, ("es-ES", "fr-FR", "en-GB")) == ("fr-FR", "es-ES")
    many = tuple(f"x{n}" for n in range(MAX_ACCENTS - 2))
    assert len(with_accents(emma, many)) == MAX_ACCENTS - 1
    with pytest.raises(VoiceFieldError, match="accents: got '11 in all', accepted: at most 10"):
        with_accents(emma, (*many, "y"))
