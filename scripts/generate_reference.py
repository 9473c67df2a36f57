"""Write ``reference.md`` from signatures and docstrings.

Usage:
    python scripts/generate_reference.py           # write it
    python scripts/generate_reference.py --check   # fail if it is not current
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
import textwrap
from collections.abc import AsyncGenerator, Generator, Iterable, Iterator
from enum import Enum
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from cartesia.core.endpoint import OMIT

TARGET = Path(__file__).resolve().parents[1] / "reference.md"
WIDTH = 88

INTRODUCTION = """\
# Reference

Made from the signatures and docstrings by `scripts/generate_reference.py`; do not edit. For a
guided tour see the [README](README.md) and [docs/](docs/).

In signatures, `...` as a default means that the argument is left out of the request. Methods that
send a request take `request_options`, see [RequestOptions](#requestoptions). `AsyncCartesia` has
the resources of `Cartesia`; classes whose names begin with `Async` do what those without it do.
What a call gives has a `request_id`, beside its fields: see [errors](docs/errors.md).
"""

# What the reference shows, in order: a title, then names as ``module:name name``.
SECTIONS = (
    ("Clients", "cartesia.client:Cartesia AsyncCartesia"),
    ("Request options", "cartesia.core.request_options:RequestOptions"),
    ("client.tts", "cartesia.tts.socket_client:TtsClientWithWebsocket AsyncTtsClientWithWebsocket"),
    (
        "Sockets for speech",
        "cartesia.tts._websocket:TtsWebsocket",
        "cartesia.tts._context:_TTSContext TtsOutputs",
        "cartesia.tts._async_websocket:AsyncTtsWebsocket",
        "cartesia.tts._async_context:_AsyncTTSContext AsyncTtsOutputs",
    ),
    ("client.stt", "cartesia.stt.socket_client:SttClientWithWebsocket AsyncSttClientWithWebsocket"),
    (
        "Sockets for transcripts",
        "cartesia.stt._websocket:SttWebsocket",
        "cartesia.stt._async_websocket:AsyncSttWebsocket",
    ),
    (
        "Sockets for turns",
        "cartesia.stt._turns:SttTurns",
        "cartesia.stt._async_turns:AsyncSttTurns",
    ),
    ("client.voices", "cartesia.voices.client:VoicesClient AsyncVoicesClient"),
    ("client.voice_changer", "cartesia.voice_changer.client:VoiceChangerClient"),
    ("client.infill", "cartesia.infill.client:InfillClient"),
    ("client.auth", "cartesia.auth.client:AuthClient"),
    ("client.api_status", "cartesia.api_status.client:ApiStatusClient"),
    (
        "Streams and pages",
        "cartesia.core.streams:ByteStream EventStream",
        "cartesia.core.async_streams:AsyncByteStream AsyncEventStream",
        "cartesia.core.pagination:SyncPager AsyncPager",
    ),
    (
        "A server in your program",
        "cartesia_server.embedded:embedded",
        "cartesia_server.app:create_app",
        "cartesia_server.settings:Settings SettingsError",
    ),
)
# Modules of which everything public is shown.
MODULES = (
    ("Errors", "cartesia.core.api_error"),
    ("Subtitles", "cartesia.helpers.subtitles"),
    ("WAV files", "cartesia.helpers.wav"),
    ("Loudspeaker", "cartesia.helpers.playback"),
    ("Microphone", "cartesia.helpers.microphone"),
)
# Modules whose classes users make objects of; those of others come from methods.
MADE_BY_USERS = re.compile(
    r"cartesia\.(client|core\.api_error|helpers\.\w+)|cartesia_server\.settings"
)
# Packages whose messages are shown.
MESSAGES = ("tts", "stt", "voices", "auth", "api_status")


def main() -> int:
    """Write or check the reference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if it is not current")
    arguments = parser.parse_args()
    text = reference()
    if not arguments.check:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    print("reference.md is not current; run scripts/generate_reference.py", file=sys.stderr)
    return 1


def reference() -> str:
    """The whole document."""
    parts = [INTRODUCTION]
    for title, *specs in SECTIONS:
        parts.append(f"## {title}\n")
        parts += [text_of(getattr(module, name)) for module, name in named(specs)]
    for title, name in MODULES:
        parts += [f"## {title}\n", *module_parts(import_module(name))]
    parts.append("## Messages\n")
    for package in MESSAGES:
        parts += message_parts(import_module(f"cartesia.{package}"))
    return "\n".join(parts)


def named(specs: Iterable[str]) -> Iterator[tuple[ModuleType, str]]:
    """The names of ``module:name name`` with their modules."""
    for spec in specs:
        module, _, names = spec.partition(":")
        yield from ((import_module(module), name) for name in names.split())


def module_parts(module: ModuleType) -> Iterator[str]:
    """A module's docstring and everything public that it defines."""
    yield prose(inspect.getdoc(module) or "")
    for thing in vars(module).values():
        if getattr(thing, "__module__", None) != module.__name__ or thing.__name__.startswith("_"):
            continue
        if inspect.isfunction(thing) and ".core." in module.__name__:
            continue  # what only the library itself calls
        yield text_of(thing)


def text_of(thing: Any) -> str:
    """A class or a function."""
    return class_text(thing) if inspect.isclass(thing) else function_text(thing, thing.__name__)


def message_parts(package: ModuleType) -> Iterator[str]:
    """The models of a package, without the dictionaries that mirror them."""
    for name in sorted(dir(package)):
        thing = getattr(package, name)
        if inspect.isclass(thing) and hasattr(thing, "model_fields"):
            yield f"### {name}\n\n{prose(inspect.getdoc(thing) or '')}"


def class_text(cls: type) -> str:
    """A class: how to make one, what it is, and its public methods."""
    parts = [f"### {cls.__name__}\n"]
    if has_constructor(cls):
        parts.append(code(signature(cls, cls.__name__)))
    parts.append(prose(inspect.getdoc(cls) or ""))
    members = list(public_members(cls))
    if cls.__name__.startswith(("Async", "_Async")):
        # They do what those of the synchronous class do, whose words need no repeating.
        lines = [signature(member, name) for name, member in members if inspect.isfunction(member)]
        parts.append(code("\n".join(lines)))
        return "\n".join(parts)
    for name, member in members:
        title = f"{cls.__name__}.{name}"
        if inspect.isfunction(member):
            parts.append(function_text(member, title, level=4))
        else:
            parts.append(f"#### {title}\n\n{prose(inspect.getdoc(member) or '')}")
    return "\n".join(parts)


def has_constructor(cls: type) -> bool:
    """Whether users make objects of the class, with arguments that no base describes."""
    owner = next(base for base in cls.__mro__ if "__init__" in vars(base))
    inherited = owner is not cls and issubclass(cls, BaseException)
    return MADE_BY_USERS.fullmatch(cls.__module__) is not None and not inherited


def public_members(cls: type) -> Iterator[tuple[str, Any]]:
    """Methods and properties of a class and of our own bases, in the order they are written."""
    seen: set[str] = set()
    # Streams are generators, whose own methods are known.
    streams = issubclass(cls, (Generator, AsyncGenerator))
    hidden = {"send", "throw", "asend", "athrow"} if streams else set()
    for base in cls.__mro__:
        if not base.__module__.startswith("cartesia"):
            continue
        for name, member in vars(base).items():
            plain = getattr(member, "__func__", member)
            if name.startswith("_") or name in seen | hidden or not inspect.getdoc(plain):
                continue
            if inspect.isfunction(plain) or isinstance(plain, (property, cached_property)):
                seen.add(name)
                yield name, plain


def function_text(function: Any, name: str, level: int = 3) -> str:
    """A function or method: its signature and docstring."""
    heading = f"{'#' * level} {name}\n"
    shown = code(signature(function, name.rpartition(".")[2]))
    return "\n".join([heading, shown, prose(inspect.getdoc(function) or "")])


# --- text -----------------------------------------------------------------------------------------


def signature(thing: Any, name: str) -> str:
    """``async def name(...) -> ...`` as in the source, a parameter a line if it is long."""
    given = inspect.signature(thing)
    parameters = [p for p in given.parameters.values() if p.name not in ("self", "cls")]
    prefix = "" if isinstance(thing, type) else "def "
    if inspect.iscoroutinefunction(thing):
        prefix = "async def "
    returns = "" if isinstance(thing, type) else f" -> {given.return_annotation}"
    line = f"{prefix}{name}({', '.join(parameter_texts(parameters))}){returns}"
    if len(line) <= WIDTH:
        return line
    body = "".join(f"    {text},\n" for text in parameter_texts(parameters))
    return f"{prefix}{name}(\n{body}){returns}"


def parameter_texts(parameters: Iterable[inspect.Parameter]) -> Iterator[str]:
    """Each parameter with annotation and default; ``*`` before the first keyword-only one."""
    starred = False
    for parameter in parameters:
        starred = starred or parameter.kind is parameter.VAR_POSITIONAL
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        prefix = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "")
        text = f"{prefix}{parameter.name}"
        if parameter.annotation is not parameter.empty:
            text += f": {parameter.annotation}"
        if parameter.default is not parameter.empty:
            text += f" = {default_text(parameter.default)}"
        yield text


def default_text(default: Any) -> str:
    """A default as one would write it."""
    if default is OMIT:
        return "..."
    return str(default) if isinstance(default, Enum) else repr(default)


def code(text: str) -> str:
    """A block of Python."""
    return f"```python\n{text}\n```\n"


def prose(docstring: str) -> str:
    """A Google-style docstring as Markdown: sections become lists, ``x`` becomes `x`."""
    text = re.sub(r"``([^`]+)``", r"`\1`", docstring)
    text = re.sub(r"^.+\n(?:[├│└].*(?:\n|$))+", drawing, text, flags=re.MULTILINE)
    text = re.sub(
        r"^(\w[\w ]*):\n((?:[ ]{4}.*\n?|\n(?=[ ]{4}))+)", section, text, flags=re.MULTILINE
    )
    text = re.sub(r"::\n\n((?:[ ]{4}.*\n?|\n(?=[ ]{4}))+)", example, text)
    return re.sub(r"\n{3,}", "\n\n", f"{text.strip()}\n")


def drawing(match: re.Match[str]) -> str:
    """A tree drawn with lines."""
    return f"```text\n{match.group(0).strip()}\n```\n"


def section(match: re.Match[str]) -> str:
    """``Args:`` and the like: a list of names, or a paragraph where there are none."""
    title, body = match.group(1), textwrap.dedent(match.group(2)).strip()
    entries = re.split(r"\n(?=\S)", body)
    named = [re.match(r"(\**[\w.]+(?: \([^)]*\))?): ([\s\S]*)", entry) for entry in entries]
    if not all(named):
        return f"**{title}:** {' '.join(body.split())}\n\n"
    items = [f"- `{m.group(1)}`: {' '.join(m.group(2).split())}\n" for m in named if m]
    return f"**{title}**\n\n{''.join(items)}\n"


def example(match: re.Match[str]) -> str:
    """The indented lines after ``::``."""
    return f":\n\n{code(textwrap.dedent(match.group(1)).strip())}\n"


if __name__ == "__main__":
    sys.exit(main())
