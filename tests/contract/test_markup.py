"""Markup in transcripts over each way to speak, by our library and by raw messages."""

import base64

import numpy as np
import pytest

from cartesia import AsyncCartesia, Cartesia
from cartesia_server.engines.base import PLAIN
from cartesia_server.voices.emotions import EMOTIONS
from tests.contract.conftest import RAW, VOICE, speech_request
from tests.contract.scripted import LEVEL, WORD_SECONDS

pytestmark = pytest.mark.anyio

# ruff: noqa: RUF001 -- phonetic letters look like others

HOW = {"model_id": "sonic-3", "voice": {"mode": "id", "id": VOICE}, "output_format": RAW}
MARKED = (
    '<speed ratio="0.8"/>One <break time="250ms"/><volume ratio="0.5"/>two '
    '<emotion value="neutral"/>code <spell>A1</spell>, <<k|ɑ|ɹ>>.'
)
WORDS = ["One", "two", "code", "A1,", "<<k|ɑ|ɹ>>."]
SAID = ["One", "two", "code", "A", "1", "kˈɑɹ"]
SLOW = WORD_SECONDS / 0.8
STARTS = [0.0, *(SLOW * n + 0.25 for n in (1, 2, 3, 5))]


def check_audio(audio):
    samples = np.frombuffer(audio, "<i2") / 32768
    word = round(SLOW * 24000)
    assert len(samples) == 6 * word + 6000
    first, silence, rest = np.split(samples, [word, word + 6000])
    np.testing.assert_allclose(first, LEVEL, atol=1e-3)
    assert not silence.any()
    np.testing.assert_allclose(rest, LEVEL / 2, atol=1e-3)


def words_of(outputs):
    times = [one.word_timestamps for one in outputs if one.word_timestamps]
    words = [word for part in times for word in part.words]
    return words, [start for part in times for start in part.start]


def check_words(outputs):
    words, starts = words_of(outputs)
    assert words == WORDS
    assert starts == pytest.approx(STARTS, abs=0.001)


@pytest.fixture
def client(server):
    with Cartesia(api_key="any", base_url=server) as client:
        yield client


@pytest.fixture
async def async_client(server):
    async with AsyncCartesia(api_key="any", base_url=server) as client:
        yield client


class TestLibrary:
    def test_bytes(self, client, engine):
        check_audio(b"".join(client.tts.bytes(transcript=MARKED, **HOW)))
        assert engine.said == SAID
        assert engine.expressions == [PLAIN, PLAIN, EMOTIONS["neutral"]]

    def test_sse(self, client):
        outputs = list(client.tts.sse(transcript=MARKED, add_timestamps=True, **HOW))
        check_audio(b"".join(base64.b64decode(one.data) for one in outputs if one.type == "chunk"))
        check_words([one for one in outputs if one.type == "timestamps"])

    def test_context(self, client):
        with client.tts.websocket() as socket:
            context = socket.context()
            parts = (MARKED[start : start + 7] for start in range(0, len(MARKED), 7))
            outputs = list(context.send(transcript=parts, add_timestamps=True, **HOW))
        check_audio(b"".join(one.audio for one in outputs if one.audio))
        check_words(outputs)

    async def test_async_bytes(self, async_client):
        chunks = [chunk async for chunk in async_client.tts.bytes(transcript=MARKED, **HOW)]
        check_audio(b"".join(chunks))

    async def test_async_context(self, async_client):
        socket = await async_client.tts.websocket()
        context = socket.context()
        for start in range(0, len(MARKED), 7):
            await context.send(
                transcript=MARKED[start : start + 7], continue_=True, add_timestamps=True, **HOW
            )
        await context.no_more_inputs()
        outputs = [one async for one in context.receive()]
        await socket.close()
        check_audio(b"".join(one.audio for one in outputs if one.audio))
        check_words(outputs)


def test_normalised_words_are_those_that_are_said(dial):
    with dial() as socket:
        socket.send(
            context_id="a",
            add_timestamps=True,
            use_normalized_timestamps=True,
            **speech_request(transcript=MARKED),
        )
        messages = socket.receive_context("a")
    times = [m["word_timestamps"] for m in messages if m["type"] == "timestamps"]
    said = [*SAID[:4], "1,", "kˈɑɹ."]
    assert [word for part in times for word in part["words"]] == said


REFUSED = '<speed ratio="3"/>'
REFUSAL = f"transcript: got {REFUSED!r}, accepted: a ratio from 0.6 to 1.5"


@pytest.mark.parametrize("route", ["/tts/bytes", "/tts/sse"])
def test_what_a_tag_cannot_mean_is_refused_before_any_audio(http, route):
    answer = http.post(route, json=speech_request(transcript=f"One {REFUSED}two."))
    assert answer.status_code == 400
    assert REFUSAL in answer.text


def test_what_a_tag_cannot_mean_ends_its_context_alone(dial):
    with dial() as socket:
        socket.send(context_id="a", **speech_request(transcript="one "), **{"continue": True})
        socket.send(context_id="a", transcript=REFUSED)
        assert REFUSAL in socket.receive_context("a")[-1]["error"]
        socket.send(context_id="b", **speech_request())
        assert socket.receive_context("b")[-1]["type"] == "done"


def test_other_tags_are_text(http, engine):
    assert http.post("/tts/bytes", json=speech_request(transcript="<Go> 1 < 2")).status_code == 200
    assert engine.said == ["Go", "one", "less", "than", "two"]
