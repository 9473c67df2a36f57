"""Subtitles from the times of words: of speech made, and of speech heard.

Every function is pure. The words may come from anything of the SDK that carries them: the result of
``stt.transcribe``, the items of ``tts.sse`` or of a TTS socket (asked for with
``add_timestamps=True``), the dicts of an STT socket, or plain `TimedWord` objects::

    heard = client.stt.transcribe(file=f, model="ink-whisper", timestamp_granularities=["word"])
    Path("talk.srt").write_text(to_srt(heard), encoding="utf-8")

Cues keep to what viewers can read: by default at most two lines of 42 characters and 7 seconds,
broken at the ends of sentences and clauses where possible.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pydantic import BaseModel

_SENTENCE_END = (".", "!", "?", "…", "。", "！", "？")  # noqa: RUF001
_CLAUSE_END = (",", ";", ":", "—", "–", "、", "，")  # noqa: RUF001
_CLOSING = "\"'”’»)]"  # noqa: RUF001
_HANGING = frozenset("。、，．！？：；・」』）】》〉…")  # noqa: RUF001
_TITLES = frozenset({"Mr.", "Mrs.", "Ms.", "Dr.", "St.", "Prof."})

_FIELDS = ("word", "words", "word_timestamps", "type")  # any of them marks a message

_PAUSE = 0.8  # seconds of silence that always end a cue
_SHORTEST = 1.0  # seconds: a finished sentence may end a cue from here on, and a cue stays so long


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word and when it is heard.

    Attributes:
        text: the word, punctuation attached.
        start: seconds from the beginning of the audio.
        end: seconds from the beginning of the audio.
    """

    text: str
    start: float
    end: float

    def shifted(self, seconds: float) -> TimedWord:
        """The same word, `seconds` later."""
        return TimedWord(self.text, self.start + seconds, self.end + seconds)


@dataclass(frozen=True, slots=True)
class Cue:
    """What is on the screen at one time.

    Attributes:
        start: seconds from the beginning of the audio.
        end: seconds from the beginning of the audio; never after the next cue's start.
        lines: the text, one entry a line.
    """

    start: float
    end: float
    lines: tuple[str, ...]


Item: TypeAlias = "TimedWord | BaseModel | Mapping[str, Any]"
Words: TypeAlias = "Item | Iterable[Item]"
"""Anything that carries times of words: see `timed_words`."""


# --- words out of results -------------------------------------------------------------------------


def timed_words(source: Words) -> list[TimedWord]:
    """Collect the words of anything that carries their times.

    Args:
        source: a transcription, word timestamps, a streamed item, a dict of an STT socket, a
            `TimedWord`, or any iterable of these. Items without words (audio, interim transcripts)
            are passed over.

    Raises:
        TypeError: `source` is nothing of the kind.
    """
    return list(_words(source))


def _words(source: object) -> Iterator[TimedWord]:
    if isinstance(source, TimedWord):
        yield source
    elif isinstance(source, Mapping):
        yield from _words_of_record(source.get)
    elif any(hasattr(source, name) for name in _FIELDS):
        yield from _words_of_record(lambda name: getattr(source, name, None))
    elif isinstance(source, Iterable) and not isinstance(source, (str, bytes)):
        for item in source:
            yield from _words(item)
    else:
        raise TypeError(
            f"words: got {type(source).__name__}, accepted: a transcription, word timestamps, "
            "items of a stream, or TimedWord objects"
        )


def _words_of_record(field: Callable[[str], Any]) -> Iterator[TimedWord]:
    if field("is_final") is False:
        return
    if field("word") is not None:
        yield from _timed([field("word")], [field("start")], [field("end")])
    elif field("word_timestamps") is not None:
        yield from _words(field("word_timestamps"))
    elif words := field("words"):
        if isinstance(words[0], str):
            yield from _timed(words, field("start"), field("end"))
        else:
            yield from _words(words)


def _timed(
    texts: Iterable[str], starts: Iterable[float], ends: Iterable[float]
) -> Iterator[TimedWord]:
    for text, start, end in zip(texts, starts, ends, strict=True):
        if clean := " ".join(text.split()):
            yield TimedWord(clean, float(start), float(end))


# --- cues -----------------------------------------------------------------------------------------


def make_cues(
    words: Words,
    *,
    max_chars: int = 42,
    max_lines: int = 2,
    max_seconds: float = 7.0,
) -> list[Cue]:
    """Group words into cues that can be read.

    A cue ends after a sentence, at a pause of 0.8 s or more, and where the next word would not fit
    any more; then it is cut back to the best break inside it: the end of a sentence, else of a
    clause, else the longest silence. A cue shorter than a second stays until the next one begins,
    a second at most.

    Args:
        words: see `timed_words`.
        max_chars: characters in a line, Chinese and Japanese ones counted twice. A single longer
            word gets a line of its own.
        max_lines: lines in a cue.
        max_seconds: seconds that a cue stays on the screen at most.

    Raises:
        ValueError: a limit is not positive.
    """
    for name, limit in (
        ("max_chars", max_chars),
        ("max_lines", max_lines),
        ("max_seconds", max_seconds),
    ):
        if limit <= 0:
            raise ValueError(f"{name}: got {limit}, accepted: more than 0")

    def fits(group: Sequence[TimedWord]) -> bool:
        seconds = group[-1].end - group[0].start
        return seconds <= max_seconds and len(_wrap(group, max_chars)) <= max_lines

    groups: list[list[TimedWord]] = []
    pending: list[TimedWord] = []
    for word in timed_words(words):
        if pending and _ends_cue(pending, word):
            groups.append(pending)
            pending = []
        pending.append(word)
        while len(pending) > 1 and not fits(pending):
            cut = _best_cut(pending)
            groups.append(pending[:cut])
            pending = pending[cut:]
    if pending:
        groups.append(pending)
    following_starts = [*(group[0].start for group in groups[1:]), float("inf")]
    return [
        _cue(group, _wrap(group, max_chars), following, max_seconds)
        for group, following in zip(groups, following_starts, strict=False)
    ]


def _ends_cue(pending: Sequence[TimedWord], following: TimedWord) -> bool:
    last = pending[-1]
    if following.start - last.end >= _PAUSE:
        return True
    return _ends_sentence(last) and last.end - pending[0].start >= _SHORTEST


def _best_cut(group: Sequence[TimedWord]) -> int:
    """Where to cut a group whose last word made it too long: how many words stay in the cue."""
    possible = range(max(1, len(group) // 3), len(group))
    candidates = [cut for cut in possible if group[cut].text not in _HANGING] or possible

    def merit(cut: int) -> tuple[int, float, int]:
        last = group[cut - 1]
        rank = 2 if _ends_sentence(last) else 1 if _ends_with(last, _CLAUSE_END) else 0
        silence = round(group[cut].start - last.end, 1) if rank == 0 else 0.0
        return rank, silence, cut

    return max(candidates, key=merit)


def _ends_sentence(word: TimedWord) -> bool:
    return _ends_with(word, _SENTENCE_END) and word.text not in _TITLES


def _ends_with(word: TimedWord, marks: tuple[str, ...]) -> bool:
    return word.text.rstrip(_CLOSING).endswith(marks)


def _wrap(group: Sequence[TimedWord], max_chars: int) -> tuple[str, ...]:
    """Break the words into as few lines as possible, two of them about equally long."""
    texts = _with_marks([word.text for word in group])
    lines = _fill(texts, max_chars)
    if len(lines) != 2:
        return tuple(lines)
    halves = [(_joined(texts[:cut]), _joined(texts[cut:])) for cut in range(1, len(texts))]
    return min(halves, key=lambda pair: max(map(_width, pair)))


def _fill(texts: Sequence[str], max_chars: int) -> list[str]:
    lines: list[str] = []
    for text in texts:
        longer = _joined([lines[-1], text]) if lines else ""
        if lines and _width(longer) <= max_chars:
            lines[-1] = longer
        else:
            lines.append(text)
    return lines


def _with_marks(texts: Sequence[str]) -> list[str]:
    """Marks that are words of their own go with the word before them: no line begins with one."""
    joined: list[str] = []
    for text in texts:
        if joined and text in _HANGING:
            joined[-1] += text
        else:
            joined.append(text)
    return joined


def _joined(texts: Sequence[str]) -> str:
    """Words in a line, with spaces but beside Chinese and Japanese characters."""
    line = ""
    for text in texts:
        close = not line or _is_wide(line[-1]) or _is_wide(text[0])
        line += text if close else f" {text}"
    return line


def _is_wide(letter: str) -> bool:
    """Whether it is written without spaces: a wide letter or mark, but no picture, nor Korean."""
    return (
        unicodedata.east_asian_width(letter) in "WF"
        and unicodedata.category(letter)[0] in "LP"
        and not "\uac00" <= letter <= "\ud7a3"
    )


def _width(line: str) -> int:
    """Characters of a line; wide ones count twice."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def _cue(
    group: Sequence[TimedWord], lines: tuple[str, ...], following: float, max_seconds: float
) -> Cue:
    start = max(0.0, group[0].start)
    end = max(group[-1].end, start + _SHORTEST)
    return Cue(start, max(start, min(end, following, start + max_seconds)), lines)


# --- formats --------------------------------------------------------------------------------------


def to_srt(
    words: Words, *, max_chars: int = 42, max_lines: int = 2, max_seconds: float = 7.0
) -> str:
    """Write SubRip (``.srt``). Arguments as for `make_cues`; no words give an empty text."""
    cues = make_cues(words, max_chars=max_chars, max_lines=max_lines, max_seconds=max_seconds)
    return "\n".join(
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n" + _block(cue.lines)
        for number, cue in enumerate(cues, start=1)
    )


def to_vtt(
    words: Words, *, max_chars: int = 42, max_lines: int = 2, max_seconds: float = 7.0
) -> str:
    """Write WebVTT (``.vtt``), its special characters escaped. Arguments as for `make_cues`."""
    cues = make_cues(words, max_chars=max_chars, max_lines=max_lines, max_seconds=max_seconds)
    blocks = [
        f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n"
        + _block([_escape(line) for line in cue.lines])
        for cue in cues
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def to_json(
    words: Words, *, max_chars: int = 42, max_lines: int = 2, max_seconds: float = 7.0
) -> str:
    """Write JSON: ``words`` (word, start, end) and ``cues`` (start, end, lines), times in seconds.

    Arguments as for `make_cues`.
    """
    known = timed_words(words)
    cues = make_cues(known, max_chars=max_chars, max_lines=max_lines, max_seconds=max_seconds)
    document = {
        "words": [
            {"word": word.text, "start": round(word.start, 3), "end": round(word.end, 3)}
            for word in known
        ],
        "cues": [
            {"start": round(cue.start, 3), "end": round(cue.end, 3), "lines": cue.lines}
            for cue in cues
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _block(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float, decimal_mark: str) -> str:
    """``01:02:03,450``: hours, minutes, seconds, milliseconds."""
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    whole, milliseconds = divmod(milliseconds, 1000)
    return f"{hours:02}:{minutes:02}:{whole:02}{decimal_mark}{milliseconds:03}"
