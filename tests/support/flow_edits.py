"""Generated flow documents, edits of them, and the ways in which people write them down."""

from __future__ import annotations

import copy
from typing import Any

import yaml
from hypothesis import strategies as st

from core.flows import written

ODD_TEXTS = [
    *("yes", "no", "on", "null", "~", "true", "1", "1.0", "1e3", "0x1f", "0o7", "1_000", "+1"),
    *("2026-01-01", "09:00", "12:30:45", "2d", "20%", "", " ", "a: b", "a #b", "#", "- a", "? x"),
    *("{x}", "[x]", "a, b", "&a", "*a", "!t", "|", ">", "%x", "@x", "`x", "'", '"', "it's", "<<"),
    *("a\nb", "a\nb\n", "a\n\nb\n\n", "\na", " a\nb", "a\n  b\n c", "a \nb", "x" * 120, "…", "é"),
    *("\u2028", "\ufeff", "a\tb", "\ta\nb", "a\\b", "---", "...", "a:", ":a", "=", "\U0001f600"),
    *('reply.intent == "x" && a', "{{ contact.first_name | default: 'you' }},\n\nbye", "# no\nx"),
]
texts = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    st.text("ab \n#:-'\"", max_size=30),
)
keys = st.one_of(st.sampled_from(["body", "x y", "1", "yes", "a:b", "", "é", "<<"]), texts)
scalars = st.one_of(
    texts,
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
ids = st.sampled_from([f"s{number}" for number in range(8)])


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    step: dict[str, Any] = {"id": draw(ids), "type": draw(st.sampled_from(["end", "send_sms"]))}
    if draw(st.booleans()):
        step["config"] = draw(st.dictionaries(keys, values, max_size=3))
    if draw(st.booleans()):
        step["next"] = draw(ids)
    return step


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    document: dict[str, Any] = {"name": draw(texts)}
    document["steps"] = draw(st.lists(steps(), min_size=1, max_size=6, unique_by=lambda s: s["id"]))
    if draw(st.booleans()):
        document["variables"] = draw(st.dictionaries(keys, values, max_size=4))
    if draw(st.booleans()):
        places = st.tuples(st.floats(-1e6, 1e6), st.integers(-9, 9)).map(list)
        notes = st.fixed_dictionaries({"id": ids, "text": texts})
        document["canvas"] = {
            "positions": draw(st.dictionaries(ids, places, max_size=4)),
            "notes": draw(st.lists(notes, max_size=2)),
        }
    return document


@st.composite
def edited(draw: st.DrawFn, document: dict[str, Any]) -> dict[str, Any]:
    """The document after some of the things that people do to flows."""
    changed = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 4))):
        rows = changed["steps"]
        at = draw(st.integers(0, len(rows) - 1))
        edit = draw(st.sampled_from(["config", "add", "remove", "move", "rename", "way", "top"]))
        if edit == "config":
            config = rows[at].setdefault("config", {})
            config[draw(keys)] = draw(values)
        elif edit == "add":
            rows.insert(at, draw(steps()))
        elif edit == "remove" and len(rows) > 1:
            del rows[at]
        elif edit == "move":
            rows.insert(draw(st.integers(0, len(rows) - 1)), rows.pop(at))
        elif edit == "rename":
            rows[at]["id"] = draw(texts.filter(bool))
        elif edit == "way":
            rows[at].pop(draw(st.sampled_from(["next", "type", "config"])), None)
            rows[at]["on_reply"] = draw(ids)
        else:
            changed[draw(st.sampled_from(["name", "variables", "description"]))] = draw(values)
    return changed


@st.composite
def spelled(draw: st.DrawFn, document: dict[str, Any]) -> str:
    """The document as somebody, or some library, would write it."""
    way = draw(st.sampled_from(["ours", "blocks", "mixed", "braces", "quotes", "literal"]))
    if way == "ours":
        return written(document)
    options: dict[str, Any] = {
        "blocks": {"default_flow_style": False},
        "mixed": {"default_flow_style": None},
        "braces": {"default_flow_style": True},
        "quotes": {"default_style": '"', "default_flow_style": False},
        "literal": {"default_style": "|", "default_flow_style": False},
    }[way]
    return str(
        yaml.dump(
            document,
            Dumper=yaml.CSafeDumper,
            sort_keys=draw(st.booleans()),
            allow_unicode=draw(st.booleans()),
            indent=draw(st.sampled_from([2, 4])),
            width=draw(st.sampled_from([20, 100])),
            explicit_start=draw(st.booleans()),
            explicit_end=draw(st.booleans()),
            line_break=draw(st.sampled_from(["\n", "\r\n"])),
            **options,
        )
    )
