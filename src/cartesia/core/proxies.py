"""Which proxy leads to a server, as the environment says."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

_HTTP_SCHEMES = {"ws": "http", "wss": "https"}


def proxy_for(url: str, env: Mapping[str, str] = os.environ) -> str | None:
    """The address of the proxy for a URL, or None to connect directly.

    Follows `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, for sockets also `WS_PROXY` and
    `WSS_PROXY`, and on macOS and Windows the settings of the system.
    """
    of_system = sys.platform in ("darwin", "win32")
    if not of_system and not any(name.lower().endswith("_proxy") for name in env):
        # The standard library's answer would be the same, but importing it takes a while.
        return None

    from urllib.request import getproxies, proxy_bypass

    target = urlsplit(url)
    proxies = getproxies()
    names = (target.scheme, _HTTP_SCHEMES.get(target.scheme, ""), "all")
    address = next(filter(None, map(proxies.get, names)), None)
    if not address or proxy_bypass(target.netloc.rpartition("@")[2]):
        return None
    return address if "://" in address else f"http://{address}"
