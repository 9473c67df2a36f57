"""Which message belongs to whom, and what ends a context."""

from __future__ import annotations

import gc
import json

import pytest

from cartesia.core.api_error import (
    ApiError,
    InvalidArgumentError,
    WebSocketCancelledError,
    WebSocketClosedError,
    WebSocketError,
    WebSocketOverflowError,
)
from cartesia.core.channel import READ_AHEAD_BYTES, Channel
from cartesia.core.channel_context import Context, Reading
from cartesia.core.channel_events import WebSocketTtsAudio
from cartesia.core.socket_inbox import END, WAIT

from .channel_events import SETTINGS, audio, chunk, event, flush_done, opened, outputs, speak

LOST = WebSocketClosedError("The connection was lost")


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def context(channel: Channel) -> Context:
    return opened(channel)


# --- contexts -------------------------------------------------------------------------------------


def test_each_context_gets_its_own(channel: Channel) -> None:
    one, other = opened(channel), opened(channel)
    for message in (chunk(one, b"1"), chunk(other, b"2"), chunk(one, b"3"), event("done", other)):
        channel.feed(message)
    assert audio(Reading(one)) == ([b"1", b"3"], WAIT)
    assert audio(Reading(other)) == ([b"2"], END)


def test_ids_are_unique_or_as_given(channel: Channel) -> None:
    assert channel.open("mine").id == "mine"
    assert channel.open().id != channel.open(None).id


@pytest.mark.parametrize("context_id", ["", 7])
def test_an_id_that_is_no_text_is_refused(channel: Channel, context_id: str) -> None:
    with pytest.raises(InvalidArgumentError, match="context_id: got"):
        channel.open(context_id)


def test_an_id_is_in_use_until_its_context_is_over(channel: Channel) -> None:
    first = opened(channel, "mine")
    with pytest.raises(ValueError, match="'mine' is in use"):
        channel.open("mine")
    channel.feed(chunk(first, b"1"))
    channel.feed(event("done", first))
    second = opened(channel, "mine")
    channel.feed(chunk(second, b"2"))
    assert audio(Reading(first)) == ([b"1"], END)
    assert audio(Reading(second)) == ([b"2"], WAIT)


def test_what_belongs_to_nobody_is_dropped(channel: Channel, context: Context) -> None:
    fresh = channel.open("fresh")
    other = opened(channel)
    for message in (
        chunk("stranger", b"1"),
        chunk("fresh", b"2"),
        chunk(None, b"3"),
        event("chunk", None, context_id=["list"], data="NA=="),
        event("surprise", context),
        event("done", "stranger"),
    ):
        channel.feed(message)
    for idle in (context, fresh, other):
        assert audio(Reading(idle)) == ([], WAIT)
    assert channel.buffered == 0


def test_a_message_without_id_belongs_to_the_only_context(
    channel: Channel, context: Context
) -> None:
    channel.feed(chunk(None, b"1"))
    taken, _ = outputs(Reading(context))
    assert [output.dict() for output in taken] == [{"audio": b"1", "context_id": context.id}]


def test_a_message_without_type_is_known_by_its_fields(channel: Channel, context: Context) -> None:
    channel.feed(json.dumps({"context_id": context.id, "data": "MQ=="}).encode())
    assert audio(Reading(context)) == ([b"1"], WAIT)


def test_each_output_carries_one_kind_of_content(channel: Channel) -> None:
    context = channel.open()
    speak(context, add_timestamps=True, add_phoneme_timestamps=True)
    words = {"words": ["a"], "start": [0.0], "end": [0.5]}
    sounds = {"phonemes": ["ə"], "start": [0.0], "end": [0.5]}
    for message in (
        chunk(context, b"1", flush_id=3),
        event("timestamps", context, word_timestamps=words),
        event("phoneme_timestamps", context, phoneme_timestamps=sounds),
    ):
        channel.feed(message)
    taken, _ = outputs(Reading(context))
    contents = [output.dict() for output in taken]
    assert contents == [
        {"audio": b"1", "context_id": context.id},
        {"word_timestamps": words, "context_id": context.id},
        {"phoneme_timestamps": sounds, "context_id": context.id},
    ]


def test_times_come_only_to_those_who_ask(channel: Channel) -> None:
    context = channel.open()
    speak(context, continue_=True, add_phoneme_timestamps=True)
    words = {"words": ["a"], "start": [0.0], "end": [0.5]}
    sounds = {"phonemes": ["ə"], "start": [0.0], "end": [0.5]}
    channel.feed(event("timestamps", context, word_timestamps=words))
    channel.feed(event("phoneme_timestamps", context, phoneme_timestamps=sounds))
    speak(context, add_timestamps=True)
    channel.feed(event("timestamps", context, word_timestamps=words))
    taken, _ = outputs(Reading(context))
    contents = [output.dict() for output in taken]
    assert contents == [
        {"phoneme_timestamps": sounds, "context_id": context.id},
        {"word_timestamps": words, "context_id": context.id},
    ]


def test_empty_events_are_left_out(channel: Channel) -> None:
    context = channel.open()
    speak(context, add_timestamps=True, add_phoneme_timestamps=True)
    channel.feed(chunk(context, b""))
    channel.feed(event("timestamps", context))
    channel.feed(event("phoneme_timestamps", context))
    assert outputs(Reading(context)) == ([], WAIT)


# --- going out ------------------------------------------------------------------------------------


def test_the_last_message_repeats_the_settings_of_the_first(channel: Channel) -> None:
    context = channel.open("mine")
    first = speak(context, "Hello", continue_=True, language="de", flush=True)
    speak(context, "again", continue_=True, model_id="other")
    last = json.loads(context.no_more_inputs() or "")
    assert last == {
        **SETTINGS,
        "language": "de",
        "context_id": "mine",
        "transcript": "",
        "continue": False,
    }
    assert first == last | {"transcript": "Hello", "continue": True, "flush": True}


def test_a_context_without_text_ends_by_itself(channel: Channel) -> None:
    context = channel.open()
    assert context.no_more_inputs() is None
    assert outputs(Reading(context)) == ([], END)
    assert context.closed


def test_nothing_can_be_said_in_a_context_that_is_over(channel: Channel, context: Context) -> None:
    channel.feed(event("done", context))
    with pytest.raises(WebSocketClosedError, match="has ended"):
        speak(context)
    assert context.no_more_inputs() is None
    assert context.cancel() is None


def test_cancelling_tells_the_server_and_the_readers(channel: Channel, context: Context) -> None:
    other = opened(channel)
    channel.feed(chunk(context, b"1"))
    assert json.loads(context.cancel() or "") == {"context_id": context.id, "cancel": True}
    assert context.closed
    assert channel.buffered == 0
    for _ in range(2):
        with pytest.raises(WebSocketCancelledError, match="was cancelled"):
            Reading(context).take()
    with pytest.raises(WebSocketCancelledError):
        speak(context)
    channel.feed(chunk(context, b"2"))
    channel.feed(chunk(other, b"3"))
    assert audio(Reading(other)) == ([b"3"], WAIT)


def test_cancelling_what_was_never_sent_tells_nobody(channel: Channel) -> None:
    assert channel.open().cancel() is None


def test_what_finalisers_want_is_done_when_the_channel_is_used(
    channel: Channel, context: Context
) -> None:
    context.defer(context.cancel)
    assert not context.over
    assert [json.loads(message) for message in channel.to_send()] == [
        {"context_id": context.id, "cancel": True}
    ]
    assert channel.to_send() == []


# --- endings --------------------------------------------------------------------------------------


def test_an_error_ends_its_context_alone(channel: Channel, context: Context) -> None:
    other = opened(channel)
    channel.feed(chunk(context, b"1"))
    channel.feed(event("error", context, error="no such voice", status_code=404, request_id="r-1"))
    channel.feed(chunk(other, b"2"))
    reading = Reading(context)
    reading.take()
    with pytest.raises(WebSocketError) as caught:
        reading.take()
    error = caught.value
    assert isinstance(error, RuntimeError)
    assert isinstance(error, ApiError)
    assert "Failed to generate audio" in str(error)
    assert "Error generating audio: no such voice" in str(error)
    assert (error.status_code, error.request_id) == (404, "r-1")
    assert error.body["error"] == "no such voice"
    assert audio(Reading(other)) == ([b"2"], WAIT)


def test_an_error_that_names_no_context_ends_all_that_are_open(channel: Channel) -> None:
    contexts = [opened(channel), opened(channel)]
    fresh = channel.open()
    channel.feed(event("error", None, error="overload"))
    for context in contexts:
        with pytest.raises(WebSocketError, match="overload"):
            Reading(context).take()
    assert outputs(Reading(fresh)) == ([], WAIT)


def test_a_lost_connection_ends_what_was_begun(channel: Channel, context: Context) -> None:
    fresh = channel.open()
    channel.feed(chunk(context, b"1"))
    channel.lost(LOST, clean=False)
    reading = Reading(context)
    reading.take()
    with pytest.raises(WebSocketClosedError, match="was lost"):
        reading.take()
    assert outputs(Reading(fresh)) == ([], WAIT)
    assert speak(fresh)


def test_closing_ends_every_context(channel: Channel, context: Context) -> None:
    fresh = channel.open()
    channel.close()
    for ended in (context, fresh):
        with pytest.raises(WebSocketCancelledError, match="closed together with its socket"):
            Reading(ended).take()


@pytest.mark.parametrize("message", [b"{", b"[]", b"7", b"\xff", b'{"type":'])
def test_what_is_no_message_fails_the_socket(channel: Channel, message: bytes) -> None:
    with pytest.raises(WebSocketError, match="not a JSON object"):
        channel.feed(message)


def test_a_broken_message_ends_its_context_alone(channel: Channel, context: Context) -> None:
    other = opened(channel)
    channel.feed(event("chunk", context))
    channel.feed(event("chunk", "stranger"))
    with pytest.raises(WebSocketError, match="'chunk' makes no sense"):
        Reading(context).take()
    assert outputs(Reading(other)) == ([], WAIT)
    assert [json.loads(message)["cancel"] for message in channel.to_send()] == [True]


def test_audio_that_is_no_base64_ends_its_context(channel: Channel, context: Context) -> None:
    channel.feed(chunk(context, b"1"))
    channel.feed(event("chunk", context, data="A", step_time=0))
    reading = Reading(context)
    reading.take()
    with pytest.raises(WebSocketError, match="'chunk' makes no sense"):
        reading.take()


# --- buffers --------------------------------------------------------------------------------------


def test_a_context_that_nobody_reads_overflows_alone() -> None:
    channel = Channel(max_buffered=1000)
    slow, quick = opened(channel), opened(channel)
    for number in range(20):
        channel.feed(chunk(slow, b"s" * 30))
        channel.feed(chunk(quick, bytes([number])))
        assert audio(Reading(quick)) == ([bytes([number])], WAIT)
    assert [json.loads(message)["context_id"] for message in channel.to_send()] == [slow.id]
    reading = Reading(slow)
    assert isinstance(reading.take(), WebSocketTtsAudio)
    with pytest.raises(WebSocketOverflowError, match="over 1000 bytes"):
        outputs(reading)
    assert channel.buffered == 0


def test_reading_ahead_has_a_limit(channel: Channel, context: Context) -> None:
    piece = b"x" * (READ_AHEAD_BYTES // 4)
    full = []
    for _ in range(3):
        channel.feed(chunk(context, piece))
        full.append(channel.full)
    reading = Reading(context)
    for _ in range(2):
        reading.take()
        full.append(channel.full)
    channel.feed(chunk(context, piece * 4))
    full.append(channel.full)
    # What has all come need not be waited for.
    channel.feed(event("done", context))
    full.append(channel.full)
    assert full == [False, False, True, False, False, True, False]


# --- flushes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("first_id", [0, 1, None, 40])
def test_a_flush_ends_a_segment_whatever_its_id(
    channel: Channel, context: Context, first_id: int | None
) -> None:
    ids = [None, None] if first_id is None else [first_id, first_id + 1]
    message, flushed = context.flush()
    assert json.loads(message or "") == {
        **SETTINGS,
        "context_id": context.id,
        "transcript": "",
        "continue": True,
        "flush": True,
    }
    speak(context, "more", continue_=True)
    for arrived in (
        chunk(context, b"1", **({} if ids[0] is None else {"flush_id": ids[0]})),
        flush_done(context, ids[0]),
        chunk(context, b"2", **({} if ids[1] is None else {"flush_id": ids[1]})),
        event("done", context),
    ):
        channel.feed(arrived)
    assert audio(flushed.reading()) == ([b"1"], END)
    assert audio(Reading(context)) == ([b"2"], END)


def test_several_flushes_may_be_under_way(channel: Channel, context: Context) -> None:
    _, first = context.flush()
    _, second = context.flush()
    readings = [first.reading(), second.reading(), Reading(context)]
    for number in range(3):
        channel.feed(chunk(context, bytes([number])))
        channel.feed(flush_done(context))
    channel.feed(event("done", context))
    assert [audio(reading) for reading in readings] == [([bytes([n])], END) for n in range(3)]


def test_a_segment_ends_with_its_context(channel: Channel, context: Context) -> None:
    _, flushed = context.flush()
    channel.feed(chunk(context, b"1"))
    channel.feed(event("error", context, error="overload"))
    reading = flushed.reading()
    reading.take()
    for ended in (reading, Reading(context)):
        with pytest.raises(WebSocketError, match="overload"):
            ended.take()


def test_the_server_may_flush_of_its_own_accord(channel: Channel, context: Context) -> None:
    for message in (chunk(context, b"1"), flush_done(context, 1), chunk(context, b"2")):
        channel.feed(message)
    assert audio(Reading(context)) == ([b"1", b"2"], WAIT)


def test_a_flush_asked_for_with_a_text_is_marked(channel: Channel, context: Context) -> None:
    speak(context, "now", continue_=True, flush=True)
    for message in (chunk(context, b"1"), flush_done(context, 7), chunk(context, b"2")):
        channel.feed(message)
    taken, _ = outputs(Reading(context))
    assert [(output.audio, output.flush_done, output.flush_id) for output in taken] == [
        (b"1", None, None),
        (None, True, 7),
        (b"2", None, None),
    ]


def test_audio_of_a_flush_that_nobody_wants_stays_with_the_context(
    channel: Channel, context: Context
) -> None:
    context.flush()
    gc.collect()
    for message in (chunk(context, b"1"), flush_done(context), chunk(context, b"2")):
        channel.feed(message)
    assert audio(Reading(context)) == ([b"1", b"2"], WAIT)


def test_whoever_reads_the_context_keeps_what_is_flushed(
    channel: Channel, context: Context
) -> None:
    reading = Reading(context)
    assert reading.take() is WAIT
    _, flushed = context.flush()
    channel.feed(chunk(context, b"1"))
    segment = flushed.reading()
    assert segment.take() is WAIT
    channel.feed(flush_done(context))
    channel.feed(chunk(context, b"2"))
    assert audio(reading) == ([b"1", b"2"], WAIT)
    assert segment.take() is END


def test_a_reader_that_stopped_claims_nothing(channel: Channel, context: Context) -> None:
    channel.feed(chunk(context, b"1"))
    channel.feed(chunk(context, b"2"))
    reading = Reading(context)
    reading.take()
    reading.close()
    _, flushed = context.flush()
    channel.feed(flush_done(context))
    channel.feed(chunk(context, b"3"))
    assert audio(flushed.reading()) == ([b"2"], END)
    assert audio(Reading(context)) == ([b"3"], WAIT)


def test_a_segment_closed_early_is_dropped(channel: Channel, context: Context) -> None:
    _, flushed = context.flush()
    channel.feed(chunk(context, b"1"))
    flushed.reading().close()
    for message in (chunk(context, b"2"), flush_done(context), chunk(context, b"3")):
        channel.feed(message)
    assert audio(Reading(context)) == ([b"3"], WAIT)
    assert channel.buffered == 0


def test_a_flush_without_text_is_done_at_once(channel: Channel) -> None:
    context = channel.open()
    message, flushed = context.flush()
    assert message is None
    assert audio(flushed.reading()) == ([], END)
    speak(context)
    channel.feed(chunk(context, b"1"))
    assert audio(Reading(context)) == ([b"1"], WAIT)


def test_a_flush_after_the_end_gives_what_is_left(channel: Channel, context: Context) -> None:
    channel.feed(chunk(context, b"1"))
    channel.feed(event("done", context))
    message, flushed = context.flush()
    assert message is None
    assert audio(flushed.reading()) == ([b"1"], END)
    assert audio(Reading(context)) == ([], END)
    reading = Reading(context)
    assert reading.take() is END
    _, during = context.flush()
    assert audio(during.reading()) == ([], END)
