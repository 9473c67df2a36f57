"""``cartesia serve``: the API on this machine."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from cartesia_cli.connection import preparation_told, require_local
from cartesia_cli.failures import CommandError, UsageError, note, without_traceback
from cartesia_cli.voices.lookup import DEFAULT_VOICE

_EXAMPLE = """\
from cartesia import Cartesia
client = Cartesia(base_url="{url}")
client.tts.bytes(model_id="sonic-2", transcript="Hello, world!", voice={{"id": "{voice}"}}, \
output_format={{"container": "wav", "encoding": "pcm_s16le", "sample_rate": 24000}})\
.write_to_file("hello.wav")
# or open {url} in a browser
"""

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 -- addresses to tell apart, not to listen on
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


@without_traceback
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on. Default: 127.0.0.1, this machine.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="TCP port; 0 picks a free one. Default: 8000.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option(help="Threads for the models. Default: the processor's cores.")
    ] = None,
    model_dir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder with models and Piper voices.")
    ] = None,
    ssl_certfile: Annotated[
        Path | None, typer.Option(metavar="PEM", help="Certificate; serves https and wss with it.")
    ] = None,
    ssl_keyfile: Annotated[
        Path | None, typer.Option(metavar="PEM", help="Its private key, if in a file of its own.")
    ] = None,
    log_level: Annotated[
        str | None, typer.Option(help="critical, error, warning, info or debug.")
    ] = None,
) -> None:
    """Serve the API on this machine, with local models, until Ctrl-C.

    Every setting can also come from the environment, as CARTESIA_ and its name. The keys that
    callers must present come only from there: CARTESIA_API_KEYS, separated by commas; without it
    no key is needed.
    """
    require_local("serving")
    from cartesia_server.engines.weights import WeightsError
    from cartesia_server.settings import Settings, SettingsError

    given: dict[str, Any] = {
        "host": host,
        "port": port,
        "threads": threads,
        "model_dir": model_dir,
        "ssl_certfile": ssl_certfile,
        "ssl_keyfile": ssl_keyfile,
        "log_level": log_level,
    }
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
        if settings.host not in _THIS_MACHINE and not settings.api_keys:
            note(
                f"Everybody who reaches {settings.host} can use this server; set "
                "CARTESIA_API_KEYS to ask for a key."
            )
        note("Loading the models ...")
        # Importing it takes a while.
        from cartesia_server.main import serve as run

        with ExitStack() as loading:
            loading.enter_context(preparation_told())

            def announce(url: str) -> None:
                loading.close()
                typer.echo(f"Serving on {url} (Ctrl-C stops it). Try:\n\n{example(url)}")

            run(settings, on_ready=announce)
    except SettingsError as error:
        raise UsageError(str(error)) from None
    except WeightsError as error:
        raise CommandError(str(error)) from None


def example(url: str) -> str:
    """Three lines of Python that speak through the server at `url`, and a word on its page."""
    parts = urlsplit(url)
    if parts.hostname in _EVERYWHERE:
        url = f"{parts.scheme}://127.0.0.1:{parts.port}"
    return _EXAMPLE.format(url=url, voice=DEFAULT_VOICE)
