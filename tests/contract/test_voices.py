import pytest

WARM, BRITISH = "694f9389-aac1-45b6-b726-9d9369183238", "6ccbfb76-1fc6-48f7-b71d-91ac6298247b"


def listed(http, **query):
    answer = http.get("/voices", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("path", ["/voices", "/voices/"])
def test_list_answers_with_and_without_a_slash(http, path):
    answer = http.get(path, follow_redirects=False)
    assert answer.status_code == 200
    assert WARM in [voice["id"] for voice in answer.json()["data"]]


@pytest.mark.parametrize("slash", ["", "/"])
def test_voice_has_what_every_version_reads(http, slash):
    voice = http.get(f"/voices/{WARM}{slash}", follow_redirects=False).json()
    assert voice["id"] == WARM
    assert len(voice["embedding"]) == 192
    required = {"name", "description", "language", "is_owner", "created_at", "is_public"}
    assert required | {"access", "visibility", "tagline"} <= voice.keys()
    assert (voice["is_owner"], voice["is_public"], voice["language"]) == (False, True, "en")


@pytest.mark.parametrize("id", ["nobody", "00000000-0000-0000-0000-000000000000"])
def test_unknown_voice_is_404(http, id):
    answer = http.get(f"/voices/{id}")
    assert answer.status_code == 404
    assert f"id: got '{id}', accepted: an id that GET /voices lists" in answer.text


def test_list_shows_embeddings_only_when_asked(http):
    assert "embedding" not in listed(http)["data"][0]
    expanded = listed(http, **{"expand[]": ["embedding", "is_starred"]})["data"][0]
    assert len(expanded["embedding"]) == 192
    assert expanded["is_starred"] is False


@pytest.mark.parametrize("size", [1, 7, 100])
def test_clients_of_2024_follow_next_page_until_it_is_null(http, size):
    page = listed(http, limit=size)
    found = page["data"]
    while page.get("next_page"):
        assert page["has_more"]
        page = listed(http, limit=size, starting_after=page["next_page"])
        found += page["data"]
    assert not page["has_more"]
    assert [voice["id"] for voice in found] == [voice["id"] for voice in listed(http)["data"]]


def test_later_clients_ask_until_a_page_is_empty(http):
    page, found = listed(http, limit=20), []
    while page["data"]:
        found += page["data"]
        page = listed(http, limit=20, starting_after=page["data"][-1]["id"])
    assert page["has_more"] is False
    assert len({voice["id"] for voice in found}) == len(found) == len(listed(http)["data"])


def test_list_reads_backwards_too(http):
    everything = [voice["id"] for voice in listed(http)["data"]]
    before = listed(http, limit=3, ending_before=everything[5])["data"]
    assert [voice["id"] for voice in before] == everything[2:5]
    assert listed(http, ending_before=everything[0])["data"] == []


def test_list_is_narrowed(http):
    women = listed(http, gender="feminine")["data"]
    assert women
    assert all(voice["gender"] == "feminine" for voice in women)
    assert BRITISH in [voice["id"] for voice in listed(http, q="british")["data"]]
    assert listed(http, is_owner="true")["data"] == []
    assert all(voice["language"] == "es" for voice in listed(http, language="es")["data"])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"limit": "0"}, "limit: got '0', accepted: 1 to 100"),
        ({"limit": "101"}, "limit: got '101', accepted: 1 to 100"),
        ({"limit": "ten"}, "limit: got 'ten', accepted: 1 to 100"),
        ({"gender": "male"}, "gender: got 'male', accepted: masculine, feminine, gender_neutral"),
        ({"is_owner": "1"}, "is_owner: got '1', accepted: true, false"),
    ],
)
def test_bad_query_is_refused_by_name(http, query, message):
    answer = http.get("/voices", params=query)
    assert answer.status_code == 400
    assert answer.text == f"Invalid request: {message}"
