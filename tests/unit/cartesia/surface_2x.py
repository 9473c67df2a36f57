"""The surface of 2.0.17 as data: fields of messages, signatures of methods.

Names without ``=`` are required. ``=...`` marks an argument that is left out of the request unless
it is given. Which name lives where is in ``scripts/surface_table.py``.
"""

from __future__ import annotations

FIELDS = """
api_status.ApiInfo: ok version
auth.TokenGrant: tts=None stt=None
auth.TokenRequest: grants=None expires_in=None
auth.TokenResponse: token
datasets.CreateDatasetRequest: name
datasets.Dataset: id name created_at
datasets.DatasetFile: id filename created_at
datasets.PaginatedDatasetFiles: data has_more
datasets.PaginatedDatasets: data has_more
stt.DoneMessage: request_id
stt.ErrorMessage: message request_id=None
stt.FlushDoneMessage: request_id
stt.StreamingTranscriptionResponse_Done: type="done" request_id
stt.StreamingTranscriptionResponse_Error: type="error" message request_id=None
stt.StreamingTranscriptionResponse_FlushDone: type="flush_done" request_id
stt.StreamingTranscriptionResponse_Transcript: type="transcript" request_id text is_final
stt.StreamingTranscriptionResponse_Transcript: duration=None language=None words=None
stt.TranscriptMessage: request_id text is_final duration=None language=None words=None
stt.TranscriptionResponse: text language=None duration=None words=None
stt.TranscriptionWord: word start end
tts.CancelContextRequest: context_id cancel=True
tts.Controls: speed emotion
tts.GenerationConfig: volume=None speed=None emotion=None
tts.GenerationRequest: model_id voice output_format transcript=None language=None duration=None
tts.GenerationRequest: speed=None context_id=None continue_=None max_buffer_delay_ms=None
tts.GenerationRequest: flush=None add_timestamps=None add_phoneme_timestamps=None
tts.GenerationRequest: use_normalized_timestamps=None generation_config=None
tts.GenerationRequest: pronunciation_dict_id=None
tts.Mp3OutputFormat: sample_rate bit_rate
tts.OutputFormat_Mp3: container="mp3" sample_rate bit_rate
tts.OutputFormat_Raw: container="raw" encoding sample_rate bit_rate=None
tts.OutputFormat_Wav: container="wav" encoding sample_rate bit_rate=None
tts.PhonemeTimestamps: phonemes start end
tts.RawOutputFormat: encoding sample_rate bit_rate=None
tts.SseOutputFormat: container="raw" encoding sample_rate
tts.TtsRequest: model_id transcript voice output_format language=None duration=None speed=None
tts.TtsRequest: generation_config=None pronunciation_dict_id=None
tts.TtsRequestEmbeddingSpecifier: mode="embedding" embedding experimental_controls=None
tts.TtsRequestIdSpecifier: mode="id" id experimental_controls=None
tts.TtssseRequest: model_id transcript voice output_format language=None duration=None speed=None
tts.TtssseRequest: add_timestamps=None add_phoneme_timestamps=None
tts.TtssseRequest: use_normalized_timestamps=None context_id=None generation_config=None
tts.TtssseRequest: pronunciation_dict_id=None
tts.WavOutputFormat: encoding sample_rate bit_rate=None
tts.WebSocketBaseResponse: status_code done context_id=None
tts.WebSocketChunkResponse: status_code done context_id=None data step_time
tts.WebSocketDoneResponse: status_code done context_id=None
tts.WebSocketErrorResponse: status_code done context_id=None error
tts.WebSocketFlushDoneResponse: status_code done context_id=None flush_id flush_done
tts.WebSocketPhonemeTimestampsResponse: status_code done context_id=None phoneme_timestamps=None
tts.WebSocketRawOutputFormat: container="raw" encoding sample_rate
tts.WebSocketResponse_Chunk: type="chunk" status_code done context_id=None data step_time
tts.WebSocketResponse_Done: type="done" status_code done context_id=None
tts.WebSocketResponse_Error: type="error" status_code done context_id=None error
tts.WebSocketResponse_FlushDone: type="flush_done" status_code done context_id=None flush_id
tts.WebSocketResponse_FlushDone: flush_done
tts.WebSocketResponse_PhonemeTimestamps: type="phoneme_timestamps" status_code done
tts.WebSocketResponse_PhonemeTimestamps: context_id=None phoneme_timestamps=None
tts.WebSocketResponse_Timestamps: type="timestamps" status_code done context_id=None
tts.WebSocketResponse_Timestamps: word_timestamps=None
tts.WebSocketStreamOptions: timeout=None
tts.WebSocketTimestampsResponse: status_code done context_id=None word_timestamps=None
tts.WebSocketTtsOutput: audio=None word_timestamps=None phoneme_timestamps=None context_id=None
tts.WebSocketTtsOutput: flush_id=None flush_done=None
tts.WebSocketTtsRequest: model_id voice output_format=None transcript=None duration=None
tts.WebSocketTtsRequest: language=None add_timestamps=None add_phoneme_timestamps=None
tts.WebSocketTtsRequest: use_normalized_timestamps=None continue_=None context_id=None
tts.WebSocketTtsRequest: max_buffer_delay_ms=None speed=None generation_config=None
tts.WebSocketTtsRequest: pronunciation_dict_id=None
tts.WordTimestamps: words start end
voice_changer.StreamingResponse_Chunk: type="chunk" status_code done context_id=None data step_time
voice_changer.StreamingResponse_Done: type="done" status_code done context_id=None
voice_changer.StreamingResponse_Error: type="error" status_code done context_id=None error
voices.CreateVoiceRequest: name description embedding language=None base_voice_id=None
voices.EmbeddingResponse: embedding
voices.EmbeddingSpecifier: embedding weight
voices.GetVoicesResponse: data has_more next_page=None
voices.IdSpecifier: id weight
voices.LocalizeVoiceRequest: voice_id name description language original_speaker_gender dialect=None
voices.MixVoicesRequest: voices
voices.UpdateVoiceRequest: name description
voices.Voice: id is_owner name description created_at language embedding=None is_starred=None
voices.VoiceMetadata: id user_id is_public name description created_at language
"""

ADDED = "stt.TurnEagerEnd stt.TurnEnd stt.TurnResume stt.TurnStart stt.TurnUpdate"
"""Messages that 2.x lacks."""

RELAXED = """
tts.Controls: speed emotion
tts.WebSocketFlushDoneResponse: flush_id
tts.WebSocketResponse_FlushDone: flush_id
voices.GetVoicesResponse: has_more
voices.LocalizeVoiceRequest: description language original_speaker_gender
voices.UpdateVoiceRequest: name description
"""
"""Required by 2.0.17, optional here: later API versions leave them out."""

_SPEECH = """
    model_id transcript voice output_format language=... duration=... speed=...
    generation_config=... pronunciation_dict_id=...
"""
_INFILL = """
    left_audio right_audio model_id language transcript voice_id output_format_container
    output_format_sample_rate output_format_encoding=... output_format_bit_rate=...
    voice_experimental_controls_speed=... voice_experimental_controls_emotion=...
"""
_CHANGE = """
    clip voice_id output_format_container output_format_sample_rate output_format_encoding=...
    output_format_bit_rate=...
"""

HTTP_METHODS = {
    "api_status.ApiStatusClient.get": "*",
    "auth.AuthClient.access_token": "* grants=... expires_in=...",
    "infill.InfillClient.bytes": f"* {_INFILL}",
    "stt.SttClient.transcribe": """
        * file model encoding=None sample_rate=None language=... timestamp_granularities=...
    """,
    "tts.TtsClient.bytes": f"* {_SPEECH}",
    "tts.TtsClient.sse": f"""
        * {_SPEECH} add_timestamps=... add_phoneme_timestamps=... use_normalized_timestamps=...
        context_id=...
    """,
    "voice_changer.VoiceChangerClient.bytes": f"* {_CHANGE}",
    "voice_changer.VoiceChangerClient.sse": f"* {_CHANGE}",
    "voices.VoicesClient.clone": """
        * clip name language mode description=... enhance=... base_voice_id=...
    """,
    "voices.VoicesClient.create": "* name description embedding language=... base_voice_id=...",
    "voices.VoicesClient.delete": "id *",
    "voices.VoicesClient.get": "id *",
    "voices.VoicesClient.list": """
        * limit=None starting_after=None ending_before=None is_owner=None is_starred=None
        gender=None expand=None
    """,
    "voices.VoicesClient.localize": """
        * voice_id name description language original_speaker_gender dialect=...
    """,
    "voices.VoicesClient.mix": "* voices",
    "voices.VoicesClient.update": "id * name description",
}
"""Methods of the sync clients, with `request_options=None` besides; the async ones are alike."""

RETURNS = """
api_status.ApiStatusClient.get: ApiInfo
auth.AuthClient.access_token: TokenResponse
infill.InfillClient.bytes: stream
stt.SttClient.transcribe: TranscriptionResponse
tts.TtsClient.bytes: stream
tts.TtsClient.sse: stream
voice_changer.VoiceChangerClient.bytes: stream
voice_changer.VoiceChangerClient.sse: stream
voices.VoicesClient.clone: VoiceMetadata
voices.VoicesClient.create: Voice
voices.VoicesClient.delete: None
voices.VoicesClient.get: Voice
voices.VoicesClient.list: pager
voices.VoicesClient.localize: VoiceMetadata
voices.VoicesClient.mix: EmbeddingResponse
voices.VoicesClient.update: Voice
"""
"""What the methods return: a message; a generator, not awaited; or a pager, which is awaited."""

_TIMESTAMPS = """
    add_timestamps=False add_phoneme_timestamps=False use_original_timestamps=False
"""
_GENERATION = "generation_config=None pronunciation_dict_id=None"
_STT_SOCKET = """
    * model="ink-whisper" language="en" encoding="pcm_s16le" sample_rate=16000 min_volume=None
    max_silence_duration_secs=None
"""

METHODS = {
    "client.Cartesia.__init__": """
        * api_key base_url=None environment=... timeout=None follow_redirects=True
        httpx_client=None
    """,
    "client.AsyncCartesia.__init__": """
        * api_key base_url=None environment=... timeout=... follow_redirects=True
        httpx_client=None max_num_connections=10
    """,
    "core.api_error.ApiError.__init__": "* status_code=None body=None",
    "core.pydantic_utilities.parse_obj_as": "type_ object_",
    "core.jsonable_encoder.jsonable_encoder": "obj custom_encoder=...",
    "core.query_encoder.encode_query": "query",
    "core.datetime_utils.serialize_datetime": "v",
    "core.remove_none_from_dict.remove_none_from_dict": "original",
    "stt.socket_client.SttClientWithWebsocket.websocket": _STT_SOCKET,
    "stt.socket_client.AsyncSttClientWithWebsocket.websocket": _STT_SOCKET,
    "stt._websocket.SttWebsocket.connect": _STT_SOCKET,
    "stt._websocket.SttWebsocket.send": "data",
    "stt._websocket.SttWebsocket.receive": "",
    "stt._websocket.SttWebsocket.transcribe": f"audio_chunks {_STT_SOCKET}",
    "stt._websocket.SttWebsocket.close": "",
    "stt._async_websocket.AsyncSttWebsocket.connect": _STT_SOCKET,
    "stt._async_websocket.AsyncSttWebsocket.send": "data",
    "stt._async_websocket.AsyncSttWebsocket.receive": "",
    "stt._async_websocket.AsyncSttWebsocket.transcribe": f"audio_chunks {_STT_SOCKET}",
    "stt._async_websocket.AsyncSttWebsocket.close": "",
    "tts.client.TtsClient.infill": """
        * model_id language transcript voice output_format left_audio_path=None
        right_audio_path=None
    """,
    "tts.client.AsyncTtsClient.infill": """
        * model_id language transcript voice output_format left_audio_path=None
        right_audio_path=None
    """,
    "tts.client.TtsClient.get_output_format": "output_format_name",
    "tts.client.AsyncTtsClient.get_output_format": "output_format_name",
    "tts.socket_client.TtsClientWithWebsocket.websocket": "",
    "tts.socket_client.AsyncTtsClientWithWebsocket.websocket": "",
    "tts._websocket.TtsWebsocket.connect": "",
    "tts._websocket.TtsWebsocket.close": "",
    "tts._websocket.TtsWebsocket.context": "context_id=None",
    "tts._websocket.TtsWebsocket.send": f"""
        * model_id transcript output_format voice context_id=None duration=None language=None
        stream=True {_TIMESTAMPS} {_GENERATION}
    """,
    "tts._websocket._TTSContext.is_closed": "",
    "tts._websocket._TTSContext.send": f"""
        model_id transcript output_format voice context_id=None max_buffer_delay_ms=None
        duration=None language=None stream=True {_TIMESTAMPS} {_GENERATION}
    """,
    "tts._async_websocket.AsyncTtsWebsocket.connect": "",
    "tts._async_websocket.AsyncTtsWebsocket.close": "",
    "tts._async_websocket.AsyncTtsWebsocket.context": "context_id=None",
    "tts._async_websocket.AsyncTtsWebsocket.send": f"""
        * model_id transcript output_format voice context_id=None duration=None language=None
        stream=True {_TIMESTAMPS} {_GENERATION}
    """,
    "tts._async_websocket._AsyncTTSContext.cancel": "",
    "tts._async_websocket._AsyncTTSContext.flush": "",
    "tts._async_websocket._AsyncTTSContext.is_closed": "",
    "tts._async_websocket._AsyncTTSContext.no_more_inputs": "",
    "tts._async_websocket._AsyncTTSContext.receive": "",
    "tts._async_websocket._AsyncTTSContext.send": f"""
        * model_id transcript output_format voice context_id=None duration=None language=None
        stream=True {_TIMESTAMPS} continue_=False max_buffer_delay_ms=None flush=False
        {_GENERATION}
    """,
    "tts.utils.tts.concat_audio_segments": 'left infill right format="wav"',
    "tts.utils.tts.get_output_format": "output_format_name",
}
"""Methods and functions besides `HTTP_METHODS`."""

CLIENT_ATTRIBUTES = "api_status auth infill stt tts voice_changer voices"
