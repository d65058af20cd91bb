"""Why nothing may ever stop at a breakpoint, in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches

from core.domain.debugging import Breakpoint, Change
from core.domain.errors import BadInput
from core.domain.findings import Finding
from core.domain.flows import CoachingConfig
from core.domain.populations import Person
from core.flows import CHECKS, RESERVED, CompiledFlow, CompiledStep, names_read

REPLY = ("text", "intent", "sentiment", "channel", "hours")
ALWAYS = ("id", "tags", "opted_out")
ANSWERS = "answers."
BOUND = re.compile(r"\.(?:all|exists|exists_one|filter|map)\(\s*([A-Za-z_]\w*)\s*,")
"""A name that stands for each of a list."""
Known = Mapping[str, Collection[str] | None]
"""Every name, and its fields where they are known."""


def known_names(flow: CompiledFlow, person: Person, changes: Sequence[Change]) -> Known:
    """Every name that anything in a session can have."""
    by_hand = [one.name for one in changes if one.kind == "variable"]
    fields = [one.name for one in changes if one.kind == "contact"]
    variables = [name for name in by_hand if not name.startswith(ANSWERS)]
    answers = [name.removeprefix(ANSWERS) for name in by_hand if name.startswith(ANSWERS)]
    asked = [id for step in flow.steps.values() for id in _asked(step)]
    set_by = [name for step in flow.steps.values() for name in _sets(step)]
    return {
        **dict.fromkeys(RESERVED),
        **dict.fromkeys((*flow.variables, *set_by, *variables)),
        "contact": {*person.attributes, *ALWAYS, *fields},
        "reply": REPLY,
        "answers": {*asked, *answers},
    }


def _asked(step: CompiledStep) -> Iterator[str]:
    if isinstance(step.config, CoachingConfig):
        yield from (one.id for one in step.config.questions)


def _sets(step: CompiledStep) -> Iterator[str]:
    yield from step.values
    if step.type == "webhook":
        yield step.id
        yield from step.sample.values if step.sample is not None else ()


def noted(
    breakpoints: Sequence[Breakpoint],
    known: Known,
    findings: Sequence[Finding],
    place: str = "breakpoints",
) -> list[Breakpoint]:
    """Breakpoints, each with why nothing may stop there.

    Raises:
        BadInput: If one is on findings that no check gives.
    """
    for number, one in enumerate(breakpoints):
        if one.kind == "finding" and one.type is not None:
            _check_type(one.type, findings, f"{place}[{number}].type")
    return [one.model_copy(update={"note": _note_of(one, known, findings)}) for one in breakpoints]


def _note_of(one: Breakpoint, known: Known, findings: Sequence[Finding]) -> str:
    """Why nothing may stop at a breakpoint; no words where something may."""
    if one.kind == "condition":
        missing = [path for path in names_read([one.when or ""]) if not _has(path, known, one)]
        if missing:
            names = ", ".join(f"“{path}”" for path in missing)
            return f"Nothing here has {names}: where it is read, this condition does not hold."
    if one.kind == "finding" and not _found(one, findings):
        where = f"“{one.step_id}”" if one.step_id else "This flow"
        return f"{where} has no such finding now, so nothing stops here."
    if one.step_id is not None and _orphan(one.step_id, findings):
        return f"No way leads to “{one.step_id}”, so nothing stops here."
    return ""


def _has(path: str, known: Known, one: Breakpoint) -> bool:
    """Whether a name is there; one that is asked for by ``has`` need not be."""
    name, _, field = path.partition(".")
    if name not in known:
        return name in BOUND.findall(one.when or "")
    fields = known[name]
    asked = f"has({path})" in (one.when or "").replace(" ", "")
    return not field or fields is None or asked or field.split(".")[0] in fields


def _found(one: Breakpoint, findings: Sequence[Finding]) -> bool:
    return any(
        one.type in (None, found.type) and one.step_id in (None, found.step_id)
        for found in findings
        if found.step_id is not None
    )


def _orphan(step_id: str, findings: Sequence[Finding]) -> bool:
    return any(one.type == "orphan_step" and one.step_id == step_id for one in findings)


def _check_type(type: str, findings: Sequence[Finding], place: str) -> None:
    """Make sure that there are findings of this kind.

    Raises:
        BadInput: If no check gives any.
    """
    known = {*(one.id for one in CHECKS), *(one.type for one in findings)}
    if type in known:
        return
    near = get_close_matches(type, known, n=1)
    raise BadInput(
        f"No check is called “{type}”.",
        place=place,
        fix=f"Did you mean {near[0]}?" if near else f"There are: {', '.join(sorted(known))}.",
    )
