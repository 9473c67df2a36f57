"""A server as a process of its own: what ``cartesia serve`` runs."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import os
import socket
import ssl
import sys
import time
from asyncio import BaseTransport
from collections.abc import Callable
from contextlib import suppress
from difflib import get_close_matches
from typing import Any, NoReturn

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from cartesia_server.app import create_app, database_of
from cartesia_server.engines.registry import Engines
from cartesia_server.front import BrokenOff
from cartesia_server.health import Readiness
from cartesia_server.log import JsonFormatter
from cartesia_server.peers import KEEP_ALIVE, Watch
from cartesia_server.scale.pool import left_at_work
from cartesia_server.settings import Settings, SettingsError, known_variables, unknown_variables
from cartesia_server.voices.database import Database
from cartesia_server.voices.schema import StoreError

log = logging.getLogger(__name__)

_SWITCH_INTERVAL = 0.001
"""Seconds after which a worker thread lets the event loop run; Python's own 5 ms would be heard."""

_READ_AT_ONCE = 1 << 14
"""Bytes of a WebSocket that are read before others have their turn."""

_LAST_WORDS = 0.1
"""Seconds that the task of a request may go on whose peer has gone, once the server stops."""

_LAST_PIECE = 0.2
"""Seconds that a process which ends gives its threads to finish: most are interrupted sooner."""

_LISTENING = {
    errno.EADDRINUSE: "; give another port, or 0 for one that is free",
    errno.EACCES: "; give a port from 1024 on, and put a proxy in front for those below",
    errno.EADDRNOTAVAIL: "; give an address of this machine, or 0.0.0.0 for all it has",
}
"""What to do where the system lets nobody listen."""

_TICKS_A_SECOND = 10
"""How often uvicorn asks whether to stop."""


class _WebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, made fit for peers that do not read, and for a server that stops."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._pong = b""  # to the last ping of a peer that does not read
        self._message = bytearray()  # that arrives in parts

    async def run_asgi(self) -> None:
        """Serve the socket, and see to it that it does not outlive that."""
        await super().run_asgi()
        if not self.close_sent:
            self.transport.close()

    def connection_made(self, transport: BaseTransport) -> None:
        """Take the connection, and so much at once that taking it apart holds up nobody."""
        super().connection_made(transport)
        if hasattr(transport, "max_size"):  # asyncio's own; 256 KiB may be 128,000 frames
            transport.max_size = _READ_AT_ONCE

    def handle_cont(self, event: Frame) -> None:
        """Take a part of a message. However small parts are, a message is as large as its bytes."""
        if self.frames:
            self._message = bytearray(self.frames.pop())
        self._message += event.data
        if event.fin:
            self.frames, self._message = [bytes(self._message)], bytearray()
            self.send_receive_event_to_app()

    def handle_ping(self) -> None:
        """Answer a ping once the peer reads; of many, the last, as RFC 6455 allows."""
        self._pong = b"".join(self.conn.data_to_send()) or self._pong
        if self.writable.is_set():
            self._answer_ping()

    def resume_writing(self) -> None:
        """Learn that the peer reads again."""
        super().resume_writing()
        if self._pong and not self.close_sent:
            self._answer_ping()

    def _answer_ping(self) -> None:
        pong, self._pong = self._pong, b""
        self.transport.write(pong)

    def shutdown(self) -> None:
        """Say goodbye; to a peer that did so already, send no more of what it has not read."""
        if self.transport.is_closing():
            self.transport.abort()  # a second goodbye is an error, and would end the whole server
        else:
            super().shutdown()


class Server(uvicorn.Server):
    """uvicorn's server with the options that the API needs, telling when it answers.

    Args:
        settings: how the server runs; a certificate in them is one that `check_certificate` took.
        engines: its engines, which stay open when it stops.
        listening: the socket to accept connections on.
        on_ready: called with the base URL once requests are answered.
        patience: see `create_app`.
    """

    def __init__(
        self,
        settings: Settings,
        engines: Engines,
        listening: socket.socket,
        *,
        on_ready: Callable[[str], object] | None = None,
        patience: float | None = None,
    ) -> None:
        self._readiness = Readiness()
        config = uvicorn.Config(
            create_app(settings, engines=engines, readiness=self._readiness, patience=patience),
            ssl_certfile=settings.ssl_certfile,
            ssl_keyfile=settings.ssl_keyfile,
            ws=_WebSocket,
            # Deflating base64 audio costs more than the network it saves.
            ws_per_message_deflate=False,
            # A client that reads slowly answers pings late, and is alive all the same.
            ws_ping_timeout=None,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=settings.shutdown_grace,
            # uvicorn's own lines show query strings, where clients put keys; FrontDoor logs.
            access_log=False,
            log_config=None,
            log_level="warning",
            server_header=False,
            lifespan="on",
        )
        super().__init__(config)
        logging.getLogger("uvicorn.error").addFilter(_is_news)
        self._watch = Watch(self.server_state.connections)
        self._socket = listening
        self._on_ready = on_ready
        self._delay = settings.shutdown_delay
        self._stop_at = 0.0

    def serve_here(self) -> None:
        """Serve until asked to stop; blocks."""
        self.run(sockets=[self._socket])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say so."""
        await super().startup(sockets)
        if self.started and self._on_ready is not None:
            self._on_ready(_base_url(self._socket, secure=self.config.is_ssl))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let answers in progress end, within the grace; those that nobody waits for, at once."""
        alone = asyncio.create_task(self._give_up_when_alone())
        try:
            await super().shutdown(sockets)
        finally:
            alone.cancel()

    async def _give_up_when_alone(self) -> None:
        while self.server_state.connections:  # noqa: ASYNC110 -- uvicorn tells nobody
            await asyncio.sleep(_LAST_WORDS)
        await asyncio.sleep(_LAST_WORDS)  # most end by themselves, now that their peer has gone
        for task in self.server_state.tasks:
            task.cancel()

    async def on_tick(self, counter: int) -> bool:
        """Whether to stop: some time after being asked to, so that nobody is sent here by then."""
        if counter % _TICKS_A_SECOND == 0:
            self._watch.look(time.monotonic())
        if not await super().on_tick(counter):
            return False
        now = time.monotonic()
        if not self._readiness.stopping:
            self._readiness.stopping = True
            self._stop_at = now + self._delay
        return self.force_exit or now >= self._stop_at


def serve(
    settings: Settings | None = None, *, on_ready: Callable[[str], object] | None = None
) -> None:
    """Run a server until Ctrl-C or SIGTERM; work in progress is then freed.

    Args:
        settings: how it runs; by default from the environment.
        on_ready: called with the base URL once requests are answered.

    Raises:
        SettingsError: a setting cannot work: the port is taken, an engine is not installed.
    """
    settings = settings or Settings()
    prepare_process(settings)
    check_certificate(settings)
    check_database(settings)
    with listen(settings) as listening:  # first, because a taken port shows at once
        engines = Engines.load(settings)

        def ready(url: str) -> None:
            _keep_what_is_loaded()
            if on_ready is not None:
                on_ready(url)

        server = Server(settings, engines, listening, on_ready=ready, patience=_LAST_PIECE)
        try:
            # uvicorn shuts down in order, and then repeats the signal that asked it to.
            with suppress(KeyboardInterrupt):
                server.serve_here()
        finally:
            if left_at_work():
                _leave()
            engines.close()


def _keep_what_is_loaded() -> None:
    """Look for garbage no longer in what stays anyway, which held up the loop for 60 ms a time."""
    gc.collect()
    gc.freeze()


def _leave() -> NoReturn:
    """End this process, whatever its threads do: nobody waits for them, but Python would."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def prepare_process(settings: Settings) -> None:
    """Make this process one that serves: its log goes to stderr, and its event loop comes first.

    What is wrong and no reason to stop is told at once: nobody looks for it while all works.
    """
    _log_to_stderr(settings.log_level)
    for name in unknown_variables(os.environ):
        meant = get_close_matches(name, known_variables(), 1)
        hint = f"; is {meant[0]} meant?" if meant else ""
        log.warning("%s is no setting of this server, and without effect%s", name, hint)
    sys.setswitchinterval(_SWITCH_INTERVAL)


def check_certificate(settings: Settings) -> None:
    """Read the certificate that the settings name, if they do.

    Raises:
        SettingsError: it or its key cannot be used.
    """
    if settings.ssl_certfile is None:
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # The password is given, and empty, so that nobody is asked for one at a terminal.
        context.load_cert_chain(settings.ssl_certfile, settings.ssl_keyfile, password="")
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        got = f"{settings.ssl_certfile}, {settings.ssl_keyfile or 'the key in the same file'}"
        raise SettingsError(
            f"ssl_certfile, ssl_keyfile: got {got} ({error}), accepted: PEM files of a "
            "certificate and its private key, without a password"
        ) from error


def check_database(settings: Settings) -> None:
    """Open the database of what users make, and warn if that fails: speech works without it.

    Raises:
        SettingsError: the settings name none that there can be.
    """
    database = Database(database_of(settings))
    try:
        database.open()
    except StoreError as error:
        log.warning("voices and dictionaries of users cannot be kept: %s", error.reason)
    finally:
        database.close()


def listen(settings: Settings) -> socket.socket:
    """Take the address that the settings name.

    Raises:
        SettingsError: it is taken, or not this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        # create_server adds the address to the system's words, and once is enough.
        known = error.errno is not None and error.errno in errno.errorcode
        said = os.strerror(error.errno or 0) if known else error.strerror
        hint = _LISTENING.get(error.errno or 0, "")
        raise SettingsError(f"cannot listen on {where}: {said}{hint}") from error


def _base_url(listening: socket.socket, *, secure: bool) -> str:
    address: Any = listening.getsockname()
    host, port = address[:2]
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f"{'https' if secure else 'http'}://{place}"


_NO_NEWS = frozenset(
    {
        # Said of every handshake that was refused with a status, and wrong.
        "ASGI callable returned without completing handshake.",
        # With a traceback, of a peer that was told so with 1007.
        "Invalid UTF-8 sequence received from client.",
    }
)


def _is_news(record: logging.LogRecord) -> bool:
    # An answer that outlived the grace of a server that stops; one of whose end the log tells.
    if record.exc_info and isinstance(record.exc_info[1], (asyncio.CancelledError, BrokenOff)):
        return False
    return record.msg not in _NO_NEWS


def _log_to_stderr(level: str) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    handler.setLevel(level.upper())  # others may ask a logger for more than is wanted here
    # The parser of forms warns of what is none.
    for name in ("cartesia_server", "uvicorn", "python_multipart"):
        logging.getLogger(name).addHandler(handler)
    logging.getLogger("cartesia_server").setLevel(level.upper())
