"""Japanese and Chinese with their real dictionaries and the real voices."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import soxr
from faster_whisper import WhisperModel
from pypinyin import Style, lazy_pinyin

from cartesia import Cartesia
from cartesia_server.engines.base import CancelToken, PreparedText, SpeechControls, SpokenWord
from cartesia_server.engines.kokoro import create
from cartesia_server.engines.weights import resolve
from cartesia_server.settings import Settings
from cartesia_server.text.prepare import prepare
from cartesia_server.voices.catalogue import Catalogue

# ruff: noqa: RUF001 -- the punctuation and phonetic letters look like others


def only(text: str, language: str) -> PreparedText:
    (part,) = prepare(text, language)
    return part


def grouped(part: PreparedText) -> str:
    """What is said, words divided by spaces."""
    return "".join(_shown(word) for word in part.spoken).strip()


def _shown(word: SpokenWord) -> str:
    return ("" if word.joined else " ") + (word.phonemes.replace(" ", "") or word.pause)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("你好。", "ni˧˥xa͡u˨˩˦."),
        ("我们去银行。", "wo˨˩˦mən t͡ɕʰy˥˩ i˧˥nxa˧˥ŋ."),
        ("重庆很长", "ʈ͡ʂʰʊ˧˥ŋt͡ɕʰi˥˩ŋ xə˨˩˦nʈ͡ʂʰa˧˥ŋ"),
        ("不要一个人走！", "pu˧˥ja͡u˥˩ i˧˥kɤ˥˩ ɻə˧˥n t͡so͡u˨˩˦!"),
        ("第一次", "ti˥˩i˥t͡sʰɨ˥˩"),
        ("2个，50%", "lja˨˩˦ŋkɤ˥˩, pa͡i˨˩˦fə˥nʈ͡ʂɨ˥u˨˩˦ʂɨ˧˥"),
        ("用Python写", "jʊ˥˩ŋ pˈa͡ɪθən ɕje˨˩˦"),
        ("三只猫慢慢地走", "sa˥nʈ͡ʂɨ˥ ma͡u˥ ma˥˩nma˥˩n tɤ t͡so͡u˨˩˦"),
        ("还有Wi-Fi", "xa͡i˧˥jo͡u˨˩˦ wˈa͡ɪfˌa͡ɪ"),
        ("还没还款", "xa͡i˧˥ me͡i˧˥ xwa˧˥nkʰwa˨˩˦n"),
        ("已经还了", "i˨˩˦t͡ɕi˥ŋ xwa˧˥n lɤ"),
        ("學習漢語", "ɕɥe˧˥ɕi˧˥ xa˥˩ny˨˩˦"),
    ],
)
def test_chinese_is_read(text, said):
    assert grouped(only(text, "zh")) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("今日は。", "kʲoː βa."),
        ("東京へ行きました！", "toːkʲoː e ikʲimaɕita!"),
        ("新聞を読んで、寝る", "ɕimbɯɴ o joɴde, neɾɯ"),
        ("3本と一人", "saɴboɴ to çitoɾʲi"),
        ("午後3時", "ɡoɡo saɴd͡ʑi"),
        ("$5です", "ɡodoɾɯdesɨ"),
        ("GPTを使う", "d͡ʑiːpʲiːtʲiː o t͡sɨkaɯ"),
        ("Xyzabを使う", "zˈa͡ɪzæb o t͡sɨkaɯ"),
    ],
)
def test_japanese_is_read(text, said):
    assert grouped(only(text, "ja")) == said


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "“你好”，我们在2024年3月5日花$3.50买了２本Python书……😀然后走了！"),
        ("ja", "「申し込み」は2024年3月5日（火）まで、$3.50です…😀Pythonで使う！"),
        ("zh", "今天 下雨\n吗？ABC"),
        ("ja", "か\u3099くせい　です。ﾊﾝｶｸ、１２３。"),
    ],
)
def test_every_character_is_there_and_has_a_spoken_word(language, text):
    parts = prepare(text, language)
    assert "".join(word for part in parts for word in part.written) == "".join(text.split())
    for part in parts:
        owners = [word.written for word in part.spoken]
        assert owners == sorted(owners)
        assert set(owners) == set(range(len(part.written)))


def test_a_long_word_is_divided_among_its_characters():
    part = only("申し込み", "ja")
    assert [(word.text, word.phonemes) for word in part.spoken] == [
        ("申", "moː"),
        ("し", "ɕi"),
        ("込", "ko"),
        ("み", "mʲi"),
    ]


@pytest.fixture(scope="module")
def engine():
    engine = create(Settings())
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def ear() -> WhisperModel:
    weights = resolve("whisper-base")
    return WhisperModel(weights.model.name, compute_type="int8", files=weights.read_all())


def kana(text: str) -> list[str]:
    import pyopenjtalk

    return [letter for letter in pyopenjtalk.g2p(text, kana=True) if "ァ" <= letter <= "ー"]


def pinyin(text: str) -> list[str]:
    plain = "".join(letter for letter in text if "\u4e00" <= letter <= "\u9fff")
    return lazy_pinyin(plain, style=Style.NORMAL)


@pytest.mark.parametrize(
    ("language", "sentence", "reading", "prompt"),
    [
        ("ja", "妹は海の近くの病院で働いています。", kana, "以下は日本語の文です。"),
        ("zh", "老师很有耐心地讲解了这一课。", pinyin, "以下是普通话的句子。"),
    ],
)
def test_an_ear_hears_what_was_said(engine, ear, language, sentence, reading, prompt):
    voice = Catalogue.load().default(language)
    assert voice is not None
    part = only(sentence, language)
    plan = engine.plan(part, voice.embedding, SpeechControls())
    chunks = list(plan.chunks(CancelToken()))
    audio = soxr.resample(np.concatenate([chunk.samples for chunk in chunks]), 24_000, 16_000)
    segments, _ = ear.transcribe(audio, language=language, beam_size=5, initial_prompt=prompt)
    wanted, got = reading(sentence), reading("".join(segment.text for segment in segments))
    assert sum(one != other for one, other in zip(wanted, got, strict=False)) <= 2, got
    assert abs(len(wanted) - len(got)) <= 2
    times = [word for chunk in chunks for word in chunk.words]
    assert [word.index for word in times] == list(range(len(part.spoken)))
    assert all(one.end <= other.start for one, other in itertools.pairwise(times))


def test_a_context_speaks_chinese_as_it_arrives(real_server):
    pieces = ["你好，世", "界。我有2", "只猫，你呢？"]
    voice = Catalogue.load().default("zh")
    assert voice is not None
    with Cartesia(base_url=real_server) as client, client.tts.websocket() as socket:
        outputs = socket.context().send(
            model_id="sonic-2",
            transcript=iter(pieces),
            voice={"id": voice.id},
            output_format={"container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000},
            add_timestamps=True,
        )
        times = [output.word_timestamps for output in outputs if output.word_timestamps]
    words = [word for part in times for word in part.words]
    starts = [start for part in times for start in part.start]
    ends = [end for part in times for end in part.end]
    assert words == list("".join(pieces))
    assert starts[0] < ends[-1]
    assert all(one <= other for one, other in zip(starts, ends, strict=True))
    assert all(one <= other for one, other in zip(ends, starts[1:], strict=False))
