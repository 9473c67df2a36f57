"""``POST /stt``, and the same in OpenAI's shape."""

import io
import wave

import numpy as np
import pytest

from cartesia import Cartesia
from cartesia_server.engines.base import TranscriptionCapabilities
from cartesia_server.settings import Settings
from tests.contract.scripted import ScriptedTranscription

PATHS = ("/stt", "/audio/transcriptions", "/v1/audio/transcriptions")
TONE = (8000 * np.sin(np.arange(32000) * 0.1)).astype("<i2").tobytes()


def wav(data=TONE, rate=16000):
    file = io.BytesIO()
    with wave.open(file, "wb") as output:
        output.setparams((1, 2, rate, 0, "NONE", ""))
        output.writeframes(data)
    return file.getvalue()


@pytest.fixture(scope="module")
def settings():
    return Settings(threads=2, max_upload_bytes=500_000, max_audio_seconds=10.0)


def post(http, path="/stt", *, file=None, query=None, **fields):
    files = {"file": ("a.wav", wav() if file is None else file)} if file != b"none" else {}
    fields = {"model": "ink-whisper", **fields}
    data = {name: value for name, value in fields.items() if value is not None}
    files = files or {"nothing": ("", b"")}
    return http.post(path, data=data, files=files, params=query)


@pytest.mark.parametrize("path", PATHS)
def test_a_recording_is_transcribed(http, path):
    answer = post(http, path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert (body["text"], body["language"], body["duration"]) == ("word word", "en", 2.0)
    assert body["request_id"] == answer.headers["x-request-id"]
    assert "words" not in body


@pytest.mark.parametrize("field", ["timestamp_granularities[]", "timestamp_granularities"])
def test_words_have_times_when_asked_for(http, field):
    words = post(http, **{field: "word"}).json()["words"]
    assert words[1] == {"word": "word", "start": 1.0, "end": 1.5}


def test_a_container_is_what_it_is_and_headerless_audio_what_the_query_says(http):
    query = {"encoding": "pcm_s16le", "sample_rate": "8000"}
    assert post(http, query=query).json()["duration"] == 2.0
    assert post(http, query=query, file=TONE).json()["duration"] == pytest.approx(4.0, abs=0.01)


def test_the_sdk_reads_the_answer(server):
    with Cartesia(base_url=server, api_key="any") as client:
        answer = client.stt.transcribe(
            file=io.BytesIO(wav()),
            model="ink-whisper",
            language="en",
            encoding="pcm_s16le",
            sample_rate=16000,
            timestamp_granularities=["word"],
        )
    assert (answer.text, answer.duration) == ("word word", 2.0)
    assert [word.word for word in answer.words or ()] == ["word", "word"]


@pytest.mark.parametrize("language", ["es", "es-MX", "ES_mx"])
def test_a_region_is_dropped_from_a_language(http, language):
    assert post(http, language=language).json()["language"] == "es"


@pytest.mark.parametrize("model", ["ink-whisper-2025-06-04", "ink-whisper-latest", "ink-2"])
def test_models_of_every_generation_mean_the_engine(http, model):
    assert post(http, model=model).status_code == 200


def test_openai_clients_name_their_own_model_and_format(http):
    answer = post(http, PATHS[2], model="whisper-1", response_format="text")
    assert (answer.text, answer.headers["content-type"][:10]) == ("word word", "text/plain")
    assert post(http, PATHS[2], response_format="verbose_json").json()["duration"] == 2.0
    refused = post(http, PATHS[2], response_format="srt")
    assert refused.status_code == 400
    assert "response_format: got 'srt', accepted: json, verbose_json, text" in refused.text


def test_models_of_openai_find_out_the_language_and_ours_hear_english(http, monkeypatch):
    monkeypatch.setattr(ScriptedTranscription, "language", "es")
    for model, language in (("whisper-1", "es"), ("ink-whisper", "en")):
        answer = post(http, PATHS[2], model=model, response_format="verbose_json")
        assert answer.json()["language"] == language
    assert post(http, PATHS[2], model="whisper-1", language="en").json()["language"] == "en"


def test_japanese_is_written_without_spaces(http, monkeypatch):
    capabilities = TranscriptionCapabilities("scripted", ("en", "ja"), 16000)
    monkeypatch.setattr(ScriptedTranscription, "capabilities", capabilities)
    assert post(http, language="ja").json()["text"] == "wordword"


@pytest.mark.parametrize(
    ("changes", "field"), [({"file": b"no audio at all"}, "file"), ({"model": "ink-9"}, "model")]
)
def test_clients_of_openai_are_told_which_field_is_at_fault(http, changes, field):
    assert post(http, PATHS[2], **changes).json()["error"]["param"] == field


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": None}, "model: got nothing, accepted: ink-whisper"),
        ({"model": "ink-9"}, "model: got 'ink-9', accepted: ink-whisper"),
        ({"language": "tlh"}, "language: got 'tlh', accepted: en, es"),
        ({"timestamp_granularities[]": "letter"}, "timestamp_granularities: got 'letter'"),
        ({"query": {"encoding": "mp3"}}, "encoding: 'mp3'"),
        ({"query": {"sample_rate": "fast"}}, "sample_rate: got 'fast'"),
        ({"query": {"sample_rate": "0"}}, "sample_rate: 0 Hz"),
        ({"query": {"encoding": "pcm_s16le"}, "file": TONE}, "sample_rate: is missing"),
        ({"file": b""}, "file: is empty"),
        ({"file": b"no audio at all"}, "file: is no audio file"),
        ({"file": b"no audio at all"}, "webm and other common containers; headerless audio with"),
        ({"file": b"none"}, "file: got nothing"),
        ({"file": wav(TONE * 6)}, "file: is longer than 10 s"),
    ],
)
def test_bad_input_is_refused_by_name(http, path, changes, message):
    answer = post(http, path, **changes)
    assert answer.status_code == 400
    assert message in answer.text
    assert "accepted: " in answer.text
    assert http.get("/").json()["ok"]


def test_a_filename_may_be_written_as_rfc_5987_has_it(http):
    head = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
    named = b"; filename*=UTF-8''caf%C3%A9.wav"
    body = head % (b"model", b"") + b"ink-whisper\r\n" + head % (b"file", named) + wav(TONE)
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = http.post("/stt", content=body + b"\r\n--x--\r\n", headers=kind)
    assert answer.status_code == 200, answer.text


def test_an_upload_over_the_limit_is_refused(http):
    assert post(http, file=bytes(600_000)).status_code == 413


def test_a_body_that_is_no_form_is_refused(http):
    assert http.post("/stt", content=b"audio").status_code == 400
