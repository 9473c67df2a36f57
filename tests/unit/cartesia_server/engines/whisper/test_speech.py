"""Windows of speech, on scripted probabilities."""

import numpy as np
import pytest

from cartesia_server.engines.base import VOICE_FRAME, Cancelled, CancelToken
from cartesia_server.engines.whisper.speech import SpeechMap

SECOND = 16000
LONGEST = 18 * SECOND + VOICE_FRAME


class Script:
    """Takes the level of the samples for the probability of a voice."""

    def feed(self, samples):
        return np.abs(samples).reshape(-1, VOICE_FRAME).max(axis=1)


def recording(*stretches):
    return np.concatenate([np.full(int(s * SECOND), level, np.float32) for s, level in stretches])


def windows(samples):
    speech, at, found = SpeechMap(Script(), samples, CancelToken()), 0, []
    while (window := speech.window(at)) is not None:
        found.append(window)
        assert window.end > at
        at = window.end
    return found


def test_silence_has_no_windows():
    assert windows(recording((60, 0.1))) == []
    assert windows(np.empty(0, np.float32)) == []


def test_a_window_is_the_speech_and_a_little_around_it():
    [window] = windows(recording((5, 0.0), (3, 0.9), (5, 0.0)))
    assert 4.5 * SECOND < window.start < 5 * SECOND
    assert 8 * SECOND < window.end < 8.5 * SECOND
    assert abs(window.voice_end - 8 * SECOND) <= VOICE_FRAME
    assert not window.cut_off


def test_long_pauses_part_windows_and_short_ones_do_not():
    samples = recording((3, 0.9), (1, 0.0), (3, 0.9), (4, 0.0), (3, 0.9))
    assert len(windows(samples)) == 2


def test_long_speech_is_cut_in_its_longest_pause():
    first, second = windows(recording((10, 0.9), (0.3, 0.0), (4, 0.9), (0.8, 0.0), (10, 0.9)))
    assert abs(first.voice_end - 14.3 * SECOND) <= VOICE_FRAME
    assert second.start > first.voice_end
    assert not first.cut_off


def test_speech_without_a_pause_is_cut_off():
    first, *_ = windows(recording((40, 0.9)))
    assert first.cut_off
    assert first.end - first.start <= LONGEST


def test_the_last_frame_may_be_a_part_of_one():
    [window] = windows(recording((1, 0.9))[:-100])
    assert window.end == SECOND - 100


def test_speech_before_a_position_is_left_out():
    window = SpeechMap(Script(), recording((4, 0.9)), CancelToken()).window(2 * SECOND + 5)
    assert window is not None
    assert window.start == 2 * SECOND + 5


def test_a_search_through_hours_of_silence_can_be_cancelled():
    cancel, heard = CancelToken(), []

    class Impatient(Script):
        def feed(self, samples):
            heard.append(len(samples))
            cancel.cancel()
            return super().feed(samples)

    with pytest.raises(Cancelled):
        SpeechMap(Impatient(), recording((600, 0.0)), cancel).window(0)
    assert len(heard) == 1


def test_a_search_is_made_in_steps():
    speech = SpeechMap(Script(), recording((600, 0.0), (2, 0.9)), CancelToken())
    assert sum(1 for _ in speech.seek(0)) == pytest.approx(600 / 18, abs=1)
    window = speech.window(0)
    assert window is not None
    assert window.voice_end > 600 * SECOND
    assert not list(speech.seek(0))
    assert sum(1 for _ in speech.seek(window.end)) <= 1


@pytest.mark.parametrize(
    ("start", "end", "onset"),
    [
        (0.0, 2.5, 1.95),  # the pause before is no part of it
        (1.9, 2.5, 1.9),  # what sounds before the voice is
        (2.2, 2.5, 2.2),
        (2.9, 4.6, 3.95),  # nor is the end of the word before
        (2.0, 3.8, 2.0),  # nor the pause after a reason to move it
        (3.2, 3.8, 3.2),
        (9.0, 9.5, 9.0),
    ],
)
def test_a_word_begins_where_its_voice_does(start, end, onset):
    samples = recording((2, 0.0), (1, 0.9), (1, 0.0), (1, 0.9))
    speech = SpeechMap(Script(), samples, CancelToken())
    speech.window(0)
    assert speech.onset(start, end) == pytest.approx(onset, abs=0.04)
