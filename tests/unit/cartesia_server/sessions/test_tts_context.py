import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartesia_server.errors import FieldError, TooLarge
from cartesia_server.sessions.tts_context import ContextInput, Done, FlushDone, Speak, TtsContext
from cartesia_server.text.markup import Break, MarkupReader, Speed


def context(**options):
    usual = {"now": 0.0, "first_flush_id": 0, "expiry": 5.0, "max_pending": 1000}
    return TtsContext(**{**usual, **options})


def steps(of, now=0.0):
    taken = []
    while (step := of.next_step(now)) is not None:
        taken.append(step)
    return taken


def test_closed_input_is_spoken_and_done():
    one = context()
    one.submit(ContextInput("Hello there. How are you?"), now=0.0)
    assert steps(one) == [Speak(("Hello there.", "How are you?"), 0), Done()]
    assert one.ended
    assert one.wake_at() is None


def test_text_waits_for_the_end_of_its_sentence():
    one = context()
    one.submit(ContextInput("Hello the", more=True), now=0.0)
    assert steps(one) == []
    one.submit(ContextInput("re. And", more=True), now=0.1)
    assert steps(one, 0.1) == [Speak(("Hello there.",), 0)]
    one.submit(ContextInput("", more=False), now=0.2)
    assert steps(one, 0.2) == [Speak(("And",), 0), Done()]


def test_text_does_not_wait_longer_than_asked():
    one = context()
    one.submit(ContextInput("no end", more=True, max_buffer_delay_ms=400), now=1.0)
    one.submit(ContextInput(" in sight", more=True), now=1.1)
    assert one.wake_at() == pytest.approx(1.4)
    assert steps(one, 1.39) == []
    assert steps(one, 1.4) == [Speak(("no end in sight",), 0)]


def test_a_word_that_is_being_written_waits_for_a_moment_longer():
    one = context()
    one.submit(ContextInput("It costs $1,24", more=True, max_buffer_delay_ms=400), now=1.0)
    one.submit(ContextInput("9", more=True), now=1.3)
    assert steps(one, 1.4) == [Speak(("It costs",), 0)]
    assert one.wake_at() == pytest.approx(1.5)
    one.submit(ContextInput(".", more=True), now=1.45)
    one.submit(ContextInput("50 an", more=True), now=1.6)
    one.submit(ContextInput("d", more=True), now=1.75)
    assert steps(one, 1.79) == []
    assert steps(one, 1.81) == [Speak(("$1,249.50",), 0)]
    assert one.wake_at() == pytest.approx(1.95)
    assert steps(one, 1.96) == [Speak(("and",), 0)]


def test_default_delay_is_three_seconds():
    one = context()
    one.submit(ContextInput("no end", more=True), now=0.0)
    assert one.wake_at() == pytest.approx(3.0)


def test_whole_sentence_hardly_waits():
    """It may end in an abbreviation, so it waits for the next token, but not for seconds."""
    one = context()
    one.submit(ContextInput("A sentence. ", more=True), now=0.0)
    assert one.wake_at() < 0.5
    one.submit(ContextInput("and", more=True), now=0.1)
    assert one.wake_at() == pytest.approx(3.0)


@pytest.mark.parametrize("text", ["He said “Yes.”", "**Done.**", "It is 45.", "Well...", "はい。"])
def test_the_end_of_a_sentence_is_seen_behind_quotes_and_markdown(text):
    one = context()
    one.submit(ContextInput(text, more=True), now=0.0)
    assert one.wake_at() < 0.5


@pytest.mark.parametrize("text", ["Ask Dr.", "1.", "So e.g.", "Here it is:", "Wait.<br"])
def test_what_ends_no_sentence_waits(text):
    one = context()
    one.submit(ContextInput(text, more=True), now=0.0)
    assert one.wake_at() == pytest.approx(3.0)


def test_without_delay_each_input_is_an_utterance():
    one = context()
    one.submit(ContextInput("Hello there, friend.", more=True, max_buffer_delay_ms=0), now=0.0)
    one.submit(ContextInput("How are you?", more=True, max_buffer_delay_ms=0), now=0.0)
    assert steps(one) == [Speak(("Hello there, friend.", "How are you?"), 0)]


@pytest.mark.parametrize("first", [0, 1])
def test_flush_speaks_everything_and_numbers_segments(first):
    one = context(first_flush_id=first)
    one.submit(ContextInput("one", more=True), now=0.0)
    one.submit(ContextInput("", more=True, flush=True), now=0.0)
    one.submit(ContextInput("two", more=True, flush=True), now=0.0)
    one.submit(ContextInput("three", more=False), now=0.0)
    assert steps(one) == [
        Speak(("one",), first),
        FlushDone(first),
        Speak(("two",), first + 1),
        FlushDone(first + 1),
        Speak(("three",), first + 2),
        Done(),
    ]


def test_forgotten_context_speaks_what_it_has_and_ends():
    one = context(expiry=2.0)
    one.submit(ContextInput("one", more=True), now=0.0)
    assert steps(one, 1.99) == []
    assert one.wake_at() == pytest.approx(2.0)
    assert steps(one, 2.0) == [Speak(("one",), 0), Done()]
    assert one.ended


def test_input_and_audio_keep_a_context_alive():
    one = context(expiry=2.0)
    one.submit(ContextInput("one", more=True), now=1.5)
    one.spoke(now=3.4)
    assert Done() not in steps(one, 5.3)
    assert steps(one, 5.4) == [Done()]


def test_text_in_the_making_counts_as_waiting():
    one = context(max_pending=20)
    one.submit(ContextInput("x" * 15 + ". ", more=True, max_buffer_delay_ms=0), now=0.0)
    assert isinstance(one.next_step(0.0), Speak)
    with pytest.raises(TooLarge, match="transcript: got 22 characters, accepted: at most 20"):
        one.submit(ContextInput("y" * 6, more=True), now=0.0)
    one.next_step(0.0)
    one.submit(ContextInput("y" * 6, more=True), now=0.0)


def test_flushes_that_wait_count_too():
    one = context(max_pending=20)
    for _ in range(20):
        one.submit(ContextInput("", more=True, flush=True), now=0.0)
    with pytest.raises(TooLarge):
        one.submit(ContextInput("y", more=True), now=0.0)
    assert steps(one) == [FlushDone(number) for number in range(20)]
    one.submit(ContextInput("y" * 20, more=True), now=0.0)


def test_a_long_text_is_read_little_by_little():
    one = context(max_pending=50_000)
    one.submit(ContextInput("It is so. " * 2000, more=True), now=0.0)
    one.submit(ContextInput("Yes", more=True, flush=True), now=0.0)
    one.submit(ContextInput("No"), now=0.0)
    assert one.ended
    first = one.next_step(0.0)
    assert 0 < len(first.segments) < 50
    for _ in range(100):
        one.spoke(0.0)
    taken = [first, *steps(one)]
    assert max(len(step.segments) for step in taken if isinstance(step, Speak)) < 150
    said = [segment for step in taken if isinstance(step, Speak) for segment in step.segments]
    assert said == ["It is so."] * 2000 + ["Yes", "No"]
    assert [step for step in taken if not isinstance(step, Speak)] == [FlushDone(0), Done()]
    assert one.wake_at() is None


def test_text_that_is_not_read_yet_counts_as_waiting():
    one = context(max_pending=50_000)
    one.submit(ContextInput("It is so. " * 2000, more=True), now=0.0)
    one.submit(ContextInput("It is so. " * 2000, more=True), now=0.0)
    with pytest.raises(TooLarge):
        one.submit(ContextInput("It is so. " * 1100, more=True), now=0.0)


def test_a_text_counts_as_waiting_while_it_is_being_read():
    one = context(max_pending=50_000)
    one.submit(ContextInput("It is so. " * 4000, more=True), now=0.0)
    with pytest.raises(TooLarge):
        one.submit(ContextInput("It is so. " * 1100, more=True), now=0.0)


def test_a_fault_in_the_markup_of_a_long_text_is_told_at_once():
    one = context(max_pending=50_000)
    with pytest.raises(FieldError):
        one.submit(ContextInput("It is so. " * 2000 + '<break time="x"/>'), now=0.0)


@pytest.mark.parametrize("tag", ['<break time="1s"/>', "<spell>a</spell>", "<<k|a|r>>", "<"])
def test_tags_alone_are_read_little_by_little(monkeypatch, tag):
    read = []
    feed = MarkupReader.feed

    def noted(self, text):
        read.append(text)
        return feed(self, text)

    monkeypatch.setattr(MarkupReader, "feed", noted)
    one = context(max_pending=50_000)
    text = tag * (40_000 // len(tag))
    one.submit(ContextInput(text), now=0.0)
    assert "".join(read) != text
    while one.next_step(0.0) != Done():
        assert one.wake_at() is not None
    assert "".join(read) == text
    assert max(part.count("<") for part in read) <= 50


def test_texts_spoken_together_count_once():
    one = context(max_pending=20)
    for text in ("one. ", "two. ", "six. "):
        one.submit(ContextInput(text, more=True, max_buffer_delay_ms=0), now=0.0)
    assert steps(one) == [Speak(("one.", "two.", "six."), 0)]
    one.submit(ContextInput("y" * 20, more=True), now=0.0)


def test_beginning_of_the_text_is_kept_for_error_messages():
    one = context()
    one.submit(ContextInput("..", more=True), now=0.0)
    one.submit(ContextInput("!" * 500), now=0.0)
    assert one.given.startswith("..!!!")
    assert len(one.given) == 100


class TestContextInput:
    def test_reads_what_concerns_a_context_and_nothing_else(self):
        message = {
            "transcript": "Hi",
            "continue": True,
            "flush": True,
            "max_buffer_delay_ms": 10,
            "voice": {"mode": "embedding", "embedding": [1.0] * 192},
            "model_id": "whatever",
        }
        assert ContextInput.read(message) == ContextInput("Hi", True, True, 10)

    @pytest.mark.parametrize("message", [{}, {"transcript": None, "continue": None, "flush": None}])
    def test_absent_and_null_are_the_same(self, message):
        assert ContextInput.read(message) == ContextInput()

    @pytest.mark.parametrize(
        ("message", "field"),
        [
            ({"transcript": 1}, "transcript"),
            ({"continue": "true"}, "continue"),
            ({"flush": 1}, "flush"),
            ({"max_buffer_delay_ms": 5001}, "max_buffer_delay_ms"),
            ({"max_buffer_delay_ms": "1"}, "max_buffer_delay_ms"),
        ],
    )
    def test_wrong_kinds_are_refused_by_name(self, message, field):
        with pytest.raises(FieldError) as refusal:
            ContextInput.read(message)
        assert refusal.value.field == field

    @pytest.mark.parametrize("text", ["", " ", "\n"])
    def test_blank(self, text):
        assert ContextInput(text).is_blank


inputs = st.lists(
    st.tuples(
        st.text("ab .,!?\n", max_size=30), st.booleans(), st.sampled_from([None, 0, 50, 5000])
    ),
    max_size=12,
)


TOKENS = st.lists(st.integers(1, 8), min_size=100, max_size=100)


@given(TOKENS, st.sampled_from([50, 500, None]), st.floats(0.01, 0.15))
def test_words_stay_whole_however_they_are_written_and_however_short_the_delay(sizes, delay, gap):
    text = (
        "Sure!\nIt's 4,582.50 on 12/05/2025, at https://example.com/a?b. Call 1-800-555-0199, ok?"
    )
    one, now, taken, at = context(), 0.0, [], 0
    for size in sizes:
        part, at = text[at : at + size], at + size
        one.submit(ContextInput(part, at < len(text), False, delay), now)
        if at >= len(text):
            break
        until, now = now + gap, now + gap
        while (wake_at := one.wake_at()) is not None and wake_at < until:
            taken += steps(one, wake_at)
        taken += steps(one, now)
    taken += steps(one, now)
    spoken = [part for step in taken if isinstance(step, Speak) for part in step.segments]
    assert " ".join(map(str, spoken)).split() == text.split()


@given(inputs, st.lists(st.floats(0, 2), min_size=12, max_size=12))
def test_no_word_is_lost_or_doubled_and_done_is_last(inputs, pauses):
    """Whatever is sent and whenever it is asked: flushes and delays cut words, nothing more."""
    one, now, taken = context(max_pending=10_000, expiry=100.0), 0.0, []
    for (text, flush, delay), pause in zip(inputs, pauses, strict=False):
        one.submit(ContextInput(text, True, flush, delay), now)
        now += pause
        taken += steps(one, now)
    one.submit(ContextInput(""), now)
    taken += steps(one, now)
    said = "".join(
        segment
        for step in taken
        if isinstance(step, Speak)
        for segment in step.segments
        if isinstance(segment, str)
    )
    assert "".join(said.split()) == "".join("".join(text for text, _, _ in inputs).split())
    assert taken[-1] == Done()
    assert taken.count(Done()) == 1
    flushes = [step.flush_id for step in taken if isinstance(step, FlushDone)]
    assert flushes == list(range(len(flushes)))


def test_a_directive_stands_between_what_is_spoken():
    one = context()
    one.submit(ContextInput('Well <break time="1s"/>then.<speed ratio="1.2"/>'), now=0.0)
    assert steps(one) == [Speak(("Well", Break(1.0), "then.", Speed(1.2)), 0), Done()]


@pytest.mark.parametrize("delay", [None, 0])
def test_a_tag_may_come_in_several_inputs(delay):
    one = context()
    taken = []
    for text in ("Well <br", "eak ti", 'me="1s"', "/>then. "):
        one.submit(ContextInput(text, more=True, max_buffer_delay_ms=delay), now=0.0)
        taken += steps(one, 0.1)
    one.submit(ContextInput(""), now=0.2)
    taken += steps(one, 0.2)
    segments = [part for step in taken if isinstance(step, Speak) for part in step.segments]
    assert segments == ["Well", Break(1.0), "then."]


def test_the_beginning_of_a_tag_outlasts_the_delay():
    one = context()
    one.submit(ContextInput("Well <break", more=True, max_buffer_delay_ms=100), now=0.0)
    assert steps(one, 0.1) == [Speak(("Well",), 0)]
    one.submit(ContextInput(' time="1s"/>', more=True), now=0.2)
    assert steps(one, 0.2) == [Speak((Break(1.0),), 0)]


@pytest.mark.parametrize("last", [{"more": True, "flush": True}, {}])
def test_what_never_becomes_a_tag_is_text(last):
    one = context()
    one.submit(ContextInput("a <", more=True), now=0.0)
    one.submit(ContextInput("", **last), now=0.1)
    assert steps(one, 0.1)[0] == Speak(("a <",), 0)


def test_markup_that_cannot_be_is_refused_by_name():
    one = context()
    with pytest.raises(
        FieldError, match="transcript: got '<speed ratio=\"9\"/>', accepted: a ratio"
    ):
        one.submit(ContextInput('Hi <speed ratio="9"/>'), now=0.0)


def test_what_waits_to_become_a_tag_counts_as_waiting():
    one = context(max_pending=20)
    one.submit(ContextInput("<<a|a|a|a|a|", more=True), now=0.0)
    with pytest.raises(TooLarge):
        one.submit(ContextInput("a|a|a|a|a", more=True), now=0.0)


def test_text_is_ready_when_its_sentence_is_whole_or_has_waited_enough():
    one = context()
    one.submit(ContextInput("Hello ", more=True, max_buffer_delay_ms=1000), now=1.0)
    one.submit(ContextInput("there. How ", more=True), now=1.5)
    one.submit(ContextInput("are you? I ", more=True), now=1.75)
    [step] = steps(one, 1.75)
    assert (step.ready_at, step.characters) == (1.5, len("Hello there.How are you?"))
    [rest] = steps(one, 4.0)
    assert (rest.segments, rest.ready_at) == (("I",), 4.0)
