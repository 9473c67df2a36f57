"""What strict type checkers make of programs that use the SDK, seen from outside the repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.markdown import code_blocks
from tests.seed_readme import README, annotated, blocks, substituted

DOCUMENTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
EXAMPLES = sorted((REPOSITORY / "examples").glob("*.py"))
HTTP_CALLS = Path(__file__).with_name("static_http.py")

# Examples of a document may go on with the client of an earlier one.
EARLIER_CLIENT = "from cartesia import Cartesia\n\nclient = Cartesia()\n"

# Checkers have to complain of the lines that say so, and of no others.
RIGHT_AND_WRONG = """
import cartesia
from cartesia import AsyncCartesia, Cartesia, TtsRequestIdSpecifier, WebSocketResponse_Chunk
from cartesia.core import ApiError, parse_obj_as
from cartesia.tts import OutputFormat_RawParams, WebSocketTtsRequest
from cartesia.tts.requests.output_format import OutputFormatParams
from cartesia.tts.types.raw_output_format import RawOutputFormat

voice = TtsRequestIdSpecifier(id="v")
mp3: OutputFormatParams = {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}
raw: OutputFormat_RawParams = {"container": "raw", "encoding": "pcm_new", "sample_rate": 8000}
request = WebSocketTtsRequest(model_id="m", voice=voice, continue_=True)
chunk = WebSocketResponse_Chunk(status_code=206, done=False, data="", step_time=0)
audio: bytes = chunk.audio
words: list[str] = cartesia.tts.WordTimestamps(words=[], start=[], end=[]).words

from cartesia import Cartesai  # wrong
from cartesia.tts import TsRequest  # wrong
from cartesia.core import ApiEror  # wrong
from cartesia.tts.types.raw_output_format import RawFormat  # wrong
print(cartesia.voices.Voize)  # wrong
TtsRequestIdSpecifier(mode="id")  # wrong
WebSocketTtsRequest(model_id="m", voice=voice, continu=True)  # wrong
misspelled: OutputFormat_RawParams = {"containr": "raw", "encoding": "x", "sample_rate": 1}  # wrong
incomplete: OutputFormat_RawParams = {"container": "raw", "encoding": "x"}  # wrong


def play(audio: bytes) -> None:
    print(len(audio))


Cartesia("key")  # wrong
Cartesia(api_key=1)  # wrong
with Cartesia() as client, client.tts.websocket() as ws:
    for piece in client.tts.sse(model_id="m", transcript="t", voice=voice, output_format=raw):
        play(piece.audio)
        piece.word_timestamps  # wrong
    client.tts.sse(model_id="m", transcript="t", voice=voice, output_format=mp3)  # wrong
    client.tts.bytes(model_id="m", transcript=["t"], voice=voice, output_format=raw)  # wrong
    client.voices.update("v", name="n")  # wrong
    client.voices.get("v", request_options={"max_retry": 1})  # wrong
    for output in ws.send(model_id="m", transcript="t", voice=voice, output_format=raw):
        play(output.audio)
    for timed in ws.send(
        model_id="m", transcript=["t"], voice=voice, output_format=raw, add_timestamps=True
    ):
        play(timed.audio)  # wrong
    whole = ws.send(model_id="m", transcript="t", voice=voice, output_format=raw, stream=False)
    play(whole.audio)
    ws.send(model_id="m", transcript="t", voice=voice, output_format=mp3)  # wrong
    ws.send(model_id="m", transcript=b"t", voice=voice, output_format=raw)  # wrong
    client.stt.websocket(sample_rate="16000")  # wrong


async def main() -> None:
    async with AsyncCartesia() as client, client.tts.websocket() as ws:
        async for piece in client.tts.bytes(
            model_id="m", transcript="t", voice={"id": "v"}, output_format=mp3
        ):
            print(len(piece))
        pieces = client.tts.bytes(model_id="m", transcript="t", voice=voice, output_format=raw)
        print(b"".join(pieces))  # wrong
        outputs = await ws.send(model_id="m", transcript="t", voice=voice, output_format=raw)
        print(b"".join([output.audio async for output in outputs]))
        print(ws.send(model_id="m", transcript="t", voice=voice, output_format=raw).audio)  # wrong
"""


def programs() -> dict[str, str]:
    """Programs without a mistake, by module name."""
    found = {}
    for (heading, index), block in blocks().items():
        found[f"seed {heading} {index}"] = _complete(annotated(substituted(block)).code)
    for path in DOCUMENTS:
        for block in code_blocks(path, "python"):
            found[f"{path.stem} line {block.line}"] = _complete(block.code)
    for path in (*EXAMPLES, HTTP_CALLS):
        found[path.stem] = path.read_text(encoding="utf-8")
    return {re.sub(r"\W+", "_", name): code for name, code in found.items()}


def _complete(code: str) -> str:
    return code if re.search(r"\bclient =|as client\b", code) else EARLIER_CLIENT + code


Complaints = Mapping[str, Mapping[int, str]]
"""Messages by module and line."""


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Complaints]:
    """What each checker has to say, by its name; they run side by side."""
    folder = tmp_path_factory.mktemp("programs")
    for name, code in {**programs(), "right_and_wrong": RIGHT_AND_WRONG}.items():
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    # Not a word against imports that the programs do not need: that is up to their authors.
    settings = {
        "typeCheckingMode": "strict",
        "reportUnusedImport": False,
        "reportUnnecessaryTypeIgnoreComment": True,
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    commands = {
        "mypy": ["mypy", "--strict", f"--python-executable={sys.executable}", "--output=json", "."],
        "pyright": ["basedpyright", f"--pythonpath={sys.executable}", "--outputjson"],
    }
    running = {
        name: subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=folder,
            env={**os.environ, "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name, command in commands.items()
    }
    said = {}
    for name, process in running.items():
        output, errors = process.communicate(timeout=800)
        assert process.returncode in (0, 1), output + errors
        said[name] = (by_mypy if name == "mypy" else by_pyright)(output)
    return said


def by_mypy(output: str) -> Complaints:
    found: dict[str, dict[int, str]] = {}
    for line in output.splitlines():
        report = json.loads(line)
        if report["severity"] == "error":
            messages = found.setdefault(Path(report["file"]).stem, {})
            messages[report["line"]] = report["message"]
    return found


def by_pyright(output: str) -> Complaints:
    found: dict[str, dict[int, str]] = {}
    for report in json.loads(output)["generalDiagnostics"]:
        if report["severity"] == "error":
            messages = found.setdefault(Path(report["file"]).stem, {})
            messages[report["range"]["start"]["line"] + 1] = report["message"]
    return found


@pytest.fixture(params=["mypy", "pyright"])
def said(request: pytest.FixtureRequest, complaints: Mapping[str, Complaints]) -> Complaints:
    """What one checker has to say."""
    return complaints[request.param]


@pytest.mark.parametrize("program", programs())
def test_a_program_without_a_mistake_passes(program: str, said: Complaints) -> None:
    assert said.get(program, {}) == {}


def test_misspelled_names_and_wrong_calls_are_found(said: Complaints) -> None:
    found = said["right_and_wrong"]
    lines = enumerate(RIGHT_AND_WRONG.splitlines(), 1)
    wrong = [number for number, line in lines if line.endswith("# wrong")]
    assert sorted(found) == wrong, {n: found.get(n) for n in {*found} ^ {*wrong}}


@pytest.mark.skipif(not README.is_file(), reason=f"{README.name} is not at hand")
def test_the_original_readme_is_among_the_programs() -> None:
    assert sum(name.startswith("seed_") for name in programs()) == len(blocks()) > 10
