"""What espeak-ng gets wrong in French: words that it takes for English, and links between words.

It reads by the rules of English what has ``th`` in it (``menthe``, ``rythme``, ``enthousiasme``),
names in ``-y`` (``Rémy``, ``Annecy``), ``qu'habite`` and ``d'aujourd'hui``; it loses the vowel of
``jouent``, makes ``jeune`` sound like ``jeûne``, sounds the ``t`` of ``quatre-vingt-deux``, and
links nearly every word to a vowel that follows (``le pont|t est``, ``ils vivent|t à``). Of the
2,133 words in a lexicon of 90,000 (gruut's) that are respelled, here and in `respell`, it reads 767
as the lexicon does, and 1,778 when they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cartesia_server.text.align import STRESS, VOWELS
from cartesia_server.text.punctuation import word_set

# ruff: noqa: RUF001 -- apostrophes look like others

_V = "aeiouyéèêëîïôûùàâœæ"
_RULES = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"(?<=[’'])aujourd[’']h", "aujourd"),
        (r"(?<=qu[’'])h(i|iv)er\b", r"\1ère"),
        (r"(?<=qu[’'])h", ""),
        (rf"(?<=[{_V}])th(s?)\b", r"tte\1"),
        (r"(?<=[nr])th(s?)\b", r"te\1"),
        (rf"(?<=[{_V}])th(?=[{_V}])", "tt"),
        (r"(?<![st])th(?!i[aeo])", "t"),
        (rf"([aiouyéèêëîïôûùàâœæ][^\W{_V}]+|e(?:c|[^\W{_V}]{{2,}}))y\b", r"\1i"),
        (r"ou(?:es|ent)\b", "oue"),
        (r"quatre-vingt(?=-)", "quatrevin"),
        (r"(?<=[bp]r)un(t?)s\b", r"un\1"),
        (r"(?<=oul)ent\b", "e"),
        (r"(?<=[pv]os)ent\b", "e"),
        (r"os(?=e(?:s|ra|z)?\b)", "ôs"),
        (r"\bjeun(?=es?\b|ess)", "jœun"),
        (r"eu(?=v(?:e|es|ent|ièmes?)\b|[pbg]l)", "œu"),
        (r"\bseul(?=ement)", "sœul"),
        (r"\b(pl|dem)eu(?=r[aeéèi])", r"\1œu"),
        (r"(?<=(?:as|us|es)pe)cts?\b", "t"),
        (r"(?<=gyp)t(?=ien)", "c"),
        (r"(?<=ï)t(?=ien)", "c"),
    )
)
_ENGLISH = word_set(
    "th the that this them then than these those they there their thing things think other mother "
    "father brother both with bath path math maths month months north south mouth youth truth "
    "death health earth tooth bluetooth smith keith thread thriller thanks thank three thursday "
    "theory something nothing everything growth worth forth heather weather"
)
"""English words in ``th`` that remain so in French."""

_LINKING = word_set(
    "un aucun mon ton son les des ces mes tes ses nos vos leurs aux quels quelles quelques "
    "plusieurs certains certaines divers diverses tout toutes deux trois six dix vingt cent cents "
    "petit petits petites grand grands grandes gros grosses bon bons bonnes beaux belles nouveaux "
    "nouvelles vieux vieilles mauvais mauvaises autres premier premiers premières dernier derniers "
    "dernières jeunes long longs longues ancien anciens anciennes nombreux nombreuses différents "
    "différentes mêmes prochains prochaines certain plein moyen second seconds saint saints "
    "nous vous ils elles on en dont quand comment quant rien dans sans sous chez dès vers avant "
    "devant pendant après depuis mais puis pas plus moins très trop bien fort assez beaucoup "
    "tellement "
    "est es suis sont étais était étions étiez étaient sera seras serez seront "
    "serais serait seraient soit soient fut furent ai as a avons avez ont avais avait avions aviez "
    "avaient auront aurais aurait auraient ait aient "
    "fait font vont peut doit veut faut allait allez prend vient tient"
)
"""Words that are linked to the next: those before nouns, pronouns, short adverbs, auxiliaries."""

_NUMBERS = word_set("deux trois six dix vingt vingts cent cents")
_NEVER_LINKED = word_set("et ou onze onzième oui")
_NO_NOUN = word_set("à au aux en est sont a ont")
_INVERTED = re.compile(r"\w-(?:vous|nous|ils|elles|on)$")
"""A pronoun behind its verb: ``avez-vous un``."""
_LINKS = "ztnpʁk"


def respelled(word: str) -> str:
    """A word as espeak-ng reads it right; unchanged if it does so anyway."""
    lower = word.lower()
    if lower in _ENGLISH or (word.isupper() and len(word) < 6):
        return word
    for pattern, put in _RULES:
        lower = pattern.sub(put, lower)
    return word if lower == word.lower() else lower


def linked(words: Sequence[str], alone: Sequence[str], sounds: Sequence[str]) -> list[str]:
    """Phonemes of words in a row without links that nobody makes.

    Args:
        words: of one clause.
        alone: the phonemes of each when read by itself.
        sounds: the phonemes of each as espeak-ng reads them in a row.

    Returns:
        `sounds`, without the consonant by which a word is linked to the vowel of the next where it
        is a noun, a verb or a name, or the next is ``et``, ``ou``, ``onze`` or ``oui``.
    """
    kept = list(sounds)
    for place, (word, following) in enumerate(pairwise(words)):
        heard = sounds[place]
        vowel = sounds[place + 1].lstrip(STRESS)[:1] in VOWELS
        link = heard[-1:] in _LINKS and _bare(heard[:-1]) == _bare(alone[place])
        if heard and vowel and link and not _is_linked(word.lower(), following.lower()):
            kept[place] = heard[:-1]
    return kept


def _is_linked(word: str, following: str) -> bool:
    if _INVERTED.search(word):
        return False
    last = re.split(r"[-’']", word)[-1]
    if following in _NEVER_LINKED:
        return (word, following) == ("vingt", "et")
    if last in _NUMBERS and following in _NO_NOUN:
        return False
    return last in _LINKING or (word, following) in (("petit", "à"), ("tout", "à"))


def _bare(sounds: str) -> str:
    return sounds.translate({ord(mark): None for mark in STRESS + "-"})
