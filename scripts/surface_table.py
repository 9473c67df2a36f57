"""The public surface: which name can be imported from where.

``generate_surface.py`` makes the path modules from this table, and the tests compare the package
with it, name by name. A table is text: one module a line, its names after the colon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Package:
    """One sub-package of ``cartesia`` that exports messages.

    Attributes:
        doc: what it is for.
        messages: its models and unions, by module of ``types``; each has a ``...Params``
            TypedDict in the module of ``requests`` with the same name.
        values: names without such a TypedDict, by module of ``types``.
        modules: further modules in it, written by hand.
    """

    doc: str
    messages: str = ""
    values: str = ""
    modules: str = ""


PACKAGES: Final = {
    "api_status": Package(
        doc="Whether the service is up.",
        messages="api_info: ApiInfo",
        modules="client",
    ),
    "auth": Package(
        doc="Short-lived tokens for browsers and other clients.",
        messages="""
            token_grant: TokenGrant
            token_request: TokenRequest
            token_response: TokenResponse
        """,
        modules="client",
    ),
    "datasets": Package(
        doc="Collections of recordings for fine-tuning: the messages alone.",
        messages="""
            create_dataset_request: CreateDatasetRequest
            dataset: Dataset
            dataset_file: DatasetFile
            paginated_dataset_files: PaginatedDatasetFiles
            paginated_datasets: PaginatedDatasets
        """,
        values="file_purpose: FilePurpose",
    ),
    "embedding": Package(
        doc="The embedding of a voice.",
        values="embedding: Embedding",
    ),
    "infill": Package(
        doc="Speech that fits between two recordings.",
        modules="client",
    ),
    "stt": Package(
        doc="Speech to text.",
        messages="""
            done_message: DoneMessage
            error_message: ErrorMessage
            flush_done_message: FlushDoneMessage
            streaming_transcription_response: StreamingTranscriptionResponse
            streaming_transcription_response: StreamingTranscriptionResponse_Done
            streaming_transcription_response: StreamingTranscriptionResponse_Error
            streaming_transcription_response: StreamingTranscriptionResponse_FlushDone
            streaming_transcription_response: StreamingTranscriptionResponse_Transcript
            transcript_message: TranscriptMessage
            transcription_response: TranscriptionResponse
            transcription_word: TranscriptionWord
            turns: TurnEagerEnd TurnEnd TurnEvent TurnResume TurnStart TurnUpdate
        """,
        values="""
            stt_encoding: SttEncoding
            timestamp_granularity: TimestampGranularity
        """,
        modules="client socket_client",
    ),
    "tts": Package(
        doc="Text to speech.",
        messages="""
            cancel_context_request: CancelContextRequest
            controls: Controls
            generation_config: GenerationConfig
            generation_request: GenerationRequest
            mp_3_output_format: Mp3OutputFormat
            output_format: OutputFormat OutputFormat_Mp3 OutputFormat_Raw OutputFormat_Wav
            phoneme_timestamps: PhonemeTimestamps
            raw_output_format: RawOutputFormat
            speed: Speed
            sse_output_format: SseOutputFormat
            tts_request: TtsRequest
            tts_request_embedding_specifier: TtsRequestEmbeddingSpecifier
            tts_request_id_specifier: TtsRequestIdSpecifier
            tts_request_voice_specifier: TtsRequestVoiceSpecifier
            ttssse_request: TtssseRequest
            wav_output_format: WavOutputFormat
            web_socket_base_response: WebSocketBaseResponse
            web_socket_chunk_response: WebSocketChunkResponse
            web_socket_done_response: WebSocketDoneResponse
            web_socket_error_response: WebSocketErrorResponse
            web_socket_flush_done_response: WebSocketFlushDoneResponse
            web_socket_phoneme_timestamps_response: WebSocketPhonemeTimestampsResponse
            web_socket_raw_output_format: WebSocketRawOutputFormat
            web_socket_request: WebSocketRequest
            web_socket_response: WebSocketResponse
            web_socket_response: WebSocketResponse_Chunk
            web_socket_response: WebSocketResponse_Done
            web_socket_response: WebSocketResponse_Error
            web_socket_response: WebSocketResponse_FlushDone
            web_socket_response: WebSocketResponse_PhonemeTimestamps
            web_socket_response: WebSocketResponse_Timestamps
            web_socket_stream_options: WebSocketStreamOptions
            web_socket_timestamps_response: WebSocketTimestampsResponse
            web_socket_tts_output: WebSocketTtsOutput
            web_socket_tts_request: WebSocketTtsRequest
            word_timestamps: WordTimestamps
        """,
        values="""
            context_id: ContextId
            emotion: Emotion
            emotion_deprecated: EmotionDeprecated
            flush_id: FlushId
            model_speed: ModelSpeed
            natural_specifier: NaturalSpecifier
            numerical_specifier: NumericalSpecifier
            raw_encoding: RawEncoding
            supported_language: SupportedLanguage
        """,
        modules="client socket_client utils",
    ),
    "voice_changer": Package(
        doc="A recording spoken again by another voice.",
        messages="""
            streaming_response: StreamingResponse StreamingResponse_Chunk
            streaming_response: StreamingResponse_Done StreamingResponse_Error
        """,
        values="output_format_container: OutputFormatContainer",
        modules="client",
    ),
    "voices": Package(
        doc="Listing, making and changing voices.",
        messages="""
            create_voice_request: CreateVoiceRequest
            embedding_response: EmbeddingResponse
            embedding_specifier: EmbeddingSpecifier
            get_voices_response: GetVoicesResponse
            id_specifier: IdSpecifier
            localize_dialect: LocalizeDialect
            localize_voice_request: LocalizeVoiceRequest
            mix_voice_specifier: MixVoiceSpecifier
            mix_voices_request: MixVoicesRequest
            update_voice_request: UpdateVoiceRequest
            voice: Voice
            voice_metadata: VoiceMetadata
        """,
        values="""
            base_voice_id: BaseVoiceId
            clone_mode: CloneMode
            gender: Gender
            gender_presentation: GenderPresentation
            localize_english_dialect: LocalizeEnglishDialect
            localize_french_dialect: LocalizeFrenchDialect
            localize_portuguese_dialect: LocalizePortugueseDialect
            localize_spanish_dialect: LocalizeSpanishDialect
            localize_target_language: LocalizeTargetLanguage
            voice_expand_options: VoiceExpandOptions
            voice_id: VoiceId
            weight: Weight
        """,
        modules="client",
    ),
}
"""The sub-packages with messages."""

CORE: Final = """
    api_error: ApiError
    client_wrapper: AsyncClientWrapper BaseClientWrapper SyncClientWrapper
    datetime_utils: serialize_datetime
    file: File convert_file_dict_to_httpx_tuples with_content_type
    http_client: AsyncHttpClient HttpClient
    jsonable_encoder: jsonable_encoder
    pagination: AsyncPager SyncPager
    pydantic_utilities: IS_PYDANTIC_V2 UniversalBaseModel UniversalRootModel parse_obj_as
    pydantic_utilities: universal_field_validator universal_root_validator update_forward_refs
    query_encoder: encode_query
    remove_none_from_dict: remove_none_from_dict
    request_options: RequestOptions
    serialization: FieldMetadata convert_and_respect_annotation_metadata
"""
"""What ``cartesia.core`` exports, by the module of it that defines the name."""

TOP: Final = """
    client: AsyncCartesia Cartesia
    environment: CartesiaEnvironment
    version: __version__
"""
"""What ``cartesia`` exports besides the names of `PACKAGES`, by module."""

TOP_MODULES: Final = "base_client core"
"""Modules that ``import cartesia`` makes reachable, besides those of `PACKAGES` and `TOP`."""

MODULES: Final = """
    cartesia.base_client: AsyncBaseCartesia BaseCartesia
    cartesia.client: AsyncCartesia Cartesia
    cartesia.environment: CartesiaEnvironment
    cartesia.version: __version__
    cartesia.core.file: FileContent
    cartesia.core.http_client: get_request_body
    cartesia.core.pagination: AsyncPage AsyncPager BasePage SyncPage SyncPager
    cartesia.api_status.client: ApiStatusClient AsyncApiStatusClient
    cartesia.auth.client: AsyncAuthClient AuthClient
    cartesia.infill.client: AsyncInfillClient InfillClient
    cartesia.stt._async_turns: AsyncSttTurns
    cartesia.stt._async_websocket: AsyncSttWebsocket
    cartesia.stt._turns: SttTurns
    cartesia.stt._websocket: SttWebsocket
    cartesia.stt.client: AsyncSttClient SttClient
    cartesia.stt.socket_client: AsyncSttClientWithWebsocket SttClientWithWebsocket
    cartesia.tts._async_websocket: AsyncTtsWebsocket _AsyncTTSContext
    cartesia.tts._websocket: TtsWebsocket _TTSContext
    cartesia.tts.client: AsyncTtsClient TtsClient
    cartesia.tts.socket_client: AsyncTtsClientWithWebsocket TtsClientWithWebsocket
    cartesia.tts.utils.constants: BACKOFF_FACTOR DEFAULT_BASE_URL DEFAULT_CARTESIA_VERSION
    cartesia.tts.utils.constants: DEFAULT_MODEL_ID DEFAULT_NUM_CONNECTIONS DEFAULT_OUTPUT_FORMAT
    cartesia.tts.utils.constants: DEFAULT_TIMEOUT DEFAULT_VOICE_EMBEDDING MAX_RETRIES
    cartesia.tts.utils.constants: MULTILINGUAL_MODEL_ID
    cartesia.tts.utils.tts: concat_audio_segments get_output_format
    cartesia.tts.utils.types: OutputFormatMapping
    cartesia.voice_changer.client: AsyncVoiceChangerClient VoiceChangerClient
    cartesia.voices.client: AsyncVoicesClient VoicesClient
"""
"""Names of 2.0.x in modules written by hand; not generated, only tested."""

WIRE_TTS: Final = "formats outputs requests responses specifiers values"
"""The modules whose public names ``cartesia.wire.tts`` gathers."""


def parse(table: str) -> dict[str, list[str]]:
    """Read a table: names by module, in the order of the table."""
    modules: dict[str, list[str]] = {}
    for line in filter(None, map(str.strip, table.splitlines())):
        module, _, names = line.partition(":")
        modules.setdefault(module, []).extend(names.split())
    return modules
