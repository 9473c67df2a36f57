"""Access tokens."""

from __future__ import annotations

from cartesia.core.async_transport import AsyncTransport
from cartesia.core.endpoint import OMIT
from cartesia.core.request_options import RequestOptions
from cartesia.wire.auth import TokenGrant, TokenGrantParams, TokenResponse

from . import endpoints


class AsyncAuthClient:
    """Makes access tokens: `client.auth`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def access_token(
        self,
        *,
        grants: TokenGrant | TokenGrantParams | None = OMIT,
        expires_in: int | None = OMIT,
        request_options: RequestOptions | None = None,
    ) -> TokenResponse:
        """Make a token that lets a browser or another client call the API for a while.

        Args:
            grants: What the token permits.
            expires_in: Seconds until it expires, at most 3600.
            request_options: Settings of this call.

        Raises:
            ApiError: The call failed.

        Example::

            answer = await client.auth.access_token(grants={"tts": True}, expires_in=60)
            print(answer.token)
        """
        return await self._transport.call(
            endpoints.access_token(grants=grants, expires_in=expires_in), request_options
        )
