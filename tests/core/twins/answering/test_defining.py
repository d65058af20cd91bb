"""Questions for what something is find the creator's own definition; prices are the first named."""

from __future__ import annotations

from datetime import datetime

import pytest

from core.domain.twins import Answer, Methodology, Node, Passage, Turn
from core.twins.answering import compose, definition, headings, in_context, under_heading
from core.twins.knowledge import Hit, Sentence, sentences

KEEL = (
    "# Mornings\n\nPeople ask for a trick. An hour becomes thirty minutes, thirty becomes ten.\n\n"
    "The keel hour is one hour of your day without messages. It belongs to what matters.\n\n"
    "Whose hour is it?\n"
)
FEES = (
    "Here is the practical part. Steady Work costs €490, paid once. There is no joining fee.\n\n"
    "Students and people between jobs pay €290. Just tell me."
)
METHOD = Methodology(nodes=(Node(id="k", kind="exercise", name="The keel hour"),))


def found(question: str, method: Methodology = METHOD) -> str | None:
    hit = definition(question, method, {"a.md": KEEL})
    return None if hit is None else KEEL[hit.start : hit.end]


@pytest.mark.parametrize(
    "question",
    ["What is the keel hour?", "what's a keel hour", "Explain keel hours", "Define the keel hour."],
)
def test_a_definition_is_found_under_its_name(question: str) -> None:
    assert "The keel hour is one hour" in (found(question) or "")


@pytest.mark.parametrize(
    "question",
    [
        "When do I do the keel hour?",
        "What is a stall count?",
        "What is left of the keel hour if two children, a dog and the phone want me at once?",
    ],
)
def test_other_questions_are_left_to_the_search(question: str) -> None:
    assert found(question) is None


def test_the_sentences_of_a_definition_are_those_of_the_text() -> None:
    hit = definition("What is the keel hour?", METHOD, {"a.md": KEEL})
    assert hit is not None
    spans = [(one.span.start, one.span.end) for one in hit.sentences]
    assert spans == [(s.start, s.end) for s in sentences(KEEL) if s.start >= hit.start]
    best = max(hit.sentences, key=lambda one: one.score).span
    assert KEEL[best.start : best.end].startswith("The keel hour is")


def test_what_is_short_takes_in_what_stands_before_it() -> None:
    before = "One walks to the shed and back again before the others wake up in the house. " * 4
    text = f"{before}\n\nThe keel hour is one hour."
    hit = definition("What is the keel hour?", METHOD, {"a.md": text})
    assert hit is not None and 40 <= len(text[hit.start : hit.end].split()) <= 60
    assert hit.end == len(text)


def priced(question: str) -> str:
    spans = sentences(FEES)
    marked = tuple(
        Sentence(span, 0.9 if "Students" in FEES[span.start : span.end] else 0.5) for span in spans
    )
    hit = Hit("a.md", 0, len(FEES), 1.0, spans[0], marked)
    cited = Passage(file="a.md", start=0, end=len(FEES), text=FEES)
    return compose([hit], [cited], {"a.md": FEES}, question=question)


def test_who_asks_for_the_price_is_told_the_first_one() -> None:
    assert "€490" in priced("How much is it?")
    assert "€490" not in priced("What about students?")


def turn(asked: str, **changes: object) -> Turn:
    answer = Answer.model_validate({"text": "So.", "declined": False, "covered": 0.9, **changes})
    return Turn(conversation_id="c", number=1, asked=asked, answer=answer, at=datetime(2026, 1, 5))


@pytest.mark.parametrize("question", ["And how long is it?", "Why?", "Do they help?"])
def test_what_leans_on_the_question_before_is_looked_for_with_it(question: str) -> None:
    history = [turn("What is the keel hour?")]
    assert in_context(question, history) == f"What is the keel hour? {question}"


def test_what_stands_by_itself_is_looked_for_alone() -> None:
    asked = "How do I say no to a client whom I cannot afford to lose?"
    assert in_context(asked, [turn("What is the keel hour?")]) == asked
    assert in_context("And you?", []) == "And you?"
    declined = turn("Tax?", declined=True, kind="declined")
    assert in_context("And you?", [declined]) == "And you?"


FAQ = (
    "# Questions\n\n### I kept only one keel hour this week. Have I failed?\n\nYou had none in the "
    "week before. Make the next one smaller.\n\n### Can I do it with a baby?\n\nDo the count.\n"
)


def test_a_question_that_is_a_heading_is_answered_from_beneath_it() -> None:
    known = headings({"faq.md": FAQ})
    asked = "i kept just one keel hour this week, have i failed"
    hit = under_heading(asked, known, {"faq.md": FAQ})
    assert hit is not None and "You had none in the week before." in FAQ[hit.start : hit.end]


@pytest.mark.parametrize("question", ["Have I failed my exam?", "What is a week?", ""])
def test_no_heading_is_taken_for_another_question(question: str) -> None:
    assert under_heading(question, headings({"faq.md": FAQ}), {"faq.md": FAQ}) is None
