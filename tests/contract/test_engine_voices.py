"""Voices that an engine brings along and speaks itself, beside those of the voice space."""

import asyncio

import numpy as np
import pytest

from cartesia import AsyncCartesia, Cartesia
from cartesia.core.api_error import ApiError
from cartesia_server.embedded import embedded
from tests.contract.conftest import RAW, VOICE, speech_request
from tests.contract.scripted import LEVEL, ScriptedVoice, scripted_engines, scripted_voice

pytestmark = pytest.mark.anyio

OWN = scripted_voice().id
GERMAN = {
    "model_id": "sonic-2",
    "transcript": "Straße.",
    "voice": {"id": OWN},
    "output_format": {**RAW, "sample_rate": 16000},
}


@pytest.fixture(scope="module")
def voice():
    return ScriptedVoice()


@pytest.fixture(scope="module")
def server(script, settings, voice):
    engines = scripted_engines(script, voices=(scripted_voice(voice),))
    with embedded(settings, engines=engines) as base_url:
        yield base_url


@pytest.fixture
def client(server):
    with Cartesia(api_key="any", base_url=server) as client:
        yield client


def heard(audio):
    samples = np.frombuffer(audio, "<i2") / 32768
    assert len(samples) == 1600
    np.testing.assert_allclose(samples, LEVEL / 2, atol=1e-3)


def test_it_is_listed_and_shown(client):
    (listed,) = [voice for voice in client.voices.list(limit=100) if voice.language == "de"]
    assert (listed.id, listed.name, listed.is_owner) == (OWN, "Karla", False)
    assert [locale.locale for locale in listed.locales or []] == ["de-DE"]
    assert client.voices.get(OWN).embedding is None
    assert client.voices.get(VOICE).embedding is not None


def test_it_speaks_itself_at_its_own_rate(client, engine, voice):
    heard(client.tts.bytes(**GERMAN, language="de").read())
    (text,) = voice.heard[-1:]
    assert text.language == "de-DE"
    assert text.spoken[0].phonemes.startswith("ʃt")
    assert engine.said == []


async def test_it_speaks_over_a_socket_beside_another(server, engine):
    async with AsyncCartesia(api_key="any", base_url=server) as client:
        socket = await client.tts.websocket()

        async def speak(**changes):
            context = socket.context()
            await context.send(**{**GERMAN, **changes})
            return b"".join([output.audio async for output in context.receive() if output.audio])

        own, other = await asyncio.gather(speak(), speak(transcript="Hello.", voice={"id": VOICE}))
        await socket.close()
    heard(own)
    assert other
    assert engine.said == ["Hello"]


def test_the_voice_decides_the_language(http):
    refused = http.post("/tts/bytes", json=speech_request(language="de"))
    assert refused.status_code == 400
    told = "language: got 'de', accepted: en-US, en-GB, es with this voice; de is spoken by Karla"
    assert told in refused.text
    refused = http.post("/tts/bytes", json=speech_request(voice={"id": OWN}, language="es"))
    assert "language: got 'es', accepted: de-DE with this voice; es is spoken by " in refused.text


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/voices/mix", {"voices": [{"id": OWN, "weight": 1}]}, "voices.0.id"),
        (
            "/voices/localize",
            {"voice_id": OWN, "name": "A", "description": "", "language": "en"},
            "voice_id",
        ),
    ],
)
def test_it_cannot_be_mixed_or_localized(http, path, body, field):
    refused = http.post(path, json=body)
    assert refused.status_code == 400
    assert f"{field}: the voice Karla is a model of its own (parrot) and no point" in refused.text


def test_its_language_is_none_for_points_of_the_space(client):
    embedding = client.voices.get(VOICE).embedding
    with pytest.raises(ApiError, match="language: got 'de', accepted: en"):
        client.voices.create(name="A", description="", embedding=embedding, language="de")


def test_it_cannot_be_deleted(http):
    assert http.delete(f"/voices/{OWN}").status_code == 403


def test_it_speaks_between_recordings(http, buzz):
    form = {
        "model_id": "sonic-2",
        "transcript": "Straße.",
        "language": "de",
        "voice_id": OWN,
        "output_format[container]": "raw",
        "output_format[encoding]": "pcm_s16le",
        "output_format[sample_rate]": "16000",
    }
    answer = http.post("/infill/bytes", data=form, files={"left_audio": ("left", buzz)})
    assert answer.status_code == 200, answer.text
    samples = np.frombuffer(answer.content, "<i2")
    assert 1000 < len(samples) < 8000
    assert np.abs(samples).max() > 1000


def test_it_says_what_clips_in_its_language_say(http, buzz):
    form = {
        "voice[id]": OWN,
        "output_format[container]": "raw",
        "output_format[encoding]": "pcm_s16le",
        "output_format[sample_rate]": "16000",
    }
    refused = http.post("/voice-changer/bytes", data=form, files={"clip": ("clip", buzz)})
    assert refused.status_code == 400
    assert "clip: got 'speech that sounds like en', accepted: de-DE with this voice" in refused.text
