"""``cartesia transcribe``: sound to text."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, cast

import typer

from cartesia.core.api_error import ApiError
from cartesia.helpers.subtitles import timed_words
from cartesia_cli.connection import BaseUrl, Local, connect
from cartesia_cli.failures import (
    FAILURE,
    CommandError,
    UsageError,
    describe,
    in_words,
    note,
    without_traceback,
)
from cartesia_cli.progress import progress
from cartesia_cli.recordings import LONG, Recording, cut_into_parts, open_recording
from cartesia_cli.sinks import check_folder, check_writable
from cartesia_cli.transcripts import EXTENSIONS, Transcript, join, write

if TYPE_CHECKING:
    from cartesia import Cartesia

_PIPE = "-"
_TIMEOUT = 600.0  # seconds: nothing comes back until a whole part is transcribed
_IN_MEMORY = 16 << 20  # bytes of standard input kept in memory


class Format(str, Enum):
    """How a transcript is written."""

    text = "text"
    json = "json"
    srt = "srt"
    vtt = "vtt"


@without_traceback
def transcribe(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Audio or video; - is standard input.")
    ],
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="json and subtitles come with times of words. Default: by extension, else text.",
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", "-l", help="Language spoken. Default: the server's, English."),
    ] = None,
    model: Annotated[str, typer.Option(help="Model to use.")] = "ink-whisper",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write a .txt, .json, .srt or .vtt file."
        ),
    ] = None,
    output_dir: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write NAME.txt, .json, .srt or .vtt here for each file."),
    ] = None,
    base_url: BaseUrl = None,
    local: Local = False,
) -> None:
    """Write down what is said in recordings: as text, JSON or subtitles.

    JSON is one line a file. Recordings longer than a minute and a half are sent in parts, cut
    where it is quiet.
    """
    form = _format(output, form)
    if len(files) > 1 and output_dir is None and form in (Format.srt, Format.vtt):
        raise UsageError(f"several files in one {form.value} make no sense; give --output-dir DIR")
    if output is not None:
        if len(files) > 1 or output_dir is not None:
            raise UsageError("--output takes one recording; for several, give --output-dir alone")
        check_writable("--output", output)
    if output_dir is not None:
        check_folder("--output-dir", output_dir)
        _check_names(files, form)
    wanted: dict[str, Any] = {"model": model}
    if language is not None:
        wanted["language"] = language
    present = [name for name in files if _is_readable(name)]
    successes = [False] * (len(files) - len(present))
    if present:
        with connect(base_url=base_url, local=local, timeout=_TIMEOUT) as client:
            successes += [
                _try_file(
                    client,
                    name,
                    wanted,
                    form=form,
                    target=output if output_dir is None else output_dir / _target(name, form),
                )
                for name in present
            ]
    if not all(successes):
        raise typer.Exit(FAILURE)


def _format(output: Path | None, wanted: Format | None) -> Format:
    """As wanted, else by the extension of the file, else text."""
    if wanted is not None:
        return wanted
    if output is None:
        return Format.text
    by_extension = {extension: Format(form) for form, extension in EXTENSIONS.items()}
    if output.suffix.lower() not in by_extension:
        raise UsageError(
            f"--output {output}: the extension says no format; accepted: "
            f"{', '.join(by_extension)}, or any name with --format {'|'.join(Format)}"
        )
    return by_extension[output.suffix.lower()]


def _check_names(files: list[str], form: Format) -> None:
    """Refuse files of which one's transcript would take the place of another's."""
    written: dict[str, str] = {}
    for name in files:
        target = _target(name, form)
        if target in written:
            raise UsageError(
                f"{written[target]} and {name} would both become {target} in --output-dir; "
                "give them in separate calls"
            )
        written[target] = name


def _target(name: str, form: Format) -> str:
    stem = "stdin" if name == _PIPE else Path(name).stem
    return f"{stem}{EXTENSIONS[form.value]}"


def _is_readable(name: str) -> bool:
    """Whether a file can be opened; if not, that is told before any work is done."""
    try:
        if name != _PIPE:
            Path(name).open("rb").close()
    except OSError as error:
        note(f"cartesia: {in_words(error)}")
        return False
    return True


def _try_file(
    client: Cartesia, name: str, wanted: dict[str, Any], *, form: Format, target: Path | None
) -> bool:
    """Transcribe one file; a failure is told and does not keep the next file from its turn."""
    try:
        written = write(_transcribe_file(client, name, wanted), form.value, name)
    except ApiError as error:
        note(f"cartesia: {name}: {describe(error)}")
        return False
    except OSError as error:
        note(f"cartesia: {name}: {error.strerror or error}")
        return False
    except CommandError as error:
        note(f"cartesia: {name}: {error}")
        return False
    _deliver(written, target)
    return True


def _deliver(written: str, target: Path | None) -> None:
    if target is None:
        sys.stdout.write(written)
        sys.stdout.flush()
        return
    target.write_text(written, encoding="utf-8")


def _transcribe_file(client: Cartesia, name: str, wanted: dict[str, Any]) -> Transcript:
    with _open(name) as file:
        recording = open_recording(file)
        if recording is not None and recording.seconds > LONG:
            return _transcribe_parts(client, recording, name, wanted)
        file.seek(0)
        return _heard(client, (Path(name).name, file), 0.0, wanted)


@contextmanager
def _open(name: str) -> Iterator[BinaryIO]:
    """Open a file that can seek; standard input is read to its end first."""
    if name != _PIPE:
        with Path(name).open("rb") as file:
            yield file
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.seek(0)
        yield cast("BinaryIO", copy)


def _transcribe_parts(
    client: Cartesia, recording: Recording, name: str, wanted: dict[str, Any]
) -> Transcript:
    heard: list[Transcript] = []
    with progress("s") as bar:
        task = bar.add_task(Path(name).name, total=recording.seconds)
        for part in cut_into_parts(recording):
            heard.append(_heard(client, ("part.wav", part.wav), part.start, wanted))
            bar.advance(task, part.seconds)
    return join(heard)


def _heard(
    client: Cartesia, file: tuple[str, bytes | BinaryIO], start: float, wanted: dict[str, Any]
) -> Transcript:
    answer = client.stt.transcribe(file=file, timestamp_granularities=["word"], **wanted)
    return Transcript(
        text=answer.text.strip(),
        language=answer.language,
        seconds=answer.duration or 0.0,
        words=tuple(word.shifted(start) for word in timed_words(answer)),
    )
