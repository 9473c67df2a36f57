"""Cutting text for requests, and measuring what comes back."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartesia_cli.speech import Meter, split_text


def test_a_short_text_stays_whole() -> None:
    assert split_text("  Hello, world!\n") == ["Hello, world!"]


def test_white_space_is_nothing_to_say() -> None:
    assert split_text(" \n\t ") == []


def test_pieces_end_with_sentences() -> None:
    text = "One is here. Two is there! Is three? Four."
    assert split_text(text, limit=28) == ["One is here. Two is there!", "Is three? Four."]


def test_pieces_end_with_paragraphs_that_have_no_full_stop() -> None:
    assert split_text("A heading\n\nand some text", limit=15) == ["A heading", "and some text"]


def test_a_sentence_over_the_limit_is_cut_between_words() -> None:
    assert split_text("one two three four", limit=10) == ["one two", "three four"]


def test_a_word_over_the_limit_is_cut() -> None:
    assert split_text("x" * 25, limit=10) == ["x" * 10, "x" * 10, "x" * 5]


@given(st.text("ab .!?\n\"'", max_size=300), st.integers(1, 40))
def test_nothing_but_white_space_is_lost(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < len(piece) <= limit for piece in pieces)


def pcm(*samples: int) -> bytes:
    return struct.pack(f"<{len(samples)}h", *samples)


def test_the_first_sound_is_the_first_sample_above_35_db_below_full_scale() -> None:
    meter = Meter(100.0, bytes_per_second=2 * 1000)
    meter.heard(pcm(*[582] * 500), now=100.2)
    meter.heard(pcm(*[0] * 100, -583, *[0] * 399), now=100.4)
    assert meter.seconds == 1.0
    assert meter.summary() == ("1.00 s of audio, first sound after 0.80 s, real-time factor 0.40")


def test_silence_counts_from_the_first_byte() -> None:
    meter = Meter(0.0, bytes_per_second=2 * 1000)
    meter.heard(pcm(0, 0), now=0.5)
    assert "first sound after 0.50 s" in meter.summary()


def test_encoded_audio_is_measured_by_its_bit_rate() -> None:
    meter = Meter(0.0, bytes_per_second=16_000, pcm=False)
    meter.heard(b"\xff" * 15_999, now=1.0)
    meter.heard(b"\xff" * 16_001, now=1.5)
    assert meter.summary() == "2.00 s of audio, first sound after 1.00 s, real-time factor 0.75"


@pytest.mark.parametrize("pcm_audio", [True, False])
def test_no_audio(pcm_audio: bool) -> None:
    assert Meter(0.0, bytes_per_second=1, pcm=pcm_audio).summary() == "no audio"
