from __future__ import annotations

import asyncio
import copy
import inspect
import os
import pickle
import ssl
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

import cartesia
from cartesia import AsyncCartesia, Cartesia
from cartesia.base_client import AsyncBaseCartesia, BaseCartesia
from cartesia.core.api_error import ApiError, InvalidArgumentError
from cartesia.core.async_transport import AsyncTransport
from cartesia.core.channel import Channel
from cartesia.core.client_config import Timeouts
from cartesia.core.client_wrapper import AsyncClientWrapper, BaseClientWrapper, SyncClientWrapper
from cartesia.core.socket_async import AsyncSocket
from cartesia.core.socket_config import socket_config
from cartesia.core.socket_sync import SyncSocket
from cartesia.core.transport import Transport

RESOURCES = ("api_status", "auth", "infill", "stt", "tts", "voice_changer", "voices")


@pytest.mark.parametrize("kind", [Cartesia, AsyncCartesia, BaseCartesia, AsyncBaseCartesia])
def test_every_resource_is_there_and_made_once(kind: Any) -> None:
    client = kind(api_key="k")
    prefix = "Async" if "Async" in kind.__name__ else ""
    for name in RESOURCES:
        resource = getattr(client, name)
        assert getattr(client, name) is resource
        stem = "".join(word.capitalize() for word in name.split("_"))
        assert type(resource).__name__.startswith(f"{prefix}{stem}Client")
        sockets = kind in (Cartesia, AsyncCartesia) and name in ("tts", "stt")
        assert hasattr(resource, "websocket") is sockets


@pytest.mark.parametrize("kind", [Cartesia, AsyncCartesia])
def test_the_environment_is_read_when_no_argument_is_given(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidArgumentError, match="cartesia serve"):
        kind()
    with pytest.raises(ValueError, match="CARTESIA_API_KEY"):
        kind(api_key=os.getenv("CARTESIA_API_KEY"))
    monkeypatch.setenv("CARTESIA_API_KEY", "sk-secret")
    monkeypatch.setenv("CARTESIA_BASE_URL", "http://127.0.0.1:9")
    client = kind(api_key=None)
    config = client._transport.config
    assert (config.api_key, config.base_url) == ("sk-secret", "http://127.0.0.1:9")
    assert repr(client) == f"<{kind.__name__} of http://127.0.0.1:9>"
    assert "secret" not in repr(config)


def test_settings_reach_both_surfaces() -> None:
    settings: dict[str, Any] = {
        "api_key": "k",
        "base_url": "https://host/p",
        "timeout": 3,
        "max_retries": 7,
        "headers": {"A": "1"},
        "api_version": "2025-04-16",
        "websocket_url": "ws://other",
        "proxy": "http://proxy",
        "follow_redirects": False,
    }
    configs = [kind(**settings)._transport.config for kind in (Cartesia, AsyncCartesia)]
    assert vars(configs[0]) == vars(configs[1])
    assert (configs[0].max_retries, configs[0].timeout) == (7, Timeouts.of(3))
    assert configs[0].websocket_url("x") == "ws://other/x"
    parameters = [
        {name: p for name, p in inspect.signature(kind).parameters.items() if name not in own}
        for kind, own in ((Cartesia, ()), (AsyncCartesia, ("max_num_connections",)))
    ]
    assert list(parameters[0]) == list(parameters[1])
    assert all(p.kind is p.KEYWORD_ONLY for p in parameters[0].values())


def test_both_surfaces_wait_sixty_seconds() -> None:
    client = AsyncCartesia(api_key="k", max_num_connections=3)
    assert (client.timeout, client.max_num_connections) == (60, 3)
    assert Cartesia(api_key="k")._transport.config.timeout == Timeouts.of(60)


def handler(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/":
        return httpx.Response(302, headers={"Location": "/status"})
    timeout = request.extensions["timeout"]["read"]
    return httpx.Response(200, json={"ok": True, "version": str(timeout)})


@pytest.mark.parametrize(
    ("theirs", "ours", "option", "seconds"),
    [
        (7, None, None, "7"),
        (7, 3, None, "3"),
        (7, 3, 1, "1"),
        (None, None, None, "None"),
        (7, httpx.Timeout(9, read=3), None, "3"),
        (7, 3, httpx.Timeout(9, read=1), "1"),
    ],
)
@pytest.mark.anyio
async def test_a_handed_in_client_decides_what_the_program_does_not(
    theirs: float | None,
    ours: float | httpx.Timeout | None,
    option: float | httpx.Timeout | None,
    seconds: str,
) -> None:
    options: Any = {"timeout_in_seconds": option}
    transport = httpx.MockTransport(handler)
    with httpx.Client(transport=transport, timeout=theirs, follow_redirects=True) as own:
        with Cartesia(base_url="http://h", httpx_client=own, timeout=ours) as client:
            assert client.api_status.get(request_options=options).version == seconds
        assert not own.is_closed
    async with httpx.AsyncClient(
        transport=transport, timeout=theirs, follow_redirects=True
    ) as async_own:
        async with AsyncCartesia(
            base_url="http://h", httpx_client=async_own, timeout=ours
        ) as async_client:
            answer = await async_client.api_status.get(request_options=options)
            assert answer.version == seconds
        assert not async_own.is_closed


def test_a_handed_in_client_decides_about_redirects() -> None:
    with httpx.Client(transport=httpx.MockTransport(handler)) as own:
        client = Cartesia(base_url="http://h", httpx_client=own)
        with pytest.raises(ApiError, match="status_code: 302"):
            client.api_status.get()


def test_a_client_of_the_other_kind_is_refused() -> None:
    wrong: Any = httpx.AsyncClient()
    with pytest.raises(InvalidArgumentError, match="httpx_client: got AsyncClient"):
        Cartesia(api_key="k", httpx_client=wrong)
    with (
        httpx.Client() as sync,
        pytest.raises(InvalidArgumentError, match="httpx_client: got Client"),
    ):
        AsyncCartesia(api_key="k", httpx_client=sync)  # type: ignore[arg-type]


def test_one_client_serves_one_loop_after_another() -> None:
    own = httpx.AsyncClient(transport=httpx.MockTransport(handler), follow_redirects=True)
    client = AsyncCartesia(base_url="http://h", httpx_client=own)
    for _ in range(3):
        assert asyncio.run(client.api_status.get()).ok
    assert len(client._transport._connections) == 1


def test_without_an_event_loop_it_is_told_what_is_missing() -> None:
    client = AsyncCartesia(base_url="http://h")
    for call in (client.api_status.get(), client.tts.websocket().__aenter__()):
        with pytest.raises(RuntimeError, match="no event loop of asyncio runs here"):
            call.send(None)


@pytest.mark.anyio
async def test_closing_an_unused_client_does_nothing() -> None:
    client = Cartesia(api_key="k")
    client.close()
    with client as same:
        assert same is client
    async_client = AsyncCartesia(api_key="k")
    await async_client.close()
    await async_client.aclose()
    async with async_client as same_too:
        assert same_too is async_client


KINDS = pytest.mark.parametrize("kind", [Cartesia, AsyncCartesia])


@KINDS
@pytest.mark.parametrize("again", [lambda it: pickle.loads(pickle.dumps(it)), copy.deepcopy])
def test_a_client_that_is_pickled_or_copied_has_the_same_settings(kind: Any, again: Any) -> None:
    client = kind(
        base_url="http://h:1/v", api_key="k", timeout=7, max_retries=5, headers={"A": "b"}
    )
    assert client.tts is client.tts
    other = again(client)
    assert vars(other._transport.config) == vars(client._transport.config)
    assert other._transport._settle(None) == client._transport._settle(None)
    assert other._transport is not client._transport
    assert other.tts._transport is other._transport
    assert again(client.voices)._transport.config.api_key == "k"


@KINDS
def test_what_belongs_to_one_process_is_not_pickled_but_shared_by_a_copy(kind: Any) -> None:
    context = ssl.create_default_context()
    client = kind(api_key="k", ssl=context)
    with pytest.raises(TypeError, match="cannot be pickled; make one in each process"):
        pickle.dumps(client)
    assert copy.deepcopy(client)._transport.config.ssl is context


def test_a_copy_shares_a_handed_in_client() -> None:
    with httpx.Client(transport=httpx.MockTransport(handler)) as own:
        client = Cartesia(api_key="k", httpx_client=own, timeout=7)
        with pytest.raises(TypeError, match="cannot be pickled; make one in each process"):
            pickle.dumps(client)
        other = copy.deepcopy(client)
        assert other._transport._httpx_client is own
        assert other._transport._settle(None).timeout == Timeouts.of(7)


def socket_of(client: Any, kind: type[Any]) -> tuple[Any, Any]:
    channel = Channel()
    socket = kind(socket_config(client._transport.config, "tts/websocket"), channel)
    client._transport.attach(socket)
    return socket, channel.open()


@pytest.mark.anyio
async def test_sockets_are_closed_with_the_client() -> None:
    client, async_client = Cartesia(api_key="k"), AsyncCartesia(api_key="k")
    _socket, context = socket_of(client, SyncSocket)
    _async_socket, async_context = socket_of(async_client, AsyncSocket)
    with client:
        assert not context.over
    assert context.over
    async with async_client:
        assert not async_context.over
    assert async_context.over


@pytest.fixture
def threads_take_turns_often() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("threads_take_turns_often")
def test_a_client_can_be_closed_while_other_threads_open_sockets() -> None:
    client = Cartesia(api_key="k")
    config, channel = socket_config(client._transport.config, "tts/websocket"), Channel()
    sockets = [SyncSocket(config, channel) for _ in range(5000)]
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(lambda: list(map(client._transport.attach, sockets)))
        while not opening.done():
            client.close()


@pytest.mark.anyio
async def test_event_loops_of_several_threads_may_begin_to_use_a_client_at_once() -> None:
    own = httpx.AsyncClient(transport=httpx.MockTransport(handler), follow_redirects=True)
    client = AsyncCartesia(base_url="http://h", httpx_client=own)
    connections: dict[Any, Any] = client._transport._connections

    class OtherLoop:
        def is_closed(self) -> bool:
            connections[object()] = None  # as a thread would that takes its turn now
            return True

    connections[OtherLoop()] = None
    assert (await client.api_status.get()).ok
    connections.clear()


def test_the_names_of_2x_lead_here() -> None:
    assert cartesia.Cartesia is Cartesia
    assert cartesia.CartesiaEnvironment.PRODUCTION.value == "https://api.cartesia.ai"
    assert (SyncClientWrapper, AsyncClientWrapper) == (Transport, AsyncTransport)
    assert issubclass(Transport, BaseClientWrapper)
