from __future__ import annotations

import pytest

from cartesia_server.text.espeak import espeak
from cartesia_server.text.prepare import prepare

# ruff: noqa: RUF001 -- phonetic letters look like others


def heard(text: str, language: str = "en-US") -> str:
    """Phonemes of the word between stars."""
    start, word, _ = text.split("*")
    spoken = [word for part in prepare(text.replace("*", ""), language) for word in part.spoken]
    alike = [one.phonemes for one in spoken if one.text == word]
    return alike[start.split().count(word)]


def read(asked: str, voice: str = "gmw/en-US") -> str:
    """How espeak-ng reads the last word of a text."""
    return espeak().phonemes(asked, voice)[-1]


VERBS = """
*Close* the app and open it again.
Please *close* the door behind you.
We *close* at nine on Sundays.
Our stores *close* early on Fridays.
When does the pharmacy *close*?
To finish, *close* all open tabs.
The order will be delivered at the *close* of business.
*Use* the code at checkout.
Customers *use* the portal to pay.
How do I *use* my points?
It is easy to *use*.
If you don't mind, *use* another card.
The app *uses* your location.
*Record* your message after the tone.
Calls are monitored, and we *record* them.
Let me *record* that for you.
It *records* everything you say.
*Present* your ID at the desk.
I *object* to that.
We *project* growth next year.
Muscles *contract* when they are cold.
We do not *permit* pets.
Our rules *permit* it.
We will *refund* you.
Prices *increase* in May.
*Export* your data to a file.
Please *insert* a coin.
Would you like me to *update* it?
*Transfer* fifty dollars to savings.
Please hold while I *transfer* you.
I *estimate* two hours.
*Separate* the two files.
Do not *duplicate* this key.
Could you *elaborate* on that?
When do you *graduate*?
I *associate* it with you.
We *suspect* fraud.
*Tear* off the label.
I noticed a *tear* in the fabric.
She came to read and *record* it.
Here are the apps that *record* calls.
Please note that prices *increase* in May.
*Wind* the clock.
Where do you *live*?
My parents *live* in Spain.
Do you still *live* at the same address?
She wants to *live* in Paris.
My sister *lives* near you.
Please *read* the terms.
Did you *read* the email?
I will *read* it back to you.
I *read* every evening before bed.
*Read* the label before use.
""".strip().splitlines()

NOUNS = """
Your order is *close* to arriving.
She is a *close* friend of mine.
How *close* is the nearest store?
Stay *close* to your phone.
They live *close* by.
There is no *use* in waiting.
Terms of *use* apply.
The *use* of this device is simple.
It has many *uses*.
Your *record* shows two payments.
Our *records* show a balance.
I bought a *present* for her.
The doctor is not *present*.
A heavy *object* fell.
Your *contract* ends in May.
The *content* of the page is new.
We have *content* for you.
You need a parking *permit*.
Your *refund* is on its way.
*Refund* requests take a week.
Can I get a credit *increase*?
Any *update* on my order?
A bank *transfer* is free.
Here is your *estimate*.
They are *separate* accounts.
Do you have an *alternate* number?
She is a recent *graduate*.
The *suspect* fled.
There was a *tear* in her eye.
There are a few issues *present* within the system.
The *wind* is strong.
You are now *live*.
I'll connect you to a *live* agent.
*Live* chat is closed.
We go *live* on Monday.
You can watch it *live*.
The band played *live* at the arena.
It saves *lives*.
That is *perfect*.
We buy fresh *produce*.
""".strip().splitlines()

OTHERS = [
    ("I *read* it yesterday.", "red"),
    ("I have *read* your message.", "red"),
    ("Have you *read* the contract?", "red"),
    ("She *read* the letter and cried.", "red"),
    ("It was *read* aloud.", "red"),
    ("The note was opened and *read* at once.", "red"),
    ("There was a sign that *read* closed.", "red"),
    ("We *read* your review last week.", "red"),
    ("*Excuse* me, could you repeat that?", "excuze"),
    ("There's no *excuse* for it.", "excuse"),
    ("I *used* to live there.", "yoost"),
    ("I'm *used* to it.", "yoost"),
    ("You'll get *used* to it.", "yoost"),
    ("Are you *used* to working late?", "yoost"),
    ("It is *used* to open doors.", "used"),
    ("I *used* the card.", "used"),
    ("The card you *used* to pay has expired.", "used"),
    ("Are you *content* with that?", "to content"),
    ("Send me your *resume*.", "résumé"),
    ("The two *resume* their talks.", "resume"),
    ("People *content* with little are happy.", "to content"),
    ("Service will *resume* at noon.", "resume"),
    ("It is *lead* paint.", "led"),
    ("This will *lead* to delays.", "lead"),
    ("It *wound* around the tree.", "wownd"),
    ("The *wound* is healing.", "wooned"),
    ("We serve grilled sea *bass*.", "bas"),
    ("He plays the *bass*.", "base"),
    ("She *dove* into the water.", "doave"),
]


@pytest.mark.parametrize("text", VERBS)
def test_verbs(text):
    assert heard(text) == read(f"will {text.split('*')[1]}")


@pytest.mark.parametrize("text", NOUNS)
def test_nouns_and_adjectives(text):
    assert heard(text) == read(f"the {text.split('*')[1]}")


@pytest.mark.parametrize(("text", "alike"), OTHERS)
def test_words_that_sound_like_others(text, alike):
    assert heard(text) == read(alike)


@pytest.mark.parametrize(
    "text", ["A sales *associate* will call.", "a *duplicate* fee", "an *affiliate* link"]
)
def test_the_last_vowel_of_a_noun_is_weak(text):
    assert heard(text).endswith("ət")


def test_the_accent_stays():
    text = "*Record* your message."
    assert heard(text, "en-GB") == read("to record", "gmw/en")
    assert heard(text, "en-GB") != heard(text, "en-US")


def test_what_is_given_in_phonemes_stays():
    spoken = [
        word for part in prepare("<<l|ˈ|ɛ|d>> the way to close", "en") for word in part.spoken
    ]
    assert spoken[0].phonemes == "lˈɛd"


def test_other_languages_keep_their_words():
    (part,) = prepare("Use la llave.", "es")
    assert part.spoken[0].phonemes == "ˈuse"
