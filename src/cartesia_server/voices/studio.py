"""Where clips become voices, set up when the first clip comes."""

from __future__ import annotations

import threading

from cartesia_server.engines.base import Samples, SpeechEngine
from cartesia_server.voices.clone import CloneMode, Cloning, VoiceCloner
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

    def begin(
        self, clip: Samples, *, mode: CloneMode = "similarity", enhance: bool = False
    ) -> Cloning:
        """Hear who speaks in a clip, and begin to look for their voice.

        Args:
            clip: of one speaker, mono float32 at 16 kHz.
            mode: see `VoiceCloner.begin`.
            enhance: take steady noise out of the clip first.

        Raises:
            ClipError: the clip holds too little speech.
        """
        cloner = self._set_up()
        return cloner.begin(cloner.listen(clip, enhance=enhance), mode)

    def _set_up(self) -> VoiceCloner:
        with self._lock:
            if self._cloner is None:
                self._cloner = VoiceCloner(self._space, Rehearsal(self._engine))
            return self._cloner
