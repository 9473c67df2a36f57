from __future__ import annotations

import pytest

from cartesia_server.engines.base import SpokenWord
from cartesia_server.engines.kokoro.alphabet import MAX_TOKENS, Speller
from cartesia_server.engines.kokoro.stretches import Stretch, stretches

SPELLER = Speller()


def divided(*phonemes: str, lead: int = 0, hurried: bool = True) -> tuple[list[Stretch], list[int]]:
    """Stretches of words of these phonemes, with their marks, and where each word starts."""
    words = [
        SpokenWord(sound, index, sound.strip(",."), sound[len(sound.strip(",.")) :])
        for index, sound in enumerate(phonemes)
    ]
    spelling = SPELLER.spell(words, "es")
    starts = [start for start, _ in spelling.words]
    return stretches(spelling, words, lead, hurried=hurried), [*starts, len(spelling.ids)]


def test_who_waits_hears_the_first_words_before_the_rest_is_looked_at():
    (opening, rest), starts = divided(*["amanu"] * 4, "tamanu", *["amanu"] * 12)
    assert opening.said == range(starts[4])
    assert starts[6] < opening.seen.stop < starts[9]  # some words beyond, no more
    assert rest.seen == range(starts[-1])
    assert rest.said == range(starts[4], starts[-1])
    assert (opening.words, rest.words) == (range(4), range(4, 17))
    assert opening.to_seam == rest.from_seam == range(starts[4] - 1, starts[4])


def test_words_beyond_end_without_the_space_after_them():
    (opening, _), starts = divided(*["amanu"] * 4, "tamanu", *["amanu"] * 12)
    assert opening.seen.stop + 1 in starts


@pytest.mark.parametrize("later", [False, True])
def test_a_pause_is_the_best_place(later):
    words = ["amanu"] * 4 + ["tamanu"] + ["amanu"] * 12
    words[4 if later else 3] += ","
    (opening, rest), starts = divided(*words)
    assert opening.said.stop == starts[4]
    (opening, rest), starts = divided(*["amanu"] * 3, "amanu,", "samanu", *["amanu"] * 12)
    assert opening.said.stop == starts[4]
    assert rest.from_seam == range(starts[4] - 2, starts[4])  # the mark and the space


def test_a_stop_is_worth_a_word_more_than_a_fricative():
    (opening, _), starts = divided(*["amanu"] * 4, "samanu", "pamanu", *["amanu"] * 12)
    assert opening.said.stop == starts[4]
    (opening, _), starts = divided(*["amanu"] * 4, "samanu", "ta", *["amanu"] * 12)
    assert opening.said.stop in (starts[4], starts[5])


@pytest.mark.parametrize(
    "words",
    [
        ["amanu"] * 20,  # no place where a seam would not be heard
        ["tamanu"] * 8,  # too short to gain by it
        ["ta"] + ["amanu"] * 19,
        [],
    ],
)
def test_all_is_seen_at_once_where_nothing_is_won(words):
    (whole,), starts = divided(*words)
    assert whole == Stretch(range(starts[-1]), range(starts[-1]), range(len(words)))


def test_who_does_not_wait_gets_all_at_once():
    (whole,), starts = divided(*["tamanu"] * 20, hurried=False)
    assert whole.said == whole.seen == range(starts[-1])


def test_what_leads_to_an_utterance_is_seen_and_not_heard():
    (opening, rest), starts = divided(*["tamanu"] * 22, lead=2)
    assert (opening.seen.start, opening.said.start) == (0, starts[2])
    assert opening.words.start == 0
    assert rest.words.stop == 20
    (whole,), starts = divided(*["tamanu"] * 6, lead=2, hurried=False)
    assert (whole.seen, whole.said) == (range(starts[-1]), range(starts[2], starts[-1]))
    assert whole.words == range(4)


def test_what_the_model_cannot_see_at_once_is_cut_between_words():
    parts, starts = divided(*["tamanu"] * 100)
    assert len(parts) == 2
    assert all(part.seen == part.said for part in parts)
    assert parts[0].seen.stop == parts[1].seen.start <= MAX_TOKENS
    assert parts[0].seen.stop in starts
    assert [*parts[0].words, *parts[1].words] == list(range(100))


def test_a_word_longer_than_the_model_sees_is_cut_too():
    parts, starts = divided("ta" * 300)
    assert [len(part.said) for part in parts] == [MAX_TOKENS, starts[-1] - MAX_TOKENS]
    assert [part.words for part in parts] == [range(1), range(1, 1)]
