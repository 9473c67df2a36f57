"""The server on a Ray Serve cluster: each replica is a whole server, and Serve shares callers out.

    serve run cartesia_server.scale.cluster:application

A replica holds all that a server does, its own models included. So a socket, its contexts and the
engine that speaks for them are in one process, and a cancel crosses no network. What replicas share
is the database.
"""

# No postponed annotations: Serve reads that of `application` to know what arguments it takes.
import dataclasses
import os
import secrets
from collections.abc import Callable
from typing import Any

import ray
from pydantic import BaseModel, ConfigDict, Field
from ray import serve
from starlette.types import ASGIApp, Receive, Scope, Send

from cartesia_server.app import create_app
from cartesia_server.main import prepare_process
from cartesia_server.settings import Settings, SettingsError
from cartesia_server.tokens import AccessTokens

CALLERS = 8
"""Requests and sockets of a replica past which Serve starts another one. Two processors speak to
four at once, and on a call about half the time somebody else speaks."""

DRAIN = 60.0
"""Seconds for which a replica that is to go may finish the calls it has."""


class Cluster(BaseModel):
    """What `application` may be given: ``serve run ...:application replicas=4``.

    Attributes:
        replicas: how many there are; None (the default) has Serve start and stop them by need.
        max_replicas: how many there may be then. Default 100.
        processors: cores that each one gets, and threads it runs engine work on. Default 2.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    replicas: int | None = Field(default=None, ge=1)
    max_replicas: int = Field(default=100, ge=1)
    processors: int = Field(default=2, ge=1)


def application(cluster: Cluster) -> serve.Application:
    """Make the application that ``serve run`` and ``serve deploy`` look for.

    Settings come from the environment as everywhere: that of the cluster's nodes, or ``env_vars``
    in the application's ``runtime_env``. Serve's own settings can be changed in its configuration
    file, under the deployment's name, ``server``.

    Raises:
        SettingsError: a setting cannot work, or the replicas would share no database.
    """
    settings = Settings()
    if settings.database_url is None:
        raise SettingsError(
            "CARTESIA_DATABASE_URL: got none, accepted: a database that every replica reaches: "
            "postgresql+psycopg://user:password@host/name, or sqlite:////folder/voices.db where "
            "the cluster is one machine"
        )
    growing = {"max_replicas": cluster.max_replicas, "target_ongoing_requests": CALLERS}
    replica = serve.deployment(
        serve.ingress(_builder(secrets.token_hex()))(),
        name="server",
        num_replicas=cluster.replicas,
        autoscaling_config=growing if cluster.replicas is None else None,
        ray_actor_options={"num_cpus": cluster.processors},
        # Past its own limits a replica says 429 and when to come back; Serve would let them wait.
        max_ongoing_requests=settings.max_sockets + settings.max_contexts,
        graceful_shutdown_timeout_s=DRAIN,
    )
    return replica.bind()


def _builder(secret: str) -> Callable[[], ASGIApp]:
    """What makes the server of a replica, there.

    Args:
        secret: signs access tokens where there are no keys, so that replicas take each other's.
    """

    def build() -> ASGIApp:
        settings = Settings()
        if "CARTESIA_THREADS" not in os.environ:
            given = ray.get_runtime_context().get_assigned_resources()["CPU"]
            settings = dataclasses.replace(settings, threads=max(1, int(given)))
        prepare_process(settings)
        tokens = AccessTokens(settings.api_keys or (secret,))
        return _WithState(create_app(settings, tokens=tokens))

    return build


class _WithState:
    """Gives each request the state that the application made when it started; Serve does not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._state: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            self._state = scope["state"]
        else:
            scope["state"] = dict(self._state)
        await self._app(scope, receive, send)
