"""Every example of the original library's README runs as written against our server.

`tests.seed_readme.SUBSTITUTIONS` holds the only changes. Key and address come from the environment.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from cartesia import Cartesia
from cartesia.core.api_error import ApiTimeoutError
from tests.markdown import run_block
from tests.seed_readme import README, blocks, substituted


@dataclass(frozen=True)
class Expected:
    """What an example has to do.

    Attributes:
        prints: a pattern that its output matches.
        may_time_out: whether it sets a limit that a busy machine may well exceed.
    """

    prints: str = ""
    may_time_out: bool = False


WORDS = r"quick brown fox jumps over the lazy dog"

EXAMPLES: dict[tuple[str, int], Expected] = {
    ("Usage", 0): Expected(),
    ("Async Client", 0): Expected(r"\A(Received chunk of size: [1-9]\d*\n)+\Z"),
    ("Exception Handling", 0): Expected(r"\A400\n.*model_id: got 'sonic-none'"),
    ("Streaming", 0): Expected(r"\A(Received chunk of size: [1-9]\d*\n)+\Z"),
    ("WebSockets", 0): Expected(),
    ("Speech-to-Text (STT) with Websockets", 0): Expected(
        rf"(?is)Transcription:.*{WORDS}.*Word-level timestamps:.*'fox': \d.*Final result received"
    ),
    ("Async Streaming Speech-to-Text (STT) with Websockets", 0): Expected(
        rf"(?is)FINAL: .*Transcription completed.*Complete transcript:.*{WORDS}"
        r".*Total words with timestamps: [1-9]"
    ),
    ("Batch Speech-to-Text (STT)", 0): Expected(
        rf"(?is)Transcribed text:.*{WORDS}.*Audio duration: [2-9]\..*'fox': \d\."
    ),
    ("Async Batch STT", 0): Expected(rf"(?is)Transcribed text:.*{WORDS}.*'fox': \d"),
    ("Voices", 0): Expected(r"694f9389-aac1-45b6-b726-9d9369183238"),
    ("Voices", 1): Expected(r"The embedding for \w+ is \[-?\d"),
    ("Requesting Timestamps", 0): Expected(),
    ("Retries", 0): Expected(),
    ("Timeouts", 0): Expected(may_time_out=True),
    ("Mixing voices and creating from embeddings", 0): Expected(),
    ("Custom Client", 0): Expected(),
}


pytestmark = [
    pytest.mark.skipif(not README.is_file(), reason=f"{README.name} is not at hand"),
    # The README opens a file without closing it.
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]


def test_every_example_is_known() -> None:
    assert set(blocks()) == set(EXAMPLES)


def test_placeholders_are_all_filled_in() -> None:
    placeholder = re.compile(r"[(\[\s]\.\.\.[,)\]]")
    left = [key for key, block in blocks().items() if placeholder.search(substituted(block).code)]
    assert left == []


@pytest.mark.parametrize("key", EXAMPLES, ids=lambda key: f"{key[0]}-{key[1]}")
def test_an_example_runs_as_written(
    key: tuple[str, int],
    real_server: str,
    recording: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CARTESIA_API_KEY", "any key will do")
    monkeypatch.setenv("CARTESIA_BASE_URL", real_server)
    (tmp_path / "recording.wav").write_bytes(recording)
    block = substituted(blocks()[key])
    with Cartesia() as client:
        # Some examples go on with the client of an earlier one.
        namespace: dict[str, object] = {"__name__": "__main__", "client": client}
        with suppress(*[ApiTimeoutError] if EXAMPLES[key].may_time_out else []):
            run_block(block, README, namespace)
    printed = capsys.readouterr().out
    assert re.search(EXAMPLES[key].prints, printed), printed
    if key[0] == "WebSockets":
        assert len((tmp_path / "played.raw").read_bytes()) > 4 * 22050
