from __future__ import annotations

import uuid
from dataclasses import replace

import numpy as np
import pytest

from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.records import Cursor, NoPointError, VoiceQuery
from tests.contract.scripted import ScriptedSpeech, scripted_voice

PUBLISHED = {
    "694f9389-aac1-45b6-b726-9d9369183238": ("feminine", "US"),
    "a0e99841-438c-4a64-b679-ae501e7d6091": ("masculine", "US"),
    "f9836c6e-a0bd-460e-9d3c-f7299fa60f94": ("feminine", "US"),
    "6ccbfb76-1fc6-48f7-b71d-91ac6298247b": ("feminine", "GB"),
    "e07c00bc-4134-4eae-9ea4-1a55fb45746b": ("masculine", "GB"),
    "f786b574-daa5-4673-aa0c-cbe3e8534c02": ("feminine", "US"),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


def test_every_voice_of_the_space_is_there_once(catalogue):
    voices = catalogue.list()
    assert sorted(voice.source for voice in voices) == list(catalogue.space.names)
    assert len({voice.name for voice in voices}) == len({voice.id for voice in voices}) == 54
    for voice in voices:
        assert str(uuid.UUID(voice.id)) == voice.id
        assert voice.description.endswith(".")
        assert voice.created_at.tzinfo is not None
        assert not voice.is_owner
        np.testing.assert_array_equal(voice.embedding, catalogue.space.point(voice.source))


def test_ids_are_the_same_in_every_release(catalogue):
    assert catalogue.find("ff_siwis").id == "80d72d6d-38b1-50ca-bb27-a5b57164066d"


@pytest.mark.parametrize(("id", "facts"), PUBLISHED.items())
def test_ids_of_published_examples_are_fitting_voices(catalogue, id, facts):
    voice = catalogue.get(id)
    assert (voice.gender, voice.country) == facts
    assert voice.language == "en"


@pytest.mark.parametrize(
    "name", ["Grace", "grace", " GRACE ", "af_heart", "694F9389-AAC1-45B6-B726-9D9369183238"]
)
def test_find_takes_names_and_ids_in_any_case(catalogue, name):
    assert catalogue.find(name).source == "af_heart"


@pytest.mark.parametrize("name", ["", " ", "nobody", "694f9389"])
def test_find_and_get_know_nothing_else(catalogue, name):
    assert catalogue.find(name) is None
    assert catalogue.get(name) is None


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("en", "af_heart"),
        ("en-GB", "bf_emma"),
        ("EN_gb", "bf_emma"),
        ("en-AU", "af_heart"),
        ("fr-CA", "ff_siwis"),
        ("zh", "zf_xiaoxiao"),
    ],
)
def test_the_default_of_a_language_is_its_best_voice(catalogue, language, source):
    assert catalogue.default(language).source == source


def test_a_language_without_a_voice_has_no_default(catalogue):
    assert catalogue.default("de") is None


def test_suggestions_begin_with_the_similar_name(catalogue):
    names = catalogue.suggest("micheal")
    assert names[0] == "Michael"
    assert len(names) == 5
    assert catalogue.suggest("694f9389")[0] == "Grace"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (VoiceQuery(), 54),
        (VoiceQuery(gender="masculine", language="en-GB"), 4),
        (VoiceQuery(language="ja"), 5),
        (VoiceQuery(language="de"), 0),
        (VoiceQuery(gender="gender_neutral"), 0),
        (VoiceQuery(text="GRACE"), 1),
        (VoiceQuery(text="bf_"), 4),
        (VoiceQuery(text="694f9389-aac1"), 1),
        (VoiceQuery(text="british woman"), 4),
        (VoiceQuery(is_owner=True), 0),
        (VoiceQuery(is_owner=False), 54),
    ],
)
def test_queries_narrow_the_list(catalogue, query, expected):
    assert len(catalogue.page(query, Cursor(100)).data) == expected


@pytest.mark.parametrize("limit", [1, 10, 53, 54, 100])
def test_pages_forward_hold_everything_in_order(catalogue, limit):
    seen, after = [], None
    while True:
        page = catalogue.page(VoiceQuery(), Cursor(limit, starting_after=after))
        seen += page.data
        after = page.next_page
        assert (after is not None) == page.has_more
        if after is None:
            break
        assert len(page.data) == limit
    assert seen == list(catalogue.list())


def test_pages_backward_hold_everything_in_order(catalogue):
    seen = [catalogue.list()[-1]]
    while True:
        page = catalogue.page(VoiceQuery(), Cursor(7, ending_before=seen[0].id))
        seen = [*page.data, *seen]
        assert page.next_page is None
        if not page.has_more:
            break
    assert seen == list(catalogue.list())


def test_a_page_between_two_voices(catalogue):
    ids = [voice.id for voice in catalogue.list()]
    page = catalogue.page(VoiceQuery(), Cursor(10, starting_after=ids[3], ending_before=ids[6]))
    assert [voice.id for voice in page.data] == ids[4:6]
    assert not page.has_more


@pytest.mark.parametrize(
    "cursor",
    [Cursor(5, starting_after="gone"), Cursor(5, ending_before="gone")],
)
def test_an_unknown_cursor_gives_an_empty_page(catalogue, cursor):
    page = catalogue.page(VoiceQuery(), cursor)
    assert page.data == ()
    assert not page.has_more
    assert page.next_page is None


def test_after_the_last_voice_comes_nothing(catalogue):
    last = catalogue.list()[-1]
    assert catalogue.page(VoiceQuery(), Cursor(5, starting_after=last.id)).data == ()


# --- voices that engines bring along ------------------------------------------------------------


@pytest.fixture(scope="module")
def larger() -> Catalogue:
    karla = scripted_voice()
    namesake = replace(karla, id=str(uuid.uuid4()), name="Grace", source="en_US-grace")
    return Catalogue.load(own=[karla, namesake])


def test_own_voices_come_last_and_add_their_language(larger):
    karla = larger.list()[54]
    assert (karla.name, karla.locale) == ("Karla", "de-DE")
    assert larger.find("de_de-karla") is larger.default("de") is larger.get(karla.id) is karla
    assert larger.default("en").name == "Grace"


def test_names_stay_unique(larger):
    assert larger.find("Grace").source == "af_heart"
    assert larger.find("Grace (en_US-grace)") is larger.find("en_US-grace")


def test_own_voices_are_no_points_of_the_space(larger):
    assert [voice.source for voice in larger.in_space.list()] == [
        voice.source for voice in Catalogue.load().list()
    ]
    with pytest.raises(NoPointError, match=r"the voice Karla is a model of its own \(parrot\)"):
        assert larger.find("Karla").point


def test_who_speaks(larger):
    engine = ScriptedSpeech()
    assert larger.find("Karla").spoken_by(engine) is larger.find("Karla").own
    point = larger.find("Grace").spoken_by(engine)
    assert point.capabilities == engine.capabilities
