"""When a turn is over, by silence, what was said, and the caller's settings."""

import pytest

from cartesia_server.errors import FieldError
from cartesia_server.sessions.turn_taking import (
    HALF_LIVES,
    HALF_LIVES_IN_A_SENTENCE,
    Evidence,
    Moment,
    TurnMachine,
    TurnSettings,
    goes_on,
    half_life,
    is_in_a_sentence,
)

USUAL = TurnSettings.read({}, "")
DONE, OPEN, NOTHING = Evidence("That is all."), Evidence("That is"), Evidence("")


def moments(machine, evidence, *, until, step=0.01):
    """What happens in a silence that lasts, and after how many seconds."""
    found = []
    for count in range(1, round(until / step) + 1):
        while (moment := machine.silence(count * step, evidence)) is not None:
            found.append((moment, pytest.approx(count * step, abs=0.011)))
    return found


def spoken(settings=USUAL):
    machine = TurnMachine(settings, "en")
    assert machine.voice() is Moment.START
    return machine


def test_the_chance_that_somebody_goes_on_halves_with_silence():
    assert goes_on(0.0, half_life(DONE, "en")) == goes_on(0.0, half_life(OPEN, "en")) == 1.0
    assert goes_on(0.5, half_life(DONE, "en")) == goes_on(1.0, half_life(OPEN, "en")) == 0.5
    assert goes_on(1.0, half_life(DONE, "en")) == 0.25


def test_what_sounds_finished_ends_a_turn_sooner_and_what_does_not_later():
    def lives(text):
        return [half_life(Evidence(text, finished), "en") for finished in (1.0, 0.5, 0.0)]

    for text, ends in ((DONE.text, HALF_LIVES), (OPEN.text, HALF_LIVES_IN_A_SENTENCE)):
        shortest, middle, longest = lives(text)
        assert (shortest, longest) == pytest.approx(ends)
        assert shortest < half_life(Evidence(text), "en") < longest
        assert middle == pytest.approx((shortest * longest) ** 0.5)
    assert all(a < b for a, b in zip(lives(DONE.text), lives(OPEN.text), strict=True))
    assert half_life(Evidence("", 0.0), "en") == half_life(NOTHING, "en")


def test_a_finished_sentence_ends_a_turn_sooner():
    assert moments(spoken(), DONE, until=9.0) == [(Moment.EAGER_END, 0.37), (Moment.END, 0.87)]
    assert moments(spoken(), OPEN, until=9.0) == [(Moment.EAGER_END, 0.74), (Moment.END, 1.74)]


def test_a_turn_in_which_nothing_was_said_ends_without_a_preview():
    assert moments(spoken(), NOTHING, until=9.0) == [(Moment.END, 0.87)]


def test_a_silence_that_is_too_long_ends_a_turn_in_any_case():
    hesitant = TurnSettings.read({"end_threshold": 0.05, "end_timeout_ms": 900}, "")
    assert moments(spoken(hesitant), OPEN, until=9.0) == [
        (Moment.EAGER_END, 0.74),
        (Moment.END, 0.9),
    ]


def test_lower_thresholds_wait_longer():
    patient = TurnSettings.read({"eager_end_threshold": 0.3, "end_threshold": 0.05}, "")
    assert moments(spoken(patient), DONE, until=9.0) == [
        (Moment.EAGER_END, 0.87),
        (Moment.END, 2.17),
    ]


def test_a_voice_takes_an_eager_end_back_and_nothing_else():
    machine = spoken()
    assert machine.voice() is None
    assert machine.silence(0.5, DONE) is Moment.EAGER_END
    assert machine.silence(0.5, DONE) is None
    assert machine.voice() is Moment.RESUME
    assert machine.silence(0.5, DONE) is Moment.EAGER_END
    assert machine.silence(0.9, DONE) is Moment.END
    assert not machine.open
    assert machine.silence(9.0, DONE) is None
    assert machine.voice() is Moment.START


def test_who_stops_listening_ends_a_turn_that_is_open():
    machine = TurnMachine(USUAL, "en")
    assert machine.stop() is None
    machine.voice()
    assert machine.stop() is Moment.END
    assert machine.stop() is None


def test_before_the_shortest_pause_that_counts_it_does_not_matter_what_was_said():
    machine = spoken()
    certain = Evidence(DONE.text, 1.0)
    [(_, pause), _] = moments(spoken(), certain, until=9.0)
    assert not machine.is_evidence_needed(pause.expected - 0.02)
    assert machine.is_evidence_needed(pause.expected + 0.01)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is that so?", False),
        ("He said, “Never!”", False),
        ("そうですね。", False),
        ("बहुत अच्छा।", False),
        ("and then", True),
        ("and then,", True),
        ("Well...", True),
        ("Well…", True),
        ("I want to go to the.", True),
        ("Could you give me the?", True),
        ("I would like to book a table for.", True),
        ("It is anna dot.", True),
        ("Where are you from?", False),
        ("", False),
    ],
)
def test_a_text_tells_whether_a_sentence_goes_on(text, expected):
    assert is_in_a_sentence(text, "en") is expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Ich rufe dich an.", False),
        ("es", "Necesito cambiar mi vuelo porque.", True),
        ("es", "Quisiera una mesa para?", True),
        ("es", "¿Para qué?", False),
        ("es", "¿Por que?", False),
        ("fr", "Je voudrais réserver pour.", True),
        ("fr", "C'est pour?", False),
        ("fr", "Je vais à Paris et.", True),
        ("ja", "次の電車は何時に出ますか", False),
        ("ja", "そうです", False),
        ("ja", "金曜日に", True),
        ("ja", "次の電車は", True),
        ("hi", "मुझे जाना है और।", True),
        ("hi", "शुक्रवार को।", False),
    ],
)
def test_words_that_lean_on_the_next_do_so_in_their_language(language, text, expected):
    assert is_in_a_sentence(text, language) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (0.8, 0.6, 0.3, 5.6)),
        ({"start_threshold": 0.5}, (0.5, 0.4, 0.2, 5.6)),
        ({"eager_end_threshold": 0.3}, (0.8, 0.3, 0.15, 5.6)),
        ({"end_threshold": 0.5, "end_timeout_ms": 640}, (0.8, 0.6, 0.5, 0.64)),
    ],
)
def test_what_is_not_set_follows_from_what_is(given, expected):
    settings = TurnSettings.read(given, "turn_")
    assert (settings.start, settings.eager_end, settings.end, settings.timeout) == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"start_threshold": 0.95}, "turn.start_threshold: got 0.95, accepted: a number from 0.5"),
        (
            {"eager_end_threshold": 0.2},
            "turn.eager_end_threshold: got 0.2, accepted: a number",
        ),
        ({"end_threshold": float("nan")}, "turn.end_threshold: got nan, accepted: a number from"),
        ({"end_timeout_ms": 100}, "turn.end_timeout_ms: got 100, accepted: a number from 640 to"),
        (
            {"eager_end_threshold": 0.8},
            r"turn.eager_end_threshold: got 0.8, accepted: a number below turn.start_threshold",
        ),
        (
            {"eager_end_threshold": 0.4, "end_threshold": 0.4},
            r"turn.end_threshold: got 0.4, accepted: a number below turn.eager_end_threshold \(0.4",
        ),
        ({"end": 0.3}, "turn.end: got 0.3, accepted: turn.start_threshold, turn.eager_end_thres"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_by_name(given, message):
    with pytest.raises(FieldError, match=f"^{message}"):
        TurnSettings.read(given, "turn.")


def test_a_number_that_is_not_finished_holds_a_turn_open_like_a_sentence():
    for text in ("My number is 555.", "My email is john.smith."):
        assert half_life(Evidence(text), "en") == half_life(OPEN, "en")
        assert half_life(Evidence(text, 1.0), "en") == half_life(Evidence("That is", 1.0), "en")
    assert half_life(Evidence("My number is 415 555 0192."), "en") == half_life(DONE, "en")
