"""openai-python against the routes that speak its API."""

from __future__ import annotations

import io
import json
import wave

import openai
from checks import BASE_URL, KEY, RATE, TEXT, WARM, run, said, seconds, speech
from openai import AsyncOpenAI, OpenAI


def client(prefix: str = "/v1", key: str = KEY) -> OpenAI:
    return OpenAI(api_key=key, base_url=BASE_URL + prefix, max_retries=0)


def aclient() -> AsyncOpenAI:
    return AsyncOpenAI(api_key=KEY, base_url=BASE_URL + "/v1")


def request(**changes):
    return {"model": "tts-1", "voice": "alloy", "input": TEXT, **changes}


def check_speech() -> None:
    for prefix in ("", "/v1"):
        assert client(prefix).audio.speech.create(**request()).content[0] == 0xFF
    for name, magic in (("opus", b"OggS"), ("flac", b"fLaC"), ("aac", b"\xff"), ("wav", b"RIFF")):
        answer = client().audio.speech.create(**request(response_format=name))
        assert answer.content.startswith(magic), answer.content[:4]
    pcm = client().audio.speech.create(**request(response_format="pcm", voice="onyx")).content
    fast = client().audio.speech.create(
        **request(model="gpt-4o-mini-tts", response_format="pcm", voice=WARM, speed=1.5)
    )
    assert seconds(pcm, 24000, 2) > 1.2 * seconds(fast.content, 24000, 2)


def check_streamed_speech() -> None:
    with client().audio.speech.with_streaming_response.create(
        **request(response_format="wav", input=" ".join([TEXT] * 3))
    ) as answer:
        parts = list(answer.iter_bytes(4096))
    assert len(parts) > 5
    assert b"".join(parts)[:4] == b"RIFF"


def check_speech_as_events() -> None:
    with client().audio.speech.with_streaming_response.create(
        **request(response_format="pcm", stream_format="sse")
    ) as answer:
        lines = [line for line in answer.iter_lines() if line.startswith("data: ")]
    events = [json.loads(line[6:]) for line in lines]
    assert events[0]["type"] == "speech.audio.delta"
    assert events[-1]["type"] == "speech.audio.done"


async def check_speech_async() -> None:
    async with aclient().audio.speech.with_streaming_response.create(
        **request(response_format="pcm")
    ) as answer:
        audio = b"".join([part async for part in answer.iter_bytes()])
    assert seconds(audio, 24000, 2) > 1


def check_transcriptions() -> None:
    for prefix in ("", "/v1"):
        answer = client(prefix).audio.transcriptions.create(
            model="whisper-1", file=("speech.wav", speech()), language="en"
        )
        assert said(answer.text), answer.text
    verbose = client().audio.transcriptions.create(
        model="whisper-1",
        file=("speech.wav", speech()),
        response_format="verbose_json",
        timestamp_granularities=["word", "segment"],
    )
    assert verbose.language == "en"
    assert float(verbose.duration) > 1
    assert verbose.words[0].word
    assert said(" ".join(segment.text for segment in verbose.segments))
    text = client().audio.transcriptions.create(
        model="ink-whisper", file=("speech.wav", speech()), response_format="text"
    )
    assert said(text), text


async def check_transcriptions_async() -> None:
    file = io.BytesIO(speech())
    file.name = "speech.wav"
    with wave.open(io.BytesIO(speech())) as reader:
        assert reader.getframerate() == RATE
    answer = await aclient().audio.transcriptions.create(model="gpt-4o-transcribe", file=file)
    assert said(answer.text), answer.text


def check_models() -> None:
    names = [model.id for model in client().models.list()]
    assert {"tts-1", "whisper-1", "sonic-3"} <= set(names)
    assert client().models.retrieve("tts-1").owned_by == "local"


def check_errors() -> None:
    c = client()
    for changes, param in (
        ({"voice": "hal"}, "voice"),
        ({"model": "tts-9"}, "model"),
        ({"speed": 9}, "speed"),
    ):
        try:
            c.audio.speech.create(**request(**changes))
        except openai.BadRequestError as error:
            assert error.param == param, error.body
            assert "accepted: " in str(error)
        else:
            raise AssertionError("no error")
    try:
        client(key="wrong").models.list()
    except openai.AuthenticationError as error:
        assert error.status_code == 401
    else:
        raise AssertionError("no error")
    try:
        c.models.retrieve("gpt-5")
    except openai.NotFoundError as error:
        assert "gpt-5" in str(error)
    else:
        raise AssertionError("no error")


run(globals())
