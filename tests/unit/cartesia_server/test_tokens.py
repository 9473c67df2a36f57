import base64

import pytest

from cartesia_server.tokens import AccessTokens, TokenError, is_token


@pytest.fixture(scope="module")
def tokens():
    return AccessTokens(("one", "two"))


@pytest.mark.parametrize("grants", [[], ["tts"], ["stt", "tts"]])
def test_what_was_granted_is_read_until_it_expires(tokens, grants):
    token = tokens.issue(grants, expires_at=100.5)
    assert is_token(token)
    assert tokens.read(token, now=100.4) == set(grants)
    with pytest.raises(TokenError, match="expired"):
        tokens.read(token, now=100.5)


def test_servers_with_the_same_keys_take_each_others_tokens(tokens):
    token = tokens.issue(["tts"], expires_at=100)
    assert AccessTokens(("two", "one")).read(token, now=0) == {"tts"}
    for others in (("one",), ("one", "two", "three"), ()):
        with pytest.raises(TokenError, match="not one of this server's"):
            AccessTokens(others).read(token, now=0)


def test_servers_without_keys_take_their_own_only():
    one, other = AccessTokens(()), AccessTokens(())
    token = one.issue(["tts"], expires_at=100)
    assert one.read(token, now=0) == {"tts"}
    with pytest.raises(TokenError):
        other.read(token, now=0)


def test_no_bit_of_a_token_can_be_changed(tokens):
    token = tokens.issue(["stt"], expires_at=100)
    prefix = "cartesia_token_"
    text = token.removeprefix(prefix)
    signed = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    for place in range(len(signed)):
        changed = bytes(signed[:place]) + bytes([signed[place] ^ 1]) + bytes(signed[place + 1 :])
        forged = prefix + base64.urlsafe_b64encode(changed).decode().rstrip("=")
        with pytest.raises(TokenError, match="not one of this server's"):
            tokens.read(forged, now=0)


@pytest.mark.parametrize("rest", ["", "x", "é", "AAAA", "A" * 200, "!!", "=" * 9])
def test_nonsense_is_refused(tokens, rest):
    with pytest.raises(TokenError, match="not one of this server's"):
        tokens.read("cartesia_token_" + rest, now=0)
