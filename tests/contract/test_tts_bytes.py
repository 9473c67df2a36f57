import io
import wave

import av
import httpx
import numpy as np
import pytest

from cartesia_server.audio.formats import ENCODINGS, SAMPLE_RATES
from tests.contract.conftest import RAW, speech_request
from tests.contract.scripted import LEVEL, WORD_SECONDS

WIDTH = {"pcm_f32le": 4, "pcm_s16le": 2, "pcm_mulaw": 1, "pcm_alaw": 1}


def post(http, version="2024-11-13", **changes):
    headers = {"Cartesia-Version": version}
    return http.post("/tts/bytes", json=speech_request(**changes), headers=headers)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("rate", SAMPLE_RATES)
def test_every_raw_format_lasts_equally_long(http, rate, encoding):
    form = {"container": "raw", "encoding": encoding, "sample_rate": rate}
    answer = post(http, output_format=form)
    assert answer.status_code == 200
    assert len(answer.content) / WIDTH[encoding] / rate == pytest.approx(
        3 * WORD_SECONDS, abs=0.001
    )


def test_samples_arrive_as_the_engine_made_them(http):
    answer = post(http, output_format={**RAW, "encoding": "pcm_f32le"})
    np.testing.assert_allclose(np.frombuffer(answer.content, "<f4"), LEVEL)


def test_wav_says_its_true_length(http):
    form = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 44100}
    answer = post(http, output_format=form)
    assert answer.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(answer.content)) as reader:
        assert reader.getnframes() == round(3 * WORD_SECONDS * 44100)
        assert len(reader.readframes(10**6)) == 2 * reader.getnframes()


def test_wav_of_a_long_text_is_read_to_its_end(http):
    form = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 8000}
    answer = post(http, output_format=form, transcript="One two three. " * 20)
    with wave.open(io.BytesIO(answer.content)) as reader:
        assert len(reader.readframes(10**6)) == 2 * round(60 * WORD_SECONDS * 8000)


def test_mp3_plays(http):
    form = {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}
    answer = post(http, output_format=form)
    assert answer.headers["content-type"] == "audio/mpeg"
    with av.open(io.BytesIO(answer.content)) as container:
        samples = sum(frame.samples for frame in container.decode(audio=0))
    assert samples / 44100 == pytest.approx(3 * WORD_SECONDS, abs=0.03)


def test_first_audio_leaves_before_the_last_is_made(http, engine):
    request = speech_request(transcript="one wait three")
    with http.stream("POST", "/tts/bytes", json=request) as answer:
        pieces = answer.iter_raw()
        assert next(pieces)
        assert "wait" not in engine.said
        engine.going.set()
        assert sum(map(len, pieces)) > 0


@pytest.mark.parametrize(
    ("voice", "by"),
    [
        ({"id": "694f9389-aac1-45b6-b726-9d9369183238"}, "id without mode"),
        ("694f9389-aac1-45b6-b726-9d9369183238", "bare string"),
        ({"mode": "embedding", "embedding": [0.01] * 192}, "embedding"),
        ({"id": "grace"}, "name"),
    ],
)
def test_voice_may_be_given_in_any_way(http, engine, voice, by):
    assert post(http, voice=voice).status_code == 200, by
    assert engine.voices[0].shape == (192,)


@pytest.mark.parametrize("model", ["sonic-turbo", "sonic-2-2025-03-07", "sonic-latest", "sonic-3"])
def test_model_names_of_the_cloud_are_accepted(http, model):
    assert post(http, model_id=model).status_code == 200


def test_speed_changes_the_length(http):
    slow = post(http, speed="slow").content
    fast = post(http, generation_config={"speed": 1.5}).content
    assert len(slow) == pytest.approx(len(fast) * 1.5 / 0.8, rel=0.01)


def test_volume_changes_the_level(http):
    form = {**RAW, "encoding": "pcm_f32le"}
    quiet = post(http, output_format=form, generation_config={"volume": 0.5}).content
    np.testing.assert_allclose(np.frombuffer(quiet, "<f4"), LEVEL / 2, rtol=1e-5)


def test_duration_is_a_limit(http):
    answer = post(http, transcript="word " * 50, duration=0.25)
    assert len(answer.content) == 2 * round(0.25 * 24000)


def test_nulls_and_unknown_fields_are_as_if_absent(http):
    request = {**speech_request(), "language": None, "duration": None, "novelty": {"a": 1}}
    assert http.post("/tts/bytes", json=request).status_code == 200


def test_unknown_bit_rate_is_refused(http):
    answer = post(http, output_format={"container": "mp3", "sample_rate": 44100, "bit_rate": 1})
    assert answer.status_code == 400
    assert "output_format.bit_rate: got 1, accepted: 32000, 64000" in answer.text


def test_errors_are_json_for_newer_clients(http):
    answer = post(http, version="2026-03-01", model_id="sonnet")
    body = answer.json()
    assert answer.status_code == 400
    assert body["error_code"] == "model_not_found"
    assert body["title"] == "Invalid request"
    assert body["message"].startswith("model_id: got 'sonnet'")
    assert body["request_id"] == answer.headers["x-request-id"]


def test_version_that_is_no_date_is_refused(http):
    answer = post(http, version="latest")
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid request: Cartesia-Version: got 'latest'")


def test_engine_fault_is_a_server_error_without_its_details(http):
    answer = post(http, transcript="boom")
    assert answer.status_code == 500
    assert "the script says so" not in answer.text
    assert post(http).status_code == 200


def test_engine_fault_in_the_middle_breaks_the_answer_off(http, caplog):
    """A client must not take half of the speech for all of it."""
    with pytest.raises(httpx.RemoteProtocolError):
        post(http, transcript="one two boom three")
    assert post(http).status_code == 200


@pytest.mark.parametrize("path", ["/tts/bytes", "/tts/sse"])
def test_a_proxy_is_told_not_to_wait_until_its_buffer_is_full(http, path):
    answer = http.post(path, json=speech_request())
    assert answer.headers["x-accel-buffering"] == "no"
