"""Constants of 2.x. The clients do not read them; see `cartesia.core.client_config`."""

from __future__ import annotations

from typing import Final

DEFAULT_MODEL_ID: Final = "sonic-2"
MULTILINGUAL_MODEL_ID: Final = "sonic-2"
DEFAULT_BASE_URL: Final = "api.cartesia.ai"
DEFAULT_CARTESIA_VERSION: Final = "2024-06-10"
DEFAULT_TIMEOUT: Final = 30
DEFAULT_NUM_CONNECTIONS: Final = 10
DEFAULT_OUTPUT_FORMAT: Final = "raw_pcm_f32le_44100"
DEFAULT_VOICE_EMBEDDING: Final = [1.0] * 192
BACKOFF_FACTOR: Final = 1
MAX_RETRIES: Final = 3
