"""``GET /``: whether the service is up."""

from __future__ import annotations

from typing_extensions import TypedDict

from cartesia.wire.base import AnswerModel


class ApiInfo(AnswerModel):
    """State of the service.

    Attributes:
        ok: whether it answers requests.
        version: version of the service.
    """

    ok: bool
    version: str


class ApiInfoParams(TypedDict):
    """`ApiInfo` as a dictionary."""

    ok: bool
    version: str
