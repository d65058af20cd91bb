"""The places of steps in a drawing."""

from __future__ import annotations

import time
from typing import Any

from core.domain.flows import STEP_CONFIGS
from core.flows import compile_flow, flow_schema, ranks


def arms(*targets: str) -> dict[str, Any]:
    return {"arms": [{"name": str(number), "next": to} for number, to in enumerate(targets)]}


def test_ranks_follow_the_longest_way_and_ignore_the_way_back() -> None:
    compiled = compile_flow(
        {
            "steps": [
                {"id": "a", "type": "split", "config": arms("b", "c")},
                {"id": "b", "type": "tag", "next": "c"},
                {"id": "c", "type": "split", "config": arms("a", "d")},
                {"id": "d", "type": "end"},
                {"id": "lost", "type": "tag", "next": "lost2"},
                {"id": "lost2", "type": "tag", "next": "d"},
            ]
        }
    )
    assert {name: place.rank for name, place in ranks(compiled).items()} == {
        "a": 0,
        "b": 1,
        "c": 2,
        "d": 3,
        "lost": 4,
        "lost2": 5,
    }


def test_rows_keep_neighbours_together() -> None:
    compiled = compile_flow(
        {
            "steps": [
                {"id": "a", "type": "split", "config": arms("x", "y")},
                {"id": "x", "type": "split", "config": arms("x1", "x2")},
                {"id": "y", "type": "split", "config": arms("y1", "y2")},
                *({"id": name, "type": "end"} for name in ("y1", "x1", "y2", "x2")),
            ]
        }
    )
    places = ranks(compiled)
    below = sorted(("x1", "x2", "y1", "y2"), key=lambda name: places[name].row)
    assert [name[0] for name in below] in (["x", "x", "y", "y"], ["y", "y", "x", "x"])


def test_a_large_flow_is_laid_out_soon() -> None:
    count = 5_000
    steps: list[dict[str, Any]] = [
        {"id": f"s{i}", "type": "split", "config": arms(f"s{i + 1}", f"s{i * 7 % count}")}
        for i in range(count - 1)
    ]
    compiled = compile_flow({"steps": [*steps, {"id": f"s{count - 1}", "type": "end"}]})
    started = time.perf_counter()
    assert len(ranks(compiled)) == count
    assert time.perf_counter() - started < 3


def test_the_schema_knows_every_type() -> None:
    schema = flow_schema()
    choices = schema["properties"]["steps"]["items"]["oneOf"]
    kinds = [schema["$defs"][one["$ref"].rpartition("/")[2]] for one in choices]
    assert [one["properties"]["type"]["const"] for one in kinds] == list(STEP_CONFIGS)
    for kind in kinds:
        assert kind["properties"]["config"]["$ref"].rpartition("/")[2] in schema["$defs"]
