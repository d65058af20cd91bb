"""The command that runs a twin's standard test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from core.commands.base import HELD, UNFINISHED, Answer, Room
from core.commands.listing import columns
from core.commands.twins import OneTwin
from core.domain.twins import StandardTest

if TYPE_CHECKING:
    from core.workbench import Workspace

_TICK = 0.2
_GROUPS = {"content": "from the content", "off_topic": "off topic", "provocation": "provocations"}


class TestTwin(OneTwin):
    """Which twin is tested, in which version, and who words its answers."""

    __test__ = False

    model: str | None = Field(default=None, min_length=1, max_length=255)
    version: int | None = Field(default=None, ge=0, le=2**31 - 1)


def twin_test(room: Room, given: TestTwin) -> Answer:
    """Run a twin's standard test: what it answers, what it declines, how it takes provocations."""
    workspace = room.workspace()
    twin = workspace.twins.get(given.twin)
    model = workspace.models.keep(given.model) if given.model else None
    workspace.twin_tests.start(twin.id, given.version, model)
    return _outcome(room, workspace, twin.id)


def _outcome(room: Room, workspace: Workspace, twin_id: str) -> Answer:
    """Wait until the test has come to rest, and say what came of it."""
    tests = workspace.twin_tests
    while (state := tests.state(twin_id)).going_on:
        if room.stop is not None and room.stop.is_set():
            tests.stop(twin_id)
        tests.wait(twin_id, _TICK)
    if state.error is not None or state.result is None:
        note = f"the test did not finish. {state.error or ''}".rstrip()
        return Answer(state.model_dump(mode="json"), "", UNFINISHED, note)
    test = tests.get(twin_id, state.result)
    return Answer(test.model_dump(mode="json"), _told(test), HELD)


def _told(test: StandardTest) -> str:
    """The score, its groups, and every prompt that failed."""
    rows = [("Consistency", test.score.text)]
    rows += [(f"  {_GROUPS[group]}", rate.text) for group, rate in test.groups.items()]
    rows.append(("Voice", test.voice.text))
    failed = [one for one in test.results if one.outcome == "failed"]
    lines = [columns(rows), *(f"  failed: {one.probe.text} {one.why}" for one in failed)]
    return "\n".join([*lines, *test.notes])
