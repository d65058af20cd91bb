"""Plain conversations as tests: how they are read, and what counts as said."""

from __future__ import annotations

from typing import Any

import pytest

from core.domain.errors import BadInput
from core.domain.flows import Question
from core.domain.reports import TestResult
from core.rehearsal.testing import Trials, read_transcript, shipped_backstage
from core.rehearsal.testing.transcripts import answers_of, words_of
from core.settings import Settings

BACKSTAGE = shipped_backstage(Settings().data / "samples")
FLOW: dict[str, Any] = {
    "name": "Chat",
    "variables": {"price": 49},
    "steps": [
        {"id": "hi", "type": "send_web", "config": {"body": "Hello, {{ contact.first_name }}!"},
         "next": "ask"},
        {"id": "ask", "type": "send_web",
         "config": {"body": "Shall I keep a seat\nfor you? It costs ${{ price }}."},
         "next": "wait"},
        {"id": "wait", "type": "wait_for_reply", "config": {"timeout": "2d"}, "on_reply": "sort",
         "on_timeout": "late"},
        {"id": "sort", "type": "condition", "config": {"branches": [
            {"when": 'reply.intent == "interested"', "next": "yes"}], "else": "no"}},
        {"id": "yes", "type": "send_web", "config": {"body": "Wonderful. 🎉"}, "next": "form"},
        {"id": "form", "type": "check_in", "config": {"channel": "web", "title": "One thing",
         "questions": [{"id": "days", "text": "How many days?", "kind": "number"}]},
         "next": "many"},
        {"id": "many", "type": "condition", "config": {"branches": [
            {"when": "answers.days > 3", "next": "lots"}]}},
        {"id": "lots", "type": "goal", "config": {"name": "lots"}},
        {"id": "no", "type": "send_web", "config": {"body": "Another time, then."}},
        {"id": "late", "type": "send_web", "config": {"body": "Are you there?"}},
    ],
}  # fmt: skip


def told(transcript: str, **expect: Any) -> TestResult:
    test = {"contact": {"first_name": "Ada"}, "transcript": transcript, "expect": expect}
    (row,) = Trials({**FLOW, "tests": [test]}, BACKSTAGE).run().results
    return row


def test_lines_are_read() -> None:
    text = "# a chat\n\nBot: Hello\n  there\nME : Yes\nme: please\n\n  bOt:Fine"
    assert [(line.who, line.text, line.number) for line in read_transcript(text)] == [
        ("bot", "Hello\nthere", 3),
        ("me", "Yes\nplease", 5),
        ("bot", "Fine", 8),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "line 1"),
        ("# x\n\nhello", "line 3"),
        ("me: hello", "no line of the bot"),
        ("", "no"),
        ("bot: hi\nbot:\nme: x", "line 2"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_transcript(text)


def test_everything_said_in_order_passes_and_goes_on() -> None:
    row = told(
        "bot: hello,   ADA\nbot: It costs $49\nme: Yes, sign me up\nbot: 🎉\nbot: how many days\n"
        "me: about 4",
        goal="lots",
    )
    assert (row.status, row.happened) == ("passed", "all of it was said in order; this person did")
    assert row.debug is not None
    assert [(one.to, one.text) for one in row.debug.replies or ()] == [
        ("ask", "Yes, sign me up"),
        ("form", "about 4"),
    ]


def test_a_reply_waits_for_its_line() -> None:
    first = told("bot: Hello\nme: Yes, sign me up\nbot: Wonderful")
    assert first.status == "passed", "an early reply is used by the wait"
    assert first.debug is not None and (first.debug.replies or [])[0].to == "hi"


def test_the_first_line_that_was_not_said_is_named() -> None:
    row = told("bot: Hello\nbot: keep a seat\nme: no thanks\nbot: Wonderful\nbot: Another time")
    assert row.status == "failed"
    assert row.happened == "line 4, “Wonderful”, was not said; in its place: “Another time, then.”"
    silent = told("bot: keep a seat\nbot: Are you there?\nbot: Last words")
    assert silent.happened.endswith("“Last words”, was not said; in its place: nothing more")


def test_order_counts() -> None:
    assert told("bot: keep a seat\nbot: Hello").status == "failed"
    assert told("bot: it costs $49\nbot: keep a seat").status == "failed"
    assert told("bot: keep a seat\nbot: costs $49").status == "passed"


def test_words_are_compared_whole() -> None:
    assert told("bot: ello").status == "failed"
    assert words_of("It’s  FINE, really!") == words_of("it's fine\nreally")
    assert words_of("👍 👍") == ["👍", "👍"]
    assert told("bot: Wonderful ... 🎉\nbot: no").status == "failed"


def test_one_that_begins_with_me_answers_the_first_message() -> None:
    assert told("me: Yes, sign me up\nbot: Wonderful").status == "passed"


def test_a_bad_transcript_in_a_flow_is_an_error_of_its_row() -> None:
    row = told("nobody says this")
    assert row.status == "error" and "line 1" in row.happened


def test_answers_are_read_by_their_kind() -> None:
    questions = [
        Question(id="a", kind="scale"),
        Question(id="b", kind="choice", choices=["Every day", "Never"]),
        Question(id="c"),
    ]
    text = "8 of 10\nevery DAY!\nIt went\nwell"
    assert answers_of(questions, text) == {"a": 8, "b": "Every day", "c": "It went\nwell"}
    assert answers_of(questions, "none\nsometimes") == {"a": None, "b": None}
    assert answers_of([], "8") == {}
