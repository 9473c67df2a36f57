"""The clients of others that are tried against the server, and where they are installed.

    python -m tests.clients.environments FOLDER           # install all of them
    python -m tests.clients.environments FOLDER NAME ...  # install some

Each gets a folder of its own below FOLDER. `test_clients.py` finds them there when
``CARTESIA_TEST_CLIENTS`` names FOLDER.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).with_name("programs")


@dataclass(frozen=True)
class Client:
    """A published client.

    Attributes:
        name: of its folder.
        programs: files below `PROGRAMS` that try it.
        packages: to install: from PyPI, or from npm for programs in JavaScript.
    """

    name: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]

    @property
    def is_javascript(self) -> bool:
        """Whether it runs in Node."""
        return self.programs[0].endswith(".cjs")

    def installed(self, folder: Path) -> bool:
        """Whether it has its environment below `folder`."""
        marker = "node_modules" if self.is_javascript else "bin/python"
        return (folder / self.name / marker).exists()

    def command(self, folder: Path, program: str) -> list[str]:
        """What runs one of its programs."""
        python = str(folder / self.name / "bin" / "python")
        return ["node" if self.is_javascript else python, str(PROGRAMS / program)]

    def install(self, folder: Path) -> None:
        """Make its environment below `folder`."""
        home = folder / self.name
        if self.is_javascript:
            home.mkdir(parents=True, exist_ok=True)
            command = ["npm", "install", "--no-save", "--prefix", str(home)]
        else:
            venv.create(home, with_pip=True)
            command = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*command, *self.packages], check=True)


CLIENTS = (
    Client("cartesia-2.0.11", ("cartesia_2.py",), ("cartesia==2.0.11",)),
    Client("cartesia-2.0.17", ("cartesia_2.py",), ("cartesia==2.0.17",)),
    Client("cartesia-3.5.1", ("cartesia_4.py",), ("cartesia[websockets]==3.5.1",)),
    Client("cartesia-4.2.0", ("cartesia_4.py",), ("cartesia[websockets]==4.2.0",)),
    Client("cartesia-js-4.2.0", ("cartesia_js.cjs",), ("@cartesia/cartesia-js@4.2.0", "ws@8")),
    Client(
        "livekit-1.8.9",
        ("livekit_plugin.py", "livekit_conversation.py"),
        ("livekit-plugins-cartesia==1.8.9",),
    ),
    Client(
        "pipecat-1.14.0",
        ("pipecat_services.py", "pipecat_conversation.py"),
        ("pipecat-ai[cartesia]==1.14.0",),
    ),
    Client("openai-3.57.0", ("openai_client.py",), ("openai==3.57.0",)),
)


def main() -> None:
    """Install the clients that the command line names."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    for client in CLIENTS:
        if not names or client.name in names:
            print(f"{client.name} ...", flush=True)
            client.install(folder)


if __name__ == "__main__":
    main()
