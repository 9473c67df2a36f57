"""The conversation on a transcription socket, with words that the samples themselves spell.

Each second of sound holds one word, said at its beginning; its level tells the number of the word.
"""

import numpy as np
import pytest

from cartesia_server.engines.base import RecognizedWord, TranscriptSegment
from cartesia_server.errors import Overloaded
from cartesia_server.sessions.endpointing import Endpointer
from cartesia_server.sessions.recognition import WINDOW
from cartesia_server.sessions.transcription import TranscriptionSession
from tests.contract.scripted import LoudnessDetector

RATE = 16000


def speech(*numbers, said=0.5):
    """Words, one a second: sound for `said` seconds, then silence."""
    seconds = np.zeros((len(numbers), RATE), np.float32)
    seconds[:, : int(said * RATE)] = np.array(numbers, np.float32)[:, None] / 100 + 0.1
    return seconds.ravel()


def silence(seconds):
    return np.zeros(int(seconds * RATE), np.float32)


def recognise(samples, skip=0):
    """Read the words off the samples, as a recogniser would hear them."""
    levels = np.round(samples * 100).astype(int)
    edges = np.flatnonzero(np.diff(levels)) + 1
    words = []
    for begin, end in zip([0, *edges], [*edges, len(levels)], strict=True):
        if levels[begin] and end > skip:
            words.append(RecognizedWord(f"w{levels[begin] - 10}", begin / RATE, end / RATE, 0.9))
    return words


class Listener:
    """A session and an engine that needs no time."""

    def __init__(self, max_silence=0.6, **options):
        endpointer = Endpointer(LoudnessDetector(), max_silence=max_silence)
        self.session = TranscriptionSession(
            endpointer, request_id="r", language="en", **{"max_pending": 600.0, **options}
        )
        self.now = 0.0
        self.jobs = []
        self.messages = []

    def hear(self, samples, step=0.1):
        """Receive samples in real time, recognising as they come."""
        size = int(step * RATE)
        for at in range(0, len(samples), size):
            self.session.feed(samples[at : at + size], self.now)
            self.now += step
            self.work()

    def work(self):
        while (job := self.session.next_job(self.now)) is not None:
            self.jobs.append(job)
            self.session.settle(job, self.result(job))
        self.messages += self.session.take_messages()

    @staticmethod
    def result(job):
        words = recognise(job.samples, skip=job.start - job.origin)
        text = " ".join(word.text for word in words)
        return [TranscriptSegment(text, 0.0, 0.0, () if job.draft else tuple(words))]

    def finals(self):
        return [m for m in self.messages if m.type == "transcript" and m.is_final]

    def interims(self):
        return [m for m in self.messages if m.type == "transcript" and not m.is_final]

    def types(self):
        return [m.type for m in self.messages if m.type != "transcript" or m.is_final]


@pytest.fixture
def listener():
    return Listener()


def test_an_utterance_is_final_once_silence_has_lasted(listener):
    listener.hear(np.concatenate((speech(1, 2), silence(0.0))))
    assert listener.finals() == []
    listener.hear(silence(0.5))
    [final] = listener.finals()
    assert final.text == "w1 w2"
    assert [(w.word, w.start, w.end) for w in final.words] == [("w1", 0.0, 0.5), ("w2", 1.0, 1.5)]
    assert final.language == "en"


def test_a_final_tells_when_its_last_voice_came(listener):
    listener.hear(speech(1, 2))
    assert listener.session.take_voice_ends() == []
    listener.hear(silence(0.5))
    assert listener.session.take_voice_ends() == [pytest.approx(1.5, abs=0.11)]
    assert listener.session.take_voice_ends() == []
    listener.hear(speech(3)[: RATE // 2])
    listener.session.finalize()
    listener.work()
    assert listener.session.take_voice_ends() == [pytest.approx(3.0, abs=0.11)]
    listener.hear(silence(3.0))
    assert listener.session.take_voice_ends() == []


def test_it_is_recognised_before_the_silence_has_lasted():
    listener = Listener(max_silence=0.6)
    listener.hear(speech(1)[: int(0.75 * RATE)])
    assert not listener.jobs[-1].draft
    count = len(listener.jobs)
    listener.hear(silence(0.5))
    assert len(listener.finals()) == 1
    assert len(listener.jobs) == count


def test_a_guess_is_dropped_when_speech_goes_on():
    listener = Listener(max_silence=0.9)
    listener.hear(speech(1, 2))
    listener.hear(silence(1))
    assert [final.text for final in listener.finals()] == ["w1 w2"]


def test_drafts_come_at_least_once_a_second_while_somebody_speaks(listener):
    listener.hear(speech(*range(1, 9), said=1.0))
    times = [m.duration for m in listener.interims()]
    assert times[0] <= 1.0
    assert max(np.diff(times)) <= 1.0
    assert listener.interims()[-1].text.startswith("w1 w2 w3")


def test_drafts_do_not_queue_up_behind_themselves(listener):
    listener.session.feed(speech(1, said=1.0), 0.0)
    job = listener.session.next_job(1.0)
    assert job.draft
    listener.session.feed(speech(2, 3, said=1.0), 3.0)
    assert listener.session.next_job(3.0) is None
    assert listener.session.wake_at() is None
    listener.session.settle(job, listener.result(job))
    assert listener.session.next_job(3.0).draft


def test_it_says_when_to_come_back_for_a_draft(listener):
    listener.session.feed(speech(1, said=1.0), 5.0)
    assert listener.session.next_job(5.0) is None
    wake_at = listener.session.wake_at()
    assert 5.0 < wake_at <= 6.0
    assert listener.session.next_job(wake_at).draft


def test_who_falls_silent_is_not_drafted_but_recognised_in_full(listener):
    """A draft begun just then would be in the way of what everybody waits for."""
    session = listener.session
    session.feed(speech(1, said=1.0), 0.0)
    session.feed(silence(0.07), 1.0)
    assert session.next_job(1.0) is None
    assert session.wake_at() is None
    session.feed(silence(0.1), 1.1)
    assert not session.next_job(1.1).draft


def test_who_goes_on_after_a_moment_is_drafted(listener):
    listener.session.feed(np.concatenate((speech(1, said=1.0), silence(0.07))), 0.0)
    assert listener.session.next_job(1.0) is None
    listener.session.feed(speech(2, said=1.0)[:3200], 1.1)
    assert listener.session.next_job(1.1).draft


def test_a_draft_that_nobody_could_make_is_made_later(listener):
    listener.session.feed(speech(1, said=1.0), 0.0)
    assert listener.session.next_job(1.0).draft
    listener.session.give_up()
    listener.session.feed(speech(2, said=1.0), 2.0)
    assert listener.session.next_job(2.0).draft


def test_finalize_settles_all_audio_then_says_so_once(listener):
    listener.hear(speech(1, 2)[: int(1.5 * RATE)])
    listener.session.finalize()
    listener.session.finalize()
    listener.work()
    assert listener.types() == ["transcript", "flush_done", "flush_done"]
    assert listener.finals()[0].text == "w1 w2"


def test_finalize_without_audio_is_acknowledged_and_no_more(listener):
    listener.session.finalize()
    listener.hear(silence(2))
    listener.session.finalize()
    listener.work()
    assert listener.types() == ["flush_done", "flush_done"]
    assert listener.jobs == []


def test_the_stream_goes_on_after_finalize(listener):
    listener.hear(speech(1))
    listener.session.finalize()
    listener.hear(speech(2))
    listener.session.close()
    listener.work()
    assert listener.types() == ["transcript", "flush_done", "transcript", "done"]
    assert listener.finals()[1].words[0].start == 1.0


def test_close_settles_everything_and_takes_no_more(listener):
    listener.hear(speech(1)[: RATE // 2])
    listener.session.close()
    assert not listener.session.done
    listener.work()
    assert listener.types() == ["transcript", "done"]
    assert listener.session.done
    listener.session.feed(speech(2), 9.0)
    listener.session.close()
    listener.session.finalize()
    assert listener.session.take_messages() == []


def test_everything_may_be_sent_before_anything_is_recognised(listener):
    for number in (1, 2, 3):
        listener.session.feed(np.concatenate((speech(number), silence(1))), 0.0)
    listener.session.finalize()
    listener.session.close()
    listener.work()
    assert [final.text for final in listener.finals()] == ["w1", "w2", "w3"]
    assert not any(job.draft for job in listener.jobs)
    assert listener.session.done


def test_durations_of_finals_add_up_to_the_position(listener):
    listener.hear(np.concatenate((silence(2), speech(1), silence(1), speech(2), silence(1))))
    first, second = listener.finals()
    assert first.duration + second.duration == pytest.approx(4.5 + 0.32, abs=0.04)


def test_finals_stand_alone_or_are_to_be_joined():
    for spaced, texts in ((False, ["w1", "w2"]), (True, ["w1", " w2"])):
        listener = Listener(spaced=spaced)
        listener.hear(np.concatenate((speech(1), silence(1), speech(2), silence(1))))
        assert [final.text for final in listener.finals()] == texts


def test_an_utterance_is_heard_with_the_finals_before_it(listener):
    listener.hear(np.concatenate((speech(1), silence(0.5), speech(2), silence(0.5))))
    job = next(job for job in listener.jobs if job.lead is not None)
    assert job.lead.text == "w1"
    assert job.lead.seconds == pytest.approx((job.start - job.origin) / RATE)
    assert [final.text for final in listener.finals()] == ["w1", "w2"]


def test_finals_long_ago_say_nothing_about_an_utterance(listener):
    listener.hear(np.concatenate((speech(1), silence(5), speech(2), silence(1))))
    assert all(job.lead is None for job in listener.jobs)


@pytest.mark.parametrize("at_once", [False, True])
def test_speech_without_a_pause_is_cut_between_words(at_once):
    listener = Listener()
    samples = speech(*range(1, 71), said=0.95)  # gaps too short to be pauses
    if at_once:
        listener.session.feed(samples, 0.0)
    else:
        listener.hear(samples)
    listener.session.close()
    listener.work()
    words = " ".join(final.text for final in listener.finals()).split()
    assert words == [f"w{number}" for number in range(1, 71)]
    assert max(final.duration for final in listener.finals()) <= WINDOW
    starts = [word.start for final in listener.finals() for word in final.words]
    assert starts == pytest.approx(list(range(70)), abs=0.06)


def test_what_turns_out_to_be_nothing_is_taken_back(listener):
    listener.session.feed(speech(1, said=1.0), 0.0)
    listener.work()
    job = listener.session.next_job(1.0)
    listener.session.settle(job, listener.result(job))
    listener.session.close()
    job = listener.session.next_job(1.0)
    listener.session.settle(job, [])
    interim, withdrawal, done = listener.session.take_messages()
    assert (interim.text, withdrawal.text, withdrawal.is_final) == ("w1", "", False)
    assert done.type == "done"


def test_more_audio_than_allowed_is_refused_and_the_rest_still_done():
    listener = Listener(max_pending=5.0)
    listener.session.feed(speech(1, 2, 3, 4, said=1.0), 0.0)
    with pytest.raises(Overloaded, match=r"^audio: more than 5 s wait"):
        listener.session.feed(speech(5, 6, said=1.0), 0.0)
    listener.session.close()
    listener.work()
    assert listener.finals()[0].text == "w1 w2 w3 w4"


def test_silence_does_not_pile_up():
    listener = Listener(max_pending=5.0)
    listener.hear(silence(60), step=1.0)
    assert listener.messages == []
