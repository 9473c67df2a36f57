"""A real browser for tests: Chromium without a screen, driven over its DevTools protocol.

Needs no package beyond `websockets`; tests that use it are marked `needs_browser`.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

PATIENCE = 120.0  # seconds; a machine that is busy with other work makes no test fail

_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # which root cannot have
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--mute-audio",
    "--use-fake-device-for-media-stream",
    "--remote-debugging-port=0",
)


class Page:
    """One tab.

    Attributes:
        complaints: what the browser found wrong with the page: exceptions, refused files, failed
            requests.
        addresses: that the page asked for, those of sockets too.
    """

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._sent = 0
        self.complaints: list[str] = []
        self.addresses: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> Any:
        """Run one command of the protocol."""
        self._sent += 1
        message = {"id": self._sent, "method": method, "params": params}
        self._connection.send(json.dumps(message))
        while (answer := json.loads(self._connection.recv(timeout=PATIENCE))).get("id") is None:
            self._note(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def _note(self, event: Any) -> None:
        params = event["params"]
        if event["method"] == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))
        elif event["method"] == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url')}")
        elif event["method"] == "Network.requestWillBeSent":
            self.addresses.append(params["request"]["url"])
        elif event["method"] == "Network.webSocketCreated":
            self.addresses.append(params["url"])

    def open(self, url: str) -> None:
        """Go to an address."""
        self.call("Page.navigate", url=url)
        self.wait(f"location.href.startsWith({json.dumps(url)}) && document.readyState=='complete'")

    def run(self, script: str) -> Any:
        """The value of an expression; a promise is awaited. Counts as done by the person."""
        answer = self.call(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, condition: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.run(f"!!({condition})"):
            assert time.monotonic() < end, f"never true: {condition}; {self.complaints}"
            time.sleep(0.02)

    def text(self, selector: str) -> str:
        """What an element says."""
        said: str = self.run(f"document.querySelector({json.dumps(selector)}).textContent")
        return said

    def click(self, selector: str) -> None:
        """Press a button or link."""
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def enter(self, selector: str, value: str) -> None:
        """Put a value into a field, as typing or choosing it does."""
        self.run(
            f"""{{
              const field = document.querySelector({json.dumps(selector)});
              field.value = {json.dumps(value)};
              for (const type of ["input", "change"])
                field.dispatchEvent(new Event(type, {{ bubbles: true }}));
            }}"""
        )

    def choose_file(self, selector: str, path: Path) -> None:
        """Choose a file in a field for one."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path)])

    def press(self, key: str, code: int, *, modifiers: int = 0) -> None:
        """Press a key on the keyboard; `code` is its number in the protocol."""
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                windowsVirtualKeyCode=code,
                modifiers=modifiers,
            )

    def look(self, width: int, height: int, *, dark: bool = False, still: bool = False) -> None:
        """Take a size, and what the person prefers."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        preferred = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce" if still else "no-preference",
        }
        features = [{"name": name, "value": value} for name, value in preferred.items()]
        self.call("Emulation.setEmulatedMedia", features=features)

    def picture(self, path: Path) -> None:
        """Store what is seen, from top to bottom, as PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def browser(*, flags: Sequence[str] = (), microphone: bool = True) -> Iterator[Page]:
    """Run Chromium with one empty page.

    Args:
        flags: further ones, such as the recording that its microphone hears.
        microphone: whether the person lets pages use it.
    """
    assert CHROMIUM is not None
    answer = "--use-fake-ui-for-media-stream" if microphone else "--deny-permission-prompts"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [CHROMIUM, *_FLAGS, answer, *flags, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with connect(_address(Path(profile)), max_size=None) as connection:
                yield Page(connection)
        finally:
            process.terminate()
            process.wait()


def _address(profile: Path) -> str:
    """Where Chromium takes commands for its page, once it does."""
    note = profile / "DevToolsActivePort"
    end = time.monotonic() + PATIENCE
    while not (note.is_file() and note.read_text().count("\n")):
        assert time.monotonic() < end, "Chromium did not start"
        time.sleep(0.05)
    port = note.read_text().split("\n")[0]
    while True:
        targets = httpx.get(f"http://127.0.0.1:{port}/json/list", timeout=PATIENCE).json()
        for target in targets:
            if target["type"] == "page":
                address: str = target["webSocketDebuggerUrl"]
                return address
        assert time.monotonic() < end, "Chromium opened no page"
        time.sleep(0.05)
