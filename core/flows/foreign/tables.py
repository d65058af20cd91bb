"""What becomes of what, as rows: the guide is made from them."""

from __future__ import annotations

from core.flows.foreign.n8n import ROLES
from core.flows.foreign.typebot import BLOCKS


def becomes() -> dict[str, list[tuple[str, str]]]:
    """For each format: what a node is called there, and what it becomes here."""
    return {"n8n": list(ROLES.values()), "Typebot": [*BLOCKS]}
