"""The demo workspace's experiments: one rehearsed and decided, one live and in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from core.domain.chance import Chance
from core.domain.experiment_life import LiveEvent, LiveKind
from core.domain.experiments import (
    Assignment,
    Design,
    Experiment,
    MessageChange,
    Metric,
    Planned,
    Rule,
    Variant,
)
from core.domain.flows import StoredFlow
from core.domain.populations import Population
from core.store import utc_now

if TYPE_CHECKING:
    from core.workbench import Workspace

SEED = 7
_STEP = "invite"
_ASKING = "Would you like one? Just answer this e-mail with a yes, or with your question."
_LINKING = (
    "Shall I save you a seat? Take one here: {{ links.booking }}\n\n"
    "Or answer this e-mail with a yes, or with your question."
)
DAYS, PEOPLE_A_DAY, PLANNED = 9, 300, 6_000
_RATES = {"thursday": (0.15, 0.02), "sunday": (0.19, 0.02)}
"""How many of the made-up participants save a seat, and opt out, by variant."""

_OPTED_OUT = Metric(
    id="opted_out",
    name="Opted out",
    role="guardrail",
    better="lower",
    value="opted_out",
    margin=0.2,
)


def demo_experiments(workspace: Workspace, flow: StoredFlow, people: Population) -> list[str]:
    """Make the two experiments, or finish them where they are not finished."""
    kept = {one.design.name: one for one in workspace.experiments.list() if one.demo}
    return [
        _rehearsed(workspace, _link_design(flow, people), kept),
        _live(workspace, _day_design(), kept),
    ]


def _link_design(flow: StoredFlow, people: Population) -> Design:
    """Does a link in the invitation bring more people to the workshop's page?"""
    invite = next(step for step in flow.document["steps"] if step["id"] == _STEP)
    body = invite["config"]["body"].replace(_ASKING, _LINKING)
    return Design(
        name="A link in the invitation",
        hypothesis="Who can take a seat with one click looks at the workshop's page more often "
        "than who has to answer, and nobody leaves the list over it.",
        variants=(
            Variant(id="answer", name="Asks for an answer", note="As it is in use."),
            Variant(
                id="link",
                name="Links to the page",
                messages={_STEP: MessageChange(body=body)},
                note="The same words, and a link.",
            ),
        ),
        metrics=(
            Metric(id="clicked", name="Followed a link", role="primary", value="clicked"),
            Metric(id="seat", name="Saved a seat", value="goal:seat_saved"),
            Metric(id="worth", name="Worth (USD)", kind="revenue", value="revenue"),
            _OPTED_OUT,
        ),
        segments=("persona",),
        audience="Everybody of the built-in cast",
        population=people.id,
        flow=flow.id,
        flow_version=flow.version,
        seed=SEED,
        assignment=Assignment(how="paired"),
        rule=Rule(least=0.1),
    )


def _rehearsed(workspace: Workspace, design: Design, kept: dict[str, Experiment]) -> str:
    """The rehearsed one: played, looked at, decided by its rule where that decides."""
    experiments = workspace.experiments
    one = kept.get(design.name) or experiments.create(design, "rehearsal", demo=True)
    if one.status == "draft":
        one = experiments.start(one.id, wait=True)
    if one.status in ("running", "stopped"):
        one = experiments.resume(one.id, wait=True)
        if experiments.look(one.id).advice.outcome != "keep_going":
            one = experiments.decide(one.id, note="Demo data: simulated people.")
    return one.id


def _day_design() -> Design:
    return Design(
        name="Invite on Thursday or on Sunday",
        hypothesis="On a Sunday people have time to look at their week, so more of them save a "
        "seat.",
        variants=(
            Variant(id="thursday", name="Thursday morning", note="As it is in use."),
            Variant(id="sunday", name="Sunday evening"),
        ),
        metrics=(
            Metric(id="seat", name="Saved a seat", role="primary", value="goal:seat_saved"),
            Metric(id="clicked", name="Followed a link", value="clicked"),
            _OPTED_OUT,
        ),
        segments=("channel",),
        audience="Demo data: made-up participants",
        assignment=Assignment(how="hash", salt="sunday"),
        rule=Rule(least=0.2),
        planned=Planned(
            baseline=0.15, people_a_day=PEOPLE_A_DAY, people=PLANNED, source="demo data"
        ),
    )


def _live(workspace: Workspace, design: Design, kept: dict[str, Experiment]) -> str:
    """The live one, which began some days ago: its participants are made up."""
    began = utc_now() - timedelta(days=DAYS)
    then = workspace.experiments.at(began)
    one = kept.get(design.name) or then.create(design, "live", demo=True)
    if one.status == "draft":
        one = then.start(one.id)
    if not sum(workspace.experiments.participants(one.id).values()):
        for day in range(DAYS):
            _a_day(workspace, one.id, day, began + timedelta(days=day))
        workspace.experiments.look(one.id)
    return one.id


def _a_day(workspace: Workspace, id: str, day: int, at: datetime) -> None:
    """One day's participants, and what they did."""
    names = [f"demo-{day:02}-{number:03}" for number in range(PEOPLE_A_DAY)]
    chances = {name: Chance(SEED, name) for name in names}
    people = [
        (name, {"channel": chance.pick("channel", ("email", "whatsapp"))})
        for name, chance in chances.items()
    ]
    assigned = workspace.experiments.assign_all(id, people, at=at)
    events = [
        event
        for one in assigned
        for event in _did(one.contact_id, one.variant, chances[one.contact_id], at)
    ]
    workspace.experiments.receive(id, events)


def _did(contact: str, variant: str, chance: Chance, at: datetime) -> Iterator[LiveEvent]:
    """What a made-up participant does."""
    saves, leaves = _RATES[variant]

    def event(kind: LiveKind, hours: float, **more: object) -> LiveEvent:
        told = {"contact_id": contact, "kind": kind, "id": f"{contact}-{kind}", **more}
        return LiveEvent.model_validate({**told, "at": at + timedelta(hours=hours)})

    yield event("sent", 0)
    if chance.happens("clicked", 2 * saves):
        yield event("clicked", 2)
        if chance.happens("saved", 0.5):
            yield event("goal_reached", 3, name="seat_saved", value=20)
    if chance.happens("left", leaves):
        yield event("opted_out", 4)
