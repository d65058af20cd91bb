"""The part of JavaScript that is read, and how it is said in CEL and Liquid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.flows.conditions import Condition
from core.flows.foreign.names import TAKEN, plain_name
from core.flows.foreign.saying import cel_of, liquid_of, plain_liquid, text_of
from core.flows.foreign.script import Name, Tree, read_script
from core.flows.templates import Template

PLAIN = st.text(alphabet="abxyz .[]()'\"0123456789+-<>=!&|?:,{}%$\\`\n", max_size=60)


def resolve(tree: Tree) -> tuple[str, ...] | None:
    return (tree.name,) if isinstance(tree, Name) and tree.name in "abxyz" else None


@pytest.mark.parametrize(
    ("source", "cel"),
    [
        ("a === 'x'", 'a == "x"'),
        ("a > 3 && b !== null", "(a > 3 && b != null)"),
        ("a + 1", "(int(a) + 1)"),
        ("a / 2.5", "(double(a) / 2.5)"),
        ("'Hello ' + a", '"Hello " + string(a)'),
        ("a.includes('q')", 'a.contains("q")'),
        ("a.length > 2", "size(a) > 2"),
        ("a == 1 ? 'one' : 'more'", '(a == 1 ? "one" : "more")'),
        ("a || 'none'", '((a != null && a != "" && a != false) ? a : "none")'),
        ("`n ${a}`", '"n " + string(a)'),
        ("a.map(x => x)", None),
        ("new Date()", None),
        ("a[b]", None),
        ("q", None),
    ],
)
def test_what_cel_can_say(source: str, cel: str | None) -> None:
    tree = read_script(source)
    assert (None if tree is None else cel_of(tree, resolve)) == cel
    if cel is not None:
        Condition.compile(cel)


@pytest.mark.parametrize(
    ("source", "liquid"),
    [
        ("a", "{{ a }}"),
        ("a || 'friend'", '{{ a | default: "friend" }}'),
        ("a.toUpperCase()", "{{ a | upcase }}"),
        ("a.replaceAll('x', 'y')", '{{ a | replace: "x", "y" }}'),
        ("a.split(',')[0]", '{{ a | split: "," | first }}'),
        ("DateTime.fromISO(a).toFormat('yyyy-MM-dd')", '{{ a | date: "%Y-%m-%d" }}'),
        ("a ? 'yes' : 'no'", "{% if a %}yes{% else %}no{% endif %}"),
        ("'Dear ' + a", "Dear {{ a }}"),
        ("a.find(b)", None),
    ],
)
def test_what_liquid_can_say(source: str, liquid: str | None) -> None:
    tree = read_script(source)
    assert tree is not None
    assert liquid_of(tree, resolve) == liquid
    if liquid is not None:
        Template(liquid)


@given(PLAIN)
def test_any_words_give_a_tree_or_none_and_what_is_said_compiles(source: str) -> None:
    tree = read_script(source)
    if tree is None:
        return
    said = liquid_of(tree, resolve)
    if said is not None:
        text_of("{{ it }}", lambda _: said)


@given(st.text(max_size=80))
def test_a_plain_text_is_left_as_it_is_by_liquid(text: str) -> None:
    assert Template(plain_liquid(text)).render({}) == text


def test_what_is_not_understood_stays_readable() -> None:
    said = text_of(
        "Hi {{ a }}, {{ who.knows() }}", lambda inside: "{{ a }}" if inside == "a" else None
    )
    assert said.text == "Hi {{ a }}, [who.knows()]"
    assert said.strange == ["who.knows()"]


@given(st.text(max_size=100))
def test_every_name_becomes_one_that_can_be_read(text: str) -> None:
    name = plain_name(text)
    assert name not in TAKEN
    Condition.compile(f"{name} == 1")
    Template(f"{{{{ {name} }}}}")
