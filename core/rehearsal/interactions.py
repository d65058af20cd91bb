"""Interactions: what each visited step said or decided, with the source document's fields."""

from __future__ import annotations

import json
from typing import Any

from core.domain.reports import Interaction
from core.domain.sums import VisitRow
from core.domain.words import INTENTS, SENTIMENTS
from core.flows import CompiledFlow, CompiledStep
from core.rehearsal.observed import SENDING

DECIDING = frozenset({"wait_for_reply", "condition", "split", "goal", "handoff"})
"""The step types that send nothing and decide something."""
OUTCOMES = ("opted_out", "replied", "clicked", "failed", "read", "ignored")
"""What can come of a message; the first that is true is its outcome."""
ALSO_CALLED = {
    "reply": "replied",
    "answered": "replied",
    "click": "clicked",
    "opened": "read",
    "no_reply": "ignored",
}
"""Other words that a flow's author may use for an outcome."""


def interaction_steps(flow: CompiledFlow) -> list[str]:
    """The steps whose visits are interactions."""
    return [id for id, step in flow.steps.items() if step.type in SENDING | DECIDING]


def interaction(run_id: str, flow: CompiledFlow, row: VisitRow) -> Interaction:
    """One visit as an interaction."""
    step = flow.steps[row.step_id]
    reply = _payload(row.reply_payload)
    outcome, facts = _sent_outcome(row, reply) if step.type in SENDING else _decided(row)
    expected = step.expect
    return Interaction(
        id=f"{run_id}:{row.contact_id}:{row.seq}",
        test_id=run_id,
        step_id=row.step_id,
        step_type=step.type,
        message_sent=_message(step, row),
        ai_response=row.reply,
        ai_reasoning=_reasoning(row, reply),
        sentiment=reply.get("sentiment"),
        expected_outcome="|".join(expected) if expected else None,
        actual_outcome=outcome,
        passed=None if _is_open(row) else _judged(step, expected, facts),
        created_at=row.occurred_at,
        contact_id=row.contact_id,
        persona=row.persona,
        channel=row.channel,
        intent=reply.get("intent"),
        visit=row.visit,
        simulated_at=row.simulated_at,
    )


def _is_open(row: VisitRow) -> bool:
    """Whether nothing is known of the reaction, since the engine had no usable answer."""
    return row.engine_payload is not None and row.reply_payload is None and not row.was_clicked


def _judged(step: CompiledStep, expected: tuple[str, ...], facts: set[str]) -> bool | None:
    """Whether what was expected is among what is true; None for words that nobody can judge."""
    wanted = {ALSO_CALLED.get(word.casefold(), word) for word in expected}
    if wanted & facts:
        return True
    goal = getattr(step.config, "name", None) if step.type == "goal" else None
    ways = {way.name for way in step.ways}
    known = {*OUTCOMES, *INTENTS, *SENTIMENTS, *ways, goal, "goal_reached", "handed_off"}
    return False if wanted & known else None


def _payload(text: str | None) -> dict[str, Any]:
    payload = json.loads(text) if text else {}
    return payload if isinstance(payload, dict) else {}


def _message(step: CompiledStep, row: VisitRow) -> str | None:
    """What was sent, or would have been; an e-mail with its subject, as in the source."""
    if row.was_sent:
        subject = _payload(row.sent_payload).get("subject")
        is_mail = step.type == "send_email" or bool(subject)
        return f"Subject: {subject or ''}\n\n{row.sent or ''}" if is_mail else row.sent
    return row.held


def _reasoning(row: VisitRow, reply: dict[str, Any]) -> str | None:
    for payload in (
        reply,
        _payload(row.click_payload),
        _payload(row.ignored_payload),
        _payload(row.engine_payload),
    ):
        if payload.get("reasoning"):
            return str(payload["reasoning"])
    return None


def _sent_outcome(row: VisitRow, reply: dict[str, Any]) -> tuple[str, set[str]]:
    """The first that is true of a message, and everything that is."""
    failed = row.failed_payload is not None or row.engine_payload is not None
    acted = row.was_opted_out or row.reply_payload is not None or row.was_clicked
    truths = {
        "opted_out": row.was_opted_out,
        "replied": row.reply_payload is not None,
        "clicked": row.was_clicked,
        "failed": failed,
        "read": row.was_read,
        "ignored": not failed and not acted,
    }
    outcome = next(name for name in OUTCOMES if truths[name])
    facts = {name for name, true in truths.items() if true}
    facts |= {str(reply[name]) for name in ("intent", "sentiment") if reply.get(name)}
    return outcome, facts | _way(row)


def _decided(row: VisitRow) -> tuple[str | None, set[str]]:
    """The way taken, the goal's name, or why the flow ended here."""
    facts = _way(row)
    outcome = next(iter(facts), None)
    if row.goal_payload:
        outcome = str(_payload(row.goal_payload).get("name"))
        facts |= {outcome, "goal_reached"}
    elif row.was_handed_off:
        outcome = "handed_off"
        facts.add(outcome)
    elif outcome is None:
        outcome = _payload(row.end_payload).get("reason")
        facts |= {outcome} if outcome else set()
    return outcome, facts


def _way(row: VisitRow) -> set[str]:
    for payload in (_payload(row.branch_payload), _payload(row.end_payload)):
        if payload.get("way"):
            return {str(payload["way"])}
    return set()
