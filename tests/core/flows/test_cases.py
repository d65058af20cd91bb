"""Cases that may not be kept here: beside the folder that ``GREENROOM_BENCH_DATA`` names."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from core.flows import validate_document

DATA = os.environ.get("GREENROOM_BENCH_DATA")
FOLDER = Path(DATA).parent / "cases" / "flows" if DATA else None
FILES = sorted(FOLDER.glob("*.json")) if FOLDER else []


@pytest.mark.skipif(not FILES, reason="GREENROOM_BENCH_DATA names no folder with cases beside it")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_case_gives_what_it_must_and_nothing_that_it_must_not(path: Path) -> None:
    case: dict[str, Any] = json.loads(path.read_text("utf-8"))
    found = {(one.type, one.step_id) for one in validate_document(case["flow"]).findings}
    for kind, steps in case["must"]:
        assert any((kind, step) in found for step in steps.split("|")), (kind, steps)
    assert not {kind for kind, _ in found} & set(case["must_not"])
