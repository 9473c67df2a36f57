"""Names that are imported when they are first used (PEP 562), so that importing stays fast."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_exports(
    package: str, homes: Mapping[str, str], modules: str = ""
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make ``__getattr__`` and ``__dir__`` of a package whose names live elsewhere.

    Args:
        package: the package's ``__name__``.
        homes: names, separated by spaces, by the module that defines them.
        modules: modules of the package, separated by spaces, that are attributes too.
    """
    home_of = {name: home for home, names in homes.items() for name in names.split()}
    submodules = frozenset(modules.split())

    def resolve(name: str) -> Any:
        if name in submodules:
            return import_module(f"{package}.{name}")
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(home_of[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    def listing() -> list[str]:
        return sorted({*vars(sys.modules[package]), *home_of, *submodules})

    return resolve, listing
