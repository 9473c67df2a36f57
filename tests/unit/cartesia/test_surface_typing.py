"""What a type checker says to programs that use the surface."""

from __future__ import annotations

import sys
from pathlib import Path

import mypy.api
import pytest

PROGRAM = """
import cartesia
from cartesia import Cartesia, TtsRequestIdSpecifier, WebSocketResponse_Chunk
from cartesia.core import ApiError, parse_obj_as
from cartesia.tts import OutputFormat_RawParams, WebSocketTtsRequest
from cartesia.tts.requests.output_format import OutputFormatParams
from cartesia.tts.types.raw_output_format import RawOutputFormat

voice = TtsRequestIdSpecifier(id="v")
audio_format: OutputFormatParams = {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}
raw: OutputFormat_RawParams = {"container": "raw", "encoding": "pcm_new", "sample_rate": 8000}
request = WebSocketTtsRequest(model_id="m", voice=voice, continue_=True)
chunk = WebSocketResponse_Chunk(status_code=206, done=False, data="", step_time=0)
audio: bytes = chunk.audio
words: list[str] = cartesia.tts.WordTimestamps(words=[], start=[], end=[]).words

from cartesia import Cartesai  # wrong
from cartesia.tts import TsRequest  # wrong
from cartesia.core import ApiEror  # wrong
from cartesia.tts.types.raw_output_format import RawFormat  # wrong
cartesia.voices.Voize  # wrong
TtsRequestIdSpecifier(mode="id")  # wrong
WebSocketTtsRequest(model_id="m", voice=voice, continu=True)  # wrong
misspelled: OutputFormat_RawParams = {"containr": "raw", "encoding": "x", "sample_rate": 1}  # wrong
incomplete: OutputFormat_RawParams = {"container": "raw", "encoding": "x"}  # wrong
"""


def test_mypy_accepts_right_programs_and_rejects_misspelled_ones(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    output, errors, _ = mypy.api.run(
        ["--strict", "--no-error-summary", "--hide-error-context", "--no-pretty",
         "--follow-imports=silent", f"--python-executable={sys.executable}", str(program)]
    )  # fmt: skip
    assert errors == ""
    if "program.py" not in output and output:
        pytest.fail(output)
    reported = {int(line.split(":")[1]) for line in output.splitlines() if ": error:" in line}
    wrong = {n for n, line in enumerate(PROGRAM.splitlines(), 1) if line.endswith("# wrong")}
    assert reported == wrong, output
