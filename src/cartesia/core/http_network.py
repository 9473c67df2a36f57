"""Network connections of HTTP calls that one thread may close while another one reads them."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore


class Network(httpcore.NetworkBackend):
    """Connects as httpcore does by itself; closing a connection wakes the thread that reads it."""

    def __init__(self) -> None:
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a server, or a proxy."""
        return _Stream(
            self._network.connect_tcp(host, port, timeout, local_address, socket_options)
        )


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._process = os.getpid()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        # Closing alone would leave a thread that waits for data waiting. Of a connection that was
        # made before a fork, the other process may still make use.
        if self._process == os.getpid():
            with contextlib.suppress(OSError):
                self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._stream.close()

    def __del__(self) -> None:
        # After a fork, nobody closes the other process's pool here: its locks may never be free.
        if self._process != os.getpid():
            self._stream.close()
