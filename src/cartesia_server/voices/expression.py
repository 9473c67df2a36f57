"""Voices moved to where they sound higher, livelier or with more effort."""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from cartesia_server.engines.base import Expression, VoicePoint
from cartesia_server.voices.space import Array, VoiceSpace, within_reach


@dataclass(frozen=True, slots=True, eq=False)
class Expressions:
    """Moves voices along directions of the voice space. Immutable; share one among threads.

    The directions were learned from measured speech by ``scripts/learn_expression.py``. Timbre
    stays, and the way of speaking stays within the reach of the space, where words are
    intelligible: so an extreme voice moves less than others.

    Attributes:
        space: the voice space.
        directions: changes of the prosody coordinates, [3, 53], for one semitone more, for a range
            that is wider by a factor of e, and for one unit of effort more.
    """

    space: VoiceSpace
    directions: Array

    @classmethod
    def load(cls, space: VoiceSpace) -> Expressions:
        """Read the packaged directions (1 KB)."""
        with (
            (files("cartesia_server.voices") / "data" / "expression.npz").open("rb") as file,
            np.load(file) as data,
        ):
            return cls(space, data["directions"].astype(np.float64))

    def moved(self, voice: VoicePoint, expression: Expression) -> VoicePoint:
        """Return the point of a voice that speaks with an expression, float32 [192].

        Its rate and level are none of the space's: who makes the sound applies them.
        """
        steps = np.array([expression.pitch, math.log(expression.range), expression.effort])
        if not steps.any():
            return voice
        coordinates = self.space.coordinates(voice)
        coordinates[1] += steps @ self.directions
        return self.space.at(within_reach(coordinates))
