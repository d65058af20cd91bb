"""The guide says what the code does: its tables are the code's own lists."""

from __future__ import annotations

from pathlib import Path

from core.flows.foreign import becomes
from core.flows.foreign.n8n import ROLES
from core.flows.foreign.n8n.building import MAKERS

GUIDE = Path(__file__).resolve().parents[4] / "docs" / "importing.md"


def test_the_guide_has_every_row() -> None:
    text = GUIDE.read_text("utf-8")
    for name, rows in becomes().items():
        assert f"## {name}" in text
        for there, here in rows:
            assert f"| {there} | {here} |" in text


def test_every_role_is_made_and_told() -> None:
    assert set(MAKERS) == set(ROLES)
