"""``/stt/turns/websocket``: the server decides when somebody has finished speaking."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

import pydantic_core
from pydantic import ValidationError
from starlette.websockets import WebSocket

from cartesia.wire.base import choose_by, encode
from cartesia.wire.turns import TurnCloseCommand, TurnCommand, TurnConfigCommand
from cartesia_server.audio.errors import AudioError
from cartesia_server.engines.base import Cancelled
from cartesia_server.engines.turn_detector import TurnDetector
from cartesia_server.errors import FieldError, as_server_error, invalid_field, transcription_error
from cartesia_server.routes.speech_socket import SpeechSocket
from cartesia_server.scale.pool import Busy
from cartesia_server.services import Caller, Services
from cartesia_server.sessions.stt_options import TurnOptions
from cartesia_server.sessions.turns import Pause, TurnSession

log = logging.getLogger(__name__)

_LONGEST_COMMAND = 4096  # characters
_REFUSED = 1008  # close code

_choose = choose_by("type", {"config": TurnConfigCommand, "close": TurnCloseCommand})


class TurnSocket(SpeechSocket):
    """One socket. See `SpeechSocket`.

    A fourth task has silences judged by their sound, beside what is being recognised.
    """

    def __init__(
        self, websocket: WebSocket, services: Services, caller: Caller, options: TurnOptions
    ) -> None:
        self._detector = services.turn_detector
        self._turns = TurnSession(
            services.transcription.voice_detector(),
            request_id=caller.request_id,
            language=options.listening.language,
            languages=options.languages,
            turn=options.turn,
            word_times=options.listening.word_times,
            max_pending=services.settings.max_audio_seconds,
            by_sound=self._detector is not None,
        )
        super().__init__(websocket, services, caller, options.listening, self._turns)

    def tasks(self) -> Sequence[Callable[[], Coroutine[Any, Any, None]]]:
        """See `SpeechSocket.tasks`."""
        if self._detector is None:
            return super().tasks()
        return *super().tasks(), partial(self._judge, self._detector)

    async def _judge(self, detector: TurnDetector) -> None:
        while True:
            self._progress.clear()
            pause = self._turns.next_pause()
            if pause is None:
                await self._progress.wait()
            else:
                self._turns.judge(pause, await self._finished(detector, pause))
                self._pass_on()

    async def _finished(self, detector: TurnDetector, pause: Pause) -> float | None:
        """What the detector says; None if it cannot, and silence and words have to do."""
        try:
            return await self._services.pool.run(
                lambda _: detector.finished(pause.samples), pressing=True
            )
        except (Busy, Cancelled):
            return None
        except Exception:
            log.exception("turn detector failed", extra={"request_id": self._caller.request_id})
            return None

    async def obey(self, command: str) -> None:
        """Do what a JSON object says."""
        parsed = _parse(command)
        if isinstance(parsed, TurnConfigCommand):
            # Names that the message does not know are among the values: they are refused by name.
            self._turns.configure(parsed.turn.model_dump(exclude_none=True))
        else:
            await self.end()


async def serve_turns(websocket: WebSocket, services: Services, caller: Caller) -> None:
    """Serve one socket from its handshake on.

    Clients expect to be told of settings that cannot be used on the open socket, in place of the
    first event.
    """
    try:
        options = TurnOptions.read(websocket.query_params, services.transcription.capabilities)
    except (FieldError, AudioError) as error:
        answer = as_server_error(error)
        services.metrics.errors.labels(caller.route, answer.status).inc()
        event = transcription_error(answer, request_id=caller.request_id)
        await websocket.accept()
        await websocket.send_text(encode(event).decode())
        await websocket.close(_REFUSED)
    else:
        await TurnSocket(websocket, services, caller, options).run()


def _parse(text: str) -> TurnCommand:
    if len(text) > _LONGEST_COMMAND:
        accepted = f"at most {_LONGEST_COMMAND} characters; audio in binary frames"
        raise FieldError("message", f"{len(text)} characters", accepted)
    try:
        value: Any = pydantic_core.from_json(text)
    except ValueError:
        accepted = 'a JSON object such as {"type": "close"}; audio in binary frames'
        raise FieldError("message", text, accepted) from None
    try:
        command: TurnCommand = _choose(value)
    except ValidationError as error:
        raise invalid_field(error) from None
    return command
