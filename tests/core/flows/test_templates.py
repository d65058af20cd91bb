"""Messages: what they say, what they cannot reach, and that none can take forever."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.flows import Template, TemplateError
from core.flows.templates import ENVIRONMENT

CONTEXT: dict[str, Any] = {
    "contact": {"first_name": "Ada", "visits": 3, "tags": ["a", "b"], "vip": True, "score": 7.5},
    "links": {"booking": "https://example.org/book"},
    "offer": "20%",
    "blank_": "",
    "nothing": None,
}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Plain { words } % of them", "Plain { words } % of them"),
        ("Hi {{ contact.first_name | default: 'friend' }}!", "Hi Ada!"),
        ("{{ contact.nope | default: 'friend' }}", "friend"),
        ("{{ blank_ | default: 'x' }}{{ nothing | default: 'y' }}{{ reply.text }}", "xy"),
        ("{{ contact.visits }} {{ contact.vip }} {{ contact.score }}", "3 true 7.5"),
        ("{{ contact.first_name.size }}", "3"),
        ("{% if contact.visits > 2 %}{{ offer }}{% else %}-{% endif %}", "20%"),
        ("{% assign offer = 'mine' %}{{ offer }}", "mine"),
        ("{% for tag in contact.tags %}{{ tag }},{% endfor %}", "a,b,"),
        ("{{ contact.first_name | upcase | append: '!' }}", "ADA!"),
        (
            "{{ contact.__class__ }}{{ contact.first_name.upper }}{{ offer.__init__.__globals__ }}",
            "",
        ),
        ("{{ '<b>' }}", "<b>"),
        ("{{ 'now' | date: '%A %H:%M' }}", "Monday 09:00"),
        ("{{ now }} {{ today }}", "2026-01-05 09:00 2026-01-05"),
    ],
)
def test_what_a_template_says(source: str, text: str) -> None:
    assert Template(source).render(CONTEXT) == text


def test_what_a_template_tells_of_itself() -> None:
    template = Template("{{ contact.name }} {% assign a = offer %}{{ a }} {{ links.booking }}")
    assert template.variables == {"contact", "offer", "links"}
    assert template.constant is None
    assert Template("words").constant == "words"
    assert Template("words").variables == frozenset()


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{{ name", "line 1, column 1: “{{” is never closed"),
        ("one\n{% if a %}", "endif"),
        ("{{ a | nope }}", "line 1, column 8: there is no filter “nope”"),
        ("{% include 'a' %}", "include"),
        ("{% render 'a' %}", "render"),
        ("{% for %}", "line 1, column 4"),
        ("{{ 'a' | }}", "expected word"),
        ("x" * 100_001 + "{{ a }}", "100,000 characters"),
        ("{{ a }}" * 1_001, "1,000 tags"),
        ("{{" + " " * 5_000 + "}}", "longer than 2,000"),
        ("{{ a" + " " * 300 + "}}", "too many spaces"),
        ("{% if a %}" * 50 + "{% endif %}" * 50, "nesting"),
        ("{{" * 50_000, "never closed"),
        ("{% raw %}" * 3_000, "tags"),
    ],
)
def test_what_cannot_be_read(source: str, problem: str) -> None:
    with pytest.raises(TemplateError) as caught:
        Template(source)
    assert problem in str(caught.value)


GROWS = "{% assign a = 'aaaaaaaaaa' %}" + "{% assign a = a | append: a %}" * 60
ENDLESS = {
    "range": "{% for i in (1..1000000000) %}{% endfor %}",
    "nested": "{% for i in (1..900) %}" * 3 + "x" + "{% endfor %}" * 3,
    "one after the other": "{% for i in (1..900) %}x{% endfor %}" * 400,
    "table": "{% tablerow i in (1..100000000) %}{% endtablerow %}",
    "append": GROWS,
    "times": "{% assign a = 9999 %}" + "{% assign a = a | times: a %}" * 60 + "{{ a }}",
    "replace": "{{ 'aaaaaaaaaa'" + " | replace: 'a', 'aaaaaaaaaa'" * 20 + " }}",
    "join": "{{ (1..1000000000) | join: ',' }}",
    "concat": "{% assign a = 'a,b' | split: ',' %}" + "{% assign a = a | concat: a %}" * 40,
    "capture": "{% capture a %}" + "x" * 90_000 + "{% endcapture %}{{ a }}{{ a }}",
    "wide": "{% for i in (1..1000) %}" + "{{ long | upcase }}" * 400 + "{% endfor %}",
    "sort": "{% assign a = (1..100000000) | sort %}",
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS.keys())
def test_what_never_ends_is_stopped(source: str) -> None:
    started = time.perf_counter()
    with pytest.raises(TemplateError) as caught:
        Template(source).render({"long": "x" * 10_000})
    assert caught.value.limit
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "source", ["{{ 1 | divided_by: 0 }}", "{{ '9' | plus: x, 1 }}", "{% break %}"]
)
def test_what_cannot_be_rendered_raises_our_error(source: str) -> None:
    with pytest.raises(TemplateError) as caught:
        Template(source).render({})
    assert not caught.value.limit


NAMES = st.sampled_from(["contact", "offer", "a", "nothing"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
SLOTS = st.builds("{{{{ {}{} }}}}".format, PATHS, st.sampled_from(["", " | default: 'x'"]))
BLOCKS = st.builds("{{% if {} %}}{}{{% endif %}}".format, PATHS, SLOTS)
SOURCES = st.lists(SLOTS | BLOCKS | st.sampled_from(["words ", "{% assign a = 'z' %}"]), max_size=6)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.dictionaries(NAMES, inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=8,
)


@given(SOURCES, st.dictionaries(NAMES, TREES, max_size=4))
def test_the_short_way_says_what_liquid_says(parts: list[str], context: dict[str, Any]) -> None:
    source = "".join(parts)
    assert Template(source).render(context) == ENVIRONMENT.from_string(source).render(context)


@given(st.lists(st.sampled_from(["{{", "}}", "{%", "%}", " a ", "|", "if", "endif", "'", "."])))
def test_any_text_is_rendered_or_refused(parts: list[str]) -> None:
    try:
        Template("".join(parts)).render(CONTEXT)
    except TemplateError as error:
        assert error.message
