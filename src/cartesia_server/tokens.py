"""Access tokens: what a browser holds instead of a key, for some of the API and for a while.

A token is its own record: what it permits and until when, signed with HMAC-SHA256 (RFC 2104), so a
server keeps no list of them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence

import pydantic_core

LONGEST = 3600
"""Seconds that a token may be good for."""

GRANTS = ("tts", "stt", "agent")
"""What a token may permit."""

_PREFIX = "cartesia_token_"
_SIGNATURE = hashlib.sha256().digest_size


class TokenError(ValueError):
    """A token is not good; the message says why and does not show it."""


class AccessTokens:
    """Issues and reads tokens. Immutable; share one among threads.

    Servers that know the same keys take each other's tokens, also after a restart; when a key is
    added or withdrawn, all tokens end. Without keys, tokens end with the server.

    Args:
        api_keys: keys of the server.
    """

    def __init__(self, api_keys: Sequence[str]) -> None:
        self._secret = _derived(api_keys) if api_keys else secrets.token_bytes(32)

    def issue(self, grants: Iterable[str], *, expires_at: float) -> str:
        """Return a token.

        Args:
            grants: what it permits, of `GRANTS`.
            expires_at: when it ends, in seconds since 1970.
        """
        record = pydantic_core.to_json({"grants": sorted(grants), "expires_at": expires_at})
        return _PREFIX + urlsafe_b64encode(self._signature(record) + record).decode().rstrip("=")

    def read(self, token: str, *, now: float) -> frozenset[str]:
        """Return what a token permits.

        Args:
            token: as `issue` returned it.
            now: seconds since 1970.

        Raises:
            TokenError: it is not from here, was changed, or has expired.
        """
        text = token.removeprefix(_PREFIX)
        try:
            signed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            signed = b""
        signature, record = signed[:_SIGNATURE], signed[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._signature(record)):
            raise TokenError("this access token is not one of this server's")
        fields = pydantic_core.from_json(record)
        if fields["expires_at"] <= now:
            raise TokenError("this access token has expired; POST /access-token gives a new one")
        return frozenset(fields["grants"])

    def _signature(self, record: bytes) -> bytes:
        return hmac.digest(self._secret, record, "sha256")


def is_token(credential: str) -> bool:
    """Whether what a caller presents is a token rather than a key, good or not."""
    return credential.startswith(_PREFIX)


def _derived(api_keys: Sequence[str]) -> bytes:
    # Slow by design: whoever holds a token could otherwise try to guess a weak key with it.
    known = "\n".join(sorted(api_keys)).encode()
    return hashlib.scrypt(known, salt=b"cartesia access tokens", n=1 << 14, r=8, p=1, dklen=32)
