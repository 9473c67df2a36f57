"""The commands about voices against a server: what they print, and how they end."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cartesia import Cartesia
from cartesia_cli.app import app
from tests.contract.conftest import VOICE

BRITISH = "6ccbfb76-1fc6-48f7-b71d-91ac6298247b"


@pytest.fixture
def client(server):
    with Cartesia(api_key="any", base_url=server) as client:
        yield client


@pytest.fixture
def cartesia(client, server, engine, tmp_path, monkeypatch):
    """Run a command in an empty folder; the voices that it made are gone afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CARTESIA_BASE_URL", server)

    def run(*arguments, stdin=None):
        return CliRunner().invoke(app, ["voices", *arguments], input=stdin)

    yield run
    for voice in list(client.voices.list(is_owner=True)):
        client.voices.delete(voice.id)


@pytest.fixture
def embedding(client):
    return client.voices.get(VOICE).embedding


def printed_id(done):
    assert done.exit_code == 0, done.stderr
    return done.stdout.strip()


def test_get_shows_a_voice_by_id_name_or_part_of_it(cartesia):
    for wanted in (BRITISH, "Emma", "emm"):
        done = cartesia("get", wanted)
        assert done.exit_code == 0, done.stderr
        rows = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
        assert (rows["id"], rows["name"], rows["country"]) == (BRITISH, "Emma", "GB")


def test_what_get_and_mix_print_can_be_made_a_voice(cartesia, client, embedding):
    shown = cartesia("get", "Grace", "--format", "json").stdout
    assert json.loads(shown)["embedding"] == pytest.approx(embedding)
    Path("grace.json").write_text(shown, encoding="utf-8")
    copy = printed_id(cartesia("create", "Copy", "--embedding", "grace.json", "-l", "en-GB"))
    assert client.voices.get(copy).embedding == pytest.approx(embedding, abs=1e-4)
    assert client.voices.get(copy).country == "GB"

    mixed = cartesia("mix", "Grace=3", f"{BRITISH}=1").stdout
    made = printed_id(
        cartesia("create", "Mix", "-e", "-", "--description", "Two in one.", stdin=mixed)
    )
    voice = client.voices.get(made)
    assert voice.embedding == pytest.approx(json.loads(mixed), abs=1e-4)
    assert (voice.name, voice.description) == ("Mix", "Two in one.")


def test_mix_keeps_what_it_makes_under_a_name(cartesia, client):
    made = client.voices.get(printed_id(cartesia("mix", "Dora", "Grace=0.5", "--name", "Both")))
    assert (made.name, made.language) == ("Both", "es")
    again = printed_id(cartesia("mix", "Dora", "--name", "Alone", "-l", "en"))
    assert client.voices.get(again).language == "en"


def test_clone_sends_the_clip_and_what_is_wanted_of_it(cartesia, client, buzz):
    Path("me.wav").write_bytes(buzz)
    done = cartesia(
        *("clone", "me.wav", "--name", "Me", "--description", "A buzz.", "--language", "fr"),
        *("--mode", "stability", "--enhance"),
    )
    voice = client.voices.get(printed_id(done))
    assert (voice.name, voice.description, voice.language) == ("Me", "A buzz.", "fr")


def test_clone_takes_a_clip_from_standard_input(cartesia, client, buzz):
    voice = client.voices.get(printed_id(cartesia("clone", "-", "--name", "Me", stdin=buzz)))
    assert voice.name == "Me"


def test_delete_takes_ids_and_complete_names(cartesia, client, embedding):
    ids = [
        client.voices.create(name=name, description="", embedding=embedding).id
        for name in ("Ada", "Eve")
    ]
    refused = cartesia("delete", ids[0], "ev")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("cartesia: ev: there is no such voice; did you mean Eve? ")
    assert len(list(client.voices.list(is_owner=True))) == 2
    done = cartesia("delete", ids[0], "EVE", ids[1])
    assert (done.exit_code, done.output) == (0, "")
    assert list(client.voices.list(is_owner=True)) == []


def test_a_name_that_two_voices_have_is_told_with_their_ids(cartesia, client, embedding):
    ids = [
        client.voices.create(name="Ada", description="", embedding=embedding).id for _ in range(2)
    ]
    refused = cartesia("delete", "ada")
    assert refused.exit_code == 1
    assert "several voices are called so" in refused.stderr
    assert all(voice_id in refused.stderr for voice_id in ids)


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["get", "nobody"], 1, "nobody: there is no such voice; there are "),
        (["get", "0" * 8 + "-0000-0000-0000-" + "0" * 12], 1, "accepted: an id that GET /voices"),
        (["delete", VOICE], 1, "is the built-in voice Grace"),
        (["mix", "Grace=loud"], 2, "Grace=loud: 'loud' is no weight; give a number: Grace=0.5"),
        (["mix", "Grace=-1"], 1, "weights: got [-1]; they must be finite"),
        (["create", "Ada", "-e", "absent.json"], 1, "absent.json: No such file or directory"),
        (["create", "Ada", "-e", "text.txt"], 2, "--embedding text.txt: that is no JSON"),
        (["create", "Ada", "-e", "words.json"], 2, "words.json: that holds no embedding"),
        (["create", "Ada", "-e", "empty.json"], 2, "empty.json: that holds no embedding"),
        (["create", "Ada", "-e", "three.json"], 1, "embedding: got 3 numbers, expected 192"),
        (["clone", "absent.wav", "-n", "Ada"], 1, "absent.wav: No such file or directory"),
        (["clone", "text.txt", "-n", "Ada"], 1, "clip: is no audio file that can be read"),
        (["clone", "text.txt", "-n", "Ada", "-l", "de"], 1, "language: got 'de', accepted: en"),
    ],
)
def test_mistakes_end_with_one_line(cartesia, arguments, exit_code, said):
    Path("text.txt").write_text("no sound, no numbers", encoding="utf-8")
    Path("words.json").write_text('["one"]', encoding="utf-8")
    Path("empty.json").write_text("{}", encoding="utf-8")
    Path("three.json").write_text("[1, 2, 3]", encoding="utf-8")
    done = cartesia(*arguments)
    assert (done.exit_code, done.stdout) == (exit_code, "")
    assert said in done.stderr
    assert done.stderr.startswith("cartesia: ")
    assert done.stderr.count("\n") == 1
