from __future__ import annotations

import numpy as np
import pytest

from cartesia_server.voices.accents import accent_locale
from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.library import VoiceFieldError
from cartesia_server.voices.localize import locale_of, localize
from cartesia_server.voices.records import NoPointError
from cartesia_server.voices.space import PROSODY, TIMBRE
from tests.contract.scripted import scripted_voice


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.mark.parametrize(
    ("language", "dialect", "locale"),
    [
        ("en", None, "en-US"),
        ("en", "uk", "en-GB"),
        ("en", "US", "en-US"),
        ("fr", "eu", "fr-FR"),
        ("pt", "br", "pt-BR"),
        ("es", "mx", "es-MX"),
        ("es", "pe", "es-PE"),
        ("ja", None, "ja-JP"),
        ("ja", "", "ja-JP"),
    ],
)
def test_languages_and_dialects_of_the_api_mean_locales(catalogue, language, dialect, locale):
    assert locale_of(catalogue, language, dialect) == locale


@pytest.mark.parametrize(
    ("language", "dialect", "message"),
    [
        ("de", None, "language: got 'de', accepted: en, es, fr"),
        ("en", "au", "dialect: got 'au', accepted: us, uk"),
        ("es", "ar", "dialect: got 'ar', accepted: mx, pe"),
        ("pt", "eu", "dialect: got 'eu', accepted: br"),
        ("ja", "eu", "dialect: got 'eu', accepted: none for ja: leave it out"),
    ],
)
def test_what_no_voice_speaks_is_refused(catalogue, language, dialect, message):
    with pytest.raises(VoiceFieldError, match=message):
        locale_of(catalogue, language, dialect)


def test_timbre_stays_and_prosody_moves_towards_the_locale(catalogue):
    voice = catalogue.find("af_heart")
    point = localize(catalogue, voice, "en-GB")
    np.testing.assert_allclose(point[TIMBRE], voice.embedding[TIMBRE], atol=1e-5)
    british = np.mean(
        [
            other.embedding[PROSODY]
            for other in catalogue.list()
            if other.speaks("en-GB") and other.gender == "feminine"
        ],
        axis=0,
    )

    def distance(numbers: np.ndarray) -> float:
        return float(np.linalg.norm(numbers - british))

    assert distance(point[PROSODY]) < distance(voice.embedding[PROSODY])


def test_at_home_nothing_changes(catalogue):
    voice = catalogue.find("bm_george")
    np.testing.assert_allclose(localize(catalogue, voice, "en-GB"), voice.embedding, atol=1e-5)


def test_the_gender_of_the_original_speaker_can_be_told(catalogue):
    voice = catalogue.find("af_heart")
    assert not np.allclose(
        localize(catalogue, voice, "fr-FR", "feminine"),
        localize(catalogue, voice, "en-GB", "masculine"),
    )


def test_voices_that_engines_bring_open_no_language():
    catalogue = Catalogue.load(own=[scripted_voice()])
    with pytest.raises(VoiceFieldError, match="language: got 'de', accepted: en, es"):
        locale_of(catalogue, "de")
    with pytest.raises(VoiceFieldError, match="accent: got 'de-DE'"):
        accent_locale(catalogue, "de-DE")
    with pytest.raises(NoPointError):
        localize(catalogue, scripted_voice(), "en-GB")
