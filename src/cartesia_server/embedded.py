"""A server inside this process, for programs and tests that want one for a while."""

from __future__ import annotations

import dataclasses
import queue
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from cartesia_server.engines.registry import Engines
from cartesia_server.main import Server, check_certificate, listen
from cartesia_server.settings import Settings


@contextmanager
def embedded(settings: Settings | None = None, *, engines: Engines | None = None) -> Iterator[str]:
    """Run a server in a thread for the length of a ``with`` block.

    Args:
        settings: how it runs, except that it always listens on a free port of 127.0.0.1.
        engines: engines to use instead of those that the settings name; left open at the end.

    Yields:
        The base URL, once requests are answered: ``http://127.0.0.1:49213``.

    Raises:
        SettingsError: a setting cannot work.
    """
    settings = dataclasses.replace(settings or Settings(), host="127.0.0.1", port=0)
    check_certificate(settings)
    with ExitStack() as stack:
        if engines is None:
            engines = Engines.load(settings)
            stack.callback(engines.close)
        listening = stack.enter_context(listen(settings))
        ready: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        server = Server(settings, engines, listening, on_ready=ready.put)

        def run() -> None:
            with suppress(SystemExit):  # how uvicorn ends when the application does not start
                server.serve_here()
            ready.put(None)

        thread = threading.Thread(target=run, name="cartesia-server", daemon=True)
        thread.start()
        try:
            base_url = ready.get()
            if base_url is None:
                raise RuntimeError("the server stopped while starting; its log says why")
            yield base_url
        finally:
            server.should_exit = True
            thread.join()
