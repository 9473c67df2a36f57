"""Pieces of a voice equal the whole, and what is no voice is refused."""

import io
import zipfile

import numpy as np
import onnx
import onnxruntime
import pytest

from cartesia_server.engines.base import CancelToken
from cartesia_server.engines.piper.config import VoiceConfig
from cartesia_server.engines.piper.models import Models
from cartesia_server.engines.piper.split import UnknownGraphError, split
from cartesia_server.engines.piper.stream import Latent, Stream
from cartesia_server.engines.session import Session
from tests.unit.cartesia_server.engines.piper import tiny

IDS = [1, 0, 12, 0, 14, 0, 3, 0, 20, 0, 21, 0, 5, 0, 2]


def models(**options):
    parsed = VoiceConfig.parse(tiny.config(), "en_US-tiny")
    return Models(split(tiny.voice(**options)), parsed)


def as_published(model, ids, **feeds):
    """What the file that Piper exported makes, and how many frames that is."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    inputs = {
        "input": np.array([ids]),
        "input_lengths": np.array([len(ids)]),
        "scales": np.array([0.0, 1.0, 0.0], np.float32),
        **feeds,
    }
    return session.run(["output"], inputs)[0].reshape(-1)


def in_pieces(models, ids, sizes, speaker=0):
    phonemes = models.encode(ids, speaker, 1.0, CancelToken())
    latent = Latent(models.latent(phonemes, 0, len(ids), 0))
    stream, position = Stream(models, latent, speaker), 0
    pieces: list[np.ndarray] = []
    while position < latent.frames:
        last = min(position + sizes[min(len(pieces), len(sizes) - 1)], latent.frames)
        pieces.append(stream.take(position, last, CancelToken()))
        position = last
    return np.concatenate(pieces)


@pytest.mark.parametrize("sizes", [(1000,), (1,), (3,), (2, 5, 9)])
def test_pieces_equal_the_whole(sizes):
    whole = as_published(tiny.voice(), IDS)
    np.testing.assert_allclose(in_pieces(models(), IDS, sizes), whole, atol=1e-6)


def test_each_speaker_sounds_as_it_does_in_the_whole():
    model = tiny.voice(speakers=3)
    heard = [in_pieces(models(speakers=3), IDS, (4,), speaker) for speaker in range(3)]
    for speaker, samples in enumerate(heard):
        whole = as_published(model, IDS, sid=np.array([speaker]))
        np.testing.assert_allclose(samples, whole, atol=1e-6)
    assert np.abs(heard[0] - heard[1]).max() > 0.01


def test_the_graph_is_cut_where_it_sees_far():
    stages = models().stages
    # The flow; what comes before the rate rises, and the rise; what follows, in finer steps.
    assert [stage.reach for stage in stages] == [4, 5, 2]
    assert [stage.rate for stage in stages] == [1, tiny.HOP, tiny.HOP]


def test_a_stage_of_few_channels_works_on_two_rows_to_the_same_end(monkeypatch):
    stage = models().stages[-1]
    signal = np.random.default_rng(1).normal(size=(1, 4, 41 * tiny.HOP)).astype(np.float32)
    fed: list[int] = []
    run = Session.run

    def noting(self, feeds, *args, **kwargs):
        fed.extend(array.shape[2] for array in feeds.values())
        return run(self, feeds, *args, **kwargs)

    monkeypatch.setattr(Session, "run", noting)
    one = stage.run(signal[:, :, : 4 * tiny.HOP], 0, CancelToken())
    two = stage.run(signal, 0, CancelToken())
    assert fed == [1, 2]
    margin = stage.reach * tiny.HOP
    size = one.shape[2] - margin
    np.testing.assert_allclose(two[:, :, :size], one[:, :, :size], atol=1e-6)
    monkeypatch.setattr(stage, "_narrow", False)
    np.testing.assert_allclose(two, stage.run(signal, 0, CancelToken()), atol=1e-6)


def test_only_stages_that_need_it_hear_of_the_speaker():
    with zipfile.ZipFile(io.BytesIO(split(tiny.voice(speakers=2)))) as file:
        inputs = [
            [
                value.name
                for value in onnxruntime.InferenceSession(
                    file.read(f"stage-{number}.onnx"), providers=["CPUExecutionProvider"]
                ).get_inputs()
            ]
            for number in range(3)
        ]
    assert ["sid" in names for names in inputs] == [False, True, False]


def test_signals_become_pictures_where_nothing_could_mistake_them():
    softened = ("turned = Tanh (masked)", "turned = Softmax <axis = 1> (masked)")
    with zipfile.ZipFile(io.BytesIO(split(tiny.voice(mend=softened)))) as file:
        ranks = [
            len(
                onnx.load_model_from_string(file.read(f"stage-{n}.onnx"))
                .graph.input[0]
                .type.tensor_type.shape.dim
            )
            for n in range(3)
        ]
    assert ranks == [3, 4, 4]
    whole = as_published(tiny.voice(mend=softened), IDS)
    np.testing.assert_allclose(in_pieces(models(mend=softened), IDS, (3,)), whole, atol=1e-6)


def test_noise_is_repeated_and_does_not_depend_on_what_follows():
    noisy = VoiceConfig.parse(tiny.config(noise=0.8), "en_US-tiny")
    loaded = Models(split(tiny.voice()), noisy)
    whole, again = (loaded.encode(IDS, 0, 1.0, CancelToken()) for _ in range(2))
    np.testing.assert_array_equal(whole.durations, again.durations)
    begun = loaded.encode(IDS[:9], 0, 1.0, CancelToken())
    np.testing.assert_array_equal(begun.durations[:7], whole.durations[:7])
    frames = loaded.latent(whole, 0, len(IDS), 0)
    assert np.abs(frames - models().latent(whole, 0, len(IDS), 0)).max() > 0.1
    before = int(whole.durations[:4].sum())
    after = before + int(whole.durations[4:9].sum())
    np.testing.assert_array_equal(loaded.latent(whole, 4, 9, before), frames[:, :, before:after])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "durations = Ceil (long)",
            "durations = Floor (long)",
            "one rounding of durations, found 0",
        ),
        ("noise = RandomNormalLike (mean)", "noise = Tanh (mean)", "one noise of the latent"),
        ("latent = Add (mean, small)", "latent = Add (spread, small)", "not added to means"),
        ("deviation = Exp (spread)", "deviation = Relu (spread)", "one deviation of frames"),
        (
            "mean = Transpose <perm = [0, 2, 1]> (means_frames)",
            "mean = Reshape (means_frames, whim_shape)",
            "not made from phonemes as expected",
        ),
        ("masked = Mul (bent, mask)", "masked = Add (bent, mask)", "depends on phonemes"),
    ],
)
def test_other_graphs_are_refused(old, new, said):
    with pytest.raises(UnknownGraphError, match=said):
        split(tiny.voice(mend=(old, new)))


def test_a_model_of_something_else_is_refused():
    with pytest.raises(UnknownGraphError, match="no ONNX model"):
        split(b"not a model")
    renamed = tiny.voice(mend=("input_lengths", "sizes"))
    with pytest.raises(UnknownGraphError, match="has the inputs input, scales, sizes"):
        split(renamed)
