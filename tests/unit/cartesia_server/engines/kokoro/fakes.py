"""A Kokoro without a model: every frame holds its own number, so that pieces can be compared."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cartesia_server.engines.base import CancelToken
from cartesia_server.engines.kokoro.endurance import Endurance
from cartesia_server.engines.kokoro.models import Excerpt
from cartesia_server.engines.kokoro.prosody import FRAME, Affine, Prosody

AFFINE = Affine(np.ones(1, np.float32), np.zeros(1, np.float32))


def prosody(durations: list[int], audible: tuple[int, int]) -> Prosody:
    """Prosody of tokens with these durations in frames, heard between two half frames."""
    frames = sum(durations)
    energy = np.full((1, 2 * frames), -5, np.float32)
    energy[:, audible[0] : audible[1]] = 5
    return Prosody(
        text=np.arange(frames, dtype=np.float32)[None, None],
        pitch=np.zeros((1, 2 * frames), np.float32),
        energy=energy,
        durations=np.array(durations),
        style=np.zeros(256, np.float32),
    )


class FakeModels:
    """Sound is the number of its frame over 1000; notes how many frames each call decoded, and
    which calls were made beside another."""

    def __init__(self, *, companion: bool = False) -> None:
        self.companion = companion
        self.busy = False
        self.endurance = Endurance(lambda: True)
        self.decoded: list[int] = []
        self.beside: list[int] = []

    def encode(self, ids: list[int], style: np.ndarray, speed: float) -> Prosody:
        """Two frames a token, ten of silence before, three after."""
        durations = [10, *(max(round(2 / speed), 1) for _ in ids), 3]
        made = prosody(durations, (18, 2 * sum(durations) - 6))
        return Prosody(made.text, made.pitch, made.energy, made.durations, style)

    def affine(self, prosody: Prosody, share: float = 1.0) -> Affine:
        return AFFINE

    def whole(self, prosody: Prosody, cancel: CancelToken) -> np.ndarray:
        self.decoded.append(prosody.frames)
        return np.repeat(prosody.text[0, 0], FRAME) / 1000

    def body(
        self, prosody: Prosody, affine: Affine, first: int, last: int, cancel: CancelToken
    ) -> np.ndarray:
        """The numbers of the frames; the outer ones spoilt, as those of the real body are."""
        hidden = np.repeat(prosody.text[:, :, first:last], 2, axis=2)
        if first > 0:
            hidden[:, :, :20] = np.nan
        if last < prosody.frames:
            hidden[:, :, -20:] = np.nan
        return hidden

    def generate_beside(
        self, part: Excerpt, cancel: CancelToken
    ) -> Callable[[], np.ndarray] | None:
        """Made at once, if this one has a companion."""
        if not self.companion:
            return None
        self.beside.append(len(self.decoded))
        audio = self.generate(part, cancel)
        return lambda: audio

    def generate(self, part: Excerpt, cancel: CancelToken) -> np.ndarray:
        """Audio whose samples are the numbers of their frames over 1000."""
        frames = part.hidden.shape[2] // 2
        assert part.source.shape == (1, 22, 120 * frames + 1)
        assert np.isfinite(part.hidden).all()
        self.decoded.append(frames)
        first, last = part.inner
        return np.repeat(part.hidden[0, 0, 2 * first : 2 * last], FRAME // 2) / 1000
