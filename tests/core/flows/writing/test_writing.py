"""Texts and their changes: what a person sees of it."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from difflib import ndiff
from typing import Any

import pytest

from core.flows import read_flow, restored, written
from core.flows.writing import same

TEXT = """\
# My flow

name: "é x"  # the name
variables: {price: 49, offer: "20%"}   # prices
steps: # list

  # --- section ---

  # first
  - id: a   # c
    type: send_sms
    config:
      body: |  # words
        line 1

        line 2
      # deeper
    next:    # nothing

  # the second
  - id: b
    type: wait_for_reply
    config: {timeout: 2d, "x": [1, 2], c: d} # two days
    on_reply: c
    # tail of b
  - {id: c, type: end}  # end
# the end
"""
Edit = Callable[[dict[str, Any]], object]


def changed(edit: Edit, text: str = TEXT) -> list[str]:
    """The lines that an edit takes out and puts in."""
    document = copy.deepcopy(read_flow(text))
    edit(document)
    found = written(document, text)
    assert same(read_flow(found), document)
    return [line for line in ndiff(text.splitlines(), found.splitlines()) if line[0] in "+-"]


def step(number: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda document: document["steps"][number]


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        pytest.param(
            lambda d: d["steps"][0].update(next="b"),
            ["-     next:    # nothing", "+     next: b    # nothing"],
            id="a value where there was none",
        ),
        pytest.param(
            lambda d: d["steps"][0]["config"].update(body="line 1\n\nline 2\nline 3\n"),
            ["+         line 3"],
            id="a block stays a block",
        ),
        pytest.param(
            lambda d: d["steps"][1].update(id="bb"),
            ["-   - id: b", "+   - id: bb"],
            id="a step is renamed",
        ),
        pytest.param(
            lambda d: d["steps"].pop(0),
            [
                *("-   # first", "-   - id: a   # c", "-     type: send_sms", "-     config:"),
                *("-       body: |  # words", "-         line 1", "- ", "-         line 2"),
                *("-       # deeper", "-     next:    # nothing", "- "),
            ],
            id="a step goes with its comments, and the section's stays",
        ),
        pytest.param(
            lambda d: d["steps"][1]["config"].pop("x"),
            [
                '-     config: {timeout: 2d, "x": [1, 2], c: d} # two days',
                "+     config: {timeout: 2d, c: d} # two days",
            ],
            id="a key goes out of braces",
        ),
        pytest.param(
            lambda d: d["steps"][1]["config"].update(timeout="3d"),
            [
                '-     config: {timeout: 2d, "x": [1, 2], c: d} # two days',
                '+     config: {timeout: 3d, "x": [1, 2], c: d} # two days',
            ],
            id="a value in braces",
        ),
        pytest.param(
            lambda d: d["steps"][2].update(config={"reason": "x"}),
            [
                "-   - {id: c, type: end}  # end",
                "+   - {id: c, type: end, config: {reason: x}}  # end",
            ],
            id="a key comes into braces",
        ),
        pytest.param(
            lambda d: d.update(canvas={"positions": {"a": [0, 1.5]}}),
            ["+ canvas:", "+   positions: {a: [0, 1.5]}"],
            id="positions come behind the rest",
        ),
        pytest.param(
            lambda d: d.update(name="x\ny"),
            ['- name: "é x"  # the name', "+ name: |-  # the name", "+   x", "+   y"],
            id="a line becomes a block",
        ),
        pytest.param(
            lambda d: d["variables"].update(price=49.0),
            [
                '- variables: {price: 49, offer: "20%"}   # prices',
                '+ variables: {price: 49.0, offer: "20%"}   # prices',
            ],
            id="49.0 is not 49",
        ),
        pytest.param(
            lambda d: d["steps"][1].update(on_timeout="a"),
            ["+     on_timeout: a"],
            id="a way is drawn",
        ),
        pytest.param(
            lambda d: d["steps"].insert(1, {"id": "n", "type": "goal", "config": {"name": "x"}}),
            ['+   - id: "n"', "+     type: goal", "+     config: {name: x}"],
            id="a step is added",
        ),
    ],
)
def test_only_what_changed_is_written(edit: Edit, lines: list[str]) -> None:
    assert sorted(one for one in changed(edit) if one[0] != "?") == sorted(lines)


def test_steps_that_are_moved_take_their_comments_along() -> None:
    document = read_flow(TEXT)
    document["steps"].reverse()
    found = written(document, TEXT)
    assert sorted(found.splitlines()) == sorted(TEXT.splitlines())
    assert found.index("# the second") < found.index("- id: b") < found.index("# tail of b")
    assert found.index("# first") < found.index("- id: a")


def test_new_text_is_pleasant() -> None:
    document = {
        "canvas": {"positions": {"a": [0, 1]}},
        "steps": [
            {
                "next": "b",
                "config": {"subject": "Hi: you", "body": "Hello,\n\nyou.\n"},
                "type": "send_email",
                "id": "a",
            },
            {"id": "b", "type": "wait_for_reply", "config": {"timeout": "2d"}, "on_reply": "yes"},
        ],
        "variables": {"price": 49, "offer": "20%", "at": "09:00", "no": None},
        "name": "Grüße",
    }
    assert (
        written(document)
        == """\
name: Grüße
variables: {price: 49, offer: "20%", at: "09:00", "no": null}
steps:
  - id: a
    type: send_email
    config:
      subject: "Hi: you"
      body: |
        Hello,

        you.
    next: b
  - id: b
    type: wait_for_reply
    config: {timeout: 2d}
    on_reply: "yes"
canvas:
  positions: {a: [0, 1]}
"""
    )


def test_windows_line_ends_and_a_missing_last_one_stay() -> None:
    text = "name: a\r\nsteps:\r\n  - id: x # one\r\n    type: end"
    document = read_flow(text)
    document["name"] = "b"
    assert written(document, text) == text.replace("name: a", "name: b")


def test_what_nobody_can_read_is_written_anew_under_its_head() -> None:
    text = "# head\nname: &n a\nsteps: [{id: x, type: end, config: {reason: *n}}]\n"
    document = {"name": "a", "steps": [{"id": "x", "type": "end"}]}
    found = written(document, text)
    assert found.startswith("# head\n") and same(read_flow(found), document)


def test_a_browser_loses_no_fractions() -> None:
    older = {"price": 49.0, "steps": [{"id": "a", "x": 1.0}, {"id": "b", "x": 2}]}
    newer = {"price": 49, "steps": [{"id": "b", "x": 2}, {"id": "a", "x": 1}, 3]}
    found = restored(newer, older)
    assert same(found, {"price": 49.0, "steps": [{"id": "b", "x": 2}, {"id": "a", "x": 1.0}, 3]})


def test_a_large_flow_is_changed_soon() -> None:
    steps = [
        {
            "id": f"s{number}",
            "type": "send_email",
            "config": {"subject": "A: b", "body": f"Hello\n\nthere {number}"},
            "next": f"s{number + 1}",
        }
        for number in range(500)
    ]
    document = {"name": "x", "steps": steps, "canvas": {"positions": {"s1": [1.5, 2]}}}
    text = written(document)
    document["steps"][250]["next"] = None
    started = time.perf_counter()
    written(document, text)
    assert time.perf_counter() - started < 1.5
