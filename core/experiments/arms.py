"""What a variant's people meet: which flow in which words, which twins, which model.

Other words make a flow of their own, which is in no list and is named by what it says, so that
nothing changes that is in use. Other sliders make a version of the twin that is not in use.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from core.domain.errors import BadInput
from core.domain.experiments import Design, MessageChange, Variant
from core.domain.flows import StoredFlow
from core.domain.models import Model
from core.domain.personas import slug
from core.domain.twins import Tuning
from core.experiments.rooms import Rooms
from core.flows import CompiledFlow, compile_flow

SLIDERS = tuple(Tuning.model_fields)
_LONGEST_NAME = 255


@dataclass(frozen=True)
class Arm:
    """A variant made ready to be played.

    Attributes:
        variant: Its id.
        flow_id: The flow that is played.
        flow_version: Its version.
        twins: The version of each trained twin, by slug.
        model: Who plays the people; None for the behaviour model.
    """

    variant: str
    flow_id: str
    flow_version: int
    twins: dict[str, int]
    model: Model | None


def base_flow(rooms: Rooms, design: Design, variant: Variant) -> StoredFlow:
    """The flow that a variant starts from.

    Raises:
        BadInput: If neither the variant nor the design names one.
        NotFound: If there is no such flow or version.
    """
    id = variant.flow or design.flow
    if id is None:
        raise BadInput(
            f"'{variant.label}' has no flow to play.",
            place=f"variants.{variant.id}",
            fix="Choose a flow for the experiment, or one for this variant.",
        )
    version = variant.flow_version
    if version is None and variant.flow in (None, design.flow):
        version = design.flow_version
    return rooms.flows.get(id, version)


def worded(document: Mapping[str, Any], messages: Mapping[str, MessageChange]) -> dict[str, Any]:
    """A flow's document in other words."""
    changed = deepcopy(dict(document))
    for step in changed["steps"]:
        change = messages.get(str(step.get("id")))
        if change is not None:
            step["config"] = {
                **(step.get("config") or {}),
                **change.model_dump(exclude_none=True),
            }
    return changed


def played_document(rooms: Rooms, design: Design, variant: Variant) -> dict[str, Any]:
    """The flow that a variant's people meet, whether it is kept yet or not.

    Raises:
        BadInput: If its words are for a step that the flow does not have, or cannot carry them.
        InvalidFlow: If it cannot be compiled.
    """
    base = base_flow(rooms, design, variant)
    if not variant.messages:
        return base.document
    _check_words(rooms.flows.compiled(base.id, base.version), variant)
    return worded(base.document, variant.messages)


def compiled_arm(rooms: Rooms, design: Design, variant: Variant) -> CompiledFlow:
    """A variant's flow, ready to be played."""
    return compile_flow(played_document(rooms, design, variant))


def _check_words(flow: CompiledFlow, variant: Variant) -> None:
    """Refuse words that no step says."""
    place = f"variants.{variant.id}"
    for id, change in variant.messages.items():
        step = flow.steps.get(id)
        if step is None:
            raise BadInput(
                f"'{variant.label}' has words for the step '{id}', which the flow does not have.",
                place=place,
                fix=f"Its steps are: {', '.join(flow.steps)}.",
            )
        fields = type(step.config).model_fields
        unused = [name for name in change.model_dump(exclude_none=True) if name not in fields]
        if unused:
            raise BadInput(
                f"The step '{id}' ({step.type}) has no {unused[0]}.",
                place=place,
                fix="Give words for what the step sends.",
            )


def kept_flow(rooms: Rooms, design: Design, variant: Variant) -> tuple[str, int]:
    """(id, version) of the flow that a variant's people meet; other words are kept aside."""
    base = base_flow(rooms, design, variant)
    document = played_document(rooms, design, variant)
    if document == base.document:
        return base.id, base.version
    document["name"] = f"{base.name} · {variant.label}"[:_LONGEST_NAME]
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    id = f"{base.id}.{slug(variant.label, 'variant')}.{digest[:8]}"
    kept = rooms.flows.keep_aside(id, document)
    return kept.id, kept.version


def tuned_twin(rooms: Rooms, design: Design, variant: Variant, flow: CompiledFlow) -> str | None:
    """The slug of the twin whose sliders a variant sets; None where it sets none.

    Raises:
        BadInput: If there is no such twin, it is not trained, or several could be meant.
    """
    if not variant.personality_config:
        return None
    named = list(rooms.rehearsals.twins_in(flow))
    if design.creator_id is not None:
        twin = rooms.twins.get(design.creator_id)
        named = [slug for slug in named if slug == twin.slug]
    if len(named) != 1:
        raise BadInput(
            "The flow names no trained twin whose personality could be set."
            if not named
            else f"The flow names several twins: {', '.join(named)}.",
            place=f"variants.{variant.id}",
            fix="Let a step of the flow name a trained twin." if not named else "Say which one.",
        )
    return named[0]


def tuning_of(base: Tuning, variant: Variant) -> Tuning:
    """The sliders of a variant, over those of the version that it starts from.

    Raises:
        BadInput: If there is no such slider, or it cannot stand there.
    """
    unknown = [name for name in variant.personality_config if name not in SLIDERS]
    if unknown:
        raise BadInput(
            f"There is no slider '{unknown[0]}'.",
            place=f"variants.{variant.id}",
            fix=f"There are: {', '.join(SLIDERS)}.",
        )
    try:
        return Tuning.model_validate({**base.model_dump(), **variant.personality_config})
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(
            f"The slider '{first['loc'][0]}' cannot be so: {first['msg']}.",
            place=f"variants.{variant.id}",
            fix="Sliders run from -1 to 1; 0 is as measured.",
        ) from error


def twin_versions(
    rooms: Rooms, design: Design, variant: Variant, flow: CompiledFlow, *, make: bool
) -> dict[str, int]:
    """The version of each trained twin that a variant's people talk to, by slug.

    Args:
        rooms: The workspace's rooms.
        design: The experiment's design.
        variant: The variant.
        flow: What is played.
        make: Whether to make the version that the variant's sliders ask for; without it they are
            checked alone.

    Raises:
        BadInput: If a twin or its sliders cannot be so.
        NotFound: If there is no such version.
    """
    found = rooms.rehearsals.twins_in(flow)
    for name, number in variant.twins.items():
        twin = rooms.twins.get(name)
        if twin.slug not in found:
            raise BadInput(
                f"The flow names no trained twin '{twin.slug}'.",
                place=f"variants.{variant.id}",
                fix="Let a step of the flow name it.",
            )
        found[twin.slug] = rooms.twins.version(twin.id, number).number
    tuned = tuned_twin(rooms, design, variant, flow)
    if tuned is not None:
        base = rooms.twins.version(tuned, found[tuned])
        tuning = tuning_of(base.tuning, variant)
        if make and tuning != base.tuning:
            note = f"For the experiment “{design.name}”, {variant.label}"
            made = rooms.twins.derive(
                tuned, "tuned", note, use=False, base=base.number, tuning=tuning
            )
            found[tuned] = made.number
    return found


def arm(rooms: Rooms, design: Design, variant: Variant) -> Arm:
    """A variant made ready to be played; what it needs beside the flow in use is kept now."""
    flow_id, version = kept_flow(rooms, design, variant)
    compiled = rooms.flows.compiled(flow_id, version)
    return Arm(
        variant=variant.id,
        flow_id=flow_id,
        flow_version=version,
        twins=twin_versions(rooms, design, variant, compiled, make=True),
        model=rooms.keep_model(variant.model) if variant.model else None,
    )
