"""``cartesia change-voice``: a recording, spoken again by another voice."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from cartesia_cli.clips import read_clip
from cartesia_cli.connection import BaseUrl, Local, connect
from cartesia_cli.failures import without_traceback
from cartesia_cli.outputs import TIMEOUT, Form, Output, SampleRate, Voice, send
from cartesia_cli.sinks import audio_format, format_to_ask_for, open_sink
from cartesia_cli.voices.lookup import DEFAULT_VOICE, find_voice


@without_traceback
def change_voice(
    clip: Annotated[
        str,
        typer.Argument(help="Audio or video in which somebody speaks; - is standard input."),
    ],
    voice: Voice = DEFAULT_VOICE,
    output: Output = None,
    form: Form = None,
    sample_rate: SampleRate = 24000,
    base_url: BaseUrl = None,
    local: Local = False,
) -> None:
    """Let another voice say what a recording says, at the same times.

    What is no speech, such as music, is lost.
    """
    content = read_clip(clip)
    asked, form = format_to_ask_for(audio_format(output, form, sample_rate), sample_rate)
    with (
        open_sink(output, form, sample_rate) as sink,
        connect(base_url=base_url, local=local, timeout=TIMEOUT) as client,
    ):
        chosen = find_voice(client, voice)
        request = partial(client.voice_changer.bytes, clip=content, voice_id=chosen, **asked)
        send(request, sink, asked)
