"""Commands end with one line and the right exit code, whatever happens in them."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
import typer
from typer.testing import CliRunner

from cartesia.core.api_error import (
    ApiConnectionError,
    ApiError,
    BadRequestError,
    ForbiddenError,
    InternalServerError,
    TooManyRequestsError,
    UnauthorizedError,
)
from cartesia_cli.failures import CommandError, UsageError, describe, without_traceback


def outcome(fail: Callable[[], None]) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(without_traceback(fail))
    result = CliRunner().invoke(app)
    return result.exit_code, result.stderr


def raising(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "exit_code", "line"),
    [
        (CommandError("it broke"), 1, "cartesia: it broke\n"),
        (UsageError("not like that"), 2, "cartesia: not like that\n"),
        (FileNotFoundError(2, "No such file", "a.wav"), 1, "cartesia: a.wav: No such file\n"),
        (OSError("odd"), 1, "cartesia: odd\n"),
        (MemoryError("std::bad_alloc"), 1, "cartesia: there is too little memory; the models on"),
        (OSError(28, "No space left"), 1, "cartesia: No space left\n"),
        (ForbiddenError(403, "Grace is built in"), 1, "cartesia: Grace is built in (status 403)."),
        (BadRequestError(400, "Invalid request: voice: x"), 1, "cartesia: Invalid request: voice"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_one_line_and_an_exit_code(error: BaseException, exit_code: int, line: str) -> None:
    code, stderr = outcome(raising(error))
    assert code == exit_code
    assert stderr.startswith(line)
    assert stderr.count("\n") == (1 if line else 0)
    assert "Traceback" not in stderr


def test_a_closed_pipe_is_no_error_to_tell(capfd: pytest.CaptureFixture[str]) -> None:
    kept = os.dup(1)
    try:
        code, stderr = outcome(raising(BrokenPipeError()))
    finally:
        os.dup2(kept, 1)
        os.close(kept)
    assert (code, stderr) == (1, "")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            BadRequestError(400, "Invalid request: voice: got 'x'"),
            "Invalid request: voice: got 'x' (status 400).",
        ),
        (
            TooManyRequestsError(429, {"title": "Too many requests", "message": "the limit is 3"}),
            "Too many requests: the limit is 3 (status 429). Try again later, or use --local.",
        ),
        (
            UnauthorizedError(401, {"error": "no such key"}),
            "no such key (status 401). Set CARTESIA_API_KEY to a key that this server knows.",
        ),
        (ApiError(418, None), "the server gave no reason (status 418)."),
        (
            ApiConnectionError("cannot connect to http://x."),
            "cannot connect to http://x. Check --base-url and the network, or use --local.",
        ),
        (
            InternalServerError(500, "the server failed", headers={"X-Request-ID": "r-1"}),
            "the server failed (status 500, request r-1). Try again later, or use --local.",
        ),
        (ApiError(500, "two\nlines"), "two lines (status 500)."),
    ],
)
def test_api_errors_become_one_line(error: ApiError, text: str) -> None:
    assert describe(error) == text
