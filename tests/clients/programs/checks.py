"""Runs the checks of one program and prints one JSON line for each.

Programs run in the environment of the client that they try, so this file needs Python alone.
"""

from __future__ import annotations

import asyncio
import inspect
import io
import json
import os
import struct
import sys
import traceback
import urllib.request
import wave
from collections.abc import Mapping
from typing import Any

BASE_URL = os.environ["CARTESIA_CHECK_URL"]
"""Of the server, with the host localhost."""

KEY = os.environ["CARTESIA_CHECK_KEY"]
"""A key that the server knows."""

WARM, BRITISH = "694f9389-aac1-45b6-b726-9d9369183238", "6ccbfb76-1fc6-48f7-b71d-91ac6298247b"
TEXT = "The quick brown fox jumps over the lazy dog."
RATE = 16000


class Skip(Exception):
    """The server does not offer what a check is about."""


def websocket_url() -> str:
    """The base of the server's WebSockets."""
    return BASE_URL.replace("http", "ws", 1)


def needs(path: str) -> None:
    """Skip a check unless the server describes a path."""
    with urllib.request.urlopen(f"{BASE_URL}/openapi.json") as answer:
        if path not in json.load(answer)["paths"]:
            raise Skip(f"the server has no {path}")


_speech: dict[str, bytes] = {}


def speech(text: str = TEXT) -> bytes:
    """A WAV of somebody saying `text`: 16 kHz, 16 bits, mono, half a second of silence after it."""
    if text not in _speech:
        body = {
            "model_id": "sonic-2",
            "transcript": text,
            "voice": {"id": WARM},
            "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": RATE},
        }
        request = urllib.request.Request(
            f"{BASE_URL}/tts/bytes",
            data=json.dumps(body).encode(),
            headers={"X-API-Key": KEY, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            samples = answer.read() + bytes(RATE)
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setparams((1, 2, RATE, 0, "NONE", ""))
            writer.writeframes(samples)
        _speech[text] = file.getvalue()
    return _speech[text]


def pcm(text: str = TEXT) -> bytes:
    """The samples of `speech` alone."""
    with wave.open(io.BytesIO(speech(text)), "rb") as reader:
        return reader.readframes(reader.getnframes())


def heard_in(samples: bytes, rate: int) -> str:
    """What the server hears in 16-bit samples."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, rate, 0, "NONE", ""))
        writer.writeframes(samples)
    mark = b"--part-of-a-form"
    form = b"".join(
        mark + b"\r\nContent-Disposition: form-data; name=" + name + b"\r\n\r\n" + value + b"\r\n"
        for name, value in (
            (b"model", b"ink-whisper"),
            (b"language", b"en"),
            (b"file; filename=speech.wav", file.getvalue()),
        )
    )
    request = urllib.request.Request(
        f"{BASE_URL}/stt",
        data=form + mark + b"--\r\n",
        headers={
            "X-API-Key": KEY,
            "Content-Type": f"multipart/form-data; boundary={mark[2:].decode()}",
        },
    )
    with urllib.request.urlopen(request) as answer:
        text: str = json.load(answer)["text"]
    return text


def said(text: str, expected: str = TEXT) -> bool:
    """Whether `text` has nearly all words of `expected`."""
    words = {word.strip(".,!?").lower() for word in text.split()}
    wanted = [word.strip(".,!?").lower() for word in expected.split()]
    return sum(word in words for word in wanted) >= 0.75 * len(wanted)


def seconds(samples: bytes, rate: int, width: int) -> float:
    """Length of raw audio; it must be whole samples and no silence."""
    assert len(samples) % width == 0, f"{len(samples)} bytes are no whole samples"
    assert any(samples), "silence"
    return len(samples) / width / rate


def wav_rate(file: bytes) -> int:
    """The sample rate that a WAV names."""
    assert file[:4] == b"RIFF", file[:16]
    assert file[8:12] == b"WAVE", file[:16]
    rate: int = struct.unpack("<I", file[24:28])[0]
    return rate


def run(checks: Mapping[str, Any]) -> None:
    """Run every function whose name begins with ``check_``, and end the program.

    Names on the command line choose some of them.
    """
    chosen = sys.argv[1:]
    failed = False
    for name, check in list(checks.items()):
        if not name.startswith("check_") or (chosen and name not in chosen):
            continue
        result = {"check": name, "ok": True, "note": ""}
        try:
            if inspect.iscoroutinefunction(check):
                asyncio.run(asyncio.wait_for(check(), 240))
            else:
                check()
        except Skip as reason:
            result["note"] = f"skipped: {reason}"
        except BaseException:
            result.update(ok=False, note=traceback.format_exc()[-3000:])
            failed = True
        print(json.dumps(result), flush=True)
    os._exit(failed)  # whatever threads a client has left
