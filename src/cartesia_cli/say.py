"""``cartesia say``: text to sound."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cartesia.helpers.subtitles import TimedWord, timed_words, to_json, to_srt, to_vtt
from cartesia_cli.connection import INSTALL_LOCAL, BaseUrl, Local, connect
from cartesia_cli.failures import UsageError, note, without_traceback
from cartesia_cli.outputs import Form, Output, SampleRate, Voice
from cartesia_cli.progress import progress
from cartesia_cli.sinks import BIT_RATE, PIPE, Format, audio_format, check_writable, open_sink
from cartesia_cli.speech import SAMPLE_BYTES, Meter, split_text
from cartesia_cli.voices.lookup import DEFAULT_VOICE, find_voice

if TYPE_CHECKING:
    from cartesia import Cartesia
    from cartesia.tts import OutputFormat_Mp3Params, SseOutputFormatParams

_SUBTITLES = {".srt": to_srt, ".vtt": to_vtt, ".json": to_json}


@without_traceback
def say(
    text: Annotated[
        str | None, typer.Argument(help="What to say. Left out, or -, it is read from a pipe.")
    ] = None,
    file: Annotated[
        str | None, typer.Option("--file", "-f", metavar="FILE", help="Say what this file says.")
    ] = None,
    output: Output = None,
    form: Form = None,
    voice: Voice = DEFAULT_VOICE,
    language: Annotated[
        str | None,
        typer.Option("--language", "-l", help="Language of the text. Default: the voice's own."),
    ] = None,
    model: Annotated[str, typer.Option(help="Model, such as sonic-2 or sonic-turbo.")] = "sonic-2",
    speed: Annotated[
        float | None, typer.Option(min=0.6, max=1.5, help="1.0 is the voice's own pace.")
    ] = None,
    pronunciation_dict: Annotated[
        str | None,
        typer.Option(metavar="ID", help="A dictionary that says how words are read."),
    ] = None,
    sample_rate: SampleRate = 24000,
    subtitles: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the times of the words: .srt, .vtt or .json."),
    ] = None,
    base_url: BaseUrl = None,
    local: Local = False,
) -> None:
    """Say a text: into a file, into a pipe, or aloud.

    Ends with one line on standard error: seconds of audio, time to the first sound, real-time
    factor (time taken over length; below 1 is faster than speech).
    """
    # A server refuses a text without words; in the middle of a long one that would be a pity.
    pieces = [p for p in split_text(_transcript(text, file)) if any(map(str.isalnum, p))]
    if not pieces:
        raise UsageError("there is nothing to say: the text has no words")
    form = audio_format(output, form, sample_rate)
    encoded_here = form is not Format.mp3 or find_spec("av") is not None
    if subtitles is not None:
        _check_subtitles(subtitles, encoded_here=encoded_here)
    sink_form = form if encoded_here else Format.raw
    words: list[TimedWord] = []
    with (
        open_sink(output, sink_form, sample_rate) as sink,
        connect(base_url=base_url, local=local) as client,
    ):
        manner = {
            "model_id": model,
            "voice": {"mode": "id", "id": find_voice(client, voice)},
            **({} if language is None else {"language": language}),
            **({} if speed is None else {"generation_config": {"speed": speed}}),
            **({} if pronunciation_dict is None else {"pronunciation_dict_id": pronunciation_dict}),
        }
        speak = partial(_speak if encoded_here else _speak_mp3, client, manner, sample_rate)
        rate = sample_rate * SAMPLE_BYTES if encoded_here else BIT_RATE / 8
        meter = Meter(time.perf_counter(), bytes_per_second=rate, pcm=encoded_here)
        try:
            with _shown(pieces, output) as (counted, said):
                for piece in counted:
                    before = meter.seconds
                    for audio, heard in speak(piece):
                        if audio:
                            now = time.perf_counter()
                            sink.write(audio)
                            meter.heard(audio, now)
                        words += [word.shifted(before) for word in heard]
                        said(sum(len(word.text) + 1 for word in heard))
        except BaseException:
            _tell_what_is_kept(output, meter)
            if words:
                _write_subtitles(subtitles, words)
            raise
    _write_subtitles(subtitles, words)
    note(meter.summary())


@contextmanager
def _shown(
    pieces: list[str], output: str | None
) -> Iterator[tuple[Iterator[str], Callable[[int], None]]]:
    """The pieces, with a bar that shows how far it is where a file or a pipe waits for many.

    Yields:
        The pieces, and what is to be told how many characters of one have been said.
    """
    with progress("characters", wanted=len(pieces) > 1 and output is not None) as bar:
        task = bar.add_task("say", total=sum(map(len, pieces)))

        def counted() -> Iterator[str]:
            done = 0
            for piece in pieces:
                # Words as they are said differ from those that are written.
                bar.update(task, completed=done)
                yield piece
                done += len(piece)

        yield counted(), partial(bar.advance, task)


def _tell_what_is_kept(output: str | None, meter: Meter) -> None:
    """Speech that ends early is of use, to whoever knows how far it goes."""
    if output not in (None, PIPE) and meter.seconds:
        note(f"cartesia: {output} holds the first {meter.seconds:.2f} s")


def _write_subtitles(path: Path | None, words: list[TimedWord]) -> None:
    if path is not None:
        path.write_text(_SUBTITLES[path.suffix.lower()](words), encoding="utf-8")


def _transcript(text: str | None, file: str | None) -> str:
    if text is not None and file is not None:
        raise UsageError("give either a text or --file, not both")
    if text is None and file is None and sys.stdin.isatty():
        raise UsageError('nothing to say; try: cartesia say "Hello, world!"')
    source = "standard input"
    try:
        if text not in (None, PIPE):
            source, read = "the text", str(text)
        elif file not in (None, PIPE):
            source = str(file)
            read = Path(source).read_text(encoding="utf-8-sig")
        else:
            read = sys.stdin.read()
        # Arguments and pipes may carry bytes that are no text: as surrogates, in most locales.
        read.encode()
    except UnicodeError:
        raise UsageError(f"{source}: that is no text in UTF-8") from None
    return read


def _check_subtitles(path: Path, *, encoded_here: bool) -> None:
    if path.suffix.lower() not in _SUBTITLES:
        accepted = ", ".join(_SUBTITLES)
        raise UsageError(f"--subtitles {path}: accepted extensions: {accepted}")
    if not encoded_here:
        raise UsageError(
            '--subtitles with mp3 needs the extra "local" to encode it here; in a checkout of '
            f"this project, run {INSTALL_LOCAL} or write a .wav file"
        )
    check_writable("--subtitles", path)


def _speak(
    client: Cartesia, manner: dict[str, Any], sample_rate: int, piece: str
) -> Iterator[tuple[bytes, list[TimedWord]]]:
    """Raw audio as it comes, and words with their times in the piece."""
    raw: SseOutputFormatParams = {
        "container": "raw",
        "encoding": "pcm_s16le",
        "sample_rate": sample_rate,
    }
    for event in client.tts.sse(transcript=piece, output_format=raw, add_timestamps=True, **manner):
        yield (event.audio, []) if event.type == "chunk" else (b"", timed_words(event))


def _speak_mp3(
    client: Cartesia, manner: dict[str, Any], sample_rate: int, piece: str
) -> Iterator[tuple[bytes, list[TimedWord]]]:
    """Mp3 as the server encodes it, where nothing on this machine can; without times."""
    mp3: OutputFormat_Mp3Params = {
        "container": "mp3",
        "sample_rate": sample_rate,
        "bit_rate": BIT_RATE,
    }
    for audio in client.tts.bytes(transcript=piece, output_format=mp3, **manner):
        yield audio, []
