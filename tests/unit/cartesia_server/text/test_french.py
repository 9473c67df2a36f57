import pytest

from cartesia_server.text.french import linked, respelled

# ruff: noqa: RUF001 -- phonetic letters look like others


@pytest.mark.parametrize(
    ("word", "spelling"),
    [
        ("menthe", "mente"),
        ("Rythme", "rytme"),
        ("enthousiasme", "entousiasme"),
        ("sympathie", "sympattie"),
        ("zénith", "zénitte"),
        ("Marthe", "marte"),
        ("Rémy", "rémi"),
        ("Annecy", "anneci"),
        ("Neuilly-sur-Seine", "neuilli-sur-seine"),
        ("d’aujourd’hui", "d’aujourdui"),
        ("qu'habite", "qu'abite"),
        ("qu'hier", "qu'ière"),
        ("jouent", "joue"),
        ("roues", "roue"),
        ("quatre-vingt-deux", "quatrevin-deux"),
        ("roulent", "roule"),
        ("exposent", "expôse"),
        ("jeunesse", "jœunesse"),
        ("neuvième", "nœuvième"),
        ("immeubles", "immœubles"),
        ("seulement", "sœulement"),
        ("demeurer", "demœurer"),
        ("respects", "respet"),
        ("Égyptienne", "égypcienne"),
    ],
)
def test_words_that_would_be_taken_for_english_or_lose_sounds(word, spelling):
    assert respelled(word) == spelling


@pytest.mark.parametrize(
    "word",
    [
        "Paris",
        "aujourd'hui",
        "the",
        "Bluetooth",
        "asthme",
        "Matthias",
        "sky",
        "royal",
        "TH",
        "quatre-vingts",
        "l'hiver",
        "souvent",
        "jeûne",
        "neuf",
        "seul",
        "peur",
    ],
)
def test_other_words_stay_as_they_are(word):
    assert respelled(word) == word


@pytest.mark.parametrize(
    ("text", "alone", "together", "kept"),
    [
        ("les amis", "lˈe amˈi", "lez amˈi", "lez amˈi"),
        ("pont est", "pˈɔ̃ ˈɛ", "pˈɔ̃t ˈɛ", "pˈɔ̃ ˈɛ"),
        ("vivent à", "vˈiv ˈa", "vˈivt a", "vˈiv a"),
        ("lait et", "lˈɛ ˈe", "lˈɛt e", "lˈɛ e"),
        ("il est arrivé", "ˈil ˈɛ aʁivˈe", "il ɛt aʁivˈe", "il ɛt aʁivˈe"),
        ("deux à", "dˈø ˈa", "dˈøz a", "dˈø a"),
        ("deux heures", "dˈø ˈœʁ", "dˈøz ˈœʁ", "dˈøz ˈœʁ"),
        ("vingt et", "vˈɛ̃ ˈe", "vˈɛ̃t e", "vˈɛ̃t e"),
        ("petits et", "pətˈi ˈe", "pətˈiz e", "pətˈi e"),
        ("avez-vous une", "avˈevˈu ˈyn", "avˈevuz yn", "avˈevu yn"),
        ("vous avez", "vˈu avˈe", "vuz avˈe", "vuz avˈe"),
        ("êtes arrivé", "ˈɛt aʁivˈe", "ɛtz aʁivˈe", "ɛt aʁivˈe"),
        ("toujours une", "tuʒˈuʁ ˈyn", "tuʒˌuʁz yn", "tuʒˌuʁ yn"),
        ("mer est", "mˈɛʁ ˈɛ", "mˈɛʁ ɛ", "mˈɛʁ ɛ"),
    ],
)
def test_links_to_a_vowel_are_made_where_people_make_them(text, alone, together, kept):
    assert linked(text.split(), alone.split(), together.split()) == kept.split()
