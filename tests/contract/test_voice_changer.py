"""A recording spoken again by another voice, over HTTP and by both surfaces of the SDK."""

from __future__ import annotations

import base64
import io
import json
import wave
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest

from cartesia.core.api_error import ApiError
from cartesia_server.embedded import embedded
from cartesia_server.engines.registry import Engines
from cartesia_server.settings import Settings
from tests.contract.conftest import VOICE
from tests.contract.scripted import (
    WORD_SECONDS,
    ScriptedPlan,
    ScriptedSpeech,
    ScriptedTranscription,
)
from tests.faults.surfaces import Runner, Surface

SECONDS = 3.0  # of the clip
RAW = {
    "output_format_container": "raw",
    "output_format_encoding": "pcm_s16le",
    "output_format_sample_rate": 24000,
}
FORM = {
    "voice[id]": VOICE,
    "output_format[container]": "raw",
    "output_format[encoding]": "pcm_s16le",
    "output_format[sample_rate]": "24000",
}
PATHS = ["/voice-changer/bytes", "/voice-changer/sse"]


@pytest.fixture(scope="module")
def listener() -> ScriptedTranscription:
    return ScriptedTranscription()


@pytest.fixture(scope="module")
def server(
    script: ScriptedSpeech, listener: ScriptedTranscription, settings: Settings
) -> Iterator[str]:
    with embedded(settings, engines=Engines(script, listener)) as base_url:
        yield base_url


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("data")
    return Settings(threads=2, data_dir=folder, max_audio_seconds=10.0)


@pytest.fixture(params=["sync", "async"])
def surface(request: pytest.FixtureRequest) -> Iterator[Surface]:
    surface = Surface(None if request.param == "sync" else Runner())
    yield surface
    surface.close()


def silence(seconds: float) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, 16000, 0, "NONE", ""))
        writer.writeframes(bytes(2 * round(seconds * 16000)))
    return file.getvalue()


def changed(http: httpx.Client, path: str, clip: Any, version: str = "2024-11-13", **form: Any):
    fields = {name: value for name, value in {**FORM, **form}.items() if value is not None}
    files = {} if clip is None else {"clip": ("upload", clip)}
    return http.post(path, data=fields, files=files, headers={"Cartesia-Version": version})


def events_of(text: str) -> list[Any]:
    frames = text.removesuffix("\n\n").split("\n\n")
    return [json.loads(frame.split("data: ", 1)[1]) for frame in frames]


# --- both surfaces --------------------------------------------------------------------------------


def test_audio_is_as_long_as_the_clip(surface, server, buzz, engine):
    parts = surface.client(server).voice_changer.bytes(clip=buzz, voice_id=VOICE, **RAW)
    audio = b"".join(parts)
    assert len(audio) == 2 * SECONDS * 24000
    # The voice says what was heard twice: in its own times, and in those of the clip.
    assert engine.said == ["word"] * 6


def test_wav_says_how_long_it_is(surface, server, buzz):
    form = {**RAW, "output_format_container": "wav", "output_format_sample_rate": 44100}
    data = b"".join(surface.client(server).voice_changer.bytes(clip=buzz, voice_id=VOICE, **form))
    with wave.open(io.BytesIO(data)) as reader:
        assert reader.getnframes() == SECONDS * 44100


def test_events_hold_the_same_audio_as_the_file(surface, server, buzz):
    client = surface.client(server)
    whole = b"".join(client.voice_changer.bytes(clip=buzz, voice_id=VOICE, **RAW))
    events = list(client.voice_changer.sse(clip=buzz, voice_id=VOICE, **RAW))
    assert b"".join(event.audio for event in events) == whole
    assert {event.sample_rate for event in events} == {24000}


def test_a_refusal_is_an_api_error(surface, server, buzz):
    client = surface.client(server)
    with pytest.raises(ApiError, match=r"voice\[id\]: got 'nobody'"):
        b"".join(client.voice_changer.bytes(clip=buzz, voice_id="nobody", **RAW))
    with pytest.raises(ApiError, match="clip: is no audio file"):
        list(client.voice_changer.sse(clip=b"not audio at all", voice_id=VOICE, **RAW))


def test_a_voice_that_cannot_follow_keeps_the_pace_of_phrases(
    surface, server, buzz, engine, monkeypatch
):
    monkeypatch.setattr(engine, "plans", ScriptedPlan)
    parts = surface.client(server).voice_changer.bytes(clip=buzz, voice_id=VOICE, **RAW)
    audio = np.frombuffer(b"".join(parts), "<i2")
    assert len(audio) == SECONDS * 24000
    # Three words of 0.1 s are heard within 2.5 s: they are spoken at half the pace at most.
    assert np.count_nonzero(audio) == pytest.approx(3 * 2 * WORD_SECONDS * 24000, abs=10)


# --- over HTTP ------------------------------------------------------------------------------------


def test_level_follows_the_clip(http, buzz):
    with wave.open(io.BytesIO(buzz)) as reader:
        clip = np.frombuffer(reader.readframes(48000), "<i2") / 32768
    softer = io.BytesIO()
    with wave.open(softer, "wb") as writer:
        writer.setparams((1, 2, 16000, 0, "NONE", ""))
        writer.writeframes((clip * 0.1 * 32767).astype("<i2").tobytes())
    audio = [
        np.frombuffer(changed(http, PATHS[0], sound).content, "<i2") / 32768
        for sound in (buzz, softer.getvalue())
    ]
    loud, soft = (float(np.sqrt(np.mean(one[5000:-5000] ** 2))) for one in audio)
    assert loud / soft == pytest.approx(10, rel=0.1)


@pytest.mark.parametrize("version", ["2024-11-13", "2025-11-04", "2026-03-01", "2026-08-14"])
def test_frames_are_those_of_every_client(http, buzz, version):
    answer = changed(http, "/voice-changer/sse", buzz, version)
    assert answer.headers["content-type"].startswith("text/event-stream")
    *chunks, done = events_of(answer.text)
    assert done == {"type": "done", "status_code": 200, "done": True}
    for chunk in chunks:
        assert (chunk["type"], chunk["status_code"], chunk["done"]) == ("chunk", 206, False)
        assert chunk["sample_rate"] == 24000
        assert chunk["step_time"] >= 0
    assert sum(len(base64.b64decode(chunk["data"])) for chunk in chunks) == 2 * SECONDS * 24000


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"voice[id]": None}, "voice[id]: got nothing, accepted: the id of a voice"),
        ({"voice[id]": "nobody"}, "voice[id]: got 'nobody'"),
        ({"output_format[container]": "ogg"}, "output_format[container]: got 'ogg'"),
        ({"output_format[sample_rate]": "40"}, "output_format[sample_rate]: got 40"),
        ({"output_format[encoding]": None}, "output_format[encoding]: got nothing"),
    ],
)
def test_a_bad_field_is_refused_by_the_name_it_has_in_the_form(http, buzz, path, form, message):
    answer = changed(http, path, buzz, **form)
    assert answer.status_code == 400
    assert message in answer.text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("clip", "message"),
    [
        (None, "clip: got nothing, accepted: an uploaded file"),
        (b"", "clip: is empty"),
        (b"not audio at all", "clip: is no audio file that can be read"),
        (silence(2.0), "clip: no speech was heard in it"),
        (silence(11.0), "clip: is longer than 10 s"),
    ],
)
def test_a_bad_clip_is_refused(http, path, clip, message):
    answer = changed(http, path, clip)
    assert answer.status_code == 400
    assert message in answer.text


def test_speech_without_words_is_refused(http, buzz, listener, monkeypatch):
    monkeypatch.setattr(listener, "transcribe", lambda *_: iter(()))
    answer = changed(http, "/voice-changer/bytes", buzz)
    assert answer.status_code == 400
    assert "clip: no words were heard in it" in answer.text


def test_a_language_that_no_voice_speaks_is_refused(http, buzz, listener, monkeypatch):
    monkeypatch.setattr(listener, "language", "de")
    answer = changed(http, "/voice-changer/bytes", buzz, "2026-08-14")
    assert answer.status_code == 400
    assert "clip: got 'speech that sounds like de'" in answer.json()["message"]
    assert "accepted: en-US, en-GB, es" in answer.json()["message"]


def test_a_fault_in_the_middle_is_an_error_event(http, buzz, listener, monkeypatch):
    monkeypatch.setattr(listener, "word", "boom")
    answer = changed(http, "/voice-changer/sse", buzz)
    assert answer.status_code == 500


def test_leaving_frees_the_server(http, buzz, engine, listener, monkeypatch):
    monkeypatch.setattr(listener, "word", "wait")
    with pytest.raises(httpx.ReadTimeout):
        http.post(
            "/voice-changer/bytes",
            data=FORM,
            files={"clip": ("upload", buzz)},
            timeout=httpx.Timeout(20, read=1),
        )
    assert engine.freed.wait(20)
