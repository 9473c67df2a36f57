"""The distribution: what it brings, what is in it, which way its imports go."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SOURCE = Path(__file__).resolve().parents[2] / "src"
PACKAGES = ("cartesia", "cartesia_server", "cartesia_cli")


def needed(name: str, known: frozenset[str] = frozenset()) -> frozenset[str]:
    """Every distribution that a plain install of `name` brings, itself included."""
    known |= {canonicalize_name(name)}
    for text in requires(name) or ():
        requirement = Requirement(text)
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if applies and canonicalize_name(requirement.name) not in known:
            known = needed(requirement.name, known)
    return known


def test_a_plain_install_brings_only_what_the_sdk_needs() -> None:
    direct = {
        canonicalize_name(requirement.name)
        for requirement in map(Requirement, requires("cartesia") or ())
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    }
    assert direct == {"httpcore", "httpx", "websockets", "pydantic", "typing-extensions"}
    theirs = frozenset().union(*map(needed, direct))
    assert needed("cartesia") - {"cartesia"} == theirs
    assert not theirs & {"numpy", "starlette", "uvicorn", "typer", "rich", "aiohttp", "pydub"}


# Runs in a fresh interpreter in which only the standard library and the names given as arguments
# can be imported, as after a plain install.
BARE = """
import sys
allowed = set(sys.argv[1].split(","))
class Refuse:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        known = top in sys.stdlib_module_names or top.startswith("_sysconfigdata")
        if top not in allowed and not known:
            raise ModuleNotFoundError(f"No module named {name!r}", name=top)
sys.meta_path.insert(0, Refuse())
"""


def run_bare(code: str) -> subprocess.CompletedProcess[str]:
    allowed = {
        file.parts[0].removesuffix(".py")
        for name in needed("cartesia")
        for file in distribution(name).files or ()
    }
    allowed |= {*PACKAGES}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", BARE + code, ",".join(allowed)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_public_name_works_after_a_plain_install() -> None:
    done = run_bare("import cartesia\nfor name in cartesia.__all__: getattr(cartesia, name)")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_line_without_its_extra_says_how_to_install_it() -> None:
    done = run_bare(
        "import importlib.util as u; real = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name not in allowed else real(name, *a)\n"
        "import cartesia_cli; cartesia_cli.main()"
    )
    assert done.returncode == 2
    assert 'pip install ".[local]"' in done.stderr
    assert 'pip install ".[cli]"' in done.stderr
    assert "Traceback" not in done.stderr


def imports(package: str) -> Iterator[tuple[Path, str]]:
    """Every name imported anywhere in the package's source, also inside functions."""
    for path in (SOURCE / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from ((path, f"{node.module}.{alias.name}") for alias in node.names)


def test_the_sdk_imports_nothing_from_the_server() -> None:
    wrong = [
        (path.name, module)
        for path, module in imports("cartesia")
        if module.partition(".")[0] in ("cartesia_server", "cartesia_cli")
    ]
    assert wrong == []


def test_of_the_sdk_the_server_imports_only_the_messages() -> None:
    wrong = [
        (path.name, module)
        for path, module in imports("cartesia_server")
        if module.partition(".")[0] == "cartesia_cli"
        or (
            module.partition(".")[0] == "cartesia" and not f"{module}.".startswith("cartesia.wire.")
        )
    ]
    assert wrong == []


def test_every_file_of_the_source_is_installed() -> None:
    installed = {str(path) for path in distribution("cartesia").files or ()}
    if not any(name.startswith("cartesia/") for name in installed):
        pytest.skip("an editable install: its files are those of the checkout")
    wanted = {
        path.relative_to(SOURCE).as_posix()
        for package in PACKAGES
        for path in (SOURCE / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - installed == set()
    assert "cartesia/py.typed" in installed
    assert {"LICENSE", "NOTICE"} <= {Path(name).name for name in installed}
