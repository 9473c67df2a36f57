"""What Kokoro's decoder is calibrated with: texts, voices and speeds, drawn without end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cartesia_server.engines.base import VoicePoint
from cartesia_server.voices.space import VoiceSpace
from train_clone_map import drawn

SENTENCES = Path(__file__).parents[1] / "tests/models/sentences"

TEXT = """\
The station was almost empty when she arrived, so she sat down on the last bench and opened the
letter again. It said very little: a name, an address, and the hour of a train that nobody had
mentioned before. Outside, the rain had stopped, and a thin yellow light lay over the roofs of the
old town. Could he really have forgotten her? Perhaps. A porter walked past with two heavy boxes,
whistling something cheerful, and the clock above the door jumped to half past nine. Thank you for
calling, how can I help you today? Of course, I would be glad to look that up for you. Your order
number is four seven two nine, is that right? Great. It left our warehouse on Thursday morning and
should reach you by the end of the week, unless the weather gets in the way. Hello! Yes, please.
No, I don't think so. One moment. In the early years of the century the village was known for its
glass, which was blown by hand in workshops along the river and sold as far away as Russia. Each
family kept its own recipe for the deep blue colour, and guarded it jealously. What happened next
surprised everyone: the youngest daughter published hers in the newspaper! Mix flour, butter and
sugar until the dough is smooth; leave it in a cool place for an hour, then roll it out thinly.
The engine of the machine measures temperature, pressure and speed several thousand times every
second. Just a quick question before you go. Why should anyone believe that? Good evening,
everybody, and welcome back to the show. My brother, who never reads maps, drove through the whole
forest in the dark with broken headlights and a sleeping dog on the back seat. They laughed, they
argued, they made peace again. Sorry, could you repeat that more slowly? Goodbye, and have a
lovely weekend."""

OTHER_TEXTS = {
    "es": """\
La estación estaba casi vacía cuando ella llegó, así que se sentó en el último banco y volvió a
abrir la carta. ¿De verdad la había olvidado? Quizás. Gracias por llamar, ¿en qué puedo ayudarle
hoy? Su pedido salió del almacén el jueves por la mañana y debería llegar antes del fin de
semana. Un momento, por favor. Mi hermano condujo por el bosque oscuro con un perro dormido en el
asiento de atrás.""",
    "fr": """\
La gare était presque vide quand elle arriva, alors elle s'assit sur le dernier banc et rouvrit
la lettre. L'avait-il vraiment oubliée ? Peut-être. Merci de votre appel, comment puis-je vous
aider aujourd'hui ? Votre commande a quitté notre entrepôt jeudi matin et devrait arriver avant
la fin de la semaine. Un instant, je vous prie. Mon frère a traversé la forêt sombre avec un
chien endormi.""",
    "it": """\
La stazione era quasi vuota quando lei arrivò, così si sedette sull'ultima panchina e riaprì la
lettera. L'aveva davvero dimenticata? Forse. Grazie per la chiamata, come posso aiutarla oggi? Il
suo ordine ha lasciato il magazzino giovedì mattina e dovrebbe arrivare entro la fine della
settimana. Un momento, per favore. Mio fratello ha guidato nel bosco buio con un cane
addormentato sul sedile.""",
    "pt": """\
A estação estava quase vazia quando ela chegou, então sentou-se no último banco e abriu de novo a
carta. Será que ele a tinha esquecido? Talvez. Obrigado por ligar, como posso ajudar hoje? O seu
pedido saiu do armazém na quinta-feira de manhã e deve chegar até o fim da semana. Um momento,
por favor. O meu irmão dirigiu pela floresta escura com um cachorro dormindo no banco de trás, e
a viagem durou seis horas.""",
}

ENGLISH = "en-US"
SHARES = {ENGLISH: 50, "en-GB": 10, "es": 7, "fr": 7, "it": 6, "pt": 5, "hi": 5, "ja": 5, "zh": 5}
"""Of languages among openings."""

NATIVE = {"es": "e", "fr": "f", "it": "i", "pt": "p", "hi": "h", "ja": "j", "zh": "z"}
"""How names of built-in voices begin whose own language it is."""

DENSE = ("ja", "zh")
LETTERS = 3  # that stand for a word in them
LONGEST = 25  # words of one span
CHANCE_OF_OTHER_SPEED = 0.3


@dataclass(frozen=True)
class Situation:
    """What is spoken, by whom, and how fast."""

    text: str
    language: str
    voice: VoicePoint
    speed: float


def situations(
    space: VoiceSpace, seed: int, share_of_built_in: float = 0.4, *, abroad: bool = False
) -> Iterator[Situation]:
    """Draw texts, voices and speeds without end."""
    chance = np.random.default_rng(seed)
    voices = drawn(space, chance)
    while True:
        language = str(chance.choice(list(OTHER_TEXTS))) if abroad else ENGLISH
        text = (OTHER_TEXTS[language] if abroad else TEXT).split()
        words = round(float(np.exp(chance.uniform(0, np.log(LONGEST)))))
        start = int(chance.integers(0, len(text) - words))
        span = " ".join(text[start : start + words])
        if not span.endswith((".", "!", "?", ",", ":", ";")):
            span += str(chance.choice([".", ",", "", "?"], p=[0.5, 0.2, 0.2, 0.1]))
        built_in = chance.random() < share_of_built_in
        point = space.points[chance.integers(len(space.points))]
        voice = np.asarray(point, np.float32) if built_in else space.at(next(voices))
        other = chance.random() < CHANCE_OF_OTHER_SPEED
        yield Situation(span, language, voice, float(chance.uniform(0.75, 1.4)) if other else 1.0)


def agents(space: VoiceSpace, seed: int) -> Iterator[Situation]:
    """Draw sentences as voice agents say them, in all languages, without end."""
    chance = np.random.default_rng(seed)
    voices = drawn(space, chance)
    shares = np.array(list(SHARES.values())) / sum(SHARES.values())
    texts = {language: _shuffled(language) for language in SHARES}
    while True:
        language = str(chance.choice(list(SHARES), p=shares))
        text, dense = texts[language], language in DENSE
        words = round(float(np.exp(chance.uniform(np.log(7), np.log(28)))))
        words *= LETTERS if dense else 1
        start = int(chance.integers(0, max(len(text) - words, 1)))
        span = ("" if dense else " ").join(text[start : start + words]).strip()
        if not span.endswith(tuple(".!?,:;。？！")):  # noqa: RUF001
            span += str(chance.choice([".", ",", "?", ""], p=[0.5, 0.2, 0.15, 0.15]))
        if chance.random() < 0.5:
            own = [name[0] == NATIVE.get(language) for name in space.names]
            natives = language in NATIVE and chance.random() < 0.6
            pool = np.flatnonzero(own) if natives else np.arange(len(own))
            voice = np.asarray(space.points[chance.choice(pool)], np.float32)
        else:
            voice = space.at(next(voices))
        other = chance.random() < CHANCE_OF_OTHER_SPEED
        yield Situation(span, language, voice, float(chance.uniform(0.7, 1.5)) if other else 1.0)


def in_turn(space: VoiceSpace, seed: int) -> Iterator[Situation]:
    """Draw sentences as voice agents say them, by every built-in voice in its own language."""
    chance = np.random.default_rng(seed)
    abroad = {letter: language for language, letter in NATIVE.items()} | {"b": "en-GB"}
    texts = {language: _shuffled(language) for language in SHARES}
    while True:
        for index in chance.permutation(len(space.names)):
            language = abroad.get(space.names[index][0], ENGLISH)
            text, dense = texts[language], language in DENSE
            words = round(float(np.exp(chance.uniform(np.log(2), np.log(26)))))
            words *= LETTERS if dense else 1
            start = int(chance.integers(0, max(len(text) - words, 1)))
            span = ("" if dense else " ").join(text[start : start + words]).strip()
            yield Situation(span, language, np.asarray(space.points[index], np.float32), 1.0)


def _shuffled(language: str) -> Sequence[str]:
    """Words of all sentences, or letters where words are not parted, in one order."""
    short = language[:2]
    written = (SENTENCES / f"{short}.txt").read_text(encoding="utf-8").splitlines()
    lines = [line for line in written if line.strip() and not line.startswith(" ")]
    told = TEXT if language[:2] == "en" else OTHER_TEXTS.get(language, "")
    lines += 2 * re.split(r"(?<=[.?!]) ", told.replace("\n", " "))
    text = " ".join(lines[index] for index in np.random.default_rng(7).permutation(len(lines)))
    return text if language in DENSE else text.split()
