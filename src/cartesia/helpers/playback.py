"""Playing raw audio on the machine's loudspeakers while it arrives.

Needs the extra ``audio``::

with Speaker(sample_rate=24000) as speaker:
    for event in client.tts.sse(..., output_format={
        "container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000,
    }):
        speaker.write(event.audio)
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from typing_extensions import Self

_SAMPLE_TYPES = {"pcm_s16le": "int16", "pcm_f32le": "float32"}


class AudioDeviceError(RuntimeError):
    """Sound can neither be played nor recorded here. Its text says what is missing."""


def load_sounddevice(purpose: str) -> Any:
    """Import sounddevice, or say what keeps it from working.

    Args:
        purpose: what it is wanted for, the beginning of the error's text.

    Raises:
        AudioDeviceError: it is not installed, or PortAudio is missing.
    """
    try:
        import sounddevice
    except ModuleNotFoundError:
        raise AudioDeviceError(
            f'{purpose} needs the package sounddevice: pip install ".[audio]"'
        ) from None
    except OSError as error:
        raise AudioDeviceError(
            f"{purpose} needs PortAudio, which this system lacks ({error}); on Debian and Ubuntu "
            "it is the package libportaudio2"
        ) from None
    return sounddevice


class Speaker:
    """The default loudspeaker, or another output device, as something to write audio to.

    Args:
        sample_rate: of the audio, in Hz.
        encoding: ``pcm_s16le`` or ``pcm_f32le``, mono.
        device: name or number as sounddevice lists them; None is the system's default.

    Raises:
        AudioDeviceError: sounddevice is not installed, or there is no such device.
        ValueError: an encoding that devices do not take.
    """

    def __init__(
        self,
        *,
        sample_rate: int,
        encoding: str = "pcm_s16le",
        device: str | int | None = None,
    ) -> None:
        if encoding not in _SAMPLE_TYPES:
            accepted = ", ".join(_SAMPLE_TYPES)
            raise ValueError(f"encoding: got {encoding!r}, accepted: {accepted}")
        sounddevice = load_sounddevice("playing sound")
        try:
            self._stream = sounddevice.RawOutputStream(
                samplerate=sample_rate, channels=1, dtype=_SAMPLE_TYPES[encoding], device=device
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise AudioDeviceError(f"no device to play sound on: {error}") from None

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
