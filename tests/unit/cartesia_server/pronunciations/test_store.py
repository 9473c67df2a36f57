from datetime import datetime, timezone

import pytest
from sqlalchemy import create_engine, text

from cartesia_server.pronunciations.library import PronunciationLibrary
from cartesia_server.pronunciations.store import Dictionary, DictionaryStore
from cartesia_server.text.lexicon import Pronunciation
from cartesia_server.voices import schema
from cartesia_server.voices.database import new_id
from cartesia_server.voices.records import Cursor
from cartesia_server.voices.store import VoiceStore

# ruff: noqa: RUF001 -- phonetic letters look like others

ITEMS = (Pronunciation("SQL", "sequel"), Pronunciation("kar", "<<k|ɑ|ɹ>>", case_sensitive=False))


@pytest.fixture
def store(tmp_path):
    store = DictionaryStore.in_folder(tmp_path)
    yield store
    store.close()


def a_dictionary(name="Tech", **changes):
    usual = {"id": new_id(), "items": ITEMS, "created_at": datetime.now(timezone.utc)}
    return Dictionary(name=name, **{**usual, **changes})


def test_a_dictionary_comes_back_as_it_was_stored(store):
    dictionary = a_dictionary()
    store.add(dictionary)
    store.close()
    assert store.get(dictionary.id.upper()) == dictionary
    assert store.get(new_id()) is None


def test_change_touches_what_is_given(store):
    dictionary = a_dictionary()
    store.add(dictionary)
    assert store.change(dictionary.id, name="Eve").items == ITEMS
    changed = store.change(dictionary.id, items=())
    assert (changed.name, changed.items) == ("Eve", ())
    assert store.change(dictionary.id) == changed
    assert store.change(new_id(), name="Eve") is None


def test_remove_deletes_for_good(store):
    dictionary = a_dictionary()
    store.add(dictionary)
    assert store.remove(dictionary.id) is True
    assert store.remove(dictionary.id) is False
    assert store.get(dictionary.id) is None


def test_reading_where_nothing_was_stored_touches_nothing(tmp_path):
    store = DictionaryStore.in_folder(tmp_path / "data")
    assert store.get("nothing") is None
    assert list(store.between(None, None)) == []
    assert list(tmp_path.iterdir()) == []


def test_a_database_with_voices_alone_gets_the_table(tmp_path, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(schema, "STEPS", schema.STEPS[:1])
        voices = VoiceStore.in_folder(tmp_path)
        assert voices.remove("nobody") is False
        voices.close()
    store = DictionaryStore.in_folder(tmp_path)
    store.add(a_dictionary())
    store.close()
    engine = create_engine(f"sqlite:///{tmp_path / 'voices.db'}")
    with engine.connect() as connection:
        count = text("SELECT count(*) FROM cartesia_pronunciation_dicts")
        assert connection.scalar(count) == 1
    engine.dispose()


@pytest.mark.anyio
async def test_pages_run_from_the_newest_and_survive_deletions(store):
    ids = sorted((new_id() for _ in range(5)), reverse=True)
    for one in ids:
        store.add(a_dictionary(id=one))
    library = PronunciationLibrary(store)

    async def page(**cursor):
        data, has_more = await library.page(Cursor(limit=2, **cursor))
        return [dictionary.id for dictionary in data], has_more

    assert await page() == (ids[:2], True)
    await library.delete(ids[1])
    assert await page(starting_after=ids[1]) == (ids[2:4], True)
    assert await page(starting_after=ids[3]) == (ids[4:], False)
    assert await page(ending_before=ids[4]) == (ids[2:4], True)
    assert await page(starting_after="nothing") == ([], False)
    assert await page(ending_before="nothing") == ([], False)


@pytest.mark.anyio
async def test_a_dictionary_is_made_ready_once(store):
    library = PronunciationLibrary(store)
    dictionary = await library.create("Tech", ITEMS)
    lexicon = await library.lexicon(dictionary.id)
    assert lexicon is not None
    assert lexicon is await library.lexicon(dictionary.id)
    assert lexicon.readings("SQL") == ["sequel"]
    assert await library.lexicon("nothing") is None
    await library.close()
