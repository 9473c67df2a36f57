"""``/voices/clone``: a voice that sounds like the speaker of an uploaded clip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from cartesia_server.audio.activity import speech_seconds
from cartesia_server.audio.decode import CONTAINERS
from cartesia_server.engines.base import CancelToken
from cartesia_server.engines.session import give_back
from cartesia_server.errors import FieldError
from cartesia_server.limits import read_form
from cartesia_server.routes.answers import json_response
from cartesia_server.routes.forms import file_field, parse_switch, text_field
from cartesia_server.routes.uploads import decode_field, outcome
from cartesia_server.routes.voice_lookup import known_voice
from cartesia_server.routes.voice_messages import metadata_message
from cartesia_server.services import Services
from cartesia_server.voices.accents import accent_locale
from cartesia_server.voices.clone import (
    CLONE_MODES,
    REHEARSALS,
    CloneMode,
    Cloning,
    beginning,
    check_speech,
)
from cartesia_server.voices.library import NewVoice
from cartesia_server.voices.records import Gender

_MOST_SECONDS = 300.0


@dataclass(frozen=True)
class CloneOrder:
    """What a form asks to clone.

    Attributes:
        clip: the upload, open.
        name: of the new voice.
        description: of the new voice.
        language: tag of the language it is for.
        gender: of its base voice, if it names one.
        mode: what the clone favours.
        enhance: whether noise is taken out of the clip first.
    """

    clip: BinaryIO
    name: str
    description: str
    language: str
    gender: Gender | None
    mode: CloneMode
    enhance: bool

    @classmethod
    async def read(cls, form: FormData, services: Services) -> CloneOrder:
        """Check a form before any work is done for it.

        Raises:
            FieldError: a field is missing or cannot be used. Others of `VoiceFieldError`.
            NotFound: there is no such base voice.
        """
        clip = file_field(form, "clip", CONTAINERS)
        accent = text_field(form, "accent")
        language = text_field(form, "language") or "en"
        if accent:
            language = accent_locale(services.voices.catalogue, accent)
        name, description = text_field(form, "name") or "", text_field(form, "description") or ""
        services.voices.check(name, description, language)
        base_id = text_field(form, "base_voice_id")
        base = await known_voice(services, "base_voice_id", base_id) if base_id else None
        return cls(
            clip=clip,
            name=name,
            description=description,
            language=language,
            gender=base.gender if base else None,
            mode=_mode(text_field(form, "mode")),
            enhance=bool(parse_switch("enhance", text_field(form, "enhance"))),
        )


async def clone_voice(request: Request) -> Response:
    """Answer ``POST /voices/clone``: the new voice, stored."""
    services = Services.of(request)
    async with read_form(request, services.settings.max_upload_bytes) as form:
        order = await CloneOrder.read(form, services)
        cloning = await outcome(request, lambda cancel: _pieces(services, order, cancel))
    clone = cloning.best
    new = NewVoice(
        name=order.name,
        description=order.description,
        language=order.language,
        embedding=clone.point,
        gender=order.gender,
        source="clone",
    )
    voice = await services.voices.create(new)
    services.metrics.clones.inc()
    services.refiner.refine(voice.id, cloning)
    return json_response(metadata_message(voice, similarity=clone.similarity))


def _pieces(services: Services, order: CloneOrder, cancel: CancelToken) -> Iterator[Cloning | None]:
    most = min(_MOST_SECONDS, services.settings.max_audio_seconds)
    samples = yield from decode_field("clip", order.clip, max_seconds=most, cancel=cancel)
    heard = beginning(samples)
    detector = services.transcription.voice_detector()
    check_speech((yield from speech_seconds(detector, heard, cancel)))
    yield None  # another job's turn
    cloning = services.studio.begin(samples, mode=order.mode, enhance=order.enhance)
    try:
        for _ in range(REHEARSALS):
            cloning.rehearse(cancel)
            yield cloning
    finally:
        give_back()


def _mode(text: str | None) -> CloneMode:
    for mode in CLONE_MODES:
        if mode == (text or "similarity"):
            return mode
    raise FieldError("mode", text, CLONE_MODES)
