"""Where the service lives."""

from __future__ import annotations

from enum import Enum


class CartesiaEnvironment(Enum):
    """Addresses of the cloud service; `base_url` of a client leads to other servers."""

    PRODUCTION = "https://api.cartesia.ai"
