"""English as it is uttered: drawn out, stammered, in interjections, in letters."""

from __future__ import annotations

import re

from cartesia_server.text.english.tables import SHOUTED, SPOKEN
from cartesia_server.text.punctuation import word_set
from cartesia_server.text.seen import Seen

# ruff: noqa: RUF001 -- signs look alike

_INTERJECTIONS = {
    **dict.fromkeys(("mm-hmm", "mm-hm", "mhm", "mhmm"), "um-hum"),
    **dict.fromkeys(("hm", "mm", "m"), "hmm"),
    **dict.fromkeys(("uhm", "umm"), "um"),
    **dict.fromkeys(("shh", "sh"), "shush"),
    **dict.fromkeys(("brr", "br"), "burr"),
    **dict.fromkeys(("grr", "gr"), "gur"),
    **dict.fromkeys(("pfft", "pft"), "puff"),
    "uhh": "uh",
    "aww": "aw",
    "eww": "ew",
}
"""What espeak-ng spells or misreads, as words that sound like it."""

_LONG = re.compile(r"([a-z])\1{2,}", re.IGNORECASE)
_DOUBLE = word_set(
    "good cool soon sweet too see free need been feel deep sleep food boom zoom week eek boo woo "
    "hoo whoo wee whee three tree agree fool moo oops all well tell still kill call fall small "
    "bless kiss miss pass boss off stuff psst woohoo yeehaw"
)
"""Words that have the letter twice, however often it is written."""

_STAMMER = re.compile(r"(?:([a-z]{1,2})-)+(?=\1)([a-z'’]+)", re.IGNORECASE)
_NO_STAMMERS = word_set("test tests ball class day")

_WORDS = SHOUTED | word_set(
    "am an as at be by do go he hi if in is it me my no of oh on or so to up us we add ado aid aim "
    "all and ant any ape are awe axe aye bay bee beg bet bid bin bio bit bow bud bug bum bun but "
    "bye cab can cap cat cog cop cow cub cue cut did dig dip don dot dub dug dye ebb egg ego elf "
    "elk elm era eve ewe fan fed fig fin fix flu fly foe fog for fox fry fur gag gap gel gem get "
    "gig got gum gun gut gym had ham has hay hem hen her hey hid him hip his hoe hog hop how hub "
    "hue hug hum ice icy ill ink inn ion its ivy jam jaw jet jog joy jug lab lag lap led lid lip "
    "lit log lot mat may mix mob mod mop mud mug nap net nod nor not now nut oak oar oat odd oil "
    "old one opt orb our own pad pal pan pat paw pea peg per pet pie pig pit pod pop pot pub pup "
    "put rag ran rap rat raw ray rib rid rig rim rip rob rod rot row rub rug rum rye sad see she "
    "shy sin sip ski sob son sow spa spy sub sue tab tag tan tap tar tee ten the thy tin tip ton "
    "ah boo duh ew ha huh nah uh ugh um wow yay yo yum yuck ali amy ann ava ben bob dan ed eve gus "
    "hal ian jim joe kai ken kim lee leo liz lou max mia ned pam rex ron roy sam sid ted tim tom "
    "uma val vic wes zoe top tow toy tub two use van vet via vow was wax way who why wig wit yep "
    "yet you zap zen zoo"
)
"""Short words, which are what they are in capitals, too."""


def interjection(seen: Seen) -> list[str] | None:
    """``Mm-hmm``, ``shh``, ``brrr``."""
    name = _LONG.sub(r"\1", seen.word.lower())
    alone = len(name) > 1 or len(seen.word) > 2
    return [_INTERJECTIONS[name]] if alone and name in _INTERJECTIONS else None


def drawn_out(seen: Seen) -> list[str] | None:
    """``sooo`` and ``yesss``, but no ``XXX`` or ``IEEE``."""
    if not _LONG.search(seen.word) or not re.fullmatch(r"[A-Za-z'’]+", seen.word):
        return None
    if seen.word.lower() == "www" or (seen.word.isupper() and seen.word[0] in "AEIOUXLV"):
        return None
    twice = _LONG.sub(r"\1\1", seen.word)
    return [twice if twice.lower() in _DOUBLE else _LONG.sub(r"\1", seen.word)]


def stammer(seen: Seen) -> list[str] | None:
    """``w-what`` and ``I-I``: what is broken off is no letter that is named."""
    found = _STAMMER.fullmatch(seen.word)
    if not found:
        return None
    begun, word = found[1], found[2]
    if begun.upper() == word.upper() == "I":
        return ["I"] * len(seen.word.split("-"))
    named = (begun + word[0]).isupper() or word.lower() in _NO_STAMMERS
    prefix = re.fullmatch("e|.*[aeiou].|.[aeiou]", begun, re.IGNORECASE)  # e-editor, re-read
    return None if named or prefix or begun.lower() == word.lower() else [word]


def initialism(seen: Seen) -> list[str] | None:
    """Two or three capitals that are no word: ``UPS``, ``APY``; not where all is in capitals."""
    if not re.fullmatch("(?=.*[AEIOUY])[A-Z]{2,3}", seen.word) or seen.word in SPOKEN:
        return None
    loud = any(re.fullmatch("[A-Z]{4,}", word) for word in (seen.before, seen.after))
    if loud or seen.word.lower() in _WORDS:
        return None
    return [".".join(seen.word)]
