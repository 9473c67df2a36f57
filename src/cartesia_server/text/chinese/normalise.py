"""Written Chinese to Chinese as it is said: numbers, dates, times, amounts, units, signs."""

from __future__ import annotations

import re
from decimal import Decimal

from cartesia_server.text import fractions
from cartesia_server.text.chinese.numbers import cardinal, decimal, dialled, digits
from cartesia_server.text.rewrite import CIRCLED, NARROW, Rewritten, Rule

# ruff: noqa: RUF001 -- signs look alike

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_EDGE = r"(?<![\dA-Za-z])(?<!\d[.,])"
_RESULT = (
    "获胜|取胜|大胜|险胜|完胜|战胜|击败|打败|领先|落后|战平|打平|逆转|惜败|胜|负于|不敌|"
    "的比分|赢|输"
)
"""What is said behind the result of a match."""

_SERVICE = r"(?:1(?:10|14|19|20|22)|(?:10|12|95)\d{3})"
"""Telephones of public services."""

_CURRENCIES = {
    "$": "美元",
    "US$": "美元",
    "HK$": "港元",
    "€": "欧元",
    "£": "英镑",
    "¥": "元",
    "￥": "元",
    "₩": "韩元",
    "₹": "卢比",
}
_UNITS = {
    "km/h": "公里每小时",
    "m/s": "米每秒",
    "km": "公里",
    "cm": "厘米",
    "mm": "毫米",
    "m": "米",
    "kg": "公斤",
    "mg": "毫克",
    "g": "克",
    "ml": "毫升",
    "L": "升",
    "°C": "摄氏度",
    "℃": "摄氏度",
    "°F": "华氏度",
    "℉": "华氏度",
    "°": "度",
    "kWh": "千瓦时",
    "GB": "G B",
    "MB": "兆",
    "Hz": "赫兹",
    "m²": "平方米",
    "㎡": "平方米",
    "km²": "平方公里",
    "mg/dL": "毫克每分升",
    "mmol/L": "毫摩尔每升",
    "kcal": "千卡",
    "ms": "毫秒",
}
_MAGNITUDES = {"K": 10**3, "k": 10**3, "M": 10**6, "B": 10**9}
_CODES = "验证码|密码|口令|代码|订单号|编号|单号|号码|尾号|邮编|账号|卡号|工号|学号|PIN|OTP|QQ|ID"
_SIGNS = {
    "+": "加",
    "=": "等于",
    "×": "乘以",
    "÷": "除以",
    "<": "小于",
    ">": "大于",
    "±": "正负",
    "≈": "约等于",
    "&": "和",
    "@": " at ",
    "%": "百分号",
    "°": "度",
    "→": "到",
}
_MEASURED = "个只本位名天次种件条张块元里杯家句遍年周点斤两岁公升倍部台辆把间层座项分秒间双套"
"""What is counted with 两 instead of 二."""


def _alternatives(names: dict[str, str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _date(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return found[0]
    return f"{digits(year)}年{cardinal(month)}月{cardinal(day)}日"


def _time(found: re.Match[str]) -> str:
    hour, minute, second = found.groups()
    if int(hour) > 24:
        return found[0]
    said = f"{_counted(hour)}点"
    if int(minute) or second:
        said += ("零" if minute[0] == "0" else "") + f"{cardinal(minute)}分"
    return said + (f"{cardinal(second)}秒" if second else "")


def _counted(number: str) -> str:
    return "两" if number == "2" else decimal(number)


def _digits(found: re.Match[str]) -> str:
    return digits(found[0])


def _code(found: re.Match[str]) -> str:
    return re.sub(r"\d+$", lambda number: digits(number[0]), found[0])


def _money(found: re.Match[str]) -> str:
    minus, sign, number, magnitude, letter = found.groups()
    if letter:
        amount = Decimal(number.replace(",", "")) * _MAGNITUDES[letter]
        number = f"{amount.normalize():f}"
    return ("负" if minus else "") + _counted(number) + magnitude + _CURRENCIES[sign]


def _dialled(found: re.Match[str]) -> str:
    return "，".join(map(dialled, re.findall(r"\d+", found[0])))


def _lettered(found: re.Match[str]) -> str:
    """Digits behind letters, which name something: ``CA1482``, ``RTX 4090``; two are spelled."""
    letters = " ".join(found[1]) if len(found[1]) == 2 else found[1]
    return letters + ("，" if found[2] == "-" else "") + digits(found[3])


def _grouped(found: re.Match[str]) -> str:
    """``QX7-4TR``, group by group."""
    if re.fullmatch(r"[A-Z]+-\d\d?", found[0]):
        return found[0]  # GPT-4
    return re.sub(r"\d{3,}", _digits, found[0]).replace("-", "，")


def _card(found: re.Match[str]) -> str:
    month, year = found.groups()
    return f"{digits('20' + year)}年{cardinal(month)}月"


def _to_result(found: re.Match[str]) -> str:
    return f"{found[1]}比"


def _ratio(found: re.Match[str]) -> str:
    return f"{decimal(found[1])}比{decimal(found[2])}"


def _parts(found: re.Match[str]) -> str:
    whole, (count, parts) = found[1], fractions.parts(found[2])
    part = f"{cardinal(str(parts))}分之{cardinal(str(count))}"
    return f"{cardinal(whole)}又{part}" if whole else part


def _quotient(found: re.Match[str]) -> str:
    first, second = found[1], found[2]
    if int(first) > int(second) > 1:
        return f"{cardinal(first)}，{cardinal(second)}"
    return f"{cardinal(second)}分之{cardinal(first)}"


def _numbered(found: re.Match[str]) -> str:
    first, *rest = map(cardinal, found[0].split("."))
    return "点".join([first, *rest])


def _range(found: re.Match[str]) -> str:
    return f"{found[1]}到{found[2]}"


_RULES: tuple[Rule, ...] = (
    NARROW,
    CIRCLED,
    (re.compile("mmHg"), lambda _: "毫米汞柱"),
    (re.compile(r"(?<!\d)24/7(?!\d)"), lambda _: "七天二十四小时"),
    (re.compile("#(?=号?键)"), lambda _: "井号"),
    (re.compile(r"\*(?=号?键)"), lambda _: "星号"),
    (re.compile(r"(?<=有效期)[至到为是：:\s]*(0[1-9]|1[0-2])/([1-9]\d)(?!\d)"), _card),
    (re.compile(r"(?<![A-Za-z\d])[vV](?=\d+(?:\.\d+){2})"), lambda _: "V "),
    (
        re.compile(r"(?<![A-Za-z\d-])(?=[A-Z\d-]*[A-Z])(?=[A-Z\d-]*\d)[A-Z\d]+(?:-[A-Z\d]+)+"),
        _grouped,
    ),
    (
        re.compile(r"(?<![A-Za-z\d])([A-Z]+)(-?| )(?!(?:19|20)\d\d年)(\d{3,})(?![\d.,元%])"),
        _lettered,
    ),
    # Boeing 737-800, and what has letters before it.
    (
        re.compile(r"(?<![\d.,])(7[0-8]7)-(\d00|8|9|10)(?!\d)"),
        lambda found: digits(found[1]) + cardinal(found[2]),
    ),
    (
        re.compile(rf"(?<!\d)(\d{{1,3}})[-–](\d{{1,3}})(?={_RESULT})"),
        _ratio,
    ),
    (
        re.compile(r"(?<=比分)([是为：:\s]*\d{1,3})[-–](?=\d{1,3}(?!\d))"),
        _to_result,
    ),
    (
        re.compile(r"(\d+\.\d+)/(\d+)(?!\d)"),
        lambda found: f"{decimal(found[1])}，满分{decimal(found[2])}",
    ),
    (
        re.compile(r"(?<=发送)([^\d，。,.]{1,12}[到至])(\d{4,6})(?!\d)"),
        lambda found: found[1] + digits(found[2]),
    ),
    (
        re.compile(rf"(?<=[拨打]){_SERVICE}(?:[或、]{_SERVICE})*(?![\d.,元个次分折])"),
        lambda found: re.sub(r"\d+", lambda number: dialled(number[0]), found[0]),
    ),
    (re.compile(r"(?<!\d)[1-9]\d{2,3}(?=室|号?房(?![间屋子价])|号会议室)"), _dialled),
    (re.compile(r"(?<=[日月号年点])[-–—~～](?=\d)"), lambda _: "到"),
    (re.compile(r"https?://(?:www\.)?"), lambda _: ""),
    (
        re.compile(r"(?<=[A-Za-z\d])\.(?=[A-Za-z])|(?<=[A-Za-z])\.(?=\d)"),
        lambda _: "点",
    ),
    (re.compile(rf"(\d*)([{fractions.SIGNS}])"), _parts),
    (re.compile(rf"(?:{_CODES})(?:为|是|：|:|\s)*\d{{3,}}(?![\d.])"), _code),
    (re.compile(rf"{_EDGE}\d{{1,3}}(?:\.\d{{1,3}}){{2,}}(?![\d.])"), _numbered),
    (re.compile(rf"{_EDGE}(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?!\d)"), _date),
    (re.compile(r"(?<=\d)[-–~～—](?=\d{1,2}:[0-5]\d)"), lambda _: "到"),
    (re.compile(rf"{_EDGE}(\d{{1,2}}):([0-5]\d)(?::([0-5]\d))?(?!\d)"), _time),
    # Telephone numbers and other long ones, in groups or not.
    (
        re.compile(
            rf"{_EDGE}\+?\d{{2,4}}(?:[- ]\d{{3,4}}){{2,3}}(?!\d)|{_EDGE}0\d{{2,3}}-\d{{7,8}}"
        ),
        _dialled,
    ),
    (re.compile(rf"{_EDGE}1\d{{10}}(?![\d.])"), _dialled),
    (re.compile(rf"{_EDGE}(?:0\d+|\d{{17,}})(?![\d.])"), _digits),
    # Years; but so many years ago, or of history, are counted.
    (re.compile(r"(?<!\d)(?!\d\d00年(?:前|来|的?历史))[12]\d{3}(?=年)"), _digits),
    (re.compile(rf"(?<=\d)\s*[-−]\s*(?={_NUMBER}\s*=)"), lambda _: "减"),
    (re.compile(r"(?<!\d)(\d+):(\d+)(?!\d)"), _ratio),
    (re.compile(rf"(?<![A-Za-z])({_NUMBER})[-–~～—]({_NUMBER})(?![\dA-Za-z])"), _range),
    (
        re.compile(rf"([-−]?)({_alternatives(_CURRENCIES)})({_NUMBER})([万亿千百]*)([KkMB]?)"),
        _money,
    ),
    (re.compile(r"(?<=[\d元次个片件人])/(?=[天日月年周次个人件小晚分秒平])"), lambda _: "每"),
    (
        re.compile(rf"([-−+]?{_NUMBER})%"),
        lambda found: f"百分之{decimal(found[1])}",
    ),
    (
        re.compile(rf"{_EDGE}(\d+)/(\d+)(?![\d/])"),
        _quotient,
    ),
    (
        re.compile(
            rf"((?<![\d)）A-Za-z])[-−])?({_NUMBER})\s?({_alternatives(_UNITS)})(?![A-Za-z])"
        ),
        lambda found: ("负" if found[1] else "") + _counted(found[2]) + _UNITS[found[3]],
    ),
    (re.compile(r"第(\d+)"), lambda found: f"第{cardinal(found[1])}"),
    (re.compile(rf"(?<![\d.])2(?=多?(?:[{_MEASURED}]|小时|星期|公里))"), lambda _: "两"),
    (re.compile(rf"(?<![A-Za-z\d)）])[-−](?={_NUMBER})"), lambda _: "负"),
    (re.compile(r"(?<=\d)\s*[-−]\s*(?=\d)"), lambda _: "减"),
    (re.compile(r"(?<=[A-Za-z])-(?=\d)"), lambda _: " "),
    (re.compile(_NUMBER), lambda found: decimal(found[0])),
    (re.compile("|".join(map(re.escape, _SIGNS))), lambda found: _SIGNS[found[0]]),
)


def said(text: str) -> Rewritten:
    """How a Chinese text is said, in Chinese characters, letters of other scripts, and marks."""
    return Rewritten.of(text).by(_RULES)
