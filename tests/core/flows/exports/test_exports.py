"""Flows as Mermaid and as SVG: every step and way, safe whatever the texts are."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.flows.exports import mermaid, svg
from core.flows.exports.svg import NS
from tests.conftest import TWO_STEPS
from tests.support.flow_documents import flow_documents

ROUGH = 'a"]|</text><script>x</script> & `b` #quot; {{ c }}\n\x0b-->'


def texts(drawing: str) -> list[str]:
    """What an SVG says."""
    return [one.text or "" for one in ET.fromstring(drawing).iter(f"{{{NS}}}text")]


def test_mermaid_shows_every_step_and_way() -> None:
    drawn = mermaid(TWO_STEPS)
    assert drawn.splitlines()[:4] == ["---", 'title: "Two steps"', "---", "flowchart TD"]
    assert '  s1["<b>hello</b><br/>send_email<br/>A seat"]' in drawn
    assert '  s2 -->|"reply"| s3' in drawn
    assert '  s2 -->|"no reply"| s5' in drawn
    assert '  s3 -->|"intent is interested"| s4' in drawn
    assert '  s3 -->|"else"| s5' in drawn
    assert drawn.count("-->") == 6


def test_svg_shows_every_step_and_way() -> None:
    drawn = svg(TWO_STEPS)
    found = texts(drawn)
    for words in ("Two steps", "hello", "✉ Email", "A seat", "reply", "no reply", "else"):
        assert words in found
    assert drawn.count('class="way"') == 6
    assert "prefers-color-scheme: dark" in drawn


def rough(document: dict[str, Any]) -> dict[str, Any]:
    steps = [
        {"id": "a", "type": "send_web", "config": {"body": ROUGH}, "next": ROUGH.split()[0]},
        {
            "id": ROUGH.split()[0],
            "type": ROUGH,
            "config": {"branches": [{"when": ROUGH, "next": "a"}]},
        },
    ]
    return {**document, "name": ROUGH, "steps": steps}


def test_rough_texts_stay_texts() -> None:
    drawn = svg(rough({}))
    root = ET.fromstring(drawn)
    assert not list(root.iter(f"{{{NS}}}script"))
    for line in mermaid(rough({})).splitlines()[4:]:
        label = re.search(r'"(.*)"', line)
        inside = label[1] if label else ""
        for tag in ("<b>", "</b>", "<br/>"):
            inside = inside.replace(tag, "")
        assert not set(inside) & set('"<>|`{}'), line


@settings(max_examples=40, deadline=None)
@given(flow_documents())
def test_any_flow_is_drawn_whole(document: dict[str, Any]) -> None:
    ids = [step["id"] for step in document["steps"]]
    drawn = svg(document)
    assert len(list(ET.fromstring(drawn).iter(f"{{{NS}}}g"))) == len(ids)
    lines = mermaid(document).splitlines()
    assert sum(bool(re.match(r"  s\d+\W", line)) and "-->" not in line for line in lines) == len(
        ids
    )
    assert drawn.count('class="way"') == sum("-->" in line for line in lines)


WILD = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "config", "next", "positions", "notes", "branches", "x", "text"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@settings(max_examples=80, deadline=None)
@given(WILD, WILD, WILD)
def test_half_drawn_documents_are_drawn_too(steps: Any, canvas: Any, name: Any) -> None:
    document = {"steps": steps, "canvas": canvas, "name": name}
    ET.fromstring(svg(document))
    assert mermaid(document).startswith("---\ntitle: ")


def test_own_places_and_notes_are_kept() -> None:
    canvas = {
        "positions": {"hello": [900, 40]},
        "notes": [
            {
                "id": "n",
                "text": "Look here\nand there",
                "x": 1200,
                "y": 0,
                "width": 200,
                "height": 90,
            }
        ],
    }
    drawn = svg({**TWO_STEPS, "canvas": canvas})
    assert '<rect class="card" x="900" y="40"' in drawn
    assert {"Look here", "and there"} <= set(texts(drawn))
    moved = svg({**TWO_STEPS, "canvas": canvas}, {"hello": (10, 20)})
    assert '<rect class="card" x="10" y="20"' in moved


@pytest.mark.parametrize("letter", ["m", "漢"])
def test_long_lines_are_cut(letter: str) -> None:
    flow = {"steps": [{"id": "a", "type": "send_web", "config": {"body": letter * 500}}]}
    line = next(one for one in texts(svg(flow)) if one.startswith(letter))
    assert line.endswith("…")
    assert len(line) < 40
