"""Where the turn detector comes from; what it hears is in tests/models/test_turns.py."""

import logging

import pytest

from cartesia_server.engines import weights
from cartesia_server.engines.smart_turn import MODEL, find
from cartesia_server.engines.weights import Model, Part, WeightFile
from cartesia_server.settings import Settings


@pytest.fixture
def nowhere(monkeypatch):
    """The model as it is registered, of a package that is not installed."""
    [file] = weights.MODELS[MODEL].files
    absent = WeightFile(file.name, file.sha256, (Part("no-such-package", "model.onnx"),))
    monkeypatch.setitem(weights.MODELS, MODEL, Model(MODEL, (absent,)))
    return file.name


def test_without_weights_there_is_no_detector_and_no_warning(nowhere, caplog):
    with caplog.at_level(logging.WARNING):
        assert find(Settings()) is None
    assert caplog.records == []


def test_weights_that_are_others_are_left_out_with_a_warning(nowhere, tmp_path, caplog):
    folder = tmp_path / MODEL
    folder.mkdir()
    (folder / nowhere).write_bytes(b"newer")
    assert find(Settings(model_dir=tmp_path)) is None
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert "does not match" in record.getMessage()
