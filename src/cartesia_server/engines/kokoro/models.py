"""Kokoro's graphs, loaded."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from cartesia_server.engines.base import CancelToken
from cartesia_server.engines.companion import Companion
from cartesia_server.engines.kokoro import derive, network
from cartesia_server.engines.kokoro.endurance import Endurance
from cartesia_server.engines.kokoro.prosody import Affine, Array, Moments, Prosody
from cartesia_server.engines.kokoro.source import Source
from cartesia_server.engines.kokoro.statistics import Statistics
from cartesia_server.engines.session import Session
from cartesia_server.engines.weights import Cache, resolve
from cartesia_server.log import log_preparation

WEIGHTS = "kokoro-v1.0.int8.onnx"

_THREADS = 2
"""Of one call. A stream that is alone starts a fifth sooner than by one, and four at once on two
cores take hardly longer (bench/server.py)."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What the generator needs for some frames. Its audio is wrong near its edges.

    Attributes:
        hidden: the body's signal, [1, 512, 2 * frames].
        source: the spectrum of the excitation, [1, 22, 120 * frames + 1].
        affine: of the normalisations.
        inner: the first of the frames whose audio is wanted, and one past the last.
    """

    hidden: Array
    source: Array
    affine: Affine
    inner: tuple[int, int]


class Models:
    """Kokoro's parts, ready to run. Thread-safe.

    Args:
        parts: as `derive.derive` makes them.
        statistics: that foretell the decoder's normalisations.

    Attributes:
        endurance: watches whether the machine keeps up.
    """

    def __init__(self, parts: dict[str, bytes], statistics: Statistics) -> None:
        self._statistics = statistics
        self._companion = Companion()
        self.endurance = Endurance(lambda: self._companion.busy)
        self._encoder = Session(parts[derive.ENCODER], threads=_THREADS)
        self._opening = Session(parts[derive.OPENING], threads=_THREADS)
        self._body = Session(parts[derive.BODY], threads=_THREADS)
        self._generator = Session(parts[derive.GENERATOR], threads=_THREADS)
        self._styles: Array = np.load(io.BytesIO(parts[derive.STYLES]))
        self._of_opening, self._of_body = (
            int(session.inputs[network.SHIFT][0]) for session in (self._opening, self._body)
        )

    @classmethod
    def load(cls, model_dir: Path | None, cache_dir: Path) -> Models:
        """Find the weights and prepare them, or take what was prepared before.

        Raises:
            WeightsError: the weights are missing or damaged.
        """
        weights = resolve("kokoro", model_dir)
        cache = Cache(cache_dir / "kokoro")
        recipe = hashlib.sha256(derive.recipe()).hexdigest()
        key = f"{weights.sha256(WEIGHTS)[:16]}-{recipe[:8]}"
        made: dict[str, bytes] = {}

        def make(part: str) -> bytes:
            if not made:
                log_preparation("Kokoro")
                made.update(derive.derive(weights.read(WEIGHTS)))
            return made[part]

        return cls(
            {part: cache.get(f"{key}-{part}", partial(make, part)) for part in derive.PARTS},
            Statistics.load(),
        )

    @property
    def busy(self) -> bool:
        """Whether another stream is being made."""
        return self._companion.busy

    def encode(self, ids: list[int], style: Array, speed: float) -> Prosody:
        """Settle the prosody of up to 510 tokens.

        Args:
            ids: tokens without beginning and end.
            style: one row of a style pack, [256].
            speed: 1.0 is the voice's own rate.
        """
        feeds = {
            derive.TOKENS: np.array([[0, *ids, 0]], np.int64),
            derive.STYLE: style.reshape(1, 256),
            derive.SPEED: np.array([speed], np.float32),
        }
        outputs = [derive.TEXT, derive.PITCH, derive.ENERGY, derive.DURATIONS]
        text, pitch, energy, durations = self._companion.run(
            partial(self._encoder.run, feeds, outputs)
        )
        return Prosody(text, pitch, energy, durations.reshape(-1).astype(np.int64), style)

    def affine(self, prosody: Prosody, share: float = 1.0) -> Affine:
        """Scales and shifts for the decoder's normalisations in an utterance.

        Args:
            prosody: of the utterance, or of its first words.
            share: of the utterance's tokens that the prosody is of.
        """
        styled = self.styled(prosody.style)
        return self._statistics.affine(prosody, share, self.beginnings(prosody), styled)

    def beginnings(self, prosody: Prosody) -> Moments:
        """What the body's first normalisations see in a whole utterance."""
        styled = self.styled(prosody.style)
        mean, variance = self._opening.run(
            {
                network.TEXT: prosody.text,
                network.PITCH: prosody.pitch[:, None],
                network.ENERGY: prosody.energy[:, None],
                network.SCALE: styled.scale[: self._of_opening],
                network.SHIFT: styled.shift[: self._of_opening],
            },
            [network.MEAN, network.VARIANCE],
        )
        return Moments(mean.reshape(-1), variance.reshape(-1))

    def styled(self, style: Array) -> Affine:
        """Scales and shifts that a style, [256], asks of normalised signals."""
        scale, shift = np.split(style[:128] @ self._styles[:-1] + self._styles[-1], 2)
        return Affine(scale, shift)

    def body(
        self, prosody: Prosody, affine: Affine, first: int, last: int, cancel: CancelToken
    ) -> Array:
        """The hidden signal of some frames, [1, 512, 2 * frames]; wrong near their edges.

        Raises:
            Cancelled: `cancel` was flipped.
        """
        return self._run_body(prosody, affine, (first, last), cancel)

    def generate(self, excerpt: Excerpt, cancel: CancelToken) -> Array:
        """The audio of the inner frames of an excerpt, [600 * frames].

        Raises:
            Cancelled: `cancel` was flipped.
        """
        return self._companion.run(partial(self._generate, excerpt, cancel))

    def generate_beside(self, excerpt: Excerpt, cancel: CancelToken) -> Callable[[], Array] | None:
        """Begin to generate on another thread, for a stream that is alone; see `Companion`."""
        return self._companion.begin(partial(self._generate, excerpt, cancel))

    def whole(self, prosody: Prosody, cancel: CancelToken | None = None) -> Array:
        """The audio of an utterance, normalised by what it is and not by what was foretold.

        Raises:
            Cancelled: `cancel` was flipped.
        """
        styled = self.styled(prosody.style)
        everything = (0, prosody.frames)
        hidden = self._run_body(prosody, styled, everything, cancel, exact=True)
        source = Source(prosody.pitch, 0).spectrum(*everything)
        excerpt = Excerpt(hidden, source, styled, everything)
        return self._generate(excerpt, cancel, exact=True)

    def close(self) -> None:
        """End what works in the background."""
        self._companion.close()

    def _run_body(
        self,
        prosody: Prosody,
        affine: Affine,
        frames: tuple[int, int],
        cancel: CancelToken | None,
        *,
        exact: bool = False,
    ) -> Array:
        first, last = frames
        feeds = {
            network.TEXT: prosody.text[:, :, first:last],
            network.PITCH: prosody.pitch[:, None, 2 * first : 2 * last],
            network.ENERGY: prosody.energy[:, None, 2 * first : 2 * last],
            network.SCALE: affine.scale[: self._of_body],
            network.SHIFT: affine.shift[: self._of_body],
            network.EXACT: np.array([exact]),
        }
        hidden: Array = self._body.run(feeds, cancel=cancel)[0]
        return hidden

    def _generate(
        self, excerpt: Excerpt, cancel: CancelToken | None, *, exact: bool = False
    ) -> Array:
        feeds = {
            network.HIDDEN: excerpt.hidden,
            network.SOURCE: excerpt.source,
            network.SCALE: excerpt.affine.scale[self._of_body :],
            network.SHIFT: excerpt.affine.shift[self._of_body :],
            network.INNER: np.array(excerpt.inner, np.int64),
            network.EXACT: np.array([exact]),
        }
        audio: Array = self._generator.run(feeds, cancel=cancel)[0].reshape(-1)
        audio *= np.float32(excerpt.affine.gain)
        return audio
