from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cartesia_server.text.markup import Piece
from cartesia_server.text.segment import MAX_CHARS, MAX_WORDS, Segmenter
from cartesia_server.text.transcript import read_transcript
from tests.streams import read_in_pieces

# ruff: noqa: RUF001 -- the punctuation of several scripts looks alike


def cut(text: str, **limits: int) -> list[str]:
    segmenter = Segmenter(**limits)
    return [*segmenter.feed(text), *segmenter.flush()]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Hello there. How are you?", ["Hello there.", "How are you?"]),
        ("Dr. Smith met Mrs. Jones.", ["Dr. Smith met Mrs. Jones."]),
        ("It costs 3.50 or so. Fine.", ["It costs 3.50 or so.", "Fine."]),
        ("J. R. R. Tolkien wrote it. Yes.", ["J. R. R. Tolkien wrote it.", "Yes."]),
        ("We met at 5 p.m. Then we left.", ["We met at 5 p.m.", "Then we left."]),
        ("The U.S. Army came.", ["The U.S. Army came."]),
        (
            "See No. 5 first. I said no. John left.",
            ["See No. 5 first.", "I said no.", "John left."],
        ),
        ("Use e.g. Paris. Or not.", ["Use e.g. Paris.", "Or not."]),
        ('He said "Stop!" and ran.', ['He said "Stop!" and ran.']),
        ('"Stop!" He ran.', ['"Stop!"', "He ran."]),
        ("Wait... what? No!", ["Wait... what?", "No!"]),
        ("You and I. They left.", ["You and I.", "They left."]),
        ("A title\n\nA text", ["A title\n", "A text"]),
        ("one\ntwo", ["one two"]),
        ("Hello\nHow are you\n", ["Hello\n", "How are you\n"]),
        ("I was asked by\nJohn", ["I was asked by John"]),
        ("x" * 40 + " y\nJohn", ["x" * 40 + " y John"]),
        ("Do this:\n- Rest\n- Drink\n", ["Do this:", "- Rest\n", "- Drink\n"]),
        ("1. Open it. 2. Tap it.", ["1. Open it.", "2. Tap it."]),
        ("Steps: 1. Open it.\n2) Tap it.", ["Steps: 1. Open it.", "2) Tap it."]),
        ("It is 5. Then it was 6.", ["It is 5.", "Then it was 6."]),
        ("# A title\nand text", ["# A title\n", "and text"]),
        ("| A | B |\n|---|---|\n| c | d |", ["| A | B |\n", "|---|---|\n", "| c | d |"]),
        ("```sh\nls\ncd x\n```\nso be\nit", ["```sh\n", "ls\n", "cd x\n", "```\n", "so be it"]),
        ("See vol. III, serial no. SN12, c. 1452.", ["See vol. III, serial no. SN12, c. 1452."]),
        ("Mon., Wed. & Fri. are free. Tel. : 12", ["Mon., Wed. & Fri. are free.", "Tel. : 12"]),
        ("Pág. 12, máx. 3, n. 5, ap. 45.", ["Pág. 12, máx. 3, n. 5, ap. 45."]),
        ("I said no. I left.", ["I said no.", "I left."]),
        ("¿Qué tal? ¡Muy bien!", ["¿Qué tal?", "¡Muy bien!"]),
        ("नमस्ते। आप कैसे हैं?", ["नमस्ते।", "आप कैसे हैं?"]),
        ("今天很好。我们去吧！你呢？", ["今天很好。", "我们去吧！", "你呢？"]),
        ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
        ("「はい。」と言った。「いいえ。」彼は", ["「はい。」と言った。", "「いいえ。」", "彼は"]),
        ("私は……知らない。", ["私は……知らない。"]),
        ("用Python 3.5写。OK。Next one. Yes", ["用Python 3.5写。", "OK。", "Next one.", "Yes"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(text, sentences):
    assert cut(text) == sentences


def test_a_sentence_comes_out_as_soon_as_the_next_one_begins():
    segmenter = Segmenter()
    assert list(segmenter.feed("Hello there")) == []
    assert list(segmenter.feed(". ")) == []  # "Hello there. com" could follow
    assert list(segmenter.feed("H")) == ["Hello there."]
    assert segmenter.pending == "H"


def test_a_question_mark_needs_no_next_word():
    segmenter = Segmenter()
    assert list(segmenter.feed("How are you?")) == []
    assert list(segmenter.feed(" ")) == ["How are you?"]


def test_a_sentence_without_spaces_comes_out_as_soon_as_the_next_one_begins():
    segmenter = Segmenter()
    assert list(segmenter.feed("今日は")) == []
    assert list(segmenter.feed("晴れです。")) == []  # a closing bracket could follow
    assert list(segmenter.feed("明")) == ["今日は晴れです。"]
    assert segmenter.pending == "明"


def test_characters_count_for_half_a_word_and_are_cut_at_commas():
    first, second = (
        "今天的天气非常好所以我们决定一起去公园里散步，",
        "回家以后大家都觉得又累又非常高兴但是其实没有人想要马上去睡觉。",
    )
    assert cut(first + second) == [first, second]


def test_japanese_without_marks_is_cut_after_its_particles():
    pieces = cut("東京駅から新幹線" * 9)
    assert "".join(pieces) == "東京駅から新幹線" * 9
    assert all(piece.startswith("新幹線") for piece in pieces[1:])
    assert all(len(piece) <= 2 * MAX_WORDS for piece in pieces)


@pytest.mark.parametrize("held", ["5 km", "Dec. 24", "555 1234"])
def test_a_long_sentence_is_not_cut_within_a_number(held):
    for before in range(20, 27):
        assert any(held in piece for piece in cut("word " * before + held + " word" * 10))


def test_a_book_without_marks_is_cut_into_pieces_of_one_length():
    pieces = cut("春眠不觉晓处处闻啼鸟" * 2000)
    assert "".join(pieces) == "春眠不觉晓处处闻啼鸟" * 2000
    assert {len(piece) for piece in pieces} == {2 * MAX_WORDS}


def test_a_decimal_cut_in_the_middle_stays_whole():
    segmenter = Segmenter()
    assert list(segmenter.feed("It is 3.")) == []
    assert list(segmenter.feed("5 metres. Y")) == ["It is 3.5 metres."]


def test_a_long_sentence_is_cut_at_its_clauses():
    first = "When the old library closed its doors for the last time in the autumn of that year,"
    second = "nobody expected that the building would become the most popular place in town."
    assert cut(f"{first} {second}") == [first, second]


def test_a_long_sentence_without_marks_is_cut_before_a_connective():
    pieces = cut("word " * 14 + "and " + "word " * 14)
    assert [piece.split()[0] for piece in pieces] == ["word", "and"]


def test_a_stream_without_marks_does_not_wait_for_ever():
    segmenter = Segmenter()
    assert list(segmenter.feed("word " * (MAX_WORDS - 1))) == []
    assert len(list(segmenter.feed("word " * 4))) == 1


def test_a_single_enormous_word_is_not_cut():
    assert cut("a" * 5000 + " b") == ["a" * 5000, "b"]


@pytest.mark.parametrize("sentence", ["It is so. ", "and so on ", "好", "好。"])
def test_a_long_text_is_cut_no_further_than_it_is_taken(sentence):
    segmenter = Segmenter()
    text = sentence * (50_000 // len(sentence))
    first = next(segmenter.feed(text))
    assert len(segmenter.pending) == len(text.removeprefix(first).lstrip())


def test_flush_empties():
    segmenter = Segmenter()
    assert not list(segmenter.feed("And then"))
    assert list(segmenter.flush()) == ["And then"]
    assert segmenter.pending == ""
    assert list(segmenter.flush()) == []


_TEXTS = st.lists(
    st.sampled_from(
        ["a", "Dr.", "end.", "What?", "3.5", "—", "and", "so,", "e.g.", "\n\n", "I.", "x" * 90]
    ),
    max_size=120,
).map(" ".join)


@given(_TEXTS, st.integers(1, 40))
def test_no_word_is_lost_cut_or_doubled_however_the_text_arrives(text, size):
    segmenter = Segmenter()
    pieces = [
        piece
        for start in range(0, len(text), size)
        for piece in segmenter.feed(text[start : start + size])
    ]
    pieces += segmenter.flush()
    assert " ".join(pieces).split() == text.split()
    for piece in pieces:
        words = piece.split()
        assert 1 <= len(words) <= MAX_WORDS
        assert len(piece) <= MAX_CHARS or len(words) == 1


_LINES = st.lists(
    st.sampled_from(
        [
            "Hi.",
            "Dr.",
            "No.",
            "5",
            "12.",
            "At 5 p.m.",
            "Then",
            "Theo",
            "costs $3.50",
            "https://a.io/b?c=1",
            "(or",
            "not)",
            '"Yes!"',
            "**Note:**",
            "*",
            "-",
            "-5",
            "1.",
            "3)",
            "#",
            "#1",
            "|",
            "```",
            "\n",
            "\n\n",
            "\n  ",
            "你好，",
            "<spell>AB-1</spell>",
            '<break time="1s"/>',
            "<<k|ɑ|ɹ>>",
            "a < b",
            "😀",
        ]
    ),
    max_size=14,
).map(" ".join)


@settings(max_examples=300)
@given(_LINES, st.lists(st.integers(1, 9), min_size=1, max_size=30))
@example("<spell>AB-1</spell> \n Hi.", [1])  # a short line, however many tags are in it
@example('Hi. \n\n Then costs $3.50 not) "Yes!" -5 a < b 😀 \n Hi.', [1])  # or how far indented
def test_text_in_pieces_is_cut_where_the_whole_is(text, sizes):
    # But for what follows a "?" in lower case, which a stream does not wait for.
    assert _joined(read_in_pieces(text, sizes)) == _joined(read_transcript(text))


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Without the seams of what is spelled piece by piece."""
    return [
        piece.replace("</spell><spell>", "") if isinstance(piece, str) else piece
        for piece in pieces
    ]


@pytest.mark.parametrize(
    ("text", "released", "kept"),
    [
        ("It costs $1,24", ["It costs"], "$1,24"),
        ("It is done.", ["It is"], "done."),
        ("It is done.\n", ["It is done."], ""),
        ("It is ", ["It is"], ""),
        ("Hel", [], "Hel"),
        ("", [], ""),
        ("今日は晴れ", ["今日は晴れ"], ""),
        ("今日は Tok", ["今日は"], "Tok"),
    ],
)
def test_a_word_that_may_go_on_can_be_kept(text, released, kept):
    segmenter = Segmenter()
    assert list(segmenter.feed(text)) == []
    assert segmenter.open_word == kept
    assert list(segmenter.release()) == released
    assert segmenter.pending == kept
