"""What load balancers and orchestrators ask, over real sockets."""

from contextlib import contextmanager
from dataclasses import replace

import httpx

from cartesia_server.embedded import embedded
from tests.contract.scripted import scripted_engines

KEY = {"X-API-Key": "sk_local_7f3a"}


@contextmanager
def guarded(settings):
    """A server that needs a key, and a client that has none."""
    settings = replace(settings, api_keys=(KEY["X-API-Key"],))
    with (
        embedded(settings, engines=scripted_engines()) as base_url,
        httpx.Client(base_url=base_url, timeout=120) as client,
    ):
        yield client


def test_probes_need_no_key(settings):
    with guarded(settings) as client:
        for path in ("/health/live", "/health/ready"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer.json()["ok"] is True
            assert client.head(path).status_code == 200


def test_a_server_whose_database_does_not_answer_is_ready_to_speak_and_says_so(settings, tmp_path):
    broken = tmp_path / "voices.db"
    broken.write_bytes(b"no database at all, but long enough to be looked at" * 99)
    with guarded(replace(settings, database_url=f"sqlite:///{broken}")) as client:
        assert client.get("/health/ready").json()["database"] == "down"
        assert "cartesia_database_up 0.0" in client.get("/metrics", headers=KEY).text
    with guarded(settings) as client:
        assert client.get("/health/ready").json()["database"] == "up"
        assert "cartesia_database_up 1.0" in client.get("/metrics", headers=KEY).text
