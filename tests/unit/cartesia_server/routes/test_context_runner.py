from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from cartesia.wire.tts import GenerationRequest
from cartesia_server.audio.formats import AudioFormat
from cartesia_server.engines.base import PointVoice, SpeechControls
from cartesia_server.limits import Gate
from cartesia_server.metrics import Metrics
from cartesia_server.routes import context_runner
from cartesia_server.routes.context_runner import ContextRunner
from cartesia_server.scale.pool import WorkPool
from cartesia_server.sessions.resolve import SpeechJob
from cartesia_server.sessions.tts_context import ContextInput, TtsContext
from tests.contract.conftest import speech_request
from tests.contract.scripted import ScriptedSpeech

pytestmark = pytest.mark.anyio


@pytest.fixture
def services(monkeypatch):
    voice = PointVoice(ScriptedSpeech(), np.zeros(192, np.float32))
    form = AudioFormat("raw", 24000)
    job = SpeechJob(voice, "en-US", form, SpeechControls(), word_times=True)

    async def resolve_job(*_):
        return job

    monkeypatch.setattr(context_runner, "resolve_job", resolve_job)
    pool = WorkPool(1)
    yield cast("Any", SimpleNamespace(contexts=Gate("contexts", 1), pool=pool, metrics=Metrics()))
    pool.close()


@pytest.mark.parametrize("end", ["cancel", "fail"])
async def test_nothing_is_sent_once_the_context_was_ended(services, end):
    """Not even the times of audio that was sent just before."""
    sent = []

    async def send(event):
        sent.append(event.type)
        if end == "cancel":
            runner.cancel()
        else:
            runner.fail(ValueError("no good"))

    context = TtsContext(now=0.0, first_flush_id=0, expiry=5.0, max_pending=100)
    asked = GenerationRequest.model_validate(speech_request())
    runner = ContextRunner("a", context, asked, services, "/tts/websocket", send)
    runner.submit(ContextInput("one two"))
    if end == "cancel":
        await runner.run()
    else:
        with pytest.raises(ValueError, match="no good"):
            await runner.run()
    assert sent == ["chunk"]
    assert services.contexts.inside == 0
