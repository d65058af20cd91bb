"""What was decided in each step of a design, on one line."""

from __future__ import annotations

from core.domain.errors import GreenroomError
from core.domain.experiment_results import Plan
from core.domain.experiments import Experiment
from pages.parts.context import workspace
from pages.parts.experiment_people import HOW
from pages.parts.experiment_plan import as_if_apart, planned
from pages.parts.experiment_rule import RULES
from pages.parts.page import counted, short

MOST_NAMED = 4
"""So many variants are named; more are counted."""


def summary(experiment: Experiment, place: str) -> str:
    """One step in a line, as it was written: not ready for Markdown."""
    return SUMMARIES[place](experiment)


def _question(experiment: Experiment) -> str:
    return short(experiment.design.hypothesis, 110) or "Nothing is written down yet"


def _data(experiment: Experiment) -> str:
    if experiment.dataset is None:
        return "No data yet"
    try:
        found = workspace().datasets.get(experiment.dataset)
    except GreenroomError as error:
        return error.message
    return f"{short(found.name, 50)}, {counted(found.rows, 'row')}"


def _variants(experiment: Experiment) -> str:
    design = experiment.design
    if not design.variants:
        return "No variants yet"
    control = next((one for one in design.variants if one.id == design.control_id), None)
    others = [one for one in design.variants if one is not control]
    named = [f"“{short(one.label, 32)}”" for one in others[:MOST_NAMED]]
    if more := len(others) - len(named):
        named.append(f"{more} more")
    said = " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))
    if control is None:
        return said
    against = f"“{short(control.label, 32)}”"
    return f"{said} against {against}" if said else f"{against} alone"


def _metrics(experiment: Experiment) -> str:
    metrics = experiment.design.metrics
    decides = next((one for one in metrics if one.role == "primary"), None)
    guards = [f"“{short(one.label, 24)}”" for one in metrics if one.role == "guardrail"]
    told = [f"“{short(decides.label, 40)}” decides"] if decides else ["nothing decides yet"]
    if guards:
        named = ", ".join(guards[:2]) + (f" and {len(guards) - 2} more" if len(guards) > 2 else "")
        told.append(f"{named} must not get worse")
    if also := len([one for one in metrics if one.role == "secondary"]):
        told.append(f"{also} more read too")
    said = "; ".join(told)
    return said[:1].upper() + said[1:]


def _people(experiment: Experiment) -> str:
    design = experiment.design
    known = {one.id: one for one in workspace().populations.list()}
    group = known.get(design.population or "")
    who = short(design.audience, 50)
    if experiment.source == "rehearsal":
        who = (
            f"{short(group.name, 40)}, {counted(group.size, 'person', 'people')}"
            if group
            else "Nobody yet"
        )
    how = HOW[design.assignment.how][0] if design.assignment.how in HOW else ""
    return " · ".join(filter(None, [who, how]))


def _rule(experiment: Experiment) -> str:
    rule = experiment.design.rule
    return f"{RULES[rule.kind][0]}; worth having from {100 * rule.least:g}\u00a0%"


def _plan(experiment: Experiment) -> str:
    found = planned(experiment)
    if not isinstance(found, Plan):
        return "Not known yet: it needs a figure or two"
    people = counted(found.people, "person", "people")
    if as_if_apart(experiment, found):
        return f"{people}; what they can show is known once they were played"
    days = "" if found.days is None else f", {found.days:,.0f} days"
    return f"{people}{days}; finds differences from {100 * found.least:.1f}\u00a0%"


SUMMARIES = {
    "question": _question,
    "data": _data,
    "variants": _variants,
    "metrics": _metrics,
    "people": _people,
    "rule": _rule,
    "plan": _plan,
}
