"""What was heard in a recording, in phrases that can be spoken again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cartesia_server.engines.base import PreparedText, RecognizedWord, SpokenWord
from cartesia_server.text.prepare import prepare

_BREATH = 0.3
"""Seconds of silence that are spoken as a comma, if the transcript has none."""

_BREAK = 0.6
"""Seconds of silence that end a phrase."""

_MARGIN = 0.35
"""Seconds around a phrase that belong to it: recognisers begin and end words too early."""

_SHORTEST = 0.05
"""Seconds; recognisers now and then make up words that take no time."""

# ruff: noqa: RUF001 -- Chinese and Japanese have marks of their own
_MARKS = ".,;:!?…—-。，、！？；："


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that are said in one go.

    Attributes:
        text: the words, ready to be spoken.
        times: when each of `PreparedText.written` was heard, in seconds of the recording; None
            for one that nothing was heard of.
        begin: second of the recording at which the phrase's audio begins, silence included.
        end: second at which it ends.
    """

    text: PreparedText
    times: tuple[tuple[float, float] | None, ...]
    begin: float
    end: float


def phrases(
    words: Sequence[RecognizedWord],
    language: str,
    begin: float,
    end: float,
    *,
    espeak_voice: str | None = None,
) -> list[Phrase]:
    """Cut what was heard into phrases, in the order of the recording, none overlapping.

    Args:
        words: as heard, in order.
        language: tag to read them in.
        begin: second before which no phrase may begin.
        end: second at which the words after these begin, or the recording ends.
        espeak_voice: see `prepare`.
    """
    cut = [
        part
        for text, times in _timed(words, language, espeak_voice)
        for part in _at_breaks(text, times)
        if any(word.phonemes for word in part[0].spoken) and any(part[1])
    ]
    spans = [_span(times) for _, times in cut]
    found: list[Phrase] = []
    for index, (text, times) in enumerate(cut):
        start, stop = spans[index]
        following = spans[index + 1][0] if index + 1 < len(cut) else end
        latest = max(min(stop + _MARGIN, (stop + following) / 2), start)
        earliest = max(start - _MARGIN, begin)
        if latest - earliest >= _SHORTEST:
            found.append(Phrase(text, tuple(times), earliest, latest))
            begin = latest
    return found


def _timed(
    words: Sequence[RecognizedWord], language: str, espeak_voice: str | None
) -> Iterator[tuple[PreparedText, list[tuple[float, float] | None]]]:
    """Utterances, and when each of their written words was heard."""
    pieces = list(_with_breaths(words))
    text, starts = "", []
    for piece in pieces:
        text += " " if text else ""
        starts.append(len(text))
        text += piece
    at = 0
    for utterance in prepare(text, language, espeak_voice=espeak_voice):
        times: list[tuple[float, float] | None] = []
        for written in utterance.written:
            place = text.find(written, at)
            if place < 0:
                times.append(None)
                continue
            at = place + len(written)
            heard = [
                word
                for word, start, piece in zip(words, starts, pieces, strict=True)
                if start < at and start + len(piece) > place
            ]
            times.append((heard[0].start, heard[-1].end) if heard else None)
        yield utterance, times


def _with_breaths(words: Sequence[RecognizedWord]) -> Iterator[str]:
    for index, word in enumerate(words):
        text = "".join(word.text.split())
        following = words[index + 1].start if index + 1 < len(words) else word.end
        breath = following - word.end >= _BREATH
        yield f"{text}," if breath and text and text[-1] not in _MARKS else text


def _at_breaks(
    text: PreparedText, times: list[tuple[float, float] | None]
) -> Iterator[tuple[PreparedText, list[tuple[float, float] | None]]]:
    """Cut an utterance where the speaker was silent for long."""
    start, last = 0, None
    for index, time in enumerate(times):
        if last is not None and time is not None and time[0] - last >= _BREAK:
            yield _part(text, start, index), times[start:index]
            start = index
        last = time[1] if time else last
    yield _part(text, start, len(times)), times[start:]


def _part(text: PreparedText, start: int, stop: int) -> PreparedText:
    spoken = tuple(
        replace(word, written=word.written - start)
        for word in text.spoken
        if start <= word.written < stop
    )
    return replace(text, written=text.written[start:stop], spoken=_ended(spoken))


def _ended(spoken: tuple[SpokenWord, ...]) -> tuple[SpokenWord, ...]:
    """A phrase without a mark at its end sounds cut off."""
    if not spoken or spoken[-1].pause:
        return spoken
    return (*spoken[:-1], replace(spoken[-1], pause=","))


def _span(times: Sequence[tuple[float, float] | None]) -> tuple[float, float]:
    known = [time for time in times if time]
    return known[0][0], known[-1][1]
