"""One step played alone once more, with what was known when it was arrived at."""

from __future__ import annotations

from typing import Any

from core.debugger.live import Live
from core.debugger.rows import KIND, event_of, payload_of, stand_at
from core.domain.debugging import StepAgain
from core.domain.errors import BadInput
from core.flows import Row, compile_flow, restored


def play_again(live: Live, document: dict[str, Any] | None, draw: int | None) -> StepAgain:
    """What the present step does now, beside what it did.

    Raises:
        InvalidFlow: If the newer document cannot be compiled.
        BadInput: If it has no such step.
    """
    branch = live.branch
    stand = stand_at(live.known(branch).rows, branch.position)
    other = None
    if document is not None:
        other = compile_flow(restored(document, live.kept.session.document))
    if other is not None and stand.step_id not in other.steps:
        raise BadInput(f"There is no step “{stand.step_id}” in this flow.", place="document.steps")
    told = stand.step_id, stand.visit
    rows = live.do(live.playing(branch).again(stand.began, told, other, draw))
    recorded = _visit(live.tape(branch).rows, stand.began)
    if not _left(recorded):
        beside = live.do(live.playing(branch).again(stand.began, told, None, None))
        recorded = beside
    left = payload_of(rows[-1])
    return StepAgain(
        events=[event_of(row) for row in rows],
        recorded=[event_of(row) for row in recorded],
        way=left.get("way"),
        to=left.get("to"),
        same=rows == recorded,
    )


def _visit(rows: list[Row], began: int) -> list[Row]:
    """The events of one visit."""
    found = [rows[began - 1]]
    for row in rows[began:]:
        if row[KIND] == "stepped":
            break
        found.append(row)
        if row[KIND] in ("branched", "ended"):
            break
    return found


def _left(rows: list[Row]) -> bool:
    return rows[-1][KIND] in ("branched", "ended")
