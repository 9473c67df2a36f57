"""What the SDK costs, beside the official clients and the floor.

    python bench/sdk.py [--rounds 5] [--only WORKLOAD ...] [--record]

CPU seconds of the client process for each workload, against a local server that sends fixed bytes.
Every client has a virtual environment of its own, made here: ours installed from this checkout
without extras, the official ones from the package index. Each figure is the median over rounds; a
round runs every workload in every client, each in a fresh process, so that whatever else the
machine does falls on all alike. The floor is the same bytes through bare httpx or websockets with
one JSON parse and one base64 decode.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fixed_server import CHUNK_BYTES, CHUNKS, EMBEDDING_SIZE, PAGE_VOICES, PAGES, fixed_server
from results import machine, record, table

REPOSITORY = Path(__file__).resolve().parent.parent
WORKLOADS_FILE = Path(__file__).with_name("sdk_workloads.py")

OURS, FLOOR = "ours", "floor"
RIVALS = {"2.0.11": "cartesia==2.0.11", "4.2.0": "cartesia[websockets]==4.2.0"}

_AUDIO = CHUNKS * CHUNK_BYTES
_NUMBERS = PAGES * PAGE_VOICES * EMBEDDING_SIZE


@dataclass(frozen=True)
class Workload:
    """One row of the table.

    Attributes:
        name: As `sdk_workloads.py` calls it.
        title: As the table calls it.
        size: How much has to come.
        bar: What ours has to reach; plain numbers are parts of the better official client's time.
        has_floor: Whether there is anything to compare with below the clients.
    """

    name: str
    title: str
    size: int
    bar: str = "< 1"
    has_floor: bool = True


WORKLOADS = (
    Workload(
        "import_alone",
        "`import cartesia` alone",
        len("cartesia"),
        bar="<= 0.05 s",
        has_floor=False,
    ),
    Workload("first_call", "import, client, first call", 1, bar="<= 0.7"),
    Workload("sse", f"SSE, {CHUNKS} chunks of {CHUNK_BYTES >> 10} KiB", _AUDIO),
    Workload("sync_socket", "the same, sync socket", _AUDIO),
    Workload("async_socket", "the same, async socket", _AUDIO),
    Workload("audio", f"`tts.bytes`, {_AUDIO / 1e6:.0f} MB", _AUDIO, bar="<= 1.1"),
    Workload("voices", f"{PAGES} pages of {PAGE_VOICES} voices", _NUMBERS),
)


def make_environments(folder: Path) -> dict[str, Path]:
    """Install every client in a virtual environment of its own, unless it is there already.

    Returns:
        The Python of each client.
    """
    pythons = {}
    for name, requirement in {OURS: str(REPOSITORY), **RIVALS}.items():
        home = folder / name
        python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        if not python.exists():
            venv.create(home, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, requirement], check=True)
        if name == OURS:
            # The checkout may have changed under the same version.
            subprocess.run([*pip, "--force-reinstall", "--no-deps", requirement], check=True)
        pythons[name] = python
    return {**pythons, FLOOR: pythons[OURS]}


def measure(python: Path, client: str, workload: Workload, port: int) -> float:
    """Run a workload once and give its CPU seconds."""
    command = [str(python), "-W", "ignore", str(WORKLOADS_FILE), client, workload.name, str(port)]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=120, cwd=python.parent
    )
    seconds, size = done.stdout.split()[-2:]
    if int(size) != workload.size:
        raise SystemExit(f"{client}, {workload.name}: got {size}, expected {workload.size}")
    return float(seconds)


def run(
    pythons: Mapping[str, Path], workloads: Sequence[Workload], rounds: int
) -> dict[str, dict[str, float]]:
    """Median CPU seconds by workload and client."""
    clients = list(pythons)
    taken: dict[str, dict[str, list[float]]] = {
        workload.name: {client: [] for client in clients} for workload in workloads
    }
    with fixed_server() as port:
        for number in range(rounds):
            for workload in workloads:
                # Nobody is always first.
                for client in clients[number % len(clients) :] + clients[: number % len(clients)]:
                    if client != FLOOR or workload.has_floor:
                        seconds = measure(pythons[client], client, workload, port)
                        taken[workload.name][client].append(seconds)
            print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return {
        name: {client: statistics.median(of) for client, of in by_client.items() if of}
        for name, by_client in taken.items()
    }


def report(workloads: Sequence[Workload], medians: Mapping[str, Mapping[str, float]]) -> str:
    """The table of a run."""
    rows = []
    for workload in workloads:
        seconds = medians[workload.name]
        best = min(seconds[rival] for rival in RIVALS)
        ratio = seconds[OURS] / best
        floor = seconds.get(FLOOR)
        rows.append(
            [
                workload.title,
                f"{floor:.3f}" if floor else "-",
                f"{seconds[OURS]:.3f}",
                *(f"{seconds[rival]:.3f}" for rival in RIVALS),
                f"{ratio:.2f}",
                workload.bar,
                f"{seconds[OURS] / floor:.2f}" if floor else "-",
            ]
        )
    titles = ["CPU seconds", FLOOR, OURS, *RIVALS, "ours / better rival", "bar", "ours / floor"]
    return table(titles, rows)


def versions(python: Path) -> str:
    """The libraries that a client stands on, in short."""
    wanted = ("httpcore", "httpx", "websockets", "pydantic", "aiohttp")
    code = (
        "import importlib.metadata as m\n"
        f"print(*(f'{{d.name}} {{d.version}}' for d in sorted(m.distributions(), key=lambda d:"
        f" d.name) if d.name in {wanted}), sep=', ')"
    )
    done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="runs of each workload")
    parser.add_argument("--only", nargs="+", choices=[w.name for w in WORKLOADS], default=None)
    parser.add_argument(
        "--environments",
        type=Path,
        default=REPOSITORY / "build" / "sdk-environments",
        help="folder of the virtual environments, kept for the next run",
    )
    parser.add_argument("--record", action="store_true", help="write the table to RESULTS.md")
    options = parser.parse_args()

    pythons = make_environments(options.environments.resolve())
    workloads = [w for w in WORKLOADS if options.only is None or w.name in options.only]
    lines = report(workloads, run(pythons, workloads, options.rounds))
    stands_on = "\n".join(
        f"- {name}: {versions(python)}" for name, python in pythons.items() if name != FLOOR
    )
    text = (
        f"Medians of {options.rounds} interleaved rounds, each in a fresh process; all rows but "
        f"the first two after one short warm-up call. {machine()}.\n\n{lines}\n\n{stands_on}\n"
    )
    print(text)
    if options.record:
        record("SDK: CPU of a client", f"python bench/sdk.py --rounds {options.rounds}", text)


if __name__ == "__main__":
    main()
