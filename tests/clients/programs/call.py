"""A call held in real time, for programs that put a framework for voice agents in between.

The caller's voice comes in frames of 20 ms, on a clock of its own, with faint noise between the
lines. The agent's answers are scripted, and written token by token as a language model would. What
the agent says is played as a loudspeaker does, so that an interruption cuts it off. Some lines
begin while the answer before is still to be heard.

Run with ``CARTESIA_CHECK_LINES``, a file with a list of lines (``said``, ``answer``,
``interrupts``, ``pcm`` as base64, ``voice``), such a program speaks those, and prints its figures.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import re
import struct
import time
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from checks import BASE_URL, KEY, RATE, heard_in, pcm, said

OUT_RATE = 24000
FRAME = 0.02  # seconds
_TOKEN = 0.012  # seconds that a language model needs for one
_INTERRUPTION = 1.5  # seconds into an answer at which a caller interrupts
_PAUSE = 1.0  # seconds without sound after which an answer is over
_HUNG = 40.0  # seconds after which nothing more is to be expected
_LOUD = 300  # of 32768

_BOOKING = """Hello, I would like to book a table.
Of course. For how many people shall it be?

There will be four of us, on Friday evening.
On Friday we have a quartet that plays from eight until midnight. The kitchen is open until ten, and
our cook recommends the mushroom soup with fresh bread. Children are welcome, and there is a garden
behind the house where they can play all evening.

- Please tell me how much it costs.
The whole menu is thirty euros, without wine.

Then I will take it.
Wonderful, I have written that down. You will find us behind the old town hall, and the tram stops
right in front of the door. Please call again should you be late, because we can hold the places for
a quarter of an hour and not any longer than that.

- Thank you very much, goodbye.
Goodbye, and see you soon."""
"""What is said, and what is answered; a dash stands before what interrupts."""


@dataclass
class Line:
    """What the caller says, what is answered, and what came of it; times as `Call.now` has them.

    Attributes:
        said: by the caller.
        answer: of the agent.
        interrupts: whether it is said while the answer before is heard.
        pcm: how it sounds.
        voice: seconds of it at which the first word begins and the last is over.
        began: when it was said.
        understood: final transcripts of it, and when they came.
        played: what was heard after those, and when.
    """

    said: str
    answer: str
    interrupts: bool
    pcm: bytes
    voice: tuple[float, float]
    began: float = 0.0
    understood: list[tuple[float, str]] = field(default_factory=list)
    played: list[tuple[float, bytes]] = field(default_factory=list)

    @property
    def sound(self) -> float:
        """When the answer was first heard."""
        return next((at for at, samples in self.played if _is_loud(samples)), 0.0)


def _given() -> str | None:
    return os.environ.get("CARTESIA_CHECK_LINES")


def lines() -> list[Line]:
    """What is said: as the environment says, or as the server's own voice reads the script."""
    if named := _given():
        given = json.loads(Path(named).read_text())
        return [Line(**{**one, "pcm": base64.b64decode(one["pcm"])}) for one in given]
    script = []
    for pair in _BOOKING.split("\n\n"):
        text, answer = pair.split("\n", 1)
        words, answer = text.removeprefix("- "), answer.replace("\n", " ")
        sound = pcm(words)
        script.append(Line(words, answer, text != words, sound, _voice(sound)))
    return script


class Call:
    """Both ends of the line."""

    def __init__(self) -> None:
        self.lines = lines()
        self._begun = time.monotonic()
        self._at = -1  # which line is being said, or answered
        self._answered = -1  # which was understood last
        self._microphone = bytearray()
        self._frame_at = 0.0
        self._free_at = 0.0  # when the loudspeaker has played all it was given
        self._answering = 0  # answers that are being written

    def now(self) -> float:
        """Seconds since the call began."""
        return time.monotonic() - self._begun

    # --- what a framework is given ----------------------------------------------------------------

    async def microphone(self) -> bytes:
        """The next frame, when it is due; the first at once."""
        self._frame_at = self._frame_at or self.now()
        await asyncio.sleep(max(0.0, self._frame_at - self.now()))
        self._frame_at += FRAME
        size = int(FRAME * RATE)
        frame, self._microphone = self._microphone[: 2 * size], self._microphone[2 * size :]
        noise = struct.pack(f"<{size}h", *(random.randint(-20, 20) for _ in range(size)))
        return bytes(frame) + noise[len(frame) :]

    def understood(self, text: str) -> None:
        """Take a final transcript."""
        self.lines[self._at].understood.append((self.now(), text))

    async def answer(self) -> AsyncIterator[str]:
        """Write the answer to what was understood last."""
        self._answered = self._at
        self._answering += 1
        try:
            for token in re.findall(r"\s*\S{1,5}", self.lines[self._at].answer):
                await asyncio.sleep(_TOKEN)
                yield token
        finally:
            self._answering -= 1

    async def loudspeaker(self, samples: bytes) -> None:
        """Play some samples; returns when they begin to be heard."""
        begin = max(self._free_at, self.now())
        self._free_at = begin + len(samples) / 2 / OUT_RATE
        await asyncio.sleep(max(0.0, begin - self.now()))
        if self._answered >= 0:
            self.lines[self._answered].played.append((begin, samples))

    # --- the caller -------------------------------------------------------------------------------

    async def hold(self) -> None:
        """Say all lines, each when it is time."""
        await asyncio.sleep(1.0)
        for at, line in enumerate(self.lines):
            if at:
                await self._wait_for_answer(_INTERRUPTION if line.interrupts else None)
            self._at, line.began = at, max(self._frame_at, self.now())
            self._microphone += line.pcm
        await self._wait_for_answer(None)

    async def _wait_for_answer(self, seconds: float | None) -> None:
        """Wait until so much of the answer was heard; None means all of it."""
        line, since = self.lines[self._at], self.now()
        while self.now() < since + _HUNG:
            await asyncio.sleep(FRAME)
            sound = self._answered == self._at and line.sound
            if not sound:
                continue
            if seconds is not None and self.now() >= sound + seconds:
                return
            quiet = self.now() - max(at for at, samples in line.played if _is_loud(samples))
            if not self._answering and quiet >= _PAUSE:
                return
        raise AssertionError(f"no answer to {line.said!r}; understood: {line.understood}")

    # --- what came of it --------------------------------------------------------------------------

    def conclude(self) -> None:
        """Check what came of the script; of other lines, print how it went."""
        if _given():
            self._print_figures()
        else:
            self._check()

    def _check(self) -> None:
        """See that nothing was lost, nothing said twice, and nothing heard that was cut off."""
        for line, follower in zip(self.lines, [*self.lines[1:], None], strict=True):
            texts = [text for _, text in line.understood]
            assert len(texts) == 1, (line.said, texts)
            assert said(texts[0], line.said), (line.said, texts)
            assert said(line.said, texts[0]), (line.said, texts)
            heard = heard_in(b"".join(samples for _, samples in line.played), OUT_RATE)
            assert said(line.answer, heard), (line.answer, heard)
            if follower is not None and follower.interrupts:
                assert len(heard.split()) < len(line.answer.split()), heard
            else:
                assert said(heard, line.answer), (line.answer, heard)

    def _print_figures(self) -> None:
        """Print, as one line of JSON, how long things took, in seconds."""
        ended = [line.began + line.voice[1] for line in self.lines]
        final = [line.understood[-1][0] for line in self.lines]
        sound = [line.sound for line in self.lines]
        interrupted = [pair for pair in pairwise(self.lines) if pair[1].interrupts]
        figures = {
            "final": list(map(float.__sub__, final, ended)),
            "answer": list(map(float.__sub__, sound, final)),
            "silence": [
                before.played[-1][0] + FRAME - line.began - line.voice[0]
                for before, line in interrupted
            ],
        }
        heard = [" ".join(text for _, text in line.understood) for line in self.lines]
        print(json.dumps({"figures": {**figures, "heard": heard}}))


async def all_is_over() -> None:
    """Wait until the server speaks, recognises and keeps open nothing any more."""
    for _ in range(100):
        busy = await asyncio.to_thread(_busy)
        if not busy:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(busy)


def _busy() -> list[str]:
    wanted = ("cartesia_speech_streams_active", "cartesia_sockets", "cartesia_pool_jobs")
    request = urllib.request.Request(f"{BASE_URL}/metrics", headers={"X-API-Key": KEY})
    with urllib.request.urlopen(request) as answer:
        told = answer.read().decode().splitlines()
    return [one for one in told if one.startswith(wanted) and not one.endswith(" 0.0")]


def _is_loud(samples: bytes) -> bool:
    return any(abs(one) > _LOUD for (one,) in struct.iter_unpack("<h", samples))


def _voice(sound: bytes) -> tuple[float, float]:
    """Seconds until the first sound, and until the last is over."""
    step = 2 * int(FRAME * RATE)
    loud = [at for at in range(0, len(sound), step) if _is_loud(sound[at : at + step])]
    return loud[0] / 2 / RATE, (loud[-1] + step) / 2 / RATE
