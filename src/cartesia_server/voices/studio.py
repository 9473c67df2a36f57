"""Where clips become voices, set up when the first clip comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import islice

from cartesia_server.engines.base import CancelToken, Samples, SpeechEngine
from cartesia_server.voices.clone import REHEARSALS, Clone, CloneMode, VoiceCloner
from cartesia_server.voices.rehearsal import Rehearsal
from cartesia_server.voices.space import VoiceSpace


class CloneStudio:
    """Clones voices. Thread-safe.

    Many servers never clone, so the speaker encoder is loaded for the first clip, in about a
    second.

    Args:
        space: the voice space.
        engine: has voices rehearse.
    """

    def __init__(self, space: VoiceSpace, engine: SpeechEngine) -> None:
        self._space = space
        self._engine = engine
        self._lock = threading.Lock()
        self._cloner: VoiceCloner | None = None

    def clones(
        self,
        clip: Samples,
        cancel: CancelToken,
        *,
        mode: CloneMode = "similarity",
        enhance: bool = False,
    ) -> Iterator[Clone]:
        """Yield the best voice so far after each of `REHEARSALS` rehearsals.

        Args:
            clip: of one speaker, mono float32 at 16 kHz.
            cancel: looked at between rehearsals and while voices rehearse.
            mode: see `VoiceCloner.clones`.
            enhance: take steady noise out of the clip first.

        Raises:
            ClipError: the clip holds too little speech.
            Cancelled: `cancel` was flipped.
        """
        cloner = self._set_up()
        speaker = cloner.listen(clip, enhance=enhance)
        yield from islice(cloner.clones(speaker, cancel, mode), REHEARSALS)

    def _set_up(self) -> VoiceCloner:
        with self._lock:
            if self._cloner is None:
                self._cloner = VoiceCloner(self._space, Rehearsal(self._engine))
            return self._cloner
