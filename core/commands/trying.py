"""Commands that play a flow's tests, and that say what of a flow is covered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from core.commands.base import FAILED, HELD, UNDECIDED, Answer, Arguments, Room, find_run
from core.commands.listing import columns
from core.domain.coverage import FlowCoverage
from core.domain.errors import BadInput
from core.domain.trials import Trial, TrialCounts
from core.domain.wording import fault_at
from core.flows import compile_flow, read_flow
from core.rehearsal import (
    MOST_COPIES,
    Seen,
    Trials,
    checked_transcript,
    cover,
    searched,
    shipped_backstage,
)

_WORDS = {"passed": "passed", "failed": "FAILED", "inconclusive": "undecided", "error": "ERROR"}
Document = dict[str, Any]


class OneFlow(Arguments):
    """A flow: its text, or the id of a stored one."""

    flow: str | None = Field(default=None, description="The id of a stored flow.")
    text: str | None = Field(default=None, description="A flow document, JSON or YAML.")
    source: str = Field(default="flow", description="What errors call the document.")

    @model_validator(mode="after")
    def _one_flow(self) -> OneFlow:
        if (self.flow is None) == (self.text is None):
            raise fault_at("flow", "give either a flow's id or its text")
        return self


class TestFlow(OneFlow):
    """Which tests are to be played, and with how many people at most."""

    __test__ = False

    most_copies: int = Field(default=MOST_COPIES, ge=1, le=1_000_000)
    transcript: str | None = Field(
        default=None, max_length=100_000, description="Play this conversation, and nothing else."
    )
    name: str | None = Field(default=None, max_length=255, description="What that is called.")


class CoverFlow(OneFlow):
    """Of which flow, and where it is counted from."""

    run: str | None = Field(default=None, description="A run of it, by id or number.")
    tests: bool = Field(default=False, description="Count what the flow's tests reach.")
    solve: bool = Field(default=False, description="Search for somebody who takes each other way.")
    whole: bool = Field(default=False, description="The whole of it, not its rows alone.")


def play_tests(room: Room, given: TestFlow) -> Answer:
    """Play a flow's tests in memory; ends with 1 where one fails, with 3 where one is undecided."""
    workspace = room.workspace()
    if given.flow is not None and given.transcript is None:
        stored = workspace.flows.get(given.flow)
        _tests_of(stored.document)
        return _told_trial(
            workspace.flow_tests.try_flow(stored.id, most_copies=given.most_copies), stored.name
        )
    if given.flow is not None:
        document = workspace.flows.get(given.flow).document
    else:
        document = workspace.flows.read(given.text or "", source=given.source)
    document = _with_transcript(document, given)
    trial = workspace.flow_tests.try_document(document, most_copies=given.most_copies)
    return _told_trial(trial, str(document.get("name", given.source)))


def play_tests_of(given: TestFlow, samples: Path, most: int) -> Answer | None:
    """The same of a text, without any workspace; None where its tests need one.

    Args:
        given: The text and what to play.
        samples: The folder of samples.
        most: The largest document, in bytes.
    """
    document = _with_transcript(_read(given, most), given)
    backstage = shipped_backstage(samples)
    trials = Trials(document, backstage, most_copies=given.most_copies)
    if backstage.misses(trials.flow):
        return None
    return _told_trial(trials.run(), trials.flow.name)


def show_coverage(room: Room, given: CoverFlow) -> Answer:
    """Say of each way out of a step whether somebody took it, could take it, or never will."""
    workspace = room.workspace()
    wanted: dict[str, Any] = {"run": given.run, "tests": given.tests, "solve": given.solve}
    if given.flow is None:
        document = workspace.flows.read(given.text or "", source=given.source)
        found = workspace.flow_tests.cover_document(document, **wanted)
        return _told(found, given, str(document.get("name", given.source)), given.text or "")
    found = workspace.flow_tests.cover_flow(given.flow, **wanted)
    version = None if given.run is None else find_run(workspace, given.run).flow_version
    flow = workspace.flows.get(given.flow, version)
    return _told(found, given, flow.name, workspace.flows.text_of(flow))


def show_coverage_of(given: CoverFlow, samples: Path, most: int) -> Answer | None:
    """The same of a text, without any workspace; None where a run or a persona needs one."""
    if given.run is not None:
        return None
    document = _read(given, most)
    flow = compile_flow(document)
    backstage = shipped_backstage(samples)
    if given.tests and backstage.misses(flow):
        return None
    trial = Trials(document, backstage).run() if given.tests else None
    solved = searched(flow) if given.solve else None
    seen = Seen(tests=trial.rows if trial else None, solved=solved)
    return _told(cover(flow, seen), given, flow.name, given.text or "")


def _told_trial(trial: Trial, name: str) -> Answer:
    """What came of a flow's tests, and the exit code that it means."""
    counts = TrialCounts(
        results=trial.results,
        most_copies=trial.most_copies,
        seconds=trial.seconds,
        notes=trial.notes,
    )
    code = FAILED if counts.failed or counts.errors else HELD
    code = code or (UNDECIDED if counts.inconclusive else HELD)
    document = {"flow": name, **counts.model_dump(mode="json")}
    return Answer(document, "\n".join([*_trial_lines(counts), *trial.notes]), code)


def _trial_lines(counts: TrialCounts) -> list[str]:
    rows = [
        (str(one.index + 1), _WORDS[one.status], one.name, f"{one.copies:,}")
        for one in counts.results
    ]
    heads = columns([("", "", "test", "people"), *rows]).split("\n")
    widest = max(map(len, heads))
    lines = [heads[0].rstrip()]
    for head, one in zip(heads[1:], counts.results, strict=True):
        said = "" if one.status == "passed" else f"; {one.happened}"
        lines.append(f"{head.ljust(widest)}  {one.expected}{said}")
    failed = counts.failed + counts.errors
    summary = f"{counts.passed} of {len(counts.results)} passed"
    summary += f", {failed} failed" if failed else ""
    summary += f", {counts.inconclusive} undecided" if counts.inconclusive else ""
    return [*lines, "", f"{summary}."]


def _told(found: FlowCoverage, given: CoverFlow, name: str, text: str) -> Answer:
    """A row for each way out of a step; or the whole with the flow's text, if that is wanted."""
    whole = found.model_dump(mode="json")
    document = {"flow": name, "text": text, **whole} if given.whole else whole["rows"]
    return Answer(document, "\n".join([*_coverage_lines(found), *found.notes]))


def _coverage_lines(found: FlowCoverage) -> list[str]:
    rows = [(row.step, row.way, row.to or "the end", row.verdict, row.reason) for row in found.rows]
    counts = (
        ("steps", found.steps),
        ("ways", found.ways),
        ("outcomes of conditions", found.outcomes),
        ("time-outs", found.timeouts),
    )
    reached = ", ".join(f"{some} of {of} {name}" for name, (some, of) in counts)
    head = ("step", "way", "goes to", "", "")
    return [*columns([head, *rows]).split("\n"), "", f"Reached: {reached}."]


def _read(given: OneFlow, most: int) -> Document:
    return read_flow(given.text or "", source=given.source, max_bytes=most)


def _with_transcript(document: Document, given: TestFlow) -> Document:
    """The document with the transcript as its one test, where one is given.

    Raises:
        BadInput: If there is nothing to test, or the transcript cannot be read.
    """
    if given.transcript is not None:
        row = {"name": given.name, "transcript": checked_transcript(given.transcript)}
        return {**document, "tests": [row]}
    _tests_of(document)
    return document


def _tests_of(document: Document) -> Sequence[Any]:
    tests = document.get("tests")
    if tests is not None and not isinstance(tests, list):
        raise BadInput(
            "The tests of a flow are a list of rows.", place="tests", fix="Write each row as “- …”."
        )
    if not tests:
        raise BadInput(
            "This flow has no tests.",
            place="tests",
            fix="Write rows under “tests”, or give a conversation with --transcript.",
        )
    return list(tests)
