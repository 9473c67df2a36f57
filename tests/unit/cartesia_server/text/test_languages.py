from __future__ import annotations

import pytest

from cartesia_server.text.languages import LanguageError, find


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("en", "en-US"),
        ("EN_gb", "en-GB"),
        ("en-AU", "en-US"),
        ("es-MX", "es"),
        ("pt-BR", "pt"),
        ("hi", "hi"),
    ],
)
def test_find(tag, found):
    assert find(tag).tag == found


@pytest.mark.parametrize("tag", ["de", "", "xx-YY"])
def test_an_unknown_language_lists_what_there_is(tag):
    with pytest.raises(LanguageError, match=r"language: got .*, accepted: en-US, en-GB, es"):
        find(tag)
