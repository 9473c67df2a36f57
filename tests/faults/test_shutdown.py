"""Stopping a server in the middle of things."""

import json
import logging
import queue
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from cartesia_server.embedded import embedded
from cartesia_server.main import Server, _log_to_stderr, listen
from cartesia_server.settings import Settings, SettingsError
from tests.contract.conftest import Socket, speech_request
from tests.contract.scripted import ScriptedSpeech, scripted_engines
from tests.contract.unread import fill

SETTINGS = Settings(threads=1, shutdown_grace=1)


def test_socket_is_closed_and_its_work_freed():
    engine = ScriptedSpeech()
    with ExitStack() as stack:
        with embedded(SETTINGS, engines=scripted_engines(engine)) as base_url:
            url = base_url.replace("http", "ws") + "/tts/websocket"
            connection = stack.enter_context(connect(url))
            connection.send(json.dumps({"context_id": "a", **speech_request(transcript="wait")}))
            assert engine.holding.wait(20)
        assert engine.freed.is_set()
        with pytest.raises(ConnectionClosed):
            connection.recv(timeout=20)
        assert connection.close_code == 1012


def test_socket_that_closes_with_much_unread_does_not_keep_the_server_from_stopping():
    engine = ScriptedSpeech()
    others = set(threading.enumerate())
    with ExitStack() as stack:
        with embedded(SETTINGS, engines=scripted_engines(engine)) as base_url:
            url = base_url.replace("http", "ws") + "/tts/websocket"
            connection = stack.enter_context(
                connect(url, max_queue=1, ping_interval=None, close_timeout=0.1)
            )
            fill(Socket(connection), engine)
            with connection.protocol_mutex:
                connection.protocol.send_close()
                connection.socket.sendall(b"".join(connection.protocol.data_to_send()))
            for _ in range(3):
                assert httpx.get(base_url).status_code == 200  # by now the server has read that
        left = set(threading.enumerate()) - others
        assert not [thread for thread in left if thread.name.startswith("cartesia-work")]


def test_answer_in_progress_is_broken_off_when_the_grace_is_over(monkeypatch, capsys):
    for name in ("cartesia_server", "uvicorn"):
        monkeypatch.setattr(logging.getLogger(name), "handlers", [])
    _log_to_stderr("warning")
    engine = ScriptedSpeech()
    failures: list[httpx.HTTPError] = []

    def ask():
        try:
            httpx.post(f"{base_url}/tts/bytes", json=speech_request(transcript="one wait"))
        except httpx.HTTPError as error:
            failures.append(error)

    with embedded(SETTINGS, engines=scripted_engines(engine)) as base_url:
        asking = threading.Thread(target=ask)
        asking.start()
        assert engine.holding.wait(20)
    asking.join()
    assert engine.freed.is_set()
    assert isinstance(failures[0], httpx.RemoteProtocolError)
    logged = capsys.readouterr().err
    assert "timeout graceful shutdown exceeded" in logged
    assert "Traceback" not in logged


def test_answer_that_ends_within_the_grace_is_whole():
    engine = ScriptedSpeech()
    answers: list[httpx.Response] = []

    def ask():
        answers.append(httpx.post(f"{base_url}/tts/bytes", json=speech_request(transcript="wait")))

    with embedded(Settings(threads=1), engines=scripted_engines(engine)) as base_url:
        asking = threading.Thread(target=ask)
        asking.start()
        assert engine.holding.wait(20)
        threading.Timer(0.3, engine.going.set).start()
    asking.join()
    assert len(answers[0].content) == 2 * 2400


def test_a_server_that_is_to_stop_goes_on_while_a_load_balancer_looks():
    with ExitStack() as stack:
        settings = Settings(threads=1, port=0, shutdown_delay=600)
        listening = stack.enter_context(listen(settings))
        ready: queue.SimpleQueue[str] = queue.SimpleQueue()
        server = Server(settings, scripted_engines(), listening, on_ready=ready.put)
        serving = threading.Thread(target=server.serve_here)
        serving.start()
        stack.callback(serving.join)
        stack.callback(setattr, server, "_stop_at", 0.0)
        client = stack.enter_context(httpx.Client(base_url=ready.get(timeout=60), timeout=120))
        assert client.get("/health/ready").status_code == 200
        server.should_exit = True  # what SIGTERM does
        while client.get("/health/ready").status_code == 200:
            pass
        refusal = client.get("/health/ready")
        assert (refusal.status_code, refusal.headers["retry-after"]) == (503, "5")
        assert "the server is stopping" in refusal.text
        assert client.get("/health/live").status_code == 200
        assert client.post("/tts/bytes", json=speech_request()).status_code == 200


@pytest.mark.anyio
async def test_who_asks_twice_waits_for_nothing():
    with listen(Settings(port=0)) as listening:
        server = Server(Settings(shutdown_delay=600), scripted_engines(), listening)
        assert not await server.on_tick(1)
        server.handle_exit(signal.SIGINT, None)
        assert not await server.on_tick(2)
        server.handle_exit(signal.SIGINT, None)
        assert await server.on_tick(3)


@pytest.mark.anyio
async def test_without_a_delay_a_server_stops_at_once():
    with listen(Settings(port=0)) as listening:
        server = Server(Settings(), scripted_engines(), listening)
        server.handle_exit(signal.SIGTERM, None)
        assert await server.on_tick(1)


BUSY = """
import gc, json, socket, sys, threading
from cartesia_server.engines.registry import Engines
from cartesia_server.main import serve
from cartesia_server.settings import Settings
from tests.contract.conftest import speech_request
from tests.contract.scripted import ScriptedSpeech, scripted_engines

leaves, busy = sys.argv[1] == "leaves", threading.Event()

class Deaf(ScriptedSpeech):
    def before_piece(self, word, cancel):
        busy.set()
        threading.Event().wait()

def ask(url):
    print("frozen", gc.get_freeze_count() > 0, flush=True)
    threading.Thread(target=call, args=[int(url.rpartition(":")[2])], daemon=True).start()

def call(port):
    body = json.dumps(speech_request())
    head = f"POST /tts/bytes HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: {len(body)}\\r\\n\\r\\n"
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.sendall((head + body).encode())
        busy.wait()
        print("busy", flush=True)
        if not leaves:
            peer.recv(1)

Engines.load = lambda settings: scripted_engines(Deaf())
serve(Settings(port=0, threads=1, shutdown_grace=600 if leaves else 1), on_ready=ask)
"""


@pytest.mark.parametrize("caller", ["leaves", "stays"])
def test_a_process_looks_for_garbage_not_in_its_models_and_ends_though_its_work_does_not(caller):
    command = [sys.executable, "-c", BUSY, caller]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == "frozen True\n"
            assert server.stdout.readline() == "busy\n"
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=120) == 0
        finally:
            server.kill()


def test_servers_follow_each_other_in_one_process():
    for _ in range(2):
        with embedded(SETTINGS, engines=scripted_engines()) as base_url:
            assert httpx.get(base_url).json()["ok"] is True
    with pytest.raises(httpx.ConnectError):
        httpx.get(base_url)


def test_taken_port_is_said():
    with listen(Settings(port=0)) as taken:
        port = taken.getsockname()[1]
        said = f"^cannot listen on 127.0.0.1:{port}: Address already in use; give another port, or"
        with pytest.raises(SettingsError, match=said):
            listen(Settings(port=port))


def test_a_host_that_nobody_knows_is_said():
    with pytest.raises(SettingsError, match=r"cannot listen on no\.invalid:0: \w"):
        listen(Settings(host="no.invalid", port=0))


def test_start_that_fails_is_an_error_here_and_now(monkeypatch):
    def broken():
        raise OSError("no data")

    monkeypatch.setattr("cartesia_server.app.Catalogue.load", broken)
    with (
        pytest.raises(RuntimeError, match="stopped while starting"),
        embedded(SETTINGS, engines=scripted_engines()),
    ):
        pass
