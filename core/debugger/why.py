"""The way that will be taken out of a step, and why, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.debugger.rows import CHANNEL, KIND, Stand, payload_of
from core.domain.debugging import NextWay
from core.domain.flows import SplitConfig
from core.flows import CompiledStep, Row, names_read, spoken, values_of

LONGEST = 80
BY_HAND = "You chose this way."
ENDS = {
    "end": "The flow ends here.",
    "handoff": "A person takes over here.",
    "too_long": "It would go on for too long: after 1,000 steps or 365 days it is stopped.",
}


def next_way(
    step: CompiledStep,
    stand: Stand,
    rows: Sequence[Row],
    known: Mapping[str, Any],
    forced: bool,
) -> NextWay | None:
    """The way out of the present step; None where it is not known yet, or it has been left.

    Args:
        step: The step that it stands at.
        stand: Where that is.
        rows: What happened and, as far as it is known, what will.
        known: What conditions read at this position.
        forced: Whether the way was chosen by hand.
    """
    if stand.ended:
        return None
    at = next(
        (
            at
            for at in range(stand.began, len(rows))
            if rows[at][KIND] in ("branched", "ended", "stepped")
        ),
        None,
    )
    if at is None or rows[at][KIND] == "stepped":
        return _unknown(step)
    left = payload_of(rows[at])
    way = left.get("way")
    if way is None:
        return NextWay(way=None, to=None, why=ENDS.get(left["reason"], "The flow ends here."))
    why = BY_HAND if forced else _why(step, way, rows[stand.began : at], known)
    if rows[at][KIND] == "ended":
        why += " No step follows, so the flow ends there."
    return NextWay(way=way, to=left.get("to"), why=why)


def _unknown(step: CompiledStep) -> NextWay | None:
    """A step with one way out leaves by it, whatever a model would say."""
    if len(step.ways) != 1:
        return None
    way = step.ways[0]
    return NextWay(way=way.name, to=way.to, why="This step has one way out.")


def _why(step: CompiledStep, way: str, events: Sequence[Row], known: Mapping[str, Any]) -> str:
    if step.type == "condition":
        return _held(step, way, known)
    if step.type == "split":
        return _drawn(step, way)
    if step.type == "wait_for_reply":
        return _waited(step, way, events)
    return "This step has one way out."


def _held(step: CompiledStep, way: str, known: Mapping[str, Any]) -> str:
    """Which condition holds and with what it saw; and why those before it do not."""
    parts: list[str] = []
    for condition, branch in zip(step.conditions, step.ways, strict=False):
        holds, error = condition.evaluate(known)
        taken = branch.name == way
        parts.append(_judged(condition.source, holds or taken, error, known))
        if taken:
            return " ".join(reversed(parts))
    return " ".join(["No condition holds.", *parts])


def _judged(source: str, holds: bool, error: str | None, known: Mapping[str, Any]) -> str:
    seen = values_of(names_read([source]), known)
    values = ", ".join(f"{name} is {_short(value)}" for name, value in seen.items())
    if error and not holds:
        return f"“{source}” could not be worked out: {error}."
    verb = "holds" if holds else "does not hold"
    return f"“{source}” {verb}{f': {values}' if values else ''}."


def _short(value: Any) -> str:
    if isinstance(value, str):
        text = value if value == "no value" else f"“{value}”"
    else:
        text = json.dumps(value, default=str)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _drawn(step: CompiledStep, way: str) -> str:
    config = step.config
    if not isinstance(config, SplitConfig):
        return "By chance."
    weights = {way.name: arm.weight for way, arm in zip(step.ways, config.arms, strict=False)}
    share = weights[way] / sum(weights.values())
    return f"By chance: this arm is taken by {share:.0%} of people."


def _waited(step: CompiledStep, way: str, events: Sequence[Row]) -> str:
    if way == "on_timeout":
        return f"No reply comes within {spoken(step.seconds or 0.0)}."
    reply = next((row for row in events if row[KIND] == "replied"), None)
    if reply is None:
        return "A reply came before."
    payload = payload_of(reply)
    return (
        f"A reply comes by {reply[CHANNEL]}: {payload['intent'].replace('_', ' ')}, "
        f"{payload['sentiment']}, {spoken(payload['hours'] * 3600)} after the message."
    )
