import anyio
import pytest
from starlette.requests import Request

from cartesia.wire.auth import TokenRequest
from cartesia_server import limits
from cartesia_server.errors import FieldError, Overloaded, TooLarge, TooSlow
from cartesia_server.limits import Gate, check_json, read_form, read_json

pytestmark = pytest.mark.anyio


def request(*chunks, **headers):
    """A request whose body arrives in chunks; reading past them fails the test."""
    pending = [
        {"type": "http.request", "body": chunk, "more_body": index + 1 < len(chunks)}
        for index, chunk in enumerate(chunks)
    ]

    async def receive():
        return pending.pop(0)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": raw}, receive)


async def test_gate_lets_in_as_many_as_allowed():
    gate = Gate("streams", 2)
    with gate.enter():
        with gate.enter():
            assert gate.inside == 2
            with pytest.raises(Overloaded, match="2 streams are in progress"), gate.enter():
                pass
        with gate.enter():
            pass
    assert gate.inside == 0


async def test_gate_counts_out_those_who_fail():
    gate = Gate("streams", 1)
    with pytest.raises(ZeroDivisionError), gate.enter():
        raise ZeroDivisionError
    assert gate.inside == 0


async def test_json_body_is_read_from_any_chunks():
    body = await read_json(request(b'{"expires_', b'in": 5}'), TokenRequest, 100)
    assert body.expires_in == 5


async def test_reading_stops_where_the_limit_is_passed():
    endless = request(*[b"x" * 60] * 2, b"never read", b"never read")
    with pytest.raises(TooLarge, match="body: accepted: at most 100 bytes"):
        await read_json(endless, TokenRequest, 100)


@pytest.mark.parametrize("mark", ["[],", "1,", '{"a":1},'])
@pytest.mark.parametrize("coded", [str, str.encode])
def test_json_of_very_many_values_is_refused(mark, coded):
    with pytest.raises(TooLarge, match=r"body: got some \d+ values, accepted: at most 10000"):
        check_json(coded(f"[{mark * 15_000}[]]"), 160_000, "body")


def test_a_text_of_commas_is_read():
    check_json('{"transcript": "' + "," * 50_000 + '"}', 1 << 20, "message")
    with pytest.raises(TooLarge, match="message: got 11 bytes, accepted: at most 10"):
        check_json("x" * 11, 10, "message")


async def test_a_body_that_stops_to_arrive_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(limits, "_SILENCE", 0.01)
    half = request(b"{", b"never")
    real = half.receive

    async def receive():
        message = await real()
        return message if message["more_body"] else await anyio.sleep_forever()

    with pytest.raises(TooSlow, match="body: 1 bytes came, and then none for"):
        await read_json(Request(half.scope, receive), TokenRequest, 100)


async def test_declared_length_is_enough_to_refuse():
    with pytest.raises(TooLarge):
        await read_json(request(content_length="101"), TokenRequest, 100)


async def test_bad_field_is_named():
    with pytest.raises(FieldError, match="expires_in: got 'soon'"):
        await read_json(request(b'{"expires_in": "soon"}'), TokenRequest, 100)


MULTIPART = b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nink\r\n--b--\r\n'


async def test_form_is_read():
    posted = request(MULTIPART, content_type="multipart/form-data; boundary=b")
    async with read_form(posted, 100) as form:
        assert form["model"] == "ink"


async def test_form_over_the_limit_is_refused():
    big = request(MULTIPART[:-7], b"x" * 70_000, content_type="multipart/form-data; boundary=b")
    with pytest.raises(TooLarge):
        async with read_form(big, 100):
            pass
