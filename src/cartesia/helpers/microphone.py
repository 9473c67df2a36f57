"""Recording from the machine's microphone, piece by piece.

Needs the extra ``audio``::

    with Microphone(sample_rate=16000) as microphone:
        for result in client.stt.websocket(sample_rate=16000).transcribe(microphone):
            print(result)

Pieces can be iterated with ``for`` and with ``async for``, for as long as the microphone is open.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from types import TracebackType

from typing_extensions import Self

from cartesia.helpers.devices import open_stream


class Microphone:
    """The default microphone, or another input device, as an iterable of raw audio.

    Args:
        sample_rate: of the audio, in Hz.
        encoding: ``pcm_s16le`` or ``pcm_f32le``, mono.
        piece_seconds: length of each piece.
        device: name or number as sounddevice lists them; None is the system's default.

    Raises:
        AudioDeviceError: sounddevice is not installed, or there is no such device.
        ValueError: an encoding that devices do not have.
    """

    def __init__(
        self,
        *,
        sample_rate: int = 16000,
        encoding: str = "pcm_s16le",
        piece_seconds: float = 0.1,
        device: str | int | None = None,
    ) -> None:
        self._stream = open_stream(
            "RawInputStream",
            "recording",
            sample_rate=sample_rate,
            encoding=encoding,
            device=device,
        )
        self._frames = max(1, round(sample_rate * piece_seconds))
        self._open = True

    def _read(self) -> bytes:
        """The next piece; empty once the microphone is closed."""
        if not self._open:
            return b""
        audio, _overflowed = self._stream.read(self._frames)
        return bytes(audio)

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._read():
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while piece := await asyncio.to_thread(self._read):
            yield piece

    def stop(self) -> None:
        """End the iteration after the piece that is being recorded. May be called by any thread."""
        self._open = False

    def close(self) -> None:
        """Free the device. Twice is harmless; call it where the pieces are read, or afterwards."""
        self._open = False
        if not self._stream.closed:
            self._stream.stop()
            self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
