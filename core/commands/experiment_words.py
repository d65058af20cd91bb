"""What an experiment says on a terminal: one look at it, its plan, a list of experiments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.commands.base import FAILED, HELD, UNDECIDED
from core.commands.listing import columns
from core.domain.experiment_results import (
    Analysis,
    ArmValue,
    Effect,
    MetricReading,
    Outcome,
    Plan,
    PlanPoint,
    Span,
)
from core.domain.experiments import Experiment

CODES: dict[Outcome, int] = {
    "winner": HELD,
    "no_difference": HELD,
    "harm": FAILED,
    "broken": FAILED,
    "keep_going": UNDECIDED,
}
"""How a command ends: decided, stopped by harm or by data that cannot be believed, undecided."""
_SIGNS = {"stop": "STOP", "warning": "warning", "info": "note"}
_POINTS = 8
"""So many points of a curve are printed."""


def analysis_text(analysis: Analysis) -> str:
    """One look: what it advises, the warnings, and a table for each metric."""
    parts = [
        "\n".join(_advice(analysis)),
        "\n".join(_warnings(analysis)),
        *(_metric(reading, analysis.variants) for reading in analysis.metrics),
    ]
    return "\n\n".join(part for part in parts if part)


def _advice(analysis: Analysis) -> Iterator[str]:
    advice = analysis.advice
    yield f"{analysis.name}: {analysis.people():,} participants, look {analysis.number:,}"
    yield advice.headline
    yield from (f"  {reason}" for reason in advice.reasons)
    yield f"Rule: {_sentence(advice.rule)} {advice.error}".rstrip()
    yield f"Next: {advice.next}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) or not text else f"{text}."


def _warnings(analysis: Analysis) -> Iterator[str]:
    for one in analysis.warnings:
        yield f"{_SIGNS[one.severity]}: {one.title}: {' '.join(filter(None, (one.text, one.fix)))}"


def _metric(reading: MetricReading, names: dict[str, str]) -> str:
    """A row for each variant: its value, and how it differs from the control."""
    effects = {effect.variant: effect for effect in reading.effects}
    head = ("", "people", "value", "change", "at any time", "read once", "p")
    rows = [_row(arm, effects.get(arm.variant), names) for arm in reading.arms]
    refused = [
        f"  {names.get(effect.variant, effect.variant)}: {why}"
        for effect in reading.effects
        for why in dict.fromkeys(effect.refused.values())
    ]
    title = f"{reading.name} ({reading.role})"
    return "\n".join([title, columns([head, *rows]), *refused, *reading.notes])


def _row(arm: ArmValue, effect: Effect | None, names: dict[str, str]) -> tuple[str, ...]:
    label = f"  {names.get(arm.variant, arm.variant)}"
    value = arm.text or ("–" if arm.value is None else f"{arm.value:,.6g}")
    if effect is None:
        return label, f"{arm.n:,}", value, "", "", "", ""
    share = effect.relative is not None
    span, whole = effect.relative or effect.absolute, _always(effect)
    p = "–" if effect.p is None else f"{effect.p:.3g}"
    change = _change(span, relative=share)
    return label, f"{arm.n:,}", value, change, _ends(whole, share), _ends(span, share), p


def _always(effect: Effect) -> Span | None:
    if effect.always is None:
        return None
    return effect.always.relative if effect.relative else effect.always.absolute


def _change(span: Span | None, *, relative: bool) -> str:
    if span is None:
        return "–"
    return f"{span.value:+.2%}" if relative else f"{span.value:+.6g}"


def _ends(span: Span | None, relative: bool) -> str:
    if span is None:
        return "–"
    if relative:
        return f"{span.low:+.2%} to {span.high:+.2%}"
    return f"{span.low:+.6g} to {span.high:+.6g}"


def plan_text(plan: Plan) -> str:
    """A plan: what it needs, and what fewer or more participants would find."""
    every = max(1, len(plan.curve) // _POINTS)
    known = plan.days is not None
    rows = [_point(point, known=known) for point in plan.curve[::every]]
    head = ("  people", *(["days"] if known else []), "finds, read once", "looked at any time")
    shares = ", ".join(f"{name} {people:,}" for name, people in plan.per_variant.items())
    lines = [plan.sentence, f"  {shares}", *(f"  {note}" for note in plan.notes)]
    return "\n".join([*lines, *(["", columns([head, *rows])] if rows else [])])


def _point(point: PlanPoint, *, known: bool) -> tuple[str, ...]:
    """A row of a curve; days where they are known."""
    days = [f"{point.days:,.1f}" if point.days is not None else "–"] if known else []
    return f"  {point.people:,}", *days, f"{point.least:.2%}", f"{point.always_least:.2%}"


def experiments_text(found: Sequence[Experiment]) -> str:
    """Experiments, a line each."""
    rows = [
        (one.id, one.status, one.source, f"{one.looks:,} looks", one.design.name) for one in found
    ]
    return columns(rows) or "No experiments yet."


def experiment_text(one: Experiment, newest: Analysis | None) -> str:
    """An experiment: what was decided beforehand, and what its newest look says."""
    design = one.design
    lines = [f"{design.name} ({one.id}): {one.status}"]
    lines += [design.hypothesis] if design.hypothesis else []
    lines.append(f"Variants: {', '.join(variant.label for variant in design.variants) or 'none'}")
    if design.primary is not None:
        lines.append(f"Decides: {design.primary.label}, by the rule {design.rule.kind}")
    if one.registered is not None:
        lines.append(f"Frozen since {one.registered.at:%Y-%m-%d %H:%M} UTC")
    if one.decided is not None:
        lines.append(f"Decided by {one.decided.by}: {one.decided.outcome}")
    seen = analysis_text(newest) if newest else "Nobody has looked at its results yet."
    return "\n".join([*lines, "", seen])
