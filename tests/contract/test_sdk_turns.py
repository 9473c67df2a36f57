"""Turns: our library against our server, both surfaces."""

import threading

import numpy as np
import pytest

from cartesia import AsyncCartesia, Cartesia
from cartesia.core.api_error import WebSocketConnectError, WebSocketError
from cartesia.stt import TurnEagerEnd, TurnEnd, TurnResume, TurnStart
from cartesia_server.embedded import embedded
from cartesia_server.settings import Settings
from tests.contract.scripted import scripted_engines

pytestmark = pytest.mark.anyio

TONE = (8000 * np.sin(np.arange(16000) * 0.1)).astype("<i2").tobytes()
SILENCE = bytes(2 * 16000)
TWO_TURNS = [TONE, SILENCE, TONE, SILENCE * 2, TONE]
TYPES = [TurnStart, TurnEagerEnd, TurnResume, TurnEagerEnd, TurnEnd, TurnStart, TurnEnd]


@pytest.fixture
def client(server):
    with Cartesia(api_key="any", base_url=server) as client:
        yield client


@pytest.fixture
async def async_client(server):
    async with AsyncCartesia(api_key="any", base_url=server) as client:
        yield client


def types(events):
    return [type(event) for event in events if event.type != "turn.update"]


def ends(events):
    return [event.transcript for event in events if event.type == "turn.end"]


def test_everything_may_be_sent_before_anything_is_read(client):
    with client.stt.turns(sample_rate=16000, keyterm=["word"]) as ears:
        for sound in TWO_TURNS:
            ears.send(sound)
        ears.finish()
        events = list(ears)
    assert types(events) == TYPES
    assert ends(events) == ["word word", "word"]
    assert {event.request_id for event in events} == {ears.request_id}


async def test_so_it_may_by_tasks(async_client):
    async with async_client.stt.turns(sample_rate=16000, keyterm=["word"]) as ears:
        for sound in TWO_TURNS:
            await ears.send(sound)
        await ears.finish()
        events = [event async for event in ears]
    assert types(events) == TYPES
    assert ends(events) == ["word word", "word"]
    assert {event.request_id for event in events} == {ears.request_id}


def test_a_turn_ends_while_the_microphone_goes_on(client):
    heard = threading.Event()

    def microphone():
        yield TONE
        yield SILENCE * 2
        assert heard.wait(60)
        yield TONE

    events = []
    for event in client.stt.turns().listen(microphone()):
        events.append(event)
        if event.type == "turn.end":
            heard.set()
    assert ends(events) == ["word", "word"]


async def test_so_it_does_for_tasks(async_client):
    ears = await async_client.stt.turns()
    events = [event async for event in ears.listen(iter(TWO_TURNS))]
    assert ends(events) == ["word word", "word"]


def test_settings_change_on_the_way(client):
    with client.stt.turns(turn_end_threshold=0.05, turn_end_timeout_ms=11200) as ears:
        ears.send(TONE)
        ears.configure(end_timeout_ms=640)
        ears.send(SILENCE)
        ended = next(event for event in ears if event.type == "turn.end")
        assert ended.transcript == "word"


async def test_a_bad_change_is_told_and_the_session_goes_on(async_client):
    async with async_client.stt.turns() as ears:
        await ears.configure(end_threshold=0.7)
        with pytest.raises(WebSocketError, match=r"turn\.end_threshold: got 0\.7") as caught:
            await anext(ears)
        assert caught.value.status_code == 400
        await ears.send(TONE)
        await ears.finish()
        assert ends([event async for event in ears]) == ["word"]


BAD = [
    ({"model": "ink-9"}, "model: got 'ink-9', accepted: ink-whisper, ink-2"),
    ({"turn_start_threshold": 0.95}, r"turn_start_threshold: got '0\.95'"),
    ({"keyterm": ["x" * 1300]}, "keyterm: got '1 terms of 1300 characters"),
]


@pytest.mark.parametrize(("changes", "message"), BAD)
def test_settings_that_cannot_be_used_are_told_at_once(client, changes, message):
    with pytest.raises(WebSocketConnectError, match=message) as caught:
        client.stt.turns(**changes)
    assert caught.value.status_code == 400
    assert caught.value.request_id


@pytest.mark.parametrize(("changes", "message"), BAD)
async def test_and_to_tasks(async_client, changes, message):
    with pytest.raises(WebSocketConnectError, match=message) as caught:
        await async_client.stt.turns(**changes)
    assert caught.value.status_code == 400
    assert caught.value.request_id


def test_who_may_not_call_is_refused(tmp_path):
    settings = Settings(threads=1, api_keys=("sk_1",), data_dir=tmp_path)
    with (
        embedded(settings, engines=scripted_engines()) as base_url,
        pytest.raises(WebSocketConnectError) as caught,
    ):
        Cartesia(base_url=base_url, api_key="sk_2").stt.turns()
    assert caught.value.status_code == 401
