import json

import pytest

from cartesia_server.engines.piper.config import ConfigError, VoiceConfig
from tests.unit.cartesia_server.engines.piper import tiny


def parsed(stem="en_US-tiny-x_low", **changes):
    return VoiceConfig.parse(tiny.config(**changes), stem)


def test_a_voice_says_how_it_wants_to_be_spoken_to():
    config = parsed(noise=0.5)
    assert (config.name, config.quality, config.sample_rate) == ("tiny", "x_low", tiny.RATE)
    assert (config.language, config.language_name, config.espeak) == ("en-US", "English", "en-us")
    assert (config.noise, config.whims, config.length) == (0.5, 0.5, 1.0)
    assert config.ids["^"] == (1,)
    assert config.speakers == {}


def test_old_files_say_less():
    config = parsed("de_DE-thorsten_emotional-low", language=None, dataset=None, inference=None)
    assert (config.language, config.name) == ("de-DE", "thorsten_emotional")
    assert (config.noise, config.whims, config.length) == (0.667, 0.8, 1.0)
    nameless = parsed("voice", language=None, dataset=None, espeak={"voice": "pl"})
    assert (nameless.language, nameless.name) == ("pl", "voice")


def test_voices_of_espeak_have_their_present_names():
    assert parsed(espeak={"voice": "no"}).espeak == "nb"


@pytest.mark.parametrize(
    ("code", "tag"), [("en_US", "en-US"), ("pt-br", "pt-BR"), ("eo", "eo"), ("es_419", "es-419")]
)
def test_languages_become_tags(code, tag):
    assert parsed(language={"code": code}).language == tag


def test_speakers_have_names_or_numbers():
    named = parsed(num_speakers=2, speaker_id_map={"p239": 0, "p236": 1})
    assert named.speakers == {"p239": 0, "p236": 1}
    assert parsed(num_speakers=2).speakers == {"0": 0, "1": 1}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"phoneme_type": "pinyin"}, "phoneme_type: got 'pinyin', accepted: espeak"),
        ({"espeak": None}, "espeak is missing"),
        ({"phoneme_id_map": None}, "phoneme_id_map is missing"),
        ({"phoneme_id_map": {"a": [3]}}, r"phoneme_id_map: \$, \^, _ missing"),
        ({"phoneme_id_map": {"a": 3}}, "int"),
        ({"audio": {}}, "sample_rate is missing"),
        ({"audio": {"sample_rate": "fast"}}, "fast"),
    ],
)
def test_what_cannot_be_used_is_said(changes, said):
    with pytest.raises(ConfigError, match=said):
        parsed(**changes)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", json.dumps([1]).encode()])
def test_what_is_no_configuration_is_said(data):
    with pytest.raises(ConfigError):
        VoiceConfig.parse(data, "voice")
