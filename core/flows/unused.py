"""What a flow says that nothing reads: unknown keys, ways that its step type has not, and so on."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Any

from pydantic import BaseModel

from core.domain.flows import Config, Flow, MessageConfig, Step
from core.flows.compiled import CompiledStep
from core.flows.conditions import RESERVED, WORK
from core.flows.draft import MEANT, Draft
from core.flows.inspection import WORDS
from core.flows.steps import OWN_WAYS, texts_of, ways_of

REFERENCES = ("next", "on_reply", "on_timeout")
EXTRAS = frozenset({"links", "comment", "comments", "position", "positions", "$schema"})
"""Keys of a flow that other programs keep there, beside any that begins with ``x-``."""
VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
FEW = 20
ALIKE = 0.75


def warn_of_unused(draft: Draft, step: Step, config: Config, place: str) -> None:
    """Warn of what a step's type does not use."""
    warn_of_typos(draft, step.model_extra or {}, Step, place, step.id)
    _warn_of_extras(draft, config, f"{place}.config", step.id)
    warn_of_names(draft, getattr(config, "values", None), f"{place}.config.values", step.id)
    for name in REFERENCES:
        if getattr(step, name) is not None and name not in OWN_WAYS.get(step.type, ("next",)):
            ways = " and ".join(way.name for way in ways_of(step, config)[:3])
            message = f"{place}.{name}: “{step.type}” is not left by {name}; it is not used"
            draft.warn(message, step.id, f"Use {ways}." if ways else "Take it out.")


def warn_of_typos(
    draft: Draft, keys: Iterable[str], model: type[BaseModel], place: str, step_id: str | None
) -> None:
    """Warn of keys that look like known ones; others may be another program's notes."""
    known = list(model.model_fields)
    for key in islice(keys, FEW + len(known)):
        close = get_close_matches(key[:100].lower(), known, n=1, cutoff=ALIKE)
        if key not in known and close:
            where = f"{place}.{key[:60]}" if place else key[:60]
            message = f"{where}: this key is not known and is not used"
            draft.warn(message, step_id, MEANT.format(close[0]))


def warn_of_keys(draft: Draft, document: Iterable[str]) -> None:
    """Warn of a flow's keys that nothing uses."""
    known = list(Flow.model_fields)
    unknown = (key for key in document if key not in known and key not in EXTRAS)
    for key in islice((key for key in unknown if not key.startswith("x-")), FEW):
        fix = draft.close_to(key, known) or "Take it out, or begin its name with x-."
        draft.warn(f"{key[:60]}: this key is not known and is not used", fix=fix)


def warn_of_names(draft: Draft, names: Any, place: str, step_id: str | None) -> None:
    """Warn of variables that nothing can read."""
    for name in names if isinstance(names, dict) else ():
        if name in RESERVED or name in WORDS or not VARIABLE.fullmatch(name):
            words = ", ".join(sorted((RESERVED | WORDS) - {WORK}))
            fix = f"Use letters, digits and _, with a letter first, and none of {words}."
            draft.warn(f"{place}.{name[:60]}: nothing can read this name", step_id, fix)


def warn_of_texts(draft: Draft, step: CompiledStep, place: str) -> None:
    """Warn of texts that say nothing, and of names in them that are always empty."""
    config = step.config
    if isinstance(config, MessageConfig) and not config.body.strip():
        draft.warn(f"{place}.config.body: it is empty", step.id, "Write what it should say.")
    for name, where, _ in texts_of(config):
        template = step.templates.get(name)
        for path in dict.fromkeys(template.hidden[:FEW] if template else ()):
            if draft.flow and path in draft.flow.variables:
                continue
            message = f"{place}.config.{where}: “{path[:60]}” will be empty"
            draft.warn(message, step.id, "Use a name that does not begin with _.")


def warn_of_tests(draft: Draft) -> None:
    """Warn of a test that names a step, a way or a goal that the flow does not have."""
    goals = {str(getattr(step.config, "name", "")) for step in draft.steps.values()}
    ways = {f"{step.id}:{way.name}" for step in draft.steps.values() for way in step.ways}
    for number, test in enumerate(draft.flow.tests if draft.flow else ()):
        expect = test.expect
        steps: Container[str] = draft.places
        wanted = [("step", name, steps) for name in (*expect.reaches, *expect.never)]
        wanted += [("way", name, ways) for name in expect.ways]
        wanted += [("goal", expect.goal, goals)] if expect.goal else []
        answered = sorted({reply.to for reply in test.replies or () if reply.to})
        _warn_of_names(draft, f"tests[{number}].expect", wanted)
        _warn_of_names(draft, f"tests[{number}].replies", [("step", to, steps) for to in answered])


def _warn_of_names(
    draft: Draft, place: str, wanted: Iterable[tuple[str, str, Container[str]]]
) -> None:
    for kind, name, known in wanted:
        if name not in known:
            draft.warn(f"{place}: there is no {kind} “{name[:60]}”", fix="Correct the name.")


def _warn_of_extras(draft: Draft, model: BaseModel, place: str, step_id: str) -> None:
    fields = type(model).model_fields
    for name in islice(model.model_extra or {}, FEW):
        known = [field.alias or key for key, field in fields.items()]
        fix = draft.close_to(name, known) or "Known here: " + ", ".join(known) + "."
        message = f"{place}.{name[:60]}: this key is not known here and is not used"
        draft.warn(message, step_id, fix)
    for name in fields:
        rows = getattr(model, name)
        for number, row in enumerate(rows if isinstance(rows, list) else [rows]):
            if isinstance(row, Config):
                where = f"{place}.{name}[{number}]" if isinstance(rows, list) else f"{place}.{name}"
                _warn_of_extras(draft, row, where, step_id)
