"""From a document to findings and, where none of them is an error in the way, a compiled flow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from core.domain.errors import InvalidFlow
from core.domain.findings import Finding, Severity
from core.domain.flows import STEP_CONFIGS, Config, Flow, Step
from core.flows.compiled import CompiledFlow, CompiledStep
from core.flows.reading import fault_of
from core.flows.steps import OWN_WAYS, Workshop, build_step, raw_targets, ways_of
from core.flows.templates import TemplateError

MAX_CONDITIONS = 5_000
MAX_FINDINGS = 1_000
MAX_SUGGESTIONS = 50
RESERVED = ("contact", "reply", "answers", "flow", "links")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
BLOCKING = frozenset(
    {"missing_step", "duplicate_id", "unknown_type", "bad_config", "condition_error"}
)
REFERENCES = ("next", "on_reply", "on_timeout")
FIXES = {
    "bad_config": "Correct this value.",
    "condition_error": 'Correct the condition; it is CEL, like reply.intent == "interested".',
    "missing_step": "Add that step, or choose one that exists.",
    "duplicate_id": "Give each step an id of its own.",
    "unknown_type": "Choose one of the step types: " + ", ".join(STEP_CONFIGS) + ".",
    "orphan_step": "Lead a way to it, or take it out.",
}
NEUTRAL = {
    "contact": {"first_name": "there", "name": "there", "tags": [], "visits": 1, "purchases": 0},
    "links": {"unsubscribe": "", "booking": ""},
    "reply": {},
    "answers": {},
    "flow": {},
}


@dataclass(slots=True)
class _Draft:
    """A flow while it is being read."""

    document: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)
    flow: Flow | None = None
    places: dict[str, int] = field(default_factory=dict)
    steps: dict[str, CompiledStep] = field(default_factory=dict)
    targets: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    read: list[Step] = field(default_factory=list)
    blocked: str | None = None
    suggestions: int = 0

    def add(
        self,
        kind: str,
        message: str,
        step_id: str | None = None,
        *,
        severity: Severity = "error",
        fix: str | None = None,
    ) -> None:
        """Note a finding; the first that stands in the way is kept as ``blocked``."""
        if severity == "error" and kind in BLOCKING and self.blocked is None:
            self.blocked = message
        if len(self.findings) >= MAX_FINDINGS:
            return
        self.findings.append(
            Finding(
                type=kind,
                severity=severity,
                step_id=step_id,
                message=message,
                fix=fix or FIXES[kind],
            )
        )

    def close_to(self, word: str, known: Iterable[str]) -> str | None:
        """Advice to use the known word that looks like this one; only for the first few."""
        self.suggestions += 1
        if self.suggestions > MAX_SUGGESTIONS:
            return None
        close = get_close_matches(word[:100], list(known)[:1_000], n=1)
        return f"Did you mean {close[0]}?" if close else None


def check_document(document: Any) -> list[Finding]:
    """What is wrong with a document, and what may be; never raises."""
    return _read(document).findings


def compile_flow(document: dict[str, Any]) -> CompiledFlow:
    """A flow that can be rehearsed.

    Raises:
        InvalidFlow: With its findings, if one of them is an error that stands in the way.
    """
    draft = _read(document)
    if draft.blocked is not None or draft.flow is None:
        count = sum(one.severity == "error" for one in draft.findings) or 1
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
        findings=draft.findings,
        texts=draft.texts,
    )


def _read(document: Any) -> _Draft:
    draft = _Draft(document if isinstance(document, dict) else {})
    fault = fault_of(document)
    if fault is not None:
        draft.add("bad_config", str(fault))
        return draft
    steps = _top_level(draft)
    shop = Workshop()
    for number, raw in enumerate(steps):
        _read_step(draft, number, raw, shop)
    if steps:
        _check_targets(draft)
        _check_reachable(draft)
        _check_tests(draft)
        _render_texts(draft)
    return draft


def _top_level(draft: _Draft) -> list[Any]:
    document = draft.document
    raw = document.get("steps")
    steps = raw if isinstance(raw, list) else []
    if not steps:
        draft.add("bad_config", "steps: a flow needs a list of steps", fix="Add a first step.")
    try:
        draft.flow = Flow.model_validate({**document, "steps": [{"id": "-", "type": "end"}]})
        ZoneInfo(draft.flow.timezone)
    except ValidationError as error:
        _complain_of(draft, error, "", None)
    except (KeyError, ValueError, OSError):
        zone = str(document.get("timezone"))[:60]
        message = f"timezone: there is no time zone “{zone}”"
        draft.add("bad_config", message, fix="Use a name like Europe/Berlin.")
    links = document.get("links", {})
    if not isinstance(links, dict) or not all(isinstance(to, str) for to in links.values()):
        draft.add("bad_config", "links: must be names with their addresses")
    _check_keys(draft, document, Flow, "", None)
    _check_names(draft, document.get("variables"), "variables", None)
    return steps


def _check_names(draft: _Draft, names: Any, place: str, step_id: str | None) -> None:
    """Warn of variables that nothing can read."""
    for name in names if isinstance(names, dict) else ():
        if name in RESERVED or not VARIABLE.fullmatch(name):
            message = f"{place}.{name[:60]}: nothing can read a variable of this name"
            fix = "Use a name of letters, digits and _, and none of " + ", ".join(RESERVED) + "."
            draft.add("bad_config", message, step_id, severity="warning", fix=fix)


def _read_step(draft: _Draft, number: int, raw: Any, shop: Workshop) -> None:
    place = f"steps[{number}]"
    given = raw.get("id") if isinstance(raw, dict) else None
    step_id = given if isinstance(given, str) else None
    try:
        step = Step.model_validate(raw)
    except ValidationError as error:
        _complain_of(draft, error, place, step_id)
        if step_id is not None:
            draft.places.setdefault(step_id, number)
            draft.targets.setdefault(step_id, list(raw_targets(raw)))
        return
    if step.id in draft.places:
        first = draft.places[step.id]
        draft.add("duplicate_id", f"{place}.id: “{step.id}” is also steps[{first}]", step.id)
        return
    draft.places[step.id] = number
    draft.read.append(step)
    config = _read_config(draft, step, place)
    if config is None:
        draft.targets[step.id] = list(raw_targets(raw))
        return
    _check_config(draft, step, config, place)

    def complain(kind: str, where: str, message: str) -> None:
        draft.add(kind, f"{place}.config.{where}: {message}", step.id)

    if len(shop.conditions) > MAX_CONDITIONS:
        message = f"{place}: a flow has at most {MAX_CONDITIONS:,} conditions"
        draft.add("bad_config", message, step.id)
        return
    built = build_step(step, config, shop, complain)
    draft.steps[step.id] = built
    draft.targets[step.id] = [(way.name, way.to) for way in built.ways if way.to is not None]


def _read_config(draft: _Draft, step: Step, place: str) -> Config | None:
    kind = STEP_CONFIGS.get(step.type)
    if kind is None:
        message = f"{place}.type: there is no step type “{step.type}”"
        fix = draft.close_to(step.type, STEP_CONFIGS)
        draft.add("unknown_type", message, step.id, fix=fix)
        return None
    try:
        return kind.model_validate(step.config)
    except ValidationError as error:
        _complain_of(draft, error, f"{place}.config", step.id)
        return None


def _check_config(draft: _Draft, step: Step, config: Config, place: str) -> None:
    _check_keys(draft, step.model_extra or {}, Step, place, step.id)
    _warn_of_extras(draft, config, f"{place}.config", step.id)
    _check_names(draft, getattr(config, "values", None), f"{place}.config.values", step.id)
    for name in REFERENCES:
        if getattr(step, name) is not None and name not in OWN_WAYS.get(step.type, ("next",)):
            message = f"{place}.{name}: no way out of a {step.type} step; it is not used"
            fix = "Take it out, or use " + (_way_names(step, config) or "another step type") + "."
            draft.add("bad_config", message, step.id, severity="warning", fix=fix)
    for key, names in (
        ("arms", [arm.name for arm in getattr(config, "arms", ())]),
        ("questions", [question.id for question in getattr(config, "questions", ())]),
    ):
        for number, name in enumerate(names):
            if name in names[:number]:
                message = f"{place}.config.{key}[{number}]: “{name}” is there twice"
                draft.add("bad_config", message, step.id, fix="Give each a name of its own.")


def _way_names(step: Step, config: Config) -> str:
    return " and ".join(way.name for way in ways_of(step, config)[:3])


def _warn_of_extras(draft: _Draft, model: BaseModel, place: str, step_id: str) -> None:
    for name in model.model_extra or {}:
        fields = [field.alias or key for key, field in type(model).model_fields.items()]
        fix = draft.close_to(name, fields) or "Known here: " + ", ".join(fields) + "."
        message = f"{place}.{name[:60]}: this key is not known here and is not used"
        draft.add("bad_config", message, step_id, severity="warning", fix=fix)
    for name in type(model).model_fields:
        rows = getattr(model, name)
        for number, row in enumerate(rows if isinstance(rows, list) else [rows]):
            if isinstance(row, Config):
                where = f"{place}.{name}[{number}]" if isinstance(rows, list) else f"{place}.{name}"
                _warn_of_extras(draft, row, where, step_id)


def _check_keys(
    draft: _Draft, keys: Iterable[str], model: type[BaseModel], place: str, step_id: str | None
) -> None:
    """Warn of keys that look like known ones; others may be another program's notes."""
    known = list(model.model_fields)
    for key in keys:
        close = get_close_matches(key[:100].lower(), known, n=1, cutoff=0.75)
        if key not in known and close:
            message = (
                f"{place + '.' if place else ''}{key[:60]}: this key is not known and is not used"
            )
            fix = f"Did you mean {close[0]}?"
            draft.add("bad_config", message, step_id, severity="warning", fix=fix)


def _complain_of(draft: _Draft, error: ValidationError, place: str, step_id: str | None) -> None:
    seen = set()
    for one in error.errors(include_url=False, include_input=False, include_context=False)[:20]:
        path = place
        for part in one["loc"]:
            path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
        path = path.split(".function-after")[0]
        if path not in seen:
            seen.add(path)
            message = one["msg"].removeprefix("Value error, ")
            draft.add("bad_config", f"{path or 'flow'}: {message[0].lower()}{message[1:]}", step_id)


def _check_targets(draft: _Draft) -> None:
    start = draft.document.get("start")
    if isinstance(start, str) and start not in draft.places:
        draft.add("missing_step", f"start: there is no step “{start}”")
    for step_id, targets in draft.targets.items():
        for way, to in targets:
            if to not in draft.places:
                fix = draft.close_to(to, draft.places)
                message = f"{way} of “{step_id}” leads to “{to}”, which does not exist"
                draft.add("missing_step", message, step_id, fix=fix)


def _check_reachable(draft: _Draft) -> None:
    start = draft.document.get("start")
    first = next(iter(draft.places), None)
    open_ = [start if isinstance(start, str) else first]
    if open_[0] not in draft.places:
        return
    seen = set(open_)
    while open_:
        for _, to in draft.targets.get(str(open_.pop()), ()):
            if to not in seen:
                seen.add(to)
                open_.append(to)
    for step_id in draft.places:
        if step_id not in seen:
            draft.add("orphan_step", f"nothing leads to “{step_id}”", step_id, severity="warning")


def _check_tests(draft: _Draft) -> None:
    """Warn of a test that names a step or a goal that the flow does not have."""
    goals = {getattr(step.config, "name", None) for step in draft.steps.values()}
    for number, test in enumerate(draft.flow.tests if draft.flow else ()):
        wanted = [("step", name) for name in (*test.expect.reaches, *test.expect.never)]
        wanted += [("goal", test.expect.goal)] if test.expect.goal else []
        for kind, name in wanted:
            if name not in (draft.places if kind == "step" else goals):
                message = f"tests[{number}].expect: there is no {kind} “{name[:60]}”"
                fix = "Correct the name."
                draft.add("bad_config", message, severity="warning", fix=fix)


def _render_texts(draft: _Draft) -> None:
    """Render each text once for a neutral contact: to ground the twin, and to meet the limits."""
    variables = draft.flow.variables if draft.flow else {}
    context = {**NEUTRAL, **variables}
    texts = []
    for step in draft.steps.values():
        for name, template in step.templates.items():
            try:
                text = template.render(context)
            except TemplateError as error:
                if error.limit:
                    place = f"steps[{draft.places[step.id]}].config.{name}"
                    draft.add("bad_config", f"{place}: {error}", step.id)
                continue
            if name == "body" and text.strip():
                texts.append(text)
    draft.texts = tuple(dict.fromkeys(texts))


def _quiet_hours(flow: Flow) -> tuple[int, int] | None:
    if flow.quiet_hours is None:
        return None
    return _minutes(flow.quiet_hours.start), _minutes(flow.quiet_hours.end)


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)
