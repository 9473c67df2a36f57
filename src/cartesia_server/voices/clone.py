"""A voice that sounds like the speaker of a clip.

Nothing is trained for it: the voice is searched for in the voice space. The surrogate's guess leads
to a first voice in a moment; that voice rehearses a sentence, the speaker encoder listens to it as
it did to the clip, and what it hears corrects the guess for the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cartesia_server.engines.base import CancelToken, Samples, VoicePoint
from cartesia_server.voices.enhance import enhance as without_noise
from cartesia_server.voices.features import (
    SAMPLE_RATE,
    SpeakerEncoder,
    SpeakerFeatures,
    without_silence,
)
from cartesia_server.voices.rehearsal import SENTENCES
from cartesia_server.voices.search import Bounds, VoiceSearch
from cartesia_server.voices.space import VoiceSpace
from cartesia_server.voices.surrogate import Surrogate

CloneMode: TypeAlias = Literal["similarity", "stability"]

CLONE_MODES: tuple[CloneMode, ...] = ("similarity", "stability")
"""Every `CloneMode`, for error texts."""

Rehearse: TypeAlias = Callable[[VoicePoint, int, CancelToken], Samples]
"""Has a voice speak the sentence of a number; mono float32 at 16 kHz."""

REHEARSALS = 2
"""Rehearsals of an ordinary clone: about a second and a half on two cores."""

BOUNDS: dict[CloneMode, Bounds] = {
    "similarity": Bounds(pull=0.05, limit=1.0),
    "stability": Bounds(pull=0.3, limit=0.8),
}
"""How far each mode goes from voices as people make them."""

_LEAST_SECONDS = 1.0
_LEAST_VOICED = 0.2
_LEAST_SPEECH = 0.3  # as detectors hear it, who miss the edges of words
_ACCEPTED = f"at least {_LEAST_SECONDS:g} s of speech, better 10 s, of one person"
_MOST_SECONDS = 60.0  # of a clip that are looked at
_MOST_SPEECH = 30.0  # of the speech in them that is listened to: twice as much tells no more


class ClipError(ValueError):
    """The clip holds too little speech to know its speaker by."""


def check_speech(seconds: float) -> None:
    """Refuse a clip in which so few seconds hold a voice.

    What else sounds, a tone or music, has a pitch as speech does, and a voice would be found for
    it, too.

    Raises:
        ClipError: there is too little speech.
    """
    if seconds < _LEAST_SPEECH:
        raise ClipError(f"clip: got {seconds:.1f} s of speech, accepted: {_ACCEPTED}")


def beginning(clip: Samples) -> Samples:
    """The part of a clip at 16 kHz that is listened to."""
    return clip[: int(_MOST_SECONDS * SAMPLE_RATE)]


@dataclass(frozen=True, slots=True, eq=False)
class Clone:
    """A voice found for a clip.

    Attributes:
        point: the voice.
        similarity: cosine between what the speaker encoder heard of the clip and of the voice:
            clips of one speaker have 0.9 and more, clones 0.7 to 0.85, strangers 0.54.
        rehearsals: how often voices were made to speak to find it.
    """

    point: VoicePoint
    similarity: float
    rehearsals: int


class VoiceCloner:
    """Finds voices for clips. Thread-safe.

    Args:
        space: the voice space.
        rehearse: has a voice speak.
        encoder: hears who speaks; by default loaded from the package.
        surrogate: guesses how voices sound; by default loaded from the package.
    """

    def __init__(
        self,
        space: VoiceSpace,
        rehearse: Rehearse,
        *,
        encoder: SpeakerEncoder | None = None,
        surrogate: Surrogate | None = None,
    ) -> None:
        self._space = space
        self._rehearse = rehearse
        self._encoder = encoder or SpeakerEncoder()
        self._surrogate = surrogate or Surrogate.load()

    def listen(self, clip: Samples, *, enhance: bool = False) -> SpeakerFeatures:
        """Hear who speaks in a clip.

        Args:
            clip: mono float32 at 16 kHz; of a long one the first half minute of speech is used,
                if it lies in the first minute.
            enhance: take steady noise out first. With speech 10 dB above hiss or hum, the cosine
                to clean speech of the same person rises from 0.78 to 0.87; in a crowd by 0.02
                only; a clean clip loses 0.006.

        Raises:
            ClipError: it holds less than a second of speech.
        """
        heard = beginning(clip)
        speech = without_silence(without_noise(heard) if enhance else heard)
        if len(speech) < _LEAST_SECONDS * SAMPLE_RATE:
            raise ClipError(_told(len(speech) / SAMPLE_RATE, 0.0))
        features = self._encoder.features(speech[: int(_MOST_SPEECH * SAMPLE_RATE)])
        voiced = features.seconds * features.pitch[3]
        if features.seconds < _LEAST_SECONDS or voiced < _LEAST_VOICED:
            raise ClipError(_told(features.seconds, voiced))
        return features

    def begin(self, speaker: SpeakerFeatures, mode: CloneMode = "similarity") -> Cloning:
        """Begin to look for the voice of a speaker.

        Args:
            speaker: who it should sound like.
            mode: ``similarity`` goes as near as the space allows, ``stability`` stays closer to
                how built-in voices speak.
        """
        search = VoiceSearch(self._surrogate, speaker, BOUNDS[mode])
        return Cloning(self._space, self._rehearse, self._encoder, search, speaker)


class Cloning:
    """The search for one voice. Rehearse it until it is good enough; not thread-safe.

    An ordinary clone is the one after `REHEARSALS`.
    """

    def __init__(
        self,
        space: VoiceSpace,
        rehearse: Rehearse,
        encoder: SpeakerEncoder,
        search: VoiceSearch,
        speaker: SpeakerFeatures,
    ) -> None:
        self._space = space
        self._rehearse = rehearse
        self._encoder = encoder
        self._search = search
        self._speaker = speaker
        self._tried: list[tuple[VoicePoint, float]] = []

    @property
    def best(self) -> Clone:
        """The best voice so far; `IndexError` before the first rehearsal."""
        return Clone(*self._tried[self._search.best], rehearsals=len(self._tried))

    @property
    def middle(self) -> VoicePoint:
        """The voice amid the best tried; the best one itself while fewer than ten were."""
        return self._space.at(self._search.middle.reshape(2, -1))

    def rehearse(self, cancel: CancelToken) -> Clone:
        """Have one more voice speak, and return the best so far.

        Raises:
            Cancelled: `cancel` was flipped.
        """
        number = len(self._tried)
        coordinates = self._search.propose(bold=number >= REHEARSALS)
        point = self._space.at(coordinates.reshape(2, -1))
        sentence = number % len(SENTENCES)
        heard = self._heard(point, sentence, cancel)
        self._search.heard(coordinates, heard, sentence)
        self._tried.append((point, self._cosine(heard)))
        return self.best

    def likeness(self, point: VoicePoint, number: int, cancel: CancelToken) -> float:
        """Return how like the speaker a voice sounds in the sentence of a number, to all ears.

        Raises:
            Cancelled: `cancel` was flipped.
        """
        return self._search.likeness(self._heard(point, number, cancel))

    def _heard(self, point: VoicePoint, number: int, cancel: CancelToken) -> SpeakerFeatures:
        return self._encoder.features(self._rehearse(point, number, cancel))

    def _cosine(self, heard: SpeakerFeatures) -> float:
        return float(heard.embedding @ self._speaker.embedding)


def _told(seconds: float, voiced: float) -> str:
    return f"clip: got {seconds:.1f} s of sound, {voiced:.1f} s of it voiced, accepted: {_ACCEPTED}"
