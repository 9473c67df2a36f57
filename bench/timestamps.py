"""When words are said to begin, against a forced alignment of the audio.

    python bench/timestamps.py --aligner PYTHON [--sentences 30] [--voices Grace Emma] [--record]

The aligner is PocketSphinx with the US English model that comes with it, which has heard neither
this text nor this model's durations. It needs an environment of its own (``pip install
pocketsphinx``), named by its Python. Its frames are 10 ms apart; a frame is taken to stand for the
middle of the 25.6 ms that it looks at. It was not checked by hand. Sentences are those of
`bench/sentences` without those with words that its dictionary lacks.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from cartesia_server.engines.base import CancelToken, Samples, SpeechControls, SpeechEngine
from cartesia_server.engines.kokoro import create
from cartesia_server.settings import Settings
from cartesia_server.text.prepare import prepare
from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.records import VoiceRecord
from results import machine, record, table

SENTENCES = Path(__file__).with_name("sentences") / "en.txt"
VOICES = ("Grace", "Michael", "Emma")
BAR = 60
RATE = 16_000
PADDING = 0.3
"""Seconds of near silence around the audio: an aligner wants some."""

ALIGNER = """\
import json, sys
import numpy as np
from pocketsphinx import Decoder
decoder = Decoder(lm=None, samprate=16000, loglevel="FATAL")
# Half a frame before the middle of the window of the first frame of a word.
offset = decoder.config["wlen"] / 2 - 0.5 / decoder.config["frate"]
for line in sys.stdin:
    path, words = json.loads(line)
    found = None
    if all(decoder.lookup_word(word) for word in words):
        decoder.set_align_text(" ".join(words))
        decoder.start_utt()
        decoder.process_raw(np.load(path).tobytes(), full_utt=True)
        decoder.end_utt()
        begun = [(s.word, s.start_frame) for s in decoder.seg() or () if s.word[0] not in "<[("]
        if [word.split("(")[0] for word, _ in begun] == words:
            found = [frame / decoder.config["frate"] + offset for _, frame in begun]
    print(json.dumps(found))
"""


@dataclass(frozen=True)
class Said:
    """A sentence as it was said: the words, when each began by the server, and the audio."""

    words: list[str]
    starts: list[float]
    samples: Samples  # at `RATE`


def say(engine: SpeechEngine, voice: VoiceRecord, sentence: str) -> Said:
    """Say a sentence as a socket gets it with ``sonic-turbo``."""
    words: list[str] = []
    starts: list[float] = []
    pieces: list[Samples] = []
    done = 0.0
    for text in prepare(sentence, voice.locale):
        chunks = [
            *engine.plan(text, voice.point, SpeechControls(first_piece=0.2)).chunks(CancelToken())
        ]
        for time in (time for chunk in chunks for time in chunk.words):
            if text.spoken[time.index].phonemes:
                words.append(re.sub(r"[^a-z']", "", text.spoken[time.index].text.lower()))
                starts.append(done + time.start)
        pieces += [chunk.samples for chunk in chunks]
        done = sum(map(len, pieces)) / engine.capabilities.sample_rate
    audio = soxr.resample(np.concatenate(pieces), engine.capabilities.sample_rate, RATE)
    return Said(words, starts, audio)


def aligned(python: str, sentences: Sequence[Said]) -> list[list[float] | None]:
    """When the aligner hears each word begin; None for a sentence that it cannot align."""
    noise = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        lines: list[str] = []
        for index, said in enumerate(sentences):
            padded = np.pad(said.samples, round(PADDING * RATE))
            padded += noise.normal(0, 3e-5, len(padded)).astype(np.float32)
            path = Path(folder) / f"{index}.npy"
            np.save(path, np.round(32767 * padded.clip(-1, 1)).astype(np.int16))
            lines.append(json.dumps([str(path), said.words]))
        done = subprocess.run(
            [python, "-c", ALIGNER],
            input="\n".join(lines),
            capture_output=True,
            text=True,
            check=True,
        )
    found: list[list[float] | None] = [json.loads(line) for line in done.stdout.splitlines()]
    return [starts and [start - PADDING for start in starts] for starts in found]


def row(name: str, sentences: Sequence[Said], heard: Sequence[list[float] | None]) -> list[str]:
    """What a voice's distances amount to, in ms."""
    pairs = [(said, starts) for said, starts in zip(sentences, heard, strict=True) if starts]
    apart = [np.subtract(said.starts, starts) for said, starts in pairs]
    all_of_them = 1000 * np.concatenate(apart)
    inner = 1000 * np.concatenate([one[1:] for one in apart])
    return [
        name,
        str(len(pairs)),
        str(len(all_of_them)),
        f"{np.median(np.abs(all_of_them)):.0f}",
        f"<= {BAR}",
        f"{np.percentile(np.abs(all_of_them), 90):.0f}",
        f"{np.median(inner):+.0f}",
        f"{np.median([1000 * one[0] for one in apart]):+.0f}",
    ]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--aligner", required=True, help="Python of an environment with pocketsphinx"
    )
    parser.add_argument("--sentences", type=int, default=30)
    parser.add_argument("--voices", nargs="+", default=VOICES)
    parser.add_argument("--record", action="store_true", help="write bench/RESULTS.md")
    given = parser.parse_args()

    engine, catalogue = create(Settings()), Catalogue.load()
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    chosen = lines[:: max(len(lines) // given.sentences, 1)][: given.sentences]
    rows: list[list[str]] = []
    for name in given.voices:
        voice = catalogue.find(name)
        if voice is None:
            parser.error(f"no voice {name}")
        sentences = [say(engine, voice, sentence) for sentence in chosen]
        rows.append(row(voice.name, sentences, aligned(given.aligner, sentences)))
        print(rows[-1], flush=True)
    titles = ["ms apart", "sentences", "words", "median", "bar", "p90", "signed median", "of first"]
    text = f"{table(titles, rows)}\n\nAgainst a forced alignment by PocketSphinx. {machine()}."
    print(text)
    if given.record:
        command = f"python bench/timestamps.py --aligner PYTHON --sentences {given.sentences}"
        record("When words begin", command, text)


if __name__ == "__main__":
    main()
