"""Participants by the thousand: one line out for each line in, same order, its cells kept."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.commands.experiment_batches import CHUNK, assigned_lines, spec_assigner
from core.domain.errors import BadInput
from core.domain.experiments import Design

DESIGN = Design.model_validate(
    {
        "name": "Seats",
        "variants": [{"id": "a"}, {"id": "b", "weight": 3}],
        "metrics": [{"id": "m", "value": "m"}],
        "assignment": {"how": "hash", "salt": "s"},
    }
)
STRATA = DESIGN.model_copy(
    update={
        "assignment": DESIGN.assignment.model_copy(
            update={"how": "stratified", "strata": ("city",)}
        ),
        "variants": (DESIGN.variants[0], DESIGN.variants[1].model_copy(update={"weight": 1.0})),
    }
)
CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)


def out(text: str, unit: str | None = None, design: Design = DESIGN) -> str:
    lines = io.BytesIO(text.encode())
    return b"".join(assigned_lines(lines, unit, spec_assigner(design))).decode()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_each_line_comes_out_again_in_order() -> None:
    given_rows = [f'p{n},"O\'Neil, {n}"' for n in range(CHUNK + 7)]
    found = rows(out("id,name\n" + "\n".join(given_rows) + "\n"))
    assert [(one["id"], one["name"]) for one in found] == [
        (f"p{n}", f"O'Neil, {n}") for n in range(CHUNK + 7)
    ]
    counts = Counter(one["variant"] for one in found)
    assert 0.22 < counts["a"] / len(found) < 0.28
    assert {one["variant"]: one["probability"] for one in found} == {"a": "0.25", "b": "0.75"}


def test_the_same_participant_meets_the_same_variant_in_any_file() -> None:
    first = {one["id"]: one["variant"] for one in rows(out("id\n1\n2\n3\n4\n5\n6\n7\n8\n"))}
    again = {one["id"]: one["variant"] for one in rows(out("x,id\n,8\n,7\n,3\n,1\n"))}
    assert again.items() <= first.items()
    assert len(set(first.values())) == 2


def test_json_lines_keep_their_keys() -> None:
    lines = [{"contact_id": "p1", "z": [1]}, {"contact_id": 7, "a": None}]
    found = out("\n".join(map(json.dumps, lines))).splitlines()
    for line, one in zip(lines, map(json.loads, found), strict=True):
        assert {key: one[key] for key in line} == line
        assert one["variant"] in ("a", "b")


def test_strata_are_balanced_and_nobody_changes_sides() -> None:
    people = [(f"p{n % 100}", "Bonn" if n % 3 else "Ulm") for n in range(100)] * 2
    text = "id,city\n" + "".join(f"{id},{city}\n" for id, city in people)
    found = rows(out(text, design=STRATA))
    assert [one["variant"] for one in found[:100]] == [one["variant"] for one in found[100:]]
    for city in ("Bonn", "Ulm"):
        counts = Counter(one["variant"] for one in found[:100] if one["city"] == city)
        assert abs(counts["a"] - counts["b"]) <= 1


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=20))
def test_no_cell_is_changed(cells: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("id", "x", "y"), *((f"p{at}", *one) for at, one in enumerate(cells))])
    found = rows(out(text.getvalue()))
    assert [(one["x"], one["y"]) for one in found] == cells


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("", None, "empty"),
        ("name\nAda\n", None, "no column that names participants"),
        ("id\n1\n", "unit", "no column “unit”"),
        ("id,variant\n1,a\n", None, "“variant” here already"),
        ("id,id\n1,2\n", None, "is there twice"),
        ("id,x\n1\n", None, "line 2: It has 1 cells"),
        ("id,x\n1,2\n ,2\n", None, "line 3: This line names no participant"),
        ('id\n"1\n', None, "This is no CSV"),
        ('{"id": 1}\n7\n', None, "line 2: This is no JSON object"),
        ('{"id": true}\n', None, "names no participant"),
        ('{"id": [1]}\n', None, "names no participant"),
    ],
)
def test_what_names_nobody_is_refused(text: str, unit: str | None, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        out(text, unit)
    assert said in str(refused.value)


def test_lines_before_a_bad_one_are_answered() -> None:
    found = assigned_lines(io.BytesIO(b"id,x\n1,2\n1\n"), None, spec_assigner(DESIGN))
    assert next(found) == b"id,x,variant,probability\n"
    assert next(found).startswith(b"1,2,")
    with pytest.raises(BadInput):
        next(found)


def test_a_design_alone_assigns_nobody_where_it_cannot() -> None:
    for how in ("bandit", "paired", "given"):
        one = DESIGN.model_copy(
            update={"assignment": DESIGN.assignment.model_copy(update={"how": how})}
        )
        with pytest.raises(BadInput):
            spec_assigner(one)
    with pytest.raises(BadInput):
        spec_assigner(DESIGN.model_copy(update={"variants": ()}))
