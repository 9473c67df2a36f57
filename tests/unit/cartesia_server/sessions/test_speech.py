import io
import wave
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from cartesia_server.audio.formats import AudioFormat
from cartesia_server.engines.base import (
    Cancelled,
    CancelToken,
    Expression,
    PhonemeTime,
    PointVoice,
    SpeechCapabilities,
    SpeechChunk,
    SpeechControls,
    WordTime,
)
from cartesia_server.errors import BadRequest
from cartesia_server.sessions.resolve import SpeechJob
from cartesia_server.sessions.speech import Speaker, _at_volume, unspeakable
from cartesia_server.sessions.timing import TimedText
from cartesia_server.text.markup import Break, Emotion, Speed, Volume
from cartesia_server.text.transcript import read_transcript
from cartesia_server.voices.emotions import EMOTIONS

RATE = 24000
WORD = 2400  # samples of one word


class Engine:
    """Says each word for 0.1 s at a level that tells how many came before."""

    capabilities = SpeechCapabilities("test", ("en-US",), RATE, phoneme_times=True)

    def __init__(self, *, knows_length=True):
        self.planned = []
        self._knows_length = knows_length
        self._words = 0

    def plan(self, text, voice, controls):
        self.planned.append((text, controls))
        return Plan(self, text, len(text.spoken) * WORD if self._knows_length else None)

    def say(self):
        self._words += 1
        return np.full(WORD, self._words / 100, np.float32)

    def close(self):
        pass


class Plan:
    def __init__(self, engine, text, length):
        self._engine, self._text, self.length = engine, text, length

    def chunks(self, cancel: CancelToken) -> Iterator[SpeechChunk]:
        for index, word in enumerate(self._text.spoken):
            cancel.raise_if_cancelled()
            start, end = index * WORD / RATE, (index + 1) * WORD / RATE
            yield SpeechChunk(
                self._engine.say(),
                (WordTime(index, start, end),),
                (PhonemeTime(word.phonemes[:1], start, end),),
            )


def voice(engine):
    return PointVoice(engine, np.zeros(192, np.float32))


JOB = SpeechJob(
    voice=voice(Engine()),
    language="en-US",
    form=AudioFormat("raw", RATE, "pcm_f32le"),
    controls=SpeechControls(first_piece=0.2),
    word_times=True,
    phoneme_times=True,
)


def speaker(engine=None, **changes):
    return Speaker(replace(JOB, voice=voice(engine or Engine()), **changes))


def spoken(of, *segments):
    return list(of.speak(segments, CancelToken()))


def samples_of(pieces):
    return np.frombuffer(b"".join(piece.audio for piece in pieces), "<f4")


def test_one_piece_of_speech_for_each_of_the_engine():
    pieces = spoken(speaker(), "One two three.")
    assert [len(piece.audio) // 4 for piece in pieces] == [WORD] * 3
    assert [word.text for piece in pieces for word in piece.words] == ["One", "two", "three."]
    assert all(piece.step_time >= 0 for piece in pieces)


def test_speech_goes_on_where_it_stopped():
    one = speaker()
    first, second = spoken(one, "One two."), spoken(one, "Three.", "Four.")
    starts = [word.start for piece in first + second for word in piece.words]
    assert starts == pytest.approx([0.0, 0.1, 0.2, 0.3])
    phonemes = [sound.start for piece in first + second for sound in piece.phonemes]
    assert phonemes == pytest.approx([0.0, 0.1, 0.2, 0.3])


def test_times_are_left_out_unless_wanted():
    pieces = spoken(speaker(word_times=False, phoneme_times=False), "One two.")
    assert not any(piece.words or piece.phonemes for piece in pieces)


def test_only_the_first_utterance_has_to_hurry():
    engine = Engine()
    one = speaker(engine)
    spoken(one, "One.", "Two.", "Three.")
    spoken(one, "Four.")  # after a pause
    assert [controls.first_piece for _, controls in engine.planned] == [0.2, 0.5, 0.5, 0.2]


def test_a_sentence_in_parts_is_led_on_and_the_next_is_not():
    engine = Engine()
    one = speaker(engine)
    spoken(one, "Speech begins")
    spoken(one, "before the text", "is complete.", "Truly.")
    leads = [" ".join(word.text for word in text.lead) for text, _ in engine.planned]
    assert leads == ["", "Speech begins", "before the text", ""]


def test_text_is_read_by_the_rules_that_the_voice_was_trained_on():
    engine = Engine()
    german = replace(engine.capabilities, languages=("de-DE",), espeak="de")
    engine.capabilities = german
    spoken(speaker(engine, language="de-DE"), "Straße.")
    (text, _), *_ = engine.planned
    assert text.language == "de-DE"
    assert text.spoken[0].phonemes.startswith("ʃt")


def test_words_without_a_sound_go_with_the_next_text():
    one = speaker()
    assert spoken(one, "—") == []
    pieces = spoken(one, "Yes.")
    assert [word.text for piece in pieces for word in piece.words] == ["—", "Yes."]


def test_words_after_the_last_sound_come_at_its_end():
    one = speaker()
    spoken(one, "Yes.", "—", "!")
    assert one.leftover() == (TimedText("—", 0.1, 0.1), TimedText("!", 0.1, 0.1))
    assert one.leftover() == ()


@pytest.mark.parametrize("rate", [8000, 22050, 44100])
def test_nothing_is_lost_between_runs_at_another_rate(rate):
    one = speaker(form=AudioFormat("raw", rate, "pcm_f32le"))
    total = sum(len(samples_of(spoken(one, "One two."))) for _ in range(7))
    assert total == round(14 * WORD * rate / RATE)


def test_volume_is_a_factor_that_does_not_clip():
    quiet = samples_of(spoken(speaker(volume=0.5), "One."))
    np.testing.assert_allclose(quiet, 0.005)
    samples = _at_volume(np.linspace(-1, 1, 101, dtype=np.float32), 2.0)
    assert np.abs(samples).max() <= 1.0
    assert (np.diff(samples) > 0).all()
    np.testing.assert_allclose(samples[40:61], np.linspace(-0.4, 0.4, 21), atol=1e-6)


def test_duration_cuts_audio_and_words_off():
    one = speaker(max_seconds=0.25)
    pieces = spoken(one, "One two three four.", "Five.")
    assert len(samples_of(pieces)) == 6000
    assert samples_of(pieces)[-1] == 0
    assert [word.text for piece in pieces for word in piece.words] == ["One", "two", "three"]
    assert pieces[-1].words[-1].end <= 0.25
    assert one.finished


def test_limit_holds_over_all_runs():
    one = speaker(max_seconds=0.25)
    spoken(one, "One two.")
    assert not one.finished
    spoken(one, "Three.")
    assert one.finished


def test_cancel_stops_at_the_next_piece():
    token = CancelToken()
    pieces = speaker().speak(["One two three."], token)
    next(pieces)
    token.cancel()
    with pytest.raises(Cancelled):
        next(pieces)


class TestRecording:
    WAV = AudioFormat("wav", 16000, "pcm_s16le")

    def recorded(self, text, engine=None, **changes):
        of = speaker(engine, **changes)
        return b"".join(piece.audio for piece in of.recording(text, CancelToken()))

    def frames(self, data):
        with wave.open(io.BytesIO(data)) as reader:
            return reader.getnframes()

    @pytest.mark.parametrize("sentences", [1, 8])
    def test_length_is_known_before_the_audio(self, sentences):
        data = self.recorded("One two three. " * sentences, form=self.WAV)
        assert self.frames(data) == sentences * 3 * 1600

    def test_limit_is_known_before_the_audio(self):
        data = self.recorded("One two three.", form=self.WAV, max_seconds=0.25)
        assert self.frames(data) == 4000

    def test_length_of_a_long_text_is_left_open(self):
        data = self.recorded("One two three. " * 9, form=self.WAV)
        assert data[4:8] == b"\xff\xff\xff\xff"
        assert len(data) == 44 + 2 * 9 * 3 * 1600

    def test_length_that_the_engine_cannot_tell_is_left_open(self):
        data = self.recorded("One.", engine=Engine(knows_length=False), form=self.WAV)
        assert data[4:8] == b"\xff\xff\xff\xff"

    def test_raw_audio_does_not_wait_for_later_utterances(self):
        engine = Engine()
        pieces = speaker(engine).recording("One. Two. Three.", CancelToken())
        next(pieces)
        assert len(engine.planned) == 1

    @pytest.mark.parametrize("text", ["", "  ", "...", "—?!"])
    def test_nothing_to_speak_is_refused(self, text):
        with pytest.raises(BadRequest, match="transcript empty or contains only punctuation"):
            self.recorded(text, form=self.WAV)


def test_segments_hold_the_whole_text():
    text = "One two. Three, four? Five"
    assert " ".join(map(str, read_transcript(text))).split() == text.split()


def test_refusal_of_a_long_text_is_short():
    assert len(unspeakable("." * 5000).message) < 200


def test_a_break_is_silence_of_its_length_and_moves_what_follows():
    pieces = spoken(speaker(), "One.", Break(1.25), "Two.")
    samples = samples_of(pieces)
    assert len(samples) == 2 * WORD + 1.25 * RATE
    assert not samples[WORD : WORD + round(1.25 * RATE)].any()
    words = [word for piece in pieces for word in piece.words]
    assert words == [TimedText("One.", 0.0, 0.1), TimedText("Two.", 1.35, 1.45)]
    assert max(len(piece.audio) // 4 for piece in pieces) <= RATE


def test_a_break_ends_where_the_duration_does():
    assert len(samples_of(spoken(speaker(max_seconds=0.5), "One.", Break(3.0), "Two."))) == RATE / 2


def test_a_break_can_be_cancelled():
    cancel = CancelToken()
    pieces = speaker().speak([Break(9.0)], cancel)
    next(pieces)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(pieces)


def test_directives_hold_from_where_they_stand_until_the_next_of_their_kind():
    engine = Engine()
    own = Expression(rate=0.5)
    one = speaker(engine, controls=SpeechControls(speed=1.2, expression=own))
    spoken(one, "One.", Speed(1.5), Emotion("happy"), "Two.")
    spoken(one, "Three.", Speed(1.0), Emotion(None), "Four.")
    happy = EMOTIONS["happy"]
    said = [controls for _, controls in engine.planned]
    fast = 1.8 * happy.rate
    assert [controls.speed for controls in said] == pytest.approx([0.6, fast, fast, 0.6])
    assert [controls.expression for controls in said] == [own, happy, happy, own]


def test_an_emotion_changes_the_level():
    loud = EMOTIONS["angry"].level
    samples = samples_of(spoken(speaker(), "One.", Emotion("angry"), "Two.")).reshape(2, WORD)
    np.testing.assert_allclose(samples[1], 0.02 * loud, rtol=1e-6)


def test_volume_changes_from_where_its_tag_stands():
    one = speaker(volume=0.5)
    samples = samples_of(spoken(one, "One.", Volume(2.0), "Two.")).reshape(2, WORD)
    np.testing.assert_allclose(samples[0], 0.005)
    np.testing.assert_allclose(samples[1], 0.02)


@pytest.mark.parametrize("transcript", ['<break time="1s"/>', 'Hi<break time="900ms"/>'])
def test_a_recording_knows_how_long_its_breaks_are(transcript):
    one = speaker(form=AudioFormat("wav", RATE, "pcm_s16le"))
    data = b"".join(piece.audio for piece in one.recording(transcript, CancelToken()))
    with wave.open(io.BytesIO(data)) as file:
        assert file.getnframes() == RATE
