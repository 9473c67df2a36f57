"""The database of what users store: a SQLite file by default, PostgreSQL by a URL."""

from __future__ import annotations

import re
import secrets
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, Select, create_engine, event, literal, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from typing_extensions import Self

from cartesia_server.voices.remedies import reason
from cartesia_server.voices.schema import StoreUnavailable, is_current, migrate
from cartesia_server.voices.waiting import Questioner

T = TypeVar("T")

_LOCK_PATIENCE = 15.0  # seconds that a writer waits for another process
_LOCK_RETRY = 0.02  # seconds
_LIBPQ = ("psycopg", "psycopg2")  # drivers whose connections take these parameters
_TIMEOUTS = {
    "connect_timeout": "5",  # seconds
    "tcp_user_timeout": "10000",  # milliseconds that what was sent may stay without an answer
}
_ANSWER = 5.0  # seconds in which a database has to answer
_FILE_ANSWER = _LOCK_PATIENCE + 5  # the same for a file, which gives up by itself
_CHUNK = 200  # rows fetched at a time while a list is narrowed
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # to PostgreSQL; and what has no UTF-8
_AWAY = "the database cannot be reached or written"
_READING = {"cartesia_reading": True}  # marks connections that take no write lock


def new_id() -> str:
    """Return a new id: a UUID of version 7 (RFC 9562), so that ids sort by age.

    A cursor is then a place in the list even when what it named is gone.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | (0x7 << 76) | (0b10 << 62)
    value |= (secrets.randbits(12) << 64) | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def is_id(text: str) -> bool:
    """Whether `text` has the form of `new_id`, in lower case."""
    try:
        parsed = uuid.UUID(text)
    except ValueError:
        return False
    return parsed.version == 7 and str(parsed) == text


def is_storable(text: str) -> bool:
    """Whether `text` is one to every database, to be kept or asked for."""
    return _UNSTORABLE.search(text) is None


def database_in(folder: Path) -> URL:
    """The default database: the file ``voices.db`` in `folder`, which is made when needed."""
    return URL.create("sqlite", database=str(folder / "voices.db"))


class Database:
    """The base of every store: rows out, transactions in. Thread-safe; each may wait for the disk.

    The database is opened, and created, when it is first needed: reading on a machine where nobody
    stored anything touches nothing.
    """

    def __init__(self, url: str | URL) -> None:
        """Name the database.

        Args:
            url: as SQLAlchemy takes it: ``sqlite:////var/lib/cartesia/voices.db``,
                ``postgresql+psycopg://user:password@host/database``.
        """
        self._url = make_url(url)
        self._lock = threading.Lock()
        self._questioner = Questioner(_ANSWER if self._file() is None else _FILE_ANSWER)
        self._engine: Engine | None = None
        self._failure: Exception | None = None  # of the last attempt to open it
        self._failed_at = 0.0

    @classmethod
    def in_folder(cls, folder: Path) -> Self:
        """The default: the file ``voices.db`` in `folder`, which is made when needed."""
        return cls(database_in(folder))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._url.render_as_string(hide_password=True)!r})"

    def open(self) -> None:
        """Open the database now, and make it if there is none, to see whether that works.

        Raises:
            StoreError: it does not.
        """
        with self._translated():
            self._open()

    async def ask(self, work: Callable[..., T], *args: object) -> T:
        """Do work of this store on a thread: one of its methods, called with `args`.

        Raises:
            StoreUnavailable: the database does not answer in time. What `work` raises.
        """
        with self._translated():
            return await self._questioner.ask(work, *args)

    def leave(self) -> None:
        """Close for good, cutting off whoever waits for an answer."""
        self._questioner.close()
        self.close()

    def close(self) -> None:
        """Close the connections. The database opens again when it is used again."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    def rows(self, statement: Select[Any]) -> Iterator[Row[Any]]:
        """Read rows, fetching as they are taken.

        Raises:
            StoreUnavailable: the database cannot be read.
        """
        with self._translated():
            if not self._exists():
                return
            engine = self._open().execution_options(**_READING, yield_per=_CHUNK)
            with engine.connect() as connection, connection.execute(statement) as rows:
                yield from rows

    def ping(self) -> None:
        """Ask for nothing, to see whether the database answers.

        Raises:
            StoreError: it does not.
        """
        for _ in self.rows(select(literal(1))):
            pass

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Do all of a ``with`` block or nothing of it.

        Raises:
            StoreUnavailable: the database cannot be written.
        """
        with self._translated(), self._open().begin() as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            raise StoreUnavailable(_AWAY, reason(self._url, error)) from error

    def _exists(self) -> bool:
        file = self._file()
        return file is None or file.exists()

    def _file(self) -> Path | None:
        sqlite = self._url.get_backend_name() == "sqlite" and self._url.database
        return Path(self._url.database or "") if sqlite else None

    def _patience(self) -> dict[str, str]:
        """What keeps a connection from waiting for ever, unless the URL says otherwise."""
        if self._url.get_driver_name() not in _LIBPQ:
            return {}
        return {name: value for name, value in _TIMEOUTS.items() if name not in self._url.query}

    def _open(self) -> Engine:
        asked = time.monotonic()
        with self._lock:
            if self._engine is None:
                if self._failure is not None and self._failed_at > asked:
                    # Those who waited would otherwise each wait as long again.
                    raise StoreUnavailable(_AWAY, reason(self._url, self._failure))
                try:
                    self._engine = self._connect()
                except Exception as error:
                    self._failure, self._failed_at = error, time.monotonic()
                    raise
            return self._engine

    def _connect(self) -> Engine:
        file = self._file()
        if file is None:
            engine = create_engine(
                self._url, pool_pre_ping=True, connect_args=self._patience(), hide_parameters=True
            )
            self._questioner.watch(engine)
        else:
            # Whose voices are in it is nobody else's business on a machine that many use.
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            engine = create_engine(
                self._url, connect_args={"timeout": _LOCK_PATIENCE}, hide_parameters=True
            )
            event.listen(engine, "connect", _configure_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        try:
            if not is_current(engine.execution_options(**_READING)):
                with self._questioner.unhurried():
                    migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine


def _configure_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # Readers go on while somebody writes; a commit is on the disk when it returns.
    deadline = time.monotonic() + _LOCK_PATIENCE
    while not _write_ahead(connection, last_try=time.monotonic() > deadline):
        time.sleep(_LOCK_RETRY)
    connection.execute("PRAGMA synchronous=FULL")
    # A voice that was deleted is gone from the file as well, not only from lists.
    connection.execute("PRAGMA secure_delete=ON")


def _write_ahead(connection: sqlite3.Connection, *, last_try: bool) -> bool:
    # Of servers that open a new file together one switches it; SQLite has the others fail at once
    # where it waits for any other lock.
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        if last_try or "locked" not in str(error):
            raise
        return False
    return True


def _begin_sqlite(connection: Connection) -> None:
    # A writer that took its lock late could fail instead of waiting for its turn.
    reading = _READING.items() <= connection.get_execution_options().items()
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
