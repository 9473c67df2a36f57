"""The search for the voice that sounds like a speaker: guess, listen, correct, guess again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from cartesia_server.voices.features import SpeakerFeatures
from cartesia_server.voices.space import within_reach
from cartesia_server.voices.surrogate import PITCHES, Sound, Surrogate

Array: TypeAlias = npt.NDArray[np.float64]

_PITCH = 0.3  # what a squared unit of ln(Hz) weighs against a unit of cosine
# And the cosine of timbres against that of embeddings. Little is enough to keep the search from
# voices that only the encoder takes for the speaker; with 0.4 it hears them further away.
_TIMBRE = 0.1
_STARTS = 6
_STEPS = 100
_STEP = 0.06
_COARSE = 0.6  # share of the steps before they shrink
_AMONG = 5  # the middle is that of the best of so many

# Most likely for what the guess got wrong about 40 voices around one speaker.
_REACH = 0.5  # distance, scaled, over which what was heard of one voice corrects the guess
_SENTENCE = 0.6  # variance of what a sentence does to every voice, relative to what is corrected
_NOISE = 0.35  # and of what it does to one


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far the search may go from voices as people make them.

    Attributes:
        pull: what the mean square of the coordinates weighs against a unit of cosine.
        limit: most that the rms of timbre and of prosody may be; 1 is what any voice may have.
    """

    pull: float
    limit: float


class VoiceSearch:
    """One search. Ask for a voice with `propose`, say with `heard` how it sounds, repeat.

    The surrogate is wrong by something that changes slowly from voice to voice, so what was heard
    of the voices tried corrects it around them: a Gaussian process (Rasmussen and Williams 2006,
    chapter 2) beside that of the surrogate. What a sentence does to all voices is kept apart.
    """

    def __init__(self, surrogate: Surrogate, target: SpeakerFeatures, bounds: Bounds) -> None:
        self._surrogate = surrogate
        self._target = _sound(surrogate, target)
        self._bounds = bounds
        self._tried: Array = np.zeros((0, surrogate.voices.shape[1]))
        self._missed: Array = np.zeros((0, self._target.joined().shape[1]))
        self._sentences: npt.NDArray[np.int64] = np.zeros(0, np.int64)
        self._corrections: Array = self._missed

    @property
    def best(self) -> int:
        """Which of the voices tried, counted from 0, most likely sounds like the target.

        What was heard of it counts with the guess: one sentence alone misleads.
        """
        return int(np.argmax(self._merit(self._tried)))

    @property
    def middle(self) -> Array:
        """The coordinates, [106], amid the best fifth of the voices tried.

        What the best of many owes to luck is its own, so that it averages out; what makes it like
        the target, they share.
        """
        best = np.argsort(-self._merit(self._tried))[: max(1, len(self._tried) // _AMONG)]
        return np.asarray(self._tried[best].mean(0))

    def propose(self, *, bold: bool = False) -> Array:
        """Return the coordinates, [106], of the voice that should sound most like the target.

        Args:
            bold: climb the corrections too. They point away from what was heard, so such voices
                tell more and are, while little was heard, less like the target.
        """
        learned = np.argsort(-self._score(self._surrogate.heard))[:_STARTS]
        tried = np.argsort(-self._merit(self._tried))[:_STARTS]
        starts = np.concatenate([self._surrogate.voices[learned], self._tried[tried]])
        ends = self._climb(starts, bold)
        return np.asarray(ends[int(np.argmax(self._merit(ends)))])

    def heard(self, coordinates: Array, features: SpeakerFeatures, sentence: int) -> None:
        """Take in how a voice sounds in a sentence, whichever number that has."""
        guessed = self._surrogate.guess(coordinates[None])
        missed = _sound(self._surrogate, features).joined() - guessed.joined()
        self._tried = np.concatenate([self._tried, coordinates[None]])
        self._missed = np.concatenate([self._missed, missed])
        self._sentences = np.append(self._sentences, sentence)
        alike = self._alike(self._tried) + _NOISE * np.eye(len(self._tried))
        alike += _SENTENCE * (self._sentences[:, None] == self._sentences)
        self._corrections = np.asarray(np.linalg.solve(alike, self._missed), np.float64)

    def likeness(self, features: SpeakerFeatures) -> float:
        """Return how like the target a voice was heard to sound, however likely it is a voice."""
        return float(self._score(_sound(self._surrogate, features))[0])

    def _merit(self, coordinates: Array) -> Array:
        unusual = self._bounds.pull * (coordinates**2).mean(1)
        return np.asarray(self._score(self._guess(coordinates)) - unusual)

    def _guess(self, coordinates: Array) -> Sound:
        missed = self._alike(coordinates) @ self._corrections
        return Sound.of(self._surrogate.guess(coordinates).joined() + missed)

    def _score(self, sound: Sound) -> Array:
        embeddings, _ = _cosines(sound.embeddings, self._target.embeddings)
        timbres, _ = _cosines(sound.timbres, self._target.timbres)
        pitches = (sound.pitches[:, 0] - self._target.pitches[0, 0]) ** 2
        return np.asarray(embeddings + _TIMBRE * timbres - _PITCH * pitches)

    def _alike(self, coordinates: Array) -> Array:
        squares = (((coordinates[:, None] - self._tried) * self._surrogate.scale) ** 2).sum(-1)
        return np.asarray(np.exp(-squares / (2 * _REACH**2)))

    def _climb(self, coordinates: Array, bold: bool) -> Array:
        """Ascend the score from several starts by Adam (Kingma and Ba 2015)."""
        first, second = np.zeros_like(coordinates), np.zeros_like(coordinates)
        for step in range(1, _STEPS + 1):
            slope = self._slope(coordinates, bold)
            first = 0.9 * first + 0.1 * slope
            second = 0.99 * second + 0.01 * slope**2
            size = _STEP if step < _COARSE * _STEPS else _STEP / 3
            move = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.99**step)) + 1e-6)
            halves = (coordinates + size * move).reshape(len(coordinates), 2, -1)
            coordinates = within_reach(halves, self._bounds.limit).reshape(len(coordinates), -1)
        return coordinates

    def _slope(self, coordinates: Array, bold: bool) -> Array:
        sound = self._guess(coordinates)
        _, embeddings = _cosines(sound.embeddings, self._target.embeddings)
        _, timbres = _cosines(sound.timbres, self._target.timbres)
        pitches = np.zeros_like(sound.pitches)
        pitches[:, 0] = -2 * _PITCH * (sound.pitches[:, 0] - self._target.pitches[0, 0])
        slopes = Sound(embeddings, pitches, _TIMBRE * timbres)
        slope = self._surrogate.gradient(coordinates, slopes)
        if bold:
            slope = slope + self._slope_of_corrections(coordinates, slopes)
        pull = 2 * self._bounds.pull * coordinates / coordinates.shape[1]
        return np.asarray(slope - pull)

    def _slope_of_corrections(self, coordinates: Array, slopes: Sound) -> Array:
        near = self._alike(coordinates) * (slopes.joined() @ self._corrections.T)
        towards = near @ self._tried - near.sum(1, keepdims=True) * coordinates
        return np.asarray(towards * (self._surrogate.scale / _REACH) ** 2)


def _sound(surrogate: Surrogate, features: SpeakerFeatures) -> Sound:
    pitches = features.pitch[None, :PITCHES]
    return Sound(features.embedding[None], pitches, surrogate.timbre(features.cepstrum[None]))


def _cosines(vectors: Array, target: Array) -> tuple[Array, Array]:
    """Return cosines of vectors, [m, n], to a target, [1, n], and how they change with them."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    directions, towards = vectors / lengths, target / np.linalg.norm(target)
    cosines = directions @ towards.T
    return cosines[:, 0], (towards - cosines * directions) / lengths
