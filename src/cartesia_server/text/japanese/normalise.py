"""Written Japanese to what Open JTalk reads aright: it knows numbers, units and most signs."""

from __future__ import annotations

import re
from decimal import Decimal

from cartesia_server.text import fractions
from cartesia_server.text.rewrite import CIRCLED, NARROW, Rewritten, Rule

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
_MAGNITUDES = {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9}
_CODE = re.compile(r"(?:コード|PIN|ピン|パスワード|末尾|下4桁)[はがの:：\s]*$")
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


def _large(found: re.Match[str]) -> str:
    """``$1.2M`` as so many 万."""
    amount = int(Decimal(found[2].replace(",", "")) * _MAGNITUDES[found[3]])
    large, small = divmod(amount, 10**4)
    return (f"{large}万" if large else "") + (str(small) if small else "") + _CURRENCIES[found[1]]


def _numbered(found: re.Match[str]) -> str:
    """Numbers of a version, each whole."""
    return "点".join(found[0].split("."))


def _lettered(found: re.Match[str]) -> str:
    """The digits of ``ORD-2024-00815`` one by one."""
    return re.sub(r"\d{3,}", lambda number: " ".join(number[0]), found[0]).replace("-", "、")


def _typed(found: re.Match[str]) -> str:
    """Codes digit by digit, as Open JTalk reads them after 番号."""
    return " ".join(found[0]) if _CODE.search(found.string[: found.start()]) else found[0]


def _parts(found: re.Match[str]) -> str:
    count, parts = fractions.parts(found[2])
    return (f"{found[1]}と" if found[1] else "") + f"{parts}分の{count}"


def _quotient(found: re.Match[str]) -> str:
    first, second = int(found[1]), int(found[2])
    month = 1 <= first <= 12 and 1 <= second <= 31
    if month and (second > 12 or re.match(r"[(（に]|から|まで|時点", found.string[found.end() :])):
        return f"{first}月{second}日"
    if found[0] == "24/7" or first > second > 1:
        return f"{first}、{second}"
    return f"{second}分の{first}"


def _time(found: re.Match[str]) -> str:
    hour, minute, second = found.groups()
    if int(hour) > 24:
        return found[0]
    said = f"{int(hour)}時" + (f"{int(minute)}分" if int(minute) or second else "")
    return said + (f"{int(second)}秒" if second else "")


_RULES: tuple[Rule, ...] = (
    NARROW,
    CIRCLED,
    (re.compile(r"(?<![\d.,])\d{3,}(?![\d.,円年人個])"), _typed),
    (
        re.compile(r"(?<=[日\d])[(（]([月火水木金土日])(?:曜日?)?[)）]"),
        lambda found: f"{found[1]}曜日、",
    ),
    (
        re.compile(r"(?<=期限)([はがの：:\s]*)(0[1-9]|1[0-2])/([1-9]\d)(?!\d)"),
        lambda found: f"{found[1]}20{found[3]}年{int(found[2])}月",
    ),
    (re.compile(r"(?<![A-Za-z\d-])[A-Z]+(?:-[A-Z\d]+)*-\d{3,}(?![\d-])"), _lettered),
    (
        re.compile(r"(?<![\d.,])(7[0-8]7)-(\d00|8|9|10)(?!\d)"),
        lambda found: f"{' '.join(found[1])} {found[2]}",
    ),
    (re.compile(rf"(US\$|[$€£¥￥₩])({_NUMBER})([kKMB])(?![A-Za-z])"), _large),
    (re.compile(r"(\d+\.\d+)/(\d+)(?!\d)"), lambda found: f"{found[2]}点中{found[1]}"),
    (re.compile(r"(?<![\d.A-UW-Za-uw-z])\d+(?:\.\d+){2,}(?![\d.])"), _numbered),
    (re.compile(r"https?://(?:www\.)?"), lambda _: ""),
    (re.compile(r"(?<=[A-Za-z\d])\.(?=[A-Za-z]{2})"), lambda _: "ドット"),
    (re.compile(r"km/h"), lambda _: "キロメートル毎時"),
    (re.compile(r"(?<=[A-Za-z])/(?=[A-Za-z])"), lambda _: "スラッシュ"),
    (re.compile(rf"{_EDGE}(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?!\d)"), _date),
    (re.compile(rf"{_EDGE}(\d{{1,2}}):([0-5]\d)(?::([0-5]\d))?(?!\d)"), _time),
    (
        re.compile(rf"(US\$|[$€£¥￥₩])({_NUMBER})([万億兆千]*)"),
        lambda found: f"{found[2]}{found[3]}{_CURRENCIES[found[1]]}",
    ),
    (re.compile(rf"(\d*)([{fractions.SIGNS}])"), _parts),
    (re.compile(rf"{_EDGE}(\d+)/(\d+)(?![\d/])"), _quotient),
    # Scores, and house numbers.
    (
        re.compile(rf"{_EDGE}(\d+)[-–](\d+)(?=で(?:勝|負|引|敗|リード))"),
        lambda found: f"{found[1]}対{found[2]}",
    ),
    (
        re.compile(rf"{_EDGE}(?!0)(\d{{1,3}})[-−](\d{{1,3}})[-−](\d{{1,4}})(?![\d-])"),
        lambda found: f"{found[1]}の{found[2]}の{found[3]}",
    ),
    (
        re.compile(r"(?<=[一-龥])(?<![計約均第間])(\d{1,3})-(\d{1,4})(?=[。、,]|で|に|の|\s|$)"),
        lambda found: f"{found[1]}の{found[2]}",
    ),
    (re.compile(r"〒\s*(\d{3})-(\d{4})"), lambda found: f"郵便番号{found[1]}の{found[2]}"),
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
