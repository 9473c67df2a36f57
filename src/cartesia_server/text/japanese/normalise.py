"""Written Japanese to what Open JTalk reads aright: it knows numbers, units and most signs."""

from __future__ import annotations

import re

from cartesia_server.text.rewrite import NARROW, Rewritten, Rule

# ruff: noqa: RUF001 -- signs look alike

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_EDGE = r"(?<![\d.,A-Za-z/-])"

_CURRENCIES = {
    "$": "ドル",
    "US$": "ドル",
    "€": "ユーロ",
    "£": "ポンド",
    "¥": "円",
    "￥": "円",
    "₩": "ウォン",
}
_SIGNS = {
    "=": "イコール",
    "±": "プラスマイナス",
    "≈": "約",
    "<": "小なり",
    ">": "大なり",
    "→": "から",
    "²": "平方",
}


def _date(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return found[0]
    return f"{year}年{int(month)}月{int(day)}日"


def _time(found: re.Match[str]) -> str:
    hour, minute, second = found.groups()
    if int(hour) > 24:
        return found[0]
    said = f"{int(hour)}時" + (f"{int(minute)}分" if int(minute) or second else "")
    return said + (f"{int(second)}秒" if second else "")


_RULES: tuple[Rule, ...] = (
    NARROW,
    (re.compile(r"https?://(?:www\.)?"), lambda _: ""),
    (re.compile(r"(?<=[A-Za-z\d])\.(?=[A-Za-z]{2})"), lambda _: "ドット"),
    (re.compile(r"(?<=[A-Za-z])/(?=[A-Za-z])"), lambda _: "スラッシュ"),
    (re.compile(rf"{_EDGE}(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?!\d)"), _date),
    (re.compile(rf"{_EDGE}(\d{{1,2}}):([0-5]\d)(?::([0-5]\d))?(?!\d)"), _time),
    (
        re.compile(rf"(US\$|[$€£¥￥₩])({_NUMBER})([万億兆千]*)"),
        lambda found: f"{found[2]}{found[3]}{_CURRENCIES[found[1]]}",
    ),
    (re.compile(rf"{_EDGE}(\d+)/(\d+)(?![\d/])"), lambda found: f"{found[2]}分の{found[1]}"),
    (re.compile(r"(?<=\d)\s*[-−]\s*(?=\d+(?:\.\d+)?\s*=)"), lambda _: "引く"),
    (re.compile(r"(?<=[\d年月日時分人円%])[〜～~](?=\d)"), lambda _: "から"),
    (re.compile(rf"{_EDGE}(\d+)[-–](\d+)(?=[^\d-]|$)"), lambda found: f"{found[1]}から{found[2]}"),
    (
        re.compile(rf"(?<![\w)）])[-−](?={_NUMBER})|(?<=[ぁ-ん一-龥ァ-ー])[-−](?={_NUMBER})"),
        lambda _: "マイナス",
    ),
    (re.compile("|".join(map(re.escape, _SIGNS))), lambda found: _SIGNS[found[0]]),
)


def said(text: str) -> Rewritten:
    """A Japanese text with what Open JTalk misreads put in words."""
    return Rewritten.of(text).by(_RULES)
