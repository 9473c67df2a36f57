"""A stand-in for sounddevice, as no test machine has a device."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest


class PortAudioError(Exception):
    pass


class Stream:
    """Remembers what was done with it; recordings count up from 0.

    Attributes:
        write_available: samples that its buffer has room for.
    """

    write_available = 1000

    def __init__(self, **settings: Any) -> None:
        self.settings = settings
        self.events: list[object] = []
        self.closed = False

    def start(self) -> None:
        self.events.append("start")

    def write(self, audio: bytes) -> None:
        self.events.append(audio)

    def read(self, frames: int) -> tuple[bytes, bool]:
        self.events.append(frames)
        return bytes([len(self.events)]) * frames * 2, False

    def stop(self) -> None:
        self.events.append("stop")

    def abort(self) -> None:
        self.events.append("abort")

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> list[Stream]:
    """Every stream that is opened while the stand-in is in place."""
    made: list[Stream] = []

    def open_stream(**settings: Any) -> Stream:
        if settings["device"] == "missing":
            raise PortAudioError("no device named missing")
        made.append(Stream(**settings))
        return made[-1]

    module = ModuleType("sounddevice")
    vars(module).update(
        RawInputStream=open_stream, RawOutputStream=open_stream, PortAudioError=PortAudioError
    )
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    return made
