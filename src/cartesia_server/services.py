"""What every route works with. Built once per application, never a global."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import HTTPConnection

from cartesia_server.engines.base import SpeechEngine, TranscriptionEngine
from cartesia_server.engines.turn_detector import TurnDetector
from cartesia_server.health import Readiness
from cartesia_server.limits import Gate
from cartesia_server.metrics import Metrics
from cartesia_server.pronunciations.library import PronunciationLibrary
from cartesia_server.scale.pool import WorkPool
from cartesia_server.settings import Settings
from cartesia_server.tokens import AccessTokens
from cartesia_server.versions import ApiVersion
from cartesia_server.voices.library import VoiceLibrary
from cartesia_server.voices.refinement import Refiner
from cartesia_server.voices.studio import CloneStudio


@dataclass(frozen=True)
class Services:
    """The running parts of one server.

    Attributes:
        settings: its settings.
        speech: its text-to-speech engine, for every voice that brings no engine of its own.
        transcription: its speech-to-text engine.
        turn_detector: tells pauses from ends of turns, if it has one.
        voices: the voices it knows.
        pronunciations: the dictionaries it knows.
        studio: makes voices from clips.
        refiner: makes them better later.
        tokens: issues access tokens.
        pool: the threads that all engine work runs on.
        contexts: counts speech streams in progress, over all routes.
        sockets: counts open WebSockets.
        metrics: counts and measures for operators.
        readiness: tells whether it should be given work.
    """

    settings: Settings
    speech: SpeechEngine
    transcription: TranscriptionEngine
    turn_detector: TurnDetector | None
    voices: VoiceLibrary
    pronunciations: PronunciationLibrary
    studio: CloneStudio
    refiner: Refiner
    tokens: AccessTokens
    pool: WorkPool
    contexts: Gate
    sockets: Gate
    metrics: Metrics
    readiness: Readiness

    @classmethod
    def of(cls, connection: HTTPConnection) -> Services:
        """The services of the server that `connection` came to."""
        services: Services | None = getattr(connection.state, "services", None)
        if services is None:
            raise RuntimeError(
                "the application has not been started: a server or an application around it has to "
                "run its lifespan, and pass its state on; see docs/server.md"
            )
        return services


@dataclass(frozen=True)
class Caller:
    """What the front door noted about a request or socket.

    Attributes:
        request_id: names it in logs, answers and error texts.
        version: of the API that the caller speaks.
        route: that it is for: the template of its path, never the path itself.
        came_at: when it came, on the monotonic clock.
        notes: what the log's line about it should say beside what all say. Never a text or a key.
    """

    request_id: str
    version: ApiVersion
    route: str
    came_at: float
    notes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: HTTPConnection) -> Caller:
        """The caller behind `connection`."""
        caller: Caller = connection.state.caller
        return caller
