"""What CEL cannot read is told in words that a person can act on, with the place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import BadInput
from core.flows.conditions import Condition, Expression

GRAMMAR = re.compile(r"expecting|extraneous|mismatched|recognition|EOF|viable|ERROR|<input>|Expr")


def refused(source: str) -> tuple[str, str]:
    with pytest.raises(BadInput) as caught:
        Condition.compile(source)
    return caught.value.message, str(caught.value.place)


@pytest.mark.parametrize(
    ("source", "column", "words"),
    [
        ("contact.age = 4", 13, "write == to compare"),
        ("has(answers.x) = true", 16, "write == to compare"),
        ("contact.age === 4", 13, "write == to compare"),
        ("contact.age is 4", 13, "write == to compare"),
        ("contact.age <> 4", 13, "write != for “is not”"),
        ("contact.age => 4", 13, "write >= for “at least”"),
        ("contact.age =< 4", 13, "write <= for “at most”"),
        ("contact.age > 4 and contact.visits > 2", 17, "write && for “and”"),
        ("contact.age > 4 AND (contact.visits > 2)", 17, "write && for “and”"),
        ("contact.age > 4 & contact.visits > 2", 17, "write && for “and”"),
        ("contact.age > 4 or contact.visits > 2", 17, "write || for “or”"),
        ("not contact.opted_out", 1, "write ! for “not”"),
        ("not (contact.opted_out)", 1, "write ! for “not”"),
        ('"vip" not in contact.tags', 7, "write ! before the whole, as in !(a in b)"),
        ('contact.name == "Ann', 17, "the quote that opens here is never closed"),
        ('contact.name == "Ann and Bob = 3', 17, "the quote that opens here is never closed"),
        ("contact.name == “Ann”", 17, 'write straight quotes, as in "yes"'),
        ("(contact.age > 3", 1, "the ( is never closed"),
        ("contact.age > 3)", 16, "no ( is open for this )"),
        ("contact.age in [3, 4", 16, "the [ is never closed"),
        ("contact.age >", 14, "something is missing after >"),
        ("contact.age > > 3", 15, "something is missing after >"),
        ("contact.age > 3 &&", 19, "something is missing after &&"),
        ('"vip" in', 9, "something is missing after in"),
        ("> 3", 1, "something is missing before >"),
        ("contact.visits 3", 16, "something is missing between visits and 3"),
        ("{{ contact.age }} > 3", 1, "leave out {{ and }}"),
        ("contact.age > 3;", 16, "“;” cannot stand here"),
        ("contact.age > 3 ? true", 1, "? needs two values with : between, as in a ? b : c"),
        ("contact.age == 99999999999999999999", 16, "this number is too large"),
        ("has(age)", 5, "has() needs a name and a field, as in has(answers.x)"),
        ("contact.age, 3", 12, "it cannot be read here"),
        ("  ", 1, "it is empty"),
    ],
)
def test_common_mistakes_are_named(source: str, column: int, words: str) -> None:
    message, place = refused(source)
    assert message.startswith(words)
    assert place == f"line 1, column {column}"


def test_the_line_is_counted() -> None:
    assert refused("contact.age > 3 &&\n contact.visits = 2") == (
        "write == to compare",
        "line 2, column 17",
    )


@pytest.mark.parametrize(
    "source",
    [
        "not in answers.list",
        "answers.and == 1 && answers.or == 2",
        "contact.name == 'and = or & not'",
        "!(contact.age > 3) || -contact.age < 3",
        'contact.name == "it\'s"',
        "[1, 2,][0] == 1",
    ],
)
def test_what_can_be_read_is_not_complained_of(source: str) -> None:
    assert Condition.compile(source).source == source


PARTS = "a.b,1,'t',\"t,(,),[,],{,},=,==,<,>,&,&&,||,|,!,-,+,?,:,.,and,or,not,in,is,if,#,“".split(
    ","
)


@given(st.lists(st.sampled_from(PARTS), max_size=8), st.sampled_from(["", " ", "\n"]))
def test_nobody_reads_what_the_grammar_expected(parts: list[str], between: str) -> None:
    source = between.join(parts)
    try:
        Expression.compile(source)
    except BadInput as error:
        assert not GRAMMAR.search(error.message)
        found = re.fullmatch(r"line (\d+), column (\d+)", str(error.place))
        assert found is not None
        lines = source.split("\n")
        assert 1 <= int(found[1]) <= len(lines)
        assert 1 <= int(found[2]) <= len(lines[int(found[1]) - 1]) + 1
