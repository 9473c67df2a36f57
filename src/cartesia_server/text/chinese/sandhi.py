"""How tones of Mandarin change in company: 不, 一, third tones, and syllables that lose theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cartesia_server.text.chinese.syllables import NEUTRAL, Syllable
from cartesia_server.text.punctuation import word_set

_DIGITS = frozenset("零一二三四五六七八九")
_DATES = frozenset("月日号")
_SUFFIXES = frozenset("子头们边")
_TONED_SUFFIXES = word_set(
    "孔子 老子 孟子 庄子 君子 女子 男子 原子 分子 电子 量子 粒子 中子 质子 种子 街头 镜头 巨头 "
    "身边 旁边 一边"
)
"""Words whose last character is no mere suffix."""

_TWICE = frozenset("爸妈哥姐弟妹爷奶叔舅姑婶婆宝星谢看试想听说走聊尝问读写坐")
"""Of these, said twice, the second has no tone."""

_TONELESS = word_set(
    "东西 朋友 衣服 名字 先生 学生 喜欢 知道 认识 告诉 休息 时候 地方 意思 事情 消息 关系 眼睛 "
    "耳朵 头发 嘴巴 月亮 明白 清楚 漂亮 舒服 便宜 客气 麻烦 热闹 聪明 老实 结实 暖和 凉快 干净 "
    "多少 什么 怎么 那么 这么 觉得 晓得 懂得 记得 晚上 早上 部分 生意 师傅 大夫 护士 丈夫 亲戚 "
    "姑娘 媳妇 商量 打听 打扮 打算 收拾 招呼 葡萄 萝卜 豆腐 点心 玻璃 窗户 钥匙 别人 本事 力气 "
    "脾气 运气 笑话 故事 规矩 主意 功夫 厉害 包袱 行李 胳膊 脑袋 我们 你们 他们 她们 它们 咱们"
)
"""Words whose last syllable has no tone."""


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word and its syllables, one for each of its characters."""

    text: str
    syllables: tuple[Syllable, ...]


def as_heard(words: Sequence[ReadWord]) -> list[ReadWord]:
    """The words of a clause with the tones that are heard.

    Args:
        words: in order, with the tones of a dictionary.
    """
    text = "".join(word.text for word in words)
    tones = [syllable.tone for word in words for syllable in word.syllables]
    starts = [sum(len(word.text) for word in words[:index]) for index in range(len(words))]
    for word, start in zip(words, starts, strict=True):
        _lighten(word.text, start, tones)
    for word, start in zip(words, starts, strict=True):
        _negate_and_count(word.text, start, text, tones)
    for word, start in zip(words, starts, strict=True):
        _raise_thirds(len(word.text), start, tones)
    _raise_across(words, starts, tones)
    return [
        replace(
            word,
            syllables=tuple(
                replace(syllable, tone=tone)
                for syllable, tone in zip(word.syllables, tones[start:], strict=False)
            ),
        )
        for word, start in zip(words, starts, strict=True)
    ]


def _lighten(word: str, start: int, tones: list[int]) -> None:
    last = start + len(word) - 1
    suffixed = word[-1] in _SUFFIXES and word not in _TONED_SUFFIXES
    doubled = len(word) == 2 and word[0] == word[1] and word[0] in _TWICE
    if len(word) > 1 and (word in _TONELESS or suffixed or doubled):
        tones[last] = NEUTRAL
    elif len(word) == 3 and word[0] == word[2] and word[1] in "一不":
        tones[start + 1] = NEUTRAL  # 看一看, 好不好


def _negate_and_count(word: str, start: int, text: str, tones: list[int]) -> None:
    """不 and 一 take their tone from the syllable that follows."""
    for index in range(start, min(start + len(word), len(tones) - 1)):
        following = tones[index + 1]
        if tones[index] == NEUTRAL:
            continue
        if text[index] == "不":
            tones[index] = 2 if following == 4 else 4
        elif text[index] == "一" and _is_counted(word, index - start, text, index):
            tones[index] = 2 if following in (4, NEUTRAL) else 4


def _is_counted(word: str, position: int, text: str, index: int) -> bool:
    """Whether this 一 counts what follows: it keeps its tone in ordinals, dates and digits."""
    before, after = text[index - 1] if index else "", text[index + 1]
    if before in ("第", "初", "十") or before in _DIGITS or after in _DIGITS or after in _DATES:
        return False
    return word == "一" or position < len(word) - 1


def _raise_thirds(length: int, start: int, tones: list[int]) -> None:
    """Inside a word a third tone before a third is a second; words of four are two and two."""
    for index in range(start, start + length - 1):
        if tones[index] == tones[index + 1] == 3 and not (length == 4 and index == start + 1):
            tones[index] = 2


def _raise_across(words: Sequence[ReadWord], starts: Sequence[int], tones: list[int]) -> None:
    """Between words only where one of them has a single syllable, which leans on the other."""
    for index in range(len(words) - 1):
        border = starts[index + 1]
        short = len(words[index].text) == 1 or len(words[index + 1].text) == 1
        if short and tones[border - 1] == tones[border] == 3:
            tones[border - 1] = 2
