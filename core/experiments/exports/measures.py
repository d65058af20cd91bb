"""Each metric's figures as tables and interval charts, for everybody and by segment."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.experiment_results import (
    Analysis,
    ArmValue,
    Effect,
    MetricReading,
    SegmentReading,
    Span,
)
from core.domain.experiments import Design, MetricKind
from core.experiments import numbers
from core.experiments.exports.blocks import NONE, Bar, Block, Intervals, Items, Section, Table, Text
from core.experiments.guardrails import guardrail_sentence

MANY = 6
"""So many tables of segments are written whole; of more, those of the deciding metric."""
ROLES = {"secondary": "also read"}
LEAST = 0.0001
"""A smaller loss is said to be under this: in points, or in the metric's unit."""
VERDICTS = {"better": "better", "worse": "worse", "unclear": "unclear"}


def metric_sections(analysis: Analysis, design: Design) -> Iterator[Section]:
    """One section a metric, the deciding one first."""
    for reading in analysis.metrics:
        decides = design.primary is not None and reading.metric == design.primary.id
        role = "decides" if decides else ROLES.get(reading.role, reading.role)
        yield Section(f"{reading.name} ({role})", tuple(_metric(analysis, design, reading)))


def segment_sections(analysis: Analysis) -> Iterator[Section]:
    """One table a segment and metric."""
    if not analysis.segments:
        return
    yield Section(
        "By segment",
        (
            Text(
                "These are ideas for the next experiment, not reasons to decide: where many "
                "groups are read, some differ by chance. The p-values are corrected for that "
                "(Benjamini and Hochberg)."
            ),
            *_segment_tables(analysis),
        ),
    )


def _metric(analysis: Analysis, design: Design, reading: MetricReading) -> Iterator[Block]:
    metric = next(one for one in design.metrics if one.id == reading.metric)
    chart = _chart(analysis, design, reading)
    if chart.bars:
        yield chart
    missing = any(one.missing for one in reading.arms)
    yield Table(
        ("Variant", "People", "Value", "Interval", *(("Missing",) * missing)),
        tuple(_arm(analysis, reading.kind, one)[: 4 + missing] for one in reading.arms),
    )
    if reading.effects:
        yield _effect_table(analysis, reading)
        yield _belief_table(analysis, reading)
    if reading.role == "guardrail":
        yield Items(
            tuple(
                guardrail_sentence(metric, reading, one, _name(analysis, one.variant))
                for one in reading.effects
            )
        )
    yield from (Text(one, quiet=True) for one in reading.notes)
    refused = tuple(_refused(analysis, reading))
    if refused:
        yield Items(refused)


def _chart(analysis: Analysis, design: Design, reading: MetricReading) -> Intervals:
    relative = all(one.always and one.always.relative for one in reading.effects)
    bars = tuple(
        bar for one in reading.effects if (bar := _bar(analysis, reading, one, relative=relative))
    )
    decides = design.primary is not None and reading.metric == design.primary.id
    return Intervals(
        title=f"{reading.name}: each variant against {_name(analysis, analysis.control)}",
        bars=bars,
        unit="%" if relative else ("points" if reading.kind in numbers.SHARES else ""),
        least=100 * design.rule.least if relative and decides else None,
    )


def _bar(
    analysis: Analysis, reading: MetricReading, effect: Effect, *, relative: bool
) -> Bar | None:
    if effect.always is None:
        return None
    span = effect.always.relative if relative else effect.always.absolute
    once = effect.relative if relative else effect.absolute
    if span is None:
        return None
    factor = 100.0 if relative or reading.kind in numbers.SHARES else 1.0
    return Bar(
        name=_name(analysis, effect.variant),
        value=factor * span.value,
        low=factor * span.low,
        high=factor * span.high,
        inner=(factor * once.low, factor * once.high) if once else None,
        verdict=effect.verdict,
        text=numbers.span_of_change(span)
        if relative
        else numbers.span_of_difference(reading.kind, span),
    )


def _name(analysis: Analysis, variant: str) -> str:
    return analysis.variants.get(variant, variant)


def _arm(analysis: Analysis, kind: MetricKind, arm: ArmValue) -> tuple[str, ...]:
    value, interval = arm.text, ""
    if arm.value is not None:
        value, interval = numbers.value_with_interval(kind, arm.value, arm.low, arm.high)
    name = _name(analysis, arm.variant)
    return name, f"{arm.n:,}", value, interval or NONE, f"{arm.missing:,}"


def _difference(kind: MetricKind, span: Span | None) -> str:
    return numbers.span_of_difference(kind, span) if span else NONE


def _change(span: Span | None) -> str:
    return numbers.span_of_change(span) if span else NONE


def _p(p: float | None) -> str:
    return NONE if p is None else numbers.chance(p)


def _effect_table(analysis: Analysis, reading: MetricReading) -> Table:
    """Each variant twice: as it holds at any time, and as it is read once."""
    several = len(reading.effects) > 1
    return Table(
        ("Variant", "Read", "Relative", "Difference", "p", *(("p, corrected",) * several)),
        tuple(row for one in reading.effects for row in _twice(analysis, reading, one, several)),
        title=f"Against {_name(analysis, analysis.control)}",
    )


def _twice(
    analysis: Analysis, reading: MetricReading, effect: Effect, several: bool
) -> Iterator[tuple[str, ...]]:
    name, always = _name(analysis, effect.variant), effect.always
    yield (
        name,
        f"at any time: {VERDICTS[effect.verdict]}",
        _change(always.relative if always else None),
        _difference(reading.kind, always.absolute if always else None),
        _p(always.p if always else None),
        *((NONE,) * several),
    )
    yield (
        name,
        "once, at the end",
        _change(effect.relative),
        _difference(reading.kind, effect.absolute),
        _p(effect.p),
        *((_p(effect.adjusted_p),) * several),
    )


def _belief_table(analysis: Analysis, reading: MetricReading) -> Table:
    several = len(reading.effects) > 1
    best = ("Best of all",) * several
    return Table(
        ("Variant", "Better than the control", *best, "Lost if chosen", "Lost if not"),
        tuple(_belief(analysis, reading.kind, one, several) for one in reading.effects),
        title="Probabilities",
    )


def _belief(analysis: Analysis, kind: MetricKind, effect: Effect, several: bool) -> tuple[str, ...]:
    name, bayes = _name(analysis, effect.variant), effect.bayes
    if bayes is None:
        return name, NONE, *((NONE,) * several), NONE, NONE
    best = NONE if bayes.best is None else numbers.probability(bayes.best)
    return (
        name,
        NONE if bayes.better is None else numbers.probability(bayes.better),
        *((best,) * several),
        _lost(kind, bayes.loss_if_chosen),
        _lost(kind, bayes.loss_if_not),
    )


def _lost(kind: MetricKind, loss: float | None) -> str:
    if loss is None:
        return NONE
    scale = 100 if kind in numbers.SHARES else 1
    if 0 < loss * scale < LEAST:
        return f"under {numbers.size(kind, LEAST / scale)}"
    return numbers.size(kind, loss)


def _refused(analysis: Analysis, reading: MetricReading) -> Iterator[str]:
    for one in reading.effects:
        for reason in dict.fromkeys(one.refused.values()):
            which = [name for name, why in one.refused.items() if why == reason]
            told = numbers.listed([REFUSED.get(name, name) for name in which])
            yield f"{_name(analysis, one.variant)}: {told} cannot be given. {reason}"


REFUSED = {
    "absolute": "the difference read once",
    "relative": "the relative difference read once",
    "always": "the difference at any time",
    "always_relative": "the relative difference at any time",
    "bayes": "probabilities",
    "best": "the probability of being the best",
    "variance_removed": "the variance taken out",
}


def _segment_tables(analysis: Analysis) -> Iterator[Block]:
    by: dict[tuple[str, str], list[SegmentReading]] = {}
    for one in analysis.segments:
        by.setdefault((one.segment, one.metric), []).append(one)
    readings = {one.metric: one for one in analysis.metrics}
    deciding = analysis.metrics[0].metric if analysis.metrics else ""
    left_out = 0
    for (segment, metric), found in by.items():
        if len(by) > MANY and metric != deciding and not any(one.differs for one in found):
            left_out += 1
            continue
        if not any(_readable(one) for reading in found for one in reading.effects):
            name = f"{readings[metric].name} by {segment}"
            yield Text(f"{name}: too few people differ yet to give a figure of any of them.")
            continue
        yield Table(
            ("Value", "Variant", "People", "Relative", "Difference", "p, corrected", "Differs"),
            tuple(
                row for one in found for row in _segment_rows(analysis, readings[metric].kind, one)
            ),
            title=f"{readings[metric].name} by {segment}",
        )
    if left_out:
        yield Text(
            f"{left_out} more tables, of other metrics in which no segment clearly differs, are "
            "left out here; the CSV export has all of them.",
            quiet=True,
        )


def _readable(effect: Effect) -> bool:
    return effect.always is not None and effect.always.absolute is not None


def _segment_rows(
    analysis: Analysis, kind: MetricKind, reading: SegmentReading
) -> Iterator[tuple[str, ...]]:
    people = {one.variant: one.n for one in reading.arms}
    for one in reading.effects:
        always = one.always
        both = [people.get(id, 0) for id in (analysis.control, one.variant)]
        yield (
            reading.label,
            _name(analysis, one.variant),
            f"{max(both) if analysis.paired else sum(both):,}",
            _change(always.relative if always else None),
            _difference(kind, always.absolute if always else None),
            _p(one.adjusted_p),
            "clearly" if reading.differs else "no",
        )
