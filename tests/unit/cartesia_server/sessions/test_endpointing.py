"""When utterances begin and end, on scripted probabilities."""

import numpy as np
import pytest

from cartesia_server.sessions.endpointing import SAMPLE_RATE, Endpointer, Utterance

FRAME = 512
FRAME_SECONDS = FRAME / SAMPLE_RATE


class Script:
    """Gives out one probability after the other, one for each frame."""

    def __init__(self, probabilities):
        self._left = list(probabilities)
        self._samples = 0

    def feed(self, samples):
        self._samples += len(samples)
        count, self._samples = divmod(self._samples, FRAME)
        given, self._left = self._left[:count], self._left[count:]
        return np.array(given, np.float32)


def run(probabilities, *, level=0.5, **options):
    """Feed a script to its end; the utterances, in frames."""
    endpointer = Endpointer(Script(probabilities), **options)
    utterances: list[Utterance] = []
    for _ in probabilities:
        utterances += endpointer.feed(np.full(FRAME, level, np.float32))
    return endpointer, utterances


def test_silence_holds_no_utterance():
    assert run([0.1] * 100)[1] == []


def test_an_utterance_begins_before_its_voice_and_ends_after_it():
    _, [utterance] = run([0.0] * 30 + [0.9] * 30 + [0.0] * 30, max_silence=0.5)
    assert utterance.start == 20 * FRAME
    assert utterance.voice_end == 60 * FRAME
    assert utterance.end == 70 * FRAME


def test_a_short_pause_does_not_end_it_and_a_long_one_does():
    pause = int(0.4 / FRAME_SECONDS)
    script = [0.9] * 20 + [0.0] * pause + [0.9] * 20 + [0.0] * 30
    assert len(run(script, max_silence=0.6)[1]) == 1
    assert len(run(script, max_silence=0.3)[1]) == 2


def test_a_voice_goes_on_at_a_probability_at_which_none_begins():
    assert run([0.4] * 50)[1] == []
    _, [utterance] = run([0.9] + [0.4] * 50)
    assert utterance.end is None
    assert utterance.voice_end == 51 * FRAME


def test_what_is_softer_than_the_least_volume_is_silence():
    assert run([0.99] * 100, level=0.05, min_volume=0.1)[1] == []
    assert run([0.99] * 100, level=0.2, min_volume=0.1)[1][0].end is None
    assert run([0.99] * 100, level=0.05)[1][0].end is None


def test_a_voice_that_becomes_softer_than_that_ends():
    endpointer = Endpointer(Script([0.99] * 100), max_silence=0.5, min_volume=0.1)
    loud, soft = (np.full(50 * FRAME, level, np.float32) for level in (0.5, 0.05))
    [utterance] = endpointer.feed(np.concatenate((loud, soft)))
    assert (utterance.voice_end, utterance.end) == (50 * FRAME, 60 * FRAME)


def test_the_longer_somebody_speaks_the_shorter_a_pause_will_do():
    pause = [0.0] * int(0.3 / FRAME_SECONDS)
    long = [0.9] * int(20 / FRAME_SECONDS)
    assert run([0.9] * 100 + pause)[1][0].end is None
    assert run(long + pause)[1][0].end is not None


@pytest.mark.parametrize("spoken", [5, 10, 16, 19.5])
def test_a_silence_that_the_caller_asks_for_is_kept_to_while_an_utterance_may_go_on(spoken):
    pause = [0.0] * int(1.9 / FRAME_SECONDS)
    voice = [0.9] * int(spoken / FRAME_SECONDS)
    _, utterances = run(voice + pause + [0.9] * 10, max_silence=2.0)
    assert len(utterances) == 1
    assert run(voice + [0.0] * int(2.1 / FRAME_SECONDS), max_silence=2.0)[1][0].end is not None


def test_before_a_window_is_full_an_utterance_ends_at_any_pause():
    voice = [0.9] * int(26.5 / FRAME_SECONDS)
    pause = [0.0] * int(0.2 / FRAME_SECONDS)
    assert run(voice + pause, max_silence=2.0)[1][0].end is not None


def test_utterances_do_not_overlap():
    _, (first, second) = run([0.9] * 20 + [0.0] * 5 + [0.9] * 20, max_silence=0.1)
    assert second.start == first.end


def test_cutting_ends_what_is_open_with_all_that_was_said():
    endpointer, [utterance] = run([0.9] * 20)
    assert list(endpointer.feed(np.full(100, 0.5, np.float32))) == []
    endpointer.cut()
    assert utterance.end == endpointer.position == 20 * FRAME + 100
    endpointer.cut()


@pytest.mark.parametrize("size", [1, 160, 511, 512, 513, 5000])
def test_the_size_of_pieces_makes_no_difference(size):
    script = [0.0] * 10 + [0.9] * 20 + [0.0] * 20
    endpointer = Endpointer(Script(script), max_silence=0.5)
    samples = np.full(50 * FRAME, 0.5, np.float32)
    begun = [u for at in range(0, len(samples), size) for u in endpointer.feed(samples[at:][:size])]
    _, expected = run(script, max_silence=0.5)
    assert [(u.start, u.end) for u in begun] == [(u.start, u.end) for u in expected]


def test_an_utterance_may_need_a_surer_voice_to_begin_but_keeps_what_led_to_it():
    script = [0.0] * 30 + [0.6] * 5 + [0.9] * 5 + [0.6] * 50
    assert run([0.7] * 100, threshold=0.8)[1] == []
    _, [utterance] = run(script, threshold=0.8)
    assert utterance.start == 20 * FRAME
    assert (utterance.voice_end, utterance.end) == (90 * FRAME, None)


def test_what_is_kept_for_a_surer_voice_is_limited():
    endpointer, [] = run([0.7] * 1000, threshold=0.8)
    assert endpointer.position - endpointer.needed_from <= 2 * SAMPLE_RATE


def test_an_utterance_knows_when_its_last_voice_came():
    endpointer = Endpointer(Script([0.9] * 10 + [0.1] * 5 + [0.9] * 3 + [0.1] * 9))
    utterances = [
        utterance
        for now in range(27)
        for utterance in endpointer.feed(np.full(FRAME, 0.5, np.float32), float(now))
    ]
    [utterance] = utterances
    assert (utterance.voice_end, utterance.voice_at) == (18 * FRAME, 17.0)
