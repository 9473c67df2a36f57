from __future__ import annotations

import os
import sys
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from cartesia_server.voices import store as store_module
from cartesia_server.voices.database import is_id, new_id
from cartesia_server.voices.records import VoiceQuery, VoiceRecord
from cartesia_server.voices.schema import StoreError
from cartesia_server.voices.store import VoiceStore


def a_voice(name: str = "Ada", **changes: object) -> VoiceRecord:
    values: dict[str, object] = {
        "id": new_id(),
        "name": name,
        "description": "Clear.",
        "language": "en",
        "gender": "feminine",
        "country": "GB",
        "created_at": datetime.now(timezone.utc),
        "embedding": np.linspace(-1, 1, 192, dtype=np.float32),
        "source": "clone",
        "is_owner": True,
    }
    return VoiceRecord(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path):
    """A store with nothing in it; PostgreSQL where CARTESIA_TEST_POSTGRES has a URL of one."""
    if request.param == "sqlite":
        store = VoiceStore.in_folder(tmp_path)
    elif url := os.environ.get("CARTESIA_TEST_POSTGRES"):
        store = VoiceStore(url)
        for voice in [*store.between(None, None)]:
            store.remove(voice.id)
    else:
        pytest.skip("CARTESIA_TEST_POSTGRES names no database")
    yield store
    store.close()


def names(voices) -> list[str]:
    return [voice.name for voice in voices]


def test_new_ids_are_uuids_that_sort_by_age():
    ids = [new_id() for _ in range(50)]
    milliseconds = [uuid.UUID(new).int >> 80 for new in ids]
    assert milliseconds == sorted(milliseconds)
    assert len(set(ids)) == 50
    assert all(map(is_id, ids))


@pytest.mark.parametrize(
    "text",
    ["", "Grace", "694f9389-aac1-45b6-b726-9d9369183238", "0194E2F1-0000-7000-8000-000000000000"],
)
def test_other_ids_are_told_apart(text):
    assert not is_id(text)


def test_a_voice_comes_back_as_it_was_stored(store):
    voice = a_voice(gender=None, country=None)
    store.add(voice)
    store.close()
    found = store.get(voice.id.upper())
    assert found is not None
    for field in ("id", "name", "description", "language", "gender", "country", "engine", "source"):
        assert getattr(found, field) == getattr(voice, field)
    assert found.created_at == voice.created_at
    assert found.is_owner
    assert found.embedding.dtype == np.float32
    np.testing.assert_array_equal(found.embedding, voice.embedding)


def test_reading_where_nothing_was_stored_touches_nothing(tmp_path):
    store = VoiceStore.in_folder(tmp_path / "data")
    assert store.get("nobody") is None
    assert store.find("nobody") is None
    assert list(store.between(None, None)) == []
    assert list(tmp_path.iterdir()) == []


def test_find_returns_the_newest_of_a_name_in_any_case(store):
    older, newer = sorted(new_id() for _ in range(2))
    store.add(a_voice("ADA", id=newer))
    store.add(a_voice("Ada", id=older))
    assert store.find(" ada ").id == newer
    assert store.find("Eve") is None


def test_a_voice_is_refined_in_place(store):
    voice = a_voice()
    store.add(voice)
    point = np.linspace(-1, 1, 192, dtype=np.float32)
    assert store.refine(voice.id.upper(), point)
    found = store.get(voice.id)
    np.testing.assert_array_equal(found.embedding, point)
    assert (found.name, found.created_at) == (voice.name, voice.created_at)
    assert not store.refine(new_id(), point)


def test_change_touches_what_is_named(store):
    voice = a_voice()
    store.add(voice)
    changed = store.change(voice.id, {"name": "Eve", "gender": None})
    assert (changed.name, changed.gender, changed.description) == ("Eve", None, "Clear.")
    assert store.get(voice.id).name == "Eve"
    assert store.change(new_id(), {"name": "Eve"}) is None


def test_remove_deletes_for_good(store):
    voice = a_voice()
    store.add(voice)
    assert store.remove(voice.id) is True
    assert store.remove(voice.id) is False
    assert store.get(voice.id) is None


def test_the_list_runs_from_the_newest_to_the_oldest_and_back(store):
    now = datetime.now(timezone.utc)
    ids = sorted((new_id() for _ in range(5)), reverse=True)
    for place in (2, 0, 4, 1, 3):
        store.add(a_voice(str(place), id=ids[place], created_at=now - timedelta(place)))
    assert names(store.between(None, None)) == ["0", "1", "2", "3", "4"]
    assert names(store.between(None, None, backwards=True)) == ["4", "3", "2", "1", "0"]
    assert names(store.between(ids[0], ids[3])) == ["1", "2"]
    store.remove(ids[1])
    assert names(store.between(ids[1], None)) == ["2", "3", "4"]


@pytest.mark.parametrize(
    "query",
    [
        VoiceQuery(text=" STRASSE "),
        VoiceQuery(text="ada\nclear"),
        VoiceQuery(text="%_"),
        VoiceQuery(text="nobody"),
        VoiceQuery(text="\0"),
        VoiceQuery(gender="masculine"),
        VoiceQuery(language="EN_gb"),
        VoiceQuery(language="es", text="voice", gender="feminine"),
        VoiceQuery(language="\0"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_a_query_leaves_out_nothing_that_matches(store, query, backwards):
    voices = [
        a_voice(name, language=language, gender=gender, description=told)
        for language in ("en", "es")
        for gender in ("masculine", "feminine", None)
        for name, told in (("Voice Straße", ""), ("Ada", "Clear."), ("100%_", "a voice"))
    ]
    for voice in voices:
        store.add(voice)
    everything = store.between(None, None, backwards=backwards)
    found = store.between(None, None, backwards=backwards, query=query)
    expected = [voice.id for voice in everything if query.matches(voice)]
    assert [voice.id for voice in found if query.matches(voice)] == expected


@pytest.mark.parametrize("text", ["a" * 60_000, "a\0", "\ud800"])
def test_what_no_voice_can_hold_is_looked_for_nowhere(store, text):
    store.add(a_voice("Ada"))
    assert list(store.between(None, None, query=VoiceQuery(text=text))) == []
    assert store.find(text) is None


def test_a_voice_is_found_by_what_it_is_called_now(store):
    voice = a_voice("Straße", description="Old.")
    store.add(voice)
    store.change(voice.id, {"name": "ALLEE"})
    assert store.find("strasse") is None
    assert store.find("allee").id == voice.id
    assert [v.id for v in store.between(None, None, query=VoiceQuery(text="OLD."))] == [voice.id]
    assert not list(store.between(None, None, query=VoiceQuery(text="strasse")))


def test_a_search_reads_what_it_finds_and_not_the_rest(store, monkeypatch):
    # No name that could stand in an id: a search looks there, too, and ids are drawn by chance.
    for number in range(30):
        store.add(a_voice("Ludwig" if number % 10 == 0 else "Eve"))
    made, record = [], store_module._record

    def counted(row):
        made.append(row.name)
        return record(row)

    monkeypatch.setattr(store_module, "_record", counted)
    assert len(list(store.between(None, None, query=VoiceQuery(text="ludwig")))) == 3
    assert made == ["Ludwig"] * 3


def test_a_half_read_list_holds_up_no_writer(store):
    for number in range(300):
        store.add(a_voice(str(number)))
    reading = store.between(None, None)
    next(reading)
    late = a_voice("late")
    store.add(late)
    assert store.get(late.id) is not None
    assert len([*reading]) == 299


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path):
    (tmp_path / "file").write_text("")
    store = VoiceStore.in_folder(tmp_path / "file")
    with pytest.raises(StoreError, match="cannot be reached or written"):
        store.add(a_voice())


def test_a_file_that_is_no_database_is_a_store_error(tmp_path):
    (tmp_path / "voices.db").write_bytes(b"no database " * 1000)
    store = VoiceStore.in_folder(tmp_path)
    with pytest.raises(StoreError):
        store.get("anything")
    store.close()


def test_an_operator_is_told_which_file_it_is_and_what_to_do(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as failure:
        VoiceStore.in_folder(tmp_path / "file").open()
    assert failure.value.reason.startswith(f"{tmp_path}/file/voices.db: File exists; let the ")
    (tmp_path / "voices.db").write_bytes(b"no database " * 1000)
    with pytest.raises(StoreError) as failure:
        VoiceStore.in_folder(tmp_path).open()
    assert "file is not a database; it is damaged: stop the server" in failure.value.reason


def test_a_database_can_be_opened_before_it_is_needed(tmp_path):
    store = VoiceStore.in_folder(tmp_path / "data")
    store.open()
    store.close()
    assert (tmp_path / "data" / "voices.db").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions in another way")
def test_nobody_else_on_the_machine_sees_the_folder(tmp_path):
    store = VoiceStore.in_folder(tmp_path / "data")
    store.open()
    store.close()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_what_is_deleted_is_gone_from_the_disk(tmp_path):
    store = VoiceStore.in_folder(tmp_path)
    ludwig = a_voice(name="Ludwig")
    for voice in (a_voice(), ludwig, a_voice()):
        store.add(voice)
    store.close()
    assert b"Ludwig" in (tmp_path / "voices.db").read_bytes()
    store.remove(ludwig.id)
    store.close()
    assert all(b"Ludwig" not in path.read_bytes() for path in tmp_path.iterdir())


def test_what_users_write_stays_out_of_errors(tmp_path):
    store = VoiceStore.in_folder(tmp_path)
    store.add(a_voice())
    with store.transaction() as connection:
        connection.exec_driver_sql("DROP TABLE cartesia_voices")
    with pytest.raises(StoreError) as failure:
        store.add(a_voice(name="Ludwig"))
    assert "no such table" in str(failure.value.__cause__)
    assert "Ludwig" not in str(failure.value.__cause__)
    store.close()


def test_the_password_is_not_shown():
    shown = repr(VoiceStore("postgresql+psycopg://ada:secret@localhost/voices"))
    assert "ada" in shown
    assert "secret" not in shown


def test_a_ping_tells_whether_the_database_answers(store, tmp_path):
    store.ping()
    store.add(a_voice())
    store.ping()
    (tmp_path / "broken.db").write_bytes(b"no database " * 999)
    with pytest.raises(StoreError):
        VoiceStore(f"sqlite:///{tmp_path}/broken.db").ping()


def test_a_ping_makes_no_file(tmp_path):
    VoiceStore.in_folder(tmp_path / "data").ping()
    assert list(tmp_path.iterdir()) == []
