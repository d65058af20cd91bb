"""From a document to what can be read of it and, where nothing stands in the way, a flow."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from core.domain.errors import InvalidFlow
from core.domain.flows import STEP_CONFIGS, Config, Flow, Step
from core.flows.compiled import CompiledFlow
from core.flows.draft import Draft, is_twice, leads_nowhere
from core.flows.reading import fault_of
from core.flows.steps import Workshop, build_step, raw_targets
from core.flows.templates import Template, TemplateError
from core.flows.unused import (
    warn_of_keys,
    warn_of_names,
    warn_of_tests,
    warn_of_texts,
    warn_of_unused,
)

MAX_CONDITIONS = 5_000
MAX_TRIAL = 500_000
SOME_STEP = {"id": "-", "type": "end"}
NEUTRAL = {
    "contact": {"first_name": "there", "name": "there", "tags": [], "visits": 1, "purchases": 0},
    "links": {"unsubscribe": "", "booking": ""},
    "reply": {},
    "answers": {},
    "flow": {},
}
"""The contact for whom a flow's texts are rendered when it is compiled."""


def compile_flow(document: dict[str, Any]) -> CompiledFlow:
    """A flow that can be rehearsed.

    Raises:
        InvalidFlow: With what reading found, if one of it is an error that stands in the way.
    """
    draft = read_document(document)
    if draft.blocked is not None or draft.flow is None:
        count = sum(one.severity == "error" for one in draft.findings)
        errors = "1 error" if count == 1 else f"{count} errors"
        raise InvalidFlow(f"This flow has {errors}: {draft.blocked}", draft.findings)
    flow = draft.flow.model_copy(update={"steps": draft.read})
    return CompiledFlow(
        flow=flow,
        name=flow.name,
        timezone=ZoneInfo(flow.timezone),
        start=flow.start or next(iter(draft.steps)),
        steps=draft.steps,
        variables=dict(flow.variables),
        quiet_hours=_quiet_hours(flow),
        texts=draft.texts,
    )


def read_document(document: Any) -> Draft:
    """As much of a document as can be read; never raises."""
    fault = fault_of(document)
    draft = Draft({} if fault is not None else document)
    if fault is not None:
        draft.add("bad_config", str(fault), fix=fault.fix)
        return draft
    steps = _read_top(draft)
    shop = Workshop()
    for number, raw in enumerate(steps):
        _read_step(draft, number, raw, shop)
    if steps:
        _check_targets(draft)
        warn_of_tests(draft)
        _render_texts(draft)
    return draft


def _read_top(draft: Draft) -> list[Any]:
    document = draft.document
    raw = document.get("steps")
    steps = raw if isinstance(raw, list) else []
    if not steps:
        draft.add("bad_config", "steps: a flow needs a list of steps", fix="Add a first step.")
    try:
        draft.flow = Flow.model_validate({**document, "steps": [SOME_STEP]})
        ZoneInfo(draft.flow.timezone)
    except ValidationError as error:
        draft.complain(error, "", None)
    except (KeyError, ValueError, OSError):
        message = f"timezone: there is no time zone “{str(document.get('timezone'))[:60]}”"
        draft.add("bad_config", message, fix="Use a name like Europe/Berlin.")
    links = document.get("links", {})
    if not isinstance(links, dict) or not all(isinstance(to, str) for to in links.values()):
        draft.add("bad_config", "links: must be names with their addresses")
    warn_of_keys(draft, document)
    warn_of_names(draft, document.get("variables"), "variables", None)
    return steps


def _read_step(draft: Draft, number: int, raw: Any, shop: Workshop) -> None:
    place = f"steps[{number}]"
    if isinstance(raw, dict) and raw.get("config", {}) is None:
        raw = {**raw, "config": {}}
    try:
        step = Step.model_validate(raw)
    except ValidationError as error:
        given = raw.get("id") if isinstance(raw, dict) else None
        step_id = given if isinstance(given, str) else None
        draft.complain(error, place, step_id)
        if step_id is not None:
            draft.places.setdefault(step_id, number)
            draft.targets.setdefault(step_id, []).extend(raw_targets(raw))
        return
    if step.id in draft.places:
        first = draft.places[step.id]
        draft.add("duplicate_id", is_twice(step.id, number, first), step.id)
        draft.targets[step.id].extend(raw_targets(raw))
        return
    draft.places[step.id] = number
    draft.read.append(step)
    config = _read_config(draft, step, place)
    if config is None:
        draft.targets[step.id] = list(raw_targets(raw))
        return
    _build(draft, step, config, shop)


def _read_config(draft: Draft, step: Step, place: str) -> Config | None:
    kind = STEP_CONFIGS.get(step.type)
    if kind is None:
        message = f"{place}.type: there is no step type “{step.type}”"
        draft.add("unknown_type", message, step.id, fix=draft.close_type(step.type))
        return None
    try:
        return kind.model_validate(step.config)
    except ValidationError as error:
        draft.complain(error, f"{place}.config", step.id, step.model_extra or ())
        return None


def _build(draft: Draft, step: Step, config: Config, shop: Workshop) -> None:
    place = f"steps[{draft.places[step.id]}]"

    def complain(kind: str, where: str, message: str) -> None:
        draft.add(kind, f"{place}.config.{where}: {message}", step.id)

    warn_of_unused(draft, step, config, place)
    for key, names in (
        ("arms", [arm.name for arm in getattr(config, "arms", ())]),
        ("questions", [question.id for question in getattr(config, "questions", ())]),
    ):
        for number, name in enumerate(names):
            if name in names[:number]:
                complain("bad_config", f"{key}[{number}]", f"“{name}” is there twice")
    if len(shop.conditions) > MAX_CONDITIONS:
        message = f"{place}: a flow has at most {MAX_CONDITIONS:,} different conditions"
        draft.add("bad_config", message, step.id, fix="Split it into several flows.")
        return
    built = draft.steps[step.id] = build_step(step, config, shop, complain)
    draft.targets[step.id] = [(way.name, way.to) for way in built.ways if way.to is not None]
    warn_of_texts(draft, built, place)


def _check_targets(draft: Draft) -> None:
    start = draft.document.get("start")
    if isinstance(start, str) and start not in draft.places:
        fix = draft.close_to(start, draft.places)
        draft.add("missing_step", f"start: there is no step “{start}”", fix=fix)
    for step_id, targets in draft.targets.items():
        for way, to in targets:
            if to not in draft.places:
                fix = draft.close_to(to, draft.places, but=step_id)
                draft.add("missing_step", leads_nowhere(way, step_id, to), step_id, fix=fix)


def _render_texts(draft: Draft) -> None:
    """Render each text once for a neutral contact: to ground the twin, and to meet the limits."""
    variables = draft.flow.variables if draft.flow else {}
    context = {**variables, **NEUTRAL}
    texts: dict[str, None] = {}
    trial = MAX_TRIAL
    for step in draft.steps.values():
        for name, template in step.templates.items():
            trial -= template.weight
            text = _render(draft, step.id, name, template, context) if trial > 0 else None
            if name == "body" and text and text.strip():
                texts[text] = None
    draft.texts = tuple(texts)


def _render(
    draft: Draft, step_id: str, name: str, template: Template, context: dict[str, Any]
) -> str | None:
    try:
        return template.render(context)
    except TemplateError as error:
        if error.limit:
            place = f"steps[{draft.places[step_id]}].config.{name}"
            draft.add("bad_config", f"{place}: {error}", step_id)
        return None


def _quiet_hours(flow: Flow) -> tuple[int, int] | None:
    if flow.quiet_hours is None:
        return None
    return _minutes(flow.quiet_hours.start), _minutes(flow.quiet_hours.end)


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)
