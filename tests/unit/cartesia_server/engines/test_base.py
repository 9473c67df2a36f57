import pytest

from cartesia_server.engines.base import Cancelled, CancelToken


def test_cancelling_calls_what_can_be_cut_short():
    token, calls = CancelToken(), []
    with token.calling(lambda: calls.append("stop")):
        assert calls == []
        token.cancel()
        assert calls == ["stop"]
    with pytest.raises(Cancelled):
        token.raise_if_cancelled()


def test_what_begins_too_late_is_stopped_at_once():
    token, calls = CancelToken(), []
    token.cancel()
    with token.calling(lambda: calls.append("stop")):
        assert calls == ["stop"]


def test_what_is_over_is_not_called():
    token, calls = CancelToken(), []
    with token.calling(lambda: calls.append("stop")):
        pass
    token.cancel()
    assert calls == []


def test_several_can_be_under_way():
    token, calls = CancelToken(), []
    with token.calling(lambda: calls.append(1)), token.calling(lambda: calls.append(2)):
        token.cancel()
    assert calls == [1, 2]
