import base64
import json
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedOK

from cartesia_server.settings import Settings
from tests.contract.conftest import RAW, speech_request
from tests.contract.scripted import WORD_SECONDS

ALL_ONES = {"mode": "embedding", "embedding": [1.0] * 192}
PLACEHOLDER = {
    "model_id": "sonic-2",
    "transcript": "",
    "voice": ALL_ONES,
    "output_format": {"container": "raw", "encoding": "pcm_f32le", "sample_rate": 44100},
    "stream": True,
}
"""What clients of 2.0.x send to flush or end a context, whatever its settings."""

LATER = "2025-04-16"


@pytest.fixture(scope="module")
def settings():
    return Settings(threads=2, context_expiry=0.4, max_contexts=6, max_text_chars=2000)


def kinds(messages):
    return [message["type"] for message in messages]


def words_of(messages):
    return [
        word
        for message in messages
        if message["type"] == "timestamps"
        for word in message["word_timestamps"]["words"]
    ]


def seconds_of(messages):
    audio = b"".join(base64.b64decode(m["data"]) for m in messages if m["type"] == "chunk")
    return len(audio) / 2 / 24000


def test_one_message_is_spoken_and_done(dial):
    with dial() as socket:
        socket.send(context_id="a", **speech_request())
        messages = socket.receive_context("a")
    assert kinds(messages) == ["chunk", "chunk", "chunk", "done"]
    assert all(m["status_code"] == 206 and m["step_time"] >= 0 for m in messages[:-1])
    assert seconds_of(messages) == pytest.approx(3 * WORD_SECONDS, abs=0.001)


def test_message_without_a_context_is_a_context_of_its_own(dial):
    with dial() as socket:
        socket.send(**speech_request())
        first = socket.receive()
        assert first["context_id"]
        while not first["done"]:
            first = socket.receive()


def test_continuations_are_one_stream_with_one_time_line(dial):
    with dial() as socket:
        timed = {"context_id": "a", "add_timestamps": True}
        socket.send(**timed, **speech_request(transcript="One two. "), **{"continue": True})
        socket.send(**timed, **speech_request(transcript="Three fo"), **{"continue": True})
        socket.send(**timed, **speech_request(transcript="ur five."))
        messages = socket.receive_context("a")
    assert words_of(messages) == ["One", "two.", "Three", "four", "five."]
    starts = [
        start
        for m in messages
        if m["type"] == "timestamps"
        for start in m["word_timestamps"]["start"]
    ]
    assert starts == pytest.approx([WORD_SECONDS * n for n in range(5)])
    assert seconds_of(messages) == pytest.approx(5 * WORD_SECONDS, abs=0.001)


def test_settings_of_the_first_message_hold_for_the_context(dial, engine):
    """2.0.x ends a context with another voice, model and format."""
    with dial() as socket:
        socket.send(context_id="a", **speech_request(), **{"continue": True})
        socket.send(context_id="a", **PLACEHOLDER)
        messages = socket.receive_context("a")
    assert seconds_of(messages) == pytest.approx(3 * WORD_SECONDS, abs=0.001)
    assert len(engine.voices) == 1


def test_messages_need_no_more_than_their_text(dial):
    with dial() as socket:
        socket.send(context_id="a", **speech_request(transcript="one "), **{"continue": True})
        socket.send(context_id="a", transcript="two")
        assert seconds_of(socket.receive_context("a")) == pytest.approx(2 * WORD_SECONDS)


@pytest.mark.parametrize(("version", "first"), [("2024-11-13", 0), (LATER, 1), ("2026-08-14", 1)])
def test_flushes_divide_a_context_into_numbered_segments(dial, version, first):
    with dial(version) as socket:
        for text in ("one two", "three"):
            socket.send(context_id="a", **speech_request(transcript=text), **{"continue": True})
            socket.send(context_id="a", **PLACEHOLDER, **{"continue": True, "flush": True})
        socket.send(context_id="a", **speech_request(transcript="four"))
        messages = socket.receive_context("a")
    assert kinds(messages) == ["chunk"] * 2 + ["flush_done", "chunk", "flush_done", "chunk", "done"]
    assert [m["flush_id"] for m in messages[:-1]] == [first + n for n in (0, 0, 0, 1, 1, 2)]
    assert all(m["flush_done"] for m in messages if m["type"] == "flush_done")


def test_nobody_gets_a_flush_done_unasked(dial):
    with dial(LATER) as socket:
        for text in ("one. ", "two. ", "three. "):
            socket.send(
                context_id="a",
                max_buffer_delay_ms=0,
                **speech_request(transcript=text),
                **{"continue": True},
            )
        socket.send(context_id="a", transcript="")
        assert "flush_done" not in kinds(socket.receive_context("a"))


def test_without_buffering_each_message_is_spoken_at_once(dial):
    with dial() as socket:
        request = speech_request(transcript="no full stop")
        socket.send(context_id="a", max_buffer_delay_ms=0, **request, **{"continue": True})
        assert [socket.receive()["type"] for _ in range(3)] == ["chunk"] * 3


def test_buffered_text_is_spoken_when_its_time_is_up(dial):
    with dial() as socket:
        request = speech_request(transcript="no full stop")
        socket.send(context_id="a", max_buffer_delay_ms=50, **request, **{"continue": True})
        assert [socket.receive()["type"] for _ in range(3)] == ["chunk"] * 3


def test_forgotten_context_ends_by_itself_and_may_be_closed_again(dial):
    with dial() as socket:
        socket.send(context_id="a", **speech_request(), **{"continue": True})
        assert kinds(socket.receive_context("a"))[-1] == "done"
        socket.send(context_id="a", **PLACEHOLDER)  # the client did not know; no answer is due
        socket.send(context_id="b", **speech_request())
        assert kinds(socket.receive_context("b"))[-1] == "done"


@pytest.mark.parametrize("closing", ["", " "])
def test_context_that_never_said_anything_is_refused(dial, closing):
    with dial() as socket:
        socket.send(context_id="a", **speech_request(transcript=" ..."), **{"continue": True})
        socket.send(context_id="a", transcript=closing)
        (error,) = socket.receive_context("a")
        assert error["error"].startswith("transcript empty or contains only punctuation")


@pytest.mark.parametrize(
    "silent", ["😀", "👩\u200d👧 ❤️", "...", "?!", "—", "   ", "\n", "\u200b", "。"]
)
@pytest.mark.parametrize("flush", [False, True])
def test_what_has_no_sound_ends_no_context_and_adds_little(dial, silent, flush):
    with dial() as socket:
        for text in (silent, " one two ", silent, silent):
            asked = speech_request(transcript=text, max_buffer_delay_ms=0)
            socket.send(context_id="a", **asked, **{"continue": True})
            if flush and text == silent:
                socket.send(context_id="a", **PLACEHOLDER, **{"continue": True, "flush": True})
        socket.send(context_id="a", transcript=" ", **{"continue": False})
        messages = socket.receive_context("a")
        assert messages[-1]["type"] == "done"
        audio = b"".join(base64.b64decode(m["data"]) for m in messages if m["type"] == "chunk")
        # What stands before the words is a word without a sound to the engine, or two.
        assert 2 <= len(audio) / 2 / 24000 / WORD_SECONDS <= 4


def test_id_of_an_ended_context_may_be_used_again(dial):
    with dial() as socket:
        socket.send(context_id="a", **speech_request(transcript="one"))
        socket.send(context_id="a", **speech_request(transcript="two"))  # while the first runs
        assert kinds(socket.receive_context("a")) == ["chunk", "done"]
        assert kinds(socket.receive_context("a")) == ["chunk", "done"]
        socket.send(context_id="a", **speech_request(transcript="three"))
        assert kinds(socket.receive_context("a")) == ["chunk", "done"]


def test_messages_that_wait_for_a_context_to_end_take_no_more_than_one_may(dial, engine):
    with dial() as socket:
        socket.send(context_id="a", **speech_request(transcript="one wait"))
        assert socket.receive()["type"] == "chunk"
        for _ in range(3):
            socket.send(context_id="a", more="x" * 500_000, **speech_request(transcript="two"))
        error = socket.receive()
        assert (error["type"], error["status_code"]) == ("error", 429)
        assert "wait for context 'a' to end" in error["error"]


def test_cancel_frees_the_engine_and_silences_the_context(dial, engine):
    with dial() as socket:
        socket.send(context_id="a", **speech_request(transcript="one wait three"))
        assert socket.receive()["type"] == "chunk"
        assert engine.holding.wait(20)
        socket.raw.send(json.dumps({"cancel": True, "context_id": "a"}, indent=2))
        assert engine.freed.wait(20)
        socket.send(context_id="a", cancel=True)
        socket.send(context_id="b", **speech_request())
        assert kinds(socket.receive_context("b"))[-1] == "done"
    assert "three" not in engine.said[:1]


def test_id_of_a_cancelled_context_may_be_used_again_at_once(dial):
    with dial() as socket:
        socket.send_together(
            {"context_id": "a", "continue": True, **speech_request()},
            {"context_id": "a", "cancel": True},
            {"context_id": "a", **speech_request(transcript="four")},
        )
        messages = socket.receive_context("a")
    assert kinds(messages) == ["chunk", "done"]
    assert seconds_of(messages) == pytest.approx(WORD_SECONDS)


def test_cancel_takes_along_what_waits_for_the_end_of_the_context(dial, engine):
    with dial() as socket:
        socket.send_together(
            {"context_id": "a", **speech_request(transcript="wait")},
            {"context_id": "a", **speech_request(transcript="four")},
            {"context_id": "a", "cancel": True},
        )
        for _ in range(2):
            socket.send(context_id="b", **speech_request())
            assert kinds(socket.receive_context("b"))[-1] == "done"
    assert "four" not in engine.said


def test_closing_the_socket_frees_the_engine(dial, engine):
    with dial() as socket:
        for name in "ab":
            socket.send(context_id=name, **speech_request(transcript="wait"))
        assert engine.holding.wait(20)
    assert engine.freed.wait(20)


def test_contexts_are_interleaved_and_each_is_in_order(dial):
    texts = {f"context {n}": " ".join(f"word{n}x{i}" for i in range(6)) for n in range(3)}
    received: dict[str, list[Any]] = {name: [] for name in texts}
    with dial() as socket:
        for name, text in texts.items():
            request = speech_request(transcript=text)
            socket.send(context_id=name, add_timestamps=True, **request)
        while not all(m and m[-1]["done"] for m in received.values()):
            message = socket.receive()
            received[message["context_id"]].append(message)
    for name, messages in received.items():
        assert " ".join(words_of(messages)) == texts[name]
        assert kinds(messages)[-1] == "done"


def test_error_ends_its_context_and_no_other(dial, engine):
    with dial() as socket:
        socket.send(context_id="good", **speech_request(transcript="one wait three"))
        assert socket.receive()["type"] == "chunk"
        socket.send(context_id="bad", **speech_request(transcript="boom"))
        (error,) = socket.receive_context("bad")
        assert (error["status_code"], error["title"]) == (500, "Internal error")
        engine.going.set()
        assert kinds(socket.receive_context("good"))[-1] == "done"


def test_bad_message_to_a_running_context_ends_it(dial, engine):
    with dial() as socket:
        socket.send(context_id="a", **speech_request(transcript="wait! No"), **{"continue": True})
        assert engine.holding.wait(20)
        socket.send(context_id="a", transcript=7)
        (error,) = socket.receive_context("a")
        assert error["error"].startswith("transcript: got 7")
        assert engine.freed.wait(20)


def test_too_much_waiting_text_ends_the_context(dial, engine):
    with dial() as socket:
        socket.send(context_id="a", **speech_request(transcript="wait. "), **{"continue": True})
        for _ in range(30):
            socket.send(context_id="a", transcript="word. " * 20, **{"continue": True})
        (error,) = socket.receive_context("a")
        assert error["status_code"] == 413
        assert "accepted: at most 2000" in error["error"]


def test_contexts_past_the_limit_are_refused_with_429(dial, engine):
    with dial() as socket:
        for n in range(6):
            socket.send(context_id=f"{n}", **speech_request(transcript="wait"))
        socket.send(context_id="more", **speech_request())
        (error,) = socket.receive_context("more")
        assert (error["status_code"], error["error_code"]) == (429, "concurrency_limited")


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ({}, ["It's", "well—almost"]),
        ({"use_original_timestamps": True}, ["It's", "well—almost"]),
        ({"use_normalized_timestamps": False}, ["It's", "well—almost"]),
        ({"use_original_timestamps": False}, ["It's", "well—", "almost"]),
        ({"use_normalized_timestamps": True}, ["It's", "well—", "almost"]),
    ],
)
def test_words_come_as_written_or_as_spoken(dial, flag, expected):
    with dial() as socket:
        request = speech_request(transcript="It's well—almost")
        socket.send(context_id="a", add_timestamps=True, **flag, **request)
        assert words_of(socket.receive_context("a")) == expected


def test_every_written_word_has_a_time_even_without_a_sound(dial):
    text = "— One 😀 two! — 😀"
    with dial() as socket:
        request = speech_request(transcript=text)
        socket.send(context_id="a", add_timestamps=True, use_original_timestamps=True, **request)
        assert words_of(socket.receive_context("a")) == text.split()


def test_large_pieces_are_cut_below_the_limit_of_clients(dial):
    form = {**RAW, "encoding": "pcm_f32le", "sample_rate": 48000}
    with dial() as socket:
        request = speech_request(output_format=form, transcript="one", speed="slow")
        socket.send(context_id="a", **request)
        messages = socket.receive_context("a")
    assert max(len(json.dumps(m)) for m in messages) < 2**20


class TestIdleSocket:
    @pytest.fixture
    def impatient(self, script):
        from cartesia_server.embedded import embedded
        from tests.contract.scripted import scripted_engines

        settings = Settings(threads=1, idle_timeout=0.3)
        with embedded(settings, engines=scripted_engines(script)) as base_url:
            yield base_url.replace("http", "ws") + "/tts/websocket"

    def test_is_closed_in_a_way_that_clients_know(self, impatient):
        from websockets.sync.client import connect

        with connect(impatient) as connection:
            with pytest.raises(ConnectionClosedOK):
                connection.recv(timeout=120)
            assert connection.close_code == 1000
            assert connection.close_reason == "connection idle timeout"
