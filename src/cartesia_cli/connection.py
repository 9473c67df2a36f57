"""Where the commands send their requests: the cloud, a server elsewhere, or one of our own."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from cartesia_cli.failures import CommandError, UsageError, note

if TYPE_CHECKING:
    from cartesia import Cartesia

INSTALL_LOCAL = 'pip install ".[local]"'

BaseUrl = Annotated[
    str | None,
    typer.Option(help="Address of the server to use. Default: $CARTESIA_BASE_URL.", metavar="URL"),
]
Local = Annotated[
    bool,
    typer.Option("--local", help="Use the models on this machine even where a key is set."),
]


@contextmanager
def connect(*, base_url: str | None, local: bool, timeout: float = 60.0) -> Iterator[Cartesia]:
    """Open a client for the server that the options and the environment name.

    With a key in ``CARTESIA_API_KEY``, or an address from the option or ``CARTESIA_BASE_URL``, that
    is the server. With neither, or with `local`, a server is started inside this process, and the
    user is told.

    Args:
        base_url: value of ``--base-url``.
        local: value of ``--local``.
        timeout: seconds that the server may take between two pieces of an answer.

    Raises:
        UsageError: the options contradict each other, or the local server is not installed.
    """
    import httpx

    from cartesia import Cartesia

    if local and base_url:
        raise UsageError("--local and --base-url exclude each other; give one of them")
    address = base_url or os.environ.get("CARTESIA_BASE_URL")
    if not local and (address or os.environ.get("CARTESIA_API_KEY")):
        with Cartesia(base_url=address, timeout=timeout) as client:
            yield client
        return
    with (
        local_server(announce=not local) as url,
        # Proxies of the environment cannot reach this process, and its key belongs to the cloud.
        httpx.Client(trust_env=False, timeout=timeout) as http,
        Cartesia(api_key="local", base_url=url, httpx_client=http) as client,
    ):
        yield client


@contextmanager
def local_server(*, announce: bool) -> Iterator[str]:
    """Start the server inside this process on a free port of the loopback and yield its address.

    Raises:
        CommandError: it cannot start; the text says why.
        UsageError: it is not installed.
    """
    require_local("speaking and listening on this machine")
    if announce:
        note("No CARTESIA_API_KEY and no --base-url: using the models on this machine.")
    else:
        note("Using the models on this machine.")
    # Importing these takes a while.
    from cartesia_server.embedded import embedded
    from cartesia_server.engines.weights import WeightsError
    from cartesia_server.settings import Settings, SettingsError

    try:
        with preparation_told(), embedded(Settings(api_keys=())) as url:
            yield url
    except (SettingsError, WeightsError) as error:
        raise CommandError(str(error)) from None


@contextmanager
def preparation_told() -> Iterator[None]:
    """Tell the user when a model is prepared for this machine, as the server's log does."""
    from cartesia_server.log import PREPARATION

    handler = _Notes()
    PREPARATION.addHandler(handler)
    PREPARATION.setLevel(logging.INFO)
    try:
        yield
    finally:
        PREPARATION.setLevel(logging.NOTSET)
        PREPARATION.removeHandler(handler)


class _Notes(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        note(f"{said[0].upper()}{said[1:]} ...")


def require_local(purpose: str) -> None:
    """Make sure that the server and its engines are installed.

    Raises:
        UsageError: they are not; the text has the line that installs them.
    """
    needed = ("starlette", "uvicorn", "numpy", "onnxruntime", "faster_whisper", "av")
    if missing := [name for name in needed if find_spec(name) is None]:
        raise UsageError(
            f'{purpose} needs the extra "local" ({", ".join(missing)} not installed). In a '
            f"checkout of this project, run {INSTALL_LOCAL} or give --base-url to use a server "
            "elsewhere"
        )
