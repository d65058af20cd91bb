"""What went wrong at the steps of a run, in words: what was seen there, and what to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain.events import Event
from core.domain.findings import Finding, Severity
from core.domain.problems import ProblemKind, StepProblem, Wrong
from core.flows import (
    CHECKS,
    CompiledFlow,
    CompiledStep,
    fix_unset,
    known_before,
    names_read,
    names_written,
    values_of,
)

FIXES = {check.id: check.fix for check in CHECKS}
LOGIC = ("reply_without_wait", "unset_variable", "condition_error", "bad_config")
"""Findings that say what to do about an expression that cannot be worked out, the surest first."""
LONGEST = 300
NO_VALUE = re.compile("“([^”]+)” has no value")
ADDRESSES = {"email": "email address", "sms": "phone number", "whatsapp": "phone number"}
FIELDS = {"email": "contact.email", "sms": "contact.phone", "whatsapp": "contact.phone"}
TOO_LONG = "They came to no end: after 1,000 steps or 365 days they were left here."
WAY_OUT = "Give the way that leads around in a circle here a way to an end."
STATUSES = {
    "refused": "refused to answer",
    "invalid": "gave an answer that cannot be used",
    "unavailable": "could not be reached",
    "skipped": "was not asked",
}


@dataclass(frozen=True)
class Case:
    """One thing that went wrong, with the example that it is told of."""

    wrong: Wrong
    step: CompiledStep | None
    event: Event
    known: Mapping[str, Any]
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Told:
    """What there is to say about a case."""

    kind: ProblemKind
    message: str
    names: Sequence[str]
    fix: str
    severity: Severity = "error"


def told_problems(
    flow: CompiledFlow,
    wrongs: Sequence[Wrong],
    findings: Sequence[Finding],
    events: Mapping[str, Sequence[Event]],
    people: Mapping[str, Mapping[str, Any]],
) -> Iterator[StepProblem]:
    """Each thing that went wrong, in words.

    Args:
        flow: What was played.
        wrongs: What went wrong, each with an example.
        findings: What is known to be wrong with the flow.
        events: Of each example, in order.
        people: Each example's fields, as the population has them.
    """
    for wrong in wrongs:
        log = events[wrong.contact_id]
        event = next(one for one in log if one.seq == wrong.seq)
        known = known_before(flow, people.get(wrong.contact_id, {}), log, wrong.seq)
        yield told_problem(flow, wrong, event, known, findings)


def told_problem(
    flow: CompiledFlow,
    wrong: Wrong,
    event: Event,
    known: Mapping[str, Any],
    findings: Sequence[Finding],
) -> StepProblem:
    """One thing that went wrong, in words.

    Args:
        flow: What was played.
        wrong: What went wrong.
        event: The event that says so.
        known: What could be read then.
        findings: What is known to be wrong with the flow.
    """
    at_step = [finding for finding in findings if finding.step_id == wrong.step_id]
    told = _told(Case(wrong, flow.steps.get(wrong.step_id), event, known, at_step))
    return StepProblem(
        step_id=wrong.step_id,
        kind=told.kind,
        severity=told.severity,
        message=told.message,
        saw=_seen(told, event, known),
        fix=told.fix,
        people=wrong.people,
        times=wrong.times,
        contact_id=wrong.contact_id,
        seq=wrong.seq,
    )


def wrong_of(event: Event) -> Wrong | None:
    """What one event says went wrong, as the database adds it up; None where nothing did."""
    payload, reason, said = event.payload, "error", event.payload.get("error")
    if event.kind == "failed":
        reason, said = payload.get("reason") or "bounced", payload.get("message")
    elif event.kind == "engine_failed":
        reason, said = payload.get("status") or "unavailable", None
    elif event.kind == "ended" and payload.get("reason") == "too_long":
        reason, said = "too_long", None
    elif event.kind not in ("branched", "ended", "set") or said is None:
        return None
    text = said if said is None or isinstance(said, str) else json.dumps(said)
    return Wrong(event.step_id or "", event.kind, reason, text, 1, 1, event.contact_id, event.seq)


def _told(case: Case) -> Told:
    wrong = case.wrong
    if wrong.kind == "engine_failed":
        return _unanswered(case)
    if wrong.reason == "too_long":
        return Told("too_long", TOO_LONG, (), WAY_OUT)
    if wrong.kind in ("branched", "ended"):
        return _condition(case)
    if wrong.kind == "set":
        return _values(case)
    return _message(case)


def _seen(told: Told, event: Event, known: Mapping[str, Any]) -> dict[str, Any]:
    """The names with their values then, of which a long one is cut."""
    seen = values_of(told.names, known)
    if told.kind == "engine_failed":
        seen |= {"answer": event.payload.get("reasoning") or "nothing"}
    return {name: _short(value) for name, value in seen.items()}


def _short(value: Any) -> Any:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    if len(text) <= LONGEST:
        return value
    return text[:LONGEST] + "…"


def _unanswered(case: Case) -> Told:
    status = STATUSES.get(case.wrong.reason, "had no usable answer")
    message = f"The engine {status}, so it is not known what they would have done."
    return Told("engine_failed", message, (), "Rehearse again, or choose another engine.")


def _condition(case: Case) -> Told:
    said = case.wrong.said or ""
    conditions = case.step.conditions if case.step else ()
    source = next((one.source for one in conditions if said.startswith(f"{one.source}: ")), "")
    why = said[len(source) + 2 :] if source else said
    message = f"“{source}” could not be worked out: {why}. It counts as “no”."
    return Told("condition_error", message, names_read([source]), _mended(case, why))


def _values(case: Case) -> Told:
    """A value that could not be worked out; the first of them, and how many more."""
    errors = json.loads(case.wrong.said or "{}")
    name, why = next(iter(errors.items()))
    more = f" {len(errors) - 1} more could not either." if len(errors) > 1 else ""
    message = f"“{name}” could not be worked out: {why}. It is empty from here on.{more}"
    values = case.step.values if case.step else {}
    sources = [one.source for key in errors if (one := values.get(key)) is not None]
    names = names_read([source for source in sources if isinstance(source, str)])
    return Told("value_error", message, names, _mended(case, str(why)))


def _message(case: Case) -> Told:
    channel, reason = case.event.channel or "web", case.wrong.reason
    if reason == "opted_out":
        fix = "Let those who opt out leave the flow before this step."
        message = "A message was held back here, because they had opted out."
        return Told("opted_out", message, ("contact.opted_out",), fix)
    if reason == "no_address":
        address = ADDRESSES.get(channel, "address")
        message = f"A message was not sent: there is no {address}."
        fix = f"Give these people a {address}, or send on a channel on which they can be reached."
        names = [FIELDS[channel]] if channel in FIELDS else []
        return Told("no_address", message, names, fix.replace("a email", "an email"), "warning")
    if reason == "template_error":
        message = f"The text could not be made: {case.wrong.said or 'it cannot be rendered'}."
        names = names_written(case.step) if case.step else []
        return Told("template_error", message, names, "Correct the text of this step.")
    message = f"A message did not arrive: {reason.replace('_', ' ')}."
    fix = "Nothing in the flow: a few addresses are always out of date."
    return Told("bounced", message, (), fix, "info")


def _mended(case: Case, why: str) -> str:
    """What to do about an expression: what a finding says, else what fits the error."""
    for type in LOGIC:
        for finding in case.findings:
            if finding.type == type and finding.fix:
                return finding.fix
    if "has no value" in why or "there is no" in why:
        missing = "reply" if "“reply”" in why else "variable"
        named = NO_VALUE.search(why)
        if missing == "variable" and named:
            return fix_unset(named[1])
        return FIXES["reply_without_wait" if missing == "reply" else "unset_variable"]
    return "Open this step, and try the condition with the values that it saw."
