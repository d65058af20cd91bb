"""Answers out of the creator's own sentences: theirs alone, cited rightly, as the sliders want."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.twins import Passage, Tuning
from core.twins.answering import compose, tidy
from core.twins.answering.manner import Manner
from core.twins.answering.tidying import length
from core.twins.knowledge import Hit, Sentence, Span, sentences

MARK = re.compile(r" \[(\d+)\]")
KEEL = (
    "The keel hour is one hour of your working day without messages. It comes before the noise. "
    "Three days a week are enough. Most people plan five and fail at five by Thursday. "
    "Whose hour are you admiring?"
)
COUNT = (
    "Count before you cut. Five evenings, three lines, no judging of yourself. "
    "The sheets show you where the quiet already is in your week."
)


def hit(document: str, text: str, score: Callable[[str], float], start: int = 0) -> Hit:
    spans = [Span(start + one.start, start + one.end) for one in sentences(text[start:])]
    return Hit(
        document=document,
        start=spans[0].start if spans else start,
        end=spans[-1].end if spans else start,
        score=1.0,
        chunk=Span(0, len(text)),
        sentences=tuple(Sentence(one, score(text[one.start : one.end])) for one in spans),
    )


def like(wanted: str) -> Callable[[str], float]:
    """How much a sentence has of some words."""
    words = set(wanted.lower().split())
    return lambda said: len(words & set(re.findall(r"\w+", said.lower()))) / len(words)


def shown(hits: Sequence[Hit], texts: Mapping[str, str]) -> list[Passage]:
    return [
        Passage(file=one.document, start=one.start, end=one.end, text=texts[one.document])
        for one in hits
    ]


def answer(
    texts: Mapping[str, str], wanted: str = "keel hour messages", tuning: Tuning | None = None
) -> str:
    hits = [hit(name, text, like(wanted)) for name, text in texts.items()]
    return compose(hits, shown(hits, texts), texts, tuning or Tuning())


def parts(said: str) -> list[tuple[str, int]]:
    """What was said, and the number of the passage that is named behind it."""
    found = MARK.split(f" {said}")
    return [(text.strip(), int(mark)) for text, mark in zip(found[::2], found[1::2], strict=False)]


def count(said: str) -> int:
    return len(MARK.sub("", said).split())


# Only the creator's own words


TEXTS = st.lists(
    st.lists(
        st.sampled_from(
            [
                "The keel hour is one hour without messages.",
                "It comes before the noise of the day.",
                "Do you know where your quiet is?",
                "- **Mark** the hour with the fewest interruptions.",
                "## How to lay it",
                "> My uncle built boats beside the harbour.[3]",
                "1. Write *that* hour into your [calendar](https://example.org/a) today.",
                "Yes.",
                "But nobody wrote to her at noon, and so she had an hour.",
                "[00:01:02] Pull up a crate, this is episode thirty-one.",
                "واحد اثنان ثلاثة أربعة خمسة ستة.",
                "一时辰没有消息,这就是龙骨时刻的意思。",
            ]
        ),
        min_size=1,
        max_size=8,
    ),
    min_size=1,
    max_size=4,
)
SLIDER = st.floats(-1, 1)
TUNINGS = st.builds(
    Tuning,
    length=SLIDER,
    directness=SLIDER,
    warmth=SLIDER,
    formality=SLIDER,
    humour=SLIDER,
    questions=SLIDER,
)


@settings(deadline=None)
@given(TEXTS, TUNINGS, st.sampled_from(["\n", "\n\n"]), st.integers(0, 5))
def test_every_sentence_is_a_sentence_of_the_passage_behind_it(
    pieces: list[list[str]], tuning: Tuning, join: str, seed: int
) -> None:
    texts = {f"piece {at}": join.join(lines) for at, lines in enumerate(pieces)}
    hits = [
        hit(name, text, lambda said: (len(said) * 7 + seed) % 11 / 11)
        for name, text in texts.items()
    ]
    said = compose(hits, shown(hits, texts), texts, tuning)
    for text, number in parts(said):
        own = texts[hits[number - 1].document]
        known = {tidy(own[one.start : one.end]) for one in sentences(own)}
        assert made_of(text, known)
        assert not re.search(r"[#*`>♪]|\[\d|\]\(|https?:|-->|\d\d:\d\d", text)
    if said:
        assert MARK.search(said[said.rindex(" [") :])


def made_of(text: str, known: set[str]) -> bool:
    """Whether a text is some of these sentences one after the other, and nothing else."""
    if not text:
        return True
    begun = [one for one in known if one and text.startswith(one)]
    return any(made_of(text[len(one) :].lstrip(), known) for one in begun)


@settings(deadline=None)
@given(TEXTS, TUNINGS)
def test_no_sentence_is_said_twice(pieces: list[list[str]], tuning: Tuning) -> None:
    texts = {f"piece {at}": "\n\n".join(dict.fromkeys(one)) for at, one in enumerate(pieces)}
    said = [text for text, _ in parts(answer(texts, tuning=tuning))]
    assert len(said) == len(set(said))


def test_each_mark_names_the_passage_that_the_words_are_from() -> None:
    texts = {"count": COUNT, "keel": KEEL}
    found = {number: text for text, number in parts(answer(texts, "hour messages judging"))}
    assert found[1] in COUNT
    assert found[2] in KEEL


def test_the_best_sentence_is_said_with_what_it_leans_on() -> None:
    said = answer({"keel": KEEL}, "noise")
    assert said.startswith("The keel hour is one hour of your working day without messages. It")


def test_what_follows_a_heading_answers_it() -> None:
    text = (
        "There is much to say about the boats of my uncle.\n\n"
        "### Where do I begin with the stall count?\n\n"
        "Take five sheets and a pencil that you like. Sit down after supper."
    )
    said = answer({"faq": text}, "where begin stall count")
    assert said.startswith("Take five sheets")


def test_an_answer_ends_with_its_paragraph_and_not_with_a_colon() -> None:
    text = (
        "Count your hours on five evenings before you cut a single thing out of your week. It is "
        "the one step that nobody may skip. Then, hands on the wood:\n\n"
        "Somebody knocked at the shed and brought a letter."
    )
    said = answer({"a": text}, "count hours evenings", Tuning(length=1))
    assert "Somebody knocked" in said
    closed = answer({"a": text.replace("wood:", "wood.")}, "count hours evenings")
    assert closed.endswith("the wood. [1]") and "knocked" not in closed
    cut = answer({"a": text.split("\n")[0]}, "count hours evenings", Tuning(length=1))
    assert cut.endswith("nobody may skip. [1]")


def test_an_answer_takes_from_a_few_passages_only() -> None:
    words = ("boats", "kettles", "ladders", "gardens", "letters")
    texts = {word: f"The keel hour is good for {word} and for people." for word in words}
    assert len(parts(answer(texts, tuning=Tuning(length=1)))) == 3


def test_a_question_of_the_creators_is_not_taken_for_an_answer() -> None:
    said = answer({"keel": KEEL}, "whose hour admiring")
    assert not said.startswith("Whose")


# Markup and marks of other media


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("## How to **lay** it", "How to lay it"),
        ("- *Mark* the hour", "Mark the hour"),
        ("3) Mark the hour", "Mark the hour"),
        ("- [ ] Mark the hour", "Mark the hour"),
        ("> quoted line\n> and another", "quoted line and another"),
        ("See [the program](https://example.org/p) for it", "See the program for it"),
        ("![A boat](boat.png) lay there", "A boat lay there"),
        ("`Count` before you __cut__", "Count before you cut"),
        ("It floats.[12] So do we[^3]", "It floats. So do we"),
        ("[Music] Pull up a crate (laughter)", "Pull up a crate"),
        ("♪ Row your boat ♪", "Row your boat"),
        ("00:01:02,000 --> 00:01:05,000 Pull up a crate", "Pull up a crate"),
        ("12\n00:01:02.000 --> 00:01:05.000 align:start\nPull up", "Pull up"),
        ("[04:31] Pull up a crate", "Pull up a crate"),
        ("<i>Pull</i> up a <c.yellow>crate</c>", "Pull up a crate"),
        (r"{\an8}Pull up a crate", "Pull up a crate"),
        (r"Two \* three is six", "Two * three is six"),
        ('"How many people we know', "How many people we know"),
        ("wrapped\nat a\n  line", "wrapped at a line"),
    ],
)
def test_markup_is_not_said(raw: str, said: str) -> None:
    assert tidy(raw) == said


@pytest.mark.parametrize(
    "plain",
    [
        "Nobody wrote to her. 2 * 3 = 6.",
        "My file is called first_draft_two.txt today.",
        "I take mine at 7:10 in the morning.",
        "She said “no” and it was fine.",
        'He said "this one first" and laughed.',
        "A price of 3 < 5 is low, isn't it?",
        "Well-being is one word (or two).",
        "Three - no, four - days.",
    ],
)
def test_plain_words_stay_as_they_are(plain: str) -> None:
    assert tidy(plain) == plain


@settings(deadline=None)
@given(st.text(max_size=200))
def test_tidying_twice_changes_nothing_that_is_speakable(text: str) -> None:
    said = tidy(text)
    assert "\n" not in said and said == said.strip()


# Scraps, other scripts, hardly any content


TABLE = "| Week | What you do now |\n| --- | --- |\n| 1 | Write down where your hours went |"


@pytest.mark.parametrize(
    "text",
    ["Yes.", "", "# Only a heading", "ALL IN CAPITALS NOW HERE", TABLE, "{ } a { 7 } b { 8 } 9"],
)
def test_a_scrap_is_no_answer(text: str) -> None:
    assert answer({"piece": text}) == ""


def test_nothing_found_is_nothing_said() -> None:
    assert compose([], [], {}) == ""


def test_a_short_sentence_takes_the_next_along_however_short_the_answer_should_be() -> None:
    said = answer({"count": COUNT}, "count cut", Tuning(length=-1))
    assert count(said) >= 9


@pytest.mark.parametrize(
    "text",
    [
        "ساعة العارضة هي ساعة واحدة بلا رسائل. تأتي قبل الضجيج كل يوم.",
        "שעת השדרית היא שעה אחת בלי הודעות. היא באה לפני הרעש.",
        "Час киля - это один час без сообщений. Он приходит до шума.",
        "龙骨时刻就是一天里没有消息的一个小时。它在喧闹之前到来。",
        "キールアワーとは、メッセージのない一時間のことです。騒がしくなる前に来ます。",
    ],
)
def test_every_script_is_spoken(text: str) -> None:
    said = answer({"piece": text})
    assert parts(said) and parts(said)[0][0] in text.replace("。", "。 ") + text
    assert length(parts(said)[0][0]) >= 4


# Sliders


LONG = {"keel": f"{KEEL} {COUNT} {KEEL.replace('keel', 'quiet')}", "count": COUNT, "more": KEEL}


def test_the_length_slider_makes_answers_longer_and_never_shorter() -> None:
    counts = [count(answer(LONG, tuning=Tuning(length=at / 10))) for at in range(-10, 11)]
    assert counts == sorted(counts)
    assert counts[0] < counts[10] < counts[-1]
    assert counts[0] <= 40


@settings(deadline=None)
@given(TEXTS, st.floats(-1, 1), st.floats(-1, 1))
def test_a_longer_answer_begins_as_the_shorter_does(
    pieces: list[list[str]], one: float, other: float
) -> None:
    texts = {f"piece {at}": "\n\n".join(lines) for at, lines in enumerate(pieces)}
    short, long = (
        {number: text for text, number in parts(answer(texts, tuning=Tuning(length=at)))}
        for at in sorted((one, other))
    )
    assert all(long[number].startswith(text) for number, text in short.items())


EVEN: dict[str, tuple[str, str]] = {
    "warmth": (
        "We will find your hour together, and you are welcome to trust it, my friend.",
        "The hour is found by the sheets and it is put into the calendar on three days.",
    ),
    "directness": (
        "Stop reading messages and never start with them.",
        "Perhaps it might sometimes be possible to read the messages somewhat later in the day.",
    ),
    "formality": (
        "Therefore the practitioner establishes uninterrupted concentration beforehand.",
        "It's a bit of stuff you'll do, okay, and that's lots of fun for kids.",
    ),
    "humour": (
        "It was ridiculous, like a drunk goat (the goat apparently won).",
        "It was a long day and the work was done at the end of it.",
    ),
}


@pytest.mark.parametrize("slider", EVEN)
def test_a_slider_chooses_among_sentences_that_fit_alike(slider: str) -> None:
    more, less = EVEN[slider]
    texts = {"a": less, "b": more}
    hits = [hit(name, text, lambda _: 0.5) for name, text in texts.items()]
    said = {
        value: compose(hits, shown(hits, texts), texts, Tuning.model_validate({slider: value}))
        for value in (-1, 1)
    }
    assert said[1].startswith(more[:30])
    assert said[-1].startswith(less[:30])


def test_a_slider_does_not_make_a_bad_answer_good() -> None:
    warm = "You are welcome, dear friend, we love and trust you with our heart."
    texts = {"a": f"The keel hour is one hour without messages. {warm}"}
    hits = [hit("a", texts["a"], lambda said: 0.8 if "keel" in said else 0.1)]
    assert compose(hits, shown(hits, texts), texts, Tuning(warmth=1)).startswith("The keel")


def test_who_comes_slowly_to_the_point_says_first_what_stands_before_it() -> None:
    wanted = "most people plan five fail Thursday"
    at_once = answer({"keel": KEEL}, wanted, Tuning(directness=1))
    slowly = answer({"keel": KEEL}, wanted, Tuning(directness=-1))
    assert at_once.startswith("Most people plan")
    assert "Three days a week are enough. Most people plan" in slowly


def test_who_wants_more_questions_is_asked_one_of_the_creators_and_who_wants_none_is_not() -> None:
    found = {
        value: answer({"keel": KEEL}, tuning=Tuning(questions=value, length=1))
        for value in (-1, 0, 1)
    }
    assert found[1].endswith("Whose hour are you admiring? [1]")
    assert "?" not in found[-1]
    short = answer({"keel": KEEL}, tuning=Tuning(questions=1, length=-1))
    assert short.count("[1]") == 2 and short.endswith("? [1]")


@settings(deadline=None)
@given(st.text(max_size=120), SLIDER, SLIDER, SLIDER)
def test_no_sliders_move_a_sentence_far_and_none_moves_none(
    said: str, warmth: float, directness: float, humour: float
) -> None:
    assert Manner(Tuning()).bonus(said) == 0
    tuned = Tuning(warmth=warmth, directness=directness, humour=humour)
    assert abs(Manner(tuned).bonus(said)) <= 0.2
    assert Manner(Tuning(warmth=abs(warmth))).bonus(said) >= 0
