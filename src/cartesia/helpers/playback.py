"""Playing raw audio on the machine's loudspeakers while it arrives.

Needs the extra ``audio``::

    audio_format = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000}
    with Speaker(sample_rate=24000) as speaker:
        for chunk in client.tts.bytes(..., output_format=audio_format):
            speaker.write(chunk)
"""

from __future__ import annotations

import threading
from types import TracebackType

from typing_extensions import Self

from cartesia.helpers.devices import SAMPLE_BYTES, open_stream

_PIECE_SECONDS = 0.02  # what is handed to the device at once: how long `abort` may have to wait
_PATIENCE = 1.0  # seconds that `abort` waits for a device that takes nothing


class Speaker:
    """The default loudspeaker, or another output device, as something to write audio to.

    One thread writes; any other may ask how much was heard, and silence it.

    Args:
        sample_rate: of the audio, in Hz.
        encoding: ``pcm_s16le`` or ``pcm_f32le``, mono.
        device: name or number as sounddevice lists them; None is the system's default.

    Raises:
        AudioDeviceError: sounddevice is not installed, or there is no such device.
        ValueError: an encoding that devices do not have.
    """

    def __init__(
        self,
        *,
        sample_rate: int,
        encoding: str = "pcm_s16le",
        device: str | int | None = None,
    ) -> None:
        self._stream = open_stream(
            "RawOutputStream",
            "playing sound",
            sample_rate=sample_rate,
            encoding=encoding,
            device=device,
        )
        self._sample_rate = sample_rate
        self._width = SAMPLE_BYTES[encoding]
        self._piece = round(sample_rate * _PIECE_SECONDS) * self._width
        # Samples that the device's empty buffer has room for.
        self._room = self._stream.write_available
        # PortAudio allows one call on a stream at a time.
        self._lock = threading.Lock()
        self._rest = b""
        self._written = 0
        self._heard: float | None = None
        self._aborted = False

    @property
    def heard(self) -> float:
        """Seconds of the audio that have left the device's buffer, and so were heard.

        Stays readable after `abort` and `close`. What an amplifier or a wireless headset holds back
        is counted as heard.
        """
        with self._lock:
            return self._played() if self._heard is None else self._heard

    def write(self, audio: bytes) -> None:
        """Play raw audio after what was written before. Waits while the device's buffer is full.

        Half a sample at the end waits for its other half, as pieces of a stream may end anywhere.
        After `abort` nothing is played any more.
        """
        audio = self._rest + audio
        whole = len(audio) // self._width * self._width
        self._rest = audio[whole:]
        for start in range(0, whole, self._piece):
            piece = audio[start : min(start + self._piece, whole)]
            with self._lock:
                if self._aborted:
                    return
                self._stream.write(piece)
                self._written += len(piece) // self._width

    def close(self) -> None:
        """Wait until everything is heard, then free the device. Twice is harmless."""
        with self._lock:
            if not self._stream.closed:
                self._stream.stop()
                self._heard = self._written / self._sample_rate
                self._stream.close()

    def abort(self) -> None:
        """Fall silent at once and free the device. May be called by any thread."""
        self._aborted = True
        locked = self._lock.acquire(timeout=_PATIENCE)
        try:
            if not self._stream.closed:
                self._heard = self._played()
                self._stream.abort()
                self._stream.close()
        finally:
            if locked:
                self._lock.release()

    def _played(self) -> float:
        waiting: int = max(0, self._room - self._stream.write_available)
        return max(0, self._written - waiting) / self._sample_rate

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()
