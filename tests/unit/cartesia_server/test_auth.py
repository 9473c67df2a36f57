import pytest
from starlette.requests import HTTPConnection

from cartesia_server.auth import authenticate, check_origin
from cartesia_server.errors import Forbidden, Unauthorized
from cartesia_server.tokens import AccessTokens

TOKENS = AccessTokens(())
LATER, EARLIER = 4e9, 1e9


def connection(path="/voices", query="", **headers):
    return HTTPConnection(
        {
            "type": "http",
            "path": path,
            "query_string": query.encode(),
            "headers": [
                (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
            ],
            "server": ("localhost", 80),
        }
    )


@pytest.mark.parametrize("presented", [connection(), connection(x_api_key="anything")])
def test_without_keys_everybody_is_welcome(presented):
    authenticate(presented, (), TOKENS)


@pytest.mark.parametrize(
    "presented",
    [
        connection(x_api_key="two"),
        connection(authorization="Bearer two"),
        connection(authorization="bearer  two "),
        connection(query="api_key=two"),
        connection(query="access_token=two&x=1"),
        connection(x_api_key="placeholder", query="api_key=two"),
        connection("/"),
        connection("/openapi.json"),
        connection("/health/live"),
        connection("/health/ready"),
        connection("/playground"),
        connection("/playground/app.js"),
    ],
)
def test_any_place_for_a_key_will_do(presented):
    authenticate(presented, ("one", "two"), TOKENS)


@pytest.mark.parametrize("host", ["x/?", "x/#", "x/openapi.json?", "x/tts/bytes?"])
@pytest.mark.parametrize("keys", [("one",), ()])
def test_a_host_header_changes_no_path(host, keys):
    """Starlette's URL of a request begins with it."""
    key_less = connection("/voices", host=host)
    with_token = connection("/voices", host=host, x_api_key=TOKENS.issue(["tts"], expires_at=LATER))
    if keys:
        with pytest.raises(Unauthorized):
            authenticate(key_less, keys, TOKENS)
    with pytest.raises(Forbidden):
        authenticate(with_token, keys, TOKENS)


@pytest.mark.parametrize(
    ("presented", "reason"),
    [
        (connection(), "no API key"),
        (connection(authorization="Basic two"), "no API key"),
        (connection(x_api_key="three"), "not known"),
        (connection(x_api_key="tw"), "not known"),
        (connection("/voices/", x_api_key="ü"), "not known"),
        (connection("/playgrounds"), "no API key"),
    ],
)
def test_others_are_turned_away(presented, reason):
    with pytest.raises(Unauthorized, match=reason):
        authenticate(presented, ("one", "two"), TOKENS)


def token(*grants, expires_at=LATER):
    return TOKENS.issue(grants, expires_at=expires_at)


@pytest.mark.parametrize("keys", [(), ("one",)])
@pytest.mark.parametrize(
    ("path", "grant"),
    [
        ("/tts/bytes", "tts"),
        ("/tts/websocket", "tts"),
        ("/stt", "stt"),
        ("/stt/", "stt"),
        ("/v1/audio/transcriptions", "stt"),
    ],
)
def test_a_token_opens_what_it_permits_and_nothing_else(keys, path, grant):
    (other,) = {"tts", "stt"} - {grant}
    for how in (
        {"authorization": f"Bearer {token(grant)}"},
        {"query": f"api_key=x&access_token={token(grant)}"},
    ):
        authenticate(connection(path, **how), keys, TOKENS)
    with pytest.raises(Forbidden, match=f"permits {other}; this path needs {grant}"):
        authenticate(connection(path, query=f"access_token={token(other)}"), keys, TOKENS)
    with pytest.raises(Forbidden, match="permits nothing"):
        authenticate(connection(path, query=f"access_token={token()}"), keys, TOKENS)


@pytest.mark.parametrize(
    "path", ["/voices", "/voices/clone", "/access-token", "/stt/other", "/ttsx"]
)
def test_the_rest_needs_a_key(path):
    both = {"authorization": f"Bearer {token('tts', 'stt')}"}
    with pytest.raises(Forbidden, match="send an API key"):
        authenticate(connection(path, **both), ("one",), TOKENS)
    authenticate(connection(path, **both, x_api_key="one"), ("one",), TOKENS)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (token("tts", expires_at=EARLIER), "has expired; POST /access-token"),
        (AccessTokens(()).issue(["tts"], expires_at=LATER), "not one of this server's"),
        (token("tts")[:-1], "not one of this server's"),
    ],
)
@pytest.mark.parametrize("keys", [(), ("one",)])
def test_tokens_that_are_not_good_are_turned_away(keys, bad, reason):
    with pytest.raises(Unauthorized, match=reason) as refusal:
        authenticate(connection("/tts/bytes", authorization=f"Bearer {bad}"), keys, TOKENS)
    assert bad not in str(refusal.value)


def opened_by(origin):
    headers = [(b"host", b"speech.example:8443")]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    return HTTPConnection({"type": "websocket", "headers": headers})


@pytest.mark.parametrize(
    "origin", [None, "https://app.example", "https://speech.example:8443", "https://speech.example"]
)
def test_sockets_are_opened_by_programs_named_pages_and_the_servers_own(origin):
    check_origin(opened_by(origin), ["https://app.example"])


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://app.example", "null", "http://["]
)
def test_pages_of_other_origins_open_no_sockets(origin):
    with pytest.raises(Forbidden, match="cors_origins"):
        check_origin(opened_by(origin), ["https://app.example"])
    check_origin(opened_by(origin), ["*"])
