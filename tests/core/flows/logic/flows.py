"""Small flows, and what one check finds in them."""

from __future__ import annotations

from typing import Any

from core.domain.findings import Finding
from core.flows.checks import Check, FlowView
from core.flows.compiling import read_document

Step = dict[str, Any]
ENERGY = {"id": "energy", "text": "Energy?", "kind": "scale", "min": 1, "max": 10}


def step(id: str, type: str, next: str | None = "done", **config: Any) -> Step:
    return {"id": id, "type": type, "config": config, **({"next": next} if next else {})}


def sort(*whens: str, id: str = "sort", to: str = "done", other: str = "done") -> Step:
    branches = [{"when": when, "next": to} for when in whens]
    return {"id": id, "type": "condition", "config": {"branches": branches, "else": other}}


def wait(id: str = "wait", reply: str = "sort", silence: str = "done") -> Step:
    ways = {"on_reply": reply, "on_timeout": silence}
    return {"id": id, "type": "wait_for_reply", "config": {"timeout": "2d"}, **ways}


def ask(*questions: Any, id: str = "ask", next: str = "sort") -> Step:
    asked = list(questions or [ENERGY])
    return step(id, "assessment", next, body="How are you?", channel="web", questions=asked)


def assign(id: str = "set", next: str = "sort", **values: Any) -> Step:
    return step(id, "set", next, values=values)


def text(body: str, id: str = "say", next: str = "done") -> Step:
    return step(id, "send_sms", next, body=body)


def flow(*steps: Step, **head: Any) -> dict[str, Any]:
    return {"name": "Test", "steps": [*steps, {"id": "done", "type": "end"}], **head}


def findings(check: Check, document: dict[str, Any]) -> list[Finding]:
    return list(check.find(FlowView.of(read_document(document))))


def branches_of(check: Check, document: dict[str, Any]) -> list[str]:
    """The findings as ``step: first words``, for short comparisons."""
    return [f"{one.step_id}: {one.message}" for one in findings(check, document)]
