"""The catalogue against small flows that were written from the rules, not from the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from core.flows import CHECKS, validate_document

FOLDER = Path(__file__).parent / "validator_cases"
CASES = [
    pytest.param(case, id=f"{file.stem}: {case['note']}")
    for file in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(file.read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_what_must_be_found_is_found_and_nothing_that_must_not(case: dict[str, Any]) -> None:
    findings = validate_document({"name": "Case", **case["flow"]}).findings
    found = {(finding.type, finding.step_id) for finding in findings}
    missed = [one for one in case["must"] if not _is_among(one, found)]
    alarms = [
        (one.type, one.step_id, one.message) for one in findings if one.type in case["must_not"]
    ]
    assert (missed, alarms) == ([], [])


def _is_among(wanted: list[str], found: set[tuple[str, str | None]]) -> bool:
    """Whether a finding is there; ``a|b`` is either, of types as of steps."""
    types, steps = (one.split("|") for one in wanted)
    return any((type, step) in found for type in types for step in steps)


def test_every_check_has_flows_that_give_it_and_flows_that_do_not() -> None:
    must = {
        type for case in CASES for types, _ in case.values[0]["must"] for type in types.split("|")
    }
    must_not = {type for case in CASES for type in case.values[0]["must_not"]}
    ids = {check.id for check in CHECKS}
    assert ids <= must
    assert ids <= must_not
