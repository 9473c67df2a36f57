"""The tables of what users store, and the steps that bring an older database up to date.

A step is a function that runs once in each database, in order; a released step is never changed.
The versions table says how many have run. All outstanding steps run in one transaction under a
lock, so servers that start together do not race and a killed server leaves the database as it was.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
    text,
)

# Any number that other users of the same PostgreSQL database are unlikely to lock.
_ADVISORY_LOCK = 0x766F696365

METADATA = MetaData()

VERSIONS = Table("cartesia_versions", METADATA, Column("version", Integer, primary_key=True))

VOICES = Table(
    "cartesia_voices",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("gender", Text),
    Column("country", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("embedding", LargeBinary, nullable=False),
    Column("engine", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("accents", Text, nullable=False, server_default=""),
    # Each database folds case in its own way; these are folded as Python does.
    Column("folded_name", Text, nullable=False, server_default="", index=True),
    Column("seen", Text, nullable=False, server_default=""),
)


PRONUNCIATION_DICTS = Table(
    "cartesia_pronunciation_dicts",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)


def _create_voices(connection: Connection) -> None:
    blob = "BYTEA" if connection.dialect.name == "postgresql" else "BLOB"
    connection.execute(
        text(
            f"""CREATE TABLE cartesia_voices (
                id VARCHAR(36) NOT NULL PRIMARY KEY,
                name TEXT NOT NULL,
                description TEXT NOT NULL,
                language TEXT NOT NULL,
                gender TEXT,
                country TEXT,
                created_at {_moment(connection)} NOT NULL,
                embedding {blob} NOT NULL,
                engine TEXT NOT NULL,
                source TEXT NOT NULL
            )"""
        )
    )


def _add_accents(connection: Connection) -> None:
    connection.execute(
        text("ALTER TABLE cartesia_voices ADD COLUMN accents TEXT NOT NULL DEFAULT ''")
    )


def _create_pronunciation_dicts(connection: Connection) -> None:
    connection.execute(
        text(
            f"""CREATE TABLE cartesia_pronunciation_dicts (
                id VARCHAR(36) NOT NULL PRIMARY KEY,
                name TEXT NOT NULL,
                items TEXT NOT NULL,
                created_at {_moment(connection)} NOT NULL
            )"""
        )
    )


def _add_folded(connection: Connection) -> None:
    for column in ("folded_name", "seen"):
        connection.execute(
            text(f"ALTER TABLE cartesia_voices ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
        )
    connection.execute(
        text("CREATE INDEX ix_cartesia_voices_folded_name ON cartesia_voices (folded_name)")
    )
    found = connection.execute(text("SELECT id, name, description, source FROM cartesia_voices"))
    folded = [
        {
            "id": row.id,
            "folded_name": row.name.casefold(),
            "seen": f"{row.name}\n{row.description}\n{row.id}\n{row.source}".casefold(),
        }
        for row in found
    ]
    if folded:
        statement = (
            "UPDATE cartesia_voices SET folded_name = :folded_name, seen = :seen WHERE id = :id"
        )
        connection.execute(text(statement), folded)


def _moment(connection: Connection) -> str:
    postgresql = connection.dialect.name == "postgresql"
    return "TIMESTAMP WITH TIME ZONE" if postgresql else "DATETIME"


STEPS: tuple[Callable[[Connection], None], ...] = (
    _create_voices,
    _add_accents,
    _create_pronunciation_dicts,
    _add_folded,
)


class StoreError(RuntimeError):
    """The database cannot be used.

    Args:
        message: for callers.
        reason: for operators: which database it is, what it said, and what to do. By default the
            message.
    """

    def __init__(self, message: str, reason: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason or message


class StoreUnavailable(StoreError):
    """The database cannot be reached, read or written, for now; the cause is chained."""


def is_current(engine: Engine) -> bool:
    """Whether the database is of this release, so that `migrate` has nothing to do."""
    with engine.connect() as connection:
        known = inspect(connection).has_table(VERSIONS.name)
        return known and _version(connection) == len(STEPS)


def migrate(engine: Engine) -> None:
    """Bring the database up to date.

    Raises:
        StoreError: a later release wrote it, which this one cannot read.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
        VERSIONS.create(connection, checkfirst=True)
        done = _version(connection)
        if done > len(STEPS):
            raise StoreError(
                f"the database has version {done}, this release knows {len(STEPS)}: it is of a "
                "later release; run that, or restore a backup from before"
            )
        for version, step in enumerate(STEPS[done:], done + 1):
            step(connection)
            connection.execute(insert(VERSIONS).values(version=version))


def _version(connection: Connection) -> int:
    """How many steps have run."""
    return max(connection.scalars(select(VERSIONS.c.version)), default=0)
