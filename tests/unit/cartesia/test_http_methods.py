"""What each HTTP method sends and gives, on both surfaces."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from cartesia.tts import (
    GenerationConfig,
    OutputFormat_Mp3,
    SseOutputFormat,
    TtsRequestIdSpecifier,
)
from cartesia.wire.voices import IdSpecifier

from .conftest import Server, form_of

VOICE = {
    "id": "v",
    "user_id": "u",
    "is_public": True,
    "is_owner": False,
    "name": "Ann",
    "description": "",
    "created_at": "2024-11-13T00:00:00Z",
    "language": "en",
}
RAW = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000}
EVENT = b'data: {"type":"chunk","data":"AAAA","step_time":1,"status_code":206,"done":false}\n\n'
MULTIPART = "multipart/form-data"


class Call(NamedTuple):
    """A call, what the server answers, and what must have been sent."""

    call: Callable[[Any], Any]
    answer: Any
    sent: str
    body: Any = None
    result: Callable[[Any], bool] = lambda result: result is None


CALLS = {
    "api_status.get": Call(
        lambda c: c.api_status.get(),
        {"ok": True, "version": "1"},
        "GET /api/",
        result=lambda info: info.version == "1",
    ),
    "auth.access_token": Call(
        lambda c: c.auth.access_token(grants={"tts": True}, expires_in=60),
        {"token": "t"},
        "POST /api/access-token",
        {"grants": {"tts": True}, "expires_in": 60},
        lambda answer: answer.token == "t",
    ),
    "auth.access_token without anything": Call(
        lambda c: c.auth.access_token(),
        {"token": "t"},
        "POST /api/access-token",
        {},
        lambda answer: answer.token == "t",
    ),
    "tts.bytes": Call(
        lambda c: c.tts.bytes(
            model_id="sonic-2",
            transcript="Hi",
            voice={"id": "v", "experimental_controls": {"speed": "fast"}},
            output_format=RAW,
            language=None,
            duration=2.5,
        ),
        b"audio",
        "POST /api/tts/bytes",
        {
            "model_id": "sonic-2",
            "transcript": "Hi",
            "voice": {"id": "v", "__experimental_controls": {"speed": "fast"}},
            "output_format": RAW,
            "language": None,
            "duration": 2.5,
        },
        lambda audio: audio.read() == b"audio",
    ),
    "tts.bytes with messages": Call(
        lambda c: c.tts.bytes(
            model_id="sonic-3",
            transcript="Hi",
            voice=TtsRequestIdSpecifier(id="v"),
            output_format=OutputFormat_Mp3(sample_rate=44100, bit_rate=128000),
            generation_config=GenerationConfig(speed=1.2),
            pronunciation_dict_id="p",
            speed="slow",
            request_options={"additional_body_parameters": {"save": True}, "chunk_size": 2},
        ),
        b"audio",
        "POST /api/tts/bytes",
        {
            "model_id": "sonic-3",
            "transcript": "Hi",
            "voice": {"mode": "id", "id": "v"},
            "output_format": {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000},
            "generation_config": {"speed": 1.2},
            "pronunciation_dict_id": "p",
            "speed": "slow",
            "save": True,
        },
        lambda audio: list(audio) == [b"au", b"di", b"o"],
    ),
    "tts.sse": Call(
        lambda c: c.tts.sse(
            model_id="sonic-2",
            transcript="Hi",
            voice={"id": "v"},
            output_format=SseOutputFormat(encoding="pcm_s16le", sample_rate=8000),
            add_timestamps=True,
            use_normalized_timestamps=False,
            context_id="c",
        ),
        EVENT,
        "POST /api/tts/sse",
        {
            "model_id": "sonic-2",
            "transcript": "Hi",
            "voice": {"id": "v"},
            "output_format": RAW,
            "add_timestamps": True,
            "use_normalized_timestamps": False,
            "context_id": "c",
        },
        lambda events: [event.audio for event in events] == [b"\0\0\0"],
    ),
    "infill.bytes": Call(
        lambda c: c.infill.bytes(
            left_audio=("l.wav", b"left"),
            right_audio=None,
            model_id="m",
            language="en",
            transcript="and",
            voice_id="v",
            output_format_container="mp3",
            output_format_sample_rate=44100,
            output_format_bit_rate=128000,
            output_format_encoding=None,
            voice_experimental_controls_speed=0.5,
            voice_experimental_controls_emotion=["anger:low", "surprise"],
        ),
        b"audio",
        "POST /api/infill/bytes",
        [
            ("model_id", b"m"),
            ("language", b"en"),
            ("transcript", b"and"),
            ("voice_id", b"v"),
            ("output_format[container]", b"mp3"),
            ("output_format[sample_rate]", b"44100"),
            ("output_format[encoding]", b""),
            ("output_format[bit_rate]", b"128000"),
            ("voice[__experimental_controls][speed]", b"0.5"),
            ("voice[__experimental_controls][emotion][]", b"anger:low"),
            ("voice[__experimental_controls][emotion][]", b"surprise"),
            ("left_audio", b"left"),
        ],
        lambda audio: audio.read() == b"audio",
    ),
    "stt.transcribe": Call(
        lambda c: c.stt.transcribe(
            file=b"sound",
            model="ink-whisper",
            encoding="pcm_s16le",
            sample_rate=16000,
            language="en",
            timestamp_granularities=["word"],
        ),
        {"text": "hi", "words": [{"word": "hi", "start": 0.0, "end": 0.5}]},
        "POST /api/stt?encoding=pcm_s16le&sample_rate=16000",
        [
            ("model", b"ink-whisper"),
            ("language", b"en"),
            ("timestamp_granularities[]", b"word"),
            ("file", b"sound"),
        ],
        lambda answer: answer.words[0].word == "hi",
    ),
    "stt.transcribe with as little as can be": Call(
        lambda c: c.stt.transcribe(file=b"sound", model="ink-whisper"),
        {"text": "hi"},
        "POST /api/stt",
        [("model", b"ink-whisper"), ("file", b"sound")],
        lambda answer: answer.text == "hi",
    ),
    "voice_changer.bytes": Call(
        lambda c: c.voice_changer.bytes(
            clip=b"sound",
            voice_id="v",
            output_format_container="wav",
            output_format_sample_rate=8000,
            output_format_encoding="pcm_s16le",
        ),
        b"audio",
        "POST /api/voice-changer/bytes",
        [
            ("voice[id]", b"v"),
            ("output_format[container]", b"wav"),
            ("output_format[sample_rate]", b"8000"),
            ("output_format[encoding]", b"pcm_s16le"),
            ("clip", b"sound"),
        ],
        lambda audio: audio.read() == b"audio",
    ),
    "voice_changer.sse": Call(
        lambda c: c.voice_changer.sse(
            clip=b"sound",
            voice_id="v",
            output_format_container="raw",
            output_format_sample_rate=8000,
            output_format_bit_rate=1,
        ),
        EVENT,
        "POST /api/voice-changer/sse",
        [
            ("voice[id]", b"v"),
            ("output_format[container]", b"raw"),
            ("output_format[sample_rate]", b"8000"),
            ("output_format[bit_rate]", b"1"),
            ("clip", b"sound"),
        ],
        lambda events: [event.data for event in events] == ["AAAA"],
    ),
    "voices.list": Call(
        lambda c: c.voices.list(
            limit=5,
            starting_after="a",
            is_owner=False,
            is_starred=True,
            gender="feminine",
            expand=["embedding", "is_starred"],
            request_options={"additional_query_parameters": {"q": "x"}},
        ),
        {"data": [VOICE], "has_more": False},
        "GET /api/voices/?limit=5&starting_after=a&is_owner=false&is_starred=true"
        "&gender=feminine&expand%5B%5D=embedding&expand%5B%5D=is_starred&q=x",
        result=lambda pager: [voice.name for voice in pager] == ["Ann"],
    ),
    "voices.get": Call(
        lambda c: c.voices.get(id="a b"),
        VOICE,
        "GET /api/voices/a%20b",
        result=lambda voice: voice.name == "Ann",
    ),
    "voices.clone": Call(
        lambda c: c.voices.clone(
            clip=("me.wav", b"sound", "audio/wav"),
            name="Me",
            language="en",
            mode="similarity",
            enhance=False,
            description="x",
            base_voice_id="b",
        ),
        VOICE,
        "POST /api/voices/clone",
        [
            ("name", b"Me"),
            ("language", b"en"),
            ("mode", b"similarity"),
            ("description", b"x"),
            ("enhance", b"false"),
            ("base_voice_id", b"b"),
            ("clip", b"sound"),
        ],
        lambda voice: voice.user_id == "u",
    ),
    "voices.create": Call(
        lambda c: c.voices.create(name="n", description="d", embedding=[0.5, 1.0], language="de"),
        VOICE,
        "POST /api/voices/",
        {"name": "n", "description": "d", "embedding": [0.5, 1.0], "language": "de"},
        lambda voice: voice.id == "v",
    ),
    "voices.update": Call(
        lambda c: c.voices.update("v", name="n", description="d"),
        VOICE,
        "PATCH /api/voices/v",
        {"name": "n", "description": "d"},
        lambda voice: voice.id == "v",
    ),
    "voices.delete": Call(lambda c: c.voices.delete("v"), b"", "DELETE /api/voices/v"),
    "voices.localize": Call(
        lambda c: c.voices.localize(
            voice_id="v",
            name="n",
            description="d",
            language="de",
            original_speaker_gender="female",
            dialect="x",
        ),
        VOICE,
        "POST /api/voices/localize",
        {
            "voice_id": "v",
            "name": "n",
            "description": "d",
            "language": "de",
            "original_speaker_gender": "female",
            "dialect": "x",
        },
        lambda voice: voice.is_public,
    ),
    "voices.mix": Call(
        lambda c: c.voices.mix(
            voices=[IdSpecifier(id="a", weight=0.25), {"embedding": [1.0], "weight": 0.75}]
        ),
        {"embedding": [0.5]},
        "POST /api/voices/mix",
        {"voices": [{"id": "a", "weight": 0.25}, {"embedding": [1.0], "weight": 0.75}]},
        lambda answer: answer.embedding == [0.5],
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_method_sends_what_the_api_expects(client: Any, server: Server, name: str) -> None:
    call = CALLS[name]
    server.answers = [call.answer]
    assert call.result(call.call(client))
    (request,) = server.requests
    target = request.url.raw_path.decode()
    assert f"{request.method} {target}" == call.sent
    assert request.headers["x-api-key"] == "sk-1"
    assert request.headers["cartesia-version"] == "2024-11-13"
    if call.body is None:
        assert request.content == b""
    elif isinstance(call.body, list):
        assert form_of(request) == call.body
    else:
        assert request.headers["content-type"] == "application/json"
        assert json.loads(request.content) == call.body


@pytest.mark.parametrize("name", [name for name in CALLS if name != "voices.delete"])
def test_what_a_method_gives_names_its_request(client: Any, server: Server, name: str) -> None:
    server.answers, server.names_requests = [CALLS[name].answer], True
    assert CALLS[name].call(client).request_id == "r-1"


def test_the_name_of_a_request_is_no_part_of_its_answer(client: Any, server: Server) -> None:
    server.answers, server.names_requests = [VOICE, {**VOICE, "request_id": "in-body"}], True
    voice, other = client.voices.get("v"), client.voices.get("v")
    assert (voice.request_id, other.request_id) == ("r-1", "r-2")
    assert voice == type(voice)(**VOICE)
    assert "request_id" not in voice.dict() | dict(voice) | voice.model_dump()
    assert "r-1" not in repr(voice) + voice.json()
    copies = (voice.model_copy(), pickle.loads(pickle.dumps(voice)))
    assert [copy.request_id for copy in copies] == ["r-1", "r-1"]
    assert (type(voice)(**VOICE).request_id, other.dict()["request_id"]) == (None, "in-body")


def test_each_voice_of_a_list_names_the_request_of_its_page(client: Any, server: Server) -> None:
    server.answers, server.names_requests = [page(0, 1, has_more=True), page(1, 1)], True
    assert [voice.request_id for voice in client.voices.list()] == ["r-1", "r-2"]


def test_every_method_is_tested() -> None:
    from .surface_2x import HTTP_METHODS

    methods = {f"{name.split('.')[0]}.{name.split('.')[2]}" for name in HTTP_METHODS}
    assert methods <= set(CALLS)


def page(first: int, count: int, **fields: Any) -> dict[str, Any]:
    return {"data": [{**VOICE, "id": f"v{first + n}"} for n in range(count)], **fields}


@pytest.mark.parametrize(
    ("pages", "query", "asked"),
    [
        ([page(0, 2, has_more=False)], {}, [""]),
        ([page(0, 2, has_more=True, next_page="v1"), page(2, 1)], {}, ["", "starting_after=v1"]),
        ([page(0, 2, has_more=True), page(2, 1)], {}, ["", "starting_after=v1"]),
        ([page(0, 2, has_more=True, next_page=""), page(2, 0)], {}, ["", "starting_after=v1"]),
        (
            [page(5, 2, has_more=True), page(3, 2)],
            {"ending_before": "v9"},
            ["ending_before=v9", "ending_before=v5"],
        ),
        (
            [page(5, 2, next_page="v6", has_more=True), page(7, 1)],
            {"ending_before": "v9"},
            ["ending_before=v9", "ending_before=v9&starting_after=v6"],
        ),
    ],
)
def test_voices_are_listed_page_by_page(
    client: Any, server: Server, pages: list[Any], query: dict[str, Any], asked: list[str]
) -> None:
    server.answers = pages
    ids = [voice.id for voice in client.voices.list(**query)]
    assert ids == [voice["id"] for answer in pages for voice in answer["data"]]
    assert [request.url.query.decode() for request in server.requests] == asked


def test_a_server_that_ignores_cursors_does_not_trap_us(client: Any, server: Server) -> None:
    server.answers = [page(0, 2, has_more=True)]
    assert len(list(client.voices.list())) == 4
    assert len(server.requests) == 2


def test_pages_can_be_turned_by_hand(client: Any, server: Server) -> None:
    server.answers = [page(0, 2, has_more=True, next_page="v1"), page(2, 1)]
    pager = client.voices.list()
    assert (pager.has_next, [voice.id for voice in pager.items]) == (True, ["v0", "v1"])
    second = pager.next_page()
    assert [voice.id for voice in second.items] == ["v2"]
    assert second.next_page() is None


@pytest.mark.parametrize("id", ["", None])
def test_a_voice_without_id_is_not_asked_for(client: Any, server: Server, id: Any) -> None:
    for call in (client.voices.get, client.voices.delete):
        with pytest.raises(ValueError, match="id: got"):
            call(id)
    assert server.requests == []


def test_output_formats_by_name(client: Any) -> None:
    assert client.tts.get_output_format("raw_pcm_s16le_8000") == RAW
    with pytest.raises(ValueError, match="Unsupported format: mp3"):
        client.tts.get_output_format("mp3")
