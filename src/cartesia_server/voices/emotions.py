"""What emotions do to a voice: names of the API, gathered in few families.

Each family moves the way of speaking as people move theirs (K. Scherer, "Vocal communication of
emotion", 2003; Juslin and Laukka, "Communication of emotions in vocal expression", 2003), as far
as the local voices follow; docs/voices.md says how far. What these differ in is height, liveliness,
effort, rate and level. A sneer or a whisper is none of it, so some emotions have no effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cartesia_server.engines.base import PLAIN, Expression

FAMILIES: Mapping[str, Expression] = {
    "joy": Expression(pitch=2.5, range=1.5, effort=0.4, rate=1.08, level=1.12),
    "anger": Expression(pitch=1.0, range=1.5, effort=0.8, rate=1.12, level=1.25),
    "surprise": Expression(pitch=3.0, range=1.8, effort=0.3, rate=1.0, level=1.06),
    "curiosity": Expression(pitch=1.5, range=1.35, effort=0.0, rate=0.97, level=1.0),
    "fear": Expression(pitch=3.0, range=0.9, effort=0.0, rate=1.15, level=0.95),
    "assurance": Expression(pitch=-1.0, range=1.0, effort=0.4, rate=1.04, level=1.12),
    "calm": Expression(pitch=-1.0, range=0.7, effort=-0.3, rate=0.9, level=0.94),
    "sadness": Expression(pitch=-2.0, range=0.65, effort=-0.6, rate=0.84, level=0.84),
}
"""What the emotions of a family do at full strength."""

_SLIGHT, _FULL, _STRONG = 0.5, 1.0, 1.5

_MEMBERS = """
joy        slight  content grateful affectionate
joy        full    happy joking/comedic
joy        strong  excited enthusiastic elated euphoric triumphant
anger      slight  frustrated agitated
anger      full    angry mad
anger      strong  outraged
surprise   full    surprised
surprise   strong  amazed
curiosity  slight  confused
curiosity  full    curious anticipation
fear       slight  hesitant insecure
fear       full    anxious scared threatened
fear       strong  panicked alarmed
assurance  full    confident proud
assurance  strong  determined
calm       slight  trust contemplative distant
calm       full    calm peaceful serene
sadness    slight  sympathetic disappointed nostalgic wistful apologetic guilty bored
sadness    full    sad melancholic hurt rejected resigned tired
sadness    strong  dejected
"""

WITHOUT_EFFECT = (
    *("neutral", "flirtatious", "mysterious", "disgusted", "contempt", "envious"),
    *("sarcastic", "ironic", "skeptical"),
)
"""Emotions that leave the local voices as they are."""


def _members() -> dict[str, Expression]:
    strengths = {"slight": _SLIGHT, "full": _FULL, "strong": _STRONG}
    found = dict.fromkeys(WITHOUT_EFFECT, PLAIN)
    for line in _MEMBERS.strip().splitlines():
        family, strength, *names = line.split()
        found |= {name: FAMILIES[family].scaled(strengths[strength]) for name in names}
    return found


EMOTIONS: Mapping[str, Expression] = _members()
"""Every emotion that a request may name, in lower case."""

_LEVELS = {"lowest": 0.4, "low": 0.7, "": 1.0, "high": 1.3, "highest": 1.6}
_CONTROLS = {
    "anger": FAMILIES["anger"],
    "positivity": FAMILIES["joy"],
    "surprise": FAMILIES["surprise"],
    "sadness": FAMILIES["sadness"],
    "curiosity": FAMILIES["curiosity"],
}
CONTROLS_ACCEPTED = (
    f"{', '.join(_CONTROLS)}, each alone or with a level as in anger:high: "
    f"{', '.join(filter(None, _LEVELS))}"
)
"""What `controlled` takes, for error texts."""


def controlled(tags: Iterable[str]) -> Expression:
    """What emotions with levels ask for together, as API version 2024-11-13 has them.

    Args:
        tags: ``anger``, ``positivity:high`` and so on, in any case; of a name given twice the last
            counts.

    Raises:
        KeyError: of a tag that is none of `CONTROLS_ACCEPTED`.
    """
    wanted: dict[str, Expression] = {}
    for tag in tags:
        name, colon, level = tag.lower().partition(":")
        if name not in _CONTROLS or level not in _LEVELS or (colon and not level):
            raise KeyError(tag)
        wanted[name] = _CONTROLS[name].scaled(_LEVELS[level])
    expression = PLAIN
    for one in wanted.values():
        expression = expression.joined(one)
    return expression
