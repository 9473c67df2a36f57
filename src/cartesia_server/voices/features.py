"""What a clip tells about its speaker: an embedding, and statistics of pitch and of the cepstrum.

Everything works on mono float32 speech at 16 kHz, on numpy and onnxruntime alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import Samples

SAMPLE_RATE = 16_000
"""Sample rate of every clip in this module, in Hz."""

Array: TypeAlias = npt.NDArray[np.float64]
Floats: TypeAlias = npt.NDArray[np.float32]

_HOP = 160
_SPEECH_LEVEL = 0.07  # rms, -23 dBFS
_SILENCE = 35.0  # dB below the loudest frame

_ENCODER_FRAME = 400
_ENCODER_WINDOW = 160  # frames of 10 ms, as the encoder was trained
_ENCODER_STEP = 53  # every frame is heard in three windows
_ENCODER_BATCH = 16  # more are no quicker, and take memory

_BANDS = 40

_CEPSTRUM_FRAME = 512
_CEPSTRA = 24
_CEPSTRUM_STEP = 4  # frames: over 40 ms a change is one of sound, not of estimate
_FAINT = 1e-5  # power added in every band: what is 40 dB below speech is the room's

_PITCH_FRAME = 800  # 50 ms: two periods of the lowest pitch
_LOWEST_PITCH, _HIGHEST_PITCH = 55.0, 450.0
_PITCH_SMOOTHING = 10  # samples: dampens formants, whose peaks lie above 1 kHz
_VOICED = 0.75
_NEAR_BEST = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class SpeakerFeatures:
    """What a clip tells about its speaker.

    Attributes:
        embedding: the speaker encoder's answer, float64 [256], length 1. Two clips of one speaker
            have a cosine of 0.9 to 0.98, of two speakers 0.54 on average and 0.79 at most.
        pitch: median of ln(Hz), its spread (a deviation, from the quartiles), its mean, and
            the share of frames that are voiced.
        cepstrum: mean and ln of the deviation of the mel cepstral coefficients 1 to 24, and ln of
            the deviation of their change over 40 ms, in the louder frames, [72]: what the throat
            and the microphone do, in measures that nothing had to learn.
        seconds: length of the speech that was heard, silence left out.
    """

    embedding: Array
    pitch: Array
    cepstrum: Array
    seconds: float


class SpeakerEncoder:
    """Hears who speaks, by the GE2E encoder of Resemblyzer. Thread-safe."""

    def __init__(self, threads: int = 1) -> None:
        """Load the packaged model (2.8 MB, some 30 ms)."""
        from cartesia_server.engines.session import Session

        model = (files("cartesia_server.voices") / "data" / "speaker.onnx").read_bytes()
        self._session = Session(model, threads=threads)
        self._mels = mel_filters(_ENCODER_FRAME, _BANDS)

    def features(self, samples: Samples) -> SpeakerFeatures:
        """Measure a clip.

        Args:
            samples: mono float32 at 16 kHz; a second of speech is the least that means something.
        """
        speech = levelled(samples)
        return SpeakerFeatures(
            embedding=self.embed(speech),
            pitch=pitch_statistics(speech),
            cepstrum=cepstral_statistics(speech),
            seconds=len(speech) / SAMPLE_RATE,
        )

    def embed(self, speech: Samples) -> Array:
        """Return the speaker embedding, float64 [256] of length 1, of speech without silence.

        The end is followed by the beginning, so that all of a clip is heard equally often: two
        seconds heard so tell as much as three that are heard once.
        """
        rounded = np.resize(speech, len(speech) + _ENCODER_WINDOW * _HOP)
        mels = power_spectrum(rounded, _ENCODER_FRAME) @ self._mels.T
        starts = range(0, max(1, len(speech) // _HOP), _ENCODER_STEP)
        windows = np.stack([mels[start : start + _ENCODER_WINDOW] for start in starts])
        total = np.zeros(256)
        for start in range(0, len(windows), _ENCODER_BATCH):
            batch = windows[start : start + _ENCODER_BATCH]
            total += self._session.run({"mels": batch})[0].sum(0)
        return np.asarray(total / (np.linalg.norm(total) + 1e-12))


def levelled(samples: Samples) -> Samples:
    """Return the speech in samples, without silence, at the level at which speech is heard."""
    loudness = float(np.sqrt(np.mean(samples**2))) + 1e-9
    return without_silence(samples * np.float32(_SPEECH_LEVEL / loudness))


def without_silence(samples: Samples) -> Samples:
    """Return the samples of frames less than 35 dB below the loudest, joined; perhaps none."""
    frames = len(samples) // _HOP
    if not frames:
        return samples[:0]
    energy = (samples[: frames * _HOP].reshape(frames, _HOP) ** 2).mean(1)
    # Averaging over three frames keeps the soft edges of what is kept.
    energy = np.convolve(energy, np.ones(3) / 3, mode="same")
    heard = energy > energy.max() * 10 ** (-_SILENCE / 10)
    kept: Samples = samples[: frames * _HOP].reshape(frames, _HOP)[heard].ravel()
    return kept


def mel_filters(frame: int, bands: int) -> Floats:
    """Return Slaney's mel filters at 16 kHz, float32 [bands, frame // 2 + 1], of equal area."""
    edges = _mel_to_hertz(np.linspace(0.0, _hertz_to_mel(SAMPLE_RATE / 2), bands + 2))
    bins = np.fft.rfftfreq(frame, 1 / SAMPLE_RATE)
    rising = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return np.asarray(triangles * (2 / (edges[2:] - edges[:-2]))[:, None], np.float32)


# Slaney's scale: linear below 1 kHz (15 mel), 27 mel for each factor of 6.4 above.
def _hertz_to_mel(hertz: float) -> float:
    return 15 + 27 * float(np.log(hertz / 1000) / np.log(6.4))


def _mel_to_hertz(mels: Array) -> Array:
    return np.where(mels < 15, mels * 200 / 3, 1000 * 6.4 ** ((mels - 15) / 27))


def power_spectrum(samples: Samples, frame: int) -> Floats:
    """Return |STFT|² under a Hann window every 10 ms, float32 [frames, frame // 2 + 1]."""
    padded = np.pad(samples, frame // 2)
    views = np.lib.stride_tricks.sliding_window_view(padded, frame)[::_HOP]
    window = np.hanning(frame + 1)[:-1].astype(np.float32)
    return np.asarray(np.abs(np.fft.rfft(views * window)) ** 2, np.float32)


def pitch_track(samples: Samples) -> Array:
    """Return the pitch in Hz every 10 ms, zero where there is none.

    The normalised square difference of McLeod and Wyvill (2005): of the peaks of the normalised
    autocorrelation, the first within 90 % of the highest, so that no octave is missed.
    """
    lags = int(SAMPLE_RATE / _LOWEST_PITCH) + 2
    if len(samples) < _PITCH_FRAME + lags:
        return np.zeros(0)
    smooth = np.convolve(samples, np.ones(_PITCH_SMOOTHING, np.float32) / _PITCH_SMOOTHING, "same")
    views = np.lib.stride_tricks.sliding_window_view(smooth, _PITCH_FRAME)[::_HOP]
    frames = views - views.mean(1, keepdims=True)
    similarity = _normalised_autocorrelation(frames, lags)
    shortest = int(SAMPLE_RATE / _HIGHEST_PITCH)
    inner = similarity[:, shortest : lags - 1]
    peaks = (inner > similarity[:, shortest - 1 : lags - 2]) & (
        inner >= similarity[:, shortest + 1 :]
    )
    heights = np.where(peaks, inner, 0.0)
    best = heights.max(1)
    first = (heights >= _NEAR_BEST * best[:, None]).argmax(1)
    return np.where(best > _VOICED, SAMPLE_RATE / (first + shortest), 0.0)


def _normalised_autocorrelation(frames: Floats, lags: int) -> Array:
    size = 2048
    spectrum = np.fft.rfft(frames, size)
    product = np.fft.irfft(np.abs(spectrum) ** 2, size)[:, :lags]
    squares = np.cumsum(frames.astype(np.float64) ** 2, 1)
    total = squares[:, -1:]
    shifts = np.arange(1, lags)
    head = squares[:, _PITCH_FRAME - 1 - shifts]
    tail = total - squares[:, shifts - 1]
    energy = np.concatenate([2 * total, head + tail], 1)
    return np.asarray(2 * product / (energy + 1e-9))


def pitch_statistics(samples: Samples) -> Array:
    """Return median of ln(Hz), spread, mean and voiced share; an average voice where none is."""
    track = pitch_track(samples)
    voiced = np.log(track[track > 0])
    if len(voiced) < 8:
        return np.array([4.9, 0.2, 4.9, 0.0])
    low, middle, high = np.percentile(voiced, [25, 50, 75])
    return np.array([middle, (high - low) / 1.349, voiced.mean(), len(voiced) / len(track)])


def cepstral_statistics(speech: Samples) -> Array:
    """Return `SpeakerFeatures.cepstrum` of speech without silence, 0.1 s at least."""
    power = power_spectrum(speech, _CEPSTRUM_FRAME)
    energy = power.sum(1)
    logs = np.log(power @ mel_filters(_CEPSTRUM_FRAME, _BANDS).T + _FAINT)
    loud = logs[energy >= np.percentile(energy, 25)]
    angles = np.pi / _BANDS * np.outer(np.arange(1, _CEPSTRA + 1), np.arange(_BANDS) + 0.5)
    cepstra = loud @ np.cos(angles).T * np.sqrt(2 / _BANDS)
    changes = cepstra[_CEPSTRUM_STEP:] - cepstra[:-_CEPSTRUM_STEP]
    spread = np.concatenate([cepstra.std(0), changes.std(0)])
    return np.asarray(np.concatenate([cepstra.mean(0), np.log(spread + 1e-3)]), np.float64)
