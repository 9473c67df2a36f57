from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from cartesia_server.voices import schema
from cartesia_server.voices.schema import (
    PRONUNCIATION_DICTS,
    VERSIONS,
    VOICES,
    StoreError,
    is_current,
    migrate,
)
from cartesia_server.voices.store import VoiceStore


@pytest.fixture
def engine(tmp_path: Path):
    engine = create_engine(f"sqlite:///{tmp_path / 'voices.db'}")
    yield engine
    engine.dispose()


def versions(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return sorted(connection.scalars(VERSIONS.select()))


def test_the_steps_make_the_tables_that_the_code_expects(engine):
    migrate(engine)
    for table in (VOICES, PRONUNCIATION_DICTS):
        columns = {column["name"]: column for column in inspect(engine).get_columns(table.name)}
        assert set(columns) == set(table.c.keys())
        for column in table.c:
            assert columns[column.name]["nullable"] == column.nullable
    assert versions(engine) == list(range(1, len(schema.STEPS) + 1))


def test_migrating_again_changes_nothing(engine):
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO {VOICES.name} VALUES ('a', 'Ada', '', 'en', NULL, NULL, "
                "'2025-01-01', x'00', 'kokoro', 'clone', '', 'ada', 'ada')"
            )
        )
    migrate(engine)
    with engine.connect() as connection:
        assert connection.scalars(text(f"SELECT name FROM {VOICES.name}")).all() == ["Ada"]


def test_an_older_database_gets_the_outstanding_steps_only(engine, monkeypatch):
    migrate(engine)
    steps = (*schema.STEPS, lambda c: c.execute(text("CREATE TABLE later (id INTEGER)")))
    monkeypatch.setattr(schema, "STEPS", steps)
    migrate(engine)
    assert "later" in inspect(engine).get_table_names()
    assert versions(engine) == list(range(1, len(steps) + 1))


def test_a_database_is_current_once_all_steps_have_run(engine, monkeypatch):
    assert not is_current(engine)
    migrate(engine)
    assert is_current(engine)
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, lambda c: None))
    assert not is_current(engine)


def test_voices_of_the_first_release_have_no_accents_but_their_own(engine, monkeypatch):
    monkeypatch.setattr(schema, "STEPS", schema.STEPS[:1])
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO {VOICES.name} VALUES "
                "('a', 'Ada', '', 'en', NULL, NULL, '2025-01-01', x'00', 'kokoro', 'clone')"
            )
        )
    monkeypatch.undo()
    migrate(engine)
    with engine.connect() as connection:
        assert connection.scalars(text(f"SELECT accents FROM {VOICES.name}")).all() == [""]


def test_voices_of_an_earlier_release_are_found(engine, monkeypatch):
    monkeypatch.setattr(schema, "STEPS", schema.STEPS[:3])
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO {VOICES.name} VALUES "
                "('A', 'Straße', 'Clear', 'en', NULL, NULL, '2025-01-01', x'00', "
                "'kokoro', 'clone', '')"
            )
        )
    monkeypatch.undo()
    migrate(engine)
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT folded_name, seen FROM {VOICES.name}")).one()
    assert found == ("strasse", "strasse\nclear\na\nclone")


def test_a_failing_step_leaves_the_database_as_it_was(tmp_path, monkeypatch):
    store = VoiceStore.in_folder(tmp_path)
    assert store.remove("nobody") is False
    store.close()

    def fails(connection):
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        connection.execute(text("no such statement"))

    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, fails))
    with pytest.raises(StoreError):
        store.remove("nobody")
    store.close()
    engine = create_engine(f"sqlite:///{tmp_path / 'voices.db'}")
    assert "half" not in inspect(engine).get_table_names()
    assert versions(engine) == list(range(1, len(schema.STEPS)))
    engine.dispose()


def test_a_database_of_a_later_release_is_refused(engine):
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(VERSIONS.insert().values(version=99))
    with pytest.raises(StoreError, match="has version 99, this release knows"):
        migrate(engine)


def test_servers_that_start_together_migrate_once(tmp_path):
    stores = [VoiceStore.in_folder(tmp_path) for _ in range(4)]
    failures: list[Exception] = []

    def start(store: VoiceStore) -> None:
        try:
            store.remove("nobody")
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=start, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert failures == []
