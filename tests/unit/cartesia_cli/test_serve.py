"""What ``cartesia serve`` prints is three lines of Python that name the right address."""

from __future__ import annotations

import ast

import pytest

from cartesia_cli.serve import example


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://192.168.1.7:80", "http://192.168.1.7:80"),
        ("http://0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("http://[::]:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_three_lines_for_the_address(url: str, shown: str) -> None:
    code = example(url)
    *lines, page = code.splitlines()
    assert len(ast.parse(code).body) == len(lines) == 3
    assert f'base_url="{shown}"' in code
    assert page == f"# or open {shown} in a browser"
