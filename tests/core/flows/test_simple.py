"""Conditions as rows, and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.errors import BadInput
from core.flows import (
    Condition,
    Sample,
    SimpleCondition,
    SimpleRow,
    composed,
    simple,
    try_conditions,
)


@pytest.mark.parametrize(
    ("condition", "joined", "rows"),
    [
        ('reply.intent == "interested"', "and", [("reply.intent", "is", "interested")]),
        ("contact.age >= 18", "and", [("contact.age", "at least", 18)]),
        ("18 > contact.age", "and", [("contact.age", "less than", 18)]),
        ("a > 1 || b <= 2.5", "or", [("a", "more than", 1), ("b", "at most", 2.5)]),
        ("a && !contact.b", "and", [("a", "is", True), ("contact.b", "is", False)]),
        ('x in ["a", "b"]', "and", [("x", "is one of", ["a", "b"])]),
        ('"vip" in contact.tags', "and", [("contact.tags", "contains", "vip")]),
        ('reply.text.contains("pri")', "and", [("reply.text", "contains", "pri")]),
        ('contact.phone.startsWith("+4")', "and", [("contact.phone", "starts with", "+4")]),
        ("has(contact.city)", "and", [("contact.city", "is set", None)]),
        ("!has(contact.city)", "and", [("contact.city", "is not set", None)]),
        ("x != null", "and", [("x", "is set", None)]),
        ("x == null", "and", [("x", "is not set", None)]),
        ("has(answers.q) && answers.q != null", "and", [("answers.q", "is set", None)]),
        ('contact["shoe size"] == 4', "and", [('contact["shoe size"]', "is", 4)]),
    ],
)
def test_rows_say_what_the_condition_says(
    condition: str, joined: str, rows: list[tuple[str, str, Any]]
) -> None:
    found = simple(condition)
    assert found is not None and found.joined == joined
    assert [(row.field, row.operator, row.value) for row in found.rows] == rows


@pytest.mark.parametrize(
    "condition",
    ["a && b || c", "size(reply.text) > 3", "a == b", "true", "a > 1 ? b : c", "has(answers.q)"],
)
def test_what_rows_cannot_say_is_not_said(condition: str) -> None:
    assert simple(condition) is None


def test_a_condition_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(BadInput):
        simple("a &")


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"field": "a + b", "operator": "is", "value": 1}, "rows[0].field"),
        ({"field": "a == 1 || b", "operator": "is", "value": 1}, "rows[0].field"),
        ({"field": "a", "operator": "starts with", "value": 1}, "rows[0].value"),
        ({"field": "a", "operator": "is one of", "value": []}, "rows[0].value"),
        ({"field": "a", "operator": "is", "value": {}}, "rows[0].value"),
        ({"field": "a", "operator": "is", "value": float("nan")}, "rows[0].value"),
    ],
)
def test_a_row_that_says_nothing_names_its_place(row: dict[str, Any], place: str) -> None:
    with pytest.raises(BadInput) as raised:
        composed(SimpleCondition(rows=[SimpleRow(**row)]))
    assert raised.value.place == place


fields = st.sampled_from(["contact.age", "contact.city", "contact.tags", "answers.q", "x", "f"])
words = st.one_of(st.sampled_from(["a", "b", 'q"uo\\te', "zwei\nZeilen", ""]), st.text(max_size=5))
numbers = st.integers(-5, 40) | st.floats(-9, 9, allow_nan=False)
values = st.one_of(words.filter(lambda text: text.isprintable()), numbers, st.booleans())


@st.composite
def rows(draw: st.DrawFn) -> SimpleRow:
    operators = SimpleRow.model_fields["operator"].annotation.__args__  # type: ignore[union-attr]
    operator = draw(st.sampled_from(operators))
    value: Any = draw(values)
    if operator == "is one of":
        value = draw(st.lists(values, min_size=1, max_size=3))
    elif operator in ("contains", "starts with"):
        value = draw(st.sampled_from(["a", "b", "Ber", 'x"y']))
    return SimpleRow(field=draw(fields), operator=operator, value=value)


conditions = st.builds(
    SimpleCondition,
    joined=st.sampled_from(["and", "or"]),
    rows=st.lists(rows(), min_size=1, max_size=4),
)
PEOPLE = [
    Sample("a", {"contact": {"age": 30, "city": "Berlin", "tags": ["a"]}, "x": "a", "f": True}),
    Sample("b", {"contact": {"age": 3, "city": None, "tags": []}, "answers": {"q": None}, "x": 1}),
    Sample("c", {"contact": {"tags": ["b"]}, "answers": {"q": "a"}, "x": None, "f": False}),
    Sample("d", {"contact": {"city": "a"}, "answers": {"q": 3}}),
]


@settings(max_examples=150, deadline=None)
@given(conditions)
def test_rows_and_back_mean_the_same(given_rows: SimpleCondition) -> None:
    written = composed(given_rows)
    found = simple(written)
    assert found is not None
    again = composed(found)
    one, two = try_conditions([written, again], PEOPLE)
    assert [row.holds for row in one.results] == [row.holds for row in two.results]
    Condition.compile(written)


CEL = st.lists(
    st.sampled_from(
        [
            *("contact.age > 18", "18 <= contact.age", '"a" in contact.tags', "f", "!f"),
            *("x == null", "x != null", "has(contact.city)", "!has(contact.city)", 'x in ["a", 1]'),
            *('contact.city.startsWith("B")', "has(answers.q)", "contact.city == null"),
            *("(has(answers.q) && answers.q != null)", "(!has(answers.q) || answers.q == null)"),
        ]
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=120, deadline=None)
@given(CEL, st.sampled_from([" && ", " || "]))
def test_a_condition_that_rows_can_say_means_the_same_as_rows(parts: list[str], sign: str) -> None:
    condition = sign.join(parts)
    found = simple(condition)
    if found is not None:
        one, two = try_conditions([condition, composed(found)], PEOPLE)
        assert [row.holds for row in one.results] == [row.holds for row in two.results]
