"""A server that is killed while it stores voices."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from cartesia_server.voices.store import VoiceStore

# Stores voices as fast as it can; says the id of each once it is told that it is stored.
WRITER = """
import sys
from datetime import datetime, timezone
from pathlib import Path
import numpy as np
from cartesia_server.voices.records import VoiceRecord
from cartesia_server.voices.database import new_id
from cartesia_server.voices.store import VoiceStore

store = VoiceStore.in_folder(Path(sys.argv[1]))
embedding = np.full(192, 0.5, np.float32)
while True:
    id = new_id()
    now = datetime.now(timezone.utc)
    store.add(VoiceRecord(id, id, "d" * 2000, "en", None, None, now, embedding))
    store.change(id, {"description": "e" * 2000})
    print(id, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that cannot be caught")
@pytest.mark.parametrize("acknowledged", [1, 40])
def test_no_voice_is_lost_or_halved_when_the_process_is_killed(tmp_path: Path, acknowledged: int):
    for _ in range(2):  # the second writer opens what the first one left behind
        command = [sys.executable, "-c", WRITER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            ids = [writer.stdout.readline().strip() for _ in range(acknowledged)]
            os.kill(writer.pid, signal.SIGKILL)
            ids += [line.strip() for line in writer.stdout if line.endswith("\n")]
        store = VoiceStore.in_folder(tmp_path)
        found = {voice.id: voice for voice in store.between(None, None)}
        store.close()
        for acknowledged_id in ids:
            assert found[acknowledged_id].description == "e" * 2000
        for voice in found.values():
            assert voice.point.tolist() == [0.5] * 192
            assert voice.description in ("d" * 2000, "e" * 2000)
    with contextlib.closing(sqlite3.connect(tmp_path / "voices.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
