"""``cartesia infill``: speech that goes between two recordings."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from cartesia_cli.clips import read_clip
from cartesia_cli.connection import BaseUrl, Local, connect
from cartesia_cli.failures import UsageError, without_traceback
from cartesia_cli.outputs import TIMEOUT, Form, Output, SampleRate, Voice, send
from cartesia_cli.sinks import PIPE, audio_format, format_to_ask_for, open_sink
from cartesia_cli.voices.lookup import DEFAULT_VOICE, find_voice


@without_traceback
def infill(
    text: Annotated[str, typer.Argument(help="What to say in between.")],
    left: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The recording that comes before; - is standard input."),
    ] = None,
    right: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The recording that comes after; - is standard input."),
    ] = None,
    voice: Voice = DEFAULT_VOICE,
    language: Annotated[str, typer.Option("--language", "-l", help="Of the text.")] = "en",
    model: Annotated[str, typer.Option(help="Model, such as sonic-2.")] = "sonic-2",
    output: Output = None,
    form: Form = None,
    sample_rate: SampleRate = 24000,
    base_url: BaseUrl = None,
    local: Local = False,
) -> None:
    """Say a text that goes between two recordings, or before or after one, as loud as they are.

    Makes only what goes in between.
    """
    if left is None and right is None:
        raise UsageError("give --left, --right or both: recordings that the speech goes beside")
    if left == right == PIPE:
        raise UsageError("standard input is either --left or --right; give a file for the other")
    before, after = (None if name is None else read_clip(name) for name in (left, right))
    asked, form = format_to_ask_for(audio_format(output, form, sample_rate), sample_rate)
    with (
        open_sink(output, form, sample_rate) as sink,
        connect(base_url=base_url, local=local, timeout=TIMEOUT) as client,
    ):
        request = partial(
            client.infill.bytes,
            left_audio=before,
            right_audio=after,
            model_id=model,
            language=language,
            transcript=text,
            voice_id=find_voice(client, voice),
            **asked,
        )
        send(request, sink, asked)
