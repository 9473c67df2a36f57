"""``/stt/websocket``: the client decides when to transcribe; silence does so, too."""

from __future__ import annotations

from starlette.websockets import WebSocket

from cartesia_server.errors import FieldError
from cartesia_server.routes.speech_socket import SpeechSocket
from cartesia_server.services import Caller, Services
from cartesia_server.sessions.endpointing import Endpointer
from cartesia_server.sessions.stt_options import StreamOptions
from cartesia_server.sessions.transcription import TranscriptionSession


class TranscriptionSocket(SpeechSocket):
    """One socket. See `SpeechSocket`."""

    def __init__(
        self, websocket: WebSocket, services: Services, caller: Caller, options: StreamOptions
    ) -> None:
        self._transcription = TranscriptionSession(
            Endpointer(
                services.transcription.voice_detector(),
                max_silence=options.max_silence,
                min_volume=options.min_volume,
            ),
            request_id=caller.request_id,
            language=options.listening.language,
            spaced=caller.version.transcripts_carry_spaces,
            max_pending=services.settings.max_audio_seconds,
        )
        super().__init__(websocket, services, caller, options.listening, self._transcription)

    async def obey(self, command: str) -> None:
        """Do what a bare word says."""
        if command == "finalize":
            self._transcription.finalize()
        elif command in ("done", "close"):
            await self.end()
        else:
            accepted = "the commands finalize, done and close; audio in binary frames"
            raise FieldError("message", command, accepted)
