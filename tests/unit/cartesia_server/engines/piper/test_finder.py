import logging
import uuid

import pytest

from cartesia_server.engines.piper import find
from cartesia_server.settings import Settings
from tests.unit.cartesia_server.engines.piper import tiny

VOICE = tiny.voice()


@pytest.fixture(autouse=True)
def _only_the_folder(monkeypatch):
    monkeypatch.setattr("cartesia_server.engines.piper.finder.PACKAGED", ())


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def found(folder):
    return lambda: find(Settings(model_dir=folder, cache_dir=folder / "cache"))


def put(folder, stem, **changes):
    folder.mkdir(exist_ok=True)
    (folder / f"{stem}.onnx").write_bytes(VOICE)
    (folder / f"{stem}.onnx.json").write_bytes(tiny.config(**changes))


GERMAN = {
    "language": {"code": "de_DE", "name_english": "German"},
    "espeak": {"voice": "de"},
    "dataset": "thorsten_emotional",
}


def test_a_voice_in_the_folder_adds_itself_and_its_language(folder, found):
    put(folder, "de_DE-thorsten_emotional-x_low", **GERMAN)
    (voice,) = found()
    assert (voice.name, voice.locale, voice.engine) == ("Thorsten Emotional", "de-DE", "piper")
    assert voice.description == "German, x low quality; a Piper voice."
    assert voice.source == "de_DE-thorsten_emotional-x_low"
    assert (voice.embedding, voice.is_owner, voice.gender) == (None, False, None)
    assert voice.own.capabilities.languages == ("de-DE",)
    assert voice.own.capabilities.espeak == "de"


def test_ids_depend_on_the_name_of_the_file_alone(folder, found):
    put(folder, "de_DE-thorsten-low", **GERMAN)
    put(folder / "more", "nl_NL-mls-medium", language={"code": "nl_NL"})
    german, dutch = found()
    assert german.id == "1582ebde-7d8e-53f3-be4b-03a872f9ce0e"
    assert uuid.UUID(dutch.id).version == 5
    assert found()[0].id == german.id


def test_each_speaker_is_a_voice(folder, found):
    put(folder, "en_GB-vctk-medium", num_speakers=2, speaker_id_map={"p239": 0, "p236": 1})
    voices = found()
    assert [voice.name for voice in voices] == ["Tiny p239", "Tiny p236"]
    assert [voice.source for voice in voices] == [
        "en_GB-vctk-medium#p239",
        "en_GB-vctk-medium#p236",
    ]
    assert len({voice.id for voice in voices}) == 2


@pytest.mark.parametrize("without", [".onnx", ".onnx.json"])
def test_half_a_voice_is_none(folder, found, without, caplog):
    put(folder, "voice")
    (folder / f"voice{without}").unlink()
    assert found() == []


def test_what_cannot_be_used_is_left_out_and_said(folder, found, caplog):
    put(folder, "good")
    put(folder, "bad", phoneme_type="pinyin")
    put(folder, "unheard", espeak={"voice": "martian"})
    (folder / "worse.onnx.json").write_text("{")
    with caplog.at_level(logging.WARNING, "cartesia_server.engines.piper"):
        assert [voice.source for voice in found()] == ["good"]
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 3
    assert "unheard.onnx.json is left out: espeak-ng has no voice 'martian'" in said[1]
    assert "bad.onnx.json is left out: phoneme_type: got 'pinyin', accepted: espeak" in said[0]


@pytest.mark.parametrize(
    "content",
    [
        VOICE[:-1],
        VOICE[: len(VOICE) // 2],
        VOICE[:1],
        b"",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 63201294\n",
        b"<!DOCTYPE html><html><body>Not found</body></html>",
        bytes(100),
        b"\xff" * 100,
        b"\x3a" + b"\xff" * 9 + b"\x7f",  # a network of more bytes than any file has
    ],
)
def test_a_file_that_was_not_copied_whole_is_no_voice(folder, found, content, caplog):
    put(folder, "whole")
    put(folder, "voice")
    (folder / "voice.onnx").write_bytes(content)
    assert [voice.source for voice in found()] == ["whole"]
    assert "voice.onnx is cut short, or no ONNX file; copy it again" in caplog.text


def test_without_a_folder_there_is_none(tmp_path):
    assert find(Settings(model_dir=None, cache_dir=tmp_path)) == []
