"""Commands about the experiments of a workspace: list, show, look, decide, assign, write out."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from core.commands.base import Answer, Arguments, Export, Room
from core.commands.experiment_analysing import SpecText
from core.commands.experiment_specs import read_spec
from core.commands.experiment_words import CODES, analysis_text, experiment_text, experiments_text
from core.domain.errors import BadInput
from core.domain.experiment_results import Outcome
from core.domain.experiments import Experiment, SourceKind
from core.domain.wording import fault_at
from core.experiments.exports import EXPORTS
from core.workbench import Workspace

MOST_ASSIGNED = 10_000
"""Participants of one request; a longer file goes in several."""
ExportFormat = Literal["html", "md", "csv", "json", "yaml"]
"""yaml is the design alone."""
_MEDIA = {**{name: one.media_type for name, one in EXPORTS.items()}, "yaml": "application/yaml"}


class ExperimentsList(Arguments):
    """Which experiments to list."""

    limit: int | None = Field(default=None, ge=1)


class OneExperiment(Arguments):
    """An experiment, by its id."""

    experiment: str = Field(min_length=1, max_length=100)


class DecideExperiment(OneExperiment):
    """What is decided; what its rule says, where nothing is given."""

    outcome: Outcome | None = None
    variant: str | None = Field(default=None, min_length=1, max_length=80)
    note: str = Field(default="", max_length=4_000)

    @model_validator(mode="after")
    def _a_variant_wins(self) -> DecideExperiment:
        if self.outcome == "winner" and self.variant is None:
            raise fault_at("variant", "say which variant wins")
        return self


class CreateExperiment(SpecText):
    """A design, and where its figures will come from."""

    figures: SourceKind = Field(
        default="table", description="Where they come from: rehearsal, live or table."
    )


class StartExperiment(OneExperiment):
    """What is to start, and what a rehearsal's language models may cost."""

    budget_usd: float | None = Field(default=None, gt=0, description="For each variant.")


class ExportExperiment(OneExperiment):
    """What is to be written."""

    format: ExportFormat = "html"


class Participant(Arguments):
    """Somebody who is to be assigned."""

    id: str = Field(min_length=1, max_length=255)
    attributes: dict[str, Any] = Field(default_factory=dict, max_length=200)


class AssignPeople(OneExperiment):
    """Who is to be assigned."""

    participants: list[Participant] = Field(max_length=MOST_ASSIGNED)


def experiment_list(room: Room, given: ExperimentsList) -> Answer:
    """List the experiments, newest first."""
    found = room.workspace().experiments.list(given.limit)
    return Answer([one.model_dump(mode="json") for one in found], experiments_text(found))


def experiment_show(room: Room, given: OneExperiment) -> Answer:
    """Show an experiment and its newest look; nothing is looked at anew."""
    experiments = room.workspace().experiments
    one = experiments.get(given.experiment)
    newest = experiments.newest(one.id)
    analysis = None if newest is None else newest.model_dump(mode="json")
    document = {**one.model_dump(mode="json"), "analysis": analysis}
    return Answer(document, experiment_text(one, newest))


def experiment_create(room: Room, given: CreateExperiment) -> Answer:
    """Keep a design as a draft, which may be changed until it starts."""
    design = read_spec(given.spec, given.source)
    return _told(room.workspace().experiments.create(design, given.figures))


def experiment_start(room: Room, given: StartExperiment) -> Answer:
    """Freeze the design and let it begin; a rehearsal is played to its end."""
    experiments = room.workspace().experiments
    id = experiments.get(given.experiment).id
    return _told(experiments.start(id, budget_usd=given.budget_usd, wait=True))


def experiment_stop(room: Room, given: OneExperiment) -> Answer:
    """Stop: a rehearsal rests, a live experiment lets nobody new in."""
    experiments = room.workspace().experiments
    return _told(experiments.stop(experiments.get(given.experiment).id))


def _told(one: Experiment) -> Answer:
    line = f"{one.design.name} ({one.id}): {one.status}"
    return Answer(one.model_dump(mode="json"), line)


def experiment_look(room: Room, given: OneExperiment) -> Answer:
    """Look at the results; 0 decided, 1 harm or broken data, 3 keep going."""
    experiments = room.workspace().experiments
    analysis = experiments.look(experiments.get(given.experiment).id)
    code = CODES[analysis.advice.outcome]
    return Answer(analysis.model_dump(mode="json"), analysis_text(analysis), code)


def experiment_decide(room: Room, given: DecideExperiment) -> Answer:
    """Record a decision: what the rule says, or what a person decided, with a note."""
    experiments = room.workspace().experiments
    one = decided(room.workspace(), experiments.get(given.experiment), given)
    said = one.decided
    lines = [f"{one.design.name}: {said.outcome if said else 'not decided'}"]
    lines += [f"  {reason}" for reason in said.reasons] if said else []
    return Answer(one.model_dump(mode="json"), "\n".join(lines))


def decided(space: Workspace, one: Experiment, given: DecideExperiment) -> Experiment:
    """The experiment with its decision; a person's where an outcome is given."""
    by: Literal["rule", "person"] = "rule" if given.outcome is None else "person"
    return space.experiments.decide(
        one.id, outcome=given.outcome, variant=given.variant, note=given.note, by=by
    )


def experiment_export(room: Room, given: ExportExperiment) -> Answer:
    """Write an experiment as one HTML file, Markdown, CSV, JSON, or its design as YAML."""
    export = export_experiment(room.workspace(), given.experiment, given.format)
    text = b"".join(export.chunks).decode()
    return Answer({"filename": export.filename, "text": text}, text)


def export_experiment(space: Workspace, id: str, format: str) -> Export:
    """An experiment as a file.

    Raises:
        NotFound: If there is no such experiment.
        BadInput: If there is no such format.
    """
    one = space.experiments.get(id)
    if format not in _MEDIA:
        known = ", ".join(_MEDIA)
        raise BadInput(f"There is no format '{format[:60]}'.", place="format", fix=f"Use {known}.")
    data = space.experiments.export(one.id, format)
    return Export(f"experiment-{one.id}.{format}", _MEDIA[format], iter([data]))


def experiment_assign(room: Room, given: AssignPeople) -> Answer:
    """Assign participants to variants; the same participant always gets the same one."""
    experiments = room.workspace().experiments
    id = experiments.get(given.experiment).id
    people = [(one.id, one.attributes) for one in given.participants]
    found = experiments.assign_all(id, people)
    rows = [
        {"id": one.id, "variant": got.variant, "probability": got.probability, "new": got.new}
        for one, got in zip(given.participants, found, strict=True)
    ]
    return Answer(rows, "\n".join(f"{row['id']}  {row['variant']}" for row in rows))
