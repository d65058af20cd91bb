"""Commands that play runs and say what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from core.cast import DEFAULT_COPIES
from core.commands.base import (
    FAILED,
    HELD,
    UNDECIDED,
    UNFINISHED,
    Answer,
    Arguments,
    Room,
    find_run,
)
from core.commands.listing import OneRun
from core.domain.errors import BadInput
from core.domain.estimates import Estimate
from core.domain.flows import StoredFlow
from core.domain.models import Spending
from core.domain.money import MOST_BUDGET, exact, money
from core.domain.ranges import estimate_words
from core.domain.reports import Report, cost_words
from core.domain.runs import Engine, Run, Verdict
from core.domain.wording import fault_at
from core.flows import compile_flow

if TYPE_CHECKING:
    from core.workbench import Workspace

_CODES: dict[Verdict, int] = {
    "passed": HELD,
    "failed": FAILED,
    "inconclusive": UNDECIDED,
    "unfinished": UNFINISHED,
}
_TICK = 0.2
Budget = Annotated[
    float,
    Field(gt=0, le=MOST_BUDGET, allow_inf_nan=False, description="The most it may cost, in USD."),
]


class Rehearse(Arguments):
    """What to rehearse, and with whom: a flow's text, or the id of a stored one."""

    flow: str | None = Field(default=None, description="The id of a stored flow.")
    text: str | None = Field(default=None, description="A flow document, JSON or YAML.")
    source: str = Field(default="flow", description="What errors call the document.")
    cast: str = Field(default="all", min_length=1, max_length=10_000)
    copies: int = Field(default=DEFAULT_COPIES, ge=1, le=1_000_000)
    seed: int = Field(default=7, ge=0, le=2**63 - 1)
    engine: Engine | None = Field(
        default=None, description="Left out: language where a model is named, else behaviour."
    )
    parameters: int | None = Field(default=None, ge=1, description="Version of the parameters.")
    model: str | None = Field(default=None, description="A model by id, name or litellm's name.")
    address: str | None = Field(default=None, description="Where that model is reached.")
    budget: Budget | None = None
    estimate: bool = Field(default=False, description="Say what it would cost, and play nothing.")

    @model_validator(mode="after")
    def _one_flow(self) -> Rehearse:
        if (self.flow is None) == (self.text is None):
            raise fault_at("flow", "give either a flow's id or its text")
        if self.engine == "behaviour" and self.model is not None:
            raise fault_at("engine", "the behaviour engine takes no model: leave one of them out")
        if self.model is None and (self.address is not None or self.budget is not None):
            raise fault_at("model", "an address and a budget are for a model: name one")
        if self.model is None and self.estimate:
            raise fault_at("model", "only a language model costs anything: name one")
        return self


def rehearse(room: Room, given: Rehearse) -> Answer:
    """Rehearse a flow with a cast, and wait until it has come to rest."""
    workspace = room.workspace(create=True)
    document = None
    if given.text is not None:
        document = workspace.flows.read(given.text, source=given.source)
        compile_flow(document)
    population = workspace.populations.from_words(given.cast, given.copies, given.seed)
    if document is not None and given.text is not None:
        flow = workspace.flows.keep(document, text=workspace.flows.text_in(given.text))
    else:
        flow = workspace.flows.get(given.flow or "")
    if given.estimate:
        return _estimate(workspace, given, flow, population.id)
    model = workspace.models.keep(given.model, given.address) if given.model else None
    run = workspace.rehearsals.prepare(
        flow.id,
        population.id,
        seed=given.seed,
        engine=given.engine or ("language" if model else "behaviour"),
        flow_version=flow.version,
        parameters_version=given.parameters,
        model=model,
        budget_usd=given.budget,
    )
    return _outcome(workspace, _play(room, workspace, run))


def _estimate(
    workspace: Workspace, given: Rehearse, flow: StoredFlow, population_id: str
) -> Answer:
    """What the rehearsal would cost."""
    found = workspace.rehearsals.estimate(
        flow.id,
        population_id,
        workspace.models.find(given.model or "", given.address),
        seed=given.seed,
        flow_version=flow.version,
    )
    said = [found.unpriced, _too_little(found, given.budget)]
    lines = [estimate_words(found), *filter(None, said), ""]
    lines += [f"  {sentence}" for sentence in found.assumptions]
    return Answer(found.model_dump(mode="json"), "\n".join(lines))


def _too_little(found: Estimate, budget: float | None) -> str | None:
    """That a budget will not do, or may not."""
    if budget is None or found.usd is None or budget >= found.usd.high:
        return None
    below = "less than this" if budget < found.usd.low else "less than this may come to"
    return f"The budget of {money(budget)} is {below}: the run would pause when it is reached."


class Resume(OneRun):
    """A run that goes on, and what it may cost from now on."""

    budget: Budget | None = None


def resume(room: Room, given: Resume) -> Answer:
    """Go on with a run from its last checkpoint; a finished one is shown."""
    workspace = room.workspace()
    run = find_run(workspace, given.run)
    if run.parent_id is not None:
        raise BadInput("This run plays another run's tests.", place="run", fix="Resume that one.")
    if given.budget is not None and run.status != "finished":
        run = workspace.rehearsals.allow(run.id, given.budget)
    return _outcome(workspace, _play(room, workspace, run))


def report(room: Room, given: OneRun) -> Answer:
    """What a run found, in short."""
    workspace = room.workspace()
    return _outcome(workspace, find_run(workspace, given.run))


def _play(room: Room, workspace: Workspace, run: Run) -> Run:
    """Play a run in the background and tell of it, until it has come to rest."""
    rehearsals = workspace.rehearsals
    if run.status == "finished":
        return run
    if not rehearsals.going_on(run.id):
        rehearsals.start(run.id)
    while rehearsals.going_on(run.id):
        room.tell(rehearsals.progress(run.id))
        if room.stop is not None and room.stop.is_set():
            rehearsals.stop(run.id, _TICK)
        rehearsals.wait(run.id, _TICK)
    room.tell(rehearsals.progress(run.id))
    rested = rehearsals.get(run.id)
    if rested.status in ("pending", "running"):  # not even its state could be written
        return rested.model_copy(update={"status": "interrupted"})
    return rested


def _outcome(workspace: Workspace, run: Run) -> Answer:
    """What a run that is at rest found, and the exit code that it means."""
    found = workspace.reports.report(run.id)
    verdict = found.verdict if run.status == "finished" else "unfinished"
    document = {
        "run_id": run.id,
        "status": run.status,
        "verdict": verdict,
        "seed": run.seed,
        "population": run.population_id,
        "engine": run.engine,
        "contacts": run.contacts,
        "events": run.events,
        "goals": found.goal.rate.count if found.goal else 0,
        "opted_out": found.opted_out.rate.count,
        "cost": exact(run.cost_usd),
        "tests": [test.model_dump(mode="json") for test in found.tests],
    }
    return Answer(document, _told(run, found), _CODES[verdict], _note(run))


def _told(run: Run, found: Report) -> str:
    """The outcome for a person: headline, rates, tests, where to look next."""
    facts = found.facts
    lines = [
        f"{found.headline}",
        "",
        f"  {facts.flow_name}, version {run.flow_version} · {facts.population_name} · "
        f"{_engine(run)} ({facts.calibration}){_seed(run, facts.population_name)}",
        f"  Run {run.number} ({run.id}): {run.status}, {run.done:,} of {run.contacts:,} people, "
        f"{run.events:,} events" + _scored(found),
    ]
    if facts.spending is not None:
        lines.append(f"  {_spent(facts.spending, run.budget_usd)}")
    if run.error:
        lines.append(f"  {run.error}")
    if found.unanswered:
        lines.append(f"  {found.unanswered}")
    figures = [
        f for f in (found.goal, found.read, found.answered, found.clicked, found.opted_out) if f
    ]
    width = max(len(figure.label) for figure in figures)
    lines += ["", *(f"  {figure.label.ljust(width)}  {figure.rate.text}" for figure in figures)]
    if found.tests:
        lines += ["", "  Tests"]
        lines += [
            f"  {test.status:<12}  {test.name}: expected {test.expected}; {test.happened}"
            for test in found.tests
        ]
    lines += ["", *_next(run)]
    return "\n".join(lines)


def _scored(found: Report) -> str:
    if found.score is not None:
        return f" · score {found.score.value}/100"
    return f" · {found.no_score}" if found.no_score else ""


def _seed(run: Run, population_name: str) -> str:
    """The run's seed, unless the people's name has just said the same one."""
    said = f", seed {run.seed}"
    return "" if population_name.endswith(said) else said


def _engine(run: Run) -> str:
    return f"{run.model.name} ({run.model.model})" if run.model else f"{run.engine} engine"


def _spent(spending: Spending, budget_usd: float | None) -> str:
    return (
        f"{cost_words(spending.cost_usd, spending, budget_usd)}: {spending.fresh:,} fresh calls, "
        f"{spending.cached:,} from the cache, {spending.failed:,} without an answer"
    )


def _note(run: Run) -> str:
    """What is said beside a run that did not finish, and how to go on."""
    if run.status == "finished":
        return ""
    why = f"{run.error} " if run.error else ""
    if run.over:
        return f"run {run.id} has failed. {why}Everybody has played: rehearse again."
    return f"run {run.id} is {run.status}. {why}Go on with it: greenroom resume {run.id}"


def _next(run: Run) -> list[str]:
    return [f"The whole report: greenroom report {run.id}"] if run.status == "finished" else []
