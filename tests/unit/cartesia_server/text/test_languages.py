from __future__ import annotations

import pytest

from cartesia_server.text import languages
from cartesia_server.text.languages import LanguageError, find, how_to_add, installed


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("en", "en-US"),
        ("EN_gb", "en-GB"),
        ("en-AU", "en-US"),
        ("es-ES", "es"),
        ("es-MX", "es-419"),
        ("ES_pe", "es-419"),
        ("es-419", "es-419"),
        ("pt-MX", "pt"),
        ("pt-BR", "pt"),
        ("hi", "hi"),
        ("ja-JP", "ja"),
        ("zh-Hant-TW", "zh"),
    ],
)
def test_find(tag, found, monkeypatch):
    monkeypatch.setattr(languages, "find_spec", lambda name: object())
    assert find(tag).tag == found


def test_no_package_is_looked_for_but_that_of_the_language(monkeypatch):
    """Looking for one reads every folder of the path, and would for each sentence."""
    sought: list[str] = []
    monkeypatch.setattr(languages, "find_spec", sought.append)
    assert find("en").tag == "en-US"
    assert sought == []


@pytest.mark.parametrize("tag", ["de", "", "xx-YY"])
def test_an_unknown_language_lists_what_there_is(tag):
    with pytest.raises(LanguageError, match=r"language: got .*, accepted: en-US, en-GB, es"):
        find(tag)


def test_a_language_that_is_not_installed_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setattr(languages, "find_spec", lambda name: None)
    assert installed(["en-US", "ja", "zh"]) == ("en-US", "zh")
    with pytest.raises(LanguageError, match=r"zh; ja after pip install 'cartesia\[ja\]'"):
        find("ja-JP")


def test_there_is_nothing_to_add_for_what_is_installed_or_unknown(monkeypatch):
    monkeypatch.setattr(languages, "find_spec", lambda name: object())
    assert how_to_add("ja") == how_to_add("de") == ""
    assert find("ja").tag == "ja"
