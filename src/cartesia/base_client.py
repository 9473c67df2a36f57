"""The clients without their sockets: settings, connections, and the resources over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from .core.client_config import resolve_config
from .environment import CartesiaEnvironment

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx

    from .api_status.client import ApiStatusClient, AsyncApiStatusClient
    from .auth.client import AsyncAuthClient, AuthClient
    from .infill.client import AsyncInfillClient, InfillClient
    from .stt.client import AsyncSttClient, SttClient
    from .tts.client import AsyncTtsClient, TtsClient
    from .voice_changer.client import AsyncVoiceChangerClient, VoiceChangerClient
    from .voices.client import AsyncVoicesClient, VoicesClient


class BaseCartesia:
    """The API over HTTP. `cartesia.Cartesia` adds the sockets, and describes the arguments."""

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        environment: CartesiaEnvironment = CartesiaEnvironment.PRODUCTION,
        timeout: float | httpx.Timeout | None = None,
        follow_redirects: bool = True,
        httpx_client: httpx.Client | None = None,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
        api_version: str | None = None,
        websocket_url: str | None = None,
        ssl: SSLContext | None = None,
        proxy: str | None = None,
    ) -> None:
        from .core.transport import Transport

        config = resolve_config(
            api_key=api_key,
            base_url=base_url,
            default_base_url=environment.value,
            timeout=timeout,
            max_retries=max_retries,
            headers=headers,
            api_version=api_version,
            websocket_url=websocket_url,
            ssl=ssl,
            proxy=proxy,
            follow_redirects=follow_redirects,
        )
        chosen = None if timeout is None else config.timeout
        self._transport = Transport(config, httpx_client=httpx_client, timeout=chosen)

    @cached_property
    def api_status(self) -> ApiStatusClient:
        """The state of the service."""
        from .api_status.sync_client import ApiStatusClient

        return ApiStatusClient(self._transport)

    @cached_property
    def auth(self) -> AuthClient:
        """Access tokens."""
        from .auth.sync_client import AuthClient

        return AuthClient(self._transport)

    @cached_property
    def infill(self) -> InfillClient:
        """Speech between two pieces of audio."""
        from .infill.sync_client import InfillClient

        return InfillClient(self._transport)

    @cached_property
    def stt(self) -> SttClient:
        """Speech to text."""
        from .stt.sync_client import SttClient

        return SttClient(self._transport)

    @cached_property
    def tts(self) -> TtsClient:
        """Text to speech."""
        from .tts.sync_client import TtsClient

        return TtsClient(self._transport)

    @cached_property
    def voice_changer(self) -> VoiceChangerClient:
        """Recordings in another voice."""
        from .voice_changer.sync_client import VoiceChangerClient

        return VoiceChangerClient(self._transport)

    @cached_property
    def voices(self) -> VoicesClient:
        """Voices."""
        from .voices.sync_client import VoicesClient

        return VoicesClient(self._transport)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._transport.config.base_url}>"


class AsyncBaseCartesia:
    """The API over HTTP. `cartesia.AsyncCartesia` adds the sockets, and describes the arguments."""

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        environment: CartesiaEnvironment = CartesiaEnvironment.PRODUCTION,
        timeout: float | httpx.Timeout | None = None,
        follow_redirects: bool = True,
        httpx_client: httpx.AsyncClient | None = None,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
        api_version: str | None = None,
        websocket_url: str | None = None,
        ssl: SSLContext | None = None,
        proxy: str | None = None,
    ) -> None:
        from .core.async_transport import AsyncTransport

        config = resolve_config(
            api_key=api_key,
            base_url=base_url,
            default_base_url=environment.value,
            timeout=timeout,
            max_retries=max_retries,
            headers=headers,
            api_version=api_version,
            websocket_url=websocket_url,
            ssl=ssl,
            proxy=proxy,
            follow_redirects=follow_redirects,
        )
        chosen = None if timeout is None else config.timeout
        self._transport = AsyncTransport(config, httpx_client=httpx_client, timeout=chosen)

    @cached_property
    def api_status(self) -> AsyncApiStatusClient:
        """The state of the service."""
        from .api_status.async_client import AsyncApiStatusClient

        return AsyncApiStatusClient(self._transport)

    @cached_property
    def auth(self) -> AsyncAuthClient:
        """Access tokens."""
        from .auth.async_client import AsyncAuthClient

        return AsyncAuthClient(self._transport)

    @cached_property
    def infill(self) -> AsyncInfillClient:
        """Speech between two pieces of audio."""
        from .infill.async_client import AsyncInfillClient

        return AsyncInfillClient(self._transport)

    @cached_property
    def stt(self) -> AsyncSttClient:
        """Speech to text."""
        from .stt.async_client import AsyncSttClient

        return AsyncSttClient(self._transport)

    @cached_property
    def tts(self) -> AsyncTtsClient:
        """Text to speech."""
        from .tts.async_client import AsyncTtsClient

        return AsyncTtsClient(self._transport)

    @cached_property
    def voice_changer(self) -> AsyncVoiceChangerClient:
        """Recordings in another voice."""
        from .voice_changer.async_client import AsyncVoiceChangerClient

        return AsyncVoiceChangerClient(self._transport)

    @cached_property
    def voices(self) -> AsyncVoicesClient:
        """Voices."""
        from .voices.async_client import AsyncVoicesClient

        return AsyncVoicesClient(self._transport)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._transport.config.base_url}>"
