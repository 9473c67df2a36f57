from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.database import new_id
from cartesia_server.voices.library import (
    BuiltInVoiceError,
    NewVoice,
    VoiceFieldError,
    VoiceLibrary,
)
from cartesia_server.voices.records import Cursor, VoiceQuery
from cartesia_server.voices.store import VoiceStore

pytestmark = pytest.mark.anyio

GRACE = "694f9389-aac1-45b6-b726-9d9369183238"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
async def library(catalogue, tmp_path: Path):
    library = VoiceLibrary(catalogue, VoiceStore.in_folder(tmp_path))
    yield library
    await library.close()


def a_voice(name: str = "Ada", language: str = "en", **fields) -> NewVoice:
    return NewVoice(name, "Clear.", language, np.zeros(192, np.float32), **fields)


async def all_ids(library: VoiceLibrary, limit: int, query: VoiceQuery | None = None) -> list[str]:
    ids: list[str] = []
    after = None
    while True:
        page = await library.page(query or VoiceQuery(), Cursor(limit, starting_after=after))
        ids += [voice.id for voice in page.data]
        after = page.next_page
        if after is None:
            return ids


async def test_a_created_voice_is_found_by_id_and_name(library):
    voice = await library.create(a_voice("  Ada ", "EN_gb", gender="feminine", source="clone"))
    assert (voice.name, voice.locale, voice.source) == ("Ada", "en-GB", "clone")
    assert voice.is_owner
    for key in (voice.id, voice.id.upper(), "ada"):
        assert (await library.find(key)).id == voice.id
    assert (await library.get(voice.id)).name == "Ada"


async def test_built_in_voices_are_found_beside(library):
    assert (await library.get(GRACE)).name == "Grace"
    assert (await library.find("grace")).id == GRACE
    assert await library.find("nobody") is None
    assert await library.get(new_id()) is None


async def test_a_users_voice_wins_over_a_built_in_one_of_its_name(library):
    voice = await library.create(a_voice("Grace"))
    assert (await library.find("GRACE")).id == voice.id
    assert (await library.find(GRACE)).id == GRACE


@pytest.mark.parametrize(
    ("voice", "field"),
    [
        (a_voice(""), "name"),
        (a_voice("   "), "name"),
        (a_voice("a" * 201), "name"),
        (NewVoice("Ada", "a" * 2001, "en", np.zeros(192, np.float32)), "description"),
        (a_voice(language="de"), "language"),
        (a_voice(language=""), "language"),
        (a_voice(language="en-<b>"), "language"),
        (a_voice(language="en-" + "A" * 5000), "language"),
        (a_voice("A\0da"), "name"),
        (a_voice("A\ud800da"), "name"),
        (NewVoice("Ada", "\0x", "en", np.zeros(192, np.float32)), "description"),
    ],
)
async def test_values_that_cannot_be_are_refused(library, voice, field):
    with pytest.raises(VoiceFieldError, match=f"{field}: got .*accepted: ") as caught:
        await library.create(voice)
    assert caught.value.field == field
    assert (await library.page(VoiceQuery(is_owner=True), Cursor())).data == ()


@pytest.mark.parametrize(
    ("tag", "locale"),
    [("en_gb", "en-GB"), ("zh-Hans-CN", "zh-CN"), ("zh-hant", "zh"), ("es-419", "es-419")],
)
async def test_a_voice_is_at_home_in_a_language_and_a_region(library, tag, locale):
    assert (await library.create(a_voice(language=tag))).locale == locale


@pytest.mark.parametrize("id", ["", "nope", "a\0b", "a\ud800b", "0" * 50_000])
async def test_what_is_no_id_never_reaches_the_database(catalogue, id):
    """PostgreSQL fails at some of these, where no voice has them."""
    library = VoiceLibrary(catalogue, VoiceStore("sqlite:////dev/null/no-database"))
    assert await library.get(id) is None
    assert await library.update(id, {"name": "Eve"}) is None
    assert await library.set_accents(id, lambda voice: voice.accents) is None
    assert await library.delete(id) is False


async def test_update_changes_what_is_given(library):
    voice = await library.create(a_voice(gender="feminine"))
    changed = await library.update(voice.id, {"name": "Eve"})
    assert (changed.name, changed.description, changed.gender) == ("Eve", "Clear.", "feminine")
    changed = await library.update(voice.id, {"gender": None, "description": " New. "})
    assert (changed.name, changed.description, changed.gender) == ("Eve", "New.", None)
    assert (await library.update(voice.id, {})).name == "Eve"
    assert await library.update(new_id(), {"name": "Eve"}) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"gender": "other"}, "gender"),
        ({"language": "tlh"}, "language"),
        ({"country": "GB"}, "body"),
    ],
)
async def test_update_refuses_what_cannot_be(library, changes, field):
    voice = await library.create(a_voice())
    with pytest.raises(VoiceFieldError) as caught:
        await library.update(voice.id, changes)
    assert caught.value.field == field
    assert (await library.get(voice.id)).name == "Ada"


async def test_delete_removes_users_voices_only(library):
    voice = await library.create(a_voice())
    assert await library.delete(voice.id) is True
    assert await library.delete(voice.id) is False
    assert await library.get(voice.id) is None
    with pytest.raises(BuiltInVoiceError, match="built-in voice Grace"):
        await library.delete(GRACE)
    with pytest.raises(BuiltInVoiceError):
        await library.update(GRACE, {"name": "Eve"})


@pytest.mark.parametrize("limit", [1, 4, 100])
async def test_pages_run_through_users_voices_then_the_built_in_ones(library, catalogue, limit):
    mine = sorted([(await library.create(a_voice(str(n)))).id for n in range(5)], reverse=True)
    built_in = [voice.id for voice in catalogue.list()]
    assert await all_ids(library, limit) == mine + built_in
    assert await all_ids(library, limit, VoiceQuery(is_owner=True)) == mine
    assert await all_ids(library, limit, VoiceQuery(is_owner=False)) == built_in


async def test_pages_backward_give_the_same_order(library, catalogue):
    mine = sorted([(await library.create(a_voice(str(n)))).id for n in range(5)], reverse=True)
    everything = mine + [voice.id for voice in catalogue.list()]
    seen = everything[-1:]
    while True:
        page = await library.page(VoiceQuery(), Cursor(7, ending_before=seen[0]))
        seen = [voice.id for voice in page.data] + seen
        if not page.has_more:
            break
    assert seen == everything


async def test_pages_hold_while_voices_come_and_go(library, catalogue):
    mine = sorted([(await library.create(a_voice(str(n)))).id for n in range(6)], reverse=True)
    first = await library.page(VoiceQuery(is_owner=True), Cursor(3))
    assert [voice.id for voice in first.data] == mine[:3]
    await library.create(a_voice("newer"))
    for voice in first.data:
        await library.delete(voice.id)
    rest = await library.page(VoiceQuery(is_owner=True), Cursor(3, starting_after=first.next_page))
    assert [voice.id for voice in rest.data] == mine[3:]
    assert not rest.has_more


async def test_a_page_between_a_users_voice_and_a_built_in_one(library, catalogue):
    mine = sorted([(await library.create(a_voice(str(n)))).id for n in range(3)], reverse=True)
    built_in = [voice.id for voice in catalogue.list()]
    cursor = Cursor(10, starting_after=mine[1], ending_before=built_in[2])
    page = await library.page(VoiceQuery(), cursor)
    assert [voice.id for voice in page.data] == [mine[2], *built_in[:2]]


@pytest.mark.parametrize("cursor", [Cursor(starting_after="gone"), Cursor(ending_before="gone")])
async def test_an_unknown_cursor_gives_an_empty_page(library, cursor):
    await library.create(a_voice())
    page = await library.page(VoiceQuery(), cursor)
    assert (page.data, page.has_more, page.next_page) == ((), False, None)


async def test_queries_reach_users_voices(library):
    voice = await library.create(a_voice("Zoë", "fr"))
    for query in (VoiceQuery(text="ZOË"), VoiceQuery(language="fr", is_owner=True)):
        page = await library.page(query, Cursor())
        assert [found.id for found in page.data] == [voice.id]


async def test_what_cannot_be_stored_is_told_before_it_is_made(library):
    assert library.check(" Ada ", "", "en_gb") == ("Ada", "", ("en", "GB"))
    with pytest.raises(VoiceFieldError, match="language: got 'de', accepted: en"):
        library.check("Ada", "", "de")
    with pytest.raises(VoiceFieldError, match="name: got '', accepted: 1 to 200 characters"):
        library.check("", "", "en")


async def test_update_moves_a_voice_to_another_place(library):
    voice = await library.create(a_voice())
    moved = await library.update(voice.id, {"language": "en-GB"})
    assert (moved.locale, moved.name) == ("en-GB", "Ada")


async def test_accents_are_kept_with_the_voice(library):
    voice = await library.create(a_voice())
    changed = await library.set_accents(voice.id, lambda voice: (*voice.accents, "fr-FR", "es-ES"))
    assert changed.accents == ("fr-FR", "es-ES")
    assert (await library.get(voice.id)).accents == ("fr-FR", "es-ES")
    assert (await library.set_accents(voice.id, lambda voice: ())).accents == ()
    assert await library.set_accents(new_id(), lambda voice: ()) is None
    with pytest.raises(BuiltInVoiceError):
        await library.set_accents(GRACE, lambda voice: ())
