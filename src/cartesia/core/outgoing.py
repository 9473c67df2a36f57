"""A request as it goes out: address, headers and bytes, the same at every attempt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

from .api_error import ApiResponseError, InvalidArgumentError
from .arguments import check_numbers, unwritable
from .client_config import ClientConfig, Timeouts, merge_headers
from .endpoint import Request
from .file import read_upload
from .multipart import encode_multipart
from .query_encoder import encode_query, encode_text
from .request_options import CallSettings

MAX_REDIRECTS = 20

# What another server must not see, or would misunderstand.
_HEADERS_OF_SERVER = frozenset({"x-api-key", "authorization", "cookie", "host"})
_BODY_HEADERS = frozenset({"content-type", "content-length"})


class Outgoing(NamedTuple):
    """A request, complete.

    Attributes:
        timeout: How long connecting, or waiting for the next bytes, may take; None leaves it to
            the httpx client that was handed in.
        repeatable: Whether it may be sent again although it may have been carried out.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes
    timeout: Timeouts | None
    repeatable: bool


def prepare(request: Request, config: ClientConfig, settings: CallSettings) -> Outgoing:
    """Add the settings of client and call to a request, and encode it. Reads files.

    Raises:
        InvalidArgumentError: Something cannot be sent.
    """
    fields = {**request.query, **settings.query}
    check_numbers(fields)
    try:
        content_type, content = _encode_body(request, settings.body)
        query = urlencode(encode_query(fields))
    except UnicodeEncodeError as error:
        raise unwritable({**(request.form or {}), **settings.body, **fields}) from error
    own = {"Accept": "*/*", **({"Content-Type": content_type} if content_type else {})}
    headers = merge_headers(own, config.default_headers(), settings.headers)
    for name, value in headers.items():
        _check_header(name, value)
    url = config.url(request.path)
    return Outgoing(
        method=request.method,
        url=f"{url}?{query}" if query else url,
        headers=headers,
        content=content,
        timeout=settings.timeout,
        repeatable=not request.creates
        or any(name.lower() == "idempotency-key" for name in headers),
    )


def redirected(outgoing: Outgoing, status_code: int, location: str) -> Outgoing:
    """The request that a redirect asks for, without credentials if it leads to another server.

    Raises:
        ApiResponseError: It leads nowhere.
    """
    try:
        url = urljoin(outgoing.url, location)
        there = urlsplit(url)
        usable = there.scheme in ("http", "https") and there.hostname and there.port != 0
    except ValueError:
        usable = False
    if not (usable and location.isascii()):
        raise ApiResponseError(
            f"The server redirects to {location!r}, which is no address",
            status_code=status_code,
        )
    dropped: set[str] = set()
    if not _same_server(outgoing.url, url):
        dropped |= _HEADERS_OF_SERVER
    becomes_get = status_code == 303 or (status_code in (301, 302) and outgoing.method == "POST")
    if becomes_get:
        dropped |= _BODY_HEADERS
    return outgoing._replace(
        url=url,
        method="GET" if becomes_get else outgoing.method,
        content=b"" if becomes_get else outgoing.content,
        headers={k: v for k, v in outgoing.headers.items() if k.lower() not in dropped},
    )


def _encode_body(request: Request, additional: Mapping[str, Any]) -> tuple[str | None, bytes]:
    if request.form is not None or request.files:
        form = {**(request.form or {}), **additional}
        check_numbers(form)
        files = {name: read_upload(name, file) for name, file in request.files.items()}
        return encode_multipart(_form_pairs(form), files)
    if request.json is None and not additional:
        return None, b""

    from cartesia.wire.base import encode, to_wire

    fields = to_wire({**(request.json or {}), **additional})
    check_numbers(fields)
    try:
        return "application/json", encode(fields)
    except ValueError as error:
        raise unwritable(fields) from error


def _form_pairs(form: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in form.items():
        if isinstance(value, (Mapping, list, tuple)):
            yield from encode_query({name: value})
        else:
            yield name, "" if value is None else encode_text(value)


def _check_header(name: str, value: str) -> None:
    # The value may be a secret, so errors do not show it.
    if not (name.isascii() and value.isascii() and name.isprintable() and value.isprintable()):
        raise InvalidArgumentError(
            f"header {name!r}: got characters that a header cannot hold; "
            "accepted is printable ASCII"
        )


def _same_server(one: str, other: str) -> bool:
    here, there = urlsplit(one), urlsplit(other)
    if here.hostname != there.hostname:
        return False
    upgraded = (here.scheme, there.scheme) == ("http", "https")
    if upgraded and here.port in (None, 80) and there.port in (None, 443):
        return True
    return (here.scheme, here.port) == (there.scheme, there.port)
