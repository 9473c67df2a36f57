"""Replicas behind Ray Serve: one address, and callers cannot tell that there are two."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from unittest import mock

import httpx
import jiwer
import pytest

from cartesia import Cartesia
from cartesia.core.api_error import ApiError
from cartesia.tts.requests import OutputFormat_RawParams

pytest.importorskip("ray.serve", reason="the extra ray is not installed")

pytestmark = [
    pytest.mark.timeout(300),
    # Ray and its dependencies warn of each other; this is about what we make of them.
    pytest.mark.filterwarnings("default"),
]

VOICE = "694f9389-aac1-45b6-b726-9d9369183238"
RAW: OutputFormat_RawParams = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 16000}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of two replicas that speak to one caller each."""
    import ray
    from ray import serve

    from cartesia_server.scale.cluster import Cluster, application

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        "CARTESIA_DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('data') / 'voices.db'}",
        "CARTESIA_MAX_CONTEXTS": "1",
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_AUTH_MODE": "disabled",
    }
    with mock.patch.dict(os.environ, environment):
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
        try:
            serve.start(http_options={"host": "127.0.0.1", "port": port})
            serve.run(application(Cluster(replicas=2, processors=1)))
            yield f"http://127.0.0.1:{port}"
        finally:
            ray.shutdown()


@pytest.fixture
def client(cluster: str) -> Iterator[Cartesia]:
    with Cartesia(base_url=cluster) as client:
        yield client


def spoken(client: Cartesia, text: str) -> bytes:
    chunks = client.tts.bytes(
        model_id="sonic-2", transcript=text, voice={"id": VOICE}, output_format=RAW
    )
    return b"".join(chunks)


def test_what_is_spoken_is_heard(client: Cartesia) -> None:
    said = "The first sound leaves before the sentence is done."
    with client.tts.websocket() as speech:
        outputs = speech.send(
            model_id="sonic-2",
            transcript=said,
            voice={"id": VOICE},
            output_format=RAW,
            stream=True,
            add_timestamps=True,
        )
        audio, words = b"", list[str]()
        for output in outputs:
            audio += output.audio or b""
            words += output.word_timestamps.words if output.word_timestamps else []
    assert words == said.split()
    with client.stt.websocket(
        model="ink-whisper", language="en", encoding="pcm_s16le", sample_rate=16000
    ) as ears:
        ears.send(audio)
        ears.send("done")
        heard = "".join(
            result["text"]
            for result in ears.receive()
            if result["type"] == "transcript" and result["is_final"]
        )
    assert jiwer.wer(said.lower().rstrip("."), heard.lower().strip().rstrip(".")) <= 0.1


def test_a_voice_is_known_to_all_replicas(client: Cartesia) -> None:
    kept = client.voices.create(
        name="Everywhere", description="Of all.", embedding=[0.01] * 192, language="en"
    )
    assert {client.voices.get(kept.id).name for _ in range(20)} == {"Everywhere"}


def test_an_access_token_is_good_at_all_replicas(cluster: str, client: Cartesia) -> None:
    token = client.auth.access_token(grants={"stt": True}, expires_in=60).token
    headers = {"Authorization": f"Bearer {token}"}
    # It permits no speech: 403 says that the token was read, 401 that it was not.
    answers = [httpx.post(f"{cluster}/tts/bytes", headers=headers) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {403}


def test_whoever_leaves_frees_the_replica(client: Cartesia) -> None:
    long = "This goes on, and on, and on, and nobody is listening any more. " * 40
    for _ in range(4):
        chunks = client.tts.bytes(
            model_id="sonic-2", transcript=long, voice={"id": VOICE}, output_format=RAW
        )
        assert next(iter(chunks))
        chunks.close()
        with client.tts.websocket() as speech:
            outputs = speech.send(
                model_id="sonic-2",
                transcript=long,
                voice={"id": VOICE},
                output_format=RAW,
                stream=True,
            )
            assert next(iter(outputs)).audio
    # Eight were dropped, and two replicas have room for one each.
    assert spoken(client, "Hello!")


def test_a_replica_that_is_full_says_so(cluster: str) -> None:
    impatient = Cartesia(base_url=cluster, max_retries=0)
    long = "This goes on, and on, and somebody is listening. " * 40
    streams = []
    with impatient, pytest.raises(ApiError) as refusal:
        for _ in range(3):
            chunks = impatient.tts.bytes(
                model_id="sonic-2", transcript=long, voice={"id": VOICE}, output_format=RAW
            )
            streams.append(chunks)
            next(iter(chunks))
    for chunks in streams:
        chunks.close()
    assert refusal.value.status_code == 429
