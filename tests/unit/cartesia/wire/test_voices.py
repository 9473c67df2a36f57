"""Voices as services of all versions tell of them."""

from __future__ import annotations

from datetime import datetime, timezone

from cartesia.wire.voices import GetVoicesResponse, IdSpecifier, MixVoicesRequest, VoiceMetadata

COMMON = {
    "id": "v",
    "name": "n",
    "description": "d",
    "language": "en",
    "created_at": "2024-11-13T01:02:03Z",
}


def test_a_page_of_voices() -> None:
    voice = {**COMMON, "is_owner": True, "embedding": [0.5, 1], "gender": "other", "new": 1}
    page = GetVoicesResponse.model_validate({"data": [voice], "has_more": True, "next_page": "v"})
    (read,) = page.data
    assert read.created_at == datetime(2024, 11, 13, 1, 2, 3, tzinfo=timezone.utc)
    assert read.embedding == [0.5, 1.0]
    assert read.gender == "other"
    assert read.new == 1  # type: ignore[attr-defined]


def test_is_public_is_told_from_access() -> None:
    newest = {**COMMON, "user_id": "u", "access": "public", "visibility": "all"}
    assert VoiceMetadata.model_validate(newest).is_public is True
    assert VoiceMetadata.model_validate({**newest, "access": "private"}).is_public is False
    assert VoiceMetadata.model_validate({**newest, "is_public": False}).is_public is False


def test_a_mix_is_of_ids_and_embeddings() -> None:
    mix = MixVoicesRequest.model_validate(
        {"voices": [IdSpecifier(id="a", weight=1), {"embedding": [0.0] * 192, "weight": 0.5}]}
    )
    assert [type(part).__name__ for part in mix.voices] == ["IdSpecifier", "EmbeddingSpecifier"]
