"""Every check of the catalogue: its words, its example, and what its repair leaves behind."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from core.flows import CHECKS, Check, read_flow, repair, validate_document
from core.flows.checks import base

FAMILIES = ("structure", "logic", "messages")
FOLLOWS = {"no_exit": {"infinite_loop"}}
"""Findings that an example cannot be without: what leads into a loop needs the loop."""


@pytest.fixture(params=CHECKS, ids=lambda check: check.id)
def check(request: pytest.FixtureRequest) -> Check:
    found: Check = request.param
    return found


@pytest.fixture
def example(check: Check) -> dict[str, Any]:
    return read_flow(check.example, source=check.id)


def test_each_check_is_a_file_and_a_line_family_by_family() -> None:
    ids = [check.id for check in CHECKS]
    assert len(set(ids)) == len(ids)
    files = {path.stem for path in Path(base.__file__).parent.glob("*.py")}
    assert set(ids) <= files
    families = [FAMILIES.index(check.family) for check in CHECKS]
    assert families == sorted(families)


def test_it_speaks_plainly(check: Check) -> None:
    assert check.title and not check.title.endswith(".")
    for text in (check.explanation, check.fix):
        assert text.endswith(".") and "!" not in text
        assert text == " ".join(text.split())


def test_its_example_gives_this_finding_and_no_other(check: Check, example: dict[str, Any]) -> None:
    findings = validate_document(example).findings
    types = Counter(finding.type for finding in findings)
    assert types[check.id] == 1
    assert set(types) - FOLLOWS.get(check.id, set()) == {check.id}
    finding = next(one for one in findings if one.type == check.id)
    assert finding.severity == check.severity
    assert finding.fix


def test_what_it_mends_is_mended(check: Check, example: dict[str, Any]) -> None:
    before = validate_document(example)
    finding = next(one for one in before.findings if one.type == check.id)
    if not before.can_mend(finding):
        pytest.skip("a person mends this")
    after = repair(example, finding)
    assert after is not None
    left = validate_document(after)
    assert left.valid
    assert check.id not in {one.type for one in left.findings}
