from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from cartesia.core.api_error import ApiConnectionError
from cartesia.core.connections import Connections
from cartesia.core.outgoing import Outgoing
from cartesia.core.streams import ByteDecoder, ByteStream
from cartesia.helpers.wav import wav_header


class FakeReply:
    status_code = 200

    def __init__(self, *pieces: bytes, error: Exception | None = None) -> None:
        self.headers = {"content-type": "audio/wav", "x-request-id": "r-1"}
        self.pieces = self._give(pieces, error)
        self.log: list[str] = []

    def _give(self, pieces: tuple[bytes, ...], error: Exception | None) -> Iterator[bytes]:
        yield from pieces
        if error:
            raise error

    def close(self) -> None:
        self.log.append("close")

    def abandon(self) -> None:
        self.log.append("abandon")


class FakeBackend:
    def __init__(self) -> None:
        self.closed = 0

    def send(self, outgoing: Outgoing) -> FakeReply:
        raise AssertionError(outgoing)

    def close(self) -> None:
        self.closed += 1


def open_stream(
    reply: FakeReply, *, first: bytes = b"first", chunk_size: int | None = None
) -> tuple[ByteStream, Connections]:
    connections = Connections(FakeBackend())
    return ByteStream(connections, reply, first, ByteDecoder(chunk_size)), connections


def test_a_stream_is_a_generator_with_headers() -> None:
    reply = FakeReply(b"second")
    stream, _ = open_stream(reply)
    assert isinstance(stream, Generator)
    assert (stream.status_code, stream.request_id) == (200, "r-1")
    assert (stream.content_type, stream.headers) == ("audio/wav", reply.headers)
    assert repr(stream) == "<ByteStream of audio/wav>"
    assert next(stream) == b"first"
    assert stream.send(None) == b"second"
    assert list(stream) == []
    assert reply.log == ["close"]


def test_closing_frees_and_ends() -> None:
    reply = FakeReply(b"second")
    with open_stream(reply)[0] as stream:
        assert next(stream) == b"first"
    stream.close()
    assert list(stream) == []
    assert reply.log == ["close"]


def test_an_error_frees_and_ends() -> None:
    reply = FakeReply(error=ApiConnectionError("gone"))
    stream, _ = open_stream(reply)
    assert next(stream) == b"first"
    with pytest.raises(ApiConnectionError):
        next(stream)
    assert list(stream) == []
    assert reply.log == ["close"]


@pytest.mark.parametrize(
    "arguments", [(KeyError("why"),), (KeyError,), (KeyError, "why"), (KeyError, KeyError("why"))]
)
def test_what_is_thrown_in_comes_out(arguments: Any) -> None:
    reply = FakeReply()
    stream, _ = open_stream(reply)
    with pytest.raises(KeyError):
        stream.throw(*arguments)
    assert reply.log == ["close"]


def test_a_dropped_stream_is_cut_at_once_and_freed_with_the_next_call() -> None:
    reply = FakeReply()
    stream, connections = open_stream(reply)
    del stream
    assert reply.log == ["abandon"]
    connections.free_abandoned()
    connections.free_abandoned()
    assert reply.log == ["abandon", "close"]


def test_connections_end_with_the_last_of_client_and_streams() -> None:
    reply = FakeReply()
    stream, connections = open_stream(reply)
    backend: Any = connections.backend
    del connections
    gc.collect()
    assert backend.closed == 0
    del stream
    gc.collect()
    assert backend.closed == 1


def test_closing_connections_closes_streams_too() -> None:
    held, dropped = FakeReply(), FakeReply()
    connections = Connections(FakeBackend())
    stream = ByteStream(connections, held, b"", ByteDecoder())
    ByteStream(connections, dropped, b"", ByteDecoder())
    connections.close()
    assert held.log == ["close"]
    assert dropped.log == ["abandon", "close"]
    stream.close()


def test_a_wav_file_gets_its_true_length(tmp_path: Path) -> None:
    begun = wav_header(encoding="pcm_s16le", sample_rate=8000)
    whole = wav_header(encoding="pcm_s16le", sample_rate=8000, data_bytes=4) + b"1234"

    def stream() -> ByteStream:
        return open_stream(FakeReply(b"34"), first=begun + b"12")[0]

    assert stream().read() == whole
    stream().write_to_file(tmp_path / "speech.wav")
    assert (tmp_path / "speech.wav").read_bytes() == whole


def test_a_whole_stream_can_be_read_or_written(tmp_path: Path) -> None:
    assert open_stream(FakeReply(b"-second"))[0].read() == b"first-second"
    path = tmp_path / "speech.wav"
    path.write_bytes(b"something longer that was there before")
    open_stream(FakeReply(b"-second"))[0].write_to_file(path)
    assert path.read_bytes() == b"first-second"
    open_stream(FakeReply())[0].write_to_file(str(path))
    assert path.read_bytes() == b"first"


@pytest.mark.parametrize(
    ("size", "pieces"),
    [
        (None, [b"abc", b"defgh", b"i"]),
        (1, [bytes([letter]) for letter in b"abcdefghi"]),
        (4, [b"abcd", b"efgh", b"i"]),
        (9, [b"abcdefghi"]),
        (100, [b"abcdefghi"]),
    ],
)
def test_pieces_have_the_size_that_was_asked_for(size: int | None, pieces: list[bytes]) -> None:
    reply = FakeReply(b"defgh", b"", b"i")
    assert list(open_stream(reply, first=b"abc", chunk_size=size)[0]) == pieces


def test_an_empty_answer_has_no_pieces() -> None:
    assert list(open_stream(FakeReply(), first=b"")[0]) == []
    assert list(open_stream(FakeReply(), first=b"", chunk_size=5)[0]) == []
