"""The demo workspace: a trained twin, real flows, a real cast and finished runs."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from core.commands.base import HELD, UNFINISHED, Answer, Room
from core.commands.demo_experiments import demo_experiments
from core.commands.listing import Nothing
from core.commands.sample_twins import sample_twins
from core.domain.flows import StoredFlow
from core.domain.personas import PersonaDraft
from core.domain.populations import CastLine, Population, PopulationDraft

if TYPE_CHECKING:
    from core.workbench import Workspace

WORKSPACE = "demo"
COPIES, SEED = 50, 7
_COMPARED, _TESTED = "re_engagement", "webinar_launch"
_OWN = "Returning Rita"
_ORIGINAL = "skeptical-sarah"
_LOUD = {
    "subject": "LAST CHANCE!!! Act now or lose your place forever",
    "body": "LAST CHANCE, {{ contact.first_name | default: 'friend' }}! This offer ENDS TONIGHT. "
    "Act now before it is gone forever!!! Buy today: {{ links.booking }} "
    "Do not miss out. Reply STOP to opt out.",
}
"""What the first draft of the compared flow opened with."""
_RATES, _SCORE, _BEFORE = "rate", "score", "warmth"
"""The step of the first draft that still sets a name by which nobody asks any more."""


def demo(room: Room, _: Nothing) -> Answer:
    """Make the demo workspace, where it is not there yet."""
    workspace = room.workbench.workspace(WORKSPACE, create=True)
    workspace.mark_demo()
    _own_persona(workspace)
    everyone, former = _populations(workspace)
    twins = sample_twins(room, workspace)
    flows = _flows(room, workspace)
    planned = [(flow.id, version, everyone) for flow in flows for version in _versions(flow)]
    planned.insert(1, (flows[0].id, flows[0].version, former))
    finished = [_rehearsed(room, workspace, *plan) for plan in planned]
    if workspace.flow_tests.last(flows[0].id) is None:
        workspace.flow_tests.try_flow(flows[0].id, most_copies=COPIES)
    tested = next(flow for flow in flows if flow.id == _TESTED)
    experiments = demo_experiments(workspace, tested, everyone)
    document = {
        "workspace": WORKSPACE,
        "twins": [twin.slug for twin in twins],
        "flows": [flow.id for flow in flows],
        "populations": [everyone.id, former.id],
        "runs": finished,
        "experiments": experiments,
    }
    text = (
        f"The demo workspace has {len(flows)} flows, {len(workspace.personas.list())} personas, "
        f"{len(finished)} runs, {len(experiments)} experiments and the twin of "
        f"{', '.join(twin.name for twin in twins)}."
    )
    trained = all(twin.version is not None for twin in twins)
    played = all(workspace.rehearsals.get(run).status == "finished" for run in finished)
    whole = trained and played
    return Answer(document, text, HELD if whole else UNFINISHED)


def _own_persona(workspace: Workspace) -> None:
    """A persona that is the workspace's own: a copy of a built-in one, made milder."""
    if any(persona.name == _OWN for persona in workspace.personas.list()):
        return
    copied = workspace.personas.copy(_ORIGINAL, _OWN)
    fields = copied.model_dump(exclude={"id", "version", "built_in"})
    fields["description"] = "Was a member once, left over the price, and still reads what you send."
    fields["personality"] |= {"tone": "friendly", "objection_likelihood": "medium"}
    fields["demographics"] |= {"first_name": "Rita", "occupation": "Nurse"}
    workspace.personas.update(copied.id, PersonaDraft(**fields))


def _populations(workspace: Workspace) -> tuple[Population, Population]:
    everyone = workspace.populations.from_words("all", COPIES, SEED)
    own = workspace.personas.find(_OWN)
    lines = [
        CastLine(persona=own.id, copies=2 * COPIES),
        CastLine(persona=_ORIGINAL, copies=COPIES),
    ]
    draft = PopulationDraft(name=f"Former members, seed {SEED}", cast=lines, seed=SEED)
    return everyone, workspace.populations.freeze(draft)


def _flows(room: Room, workspace: Workspace) -> list[StoredFlow]:
    """A flow of each template, with its comments; the first has an earlier draft beside it."""
    have = {flow.id: flow for flow in workspace.flows.list()}
    folder = room.workbench.settings.data / "samples" / "flows"
    flows: list[StoredFlow] = []
    for template in sorted(workspace.flows.templates(), key=lambda t: t.id != _COMPARED):
        id, document = template.id, template.document
        text = (folder / f"{id}.yaml").read_text("utf-8")
        flow = have.get(id)
        if flow is None and flows:
            flow = workspace.flows.create(document, id=id, text=text)
        elif flow is None:
            flow = workspace.flows.create(_first_draft(document), id=id)
        if not flows and flow.version == 1:
            flow = workspace.flows.replace(flow.id, document, text=text)
        flows.append(flow)
    return flows


def _first_draft(document: dict[str, Any]) -> dict[str, Any]:
    """The flow as somebody in a hurry wrote it: loud, and with a name changed in one place only."""
    draft = deepcopy(document)
    first = next(step for step in draft["steps"] if step["type"].startswith("send_"))
    first["config"] |= {key: text for key, text in _LOUD.items() if key in first["config"]}
    rates = next(step for step in draft["steps"] if step["id"] == _RATES)
    values = rates["config"]["values"]
    values[_BEFORE] = values.pop(_SCORE)
    del draft["variables"][_SCORE]
    draft["tests"] = [test for test in draft["tests"] if "persona" in test]
    return draft


def _versions(flow: StoredFlow) -> range:
    return range(1, flow.version + 1)


def _rehearsed(
    room: Room, workspace: Workspace, flow_id: str, version: int, population: Population
) -> str:
    """The run of this flow with these people, played where it has not been."""
    wanted = (version, population.id, SEED)
    for run in workspace.rehearsals.list(flow_id):
        if (run.flow_version, run.population_id, run.seed) == wanted:
            break
    else:
        run = workspace.rehearsals.prepare(flow_id, population.id, seed=SEED, flow_version=version)
    played = workspace.rehearsals.play(run.id)
    room.tell(workspace.rehearsals.progress(played.id))
    return played.id
