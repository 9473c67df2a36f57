"""Where a request goes within the application, wherever that is mounted."""

from __future__ import annotations

from starlette.types import Scope


def path_in(scope: Scope) -> str:
    """The path of a request without the prefix under which the application is served."""
    path: str = scope["path"]
    prefix: str = scope.get("root_path", "").rstrip("/")
    if not prefix or not f"{path}/".startswith(f"{prefix}/"):
        return path
    return path[len(prefix) :] or "/"
