"""The conversation on a socket with turns, with words that the samples themselves spell."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from cartesia_server.engines.base import (
    RecognizedWord,
    SpokenLanguage,
    TranscriptSegment,
)
from cartesia_server.engines.turn_detector import LISTEN_AFTER
from cartesia_server.errors import FieldError, Overloaded
from cartesia_server.sessions.recognition import WINDOW, Job
from cartesia_server.sessions.turns import Pause, TurnSession
from tests.contract.scripted import LoudnessDetector
from tests.unit.cartesia_server.sessions.test_transcription import (
    RATE,
    recognise,
    silence,
    speech,
)

FRAME = 0.032


class Partner:
    """A session, and an engine that needs no time unless it is told to be slow.

    Words of which the number is a multiple of ten end a sentence.

    Args:
        finished: for each silence that is judged by its sound, what comes of that. Where there is
            no more, the session waits for it.
    """

    def __init__(self, finished=None, **options):
        self.finished = None if finished is None else list(finished)
        self.pauses: list[Pause] = []
        if finished is not None:
            options["by_sound"] = True
        options = {"turn": {}, "max_pending": 600.0, **options}
        self.session = TurnSession(LoudnessDetector(), request_id="r", language="en", **options)
        self.now = 0.0
        self.heard = 0.0  # seconds of audio
        self.jobs: list[Job] = []
        self.spoken = SpokenLanguage("en", 1.0)
        self.words: list[list[tuple[str, float, float]]] = []  # of the events that have some
        self.events: list[tuple[float, str, str | None]] = []
        self.work()

    def hear(self, *sounds, step=0.1, work=True):
        samples = np.concatenate(sounds)
        size = int(step * RATE)
        for at in range(0, len(samples), size):
            piece = samples[at : at + size]
            self.session.feed(piece, self.now)
            self.now += step
            self.heard += len(piece) / RATE
            if work:
                self.work()

    def work(self):
        while True:
            job = self.session.next_job(self.now)
            if job is not None:
                self.jobs.append(job)
                self.session.settle(job, self.spoken if job.languages else self.result(job))
            elif self.judge():
                continue
            elif self.session.wake_at() != 0.0:
                break
        messages: list[Any] = list(self.session.take_messages())
        for message in messages:
            assert message.request_id == "r"
            self.events.append((self.heard, message.type, getattr(message, "transcript", None)))
            if getattr(message, "words", None) is not None:
                self.words.append([(word.word, word.start, word.end) for word in message.words])

    def judge(self):
        """Judge a silence, if there is one to judge and anything to be said about it."""
        pause = self.session.next_pause() if self.finished else None
        if not self.finished or pause is None:
            return False
        self.pauses.append(pause)
        self.session.judge(pause, self.finished.pop(0))
        return True

    def close(self):
        self.session.close()
        self.work()
        assert self.session.done

    @staticmethod
    def result(job):
        words = [
            RecognizedWord(w.text + "." * w.text.endswith("0"), w.start, w.end, 0.9)
            for w in recognise(job.samples, skip=job.start - job.origin)
        ]
        text = " ".join(word.text for word in words)
        return [TranscriptSegment(text, 0.0, 0.0, () if job.draft else tuple(words))]

    def types(self):
        return [kind for _, kind, _ in self.events if kind != "turn.update"]

    def texts(self, kind):
        return [text for _, type_, text in self.events if type_ == kind]

    def time(self, kind):
        return next(at for at, type_, _ in self.events if type_ == kind)


@pytest.fixture
def partner():
    return Partner()


def said(*numbers):
    """One second for each word, without the pause at the end."""
    return speech(*numbers)[: -RATE // 2]


def test_a_socket_says_at_once_that_it_is_there(partner):
    assert partner.types() == ["connected"]


def test_a_turn_has_a_start_and_two_ends(partner):
    partner.hear(silence(1), said(1, 10), silence(2), step=FRAME)
    assert partner.types() == ["connected", "turn.start", "turn.eager_end", "turn.end"]
    assert partner.texts("turn.eager_end") == partner.texts("turn.end") == ["w1 w10."]
    assert partner.time("turn.start") == pytest.approx(1.0 + 0.35, abs=0.1)
    assert partner.time("turn.eager_end") == pytest.approx(2.5 + 0.37, abs=0.1)
    assert partner.time("turn.end") == pytest.approx(2.5 + 0.87, abs=0.1)


def test_the_end_of_a_turn_tells_when_its_last_voice_came(partner):
    partner.hear(said(1, 10), silence(0.5), step=FRAME)
    assert "turn.eager_end" in partner.types()
    assert partner.session.take_voice_ends() == []
    partner.hear(silence(1.5), step=FRAME)
    assert partner.session.take_voice_ends() == [pytest.approx(1.5, abs=2 * FRAME)]
    assert partner.session.take_voice_ends() == []


def test_in_the_middle_of_a_sentence_it_takes_longer(partner):
    partner.hear(said(1, 2), silence(3), step=FRAME)
    assert partner.time("turn.eager_end") == pytest.approx(1.5 + 0.74, abs=0.1)
    assert partner.time("turn.end") == pytest.approx(1.5 + 1.74, abs=0.1)


def test_a_number_is_one_however_its_groups_are_divided(monkeypatch):
    groups = {"w1": "My number is 415.", "w2": "555.", "w3": "0192."}

    def write(job):
        words = recognise(job.samples, skip=job.start - job.origin)
        words = [replace(word, text=groups[word.text]) for word in words]
        text = " ".join(word.text for word in words)
        return [TranscriptSegment(text, 0.0, 0.0, () if job.draft else tuple(words))]

    monkeypatch.setattr(Partner, "result", staticmethod(write))
    partner = Partner()
    for number in groups:
        partner.hear(said(int(number[1:])), silence(1.2), step=FRAME)
    assert partner.texts("turn.end") == ["My number is 415. 555. 0192."]


def test_what_sounds_finished_ends_sooner_and_what_does_not_later():
    ends = {}
    for finished in (0.99, 0.5, 0.01, None):
        partner = Partner(finished=[finished] * 2)
        partner.hear(said(1, 10), silence(5), step=FRAME)
        assert partner.types() == ["connected", "turn.start", "turn.eager_end", "turn.end"]
        ends[finished] = partner.time("turn.end") - 1.5
    assert ends[0.99] < 0.8 < ends[None] < ends[0.5] < 2.0 < ends[0.01]
    assert ends[None] == pytest.approx(0.87, abs=0.1)  # nobody can tell, so words alone do


def test_each_silence_is_judged_once_with_the_turn_before_it():
    partner = Partner(finished=[0.01, 0.99, 0.99])
    partner.hear(silence(1), said(10), silence(0.6), said(20), silence(2), said(30), silence(2))
    before = 0.3 + LISTEN_AFTER
    seconds = [len(pause.samples) / RATE - before for pause in partner.pauses]
    assert seconds == pytest.approx([0.5, 0.5 + 0.6 + 0.5, 0.5], abs=0.1)
    assert partner.texts("turn.end") == ["w10. w20.", "w30."]


def test_a_pause_that_is_too_short_to_judge_is_not_judged():
    partner = Partner(finished=[0.99])
    partner.hear(said(1), silence(0.15), said(2), silence(0.15), said(3))
    assert partner.pauses == []


def test_audio_waits_until_its_silence_is_judged():
    partner = Partner(finished=[])
    partner.hear(said(10), silence(2), said(20), silence(2), step=FRAME)
    assert partner.types() == ["connected", "turn.start"]
    partner.finished = [0.99, 0.99]
    partner.close()
    assert partner.texts("turn.end") == ["w10.", "w20."]


def test_a_judgement_of_another_silence_counts_for_nothing():
    partner = Partner(finished=[])
    partner.hear(said(10), silence(0.22), step=FRAME)
    late = partner.session.next_pause()
    assert late is not None
    partner.hear(said(20), silence(1), step=FRAME)
    partner.session.judge(late, 0.99)
    assert "turn.eager_end" not in partner.types()
    partner.finished = [0.99]
    partner.close()
    assert partner.texts("turn.eager_end") == ["w10. w20."]


def test_who_goes_on_takes_the_eager_end_back_and_adds_to_the_turn(partner):
    partner.hear(said(10), silence(0.6), said(2, 20), silence(1))
    assert partner.types() == [
        "connected",
        "turn.start",
        "turn.eager_end",
        "turn.resume",
        "turn.eager_end",
        "turn.end",
    ]
    assert partner.texts("turn.eager_end") == ["w10.", "w10. w2 w20."]
    assert partner.texts("turn.end") == ["w10. w2 w20."]


def test_the_next_turn_begins_afresh(partner):
    partner.hear(said(10), silence(1), said(20), silence(1))
    assert partner.types().count("turn.start") == 2
    assert partner.texts("turn.end") == ["w10.", "w20."]


def test_updates_come_while_somebody_speaks_and_only_grow(partner):
    partner.hear(speech(*range(1, 9), said=1.0), silence(2))
    texts = [text for _, _, text in partner.events if text is not None]
    assert len(partner.texts("turn.update")) >= 5
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
    assert len(set(partner.texts("turn.update"))) == len(partner.texts("turn.update"))


@pytest.mark.parametrize("finished", [None, [0.2, 0.9, 0.1] * 3])
def test_it_makes_no_difference_how_fast_audio_comes_and_in_which_pieces(finished):
    sounds = (said(10), silence(0.6), said(2, 20), silence(1), said(3, 4), silence(2), said(30))
    live, burst, odd = (Partner(finished=finished) for _ in range(3))
    live.hear(*sounds, step=0.02)
    burst.hear(*sounds, step=60.0)
    odd.hear(*sounds, step=0.0333, work=False)
    for partner in (live, burst, odd):
        partner.close()
    assert live.types() == burst.types() == odd.types()
    for kind in ("turn.eager_end", "turn.end"):
        assert live.texts(kind) == burst.texts(kind) == odd.texts(kind)
    for live_pause, burst_pause in zip(live.pauses, burst.pauses, strict=True):
        assert np.array_equal(live_pause.samples, burst_pause.samples)


def test_audio_waits_for_the_text_on_which_it_depends():
    partner = Partner()
    partner.hear(said(10), silence(0.1))
    partner.session.feed(silence(0.4), 1.0)
    partner.session.feed(said(20), 1.1)
    partner.hear(silence(0.2), work=False)
    assert partner.session.take_messages() == []
    partner.work()
    partner.close()
    assert partner.types()[2:] == ["turn.eager_end", "turn.resume", "turn.end"]


def test_closing_ends_the_turn_with_all_that_was_said(partner):
    partner.hear(said(1, 2))
    assert "turn.end" not in partner.types()
    partner.close()
    assert partner.types() == ["connected", "turn.start", "turn.end"]
    assert partner.texts("turn.end") == ["w1 w2"]
    partner.session.feed(said(3), partner.now)
    partner.close()
    assert partner.types()[-1] == "turn.end"
    assert partner.texts("turn.end") == ["w1 w2"]


def test_closing_in_silence_says_nothing_more(partner):
    partner.hear(silence(1))
    partner.close()
    assert partner.types() == ["connected"]


@pytest.mark.parametrize("heard", [[], [TranscriptSegment("...", 0.0, 0.0, ())]])
def test_of_a_turn_in_which_nothing_is_said_nobody_is_told(partner, heard):
    hearing, partner.result = partner.result, lambda job: heard
    partner.hear(said(1), silence(2))
    assert partner.types() == ["connected"]
    partner.result = hearing
    partner.hear(said(20), silence(2))
    partner.close()
    assert partner.types() == ["connected", "turn.start", "turn.eager_end", "turn.end"]
    assert partner.texts("turn.end") == ["w20."]


def test_a_turn_that_is_cut_off_in_a_cough_ends_untold(partner):
    partner.result = lambda job: []
    partner.hear(said(1))
    partner.close()
    assert partner.types() == ["connected"]


def test_words_have_the_times_of_the_stream_where_they_are_wanted():
    partner = Partner(word_times=True)
    partner.hear(silence(1), said(1, 10), silence(2), said(20), silence(2), step=FRAME)
    first, second = [("w1", 1.0, 1.5), ("w10.", 2.0, 2.5)], [("w20.", 4.5, 5.0)]
    assert [words for words in partner.words if words] == [first, first, second, second]
    silent = Partner()
    silent.hear(said(10), silence(2))
    assert silent.words == []


def spoken_in(partner):
    """The languages in which the transcripts were made, one after the other."""
    languages = [job.language for job in partner.jobs if not (job.draft or job.languages)]
    return [
        one for one, before in zip(languages, [None, *languages], strict=False) if one != before
    ]


def test_the_language_is_told_anew_for_each_turn():
    partner = Partner(languages=("en", "es", "fr"))
    partner.hear(speech(1, 2, 10), silence(2))
    partner.spoken = SpokenLanguage("fr", 0.9)
    partner.hear(speech(1, 2, 10), silence(2))
    partner.spoken = SpokenLanguage("es", 0.6)  # not sure enough for another than before
    partner.hear(speech(1, 2, 10), silence(2))
    assert spoken_in(partner) == ["en", "fr"]
    assert {job.languages for job in partner.jobs} == {(), ("en", "es", "fr")}
    assert partner.texts("turn.end") == ["w1 w2 w10."] * 3
    assert all(job.lead is None or job.lead.text == "w1 w2 w10." for job in partner.jobs)


def test_a_short_beginning_does_not_decide_the_language_of_a_turn():
    partner = Partner(languages=("en", "fr"))
    partner.hear(said(10), silence(0.5))
    partner.spoken = SpokenLanguage("fr", 0.9)
    partner.hear(speech(2, 3, 20), silence(2))
    assert spoken_in(partner) == ["en", "fr"]
    assert partner.texts("turn.end") == ["w10. w2 w3 w20."]


def test_a_language_that_was_named_is_not_doubted(partner):
    partner.hear(speech(1, 2, 10), silence(2))
    assert not any(job.languages for job in partner.jobs)


def test_another_language_is_written_as_it_is():
    partner = Partner(languages=("en", "ja"))
    partner.spoken = SpokenLanguage("ja", 0.9)
    partner.hear(speech(1, 2, 10), silence(2))
    assert partner.texts("turn.end") == ["w1w2w10."]


def test_settings_change_with_the_audio_that_follows(partner):
    partner.hear(said(1), silence(0.6))
    partner.session.configure({"end_timeout_ms": 640})
    partner.hear(silence(0.1))
    assert partner.types()[-1] == "turn.end"


def test_settings_that_do_not_fit_those_before_are_refused_and_change_nothing():
    partner = Partner(turn={"eager_end_threshold": 0.4})
    with pytest.raises(FieldError, match=r"^turn.end_threshold: got 0.5, accepted: a number below"):
        partner.session.configure({"end_threshold": 0.5, "start_threshold": 0.7})
    partner.session.configure({"end_threshold": 0.3})
    partner.hear(said(10), silence(1), step=FRAME)
    assert partner.time("turn.end") == pytest.approx(0.5 + 0.87, abs=0.1)


def test_a_long_turn_without_a_pause_loses_and_doubles_nothing(partner):
    partner.hear(speech(*range(1, 41), said=0.95), silence(2))
    partner.close()
    words = partner.texts("turn.end")[-1].replace(".", "").split()
    assert WINDOW < 40
    assert words == [f"w{number}" for number in range(1, 41)]
    assert partner.types().count("turn.start") == 1


def test_more_audio_than_may_wait_is_refused():
    partner = Partner(max_pending=5.0)
    partner.hear(said(10), silence(0.5), work=False)
    with pytest.raises(Overloaded, match=r"^audio: more than 5 s wait"):
        partner.hear(speech(*range(1, 9)), work=False)


def test_a_job_that_nobody_could_do_is_done_later(partner):
    partner.session.feed(np.concatenate((said(10), silence(0.4))), 0.0)
    assert partner.session.next_job(0.0) is not None
    partner.session.give_up()
    partner.close()
    assert partner.texts("turn.end") == ["w10."]
