"""What is measured: names, labels, and that one application's metrics are its own."""

from __future__ import annotations

import re

import pytest
from prometheus_client import Counter, Info
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from cartesia_server.metrics import Metrics
from cartesia_server.scale.pool import PoolLoad
from tests.conftest import REPOSITORY
from tests.contract.scripted import scripted_engines

LOAD = PoolLoad(waiting=1, working=2, ready=3, parked=4, idle=5)


def families(metrics):
    text, _ = metrics.exposition("")
    return {family.name: family for family in text_string_to_metric_families(text.decode())}


def value(metrics, name, **labels):
    samples = [sample for family in families(metrics).values() for sample in family.samples]
    return next((s.value for s in samples if s.name == name and s.labels == labels), None)


@pytest.fixture
def metrics():
    metrics = Metrics()
    metrics.describe(scripted_engines(), {"threads": 2})
    metrics.watch(streams=lambda: 7, load=lambda: LOAD)
    return metrics


def documented():
    """Each metric of the table in the guide: its kind and labels by its name."""
    rows = re.findall(
        r"^\| `(cartesia_\w+)` \| (\w+) \|([^|]*)\|",
        (REPOSITORY / "docs" / "operating.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}


def defined(metrics):
    """The same of what there is."""
    found = {}
    for collector in (*vars(metrics).values(), *vars(metrics.pool).values()):
        if not isinstance(collector, MetricWrapperBase):
            continue
        (family,) = collector.describe()
        labels = set(collector._labelnames)
        if isinstance(collector, Info):
            found[f"{family.name}_info"] = "gauge", set(build(metrics))
        else:
            suffix = "_total" if isinstance(collector, Counter) else ""
            found[family.name + suffix] = family.type, labels
    return found


def build(metrics):
    (sample,) = families(metrics)["cartesia_build_info"].samples
    assert sample.value == 1
    return sample.labels


def test_the_guide_has_every_metric_with_its_kind_and_labels(metrics):
    assert documented() == defined(metrics)


def test_build_limits_and_what_is_in_progress(metrics):
    assert build(metrics)["speech_engine"] == build(metrics)["transcription_engine"] == "scripted"
    assert value(metrics, "cartesia_limit", what="threads") == 2
    assert value(metrics, "cartesia_speech_streams_active") == 7
    states = {s.labels["state"]: s.value for s in families(metrics)["cartesia_pool_jobs"].samples}
    assert states == {"waiting": 1, "working": 2, "ready": 3, "parked": 4, "idle": 5}


def test_applications_share_nothing(metrics):
    other = Metrics()
    other.clones.inc()
    assert value(other, "cartesia_voice_clones_total") == 1
    assert value(metrics, "cartesia_voice_clones_total") == 0


@pytest.mark.parametrize(("method", "label"), [("GET", "GET"), ("XQ" * 99, "OTHER"), ("", "OTHER")])
def test_methods_that_callers_make_up_are_one(metrics, method, label):
    metrics.visited(method, "/", 405, 0.1)
    name = "cartesia_requests_total"
    assert value(metrics, name, method=label, route="/", status="405") == 1


def test_a_socket_has_no_request_time(metrics):
    metrics.visited("WEBSOCKET", "/tts/websocket", 101, 600.0)
    metrics.visited("GET", "/voices", 200, 0.02)
    name = "cartesia_request_seconds_count"
    assert value(metrics, name, route="/tts/websocket") is None
    assert value(metrics, name, route="/voices") == 1


def test_buckets_tell_delays_of_speech_apart(metrics):
    metrics.first_audio.labels("/tts/sse", "kokoro").observe(0.12)
    name = "cartesia_speech_time_to_first_audio_seconds_bucket"
    labels = {"route": "/tts/sse", "engine": "kokoro"}
    assert value(metrics, name, le="0.1", **labels) == 0
    assert value(metrics, name, le="0.15", **labels) == 1
    bounds = [
        float(sample.labels["le"])
        for sample in families(metrics)[name.removesuffix("_bucket")].samples
        if sample.name == name
    ]
    assert bounds[0] == 0.01
    assert bounds[-2] == 5.0


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "text/plain; version=0.0.4"),
        ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text"),
    ],
)
def test_format_is_the_one_asked_for(metrics, accept, media_type):
    text, told = metrics.exposition(accept)
    assert told.startswith(media_type)
    assert text.endswith(b"# EOF\n") == ("openmetrics" in told)
