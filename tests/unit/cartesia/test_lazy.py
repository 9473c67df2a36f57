"""Names that are imported when they are first used."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from cartesia._lazy import lazy_exports


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    package = ModuleType("lazy_package")
    package.__path__ = []
    monkeypatch.setitem(sys.modules, "lazy_package", package)
    monkeypatch.setitem(sys.modules, "lazy_package.part", ModuleType("lazy_package.part"))
    resolve, listing = lazy_exports(
        "lazy_package", {"fractions": "Fraction", "decimal": "Decimal Context"}, "part"
    )
    vars(package).update(__getattr__=resolve, __dir__=listing)
    return package


def test_a_name_is_fetched_once_and_then_belongs_to_the_package(package: ModuleType) -> None:
    assert "Fraction" not in vars(package)
    from fractions import Fraction

    assert package.Fraction is Fraction
    assert vars(package)["Fraction"] is Fraction


def test_submodules_are_attributes(package: ModuleType) -> None:
    assert package.part is sys.modules["lazy_package.part"]


def test_the_listing_names_everything(package: ModuleType) -> None:
    assert {"Fraction", "Decimal", "Context", "part", "__name__"} <= set(dir(package))


def test_an_unknown_name_is_an_attribute_error(package: ModuleType) -> None:
    with pytest.raises(AttributeError, match="module 'lazy_package' has no attribute 'Fractoin'"):
        _ = package.Fractoin
