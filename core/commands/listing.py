"""Commands that list, freeze and import what a workspace holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from core.cast import DEFAULT_COPIES
from core.commands.base import FAILED, Answer, Arguments, Room, find_run
from core.domain.errors import BadInput
from core.domain.moments import written
from core.domain.runs import Run


class Nothing(Arguments):
    """No arguments."""


class Freeze(Arguments):
    """Who is in a population."""

    cast: str = Field(default="all", min_length=1, max_length=10_000)
    copies: int = Field(default=DEFAULT_COPIES, ge=1)
    seed: int = Field(default=7, ge=0, le=2**63 - 1)
    name: str | None = Field(default=None, min_length=1, max_length=255)


class FlowText(Arguments):
    """A flow document as text, JSON or YAML; ``source`` is what errors call it."""

    text: str
    source: str = "flow"


class RunsList(Arguments):
    """Which runs to list."""

    flow: str | None = None
    limit: int | None = Field(default=None, ge=1)


def personas_list(room: Room, _: Nothing) -> Answer:
    """List the personas, built-in ones first."""
    found = room.workspace().personas.list()
    rows = [(p.name, p.id, "built in" if p.built_in else f"version {p.version}") for p in found]
    return Answer([persona.model_dump(mode="json") for persona in found], columns(rows))


def flows_list(room: Room, _: Nothing) -> Answer:
    """List the flows, by name."""
    found = room.workspace().flows.list()
    documents = [
        {
            "id": flow.id,
            "name": flow.name,
            "version": flow.version,
            "steps": len(flow.document["steps"]),
            "created_at": written(flow.created_at),
        }
        for flow in found
    ]
    rows = [(f.id, f"v{f.version}", f"{len(f.document['steps'])} steps", f.name) for f in found]
    return Answer(documents, columns(rows) or "No flows yet. Start with: greenroom rehearse FILE")


def flows_import(room: Room, given: FlowText) -> Answer:
    """Keep a flow: an equal one is found again, one of the same name gets a new version.

    One with errors is kept as a draft; its findings are the note, and the exit code is 1.
    """
    flows = room.workspace(create=True).flows
    document = flows.read(given.text, source=given.source)
    flow = flows.keep(document, text=flows.text_in(given.text))
    findings = flows.validation(flow.id, flow.version).findings
    document = {
        "id": flow.id,
        "name": flow.name,
        "version": flow.version,
        "findings": [finding.model_dump() for finding in findings],
    }
    text = f"{flow.name} is flow {flow.id}, version {flow.version}."
    lines = [f"  {f.severity}: {f.step_id or 'flow'}: {f.message}" for f in findings]
    if any(f.severity == "error" for f in findings):
        note = "\n".join(["this flow is kept as a draft; it has errors:", *lines])
        return Answer(document, text, FAILED, note)
    return Answer(document, "\n".join([text, *lines]))


def populations_list(room: Room, _: Nothing) -> Answer:
    """List the populations, newest first."""
    found = room.workspace().populations.list()
    rows = [(p.id, f"{p.size:,} people", f"seed {p.seed}", p.name) for p in found]
    documents = [population.model_dump(mode="json") for population in found]
    return Answer(documents, columns(rows) or "No populations yet.")


def populations_freeze(room: Room, given: Freeze) -> Answer:
    """Make a population, or find the one that holds the same people."""
    populations = room.workspace(create=True).populations
    population = populations.from_words(given.cast, given.copies, given.seed)
    if given.name:
        population = populations.rename(population.id, given.name)
    text = f"{population.id}: {population.name}, {population.size:,} people."
    return Answer(population.model_dump(mode="json"), text)


def runs_list(room: Room, given: RunsList) -> Answer:
    """List the runs, newest first."""
    workspace = room.workspace()
    flow = workspace.flows.get(given.flow).id if given.flow else None
    found = workspace.rehearsals.list(flow, given.limit)
    rows = [
        (
            f"#{r.number}",
            r.id,
            r.status,
            f"{r.done:,} of {r.contacts:,}",
            f"{r.flow_id} v{r.flow_version}",
        )
        for r in found
    ]
    documents = [run_document(run) for run in found]
    return Answer(documents, columns(rows) or "No runs yet. Start with: greenroom rehearse FLOW")


def run_document(run: Run) -> dict[str, Any]:
    """A run as ``runs list --json`` gives it."""
    fields = run.model_dump(mode="json", exclude={"id", "flow_id", "population_id", "cost_usd"})
    return {
        "run_id": run.id,
        **fields,
        "flow": run.flow_id,
        "population": run.population_id,
        "cost": run.cost_usd,
    }


class OneRun(Arguments):
    """A run, by its id or its number."""

    run: str = Field(min_length=1, max_length=100)


def runs_delete(room: Room, given: OneRun) -> Answer:
    """Take a run and its events away."""
    workspace = room.workspace()
    run = find_run(workspace, given.run)
    if run.parent_id is not None:
        raise BadInput("This run plays another run's tests.", place="run", fix="Delete that one.")
    workspace.rehearsals.delete(run.id)
    return Answer({"run_id": run.id, "deleted": True}, f"Run {run.id} is gone.")


def columns(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows as aligned text."""
    if not rows:
        return ""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines)
