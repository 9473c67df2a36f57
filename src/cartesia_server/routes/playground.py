"""``/playground``: a page on which people try the server in their browser.

Its files lie in the folder ``playground`` beside this package. They are public, and hold nothing
that is not: what the page then asks of the API needs a key where every caller needs one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from cartesia_server.errors import NotFound

# Told here and not by the system's table, which programs change: a browser runs no script that
# comes as text/plain.
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

_HEADERS = {
    # Nothing from elsewhere, nothing inline, and text that came over the wire never becomes markup.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; media-src blob:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # Kept, and asked about each time: a new version of the server has a new page at once.
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True)
class _File:
    body: bytes
    media_type: str
    etag: str

    def answer(self, request: Request) -> Response:
        """The file, or that the browser has it already (RFC 9110, section 13.1.2)."""
        headers = {**_HEADERS, "ETag": self.etag}
        known = request.headers.get("if-none-match", "")
        if self.etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]:
            return Response(status_code=304, headers=headers)
        return Response(self.body, headers=headers, media_type=self.media_type)


def playground_routes() -> list[BaseRoute]:
    """Routes to the page and its files, which are read now and kept: some 100 kB."""
    kept = _read()

    async def page(request: Request) -> Response:
        # The front door takes the slash from `path`, but the page's links need it in the address.
        if request.scope["raw_path"].endswith(b"/"):
            return kept["index.html"].answer(request)
        return RedirectResponse("playground/")  # relative, for proxies' sake

    async def file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in kept:
            raise NotFound("the playground has no such file; its page is /playground/")
        return kept[name].answer(request)

    return [Route("/playground", page), Route("/playground/{name}", file)]


def _read() -> Mapping[str, _File]:
    found = {}
    for path in (files("cartesia_server") / "playground").iterdir():
        media_type = _MEDIA_TYPES.get(path.name[path.name.rfind(".") :])
        if media_type is not None:
            body = path.read_bytes()
            etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            found[path.name] = _File(body, media_type, etag)
    return found
