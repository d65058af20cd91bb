"""What is known, in words."""

from __future__ import annotations

import pytest

from core.flows.logic.spans import between, point
from core.flows.logic.values import (
    BOOL,
    COUNT,
    NULL,
    NUMBER,
    TEXT,
    UNKNOWN,
    Lists,
    Texts,
    Value,
    constant,
    numbers,
    one_of,
)
from core.flows.logic.wording import described, nth, way

WORDS: dict[str, Value] = {
    "x is a whole number, 0 or more": COUNT,
    "x is a number": NUMBER,
    "x is a number from 1 to 10 or empty": numbers(1, 10).join(NULL),
    "x is a whole number from 1 to 10": Value(ints=between(1, 10)),
    "x is 1 or 3": Value(ints=(*point(1), *point(3))),
    "x is 49": constant(49),
    "x is 0.5": constant(0.5),
    "x is a number above 2": Value(doubles=((2, float("inf"), True, True),)),
    "x is “No” or “Yes”": one_of(["Yes", "No"]),
    "x is “a”, “b”, “c”, “d” or one of 2 more": one_of("abcdef"),
    "x is a text other than “a”": Value(texts=Texts(frozenset("a"), True)),
    "x is a text or not there": TEXT.or_absent,
    "x is true or false": BOOL,
    "x is true": constant(True),
    "x is a list with “vip”": Value(lists=Lists(has=frozenset(["vip"]))),
    "x is anything": UNKNOWN,
}


@pytest.mark.parametrize(("words", "value"), WORDS.items())
def test_what_a_name_can_be(words: str, value: Value) -> None:
    assert described([(("x",), value)]) == words


def test_an_answer_that_is_missing_is_unanswered() -> None:
    assert described([(("answers", "energy"), NULL)]) == "energy is unanswered"


def test_places_and_ways() -> None:
    assert [nth(0), nth(11), nth(12), nth(20), nth(21), nth(22)] == [
        *("first", "twelfth", "13th", "21st", "22nd", "23rd"),
    ]
    assert way(["a", "b"]) == "a → b"
    assert way([str(n) for n in range(20)]) == "0 → 1 → 2 → … → 15 → 16 → 17 → 18 → 19"
