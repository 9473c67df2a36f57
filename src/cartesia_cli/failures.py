"""How commands end when something goes wrong: one line that says what to do, and an exit code."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Mapping
from typing import ParamSpec

import typer

from cartesia.core.api_error import (
    ApiConnectionError,
    ApiError,
    ApiTimeoutError,
    InternalServerError,
    InvalidArgumentError,
    PaymentRequiredError,
    TooManyRequestsError,
    UnauthorizedError,
)

P = ParamSpec("P")

FAILURE = 1
USAGE = 2
INTERRUPTED = 130  # 128 + SIGINT, what shells expect

# The errors' own hints speak of arguments in Python; these of options. The first that fits is said.
_ADVICE = (
    (UnauthorizedError, "Set CARTESIA_API_KEY to a key that this server knows."),
    (PaymentRequiredError, "Add credit to the account, or use --local."),
    (TooManyRequestsError, "Try again later, or use --local."),
    (InternalServerError, "Try again later, or use --local."),
    (ApiTimeoutError, "Try again later, or use --local."),
    (ApiConnectionError, "Check --base-url and the network, or use --local."),
)


class CommandError(Exception):
    """A command cannot go on. Its text is the line that the user reads.

    Attributes:
        exit_code: what the process ends with; 1 by default, 2 where the command was called wrongly.
    """

    def __init__(self, message: str, exit_code: int = FAILURE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class UsageError(CommandError):
    """The command was called in a way that cannot work."""

    def __init__(self, message: str) -> None:
        super().__init__(message, USAGE)


def note(message: str) -> None:
    """Tell the user something, beside the command's output."""
    typer.echo(message, err=True)


def without_traceback(command: Callable[P, None]) -> Callable[P, None]:
    """Make a command end with one line and the right exit code whatever happens in it."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except CommandError as error:
            _end(str(error), error.exit_code)
        except InvalidArgumentError as error:
            _end(describe(error), USAGE)
        except ApiError as error:
            _end(describe(error), FAILURE)
        except BrokenPipeError:
            _drop_output()  # whoever read it has heard enough
            raise typer.Exit(FAILURE) from None
        except OSError as error:
            _end(_output_failure() or in_words(error), FAILURE)
        except UnicodeEncodeError as error:
            _end(_unwritable(error), FAILURE)
        except MemoryError:
            _end("there is too little memory; the models on this machine need 1 GB", FAILURE)
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None

    return run


def _unwritable(error: UnicodeEncodeError) -> str:
    """A locale decides how output is encoded, and few encodings hold every language."""
    lacking = ascii(error.object[error.start])
    return f"standard output is in {sys.stdout.encoding}, which lacks {lacking}; set PYTHONUTF8=1"


def in_words(error: OSError) -> str:
    """What the system says of an error: ``a.wav: No such file or directory``."""
    said = error.strerror or str(error)
    return f"{error.filename}: {said}" if error.filename else said


def _output_failure() -> str:
    """What keeps standard output from being written; empty if nothing does."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _drop_output()
        return f"standard output: {in_words(error)}"
    return ""


def _drop_output() -> None:
    """Let what still waits to be written go nowhere: the interpreter flushes it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(message: str, exit_code: int) -> None:
    note(f"cartesia: {message}")
    raise typer.Exit(exit_code) from None


def describe(error: ApiError) -> str:
    """One line about an error of the API: what the server said, and what to do about it."""
    answered = error.status_code is not None
    said = " ".join((_said(error.body) if answered else str(error)).split()).rstrip(".")
    status = f" (status {error.status_code})" if answered else ""
    if isinstance(error, InternalServerError) and error.request_id:
        status = f" (status {error.status_code}, request {error.request_id})"
    advice = next((text for kind, text in _ADVICE if isinstance(error, kind)), "")
    return f"{said}{status}. {advice}".rstrip()


def _said(body: object) -> str:
    if isinstance(body, Mapping):
        named = [body.get(name) for name in ("title", "message", "error")]
        texts = [text for text in named if isinstance(text, str) and text]
        return ": ".join(texts[:2]) if texts else str(dict(body))
    return str(body or "the server gave no reason")
