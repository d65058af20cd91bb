"""A winner becomes what is in use: a flow's new version, a twin's version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.domain.errors import Conflict
from core.domain.experiments import Design, Experiment, Variant
from core.domain.flows import StoredFlow
from core.experiments.arms import base_flow, played_document, tuning_of
from core.experiments.rooms import Rooms


def winner_of(experiment: Experiment) -> Variant:
    """The variant that is to be used.

    Raises:
        Conflict: If nothing was decided, nothing won, or it is in use already.
    """
    decided = experiment.decided
    if experiment.applied is not None:
        raise Conflict(f"That is done already: {experiment.applied.what}")
    if decided is None:
        raise Conflict(
            "Nothing has been decided yet.", place="decision", fix="Decide first, then apply."
        )
    found = experiment.design.variant(decided.variant or "")
    if decided.outcome != "winner" or found is None:
        raise Conflict("No variant has won, so there is nothing to apply.", place="decision")
    return found


def put_to_use(rooms: Rooms, experiment: Experiment, variant: Variant) -> str:
    """Let a variant be what is in use; gives what changed, in words.

    Raises:
        Conflict: If there is nothing that could be changed here, or it was changed meanwhile.
    """
    design = experiment.design
    twins = _twins_wanted(rooms, experiment, variant)
    _check_twins(rooms, experiment, twins)
    told = [
        *_use_flow(rooms, design, variant),
        *_use_twins(rooms, twins),
        *_tune(rooms, experiment, variant),
    ]
    if not told:
        raise _nothing(experiment, variant)
    return " ".join(told)


def _nothing(experiment: Experiment, variant: Variant) -> Conflict:
    """Why nothing changes here, and what to do instead."""
    if variant.model and experiment.source == "rehearsal":
        return Conflict(
            f"“{variant.label}” differs by the language model that plays people, and that is "
            "nothing to put to use.",
            fix="Choose that model for the next rehearsals.",
        )
    if variant.flow and variant.flow != experiment.design.flow:
        return Conflict(
            f"“{variant.label}” is a flow of its own, {variant.flow}, and stands as it is.",
            fix="Send people there from now on.",
        )
    return Conflict(
        f"This workspace holds nothing that “{variant.label}” would change: what it is stands "
        "where the data came from.",
        fix="Put it to use there. The decision and its reasons are recorded here.",
    )


def _use_flow(rooms: Rooms, design: Design, variant: Variant) -> Iterator[str]:
    """The winner's words become the flow's newest version."""
    if not (variant.messages or variant.flow_version or design.flow_version):
        return
    if not variant.messages and variant.flow not in (None, design.flow):
        return
    if (variant.flow or design.flow) is None:
        return
    base = base_flow(rooms, design, variant)
    document = played_document(rooms, design, variant)
    newest = rooms.flows.get(base.id)
    if document == newest.document:
        if variant.messages or variant.flow_version or not variant.twins:
            yield f"Version {newest.version} of “{newest.name}” stays in use: it is the winner."
        return
    kept = rooms.flows.replace(base.id, document, after=_latest(design, base))
    yield f"“{kept.name}” is now in version {kept.version}: {_told(variant, base)}."


def _latest(design: Design, base: StoredFlow) -> int:
    """The newest version of a flow that took part; a newer one was made meanwhile."""
    versions = [base.version]
    if design.flow == base.id and design.flow_version:
        versions.append(design.flow_version)
    versions += [
        one.flow_version
        for one in design.variants
        if one.flow_version and (one.flow or design.flow) == base.id
    ]
    return max(versions)


def _told(variant: Variant, base: StoredFlow) -> str:
    if not variant.messages:
        return f"what version {base.version} was, the variant “{variant.label}”"
    steps = ", ".join(f"“{step}”" for step in variant.messages)
    return f"{steps} {'says' if len(variant.messages) == 1 else 'say'} what “{variant.label}” said"


def _twins_wanted(rooms: Rooms, experiment: Experiment, variant: Variant) -> dict[str, int]:
    """The versions of twins that a variant stands for, by slug."""
    if not (variant.twins or variant.personality_config):
        return {}
    run = rooms.store.runs.one(experiment.runs.get(variant.id, ""))
    if run is not None:
        return dict(run.twins)
    return {rooms.twins.get(name).slug: number for name, number in variant.twins.items()}


def _check_twins(rooms: Rooms, experiment: Experiment, wanted: dict[str, int]) -> None:
    """Refuse where a twin has moved on since: what it learned would be lost."""
    runs = [rooms.store.runs.one(id) for id in experiment.runs.values()]
    for slug in wanted:
        took_part = {run.twins.get(slug) for run in runs if run is not None}
        twin = rooms.twins.get(slug)
        if took_part and twin.version not in took_part:
            raise Conflict(
                f"{twin.name} has been in version {twin.version} since, which took no part.",
                place="twin",
                fix=f"Look at version {wanted[slug]} beside it, and choose it yourself.",
            )


def _use_twins(rooms: Rooms, wanted: dict[str, int]) -> Iterator[str]:
    for slug, number in wanted.items():
        if rooms.twins.get(slug).version == number:
            yield f"Version {number} of {rooms.twins.get(slug).name} stays in use."
            continue
        twin = rooms.twins.use(slug, number)
        yield f"{twin.name} answers in version {number} from now on."


def _tune(rooms: Rooms, experiment: Experiment, variant: Variant) -> Iterator[str]:
    """Sliders that were tried on real people become a version of the twin."""
    creator: Any = experiment.design.creator_id
    if experiment.runs or not variant.personality_config or creator is None:
        return
    base = rooms.twins.version(creator)
    tuning = tuning_of(base.tuning, variant)
    note = f"“{variant.label}” won “{experiment.design.name}”"
    made = rooms.twins.tune(creator, tuning, note=note)
    yield f"{rooms.twins.get(creator).name} answers in version {made.number} from now on."
