import numpy as np
import pytest

from cartesia.wire.tts import GenerationRequest, TtsRequest, TtssseRequest
from cartesia_server.engines.base import PLAIN, PointVoice
from cartesia_server.errors import BadRequest, FieldError, TooLarge
from cartesia_server.sessions.resolve import FIRST_PIECE, check_length, resolve
from cartesia_server.settings import Settings
from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.emotions import EMOTIONS
from cartesia_server.voices.library import VoiceFieldError
from tests.contract.scripted import ScriptedSpeech, scripted_voice

WARM, BRITISH = "694f9389-aac1-45b6-b726-9d9369183238", "6ccbfb76-1fc6-48f7-b71d-91ac6298247b"
RAW = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000}
ENGINE = ScriptedSpeech()


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.load(own=[scripted_voice()])


@pytest.fixture
def job(catalogue):
    """Resolve a request given as what differs from a usual one."""

    def job(kind=TtsRequest, settings=None, **changes):
        message = {
            "model_id": "sonic-2",
            "transcript": "Hello.",
            "voice": {"mode": "id", "id": WARM},
            "output_format": RAW,
            **changes,
        }
        request = kind.model_validate(message)
        named = catalogue.find(getattr(request.voice, "id", ""))
        return resolve(request, named, catalogue, ENGINE, settings or Settings())

    return job


@pytest.mark.parametrize("kind", [TtsRequest, TtssseRequest, GenerationRequest])
def test_every_route_means_the_same(job, catalogue, kind):
    resolved = job(kind)
    assert isinstance(resolved.voice, PointVoice)
    assert resolved.voice.engine is ENGINE
    np.testing.assert_array_equal(resolved.voice.point, catalogue.get(WARM).embedding)
    assert resolved.language == "en-US"
    assert (resolved.form.container, resolved.form.encoding) == ("raw", "pcm_s16le")
    assert resolved.form.sample_rate == 24000
    assert (resolved.controls.speed, resolved.volume, resolved.max_seconds) == (1.0, 1.0, None)


@pytest.mark.parametrize(
    "voice", [WARM, WARM.upper(), {"id": WARM}, {"mode": "id", "id": WARM}, {"id": "Grace"}]
)
def test_voice_by_id_or_name(job, catalogue, voice):
    np.testing.assert_array_equal(job(voice=voice).voice.point, catalogue.get(WARM).embedding)


def test_voice_by_embedding_is_made_speakable(job, catalogue):
    known = catalogue.get(BRITISH).embedding
    by_numbers = job(voice={"mode": "embedding", "embedding": known.tolist()})
    np.testing.assert_allclose(by_numbers.voice.point, known, atol=1e-5)
    placeholder = job(voice={"embedding": [1.0] * 192})
    assert np.linalg.norm(placeholder.voice.point) < 6


@pytest.mark.parametrize("model", ["sonic-turbo", "sonic-turbo-2025-03-07"])
def test_turbo_starts_with_the_smallest_piece(job, model):
    assert job(model_id=model).controls.first_piece == min(FIRST_PIECE.values())


@pytest.mark.parametrize(
    "model",
    ["sonic-2", "sonic", "sonic-2-2025-05-08", "sonic-latest", "sonic-3-latest", "sonic-english"],
)
def test_other_models_start_with_more_slack(job, model):
    assert job(model_id=model).controls.first_piece > FIRST_PIECE["sonic-turbo"]


@pytest.mark.parametrize("model", ["", "sonnet", "sonic-9", "sonic-2-yesterday", "ink-whisper"])
def test_unknown_model_lists_what_there_is(job, model):
    with pytest.raises(FieldError) as refusal:
        job(model_id=model)
    assert refusal.value.code == "model_not_found"
    assert f"model_id: got {model!r}, accepted: sonic-turbo, sonic-2" in refusal.value.message


def test_unknown_voice_says_which_are_close_and_where_all_are_listed(job):
    with pytest.raises(FieldError) as refusal:
        job(voice={"id": "micheal"})
    accepted = "an id that GET /voices lists, or a name, such as Michael, "
    assert f"voice.id: got 'micheal', accepted: {accepted}" in refusal.value.message
    assert len(refusal.value.message) < 200


@pytest.mark.parametrize(
    ("voice", "fields", "language"),
    [
        (WARM, {}, "en-US"),
        (BRITISH, {}, "en-GB"),
        (BRITISH, {"language": "en"}, "en-GB"),
        (BRITISH, {"language": "EN"}, "en-GB"),
        (BRITISH, {"language": "en-US"}, "en-US"),
        (WARM, {"language": "en_gb"}, "en-GB"),
        (WARM, {"language": "en-AU"}, "en-US"),
        (WARM, {"language": "es"}, "es"),
        (WARM, {"locale": "es-MX"}, "es"),
        ("Dora", {}, "es"),
        ("Dora", {"language": "en"}, "en-US"),
        ({"embedding": [0.0] * 192}, {}, "en-US"),
        ({"embedding": [0.0] * 192}, {"language": "es"}, "es"),
    ],
)
def test_language_is_the_one_asked_for_in_the_accent_of_the_voice(job, voice, fields, language):
    assert job(voice=voice, **fields).language == language


def test_an_accent_moves_the_voice_and_what_it_speaks(job, catalogue):
    plain = job()
    moved = job(accent="british")
    assert (plain.language, moved.language) == ("en-US", "en-GB")
    assert not np.allclose(plain.voice.point, moved.voice.point)
    np.testing.assert_allclose(plain.voice.point[:96], moved.voice.point[:96], atol=1e-5)
    assert job(accent="british", language="es").language == "es"
    assert job(accent="mexican").language == "es"  # by an engine that knows one Spanish
    by_numbers = {"embedding": catalogue.get(WARM).embedding.tolist()}
    assert job(accent="british", voice=by_numbers).language == "en-GB"


def test_a_voice_that_its_engine_brings_has_one_accent(job, catalogue):
    for accent in ("high-german", "de_DE"):
        assert job(voice="Karla", accent=accent).voice is catalogue.find("Karla").own
    with pytest.raises(FieldError, match=r"accent: got 'british', accepted: high-german \(de-DE\)"):
        job(voice="Karla", accent="british")
    with pytest.raises(VoiceFieldError, match="accent: got 'high-german', accepted: gen"):
        job(accent="high-german")


@pytest.mark.parametrize("field", ["language", "locale"])
def test_language_without_a_voice_is_refused_with_those_that_work(job, field):
    with pytest.raises(FieldError, match=f"{field}: got 'sv', accepted: en-US, en-GB, es$"):
        job(**{field: "sv"})


@pytest.mark.parametrize("voice", [WARM, {"embedding": [0.0] * 192}])
def test_language_of_another_voice_is_refused_with_that_voice(job, voice):
    told = "en-US, en-GB, es with this voice; de-DE is spoken by Karla"
    with pytest.raises(FieldError, match=f"language: got 'de-DE', accepted: {told}$"):
        job(voice=voice, language="de-DE")


@pytest.mark.parametrize("fields", [{}, {"language": "de"}, {"locale": "de_AT"}])
def test_a_voice_that_its_engine_brings_speaks_itself(job, catalogue, fields):
    resolved = job(voice="Karla", **fields)
    assert resolved.voice is catalogue.find("Karla").own
    assert resolved.language == "de-DE"


def test_a_voice_that_its_engine_brings_has_its_own_languages(job):
    told = "de-DE with this voice; en is spoken by Grace, "
    with pytest.raises(FieldError, match=f"language: got 'en', accepted: {told}"):
        job(voice="Karla", language="en")


def test_voice_whose_language_the_engine_lacks_needs_another(job):
    with pytest.raises(FieldError, match="language: got 'ja-JP'"):
        job(voice="Haruka")
    assert job(voice="Haruka", language="en").language == "en-US"


def test_a_language_that_could_be_installed_is_refused_with_how(job, monkeypatch):
    monkeypatch.setattr("cartesia_server.text.languages.find_spec", lambda name: None)
    with pytest.raises(FieldError, match=r"; ja after pip install 'cartesia\[ja\]'"):
        job(language="ja")


def test_fallback_language_is_spoken_where_allowed(job):
    settings = Settings(fallback_language=True)
    assert job(settings=settings, language="de").language == "en-US"
    assert job(settings=settings, voice=BRITISH, language="de").language == "en-GB"


def controls(speed):
    return {"voice": {"id": WARM, "__experimental_controls": {"speed": speed}}}


@pytest.mark.parametrize(
    ("fields", "speed"),
    [
        ({"speed": "slow"}, 0.8),
        ({"speed": "normal"}, 1.0),
        ({"speed": "fast"}, 1.25),
        ({"speed": 1.1}, 1.1),
        (controls("slowest"), 0.6),
        (controls("fastest"), 1.5),
        (controls(-1), 0.6),
        (controls(-0.5), 0.8),
        (controls(0), 1.0),
        (controls(1.0), 1.5),
        ({"voice": {"id": WARM, "experimental_controls": {"speed": "fast"}}}, 1.25),
        ({"generation_config": {"speed": 0.6}}, 0.6),
        ({"generation_config": {"speed": 1.5}}, 1.5),
        ({"generation_config": {"speed": 1.2}, "speed": "fast"}, 1.5),
        ({"generation_config": {}}, 1.0),
    ],
)
def test_speed_in_every_spelling(job, fields, speed):
    assert job(**fields).controls.speed == pytest.approx(speed)


def feelings(*tags):
    return {"voice": {"id": WARM, "__experimental_controls": {"emotion": list(tags)}}}


@pytest.mark.parametrize(
    ("fields", "expression"),
    [
        ({}, PLAIN),
        ({"generation_config": {"emotion": "neutral"}}, PLAIN),
        ({"generation_config": {"emotion": ""}}, PLAIN),
        ({"generation_config": {"emotion": "Happy"}}, EMOTIONS["happy"]),
        (feelings(), PLAIN),
        (feelings("positivity"), EMOTIONS["happy"]),
        (
            {**feelings("anger"), "generation_config": {"emotion": "sad"}},
            EMOTIONS["sad"].joined(EMOTIONS["angry"]),
        ),
    ],
)
def test_emotion_in_every_spelling(job, fields, expression):
    assert job(**fields).controls.expression == expression


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"speed": "warp"}, "speed"),
        ({"generation_config": {"emotion": "glad"}}, "generation_config.emotion"),
        (feelings("anger", "glee:high"), "voice.__experimental_controls.emotion"),
        (feelings("anger:extreme"), "voice.__experimental_controls.emotion"),
        ({"speed": 0.1}, "speed"),
        (controls("warp"), "voice.__experimental_controls.speed"),
        (controls(1.5), "voice.__experimental_controls.speed"),
        ({"generation_config": {"speed": 0.5}}, "generation_config.speed"),
        ({"generation_config": {"speed": float("nan")}}, "generation_config.speed"),
        ({"generation_config": {"volume": 2.5}}, "generation_config.volume"),
        ({"duration": 0}, "duration"),
        ({"duration": float("inf")}, "duration"),
        ({"output_format": {**RAW, "encoding": "opus"}}, "output_format.encoding"),
        ({"output_format": {**RAW, "sample_rate": 96000}}, "output_format.sample_rate"),
        ({"language": "en", "locale": "en"}, "locale"),
        ({"normalization": "de-DE"}, "normalization"),
        ({"normalization": "on"}, "normalization"),
    ],
)
def test_what_cannot_be_honoured_is_refused_by_name(job, fields, field):
    with pytest.raises(FieldError) as refusal:
        job(**fields)
    assert refusal.value.field == field
    assert "accepted: " in refusal.value.message


@pytest.mark.parametrize("embedding", [[], [1.0] * 191, [float("nan")] * 192])
def test_embedding_that_is_no_voice_is_refused(job, embedding):
    with pytest.raises(BadRequest, match=r"voice\.embedding: got"):
        job(voice={"mode": "embedding", "embedding": embedding})


def test_volume_and_duration_are_taken_over(job):
    resolved = job(generation_config={"volume": 0.5}, duration=2)
    assert (resolved.volume, resolved.max_seconds) == (0.5, 2)


def test_mp3_has_its_bit_rate(job):
    form = {"container": "mp3", "sample_rate": 44100, "bit_rate": 64000}
    assert job(output_format=form).form.bit_rate == 64000
    with pytest.raises(FieldError, match=r"output_format\.bit_rate: got 1, accepted: 32000"):
        job(output_format={**form, "bit_rate": 1})


@pytest.mark.parametrize(
    ("kind", "flags", "normalised"),
    [
        (GenerationRequest, {}, False),
        (GenerationRequest, {"use_original_timestamps": False}, True),
        (GenerationRequest, {"use_original_timestamps": True}, False),
        (TtssseRequest, {"use_normalized_timestamps": True}, True),
        (TtssseRequest, {}, False),
    ],
)
def test_timestamps_flags(job, kind, flags, normalised):
    resolved = job(kind, add_timestamps=True, **flags)
    assert (resolved.word_times, resolved.phoneme_times) == (True, False)
    assert resolved.normalised is normalised


def test_too_long_a_transcript_is_refused():
    settings = Settings(max_text_chars=10)
    check_length("x" * 10, settings)
    with pytest.raises(TooLarge, match="transcript: got 11 characters, accepted: at most 10"):
        check_length("x" * 11, settings)


@pytest.mark.parametrize(
    ("fields", "locale"),
    [
        ({}, "en-US"),
        ({"normalization": "auto", "language": "en-GB"}, "en-GB"),
        ({"normalization": None, "locale": "es_MX"}, "es-MX"),
        ({"normalization": "en-AU"}, "en-AU"),
        ({"normalization": "OFF"}, None),
    ],
)
def test_text_is_normalised_for_the_locale_asked_for(job, fields, locale):
    assert job(**fields).normalise_for == locale
