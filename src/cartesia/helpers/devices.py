"""What loudspeakers and microphones share."""

from __future__ import annotations

from typing import Any

SAMPLE_TYPES = {"pcm_s16le": "int16", "pcm_f32le": "float32"}
SAMPLE_BYTES = {"pcm_s16le": 2, "pcm_f32le": 4}


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


def open_stream(
    kind: str, purpose: str, *, sample_rate: int, encoding: str, device: str | int | None
) -> Any:
    """Open and start a raw mono stream of a device.

    Args:
        kind: ``RawInputStream`` or ``RawOutputStream``.
        purpose: what it is wanted for, for the error's text.
        sample_rate: of the audio, in Hz.
        encoding: ``pcm_s16le`` or ``pcm_f32le``.
        device: name or number as sounddevice lists them; None is the system's default.

    Raises:
        AudioDeviceError: sounddevice is not installed, or there is no such device.
        ValueError: an encoding that devices do not have.
    """
    if encoding not in SAMPLE_TYPES:
        accepted = ", ".join(SAMPLE_TYPES)
        raise ValueError(f"encoding: got {encoding!r}, accepted: {accepted}")
    sounddevice = load_sounddevice(purpose)
    try:
        stream = getattr(sounddevice, kind)(
            samplerate=sample_rate, channels=1, dtype=SAMPLE_TYPES[encoding], device=device
        )
        stream.start()
    except (sounddevice.PortAudioError, ValueError) as error:
        raise AudioDeviceError(f"no device for {purpose}: {error}") from None
    return stream
