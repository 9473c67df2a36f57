"""The routes for clients of OpenAI's API, asked without one."""

from __future__ import annotations

import base64
import io
import json

import av
import pytest

from tests.contract.conftest import VOICE
from tests.contract.scripted import LEVEL, RATE, WORD_SECONDS

TEXT = "one two three"
PREFIXES = ("", "/v1")


def body(**changes):
    request = {"model": "tts-1", "input": TEXT, "voice": "alloy", **changes}
    return {name: value for name, value in request.items() if value is not None}


def spoken(http, path="/v1/audio/speech", **changes):
    answer = http.post(path, json=body(**changes), headers={"Authorization": "Bearer any"})
    assert answer.status_code == 200, answer.text
    return answer


def refused(http, status=400, path="/v1/audio/speech", **changes):
    answer = http.post(path, json=body(**changes))
    assert answer.status_code == status
    return answer.json()["error"]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_speech_is_mp3_unless_asked_otherwise(http, prefix):
    answer = spoken(http, f"{prefix}/audio/speech")
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.content[0] == 0xFF


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("mp3", "audio/mpeg"),
        ("opus", "audio/ogg"),
        ("aac", "audio/aac"),
        ("flac", "audio/flac"),
        ("wav", "audio/wav"),
    ],
)
def test_every_format_can_be_played(http, name, media_type):
    answer = spoken(http, response_format=name)
    assert answer.headers["content-type"] == media_type
    with av.open(io.BytesIO(answer.content)) as container:
        seconds = sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
    assert seconds == pytest.approx(3 * WORD_SECONDS, abs=0.15 if name == "aac" else 0.03)


def test_pcm_is_samples_alone(http):
    samples = memoryview(spoken(http, response_format="pcm").content).cast("h")
    assert len(samples) == round(3 * WORD_SECONDS * RATE)
    assert samples[len(samples) // 2] == round(LEVEL * 32767)


@pytest.mark.parametrize("speed", [0.25, 0.5, 2, 4.0])
def test_speed_is_honoured(http, speed):
    content = spoken(http, response_format="pcm", speed=speed).content
    assert len(content) / 2 == pytest.approx(3 * WORD_SECONDS * RATE / speed, rel=0.01)


@pytest.mark.parametrize("voice", ["alloy", "Onyx", "Grace", VOICE, {"id": VOICE}])
def test_voices_of_both_sides_speak(http, engine, voice):
    spoken(http, voice=voice)
    assert engine.said == TEXT.split()


def test_names_of_openai_are_different_voices(http, engine):
    names = ["alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx"]
    for name in [*names, "sage", "shimmer", "verse"]:
        spoken(http, voice=name)
    assert len({voice.tobytes() for voice in engine.voices}) == 13


@pytest.mark.parametrize("model", ["tts-1", "tts-1-hd", "gpt-4o-mini-tts", "sonic-2", "sonic-3"])
def test_models_of_both_sides_are_known(http, model):
    assert spoken(http, model=model).content


def test_events_carry_the_same_audio(http):
    answer = spoken(http, response_format="pcm", stream_format="sse", instructions="Be calm.")
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = [line for line in answer.text.splitlines() if line]
    events = [json.loads(line.removeprefix("data: ")) for line in lines]
    assert [event["type"] for event in events[:-1]] == ["speech.audio.delta"] * (len(events) - 1)
    assert events[-1]["type"] == "speech.audio.done"
    assert events[-1]["usage"]["total_tokens"] == 0
    audio = b"".join(base64.b64decode(event["audio"]) for event in events[:-1])
    assert audio == spoken(http, response_format="pcm").content


@pytest.mark.parametrize(
    ("changes", "param", "said"),
    [
        ({"voice": "hal"}, "voice", "voice: got 'hal', accepted: alloy, ash"),
        ({"voice": None}, "voice", "voice: got nothing, accepted: a value"),
        ({"model": "tts-9"}, "model", "model: got 'tts-9', accepted: sonic-turbo"),
        (
            {"response_format": "ogg"},
            "response_format",
            "response_format: got 'ogg', accepted: mp3",
        ),
        ({"stream_format": "x"}, "stream_format", "stream_format: got 'x', accepted: audio, sse"),
        ({"speed": 5}, "speed", "speed: got 5.0, accepted: 0.25 to 4.0"),
        ({"input": None}, "input", "input: got nothing, accepted: a value"),
        ({"input": "..."}, None, "transcript empty or contains only punctuation"),
        ({"language": "de"}, "language", "language: got 'de', accepted: en-US"),
    ],
)
def test_errors_are_those_of_openai(http, changes, param, said):
    error = refused(http, **changes)
    assert error["message"].startswith(said)
    assert (error["type"], error["param"]) == ("invalid_request_error", param)


def test_too_long_a_text_names_its_field(http):
    assert refused(http, status=413, input="word " * 20_000)["message"].startswith(
        "input: got 1000"
    )


def test_a_fault_of_the_server_is_one(http):
    error = refused(http, status=500, input="boom")
    assert (error["type"], error["code"]) == ("server_error", None)
    assert "script" not in error["message"]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_models_are_listed(http, prefix):
    listed = http.get(f"{prefix}/models").json()
    assert listed["object"] == "list"
    names = [model["id"] for model in listed["data"]]
    assert {"tts-1", "whisper-1", "sonic-2", "ink-whisper"} <= set(names)
    one = http.get(f"{prefix}/models/tts-1").json()
    assert one in listed["data"]
    assert (one["object"], one["owned_by"]) == ("model", "local")


def test_unknown_models_and_paths_are_told_in_the_same_way(http):
    missing = http.get("/v1/models/gpt-5")
    assert missing.status_code == 404
    assert missing.json()["error"]["message"].startswith("id: got 'gpt-5', accepted: sonic-turbo")
    assert http.get("/v1/nowhere").json()["error"]["type"] == "invalid_request_error"
    assert http.get("/v1/audio/speech").status_code == 405


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("model", ["whisper-1", "gpt-4o-transcribe", "ink-whisper"])
def test_recordings_are_transcribed(http, buzz, prefix, model):
    answer = http.post(
        f"{prefix}/audio/transcriptions", data={"model": model}, files={"file": ("a.wav", buzz)}
    )
    assert answer.json()["text"] == "word word word"


def test_a_verbose_transcript_has_segments_and_words(http, buzz):
    form = {
        "model": "whisper-1",
        "response_format": "verbose_json",
        "timestamp_granularities[]": ["segment", "word"],
    }
    told = http.post("/v1/audio/transcriptions", data=form, files={"file": ("a.wav", buzz)}).json()
    assert (told["language"], told["duration"]) == ("en", 3.0)
    assert [segment["id"] for segment in told["segments"]] == [0, 1, 2]
    assert told["segments"][1] == {"id": 1, "start": 1.0, "end": 1.5, "text": " word"}
    assert len(told["words"]) == 3
    plain = http.post("/stt", data={"model": "ink-whisper"}, files={"file": ("a.wav", buzz)}).json()
    assert "segments" not in plain


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"response_format": "srt"}, "response_format: got 'srt', accepted: json, verbose_json"),
        ({"stream": "true"}, "stream: got 'true', accepted: false; /stt/websocket streams"),
        ({"model": "whisper-9"}, "model: got 'whisper-9', accepted: ink-whisper"),
        ({"timestamp_granularities[]": "line"}, "timestamp_granularities: got 'line', accepted"),
    ],
)
def test_bad_forms_are_refused_in_the_same_way(http, buzz, form, said):
    answer = http.post(
        "/v1/audio/transcriptions",
        data={"model": "whisper-1", **form},
        files={"file": ("a.wav", buzz)},
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(said)
