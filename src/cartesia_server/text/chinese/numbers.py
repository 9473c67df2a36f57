"""Numbers in Chinese."""

from __future__ import annotations

# ruff: noqa: RUF001 -- signs look alike

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
_LONGEST = 4 * len(_GROUPS)


def digits(number: str) -> str:
    """Digits one by one: ``2024`` as 二零二四; other signs are left out."""
    return "".join(_DIGITS[int(digit)] for digit in number if digit.isdecimal())


def dialled(number: str) -> str:
    """Digits one by one as on the telephone, where one is 幺: ``110`` as 幺幺零."""
    return digits(number).replace("一", "幺")


def cardinal(number: str) -> str:
    """A whole number: ``1205`` as 一千二百零五; beyond 16 digits, digit by digit."""
    plain = "".join(str(int(digit)) for digit in number).lstrip("0")
    if not plain:
        return _DIGITS[0]
    if len(plain) > _LONGEST:
        return digits(number)
    said, skipped = "", False
    for index in range(-(-len(plain) // 4) - 1, -1, -1):
        end = len(plain) - 4 * index
        group = plain[max(end - 4, 0) : end]
        if not int(group):
            skipped = True
            continue
        gap = _DIGITS[0] if said and (skipped or group[0] == "0") else ""
        said += gap + _below_ten_thousand(group) + _GROUPS[index]
        skipped = False
    return said[1:] if said.startswith("一十") else said


def decimal(number: str) -> str:
    """A number that may have decimals, thousands separators and a sign: ``-1,205.50``."""
    sign = "负" if number[:1] in "-−－" else ""
    whole, _, part = number.lstrip("+-−－＋").replace(",", "").partition(".")
    return sign + cardinal(whole or "0") + (f"点{digits(part)}" if part else "")


def _below_ten_thousand(group: str) -> str:
    said, gap = "", False
    for index, digit in enumerate(group):
        if digit == "0":
            gap = bool(said)
            continue
        place = _PLACES[len(group) - 1 - index]
        said += (_DIGITS[0] if gap else "") + _DIGITS[int(digit)] + place
        gap = False
    return said
