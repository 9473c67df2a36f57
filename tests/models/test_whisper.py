"""The transcription engine on recorded speech, and on sound that is no speech."""

import difflib
import json
import re

import jiwer
import numpy as np
import pytest

from cartesia_server.audio.decode import decode_upload
from cartesia_server.engines.base import Cancelled, CancelToken, Lead
from cartesia_server.engines.whisper import create
from cartesia_server.engines.whisper.recognizer import Recognizer
from cartesia_server.settings import Settings

RATE = 16000
CLIPS = (
    "ls-1688-142285-0006",
    "ls-3005-163389-0001",
    "ls-367-130732-0004",
    "ls-1089-134691-0001",
    "lj-LJ001-0007",
)


@pytest.fixture(scope="module")
def engine():
    engine = create(Settings())
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def manifest(speech_dir):
    lines = (speech_dir / "manifest.jsonl").read_text().splitlines()
    return {entry["id"]: entry for entry in map(json.loads, lines)}


@pytest.fixture(scope="module")
def aligned(speech_dir):
    """When an independent aligner hears each word of a clip."""
    lines = (speech_dir / "words.jsonl").read_text().splitlines()
    return {entry["id"]: entry["words"] for entry in map(json.loads, lines)}


@pytest.fixture(scope="module")
def clip(speech_dir, manifest):
    return lambda name: decode_upload(speech_dir / manifest[name]["file"], max_seconds=60)


def test_without_room_for_temporary_files_it_loads_all_the_same(monkeypatch, tmp_path, clip):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    engine = create(Settings())
    assert "you have done quite right" in plain(text(hear(engine, clip(CLIPS[0]))))
    engine.close()


def hear(engine, samples, **options):
    heard = engine.transcribe(samples, "en", CancelToken(), **options)
    return [segment for segment in heard if segment is not None]


def text(segments):
    return " ".join(segment.text for segment in segments)


def plain(words):
    return re.sub(r"[^a-z' ]", "", words.lower().replace("-", " ").replace("mr.", "mister"))


def test_clips_are_recognised_with_words_where_they_are_said(engine, clip, manifest, aligned):
    said, heard, off = [], [], []
    for name in CLIPS:
        segments = hear(engine, clip(name))
        words = [word for segment in segments for word in segment.words]
        said.append(plain(manifest[name]["text"]))
        heard.append(plain(text(segments)))
        times = [time for word in words for time in (word.start, word.end)]
        assert times == sorted(times)
        assert times[-1] <= manifest[name]["seconds"]
        off += distances(words, aligned[name])
    assert jiwer.wer(said, heard) <= 0.1
    assert len(off) > 100
    assert np.median(off) <= 0.12


def distances(words, aligned):
    """How far starts and ends of words are from where the aligner puts them, in seconds."""
    ours, theirs = [plain(word.text) for word in words], [plain(word) for word, *_ in aligned]
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    found = []
    for a, b, size in matcher.get_matching_blocks():
        for word, (_, start, end) in zip(words[a : a + size], aligned[b : b + size], strict=True):
            found += [abs(word.start - start), abs(word.end - end)]
    return found


def test_long_speech_is_heard_in_windows_without_loss(engine, clip, manifest):
    names = [f"ls-1688-142285-000{number}" for number in (3, 4, 6, 7, 2, 8)]
    segments = hear(engine, np.concatenate([clip(name) for name in names]))
    assert len(segments) >= 2
    assert all(segment.end - segment.start <= 30 for segment in segments)
    said = plain(" ".join(manifest[name]["text"] for name in names))
    assert jiwer.wer(said, plain(text(segments))) <= 0.15


def test_what_is_known_already_is_not_said_again(engine, clip):
    samples = clip(
        "ls-3005-163389-0001"
    )  # "Tear down the fence" twice, after a word of the author's
    [whole] = hear(engine, samples)
    known = [word for word in whole.words if word.end < 3.0]
    lead = Lead(known[-1].end, " ".join(word.text for word in known))
    rest = hear(engine, samples, lead=lead)
    assert plain(text(rest)).split() == plain(whole.text).split()[len(known) :]
    assert rest[0].start >= lead.seconds - 0.2


def test_what_follows_a_pause_begins_after_it(engine, clip):
    samples, pause = clip("ls-1688-142285-0002"), np.zeros(RATE, np.float32)
    [known] = hear(engine, samples)
    lead = Lead((len(samples) + len(pause)) / RATE, known.text)
    [rest] = hear(engine, np.concatenate((samples, pause, samples)), lead=lead)
    assert plain(rest.text) == plain(known.text)
    assert lead.seconds <= rest.start <= lead.seconds + 0.5
    assert [word.start for word in rest.words] == sorted(word.start for word in rest.words)


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("ls-2414-128291-0000", "ls-2414-128291-0003"),
        ("ls-367-130732-0008", "ls-367-130732-0009"),
    ],
)
def test_behind_a_lead_it_seldom_has_to_begin_again(
    engine, clip, manifest, aligned, monkeypatch, before, name
):
    """Both ran away in a window that ended 0.5 s after them."""
    sane = []
    decode = Recognizer._decode

    def noted(*args, **options):
        found = decode(*args, **options)
        sane.append(found.sane)
        return found

    monkeypatch.setattr(Recognizer, "_decode", noted)
    end = round((aligned[name][-1][2] + 0.2) * RATE)
    known = np.concatenate((clip(before), np.zeros(round(2.5 * RATE), np.float32)))
    lead = Lead(len(known) / RATE, manifest[before]["text"].capitalize() + ".")
    assert hear(engine, np.concatenate((known, clip(name)[:end])), lead=lead)
    assert sane == [True]


@pytest.mark.parametrize("kind", ["silence", "white", "hum", "clicks", "rumble"])
def test_sound_that_is_no_speech_has_no_words(engine, kind):
    random = np.random.default_rng(1)
    time = np.arange(12 * RATE) / RATE
    sounds = {
        "silence": np.zeros_like(time),
        "white": 0.1 * random.standard_normal(len(time)),
        "hum": 0.3 * np.sin(2 * np.pi * 50 * time) + 0.1 * np.sin(2 * np.pi * 150 * time),
        "clicks": (random.random(len(time)) < 0.0005).astype(float),
        "rumble": np.cumsum(random.standard_normal(len(time))) / 2000,
    }
    assert hear(engine, np.clip(sounds[kind], -1, 1).astype(np.float32)) == []


def test_a_draft_is_close_to_the_transcript(engine, clip, manifest):
    name = CLIPS[3]
    draft = engine.draft(clip(name), "en", CancelToken())
    assert jiwer.wer(plain(manifest[name]["text"]), plain(draft.text)) <= 0.2
    assert draft.words == ()
    timed = engine.draft(clip(name), "en", CancelToken(), word_times=True)
    assert (timed.text, [word.text for word in timed.words]) == (draft.text, draft.text.split())
    times = [time for word in timed.words for time in (word.start, word.end)]
    assert times == sorted(times)


def test_languages_are_told_apart(engine, speech_dir):
    french = decode_upload(speech_dir / "audio" / "ast-fr-vm-rec-temp.flac", max_seconds=60)
    spoken = engine.detect_language(french)
    assert (spoken.code, spoken.probability > 0.5) == ("fr", True)
    among = engine.detect_language(french[: 2 * RATE], ["en", "es", "fr", "hi", "ja"])
    assert (among.code, among.probability > 0.7) == ("fr", True)
    assert {"en", "fr", "ja"} <= set(engine.capabilities.languages)


def test_cancelled_work_ends(engine, clip):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(engine.transcribe(clip(CLIPS[3]), "en", cancel))
    with pytest.raises(Cancelled):
        engine.draft(clip(CLIPS[3]), "en", cancel)


def test_a_stream_of_any_pieces_is_judged_alike(engine, clip):
    samples = clip(CLIPS[3])
    whole = engine.voice_detector().feed(samples)
    stream = engine.voice_detector()
    pieces = [stream.feed(samples[at : at + 333]) for at in range(0, len(samples), 333)]
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=1e-5)
    assert (whole > 0.5).mean() > 0.5
