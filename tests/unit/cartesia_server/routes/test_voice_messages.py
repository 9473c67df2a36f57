import dataclasses

import pytest

from cartesia_server.routes.voice_messages import metadata_message, voice_message
from cartesia_server.voices.catalogue import Catalogue
from tests.contract.scripted import scripted_voice


@pytest.fixture(scope="module")
def emma():
    return Catalogue.load().find("Emma")


def test_a_voice_has_the_fields_of_all_versions(emma):
    message = voice_message(emma).dict()
    assert (message["is_public"], message["access"], message["visibility"]) == (
        True,
        "public",
        "all",
    )
    assert message["tagline"] == message["description"]
    assert message["locales"] == [{"locale": "en-GB", "is_native": True}]
    assert message.keys() >= {"id", "name", "language", "created_at", "is_owner", "gender"}


def test_what_is_large_is_shown_when_asked_for(emma):
    assert voice_message(emma).embedding is None
    assert voice_message(emma).is_starred is None
    shown = voice_message(emma, ("embedding", "is_starred"))
    assert shown.embedding == emma.embedding.tolist()
    assert shown.is_starred is False


def test_a_voice_just_made_belongs_to_somebody(emma):
    made = metadata_message(dataclasses.replace(emma, is_owner=True)).dict()
    assert made["user_id"]
    assert (made["is_public"], made["access"], made["visibility"]) == (False, "private", "owner")


def test_a_voice_that_its_engine_brings_has_no_embedding():
    assert voice_message(scripted_voice(), ("embedding",)).embedding is None
