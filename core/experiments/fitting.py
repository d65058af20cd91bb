"""Designs made to fit: to where the figures come from, and, at the start, to exact versions."""

from __future__ import annotations

from core.domain.experiments import Assignment, Design, SourceKind, Variant
from core.experiments.arms import base_flow
from core.experiments.rooms import Rooms

_USUAL: dict[SourceKind, Assignment] = {
    "rehearsal": Assignment(how="paired"),
    "live": Assignment(how="hash"),
    "table": Assignment(how="given"),
}


def fitted(design: Design, source: SourceKind) -> Design:
    """A design whose assignment, where nobody chose one, is the source's usual one."""
    if "assignment" in design.model_fields_set:
        return design
    return design.model_copy(update={"assignment": _USUAL[source]})


def pinned(design: Design, id: str, source: SourceKind, rooms: Rooms, people: int | None) -> Design:
    """A design that means the same for ever: versions, salt, and the planned number are in it."""
    changes: dict[str, object] = {}
    if not design.assignment.salt:
        changes["assignment"] = design.assignment.model_copy(update={"salt": id})
    if design.planned.people is None and people is not None:
        changes["planned"] = design.planned.model_copy(update={"people": people})
    if source == "rehearsal":
        changes["variants"] = tuple(_pinned(design, one, rooms) for one in design.variants)
        if design.population is not None:
            changes["population"] = rooms.populations.get(design.population).id
    if design.flow is not None:
        flow = rooms.flows.get(design.flow, design.flow_version)
        changes |= {"flow": flow.id, "flow_version": flow.version}
    return design.model_copy(update=changes)


def _pinned(design: Design, variant: Variant, rooms: Rooms) -> Variant:
    if variant.flow is None and variant.flow_version is None:
        return variant
    flow = base_flow(rooms, design, variant)
    return variant.model_copy(update={"flow": flow.id, "flow_version": flow.version})


def copied(design: Design, id: str) -> Design:
    """The design of a copy: a draft that may be changed, with a salt of its own."""
    assignment = design.assignment
    if assignment.salt == id:
        assignment = assignment.model_copy(update={"salt": ""})
    name = f"{design.name[:240]} (copy)"
    return design.model_copy(update={"name": name, "assignment": assignment})
