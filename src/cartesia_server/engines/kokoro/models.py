"""Kokoro's graphs, loaded."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Callable
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from cartesia_server.engines.companion import Companion
from cartesia_server.engines.kokoro import derive, network
from cartesia_server.engines.kokoro.prosody import Affine, Array, Moments, Prosody
from cartesia_server.engines.kokoro.source import Source
from cartesia_server.engines.kokoro.statistics import Statistics
from cartesia_server.engines.weights import Cache, resolve

WEIGHTS = "kokoro-v1.0.int8.onnx"

_log = logging.getLogger(__name__)


class Models:
    """Kokoro's parts, ready to run. Thread-safe.

    Args:
        parts: as `derive.derive` makes them.
        statistics: that foretell the decoder's normalisations.
    """

    def __init__(self, parts: dict[str, bytes], statistics: Statistics) -> None:
        self._statistics = statistics
        self._companion = Companion()
        self._encoder = open_session(parts[derive.ENCODER])
        self._opening = open_session(parts[derive.OPENING])
        self._body = open_session(parts[derive.BODY])
        self._generator = open_session(parts[derive.GENERATOR])
        self._whole_body = open_session(parts[derive.WHOLE_BODY])
        self._whole_generator = open_session(parts[derive.WHOLE_GENERATOR])
        self._styles: Array = np.load(io.BytesIO(parts[derive.STYLES]))
        self._of_opening, self._of_body = (
            int(session.get_inputs()[-1].shape[0]) for session in (self._opening, self._body)
        )

    @classmethod
    def load(cls, model_dir: Path | None, cache_dir: Path) -> Models:
        """Find the weights and prepare them, or take what was prepared before.

        Raises:
            WeightsError: the weights are missing or damaged.
        """
        weights = resolve("kokoro", model_dir)
        cache = Cache(cache_dir / "kokoro")
        table = resources.files(__package__).joinpath(derive.SCALES).read_bytes()
        recipe = hashlib.sha256(table + bytes([derive.VERSION])).hexdigest()
        key = f"{weights.sha256(WEIGHTS)[:16]}-{recipe[:8]}"
        made: dict[str, bytes] = {}

        def make(part: str) -> bytes:
            if not made:
                _log.info("preparing the Kokoro voice model; this happens once")
                made.update(derive.derive(weights.read(WEIGHTS)))
            return made[part]

        return cls(
            {part: cache.get(f"{key}-{part}", partial(make, part)) for part in derive.PARTS},
            Statistics.load(),
        )

    def encode(self, ids: list[int], style: Array, speed: float) -> Prosody:
        """Settle the prosody of up to 510 tokens.

        Args:
            ids: tokens without beginning and end.
            style: one row of a style pack, [256].
            speed: 1.0 is the voice's own rate.
        """
        text, pitch, energy, durations = self._encoder.run(
            [derive.TEXT, derive.PITCH, derive.ENERGY, derive.DURATIONS],
            {
                derive.TOKENS: np.array([[0, *ids, 0]], np.int64),
                derive.STYLE: style.reshape(1, 256),
                derive.SPEED: np.array([speed], np.float32),
            },
        )
        return Prosody(text, pitch, energy, durations.reshape(-1).astype(np.int64), style)

    def affine(self, prosody: Prosody) -> Affine:
        """Scales and shifts for the decoder's normalisations in this utterance."""
        styled = self.styled(prosody.style)
        return self._statistics.affine(prosody, self.beginnings(prosody), styled)

    def beginnings(self, prosody: Prosody) -> Moments:
        """What the body's first normalisations see in a whole utterance."""
        styled = self.styled(prosody.style)
        mean, variance = self._opening.run(
            [network.MEAN, network.VARIANCE],
            {
                network.TEXT: prosody.text,
                network.PITCH: prosody.pitch[:, None],
                network.ENERGY: prosody.energy[:, None],
                network.SCALE: styled.scale[: self._of_opening],
                network.SHIFT: styled.shift[: self._of_opening],
            },
        )
        return Moments(mean.reshape(-1), variance.reshape(-1))

    def styled(self, style: Array) -> Affine:
        """Scales and shifts that a style, [256], asks of normalised signals."""
        scale, shift = np.split(style[:128] @ self._styles[:-1] + self._styles[-1], 2)
        return Affine(scale, shift)

    def body(self, prosody: Prosody, affine: Affine, first: int, last: int) -> Array:
        """The hidden signal of some frames, [1, 512, 2 * frames]; wrong near their edges."""
        return self._run_body(self._body, prosody, affine, first, last)

    def generate(
        self, hidden: Array, source: Array, affine: Affine, inner: tuple[int, int]
    ) -> Array:
        """The audio of the inner frames, from one up to another, [600 * frames].

        Wrong near its edges, and where frames outside of it are missing.
        """
        return self._companion.run(partial(self._generate, hidden, source, affine, inner))

    def generate_beside(
        self, hidden: Array, source: Array, affine: Affine, inner: tuple[int, int]
    ) -> Callable[[], Array] | None:
        """Begin to generate on another thread, for a stream that is alone; see `Companion`."""
        return self._companion.begin(partial(self._generate, hidden, source, affine, inner))

    def close(self) -> None:
        """End what works in the background."""
        self._companion.close()

    def _generate(
        self, hidden: Array, source: Array, affine: Affine, inner: tuple[int, int]
    ) -> Array:
        edges = {network.INNER: np.array(inner, np.int64)}
        return self._run_generator(self._generator, hidden, source, affine, edges)

    def whole(self, prosody: Prosody) -> Array:
        """The audio of an utterance, normalised by what it is and not by what was foretold."""
        styled = self.styled(prosody.style)
        hidden = self._run_body(self._whole_body, prosody, styled, 0, prosody.frames)
        source = Source(prosody.pitch, 0).spectrum(0, prosody.frames)
        return self._run_generator(self._whole_generator, hidden, source, styled, {})

    def _run_body(
        self, session: Any, prosody: Prosody, affine: Affine, first: int, last: int
    ) -> Array:
        (hidden,) = session.run(
            [network.HIDDEN],
            {
                network.TEXT: prosody.text[:, :, first:last],
                network.PITCH: prosody.pitch[:, None, 2 * first : 2 * last],
                network.ENERGY: prosody.energy[:, None, 2 * first : 2 * last],
                network.SCALE: affine.scale[: self._of_body],
                network.SHIFT: affine.shift[: self._of_body],
            },
        )
        signal: Array = hidden
        return signal

    def _run_generator(
        self, session: Any, hidden: Array, source: Array, affine: Affine, more: dict[str, Any]
    ) -> Array:
        (audio,) = session.run(
            [network.AUDIO],
            {
                network.HIDDEN: hidden,
                network.SOURCE: source,
                network.SCALE: affine.scale[self._of_body :],
                network.SHIFT: affine.shift[self._of_body :],
                **more,
            },
        )
        samples: Array = audio.reshape(-1)
        return samples


def open_session(model: bytes) -> Any:
    """Make a graph ready to run."""
    options = onnxruntime.SessionOptions()
    # Two threads, where nothing spins: a stream that is alone starts a fifth sooner than by one,
    # and four at once on two cores take hardly longer (bench/server.py).
    options.intra_op_num_threads = 2
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
