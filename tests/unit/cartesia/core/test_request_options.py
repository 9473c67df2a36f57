from __future__ import annotations

from typing import Any

import pytest

from cartesia.core.api_error import InvalidArgumentError
from cartesia.core.client_config import ClientConfig, Timeouts
from cartesia.core.request_options import RequestOptions, settle

CONFIG = ClientConfig("http://host", max_retries=5)


def test_without_options_the_client_decides() -> None:
    settings = settle(CONFIG, None, timeout=Timeouts.of(7))
    assert (settings.timeout, settings.max_retries, settings.chunk_size) == (
        Timeouts.of(7),
        5,
        None,
    )
    assert (settings.headers, settings.query, settings.body) == ({}, {}, {})
    assert settle(CONFIG, {}, timeout=None).timeout is None


def test_options_win() -> None:
    options: RequestOptions = {
        "timeout_in_seconds": 1.5,
        "max_retries": 0,
        "additional_headers": {"A": "1"},
        "additional_query_parameters": {"b": 2},
        "additional_body_parameters": {"c": 3},
        "chunk_size": 640,
    }
    settings = settle(CONFIG, options, timeout=Timeouts.of(7))
    assert settings == (Timeouts.of(1.5), 0, {"A": "1"}, {"b": 2}, {"c": 3}, 640)


def test_none_counts_as_absent() -> None:
    empty: Any = dict.fromkeys(RequestOptions.__annotations__)
    assert settle(CONFIG, empty, timeout=Timeouts.of(7)) == settle(
        CONFIG, None, timeout=Timeouts.of(7)
    )


@pytest.mark.parametrize(
    "options",
    [
        {"timeout_in_seconds": -1},
        {"max_retries": "2"},
        {"chunk_size": 0},
        {"chunk_size": "640"},
        {"additional_headers": "A: 1"},
        {"additional_headers": {1: "A"}},
        {"additional_query_parameters": ["b"]},
        {"additional_body_parameters": 3},
    ],
)
def test_an_option_that_cannot_be_right_is_named(options: Any) -> None:
    (name,) = options
    with pytest.raises(InvalidArgumentError, match=f"{name}: got"):
        settle(CONFIG, options, timeout=None)


def test_a_misspelt_key_is_told_together_with_those_there_are() -> None:
    misspelt: Any = {"max_retries": 0, "timeout_in_second": 5}
    with pytest.raises(ValueError, match=r"'timeout_in_second'.*timeout_in_seconds, max_retries"):
        settle(CONFIG, misspelt, timeout=None)


@pytest.mark.parametrize("options", [5, "max_retries", ["max_retries"]])
def test_options_that_are_no_dictionary_are_refused(options: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="request_options: got"):
        settle(CONFIG, options, timeout=None)
