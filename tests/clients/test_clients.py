"""Clients of others, unchanged, against the server with real models."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cartesia_server.embedded import embedded
from cartesia_server.engines.registry import Engines
from cartesia_server.settings import Settings
from tests.clients.environments import CLIENTS, Client

KEY = "sk_of_the_clients"
PEM = Path(__file__).parents[1] / "faults" / "sockets" / "localhost.pem"
PATIENCE = 900


@dataclasses.dataclass(frozen=True)
class Addresses:
    """Of the same engines behind http and behind https."""

    plain: str
    secure: str


@pytest.fixture(scope="module")
def folder() -> Path:
    named = os.environ.get("CARTESIA_TEST_CLIENTS")
    if not named:
        pytest.skip(
            "CARTESIA_TEST_CLIENTS names no folder; tests/clients/environments.py makes one"
        )
    return Path(named)


@pytest.fixture(scope="module")
def addresses(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    settings = Settings(api_keys=(KEY,), data_dir=tmp_path_factory.mktemp("data"))
    secure = dataclasses.replace(settings, ssl_certfile=PEM)
    engines = Engines.load(settings)
    with (
        embedded(settings, engines=engines) as plain_url,
        embedded(secure, engines=engines) as secure_url,
    ):
        # The certificate, and clients of 2.0.x, know this machine by its name.
        plain_url, secure_url = (
            url.replace("127.0.0.1", "localhost") for url in (plain_url, secure_url)
        )
        yield Addresses(plain_url, secure_url)
    engines.close()


@pytest.mark.timeout(PATIENCE + 60)
@pytest.mark.parametrize(
    ("client", "program"),
    [
        pytest.param(client, program, id=f"{client.name}-{program}")
        for client in CLIENTS
        for program in client.programs
    ],
)
def test_client(client: Client, program: str, folder: Path, addresses: Addresses) -> None:
    if not client.installed(folder):
        pytest.skip(f"{client.name} is not installed in {folder}")
    if client.is_javascript and not shutil.which("node"):
        pytest.skip("there is no node")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "CARTESIA_CHECK_URL": addresses.secure if client.is_javascript else addresses.plain,
        "CARTESIA_CHECK_KEY": KEY,
        "NODE_PATH": str(folder / client.name / "node_modules"),
        "NODE_EXTRA_CA_CERTS": str(PEM),
    }
    run = subprocess.run(
        client.command(folder, program),
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    results = [json.loads(line) for line in run.stdout.splitlines() if line.startswith('{"check"')]
    assert results, run.stderr[-3000:]
    failed = [f"{one['check']}\n{one['note']}" for one in results if not one["ok"]]
    assert not failed, "\n\n".join(failed)
    for one in results:
        print(one["check"], one["note"] or "ok")
