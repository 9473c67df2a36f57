"""Voices that users make: through our library on both surfaces, and as other clients ask."""

import io
import wave
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cartesia import AsyncCartesia, Cartesia
from cartesia.core.api_error import ApiError
from cartesia_server.embedded import embedded
from tests.contract.conftest import RAW, VOICE, speech_request
from tests.contract.scripted import ScriptedSpeech, scripted_engines

pytestmark = pytest.mark.anyio

BRITISH = "6ccbfb76-1fc6-48f7-b71d-91ac6298247b"
NOBODY = "00000000-0000-0000-0000-000000000000"
# What clients of any version need to find in a voice, beyond the fields that all of them share.
OF_EVERY_VERSION = {"user_id", "is_public", "is_owner", "access", "visibility", "tagline"}


@pytest.fixture
def client(server):
    with Cartesia(api_key="any", base_url=server) as client:
        yield client


@pytest.fixture
def embedding(http):
    return http.get(f"/voices/{VOICE}").json()["embedding"]


@pytest.fixture
def voice(client, embedding):
    """A voice of one's own, gone after the test."""
    voice = client.voices.create(name="Ada", description="Clear.", embedding=embedding)
    yield voice
    client.voices.delete(voice.id)


def refusal(answer, status):
    assert answer.status_code == status, answer.text
    return answer.text.partition(": ")[2]


# --- a life -------------------------------------------------------------------------------------


def test_a_voice_is_made_found_changed_and_deleted(client, embedding):
    made = client.voices.create(
        name="Ada", description="Clear.", embedding=embedding, language="en", base_voice_id=BRITISH
    )
    assert (made.name, made.description, made.language) == ("Ada", "Clear.", "en")
    assert made.is_owner
    assert made.embedding == pytest.approx(embedding, abs=1e-4)

    changed = client.voices.update(made.id, name="Ada Lovelace", description="Clearer.")
    assert (changed.id, changed.name, changed.description) == (
        made.id,
        "Ada Lovelace",
        "Clearer.",
    )
    assert client.voices.get(made.id).name == "Ada Lovelace"

    client.voices.delete(made.id)
    with pytest.raises(ApiError) as gone:
        client.voices.get(made.id)
    assert gone.value.status_code == 404


async def test_the_same_life_async(server, buzz):
    async with AsyncCartesia(api_key="any", base_url=server) as client:
        mixed = await client.voices.mix(
            voices=[{"id": VOICE, "weight": 0.5}, {"id": BRITISH, "weight": 0.5}]
        )
        made = await client.voices.create(name="Between", description="", embedding=mixed.embedding)
        local = await client.voices.localize(
            voice_id=made.id,
            name="Entre",
            description="",
            language="es",
            original_speaker_gender="female",
        )
        assert (local.language, local.is_public, bool(local.user_id)) == ("es", False, True)
        cloned = await client.voices.clone(
            clip=buzz, name="Buzz", description="", language="en", mode="stability"
        )
        changed = await client.voices.update(made.id, name="Among", description="")
        assert changed.name == "Among"
        listed = [voice.id async for voice in await client.voices.list(is_owner=True)]
        assert listed[:3] == [cloned.id, local.id, made.id]
        for one in (cloned, local, made):
            await client.voices.delete(one.id)
        assert [voice.id async for voice in await client.voices.list(is_owner=True)] == []


def test_voices_outlive_the_server(settings, embedding):
    engines = scripted_engines(ScriptedSpeech())
    with (
        embedded(settings, engines=engines) as base_url,
        Cartesia(api_key="any", base_url=base_url) as client,
    ):
        made = client.voices.create(name="Ada", description="", embedding=embedding)
    with (
        embedded(settings, engines=engines) as base_url,
        Cartesia(api_key="any", base_url=base_url) as client,
    ):
        assert client.voices.get(made.id).name == "Ada"
        client.voices.delete(made.id)


# --- speaking -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/tts/bytes", "/tts/sse"])
@pytest.mark.parametrize("by", ["id", "upper", "name"])
def test_own_voices_speak_over_http(http, engine, voice, path, by):
    named = {"id": voice.id, "upper": voice.id.upper(), "name": "ada"}[by]
    answer = http.post(path, json=speech_request(voice={"mode": "id", "id": named}))
    assert answer.status_code == 200, answer.text
    assert engine.voices[0].tolist() == pytest.approx(voice.embedding, abs=1e-5)


def test_own_voices_speak_over_a_socket(client, engine, voice):
    with client.tts.websocket() as socket:
        outputs = list(
            socket.send(
                model_id="sonic-2",
                transcript="one two",
                voice={"mode": "id", "id": voice.id},
                output_format=RAW,
            )
        )
    assert any(output.audio for output in outputs)
    assert engine.voices[0].tolist() == pytest.approx(voice.embedding, abs=1e-5)


def test_deleted_voices_speak_no_more(http, client, embedding, dial):
    gone = client.voices.create(name="Gone", description="", embedding=embedding).id
    client.voices.delete(gone)
    request = speech_request(voice={"mode": "id", "id": gone})
    assert f"voice.id: got '{gone}'" in refusal(http.post("/tts/bytes", json=request), 400)
    with dial() as socket:
        socket.send(**request, context_id="a")
        (error,) = socket.receive_context("a")
        assert (error["type"], error["status_code"]) == ("error", 400)
        # The socket, and the name of the context, are as good as before.
        socket.send(**speech_request(), context_id="a")
        assert socket.receive_context("a")[-1]["type"] == "done"


# --- lists --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shelf(server):
    """Five voices of one's own, newest first."""
    with Cartesia(api_key="any", base_url=server) as client:
        point = client.voices.get(VOICE).embedding
        assert point is not None
        made = [
            client.voices.create(
                name=f"Shelf {n}", description="Dusty.", embedding=point, language=language
            )
            for n, language in enumerate(["en", "es", "en", "fr", "en"])
        ]
        yield [voice.id for voice in reversed(made)]
        for voice in made:
            client.voices.delete(voice.id)


@pytest.mark.parametrize("size", [2, 5, 100])
def test_own_voices_come_first_on_every_kind_of_page(http, shelf, size):
    def page(**query):
        return http.get("/voices", params={"limit": size, **query}).json()

    # 2.0.x follows next_page until there is none, later clients the last id until nothing comes.
    first = page()
    by_cursor, more = first["data"], first
    while more.get("next_page"):
        more = page(starting_after=more["next_page"])
        by_cursor = by_cursor + more["data"]
    by_last, more = [], first
    while more["data"]:
        by_last += more["data"]
        more = page(starting_after=by_last[-1]["id"].upper())
    ids = [voice["id"] for voice in by_cursor]
    assert ids == [voice["id"] for voice in by_last]
    assert ids[:5] == shelf
    assert len(ids) == len(set(ids)) == 5 + 54
    backwards: list[dict[str, Any]] = []
    more = page(ending_before=ids[-1])
    while more["data"]:
        backwards = more["data"] + backwards
        more = page(ending_before=backwards[0]["id"])
    assert [voice["id"] for voice in backwards] == ids[:-1]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"q": "shelf"}, [0, 1, 2, 3, 4]),
        ({"q": "dusty", "language": "en"}, [0, 2, 4]),
        ({"is_owner": "true", "language": "fr"}, [1]),
        ({"q": "shelf", "gender": "feminine"}, []),
        ({"is_owner": "false", "q": "shelf"}, []),
        ({"is_starred": "true"}, []),
    ],
)
def test_own_voices_are_narrowed_as_others(http, shelf, query, places):
    data = http.get("/voices", params=query).json()["data"]
    assert [voice["id"] for voice in data] == [shelf[place] for place in places]


# --- messages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
def test_every_path_answers_with_and_without_a_slash(http, embedding, buzz, slash):
    fields = {"name": "Ada", "description": "Clear."}
    answers = [
        http.post(f"/voices{slash}", json={**fields, "embedding": embedding}),
        http.post(f"/voices/clone{slash}", data=fields, files={"clip": buzz}),
        http.post(
            f"/voices/localize{slash}",
            json={**fields, "voice_id": VOICE, "language": "en", "dialect": "uk"},
        ),
    ]
    for answer in answers:
        voice = answer.json()
        assert answer.status_code == 200, answer.text
        assert voice.keys() >= OF_EVERY_VERSION
        assert (voice["is_owner"], voice["is_public"], voice["access"]) == (True, False, "private")
        path = f"/voices/{voice['id']}{slash}"
        assert http.patch(path, json={"name": "Eve"}).json()["description"] == "Clear."
        gone = http.delete(path, headers={"Content-Type": "application/json"})
        assert (gone.status_code, gone.content) == (204, b"")
    mix = http.post(f"/voices/mix{slash}", json={"voices": [{"id": VOICE, "weight": 1}]})
    assert mix.json()["embedding"] == pytest.approx(embedding, abs=1e-4)


def test_null_means_absent_and_resets_gender(http, client, embedding):
    body = {"name": "Ada", "description": "Clear.", "embedding": embedding, "language": None}
    made = http.post("/voices/", json={**body, "base_voice_id": BRITISH}).json()
    path = f"/voices/{made['id']}"
    assert (made["language"], made["country"], made["gender"]) == ("en", "GB", "feminine")
    same = http.patch(path, json={"name": "Eve", "description": None}).json()
    assert (same["name"], same["description"], same["gender"]) == ("Eve", "Clear.", "feminine")
    reset = http.patch(path, json={"gender": None}).json()
    assert "gender" not in reset
    assert http.patch(path, json={}).json()["name"] == "Eve"
    client.voices.delete(made["id"])


def test_any_numbers_are_a_voice(http, client):
    made = http.post(
        "/voices", json={"name": "Loud", "description": "", "embedding": [1000.0] * 192}
    ).json()
    assert np.linalg.norm(made["embedding"]) < 10
    client.voices.delete(made["id"])


def test_mixes_lie_between(client):
    grace, emma = (np.array(client.voices.get(one).embedding) for one in (VOICE, BRITISH))
    mixed = client.voices.mix(
        voices=[{"id": VOICE, "weight": 3}, {"embedding": emma.tolist(), "weight": 1}]
    )
    assert mixed.embedding == pytest.approx((3 * grace + emma) / 4, abs=1e-4)


@pytest.mark.parametrize(
    "target", [{"accent": "en-gb"}, {"accent": "british"}, {"language": "en", "dialect": "uk"}]
)
def test_localized_voices_keep_their_timbre(http, client, target):
    fields = {"voice_id": VOICE, "name": "Abroad", "description": ""}
    made = http.post("/voices/localize", json={**fields, **target}).json()
    point, before = (np.array(client.voices.get(one).embedding) for one in (made["id"], VOICE))
    assert made["locales"] == [{"locale": "en-GB", "is_native": True}]
    np.testing.assert_allclose(point[:96], before[:96], atol=1e-4)
    assert np.abs(point[96:] - before[96:]).max() > 0.01
    client.voices.delete(made["id"])


@pytest.mark.parametrize("target", [{"language": "es", "dialect": "mx"}, {"accent": "mexican"}])
def test_a_voice_moves_to_a_dialect_that_no_built_in_voice_is_at_home_in(http, client, target):
    fields = {"voice_id": VOICE, "name": "De México", "description": ""}
    made = http.post("/voices/localize", json={**fields, **target}).json()
    assert (made["language"], made["country"]) == ("es", "MX")
    client.voices.delete(made["id"])


@pytest.mark.parametrize("mode", ["similarity", "stability"])
@pytest.mark.parametrize("enhance", ["true", "false"])
def test_cloning_hears_a_clip(http, client, buzz, mode, enhance):
    form = {"name": "Buzz", "language": "en", "mode": mode, "enhance": enhance}
    made = http.post("/voices/clone", data=form, files={"clip": ("upload", buzz)}).json()
    assert client.voices.get(made["id"]).embedding != client.voices.get(VOICE).embedding
    assert -1 <= made["similarity"] <= 1
    client.voices.delete(made["id"])


def test_a_server_that_refines_a_clone_stops_at_once(settings, buzz):
    settings = replace(settings, clone_refinement=600.0)
    engines = scripted_engines(ScriptedSpeech())
    with (
        embedded(settings, engines=engines) as base_url,
        Cartesia(api_key="any", base_url=base_url) as client,
    ):
        made = client.voices.clone(clip=buzz, name="Buzz", language="en", mode="similarity")
    with (
        embedded(settings, engines=engines) as base_url,
        Cartesia(api_key="any", base_url=base_url) as client,
    ):
        assert client.voices.get(made.id).name == "Buzz"


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_built_in_voices_cannot_be_changed(http, method):
    body = {"name": "Mine"} if method == "PATCH" else None
    said = refusal(http.request(method, f"/voices/{VOICE}", json=body), 403)
    assert said.startswith(f"id: {VOICE} is the built-in voice Grace; only voices that were")


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("PATCH", f"/voices/{NOBODY}", {"name": "Ada"}, "id"),
        ("DELETE", f"/voices/{NOBODY}", None, "id"),
        ("DELETE", "/voices/not-an-id", None, "id"),
        (
            "POST",
            "/voices/localize",
            {"voice_id": NOBODY, "name": "A", "language": "en"},
            "voice_id",
        ),
        ("POST", "/voices/mix", {"voices": [{"id": NOBODY, "weight": 1}]}, "voices.0.id"),
        (
            "POST",
            "/voices",
            {"name": "A", "description": "", "embedding": [0] * 192, "base_voice_id": NOBODY},
            "base_voice_id",
        ),
    ],
)
def test_unknown_ids_are_404(http, method, path, body, field):
    said = refusal(http.request(method, path, json=body), 404)
    assert said.startswith(f"{field}: got '")
    assert said.endswith("accepted: an id that GET /voices lists")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": None}, "name: "),
        ({"name": " "}, "name: got ' ', accepted: 1 to 200 characters"),
        ({"name": "x" * 201}, "name: got 'xxx"),
        ({"description": "x" * 2001}, "description: got 'xxx"),
        ({"language": "tlh"}, "language: got 'tlh', accepted: en, es, fr"),
        ({"name": "A\0da"}, "name: got 'A\\x00da', accepted: text without the character NUL"),
        ({"embedding": [0.0] * 3}, "embedding: got 3 numbers, expected 192"),
        ({"embedding": "loud"}, "embedding: got 'loud', accepted: "),
        ({"embedding": [1, "two"]}, "embedding.1: got 'two', accepted: "),
    ],
)
def test_bad_voices_are_refused_by_field(http, changes, said):
    body = {"name": "Ada", "description": "", "embedding": [0.0] * 192, **changes}
    assert refusal(http.post("/voices", json=body), 400).startswith(said)


@pytest.mark.parametrize(
    ("voices", "said"),
    [
        ([], "voices: got 0 voices and 0 weights"),
        ([{"id": VOICE}], "voices.0.weight: got nothing, accepted: a value"),
        ([{"weight": 1}], "voices.0.id: got nothing, accepted: a value"),
        ([{"id": VOICE, "weight": "much"}], "voices.0.weight: got 'much', accepted: "),
        ([{"id": VOICE, "weight": 0}], "weights: got [0]; they must be finite"),
        (["Grace"], "voices.0: got 'Grace', accepted: an object"),
        ([{"embedding": [1.0], "weight": 1}], "voices.0.embedding: got 1 numbers, expected 192"),
    ],
)
def test_bad_mixes_are_refused_by_field(http, voices, said):
    assert refusal(http.post("/voices/mix", json={"voices": voices}), 400).startswith(said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "language: got nothing, accepted: a value; this field is required"),
        ({"language": "de"}, "language: got 'de', accepted: en, es"),
        ({"language": "en", "dialect": "au"}, "dialect: got 'au', accepted: us, uk"),
        ({"accent": "en-AU"}, "accent: got 'en-AU', accepted: general-american (en-US), british"),
        (
            {"language": "en", "original_speaker_gender": "feminine"},
            "original_speaker_gender: got 'feminine', accepted: male, female",
        ),
    ],
)
def test_bad_localizing_is_refused_by_field(http, changes, said):
    body = {"voice_id": VOICE, "name": "Ada", "description": "", **changes}
    assert refusal(http.post("/voices/localize", json=body), 400).startswith(said)


def test_bad_changes_are_refused_by_field(http, voice):
    def said(body):
        return refusal(http.patch(f"/voices/{voice.id}", json=body), 400)

    assert said({"gender": "male"}).startswith("gender: got 'male', accepted: masculine, feminine")
    assert said({"accent": "scouse"}).startswith("accent: got 'scouse', accepted: general-american")
    assert said({"name": ""}).startswith("name: got '', accepted: 1 to 200 characters")
    assert said([]).startswith("body: got [], accepted: ")


@pytest.mark.parametrize(
    ("form", "file", "said"),
    [
        ({}, None, "clip: got nothing, accepted: an uploaded file: flac, m4a"),
        ({}, b"", "clip: is empty; accepted: flac"),
        ({}, b"no audio at all", "clip: is no audio file that can be read"),
        ({"name": ""}, b"x", "name: got '', accepted: 1 to 200 characters"),
        ({"language": "de"}, b"x", "language: got 'de', accepted: en, es"),
        ({"mode": "speed"}, b"x", "mode: got 'speed', accepted: similarity, stability"),
        ({"enhance": "yes"}, b"x", "enhance: got 'yes', accepted: true, false"),
        ({"accent": "en-AU"}, b"x", "accent: got 'en-AU', accepted: general-american (en-US)"),
    ],
)
def test_bad_clips_are_refused_by_field(http, form, file, said):
    data = {"name": "Ada", "language": "en", **form}
    files = {"other": b"x"} if file is None else {"clip": ("upload", file)}
    answer = http.post("/voices/clone", data=data, files=files)
    assert refusal(answer, 400).startswith(said)
    assert "encoding" not in answer.text  # the form has no such field


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (2, "clip: got 0.0 s of speech, accepted: at least 1 s of speech, better 10 s"),
        (301, "clip: is longer than 300 s; accepted: at most 300 s of audio"),
    ],
)
def test_clips_hold_a_fitting_amount_of_speech(http, seconds, said):
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, 8000, 0, "NONE", ""))
        writer.writeframes(bytes(2 * 8000 * seconds))
    answer = http.post("/voices/clone", data={"name": "Ada"}, files={"clip": file.getvalue()})
    assert refusal(answer, 400).startswith(said)


@pytest.mark.parametrize("path", ["/voices/clone", "/stt", "/infill/bytes", "/voice-changer/sse"])
def test_what_is_no_form_is_told_so(http, path):
    said = "Content-Type: got 'application/json', accepted: multipart/form-data"
    assert refusal(http.post(path, json={"name": "Ada"}), 400) == said


def test_an_endless_id_is_not_answered_in_full(http):
    body = {"voices": [{"id": "x" * 100_000, "weight": 1}]}
    for answer in (http.post("/voices/mix", json=body), http.get("/voices/" + "x" * 5000)):
        assert len(refusal(answer, 404)) < 200


def test_unknown_base_voice_of_a_clone_is_404(http, buzz):
    data = {"name": "Ada", "base_voice_id": NOBODY}
    answer = http.post("/voices/clone", data=data, files={"clip": buzz})
    assert refusal(answer, 404).startswith(f"base_voice_id: got '{NOBODY}'")


@pytest.mark.parametrize(
    ("path", "methods"), [("/voices", "GET, POST"), (f"/voices/{VOICE}", "GET, PATCH, DELETE")]
)
def test_other_methods_are_told_which_there_are(http, path, methods):
    answer = http.put(path, json={})
    assert answer.status_code == 405
    assert all(method in answer.text for method in methods.split(", "))
