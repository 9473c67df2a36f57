"""Voices as every API version wants to read them: one message with the fields of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cartesia.wire.voices import Voice, VoiceLocale, VoiceMetadata
from cartesia_server.voices.accents import accent_id
from cartesia_server.voices.records import VoiceRecord

OWNER = "local"
"""Whose everything is that users keep: a server of one's own tells no users apart."""


def voice_message(record: VoiceRecord, expand: Sequence[str] = ()) -> Voice:
    """A voice.

    Args:
        record: the voice.
        expand: what to show beyond the usual: ``embedding`` (of voices that have one),
            ``is_starred``.
    """
    embedding = record.embedding if "embedding" in expand else None
    return Voice(
        **_usual(record),
        embedding=None if embedding is None else embedding.tolist(),
        is_starred=False if "is_starred" in expand else None,
    )


def metadata_message(record: VoiceRecord, similarity: float | None = None) -> VoiceMetadata:
    """A voice that was just made by cloning or localizing.

    Args:
        record: the voice.
        similarity: of a clone to its clip; see `Clone`. A field of ours, beyond the API's.
    """
    ours: dict[str, Any] = {} if similarity is None else {"similarity": round(similarity, 3)}
    return VoiceMetadata(**_usual(record), **ours)


def _usual(record: VoiceRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "user_id": OWNER if record.is_owner else None,
        "is_owner": record.is_owner,
        "is_public": not record.is_owner,
        "name": record.name,
        "description": record.description,
        "tagline": record.description,
        "created_at": record.created_at,
        "language": record.language,
        "gender": record.gender,
        "country": record.country,
        "access": "private" if record.is_owner else "public",
        "visibility": "owner" if record.is_owner else "all",
        "accent": accent_id(record.locale) if record.country else None,
        "locales": [
            VoiceLocale(locale=locale, is_native=locale == record.locale)
            for locale in (record.locale, *record.accents)
        ],
    }
