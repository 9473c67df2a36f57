import pytest

from cartesia_server.text.respell import respelled

# ruff: noqa: RUF001 -- an apostrophe


@pytest.mark.parametrize(
    ("word", "language", "spelling"),
    [
        ("Bluetooth", "pt", "blutufe"),
        ("WhatsApp", "es", "wátsap"),
        ("emails", "es", "ímeils"),
        ("l'e-mail", "fr", "l'imèle"),
        ("WhatsApp", "it", "whatsapp"),
        ("emails", "fr", "imèle"),
        ("l'email", "fr", "l'imèle"),
        ("l’abbaye", "fr", "l’abéyie"),
        ("dell'iPhone", "it", "dell'àifon"),
        ("passe-parking", "fr", "passe-parque-ing"),
        ("quiz", "fr", "couiz"),
        ("Saint-Cloud", "fr", "saint-clou"),
        ("auguro", "it", "augùro"),
    ],
)
def test_words_that_would_be_misread_are_respelled(word, language, spelling):
    assert respelled(word, language) == spelling


@pytest.mark.parametrize(
    ("word", "language"),
    [("email", "en"), ("email", "de"), ("parking", "es"), ("Paris", "fr"), ("", "fr"), ("-", "it")],
)
def test_other_words_and_languages_stay_as_they_are(word, language):
    assert respelled(word, language) == word
