"""What a made-up person says is what is written, as far as anybody can say it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.flow_tests import ScriptedReply
from core.domain.flows import Question
from core.domain.reactions import Reaction
from core.flows.logic.sources import answer_to
from core.flows.logic.values import NULL
from core.minds import RepliesMind
from core.minds.scripted_replies import answers_taken
from tests.core.flows.logic.test_reasoning import possible
from tests.core.minds.cast import SEVEN, message, situation

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"kind": "scale"},
    {"kind": "scale", "min": 1, "max": 5},
    {"kind": "scale", "min": 0.5, "max": 2.5},
    {"kind": "number"},
    {"kind": "number", "min": 3},
    {"kind": "number", "min": 0, "max": 4},
    {"kind": "choice", "choices": ["good", "1"]},
    {"kind": "text"},
)
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.integers(-2, 12),
    st.floats(),
    st.sampled_from(("good", "bad", "1", "")),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
)


def asked(**what: Any) -> Question:
    return Question.model_validate({"id": "q", **what})


def taken(written: Any, **what: Any) -> Any:
    return answers_taken([asked(**what)], {"q": written})["q"]


@settings(deadline=None)
@given(st.sampled_from(QUESTIONS), ANYTHING)
def test_what_is_taken_is_what_flows_expect(what: dict[str, Any], written: Any) -> None:
    assert possible(taken(written, **what), answer_to(asked(**what)).join(NULL))


@pytest.mark.parametrize(
    ("what", "written", "expected"),
    [
        ({"kind": "number"}, 101, 101),
        ({"kind": "number"}, -2.5, -2.5),
        ({"kind": "number", "max": 20}, 21, None),
        ({"kind": "number", "max": 20}, -21, -21),
        ({"kind": "number"}, True, None),
        ({"kind": "number"}, "7", None),
        ({"kind": "scale"}, 11, None),
        ({"kind": "scale"}, 10.0, 10),
        ({"kind": "scale"}, 2.5, None),
        ({"kind": "choice", "choices": ["a", "b"]}, "b", "b"),
        ({"kind": "choice", "choices": ["a", "b"]}, "c", None),
        ({"kind": "text"}, "anything", "anything"),
    ],
)
def test_what_nobody_can_answer_is_not_taken(
    what: dict[str, Any], written: Any, expected: Any
) -> None:
    found = taken(written, **what)
    assert found == expected and type(found) is type(expected)


def test_what_was_not_asked_is_not_answered() -> None:
    assert answers_taken([asked(kind="text")], {"q": "yes", "other": 4}) == {"q": "yes"}
    assert answers_taken([], {"other": 4}) == {}


def test_each_reply_is_for_its_step_and_visit_first() -> None:
    words = ("any", "step", "visit", "second")
    places: tuple[dict[str, Any], ...] = ({}, {"to": "a"}, {"visit": 1}, {"to": "a", "visit": 2})
    mind = RepliesMind(
        [ScriptedReply(text=text, **to) for text, to in zip(words, places, strict=True)]
    )
    memory: dict[str, Any] = {}

    def said(step: str, visit: int) -> str | None:
        met = situation(
            SEVEN["eager-eddie"], message("Hello.", step_id=step), memory=memory, visit=visit
        )
        reaction: Reaction = asyncio.run(mind.react(met))
        return reaction.reply.text if reaction.reply else None

    assert [said("a", 2), said("b", 1), said("a", 3), said("b", 2), said("a", 1)] == [
        "second",
        "visit",
        "step",
        "any",
        None,
    ]
