"""The application: which parts a server is made of, and which path leads where."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TypedDict

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket

from cartesia_server.engines.registry import Engines
from cartesia_server.errors import NotFound, as_server_error
from cartesia_server.front import FrontDoor
from cartesia_server.health import Readiness
from cartesia_server.limits import Gate
from cartesia_server.metrics import Metrics
from cartesia_server.pronunciations.library import PronunciationLibrary
from cartesia_server.pronunciations.store import DictionaryStore
from cartesia_server.routes import (
    absent,
    accents,
    access_token,
    infill,
    openai,
    openapi,
    playground,
    pronunciations,
    status,
    stt,
    tts,
    upgrade,
    voice_changer,
    voices,
)
from cartesia_server.scale.pool import WorkPool
from cartesia_server.scale.thrift import give_back_when_idle
from cartesia_server.services import Services
from cartesia_server.settings import Settings, SettingsError
from cartesia_server.tokens import AccessTokens
from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.database import database_in
from cartesia_server.voices.library import VoiceLibrary
from cartesia_server.voices.refinement import Refiner
from cartesia_server.voices.store import VoiceStore
from cartesia_server.voices.studio import CloneStudio


class _State(TypedDict):
    services: Services


def create_app(
    settings: Settings | None = None,
    *,
    engines: Engines | None = None,
    tokens: AccessTokens | None = None,
    readiness: Readiness | None = None,
    patience: float | None = None,
) -> Starlette:
    """Make a server as an ASGI application.

    Models are loaded when the application starts up, not here, so it is ready once it answers.

    Args:
        settings: how it runs; by default from the environment.
        engines: engines to use instead of those that the settings name. They stay open when
            the application shuts down.
        tokens: access tokens, where several servers are to take each other's without having keys.
        readiness: to be told through that the application is about to be stopped, before it is.
        patience: seconds to wait, when it shuts down, for work that cannot be interrupted; by
            default as long as it takes. For a process that ends then: models are in use still.

    Raises:
        SettingsError: the database that the settings name cannot be used.
    """
    settings, readiness = settings or Settings(), readiness or Readiness()
    routes, metrics = _routes(settings), Metrics()
    database, tokens = database_of(settings), tokens or AccessTokens(settings.api_keys)

    def lifespan(_app: Starlette) -> AbstractAsyncContextManager[_State]:
        return _running(settings, engines, database, tokens, metrics, readiness, patience)

    return Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={HTTPException: _to_front_door},
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=settings.cors_origins,
                allow_methods=["*"],
                allow_headers=["*"],
                expose_headers=["X-Request-ID", "Retry-After"],
            ),
            Middleware(
                FrontDoor,
                api_keys=settings.api_keys,
                tokens=tokens,
                origins=settings.cors_origins,
                routes=routes,
                metrics=metrics,
            ),
        ],
    )


def _routes(settings: Settings) -> list[BaseRoute]:
    return [
        *status.routes,
        *tts.routes,
        *infill.routes,
        *voice_changer.routes,
        *voices.routes,
        *accents.routes,
        *pronunciations.routes,
        *stt.routes,
        *openai.routes,
        *access_token.routes,
        *upgrade.routes,
        *absent.routes,
        *openapi.routes,
        *(playground.playground_routes() if settings.playground else ()),
        WebSocketRoute("/{path:path}", _no_such_socket),
    ]


def database_of(settings: Settings) -> URL:
    """Where users' voices and dictionaries are kept; opened when it is first needed.

    Raises:
        SettingsError: the database that the settings name cannot be used.
    """
    if settings.database_url is None:
        return database_in(settings.data_dir)
    accepted = "a URL such as sqlite:////folder/voices.db or postgresql+psycopg://host/database"
    # What was given stays out of the text: it may hold a password.
    try:
        url = make_url(settings.database_url)
        url.get_dialect().import_dbapi()
    except ImportError as error:
        raise SettingsError(
            f"database_url: it needs a package that is missing: {error.name}; for PostgreSQL, "
            'pip install "cartesia[postgres]" and begin the URL with postgresql+psycopg://'
        ) from None
    except ArgumentError:
        raise SettingsError(f"database_url: got an unknown kind, accepted: {accepted}") from None
    return url


@asynccontextmanager
async def _running(
    settings: Settings,
    engines: Engines | None,
    database: URL,
    tokens: AccessTokens,
    metrics: Metrics,
    readiness: Readiness,
    patience: float | None,
) -> AsyncIterator[_State]:
    async with AsyncExitStack() as stack:
        if engines is None:
            engines = await asyncio.to_thread(Engines.load, settings)
            stack.callback(engines.close)
        pool = WorkPool(settings.threads, max_queue=settings.max_queue, observer=metrics.pool)
        stack.push_async_callback(asyncio.to_thread, pool.close, patience)
        catalogue = await asyncio.to_thread(Catalogue.load, own=engines.voices)
        voices = VoiceLibrary(catalogue, VoiceStore(database))
        stack.push_async_callback(voices.close)
        refiner = Refiner(pool, voices, settings.clone_refinement)
        stack.push_async_callback(refiner.close)
        dictionaries = PronunciationLibrary(DictionaryStore(database))
        stack.push_async_callback(dictionaries.close)
        contexts = Gate("speech streams", settings.max_contexts)
        metrics.describe(
            engines,
            {
                "threads": settings.threads,
                "queued_jobs": settings.max_queue,
                "speech_streams": settings.max_contexts,
                "sockets": settings.max_sockets,
            },
        )
        thrift = asyncio.create_task(give_back_when_idle(pool))
        stack.callback(thrift.cancel)
        metrics.watch(streams=lambda: contexts.inside, load=pool.load)
        services = Services(
            settings=settings,
            speech=engines.speech,
            transcription=engines.transcription,
            turn_detector=engines.turns,
            voices=voices,
            pronunciations=dictionaries,
            studio=CloneStudio(catalogue.space, engines.speech),
            refiner=refiner,
            tokens=tokens,
            pool=pool,
            contexts=contexts,
            sockets=Gate("sockets", settings.max_sockets),
            metrics=metrics,
            readiness=readiness,
        )
        yield {"services": services}


async def _to_front_door(_request: Request, error: Exception) -> Response:
    """Let the front door word what Starlette refuses: one place makes error bodies."""
    raise as_server_error(error)


async def _no_such_socket(_websocket: WebSocket) -> None:
    known = "/tts/websocket, /stt/websocket and /stt/turns/websocket"
    raise NotFound(f"no WebSocket under this path; there are {known}")
