"""An utterance in stretches, each for one run of the model.

The model settles the prosody of all that it is given before the first sound, at a cost that grows
with it. Who waits for that sound gets the first words from a run that sees no more than a few words
beyond them. That is enough: with two or three words to come, the length of a word differs from what
the whole sentence would give by a frame, and its melody by a semitone; with none, the last one is
drawn out and falls as at the end of a sentence. The other words come from a run that sees all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cartesia_server.engines.base import SpokenWord
from cartesia_server.engines.kokoro.alphabet import MAX_TOKENS, Spelling
from cartesia_server.text.align import STRESS

# In tokens, which are letters of phonemes, spaces and marks: about five to a word.
_LEAST_OPENING, _MOST_OPENING = 20, 45
_BEYOND = 16
_LEAST_SAVED = 30

# Where an opening may end: how many tokens more one is worth than a worse one. In a pause, and in
# the closure of a voiceless stop, nothing is heard; where a voiceless fricative begins, no voice.
_PAUSE, _STOP, _FRICATIVE = 0, 6, 12
_STOPS = frozenset("ptkcqʈ")
_FRICATIVES = frozenset("fsʃθhçxɕʂɸχħ")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens for one run of the model.

    Attributes:
        seen: those that the model is given.
        said: those of them that are heard.
        words: indices of the words that begin in it, among those of the utterance.
        from_seam: if the sound goes on, in the middle of the speech, from where the stretch before
            it ended: the tokens between the last word of that and its own first.
        to_seam: the same if the next stretch goes on from it.
    """

    seen: range
    said: range
    words: range
    from_seam: range | None = None
    to_seam: range | None = None


def stretches(
    spelling: Spelling, words: Sequence[SpokenWord], lead: int, *, hurried: bool
) -> list[Stretch]:
    """Divide an utterance.

    Args:
        spelling: of the words.
        words: those that lead to the utterance, and its own.
        lead: how many lead to it, and are not heard.
        hurried: whether somebody waits for the first sound.
    """
    size, starts = len(spelling.ids), [start for start, _ in spelling.words]
    begin = starts[lead] if lead < len(starts) else 0
    if hurried and size <= MAX_TOKENS and (edges := _opening(spelling, words, lead)):
        end, seen = edges
        first, rest = range(begin, starts[end]), range(starts[end], size)
        seam = range(spelling.words[end - 1][1], starts[end])
        return [
            Stretch(range(seen), first, range(end - lead), to_seam=seam),
            Stretch(range(size), rest, range(end - lead, len(words) - lead), from_seam=seam),
        ]
    divided: list[Stretch] = []
    for run in _runs(spelling):
        before = divided[-1].words.stop if divided else 0
        last = len(words) if run.stop == size else bisect_left(starts, run.stop, before + lead)
        said = range(max(begin, run.start), run.stop)
        divided.append(Stretch(run, said, range(before, last - lead)))
    return divided


def _opening(spelling: Spelling, words: Sequence[SpokenWord], lead: int) -> tuple[int, int] | None:
    """The word after the first ones, and the tokens seen for them; None to see all at once."""
    starts = [start for start, _ in spelling.words]
    ends: list[tuple[int, int]] = []
    for index in range(lead + 1, len(words)):
        size, worth = starts[index] - starts[lead], _worth(words[index - 1], words[index])
        if worth is not None and _LEAST_OPENING <= size <= _MOST_OPENING:
            ends.append((size + worth, index))
    if not ends:
        return None
    end = min(ends)[1]
    for index in range(end + 1, len(words)):
        if starts[index] - starts[end] >= _BEYOND and not words[index].joined:
            seen = starts[index] - 1  # without the space before the word
            return (end, seen) if len(spelling.ids) - seen >= _LEAST_SAVED else None
    return None


def _worth(before: SpokenWord, word: SpokenWord) -> int | None:
    """What a seam in front of a word costs; None where there can be none."""
    first = word.phonemes.lstrip(STRESS)[:1]
    if not first or word.joined:
        return None
    if before.pause:
        return _PAUSE
    return _STOP if first in _STOPS else _FRICATIVE if first in _FRICATIVES else None


def _runs(spelling: Spelling) -> Iterator[range]:
    """The tokens in runs that fit the model, cut between words where that is possible."""
    borders = sorted({start for start, _ in spelling.words})
    start = 0
    while len(spelling.ids) - start > MAX_TOKENS:
        fitting = [border for border in borders if start < border <= start + MAX_TOKENS]
        stop = fitting[-1] if fitting else start + MAX_TOKENS
        yield range(start, stop)
        start = stop
    yield range(start, len(spelling.ids))
