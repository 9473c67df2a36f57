"""Which stretches of a recording to recognise, by voice activity, found only as far as needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import VOICE_FRAME as FRAME
from cartesia_server.engines.base import CancelToken, Samples, VoiceDetector
from cartesia_server.engines.windows import SAMPLE_RATE

_VOICE, _STILL_VOICE = 0.5, 0.35  # probability at which a voice begins, and goes on
_PADDING = 9  # frames kept around speech, about 0.3 s
_LONGEST = 18 * SAMPLE_RATE // FRAME  # frames of a window
_EARLIEST_CUT = 8 * SAMPLE_RATE // FRAME
_GAP = 2 * SAMPLE_RATE // FRAME  # a pause this long always ends a window
_WITHIN_A_WORD = 6  # frames without a voice, about 0.2 s, that no word has within it
_PAUSE = 5  # frames of the shortest pause worth cutting at


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of samples to recognise at once.

    Attributes:
        start: its first sample.
        end: the sample after its last.
        voice_end: the sample at which its speech ends.
        cut_off: whether it ends in the middle of speech.
    """

    start: int
    end: int
    voice_end: int
    cut_off: bool


class SpeechMap:
    """Where speech lies in a recording; listens ahead by one window at a time.

    Args:
        detector: fresh.
        samples: the whole recording at 16 kHz.
        cancel: looked at whenever it listens on.
    """

    def __init__(self, detector: VoiceDetector, samples: Samples, cancel: CancelToken) -> None:
        self._detector = detector
        self._samples = samples
        self._cancel = cancel
        self._count = -(-len(samples) // FRAME)
        self._voiced: npt.NDArray[np.bool_] = np.zeros(0, np.bool_)

    def window(self, at: int) -> Window | None:
        """The next window of speech that begins at or after the sample `at`; None at the end.

        Raises:
            Cancelled: `cancel` was flipped.
        """
        first = self._first_voice(at)
        if first is None:
            return None
        start = max(at, (first - _PADDING) * FRAME)
        self._listen(first + _LONGEST + _GAP)
        last, cut_off = self._last_voice(first)
        voice_end = min(len(self._samples), (last + 1) * FRAME)
        end = voice_end if cut_off else min(len(self._samples), voice_end + _PADDING * FRAME)
        return Window(start, end, voice_end, cut_off)

    def onset(self, start: float, end: float) -> float:
        """When a word is heard to begin, for which a recogniser names a stretch of the recording.

        Whisper's words tile its window: the first one after a pause takes the pause along.

        Args:
            start: of the word, in seconds of the recording, as far as that has been listened to.
            end: of the word.
        """
        first = int(start * SAMPLE_RATE) // FRAME
        voiced = np.flatnonzero(self._voiced[first : int(end * SAMPLE_RATE) // FRAME + 1])
        if not len(voiced):
            return start
        stretches = np.split(voiced, np.flatnonzero(np.diff(voiced) > _WITHIN_A_WORD) + 1)
        word = max(stretches, key=len)
        if word[0] < _WITHIN_A_WORD:
            return start
        return max(start, (first + int(word[0]) - 1) * FRAME / SAMPLE_RATE)

    def seek(self, at: int) -> Iterator[None]:
        """Listen on until there is a voice at or after the sample `at`, in steps of 18 s.

        `window` does so by itself, at once: hours of silence are nothing to be searched at once
        where others wait.

        Raises:
            Cancelled: `cancel` was flipped.
        """
        frame = -(-at // FRAME)
        while len(self._voiced) < self._count and not self._voiced[frame:].any():
            self._listen(len(self._voiced) + _LONGEST)
            yield

    def _first_voice(self, at: int) -> int | None:
        for _ in self.seek(at):
            pass
        first = -(-at // FRAME)
        found = np.flatnonzero(self._voiced[first:])
        return first + int(found[0]) if len(found) else None

    def _last_voice(self, first: int) -> tuple[int, bool]:
        """The last frame of the window's speech, and whether the speech goes on after it."""
        reach = self._voiced[first : first + _LONGEST + _GAP]
        voiced = np.flatnonzero(reach)
        pauses = np.diff(voiced) - 1
        long = np.flatnonzero(pauses >= _GAP)
        if len(long):
            voiced = voiced[: long[0] + 1]
            pauses = pauses[: long[0]]
        if voiced[-1] < _LONGEST:
            return first + int(voiced[-1]), False
        usable = np.flatnonzero(
            (pauses >= _PAUSE) & (voiced[:-1] >= _EARLIEST_CUT) & (voiced[:-1] < _LONGEST)
        )
        if not len(usable):
            return first + _LONGEST - 1, True
        longest = usable[np.argmax(pauses[usable])]
        return first + int(voiced[longest]), False

    def _listen(self, frames: int) -> None:
        self._cancel.raise_if_cancelled()
        known = len(self._voiced)
        stop = min(frames, self._count)
        if stop <= known:
            return
        heard = self._samples[known * FRAME : stop * FRAME]
        short = (stop - known) * FRAME - len(heard)  # the recording's last frame is a part of one
        probabilities = self._detector.feed(np.pad(heard, (0, short)))
        self._voiced = np.concatenate((self._voiced, self._judge(probabilities)))

    def _judge(self, probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
        """Voiced or not, with hysteresis: what has begun goes on down to a lower probability."""
        on = bool(self._voiced[-1]) if len(self._voiced) else False
        voiced = np.empty(len(probabilities), np.bool_)
        for index, probability in enumerate(probabilities):
            on = bool(probability >= (_STILL_VOICE if on else _VOICE))
            voiced[index] = on
        return voiced
