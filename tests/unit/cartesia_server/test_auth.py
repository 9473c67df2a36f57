import pytest
from starlette.requests import HTTPConnection

from cartesia_server.auth import authenticate
from cartesia_server.errors import Unauthorized


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
    authenticate(presented, ())


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
    ],
)
def test_any_place_for_a_key_will_do(presented):
    authenticate(presented, ("one", "two"))


@pytest.mark.parametrize(
    ("presented", "reason"),
    [
        (connection(), "no API key"),
        (connection(authorization="Basic two"), "no API key"),
        (connection(x_api_key="three"), "not known"),
        (connection(x_api_key="tw"), "not known"),
        (connection("/voices/", x_api_key="ü"), "not known"),
    ],
)
def test_others_are_turned_away(presented, reason):
    with pytest.raises(Unauthorized, match=reason):
        authenticate(presented, ("one", "two"))
