"""Playing raw audio on the machine's loudspeakers while it arrives.

Needs the extra ``audio``::

    audio_format = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000}
    with Speaker(sample_rate=24000) as speaker:
        for chunk in client.tts.bytes(..., output_format=audio_format):
            speaker.write(chunk)
"""

from __future__ import annotations

from types import TracebackType

from typing_extensions import Self

from cartesia.helpers.devices import open_stream


class Speaker:
    """The default loudspeaker, or another output device, as something to write audio to.

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

    def write(self, audio: bytes) -> None:
        """Play raw audio after what was written before. Waits while the device's buffer is full."""
        self._stream.write(audio)

    def close(self) -> None:
        """Wait until everything is heard, then free the device. Twice is harmless."""
        if not self._stream.closed:
            self._stream.stop()
            self._stream.close()

    def abort(self) -> None:
        """Fall silent at once and free the device."""
        if not self._stream.closed:
            self._stream.abort()
            self._stream.close()

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
