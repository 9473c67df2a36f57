"""The voices that requests name, looked up where they are kept."""

from __future__ import annotations

from cartesia.wire.tts import TtsRequestIdSpecifier
from cartesia_server.engines.base import VoicePoint
from cartesia_server.errors import BadRequest, NotFound, shown
from cartesia_server.routes.pronunciations import known_lexicon
from cartesia_server.services import Services
from cartesia_server.sessions.resolve import SpeechJob, SpeechRequest, resolve
from cartesia_server.voices.records import NoPointError, VoiceRecord


async def known_voice(services: Services, field: str, id: str) -> VoiceRecord:
    """The voice with an id.

    Args:
        services: of the server.
        field: of the request that holds the id, for the error text.
        id: of the voice.

    Raises:
        NotFound: there is no such voice.
    """
    record = await services.voices.get(id)
    if record is None:
        raise unknown_voice(field, id)
    return record


def point_of(field: str, record: VoiceRecord) -> VoicePoint:
    """The point of the voice space that a voice is.

    Args:
        field: of the request that holds its id, for the error text.
        record: the voice.

    Raises:
        BadRequest: the voice is a model of its own.
    """
    try:
        return record.point
    except NoPointError as error:
        raise BadRequest(f"{field}: {error}") from None


def unknown_voice(field: str, id: str) -> NotFound:
    """The refusal of an id that no voice has."""
    return NotFound(f"{field}: got {shown(id)}, accepted: an id that GET /voices lists")


async def resolve_job(services: Services, asked: SpeechRequest) -> SpeechJob:
    """What a request for speech means, whether its voice is built in or a user's.

    Raises:
        BadRequest: a field of the request has a value that cannot be honoured.
        NotFound: there is no dictionary of the id in it.
    """
    record = None
    if isinstance(asked.voice, TtsRequestIdSpecifier):
        record = await services.voices.find(asked.voice.id)
    lexicon = await known_lexicon(services, asked.pronunciation_dict_id)
    catalogue = services.voices.catalogue
    return resolve(asked, record, catalogue, services.speech, services.settings, lexicon)
