"""Characters that stand for others: ``①``, ``㎏``, ``ﬁ``, ``Ⅻ``, ``ｗｉｄｅ`` and ``𝐛𝐨𝐥𝐝`` letters.

Those whose meaning is in their form, such as ``²`` and ``½``, are no such characters.
"""

from __future__ import annotations

import re
import unicodedata

# ruff: noqa: RUF002 -- they look like what they stand for

_NUMBERS = re.compile(
    "[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf]+"  # ①, ⑴, ⒈, ❶
)
_LETTERS = re.compile(
    "[\u2160-\u217f\u24b6-\u24e9\u3371-\u337a\u3380-\u33df"  # Ⅻ, Ⓐ, ㎏
    "\ufb00-\ufb04\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]"
)


def letters(text: str) -> str:
    """The text in plain letters and digits, but for numbers in circles and the like."""
    return text if text.isascii() else _LETTERS.sub(_decomposed, text)


def numbers(text: str) -> str:
    """The text with such numbers in digits, as words apart."""
    return _NUMBERS.sub(lambda found: " ".join(map(_digits, found[0])), text)


def _digits(sign: str) -> str:
    return f"{unicodedata.numeric(sign):.0f}"


def _decomposed(found: re.Match[str]) -> str:
    _, *codes = unicodedata.decomposition(found[0]).split()
    return "".join(chr(int(code, 16)) for code in codes) or found[0]
