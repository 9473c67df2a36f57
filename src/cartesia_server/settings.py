"""Every knob of the server: constructor, then ``CARTESIA_*`` in the environment, then defaults."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_cache_path, user_data_path

from cartesia_server.cores import usable_cores

T = TypeVar("T")

_PREFIX, _FILE = "CARTESIA_", "_FILE"
_OF_TESTS = "CARTESIA_TEST_"

_MAY_BE_ZERO = frozenset({"port", "clone_refinement", "shutdown_delay"})
_SWITCH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class SettingsError(ValueError):
    """A setting has a value that cannot work. Its text names the setting and what is accepted."""


def _switch(text: str) -> bool:
    return _SWITCH[text.strip().lower()]


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:  # keys that got lost must not open the server to everybody
        raise ValueError(text)
    return names


_ACCEPTED: dict[object, str] = {
    int: "a whole number",
    float: "a number",
    _switch: "true or false",
    _names: "one or more, separated by commas",
}
"""What a parser takes, of those that do not take every text."""


def _setting(
    name: str, default: T | Callable[[], T], parse: Callable[[str], T], *, secret: bool = False
) -> T:
    """Declare a field that falls back to ``CARTESIA_<NAME>``, then to `default`.

    A secret may be kept in a file instead, which ``CARTESIA_<NAME>_FILE`` names.
    """
    variable = f"{_PREFIX}{name.upper()}"

    def from_environment() -> T:
        text = os.environ.get(variable)
        if secret and (path := os.environ.get(f"{variable}{_FILE}")):
            if text:
                raise SettingsError(f"{variable}, {variable}{_FILE}: got both, accepted: one")
            text = _read_secret(f"{variable}{_FILE}", Path(path))
        if text is None or not text.strip():
            return default() if callable(default) else default
        try:
            return parse(text)
        except (ValueError, KeyError):
            got = "a value" if secret else repr(text)
            raise SettingsError(f"{variable}: got {got}, accepted: {_ACCEPTED[parse]}") from None

    field: Any = dataclasses.field(default_factory=from_environment, repr=not secret)
    return field  # type: ignore[no-any-return]  # dataclasses type their fields the same way


def _read_secret(variable: str, path: Path) -> str:
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{variable}: {path} cannot be read: {error}") from None
    if not text:  # a secret that is not there yet must not open the server to everybody
        raise SettingsError(f"{variable}: {path} is empty")
    return text


def _own_folder(name: str, of_user: Callable[[str], Path]) -> Callable[[], Path]:
    """The folder of this name in the user's home."""

    def find() -> Path:
        with suppress(RuntimeError):  # how newer versions of platformdirs say that there is no home
            if (folder := of_user("cartesia")).is_absolute():
                return folder
        # As of a container's user whose number is in no table.
        raise SettingsError(
            f"{name}: got none, and this user has no home folder; set {_PREFIX}{name.upper()} to a "
            "folder that it can write, or HOME"
        )

    return find


def known_variables() -> set[str]:
    """Names of the variables that settings are read from, and of those that clients read."""
    known = {"CARTESIA_API_KEY", "CARTESIA_BASE_URL"}
    for field in dataclasses.fields(Settings):
        known.add(f"{_PREFIX}{field.name.upper()}")
        if not field.repr:  # it is a secret
            known.add(f"{_PREFIX}{field.name.upper()}{_FILE}")
    return known


def unknown_variables(environment: Iterable[str]) -> list[str]:
    """Of the names of variables, those that begin as settings do and are none: misspelt, mostly."""
    known = known_variables()
    return sorted(
        name
        for name in environment
        if name.startswith(_PREFIX) and name not in known and not name.startswith(_OF_TESTS)
    )


@dataclass(frozen=True)
class Settings:
    """How a server runs. Frozen: a running server's settings never change.

    Each field may be given to the constructor; left out, it is read from the environment variable
    ``CARTESIA_`` + its upper-case name, and else takes the default below.

    Attributes:
        host: address to listen on. Default ``127.0.0.1``: this machine only.
        port: TCP port; 0 picks a free one. Default 8000.
        ssl_certfile: certificate chain in PEM; with it the server speaks https and wss alone.
        ssl_keyfile: its private key in PEM, without a password; by default it is in the same file.
        api_keys: keys that callers must present; empty (the default) accepts every caller. In the
            environment separated by commas, or in a file that ``CARTESIA_API_KEYS_FILE`` names.
        cors_origins: web origins whose pages may call the server and open sockets; ``*`` (the
            default) means all.
        model_dir: folder searched for models before the installed packages, and for voices of
            Piper; None for none.
        cache_dir: folder for models prepared from the installed weights.
        data_dir: folder for what users store: their voices.
        database_url: database for users' voices, as SQLAlchemy writes it:
            ``postgresql+psycopg://user:password@host/name``; also in a file that
            ``CARTESIA_DATABASE_URL_FILE`` names. Default: the SQLite file ``voices.db`` in
            `data_dir`.
        threads: threads that run engine work; each runs one piece at a time. Default: the
            processor cores this process may use; in a container, as many as its share is worth.
        speech_engine: entry point name of the text-to-speech engine. Default ``kokoro``.
        transcription_engine: entry point name of the speech-to-text engine. Default ``whisper``.
        fallback_language: speak a language that has no voice with the default language instead
            of refusing it. Default false.
        max_text_chars: characters of transcript in one request, and waiting in one context.
        max_body_bytes: bytes of a JSON request body.
        max_upload_bytes: bytes of an uploaded file.
        max_audio_seconds: seconds of audio in one upload.
        max_contexts: speech streams in progress on the whole server, over all routes.
        max_sockets: WebSockets open on the whole server.
        max_queue: jobs that wait for an engine thread.
        idle_timeout: seconds without a message after which a speech socket is closed.
        stt_idle_timeout: the same for transcription sockets.
        clone_refinement: seconds of otherwise idle time for which the server goes on looking for a
            better voice after it answered a clone; the voice then changes once, if a better one
            was found. Default 0: a voice stays as it was handed out.
        playground: offer the page ``/playground`` to browsers. Default true.
        context_expiry: seconds without input after which a context that expects more ends, counted
            from its last input or audio.
        shutdown_delay: seconds for which a server that was asked to stop goes on as before, except
            that ``GET /health/ready`` answers 503, so that a load balancer sends nobody more.
            Default 0. Ctrl-C twice does not wait.
        shutdown_grace: whole seconds that answers in progress may go on once the server stops.
        log_level: ``critical``, ``error``, ``warning`` (the default), ``info`` or ``debug``.

    Raises:
        SettingsError: a value, given or from the environment, cannot work.
    """

    host: str = _setting("host", "127.0.0.1", str.strip)
    port: int = _setting("port", 8000, int)
    ssl_certfile: Path | None = _setting("ssl_certfile", None, Path)  # noqa: RUF009 -- a field
    ssl_keyfile: Path | None = _setting("ssl_keyfile", None, Path)  # noqa: RUF009 -- a field
    api_keys: tuple[str, ...] = _setting("api_keys", (), _names, secret=True)
    cors_origins: tuple[str, ...] = _setting("cors_origins", ("*",), _names)
    model_dir: Path | None = _setting("model_dir", None, Path)  # noqa: RUF009 -- a field
    cache_dir: Path = _setting("cache_dir", _own_folder("cache_dir", user_cache_path), Path)  # noqa: RUF009 -- a field
    data_dir: Path = _setting("data_dir", _own_folder("data_dir", user_data_path), Path)  # noqa: RUF009 -- a field
    database_url: str | None = _setting("database_url", None, str.strip, secret=True)
    threads: int = _setting("threads", usable_cores, int)
    speech_engine: str = _setting("speech_engine", "kokoro", str.strip)
    transcription_engine: str = _setting("transcription_engine", "whisper", str.strip)
    fallback_language: bool = _setting("fallback_language", False, _switch)
    max_text_chars: int = _setting("max_text_chars", 50_000, int)
    max_body_bytes: int = _setting("max_body_bytes", 1 << 20, int)
    max_upload_bytes: int = _setting("max_upload_bytes", 200 << 20, int)
    max_audio_seconds: float = _setting("max_audio_seconds", 2 * 3600.0, float)
    max_contexts: int = _setting("max_contexts", 100, int)
    max_sockets: int = _setting("max_sockets", 200, int)
    max_queue: int = _setting("max_queue", 200, int)
    idle_timeout: float = _setting("idle_timeout", 300.0, float)
    stt_idle_timeout: float = _setting("stt_idle_timeout", 180.0, float)
    clone_refinement: float = _setting("clone_refinement", 0.0, float)
    playground: bool = _setting("playground", True, _switch)
    context_expiry: float = _setting("context_expiry", 5.0, float)
    shutdown_delay: float = _setting("shutdown_delay", 0.0, float)
    shutdown_grace: int = _setting("shutdown_grace", 5, int)
    log_level: str = _setting("log_level", "warning", str.lower)

    def __post_init__(self) -> None:
        """Refuse values that could only fail later."""
        if not 0 <= self.port <= 65535:
            raise SettingsError(f"port: got {self.port}, accepted: 0 to 65535")
        if self.ssl_keyfile and not self.ssl_certfile:
            raise SettingsError("ssl_certfile: got None, accepted: the certificate of ssl_keyfile")
        if self.model_dir is not None and not self.model_dir.is_dir():
            raise SettingsError(f"model_dir: got {self.model_dir}, accepted: a folder that exists")
        levels = ("critical", "error", "warning", "info", "debug")
        if self.log_level not in levels:
            raise SettingsError(f"log_level: got {self.log_level!r}, accepted: {', '.join(levels)}")
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            counts = type(value) in (int, float) and field.name not in _MAY_BE_ZERO
            if counts and not value > 0:
                raise SettingsError(f"{field.name}: got {value}, accepted: more than 0")
        if not 0 <= self.shutdown_delay <= 600:
            got = self.shutdown_delay
            raise SettingsError(f"shutdown_delay: got {got:g}, accepted: 0 to 600 seconds")
        if not 0 <= self.clone_refinement <= 600:
            got = self.clone_refinement
            raise SettingsError(f"clone_refinement: got {got:g}, accepted: 0 to 600 seconds")
