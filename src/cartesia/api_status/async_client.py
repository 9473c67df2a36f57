"""The state of the service."""

from __future__ import annotations

from cartesia.core.async_transport import AsyncTransport
from cartesia.core.request_options import RequestOptions
from cartesia.wire.api_status import ApiInfo

from . import endpoints


class AsyncApiStatusClient:
    """Asks for the state of the service: `client.api_status`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(self, *, request_options: RequestOptions | None = None) -> ApiInfo:
        """Ask whether the service is up, and for its version.

        Args:
            request_options: Settings of this call.

        Raises:
            ApiError: The call failed.

        Example::

            status = await client.api_status.get()
            print(status.version)
        """
        return await self._transport.call(endpoints.get(), request_options)
