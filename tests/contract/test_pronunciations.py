"""Dictionaries of pronunciations: kept by their routes, honoured by each way to speak."""

import base64
import json

import httpx
import pytest

from cartesia import AsyncCartesia, Cartesia
from cartesia_server.embedded import embedded
from cartesia_server.settings import Settings
from tests.contract.conftest import RAW, VOICE, speech_request
from tests.contract.scripted import WORD_SECONDS, scripted_engines

pytestmark = pytest.mark.anyio

# ruff: noqa: RUF001 -- phonetic letters look like others

ITEMS = [
    {"text": "SQL", "alias": "sequel"},
    {"text": "New York", "pronunciation": "the big apple"},
    {"text": "kar", "pronunciation": "<<k|ɑ|ɹ>>", "case_sensitive": False},
]
WRITTEN = "Use SQL in New York, KAR. "
WORDS = WRITTEN.split()
SAID = ["Use", "sequel", "in", "the", "big", "apple", "kˈɑɹ"]
HOW = {"model_id": "sonic-2", "voice": {"mode": "id", "id": VOICE}, "output_format": RAW}


@pytest.fixture
def dictionary(http):
    made = http.post("/pronunciation-dicts/", json={"name": "Tech", "items": ITEMS}).json()
    yield made["id"]
    http.delete(f"/pronunciation-dicts/{made['id']}")


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_dictionary_lives_with_and_without_a_slash(http, slash):
    path = f"/pronunciation-dicts{slash}"
    made = http.post(path, json={"name": " Tech ", "items": ITEMS})
    assert made.status_code == 200
    made = made.json()
    assert made["name"] == "Tech"
    assert made["owner_id"]
    assert made["created_at"]
    assert made["pinned"] is False
    assert [item["text"] for item in made["items"]] == ["SQL", "New York", "kar"]
    for item in made["items"]:
        assert item["alias"] == item["pronunciation"]
    assert [item["case_sensitive"] for item in made["items"]] == [True, True, False]
    path = f"/pronunciation-dicts/{made['id']}{slash}"
    assert http.get(path).json() == made
    assert http.patch(path, json={"name": "Eve", "items": None}).json() == {**made, "name": "Eve"}
    assert http.patch(path, json={"items": []}).json() == {**made, "name": "Eve", "items": []}
    gone = http.delete(path, headers={"Content-Type": "application/json"})
    assert (gone.status_code, gone.content) == (204, b"")
    assert http.get(path).status_code == http.delete(path).status_code == 404
    assert http.patch(path, json={"name": "x"}).status_code == 404


def test_a_name_is_enough(http):
    made = http.post("/pronunciation-dicts", json={"name": "Empty"}).json()
    assert made["items"] == []
    assert http.delete(f"/pronunciation-dicts/{made['id']}").status_code == 204


def test_lists_are_read_as_every_client_does(http):
    def page(**query):
        return http.get("/pronunciation-dicts/", params={"limit": 2, **query}).json()

    made = [
        http.post("/pronunciation-dicts", json={"name": str(number)}).json()["id"]
        for number in range(5)
    ]
    read, more = [], page()
    assert more["has_more"] is True
    while more["data"]:
        read += [one["id"] for one in more["data"]]
        more = page(starting_after=read[-1])
    assert more["has_more"] is False
    assert read == made[::-1]
    assert [one["id"] for one in page(ending_before=read[3])["data"]] == read[1:3]
    for one in made:
        http.delete(f"/pronunciation-dicts/{one}")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "name: got nothing"),
        ({"name": " "}, "name: got ' ', accepted: 1 to 200 characters"),
        ({"name": "x" * 201}, "name: got "),
        ({"name": "x", "items": [{"alias": "y"}]}, "items.0.text: got nothing"),
        ({"name": "x", "items": [{"text": "y"}]}, "items.0.pronunciation: got nothing"),
        ({"name": "x", "items": [{"text": " ", "alias": "y"}]}, "items.0.text: got ' '"),
        ({"name": "x", "items": [{"text": "y" * 101, "alias": "y"}]}, "items.0.text: got"),
        ({"name": "x", "items": [{"text": "y", "alias": "y" * 301}]}, "items.0.alias: got"),
        (
            {"name": "x", "items": [*ITEMS, {"text": "y", "pronunciation": "<<k|1>>"}]},
            "items.3.pronunciation: got '<<k|1>>', accepted: phones of the IPA",
        ),
        (
            {"name": "x", "items": [{"text": "y", "alias": '<break time="1s"/>'}]},
            "items.0.alias: got",
        ),
        ({"name": "x", "items": ITEMS * 334}, "items: got '1002 items', accepted: at most 1000"),
    ],
)
def test_what_cannot_be_a_dictionary_is_refused_by_name(http, body, message):
    answer = http.post("/pronunciation-dicts", json=body)
    assert answer.status_code == 400
    assert message in answer.text


def test_a_list_has_limits(http):
    assert "limit: got '0'" in http.get("/pronunciation-dicts?limit=0").text


@pytest.fixture
def client(server):
    with Cartesia(api_key="any", base_url=server) as client:
        yield client


@pytest.fixture
async def async_client(server):
    async with AsyncCartesia(api_key="any", base_url=server) as client:
        yield client


class TestSpeech:
    def test_bytes(self, client, engine, dictionary):
        how = {**HOW, "pronunciation_dict_id": dictionary}
        audio = b"".join(client.tts.bytes(transcript=WRITTEN, **how))
        assert engine.said == SAID
        assert len(audio) == 2 * len(SAID) * WORD_SECONDS * 24000

    async def test_async_bytes(self, async_client, engine, dictionary):
        how = {**HOW, "pronunciation_dict_id": dictionary}
        assert [chunk async for chunk in async_client.tts.bytes(transcript=WRITTEN, **how)]
        assert engine.said == SAID

    @pytest.mark.parametrize(
        ("normalised", "words"),
        [(False, WORDS), (True, ["Use", "sequel", "in", "the", "big", "apple,", "kˈɑɹ."])],
    )
    def test_events_give_words_as_asked(self, http, dictionary, normalised, words):
        fields = {"pronunciation_dict_id": dictionary, "add_timestamps": True}
        body = speech_request(transcript=WRITTEN, use_normalized_timestamps=normalised, **fields)
        frames = http.post("/tts/sse", json=body).text.strip().split("\n\n")
        events = [json.loads(frame.split("data: ")[1]) for frame in frames]
        times = [event["word_timestamps"] for event in events if event["type"] == "timestamps"]
        assert [word for part in times for word in part["words"]] == words
        if not normalised:
            starts = [start for part in times for start in part["start"]]
            expected = [WORD_SECONDS * place for place in (0, 1, 2, 3, 4, 6)]
            assert starts == pytest.approx(expected, abs=0.001)

    def test_contexts(self, dial, engine, dictionary):
        with dial() as socket:
            for start in range(0, len(WRITTEN), 3):
                text = WRITTEN[start : start + 3]
                # The settings of the first message hold for the context.
                fields = {"pronunciation_dict_id": dictionary} if not start else {}
                body = speech_request(transcript=text, add_timestamps=True, **fields)
                socket.send(context_id="a", **body, **{"continue": True})
            socket.send(context_id="a", **speech_request(transcript=""))
            messages = socket.receive_context("a")
        assert engine.said == SAID
        times = [m["word_timestamps"] for m in messages if m["type"] == "timestamps"]
        assert [word for part in times for word in part["words"]] == WORDS
        assert any(base64.b64decode(m["data"]) for m in messages if m["type"] == "chunk")

    @pytest.mark.parametrize("route", ["/tts/bytes", "/tts/sse"])
    def test_an_unknown_one_is_not_found(self, http, route):
        body = speech_request(pronunciation_dict_id="gone")
        answer = http.post(route, json=body, headers={"Cartesia-Version": "2026-03-01"})
        assert answer.status_code == 404
        assert answer.json()["message"].startswith("pronunciation_dict_id: got 'gone', accepted: ")

    def test_an_unknown_one_ends_its_context_alone(self, dial):
        with dial() as socket:
            socket.send(context_id="a", **speech_request(pronunciation_dict_id="gone"))
            (error,) = socket.receive_context("a")
            assert error["status_code"] == 404
            assert error["error"].startswith("pronunciation_dict_id: got 'gone'")
            socket.send(context_id="b", **speech_request(pronunciation_dict_id=None))
            assert socket.receive_context("b")[-1]["type"] == "done"


def test_dictionaries_outlive_the_server(tmp_path):
    settings = Settings(threads=1, data_dir=tmp_path)
    with embedded(settings, engines=scripted_engines()) as url:
        body = {"name": "Tech", "items": ITEMS}
        made = httpx.post(f"{url}/pronunciation-dicts", json=body, timeout=120).json()
    with embedded(settings, engines=scripted_engines()) as url:
        found = httpx.get(f"{url}/pronunciation-dicts/{made['id']}", timeout=120)
        assert found.json() == made
