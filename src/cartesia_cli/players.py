"""Playing sound with what the machine has: sounddevice, or a program that reads a WAV stream."""

from __future__ import annotations

import contextlib
import queue
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from cartesia.helpers.devices import AudioDeviceError
from cartesia.helpers.playback import Speaker
from cartesia.helpers.wav import WavWriter, wav_header
from cartesia_cli.failures import CommandError, UsageError, note
from cartesia_cli.head_start import HeadStart
from cartesia_cli.speech import SAMPLE_BYTES

# Programs that play a WAV stream from their standard input, best first.
_STREAMING = (
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error", "-i", "pipe:0"),
    ("mpv", "--really-quiet", "--no-video", "-"),
    ("aplay", "-q", "-"),
    ("play", "-q", "-t", "wav", "-"),  # sox
)
_FILE_PLAYER = "afplay"  # of macOS


class Player(Protocol):
    """Plays 16-bit mono audio."""

    def write(self, audio: bytes) -> None:
        """Play after what was written before; may wait until there is room."""

    def close(self) -> None:
        """Wait until everything is heard."""

    def abort(self) -> None:
        """Fall silent at once."""


def open_player(sample_rate: int, *, clock: Callable[[], float] = time.monotonic) -> Player:
    """Open the best player there is; it never holds up whoever writes to it.

    What is written slower than it is heard is not played at once; see `HeadStart`.

    Raises:
        UsageError: there is none.
    """
    return _Ahead(_find_player(sample_rate), sample_rate * SAMPLE_BYTES, clock)


def _find_player(sample_rate: int) -> Player:
    try:
        return Speaker(sample_rate=sample_rate)
    except AudioDeviceError:
        pass
    for program, *arguments in _STREAMING:
        if path := shutil.which(program):
            return _Program([path, *arguments], sample_rate)
    if path := shutil.which(_FILE_PLAYER):
        return _FilePlayer(path, sample_rate)
    programs = ", ".join(program for program, *_ in _STREAMING)
    raise UsageError(
        "found nothing to play sound with; give --output hello.wav to get a file, or install one "
        f"of {programs}"
    )


class _Program:
    """A program that is fed while it plays."""

    def __init__(self, command: list[str], sample_rate: int) -> None:
        self._name = Path(command[0]).name
        self._process = subprocess.Popen(  # noqa: S603 -- one of our own list
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._input = cast("BinaryIO", self._process.stdin)
        self.write(wav_header(encoding="pcm_s16le", sample_rate=sample_rate))

    def write(self, audio: bytes) -> None:
        try:
            self._input.write(audio)
            self._input.flush()
        except BrokenPipeError:
            raise CommandError(f"{self._name} stopped playing before the end") from None

    def close(self) -> None:
        self._process.communicate()
        if self._process.returncode:
            raise CommandError(
                f"{self._name} could not play the sound (it ended with "
                f"{self._process.returncode}); give --output hello.wav to get a file"
            )

    def abort(self) -> None:
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):
            self._input.close()


class _FilePlayer:
    """A program that plays whole files only."""

    def __init__(self, program: str, sample_rate: int) -> None:
        self._program = program
        self._folder = tempfile.TemporaryDirectory(prefix="cartesia-")
        self._path = Path(self._folder.name, "speech.wav")
        self._wav = WavWriter(self._path, encoding="pcm_s16le", sample_rate=sample_rate)

    def write(self, audio: bytes) -> None:
        self._wav.write(audio)

    def close(self) -> None:
        try:
            self._wav.close()
            subprocess.run([self._program, str(self._path)], check=False)  # noqa: S603
        finally:
            self._folder.cleanup()

    def abort(self) -> None:
        self._wav.close()
        self._folder.cleanup()


class _Ahead:
    """Lets audio arrive faster than it is played, so that timing tells of the server alone."""

    def __init__(self, player: Player, bytes_per_second: int, clock: Callable[[], float]) -> None:
        self._player = player
        self._bytes_per_second = bytes_per_second
        self._clock = clock
        self._head_start = HeadStart()
        self._held: list[bytes] = []
        self._told = False
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._failure: Exception | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._play, name="player", daemon=True)
        self._thread.start()

    def _play(self) -> None:
        try:
            while (audio := self._waiting.get()) is not None and not self._stopping:
                self._player.write(audio)
        except Exception as error:  # noqa: BLE001 -- raised again in the writer's thread
            self._failure = error

    def write(self, audio: bytes) -> None:
        if self._failure is not None:
            raise self._failure
        self._held.append(audio)
        seconds = len(audio) / self._bytes_per_second
        if self._head_start.arrived(seconds, self._clock()):
            self._release()
        elif (factor := self._head_start.factor) > 1 and not self._told:
            self._told = True
            note(
                f"The speech comes slower than it is heard (real-time factor {factor:.1f}): "
                "waiting until enough of it is there to play it without gaps ..."
            )

    def _release(self) -> None:
        for audio in self._held:
            self._waiting.put(audio)
        self._held.clear()

    def close(self) -> None:
        self._release()
        self._waiting.put(None)
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        self._player.close()

    def abort(self) -> None:
        self._stopping = True
        self._waiting.put(None)
        self._player.abort()
        self._thread.join()
