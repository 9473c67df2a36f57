"""What 2.0.x programs import, construct and call is here, name by name."""

from __future__ import annotations

import ast
import functools
import importlib.metadata
import inspect
import pkgutil
import runpy
import subprocess
import sys
import typing
from collections.abc import AsyncIterator, Awaitable, Generator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import cartesia
from cartesia.core import SyncPager
from cartesia.wire.base import WireModel

from . import surface_2x

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
TABLE = runpy.run_path(str(SCRIPTS / "surface_table.py"))


def _exports() -> Iterator[tuple[str, str]]:
    """Every (module, name) that the table of the surface promises."""
    parse = TABLE["parse"]
    for package, content in TABLE["PACKAGES"].items():
        messages = parse(content.messages)
        folders = {
            "types": messages | parse(content.values),
            "requests": {leaf: [f"{n}Params" for n in names] for leaf, names in messages.items()},
        }
        for folder, leaves in folders.items():
            for leaf, names in leaves.items():
                for name in names:
                    for path in ("", f".{package}", f".{package}.{folder}"):
                        yield f"cartesia{path}", name
                    yield f"cartesia.{package}.{folder}.{leaf}", name
    for module, names in parse(TABLE["CORE"]).items():
        for name in names:
            yield "cartesia.core", name
            yield f"cartesia.core.{module}", name
    for module, names in [*parse(TABLE["TOP"]).items(), *parse(TABLE["MODULES"]).items()]:
        for name in names:
            yield module if module.startswith("cartesia.") else "cartesia", name


def test_every_name_imports_from_every_path_it_has() -> None:
    missing = []
    for module, name in sorted(set(_exports())):
        try:
            value = getattr(import_module(module), name)
        except (ImportError, AttributeError) as error:
            missing.append(f"{module}.{name}: {error}")
            continue
        if inspect.ismodule(value):
            missing.append(f"{module}.{name} is a module")
    assert missing == []


def test_each_path_gives_the_same_object() -> None:
    from cartesia.tts import TtsRequest
    from cartesia.tts.requests.output_format import OutputFormat_RawParams
    from cartesia.tts.types.tts_request import TtsRequest as FromLeaf

    assert cartesia.TtsRequest is TtsRequest is FromLeaf
    assert cartesia.tts.OutputFormat_RawParams is OutputFormat_RawParams


def test_all_lists_exactly_what_a_star_import_may_bring() -> None:
    for module in ("cartesia", "cartesia.tts", "cartesia.core", "cartesia.voices.types"):
        promised = {name for home, name in _exports() if home == module}
        modules = set(TABLE["PACKAGES"]) if module == "cartesia" else set()
        assert set(import_module(module).__all__) == promised | modules
        assert promised <= set(dir(import_module(module)))


def _attribute(path: str) -> Any:
    """Follow attributes only, without importing."""
    return functools.reduce(getattr, path.split("."), cartesia)


def test_submodules_are_attributes_as_after_importing_2x() -> None:
    assert _attribute("core.api_error.ApiError") is _attribute("core.ApiError")
    assert _attribute("tts.types.tts_request.TtsRequest") is cartesia.TtsRequest
    assert _attribute("tts.client.TtsClient.__name__") == "TtsClient"


def test_a_name_that_is_also_its_modules_name_stays_a_function() -> None:
    for name in ("jsonable_encoder", "remove_none_from_dict"):
        import_module(f"cartesia.core.{name}")
        assert inspect.isfunction(_attribute(f"core.{name}"))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(
        AttributeError, match=r"module 'cartesia\.tts' has no attribute 'TsRequest'"
    ):
        _attribute("tts.TsRequest")


def test_generated_modules_are_current() -> None:
    command = [sys.executable, str(SCRIPTS / "generate_surface.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run scripts/generate_surface.py\n{done.stdout}{done.stderr}"


def test_importing_cartesia_loads_no_dependency() -> None:
    program = """
import sys
before = set(sys.modules)
import cartesia
print(*sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
"""
    command = [sys.executable, "-c", program]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) <= {"cartesia", *sys.stdlib_module_names}
    assert not {"importlib.metadata", "asyncio", "ssl"} & set(loaded)


# --- messages -------------------------------------------------------------------------------------


def _fields(table: str) -> dict[str, dict[str, Any]]:
    """Defaults by field by message; `inspect.Parameter.empty` where there is none."""
    messages: dict[str, dict[str, Any]] = {}
    for line in table.strip().splitlines():
        message, _, fields = line.partition(": ")
        messages.setdefault(message, {}).update(map(_default, fields.split()))
    return messages


def _default(field: str) -> tuple[str, Any]:
    name, given, default = field.partition("=")
    return name, ast.literal_eval(default) if given else inspect.Parameter.empty


@pytest.mark.parametrize("message", _fields(surface_2x.FIELDS))
def test_a_message_has_the_fields_of_2x(message: str) -> None:
    package, _, name = message.partition(".")
    model = getattr(import_module(f"cartesia.{package}"), name)
    assert issubclass(model, WireModel)
    relaxed = _fields(surface_2x.RELAXED).get(message, {})
    for field, default in _fields(surface_2x.FIELDS)[message].items():
        info = model.model_fields[field]
        if default is not inspect.Parameter.empty:
            assert info.default == default, field
        elif field in relaxed:
            assert info.default in (None, False), field
        else:
            assert info.is_required(), field


def test_the_table_of_fields_is_complete() -> None:
    parse = TABLE["parse"]
    models = {
        f"{package}.{name}"
        for package, content in TABLE["PACKAGES"].items()
        for names in parse(content.messages).values()
        for name in names
        if isinstance(getattr(cartesia, name), type)
    }
    assert models == {*_fields(surface_2x.FIELDS), *surface_2x.ADDED.split()}


# --- signatures -----------------------------------------------------------------------------------


def _methods() -> dict[str, str]:
    """Signatures by the dotted path below ``cartesia``."""
    methods = dict(surface_2x.METHODS)
    for path, arguments in surface_2x.HTTP_METHODS.items():
        package, name, method = path.split(".")
        for client in (name, f"Async{name}"):
            methods[f"{package}.client.{client}.{method}"] = f"{arguments} request_options=None"
    return methods


def _arguments(signature: str) -> dict[str, tuple[bool, Any]]:
    """By name: whether it may be given by position, and its default."""
    positional, star, keyword = signature.partition("*")
    groups = ((positional, True), (keyword, False)) if star else ((positional, True),)
    return {
        name: (by_position, default)
        for text, by_position in groups
        for name, default in map(_default, text.split())
    }


@pytest.mark.parametrize("path", _methods())
def test_a_method_takes_every_call_of_2x(path: str) -> None:
    function = pkgutil.resolve_name(f"cartesia.{path}")
    ours = dict(inspect.signature(function).parameters)
    ours.pop("self", None)
    expected = _arguments(_methods()[path])
    for position, (name, (by_position, default)) in enumerate(expected.items()):
        parameter = ours[name]
        assert parameter.kind is not parameter.POSITIONAL_ONLY, name
        if by_position:
            assert parameter.kind is parameter.POSITIONAL_OR_KEYWORD, name
            assert list(ours).index(name) == position, name
        if default is ...:
            assert parameter.default is not parameter.empty, name
        elif default is not parameter.empty:
            assert parameter.default == default, name
    further = [p for name, p in ours.items() if name not in expected]
    assert [p.name for p in further if p.default is p.empty and p.kind is p.KEYWORD_ONLY] == []


@pytest.mark.parametrize(
    ("sync", "other", "methods"),
    [
        ("client.Cartesia", "client.AsyncCartesia", "__init__ close"),
        (
            "tts.socket_client.TtsClientWithWebsocket",
            "tts.socket_client.AsyncTtsClientWithWebsocket",
            "websocket",
        ),
        (
            "stt.socket_client.SttClientWithWebsocket",
            "stt.socket_client.AsyncSttClientWithWebsocket",
            "websocket turns",
        ),
        (
            "tts._websocket.TtsWebsocket",
            "tts._async_websocket.AsyncTtsWebsocket",
            "__init__ connect context send close",
        ),
    ],
)
def test_what_is_written_once_for_each_surface_takes_the_same_arguments(
    sync: str, other: str, methods: str
) -> None:
    def taken(path: str) -> dict[str, tuple[Any, Any]]:
        parameters = inspect.signature(pkgutil.resolve_name(f"cartesia.{path}")).parameters
        return {
            name: (parameter.kind, parameter.default)
            for name, parameter in parameters.items()
            if name != "max_num_connections"  # of 2.x, and without effect
        }

    for method in methods.split():
        assert taken(f"{sync}.{method}") == taken(f"{other}.{method}"), method


def _returned(path: str) -> tuple[type, bool]:
    """The class that a method returns, and whether the method is a coroutine function."""
    function = pkgutil.resolve_name(f"cartesia.{path}")
    hint = typing.get_type_hints(function)["return"]
    return typing.get_origin(hint) or hint, inspect.iscoroutinefunction(function)


def _result_class(kind: str) -> type:
    return type(None) if kind == "None" else getattr(cartesia, kind)


@pytest.mark.parametrize("line", surface_2x.RETURNS.split("\n")[1:-1])
def test_a_method_returns_what_2x_returns(line: str) -> None:
    path, kind = line.split(": ")
    package, client, method = path.split(".")
    sync, sync_is_coroutine = _returned(f"{package}.client.{client}.{method}")
    found, is_coroutine = _returned(f"{package}.client.Async{client}.{method}")
    assert not sync_is_coroutine
    if kind == "stream":
        assert issubclass(sync, Generator)
        assert issubclass(found, AsyncIterator)
        assert not is_coroutine
    elif kind == "pager":
        assert issubclass(sync, SyncPager)
        assert issubclass(found, Awaitable)
    else:
        assert sync is found is _result_class(kind)
        assert is_coroutine


@pytest.mark.parametrize("name", ["Cartesia", "AsyncCartesia"])
def test_a_client_has_the_resources_of_2x(name: str) -> None:
    client = getattr(cartesia, name)(api_key="key")
    for resource in surface_2x.CLIENT_ATTRIBUTES.split():
        expected = f"{resource.title().replace('_', '')}Client"
        classes = [base.__name__ for base in type(getattr(client, resource)).__mro__]
        assert any(base.endswith(expected) for base in classes), classes


def test_the_version_is_that_of_the_distribution() -> None:
    assert cartesia.__version__ == importlib.metadata.version("cartesia")
