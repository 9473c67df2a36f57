"""``POST /access-token``: short-lived tokens for browsers and other clients."""

# No `from __future__ import annotations`: a TypedDict must see NotRequired, not its text, for its
# keys to be right at run time.
from pydantic import ConfigDict, Field
from typing_extensions import NotRequired, TypedDict

from cartesia.wire.base import AnswerModel, WireModel


class TokenGrant(WireModel):
    """What a token permits.

    Attributes:
        tts: text to speech, HTTP and WebSocket.
        stt: speech to text, HTTP and WebSocket.
        agent: calls to agents (later API versions).
    """

    tts: bool | None = None
    stt: bool | None = None
    agent: bool | None = None


class TokenGrantParams(TypedDict):
    """`TokenGrant` as a dictionary."""

    tts: NotRequired[bool | None]
    stt: NotRequired[bool | None]
    agent: NotRequired[bool | None]


class TokenRequest(WireModel):
    """Body of ``POST /access-token``.

    Attributes:
        grants: what the token permits.
        expires_in: seconds until it expires, at most 3600.
    """

    grants: TokenGrant | None = None
    expires_in: int | None = None


class TokenRequestParams(TypedDict):
    """`TokenRequest` as a dictionary."""

    grants: NotRequired[TokenGrantParams | None]
    expires_in: NotRequired[int | None]


class TokenResponse(AnswerModel):
    """A fresh token. Its text form does not show it.

    Attributes:
        token: sent as ``Authorization: Bearer`` or as the query parameter ``access_token``.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    token: str = Field(repr=False)


class TokenResponseParams(TypedDict):
    """`TokenResponse` as a dictionary."""

    token: str
