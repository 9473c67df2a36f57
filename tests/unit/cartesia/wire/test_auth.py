"""Access tokens."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from cartesia.wire.auth import TokenGrant, TokenRequest, TokenResponse


def test_a_token_shows_in_no_text() -> None:
    response = TokenResponse.model_validate_json('{"token": "secret-1"}')
    assert response.token == "secret-1"
    assert "secret" not in repr(response) + str(response)
    with pytest.raises(ValidationError) as caught:
        TokenResponse.model_validate_json('{"token": ["secret-2"]}')
    assert "secret" not in str(caught.value)


def test_grants_are_optional() -> None:
    assert TokenRequest().dict() == {}
    assert TokenRequest(grants=TokenGrant(tts=True)).dict() == {"grants": {"tts": True}}
