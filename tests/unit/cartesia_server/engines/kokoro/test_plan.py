from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cartesia_server.engines.base import Cancelled, CancelToken, PhonemeTime, WordTime
from cartesia_server.engines.kokoro.plan import Part, Pass, Plan
from cartesia_server.engines.kokoro.prosody import FRAME
from cartesia_server.engines.kokoro.stretches import Stretch
from tests.unit.cartesia_server.engines.kokoro.fakes import AFFINE, FakeModels, prosody

BREATH = 120  # samples before the first sound


def plan_of(*passes: Pass, models: Any = None, first_piece: float = 0.2, **times: Any) -> Plan:
    chosen: Any = models or FakeModels()
    return Plan(chosen, (Part(part, **times) for part in passes), first_piece)


def passed(durations: list[int], audible: tuple[int, int], pause: str = ".") -> Pass:
    return Pass.trimmed(prosody(durations, audible), AFFINE, pause)


def test_silence_around_is_trimmed_by_what_will_be_heard():
    part = passed([14, 20, 30, 9], (26, 100), ",")
    assert (part.begin, part.end) == (26 * 300 - BREATH, (100 + 8) * 300)


def test_the_beginning_lies_between_two_half_frames_as_the_energy_rises():
    slow = prosody([14, 20, 30, 9], (26, 100))
    slow.energy[0, 24:27] = [-5, -1, 3]
    # energy is that of the middle of a half frame: a quarter of the way from 25 to 26
    assert Pass.trimmed(slow, AFFINE, ",").begin == 25.75 * 300 - BREATH


def test_no_more_silence_is_kept_than_there_is():
    part = passed([1, 20, 1], (0, 44), "…")
    assert (part.begin, part.end) == (0, 22 * FRAME)


def test_an_utterance_without_sound_is_kept_whole():
    part = passed([2, 3, 2], (0, 0))
    assert part.length == 7 * FRAME


def test_pieces_grow_and_join_to_exactly_the_length_promised():
    models = FakeModels()
    plan = plan_of(passed([14, 150, 3], (27, 320)), models=models)
    chunks = [chunk.samples for chunk in plan.chunks(CancelToken())]
    audio = np.concatenate(chunks)
    assert len(audio) == plan.length
    assert audio.dtype == np.float32
    sizes = [round(len(chunk) / FRAME) for chunk in chunks]
    assert sizes[0] == 8
    assert sizes[1] > 8
    # each decoded piece has the overlap that makes it equal to the whole
    assert models.decoded[1] == sizes[1] + 8
    begin = plan.passes[0].begin
    expected = (np.arange(len(audio)) + begin) // FRAME / 1000
    assert np.abs(audio - expected)[100:-300].max() < 1e-6


def test_a_stream_in_its_stride_makes_two_pieces_at_once_and_they_join_the_same():
    part = passed([14, 300, 3], (27, 620))
    alone, paired = FakeModels(), FakeModels(companion=True)
    one, other = [
        np.concatenate([chunk.samples for chunk in plan.chunks(CancelToken())])
        for plan in (plan_of(part, models=models, first_piece=1.4) for models in (alone, paired))
    ]
    assert np.array_equal(one, other)
    assert sorted(paired.decoded) == sorted(alone.decoded)
    assert len(paired.beside) >= 2


def test_others_have_their_turn_before_the_first_piece_of_a_later_pass():
    plan = plan_of(passed([14, 30, 3], (28, 90)), passed([12, 40, 3], (24, 108)))
    sizes = [len(chunk.samples) for chunk in plan.chunks(CancelToken())]
    assert sizes.count(0) == 1
    assert sum(sizes[: sizes.index(0)]) == plan.passes[0].length


def test_the_edges_fade():
    chunks = list(plan_of(passed([14, 50, 3], (28, 120))).chunks(CancelToken()))
    assert chunks[0].samples[0] == 0
    assert chunks[-1].samples[-1] == 0


def test_peaks_are_rounded_off():
    part = passed([14, 50, 3], (28, 120))
    part.prosody.text[:] = 1600
    audio = np.concatenate([c.samples for c in plan_of(part).chunks(CancelToken())])
    assert 0.99 < audio.max() <= 1.0


def test_several_passes_follow_each_other():
    parts = passed([14, 30, 3], (28, 90)), passed([12, 40, 3], (24, 108))
    plan = plan_of(*parts)
    audio = np.concatenate([chunk.samples for chunk in plan.chunks(CancelToken())])
    assert len(audio) == plan.length == parts[0].length + parts[1].length


def test_words_and_phonemes_come_with_the_piece_in_which_they_begin():
    words = [WordTime(0, 0.0, 0.1), WordTime(1, 0.15, 0.5), WordTime(2, 0.9, 1.0)]
    phonemes = [PhonemeTime("a", 0.0, 0.1), PhonemeTime("b", 0.95, 1.0)]
    plan = plan_of(passed([14, 40, 3], (28, 106)), words=words, phonemes=phonemes)
    chunks = list(plan.chunks(CancelToken()))
    assert [word.index for word in chunks[0].words] == [0, 1]
    assert [word for chunk in chunks for word in chunk.words] == words
    assert [sound for chunk in chunks for sound in chunk.phonemes] == phonemes
    end = 0.0
    for chunk in chunks:
        end += len(chunk.samples) / 24_000
        starts = [word.start for word in chunk.words] + [sound.start for sound in chunk.phonemes]
        assert all(start < end for start in starts)


def test_a_word_at_the_very_end_is_not_lost():
    part = passed([14, 40, 3], (28, 106))
    late = WordTime(0, part.length / 24_000, part.length / 24_000)
    chunks = list(plan_of(part, words=[late]).chunks(CancelToken()))
    assert chunks[-1].words == (late,)


def test_cancelling_stops_before_the_next_piece():
    models, cancel = FakeModels(), CancelToken()
    chunks = plan_of(passed([14, 150, 3], (28, 320)), models=models).chunks(cancel)
    next(chunks)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(chunks)
    assert len(models.decoded) == 1


def test_a_long_first_piece_is_bounded():
    chunks = list(plan_of(passed([14, 150, 3], (28, 320)), first_piece=60.0).chunks(CancelToken()))
    assert len(chunks[0].samples) <= 64 * FRAME


def test_later_parts_are_settled_when_the_one_before_is_made():
    settled: list[int] = []

    def parts():
        for index in range(2):
            settled.append(index)
            yield Part(passed([14, 30, 3], (28, 90)), words=[WordTime(index, 0.0, 0.1)])

    models: Any = FakeModels()
    plan = Plan(models, parts(), 0.2)
    chunks = plan.chunks(CancelToken())
    made = len(next(chunks).samples)
    assert settled == [0]
    rest = list(chunks)
    assert settled == [0, 1]
    (second,) = [word for chunk in rest for word in chunk.words]
    seconds = passed([14, 30, 3], (28, 90)).length / 24_000
    assert second.index == 1
    assert second.start == pytest.approx(seconds)
    assert made + sum(len(chunk.samples) for chunk in rest) == plan.length


def test_no_piece_is_made_of_a_few_frames_that_are_left():
    # 19 frames are kept, of which 16 are wanted at first
    models = FakeModels()
    part = passed([13, 18, 1], (27, 55))
    chunks = list(plan_of(part, models=models, first_piece=0.4).chunks(CancelToken()))
    assert len(chunks) == 1


def test_nothing_is_settled_after_a_cancel():
    settled: list[int] = []

    def parts():
        for index in range(2):
            settled.append(index)
            yield Part(passed([14, 30, 3], (28, 90)))

    models: Any = FakeModels()
    cancel = CancelToken()
    chunks = Plan(models, parts(), 60.0).chunks(cancel)
    next(chunks)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(chunks)
    assert settled == [0]


def test_tokens_that_were_spoken_before_are_skipped():
    # begin 10 frames, tokens of 20, 4 and 30 frames; the last one alone is to be heard
    whole = prosody([10, 20, 4, 30, 5], (18, 130))
    part = Pass.trimmed(whole, AFFINE, ".", Stretch(range(3), range(2, 3), range(1)))
    assert part.begin == 2 * (10 + 20 + 4) * 300
    assert part.end == Pass.trimmed(whole, AFFINE, ".").end


def test_a_seam_lies_where_it_is_quietest_between_two_words():
    # two words of 20 frames and a space of 4 between them, quiet at half frame 65
    whole = prosody([10, 20, 4, 20, 5], (18, 110))
    whole.energy[0, 65] = -3
    seam = range(1, 2)
    opening = Stretch(range(3), range(1), range(1), to_seam=seam)
    rest = Stretch(range(3), range(2, 3), range(1), from_seam=seam)
    first = Pass.trimmed(whole, AFFINE, "", opening)
    second = Pass.trimmed(whole, AFFINE, ".", rest)
    assert first.end == second.begin == 65 * 300
    assert (first.begin, second.end) == (18 * 300 - BREATH, Pass.trimmed(whole, AFFINE, ".").end)


def test_the_sound_hardly_fades_at_a_seam():
    part = replace(passed([14, 50, 3], (28, 120)), to_seam=True)
    samples = list(plan_of(part).chunks(CancelToken()))[-1].samples
    expected = (part.end // FRAME - 1) / 1000
    assert samples[-1] == 0
    assert samples[-73] == pytest.approx(expected, rel=0.05)
