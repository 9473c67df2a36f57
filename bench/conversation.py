"""How a call feels: agents built with Pipecat and LiveKit, called by recorded people, in real time.

    python bench/conversation.py SPEECH_FOLDER CLIENTS_FOLDER [--lines 12]

Runs the agents of ``tests/clients/programs``, each in its environment below CLIENTS_FOLDER, against
a server in this process. Clean English clips with aligned words, without a pause, are the caller's
lines; every third is said while the answer before is heard. Answers are scripted, and written at
80 tokens a second. On a busy machine all takes longer.

final    from the end of the last word to the transcript, as the agent has it
answer   from there to the first sound of the answer
silence  from the first word of who interrupts to the last sound of what is interrupted
WER      of the lines, as the agent understood them
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from cartesia_server.embedded import embedded
from cartesia_server.settings import Settings
from results import machine, record, table
from stt import Clip, load, normalise, spread, wer
from turns import PAUSE, words

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.clients.environments import CLIENTS, Client

KEY = "sk_of_the_bench"
LONGEST = 6.0  # seconds of a line
TITLES = ("agent", "final p50", "p95", "answer p50", "p95", "silence p50", "p95", "WER")
LONG_ANSWER = (
    "The night was quiet for a long time. Then the wind rose over the hills, the doors began to "
    "shake, and the old dog by the fire lifted his head to listen. Nobody spoke for a long time."
)
ANSWERS = (
    "I see. That is a strong thing to say about anybody.",
    LONG_ANSWER,
    "Thank you for telling me. It takes courage to speak of such things.",
)
"""Of which the second is interrupted."""


def main() -> None:
    """Measure, print, and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("speech", type=Path)
    parser.add_argument("clients", type=Path)
    parser.add_argument("--lines", type=int, default=12)
    options = parser.parse_args()
    aligned = words(options.speech)
    fitting = [clip for clip in load(options.speech) if fits(clip, aligned.get(clip.name, ()))]
    clips = spread(fitting, options.lines)[: options.lines]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(api_keys=(KEY,), data_dir=Path(folder))
        lines = Path(folder) / "lines.json"
        lines.write_text(json.dumps(script(clips, aligned)))
        with embedded(settings) as url:
            for client in CLIENTS:
                for program in client.programs:
                    if "conversation" in program and client.installed(options.clients):
                        told = run(client.command(options.clients, program), url, lines)
                        rows += [row(client, name, clips, figures) for name, figures in told]
    report = table(TITLES, rows)
    print(report)
    command = f"python bench/conversation.py SPEECH_FOLDER CLIENTS_FOLDER --lines {options.lines}"
    record("Conversation", command, f"{machine()}\n\n{report}")


def fits(clip: Clip, spoken: Sequence[tuple[float, float]]) -> bool:
    """Whether a clip is short, and said in one go."""
    pauses = (start - end for (_, end), (start, _) in pairwise(spoken))
    return bool(spoken) and clip.seconds < LONGEST and max(pauses, default=0.0) < PAUSE


def script(
    clips: Sequence[Clip], aligned: dict[str, list[tuple[float, float]]]
) -> list[dict[str, Any]]:
    """What the programs are given to say."""
    return [
        {
            "said": clip.said,
            "answer": ANSWERS[at % len(ANSWERS)],
            "interrupts": at % len(ANSWERS) == 2,
            "pcm": base64.b64encode(clip.samples).decode(),
            "voice": (aligned[clip.name][0][0], aligned[clip.name][-1][1]),
        }
        for at, clip in enumerate(clips)
    ]


def run(command: Sequence[str], url: str, lines: Path) -> list[tuple[str, dict[str, Any]]]:
    """The figures that a program prints, with the names of its checks."""
    environment = {
        "PATH": os.environ["PATH"],
        "CARTESIA_CHECK_URL": url.replace("127.0.0.1", "localhost"),
        "CARTESIA_CHECK_KEY": KEY,
        "CARTESIA_CHECK_LINES": str(lines),
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    figures = [one["figures"] for one in told if "figures" in one]
    checks = [one for one in told if "check" in one]
    for one in checks:
        if not one["ok"]:
            raise RuntimeError(one["note"])
    return [(check["check"], one) for check, one in zip(checks, figures, strict=True)]


def row(client: Client, check: str, clips: Sequence[Clip], figures: dict[str, Any]) -> list[str]:
    """What came of one call."""
    name = f"{client.name}, {check.removeprefix('check_').replace('_', ' ')}"
    times = [
        f"{np.percentile(figures[what], share):.2f} s"
        for what in ("final", "answer", "silence")
        for share in (50, 95)
    ]
    return [name, *times, wer([normalise(clip.said) for clip in clips], figures["heard"])]


if __name__ == "__main__":
    main()
