"""What a caller can change for one call: `request_options` of every method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from typing_extensions import TypedDict

from .api_error import InvalidArgumentError
from .client_config import ClientConfig, Timeouts, check_count, check_fields, check_timeouts

if TYPE_CHECKING:
    import httpx


class RequestOptions(TypedDict, total=False):
    """Settings of one call; what is absent or None is as the client says.

    Attributes:
        timeout_in_seconds: Seconds that connecting, or waiting for the next bytes, may take; or an
            `httpx.Timeout`, which tells these apart.
        max_retries: How often the request is repeated when it fails.
        additional_headers: Headers that win over all others. With an `Idempotency-Key`, calls
            that create something are repeated like any other.
        additional_query_parameters: Query parameters beside the method's own.
        additional_body_parameters: Fields beside the method's own, in a JSON or a form body.
        chunk_size: Bytes in each piece of streamed audio; as received if absent.
    """

    timeout_in_seconds: float | httpx.Timeout | None
    max_retries: int | None
    additional_headers: Mapping[str, Any] | None
    additional_query_parameters: Mapping[str, Any] | None
    additional_body_parameters: Mapping[str, Any] | None
    chunk_size: int | None


class CallSettings(NamedTuple):
    """`RequestOptions` and the client's own settings, settled for one call.

    Attributes:
        timeout: None leaves it to the httpx client that was handed in.
    """

    timeout: Timeouts | None
    max_retries: int
    headers: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Mapping[str, Any]
    chunk_size: int | None


def settle(
    config: ClientConfig, options: RequestOptions | None, *, timeout: Timeouts | None
) -> CallSettings:
    """Join the options of one call with the client's settings.

    Args:
        config: The client's settings.
        options: The call's own, if any.
        timeout: What holds where the call does not say.

    Raises:
        InvalidArgumentError: An option cannot be right.
    """
    given = _check_keys(options or {})
    own_timeout = given.get("timeout_in_seconds")
    retries = given.get("max_retries")
    chunk_size = given.get("chunk_size")
    return CallSettings(
        timeout=timeout
        if own_timeout is None
        else check_timeouts("timeout_in_seconds", own_timeout),
        max_retries=config.max_retries if retries is None else check_count("max_retries", retries),
        headers=check_fields("additional_headers", given.get("additional_headers")),
        query=check_fields("additional_query_parameters", given.get("additional_query_parameters")),
        body=check_fields("additional_body_parameters", given.get("additional_body_parameters")),
        chunk_size=None if chunk_size is None else check_count("chunk_size", chunk_size, least=1),
    )


def _check_keys(options: object) -> RequestOptions:
    accepted = RequestOptions.__annotations__
    if not isinstance(options, Mapping):
        raise InvalidArgumentError(
            f"request_options: got {type(options).__name__}; accepted is a dictionary with any of "
            f"the keys {', '.join(accepted)}"
        )
    # A misspelt one would otherwise be a setting that the program believes in.
    unknown = [key for key in options if key not in accepted]
    if unknown:
        raise InvalidArgumentError(
            f"request_options: got the key {unknown[0]!r}; accepted are {', '.join(accepted)}"
        )
    return cast("RequestOptions", options)
