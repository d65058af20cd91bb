"""A branch as a row of the flow's tests: who, what they replied, and what they then reached."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from core.debugger.live import Live
from core.debugger.rows import AT, BODY, KIND, STEP, payload_of
from core.domain.debugging import Branch
from core.domain.errors import Conflict
from core.domain.flow_tests import MOST_REPLIES, Expectation, FlowTest, ScriptedReply
from core.flows import CompiledFlow, Row, play_scripted

MATTERS = frozenset({"goal", "handoff", "end"})
LONGEST = 10_000
SEEDS = 50
"""So many seeds are tried for one by which chance goes the same way."""


def test_of(live: Live, name: str | None) -> FlowTest:
    """A row that holds what happened in the present branch, and passes.

    Raises:
        Conflict: If what was changed by hand there is nothing that a test can say.
    """
    session, branch = live.kept.session, live.branch
    rows = live.known(branch).rows
    contact = _contact(live, branch)
    replies = list(_replies(rows))[:MOST_REPLIES]
    reaches = _reached(live.flow, rows)
    seed = _seed(live.flow, contact, replies, reaches, session.seed)
    if seed is None:
        raise Conflict(
            "A test cannot say what was changed by hand on this branch.",
            place="branch",
            fix="Change the reply or the contact instead of the way or a variable.",
        )
    return FlowTest(
        name=name or f"{session.name}, {branch.name}"[:255],
        contact=contact,
        replies=replies,
        seed=seed,
        copies=1,
        expect=Expectation(reaches=reaches),
    )


def _contact(live: Live, branch: Branch) -> dict[str, Any]:
    """The contact's fields, as they were made in this branch."""
    person = live.scene.person
    changed = {one.name: one.value for one in branch.changes if one.kind == "contact"}
    changed.pop("opted_out", None)
    return {"id": person.id, **person.attributes, **changed}


def _replies(rows: Sequence[Row]) -> Iterator[ScriptedReply]:
    """What was replied, each to its message."""
    sent: dict[tuple[str | None, int], int] = {}
    visits: dict[str | None, int] = {}
    for row in rows:
        if row[KIND] == "stepped":
            visits[row[STEP]] = payload_of(row)["visit"]
        elif row[KIND] == "sent":
            sent[row[STEP], visits[row[STEP]]] = row[AT]
        elif row[KIND] == "replied":
            payload = payload_of(row)
            seconds = (row[AT] - sent[row[STEP], payload["visit"]]) / 1e6
            yield ScriptedReply(
                to=row[STEP],
                visit=payload["visit"],
                text=(row[BODY] or "")[:LONGEST],
                intent=payload["intent"],
                sentiment=payload["sentiment"],
                after=written_span(seconds),
                answers=payload.get("answers") or {},
            )


def written_span(seconds: float) -> str:
    """A duration as a flow writes it: ``2d``, ``3h``, ``12.5s``."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % length == 0:
            return f"{seconds / length:.0f}{unit}"
    return f"{seconds:.6f}".rstrip("0").rstrip(".") + "s"


def _reached(flow: CompiledFlow, rows: Sequence[Row]) -> list[str]:
    """The steps that matter of those that were visited: goals and ends, else the last one."""
    visited = list(dict.fromkeys(row[STEP] or "" for row in rows if row[KIND] == "stepped"))
    matter = [id for id in visited if flow.steps[id].type in MATTERS]
    last = next(row[STEP] or "" for row in reversed(rows) if row[KIND] == "stepped")
    return matter if last in matter else [*matter, last]


def _seed(
    flow: CompiledFlow,
    contact: dict[str, Any],
    replies: Sequence[ScriptedReply],
    reaches: Sequence[str],
    first: int,
) -> int | None:
    """A seed by which this contact with these replies reaches these steps; the session's first."""
    seeds: tuple[int, ...] = (first, *range(1, SEEDS))
    for seed in seeds:
        rows = asyncio.run(play_scripted(flow, contact, replies, seed))
        if set(reaches) <= {row[STEP] for row in rows if row[KIND] == "stepped"}:
            return seed
    return None
