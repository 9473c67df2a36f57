"""Where a recording says what another one says: dynamic time warping of their spectra.

Both are described every 10 ms by cepstra, which tell sounds apart and, each about its own mean,
say little of who speaks; the cheapest way through the table of their distances pairs each moment
of the one with a moment of the other (Sakoe and Chiba: "Dynamic programming algorithm optimization
for spoken word recognition", 1978).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cartesia_server.engines.base import Samples
from cartesia_server.voices.features import Array, mel_filters, power_spectrum

STEP = 0.01
"""Seconds from one moment to the next."""

_FRAME, _BANDS, _CEPSTRA = 400, 40, 13
_FLOOR = 50.0  # dB below the loudest moment: below it, all is silence
_SILENCE = 30.0
_LOUDNESS = 0.15  # of 1 dB of loudness, beside cepstra of deviation 1
_CHANGE = 2  # moments to each side that a change is measured over
_WAITING = 0.4  # added where only one of the two goes on
_REACH = 0.35  # seconds from where words are expected
_FAR = 8.0  # for each second beyond that


def align(
    model: Samples, recording: Samples, anchors: Sequence[tuple[float, float]] = ()
) -> tuple[Array, Array]:
    """Pair the moments of two recordings of the same words.

    Args:
        model: one of them, at 16 kHz.
        recording: the other, at 16 kHz.
        anchors: pairs of seconds that roughly belong together, in order.

    Returns:
        Seconds of the model and the seconds of the recording that they belong to, both
        non-decreasing; shapes (n,).
    """
    first, second = _described(model), _described(recording)
    costs = np.sqrt(np.maximum(_squared_distances(first, second), 0.0))
    costs += _strayed(len(first), len(second), anchors)
    rows, columns = _cheapest(costs)
    return rows * STEP, columns * STEP


def _described(samples: Samples) -> Array:
    """Cepstra, loudness and how they change, [moments, features]."""
    bands = power_spectrum(samples, _FRAME) @ mel_filters(_FRAME, _BANDS).T
    levels = 10 * np.log10(bands.astype(np.float64) + 1e-10)
    loudness = levels.mean(1)
    levels = np.maximum(levels, levels.max() - _FLOOR - 20)
    cepstra = levels @ _cosines().T
    heard = loudness > loudness.max() - _SILENCE
    middle, spread = cepstra[heard].mean(0), cepstra[heard].std(0) + 1.0
    cepstra = (cepstra - middle) / spread / np.sqrt(_CEPSTRA - 1)
    relative = np.maximum(loudness - np.percentile(loudness[heard], 80), -_FLOOR)
    described = np.column_stack([cepstra, _LOUDNESS * relative / 3])
    padded = np.pad(described, ((_CHANGE, _CHANGE), (0, 0)), "edge")
    changes = padded[2 * _CHANGE :] - padded[: -2 * _CHANGE]
    return np.asarray(np.column_stack([described, 0.5 * changes]))


def _cosines() -> Array:
    places = (np.arange(_BANDS) + 0.5) * np.pi / _BANDS
    return np.cos(np.arange(1, _CEPSTRA)[:, None] * places)


def _squared_distances(first: Array, second: Array) -> Array:
    return np.asarray((first**2).sum(1)[:, None] + (second**2).sum(1)[None] - 2 * first @ second.T)


def _strayed(rows: int, columns: int, anchors: Sequence[tuple[float, float]]) -> Array:
    """What it costs to pair moments far from where the anchors expect them."""
    if not anchors:
        return np.zeros((rows, columns))
    own, other = np.asarray(anchors).T
    expected = np.interp(np.arange(rows) * STEP, own, other)
    # Before the first anchor and after the last, both go on at the same pace.
    moments = np.arange(rows) * STEP
    expected += np.minimum(moments - own[0], 0) + np.maximum(moments - own[-1], 0)
    away = np.abs(expected[:, None] - np.arange(columns)[None] * STEP)
    return np.asarray(_FAR * np.maximum(away - _REACH, 0))


def _cheapest(costs: Array) -> tuple[Array, Array]:
    """The cheapest monotonic way from corner to corner, as its rows and columns."""
    rows, columns = costs.shape
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0.0
    choice = np.zeros((rows, columns), np.int8)
    # Cells of one anti-diagonal do not depend on each other.
    for diagonal in range(rows + columns - 1):
        row = np.arange(max(0, diagonal - columns + 1), min(rows, diagonal + 1))
        column = diagonal - row
        ways = np.stack(
            [
                total[row, column] + costs[row, column],
                total[row, column + 1] + costs[row, column] * 0.5 + _WAITING,
                total[row + 1, column] + costs[row, column] * 0.5 + _WAITING,
            ]
        )
        best = ways.argmin(0)
        choice[row, column] = best
        total[row + 1, column + 1] = ways[best, np.arange(len(row))]
    return _traced(choice)


def _traced(choice: np.ndarray) -> tuple[Array, Array]:
    row, column = choice.shape[0] - 1, choice.shape[1] - 1
    way = [(row, column)]
    while row or column:
        step = choice[row, column]
        if row and (step != 2 or not column):
            row -= 1
            column -= int(step == 0 and column > 0)
        else:
            column -= 1
        way.append((row, column))
    found = np.asarray(way[::-1], np.float64)
    return found[:, 0], found[:, 1]
