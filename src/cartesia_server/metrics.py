"""What a server counts and measures, for Prometheus: every name, unit, label and bucket is here.

Labels take few values, all of them words of this program: never an id, a path or a text of callers.
docs/operating.md describes the metrics for those who run a server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import choose_encoder

from cartesia_server.engines.registry import Engines
from cartesia_server.scale.pool import PoolLoad

_HEARING = (0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0)
"""Seconds between a delay that nobody notices and one after which callers hang up."""

_ANSWERING = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds of a request, from a look-up to the transcript of a long recording."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "WEBSOCKET"})


class Metrics:
    """The metrics of one application, in a registry of their own. Thread-safe.

    Attributes:
        request_seconds: from the head of a request to the end of its answer, by route.
        sockets: that are open, by route.
        errors: that callers were told of, as a status or in an event, by route and status.
        first_audio: from a text that can be spoken to the first audio, by route and engine.
        streams: of speech that ended, by route, engine and outcome.
        audio: seconds of speech made, by engine.
        compute: seconds that making it took, by engine.
        characters: of text given to be spoken, by engine.
        heard: seconds of audio given to be transcribed, by route.
        final: from the last voice to the final transcript, by route.
        clones: of voices made.
        database: whether the database answers.
        pool: measures the pool.
    """

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._build = Info("cartesia_build", "What runs here", registry=registry)
        self._limits = Gauge(
            "cartesia_limit", "What the server does at once at most", ["what"], registry=registry
        )
        self._requests = Counter(
            "cartesia_requests",
            "Requests answered and sockets closed",
            ["method", "route", "status"],
            registry=registry,
        )
        self.request_seconds = Histogram(
            "cartesia_request_seconds",
            "From the head of a request to the end of its answer",
            ["route"],
            buckets=_ANSWERING,
            registry=registry,
        )
        self.sockets = Gauge("cartesia_sockets", "Open WebSockets", ["route"], registry=registry)
        self.errors = Counter(
            "cartesia_errors",
            "Errors that callers were told of, as a status or in an event",
            ["route", "status"],
            registry=registry,
        )
        self.first_audio = Histogram(
            "cartesia_speech_time_to_first_audio_seconds",
            "From a text that can be spoken to its first audio",
            ["route", "engine"],
            buckets=_HEARING,
            registry=registry,
        )
        self.streams = Counter(
            "cartesia_speech_streams",
            "Speech streams that ended",
            ["route", "engine", "outcome"],
            registry=registry,
        )
        self._active = Gauge(
            "cartesia_speech_streams_active", "Speech streams in progress", registry=registry
        )
        self.audio = Counter(
            "cartesia_speech_audio_seconds", "Speech made", ["engine"], registry=registry
        )
        self.compute = Counter(
            "cartesia_speech_compute_seconds",
            "Thread time that making speech took",
            ["engine"],
            registry=registry,
        )
        self.characters = Counter(
            "cartesia_speech_characters",
            "Characters of text given to be spoken",
            ["engine"],
            registry=registry,
        )
        self.heard = Counter(
            "cartesia_transcription_audio_seconds",
            "Audio given to be transcribed",
            ["route"],
            registry=registry,
        )
        self.final = Histogram(
            "cartesia_transcription_final_seconds",
            "From the arrival of the last voice to the final transcript",
            ["route"],
            buckets=_HEARING,
            registry=registry,
        )
        self.clones = Counter("cartesia_voice_clones", "Voices cloned", registry=registry)
        self.database = Gauge(
            "cartesia_database_up",
            "Whether the database answered when /health/ready was last asked",
            registry=registry,
        )
        self.pool = PoolMetrics(registry)

    def describe(self, engines: Engines, limits: Mapping[str, int]) -> None:
        """Say what runs and how much of it is allowed.

        Args:
            engines: of the server.
            limits: how many of each kind there may be at once.
        """
        self._build.info(
            {
                "version": version("cartesia"),
                "speech_engine": engines.speech.capabilities.name,
                "transcription_engine": engines.transcription.capabilities.name,
            }
        )
        for what, limit in limits.items():
            self._limits.labels(what).set(limit)

    def watch(self, *, streams: Callable[[], float], load: Callable[[], PoolLoad]) -> None:
        """Say how to find out what is in progress, whenever somebody asks.

        Args:
            streams: counts the speech streams.
            load: counts the jobs of the pool.
        """
        self._active.set_function(streams)
        self.pool.watch(load)

    def visited(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered, or a socket that was closed.

        Args:
            method: of the request, ``WEBSOCKET`` for a socket.
            route: that it was for, as a template.
            status: of the answer.
            seconds: that it took.
        """
        known = method if method in _METHODS else "OTHER"
        self._requests.labels(known, route, status).inc()
        if method != "WEBSOCKET":
            self.request_seconds.labels(route).observe(seconds)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """Write all metrics down.

        Args:
            accept: the media types that the reader asks for; Prometheus' text format by default.

        Returns:
            The text, and its media type.
        """
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type


class PoolMetrics:
    """Measures a pool. See `cartesia_server.scale.pool.PoolObserver`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._jobs = Gauge("cartesia_pool_jobs", "Jobs in hand", ["state"], registry=registry)
        self._wait = Histogram(
            "cartesia_pool_wait_seconds",
            "From the order of a job to its first turn on a thread",
            ["work"],
            buckets=_HEARING,
            registry=registry,
        )
        self._busy = Counter(
            "cartesia_pool_busy_seconds",
            "Thread time spent on jobs",
            ["work"],
            registry=registry,
        )
        self._cancelled = Counter(
            "cartesia_pool_cancelled",
            "Jobs cancelled before their end",
            ["work"],
            registry=registry,
        )
        self._cancel = Histogram(
            "cartesia_pool_cancel_seconds",
            "From the cancel of a job that a thread works on to that thread being free",
            ["work"],
            buckets=_HEARING,
            registry=registry,
        )
        self._stall = Histogram(
            "cartesia_speech_stall_seconds",
            "Silence where speech was made later than its listener had heard all before",
            buckets=_HEARING,
            registry=registry,
        )

    def watch(self, load: Callable[[], PoolLoad]) -> None:
        """Say how the jobs are counted."""

        def count(state: str) -> Callable[[], float]:
            return lambda: float(getattr(load(), state))

        for state in asdict(load()):
            self._jobs.labels(state).set_function(count(state))

    def waited(self, kind: str, seconds: float) -> None:
        """A job waited so long for its first turn on a thread."""
        self._wait.labels(kind).observe(seconds)

    def worked(self, kind: str, seconds: float) -> None:
        """A thread was busy with a job for so long."""
        self._busy.labels(kind).inc(seconds)

    def cancelled(self, kind: str) -> None:
        """A job was cancelled before its end."""
        self._cancelled.labels(kind).inc()

    def freed(self, kind: str, seconds: float) -> None:
        """The thread that a cancelled job had was free again so long after."""
        self._cancel.labels(kind).observe(seconds)

    def stalled(self, seconds: float) -> None:
        """A piece came so long after its listener had heard all before it."""
        self._stall.observe(seconds)
