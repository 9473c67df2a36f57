from types import SimpleNamespace

import pytest

from cartesia_cli.failures import CommandError
from cartesia_cli.voices.lookup import find_voice

ID = "694f9389-aac1-45b6-b726-9d9369183238"


def client(*names):
    voices = [SimpleNamespace(id=f"id-{place}", name=name) for place, name in enumerate(names)]
    return SimpleNamespace(voices=SimpleNamespace(list=lambda limit: voices))


def test_ids_are_not_looked_up():
    assert find_voice(client(), ID) == ID
    assert find_voice(client(), ID.upper(), exact=True) == ID.upper()


@pytest.mark.parametrize("wanted", ["Ada", "ada", "id-0"])
def test_a_complete_name_wins_over_longer_ones(wanted):
    assert find_voice(client("Ada", "Ada Lovelace"), wanted) == "id-0"


def test_part_of_a_name_will_do_unless_names_must_be_complete():
    assert find_voice(client("Ada Lovelace", "Eve"), "love") == "id-0"
    with pytest.raises(
        CommandError, match=r"^love: there is no such voice; there are Ada Lovelace"
    ):
        find_voice(client("Ada Lovelace", "Eve"), "love", argument="", exact=True)


def test_a_slip_is_answered_with_what_was_meant():
    with pytest.raises(CommandError, match=r"--voice Lousie: .*; did you mean Louise or Eloise\?"):
        find_voice(client("Ada", "Louise", "Eve", "Eloise"), "Lousie")


@pytest.mark.parametrize("names", [("Ada", "ada"), ("Adam", "Adan")])
def test_several_are_told_apart_by_their_ids(names):
    with pytest.raises(CommandError, match=r"^--voice Ada: several .*\(id-0\), .*\(id-1\)$"):
        find_voice(client(*names), "Ada")
