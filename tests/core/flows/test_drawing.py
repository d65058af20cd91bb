"""Cards in pixels: never on top of each other, the same every time, for half-drawn flows too."""

from __future__ import annotations

import time
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.flows import compile_flow, positions
from core.flows.drawing import GAP_X, GAP_Y, HEIGHT, WIDTH
from tests.conftest import TWO_STEPS
from tests.support.flow_edits import documents

ROW = HEIGHT + GAP_Y


def arms(id: str, *targets: str) -> dict[str, Any]:
    rows = [{"name": str(number), "next": to} for number, to in enumerate(targets)]
    return {"id": id, "type": "split", "config": {"arms": rows}}


def end(id: str) -> dict[str, Any]:
    return {"id": id, "type": "end"}


def apart(placed: dict[str, tuple[int, int]]) -> bool:
    return all(
        abs(a[0] - b[0]) >= WIDTH or abs(a[1] - b[1]) >= HEIGHT
        for a, b in combinations(placed.values(), 2)
    )


def test_steps_stand_under_what_leads_to_them() -> None:
    placed = positions({"steps": [arms("a", "b", "c"), end("b"), end("c")]})
    (ax, ay), (bx, by), (cx, cy) = (placed[id] for id in "abc")
    assert (ay, by, cy) == (0, ROW, ROW)
    assert cx - bx == WIDTH + GAP_X and ax == (bx + cx) / 2


def test_the_branches_keep_their_order_and_do_not_cross() -> None:
    steps = [arms("a", "x", "y"), arms("x", "x1", "x2"), arms("y", "y1", "y2")]
    placed = positions({"steps": [*steps, *map(end, ("y1", "x1", "y2", "x2"))]})
    below = sorted(("x1", "x2", "y1", "y2"), key=lambda id: placed[id][0])
    assert below == ["x1", "x2", "y1", "y2"]


def test_a_way_that_jumps_has_room_to_pass() -> None:
    steps = [arms("a", "b", "d"), arms("b", "c"), arms("c", "d"), end("d")]
    placed = positions({"steps": steps})
    left = [placed[id][0] for id in ("b", "c")]
    a, d = placed["a"][0] + WIDTH / 2, placed["d"][0] + WIDTH / 2
    between = max(a, d)
    assert all(x >= between or x + WIDTH <= between for x in left)


def test_steps_that_nothing_leads_to_stand_at_the_right() -> None:
    lost = [arms("lost", "lost2"), end("lost2"), end("alone")]
    placed = positions({"steps": [arms("a", "b"), end("b"), *lost]})
    right = max(placed[id][0] for id in "ab") + WIDTH
    assert all(placed[id][0] > right for id in ("lost", "lost2", "alone"))
    assert placed["lost2"][1] == placed["lost"][1] + ROW
    assert apart(placed)


def test_half_drawn_flows_are_laid_out() -> None:
    steps: list[Any] = [
        {"id": "a", "type": "nothing", "next": "nowhere"},
        {"id": "a", "next": "b"},
        {"id": 3},
        "x",
        {"id": "b", "type": "end", "next": "b"},
    ]
    assert positions({"start": "missing", "steps": steps}) == {"a": (0, 0), "b": (0, ROW)}
    assert positions({}) == positions([]) == positions({"steps": "x"}) == {}


def test_a_compiled_flow_stands_as_its_document_does() -> None:
    assert positions(compile_flow(TWO_STEPS)) == positions(TWO_STEPS)
    assert positions(TWO_STEPS["steps"]) == positions(TWO_STEPS)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 14), max_size=4), min_size=1, max_size=15),
)
def test_no_card_stands_on_another_and_nothing_is_by_chance(targets: list[list[int]]) -> None:
    steps = [arms(f"s{n}", *(f"s{to}" for to in found)) for n, found in enumerate(targets)]
    placed = positions({"steps": steps})
    assert set(placed) == {step["id"] for step in steps}
    assert apart(placed)
    assert min(x for x, _ in placed.values()) == 0 == min(y for _, y in placed.values())
    assert positions({"steps": steps}) == placed


@settings(deadline=None)
@given(documents())
def test_every_step_has_a_place(document: dict[str, Any]) -> None:
    assert set(positions(document)) == {step["id"] for step in document["steps"]}


def test_a_large_flow_is_laid_out_soon() -> None:
    steps = [arms(f"s{n}", f"s{n + 1}", f"s{n * 7 % 500}") for n in range(500)]
    started = time.perf_counter()
    assert apart(positions({"steps": steps}))
    assert time.perf_counter() - started < 1.5
