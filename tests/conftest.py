"""Fixtures that every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck, settings

# How long an example takes hangs on what else the machine does, and says nothing of the code.
settings.register_profile("load", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("load")

# No test depends on how long something takes.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# As `cartesia_server` does, for tests that import onnxruntime before it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, the only loop that the SDK and the server support."""
    return "asyncio"


@pytest.fixture(scope="session")
def speech_dir() -> Path:
    """The folder of recorded speech: ``audio/*.flac`` and ``manifest.jsonl``."""
    folder = Path(os.environ.get("CARTESIA_TEST_SPEECH", REPOSITORY.parent / "shared" / "speech"))
    if not (folder / "manifest.jsonl").is_file():
        pytest.skip(f"no recorded speech at {folder}; set CARTESIA_TEST_SPEECH to a copy of it")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A key or an address in the developer's shell must not send tests to the cloud.

    Nor may voices that the developer keeps come into tests, or those of tests among them.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("CARTESIA_") and "_TEST_" not in n]:
            patch.delenv(name)
        patch.setenv("CARTESIA_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def real_server() -> Iterator[str]:
    """The base URL of one server with the real engines, shared by every test that needs models."""
    from cartesia_server.embedded import embedded
    from cartesia_server.settings import Settings

    with embedded(Settings(api_keys=())) as base_url:
        yield base_url
