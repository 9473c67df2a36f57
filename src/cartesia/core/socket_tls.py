"""TLS inside TLS: what a secure socket through a secure proxy needs, and no socket offers."""

from __future__ import annotations

import ssl

_PIECE_BYTES = 16 << 10
"""As much as TLS puts into one record."""


class TlsInTls:
    """TLS over a connection that is itself TLS, with as much of a socket as `Connection` uses.

    Args:
        stream: The connection to the proxy, whose handshake is done. It is closed together with
            this.
        tls: Settings for the server.
        host: Name of the server.

    Raises:
        OSError: The handshake failed, or took longer than the timeout of `stream`.
    """

    def __init__(self, stream: ssl.SSLSocket, tls: ssl.SSLContext, host: str) -> None:
        self._stream = stream
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = tls.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        # Encrypted bytes that the stream has not taken, and of how many of the caller's they are.
        self._unsent = bytearray()
        self._taken = 0
        self.settimeout = stream.settimeout
        self.setblocking = stream.setblocking
        self.fileno = stream.fileno
        self.shutdown = stream.shutdown
        self.close = stream.close
        while not self._go_on_shaking_hands():
            self._fill()

    def recv_into(self, buffer: memoryview) -> int:
        """Read as a socket does; 0 at the end.

        Raises:
            ssl.SSLWantReadError: Nothing is there, and the stream does not block.
        """
        while (count := self._read(buffer)) is None:
            self._fill()
        return count

    def recv(self, size: int) -> bytes:
        """Read as a socket does; nothing at the end."""
        buffer = bytearray(size)
        return bytes(buffer[: self.recv_into(memoryview(buffer))])

    def send(self, data: bytes | bytearray) -> int:
        """Send as a socket does. When it would block, it is to be called again with the same data.

        Raises:
            ssl.SSLWantWriteError: The stream takes nothing more, and does not block.
        """
        if not self._taken:
            self._taken = self._tls.write(bytes(data[:_PIECE_BYTES]))
        self._flush()
        taken, self._taken = self._taken, 0
        return taken

    def sendall(self, data: bytes) -> None:
        """Send it all; the stream has to block."""
        while data:
            data = data[self.send(data) :]

    def _read(self, buffer: memoryview) -> int | None:
        """Read what has come; None if that is not a whole record."""
        try:
            return self._tls.read(len(buffer), buffer)  # type: ignore[return-value]  # a number
        except ssl.SSLWantReadError:
            return None
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return 0

    def _go_on_shaking_hands(self) -> bool:
        """Whether the handshake is done."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        finally:
            self._flush()
        return True

    def _fill(self) -> None:
        data = self._stream.recv(64 << 10)
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def _flush(self) -> None:
        self._unsent += self._outgoing.read()
        while self._unsent:
            del self._unsent[: self._stream.send(self._unsent)]
