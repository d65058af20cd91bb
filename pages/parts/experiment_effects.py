"""All metrics in all variants: a chart of intervals, narrowed down, and the table behind it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.experiment_results import Analysis, Effect, MetricReading, Span
from core.domain.experiments import Design
from pages.parts.charts import show
from pages.parts.experiment_arms import draw_arms
from pages.parts.experiment_charts import Row, intervals
from pages.parts.experiment_words import (
    Reading,
    Scale,
    difference,
    difference_range,
    is_share,
    name_of,
    p_of,
    refusals,
    relative,
    relative_range,
    span_of,
    verdict_of,
    why_not,
)
from pages.parts.page import counted, plain, section, short

A_PAGE = 12
FITS = 12
"""So many comparisons stand under the answer; more have a tab with filters and pages."""
MANY = 5
ROLES = {"primary": "decides", "secondary": "also read", "guardrail": "guardrail"}
Pair = tuple[MetricReading, Effect]


def pairs_of(analysis: Analysis) -> list[Pair]:
    """Every metric in every variant but the control."""
    return [(metric, effect) for metric in analysis.metrics for effect in metric.effects]


def draw_forest(analysis: Analysis, design: Design, reading: Reading) -> None:
    """The chart of every comparison, or a page of those that are chosen."""
    pairs = pairs_of(analysis)
    section(_found(pairs, reading))
    scale, chosen = _filters(analysis, pairs)
    if not chosen:
        st.caption("No metric is like that.")
    elif scale == "relative":
        _chart(analysis, design, _paged(chosen), reading, "relative", "relative")
    else:
        _absolute(analysis, design, _paged(chosen), reading)
    if len(pairs) > MANY:
        st.caption(
            "Each interval stands for itself: of many, some leave out no difference by chance. "
            "The deciding metric and the guardrails decide, the others give ideas."
        )


def draw_effects(analysis: Analysis, design: Design, reading: Reading) -> None:
    """Every figure as a table; the chart of them where there was no room for it further up."""
    pairs = pairs_of(analysis)
    if not pairs:
        st.caption("There is nothing to compare yet: one variant, or no metric.")
        return
    if len(pairs) > FITS:
        draw_forest(analysis, design, reading)
    section("Each variant against the control")
    _table(analysis, pairs)
    st.caption("Differences of shares are parts of 1: 0.05 is 5 points.")
    draw_arms(analysis)
    _notes(analysis)


def _found(pairs: list[Pair], reading: Reading) -> str:
    """What the chart shows, as its title."""
    words = [verdict_of(effect, reading, metric.better) for metric, effect in pairs]
    better, worse = words.count("better"), words.count("worse")
    if not better and not worse:
        return f"Nothing is clearly better or worse in {counted(len(words), 'comparison')}"
    of = f"of {counted(len(words), 'comparison')}"
    if not worse:
        return f"{better} {of} clearly better, none worse"
    return f"{better or 'None'} {of} clearly better, {worse} worse"


def _filters(analysis: Analysis, pairs: list[Pair]) -> tuple[Scale, list[Pair]]:
    variants = list(dict.fromkeys(effect.variant for _, effect in pairs))
    roles = list(dict.fromkeys(metric.role for metric, _ in pairs))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        scale = st.segmented_control(
            "Difference",
            ["relative", "absolute"],
            default="relative",
            required=True,
            format_func=str.capitalize,
            key="effects_scale",
            help="Relative to the control, or in the metric's own units.",
        )
        variant = role = None
        if len(variants) > 1:
            variant = st.selectbox(
                "Variant",
                [None, *variants],
                format_func=lambda id: "All" if id is None else short(name_of(analysis, id), 40),
                width=220,
                key="effects_variant",
            )
        if len(roles) > 1:
            role = st.selectbox(
                "Metrics",
                [None, *roles],
                format_func=lambda one: "All" if one is None else ROLES[one],
                width=160,
                key="effects_role",
            )
    chosen = [
        (metric, effect)
        for metric, effect in pairs
        if (variant is None or effect.variant == variant) and (role is None or metric.role == role)
    ]
    return scale or "relative", chosen


def _paged(chosen: list[Pair]) -> list[Pair]:
    pages = -(-len(chosen) // A_PAGE)
    if pages < 2:
        return chosen
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(counted(len(chosen), "comparison"), width="stretch")
        at = st.pagination(pages, key="effects_page")
    return chosen[(at - 1) * A_PAGE : at * A_PAGE]


def _chart(
    analysis: Analysis,
    design: Design,
    pairs: list[Pair],
    reading: Reading,
    scale: Scale,
    key: str,
) -> None:
    rows = [_row(analysis, design, pair, reading, scale) for pair in pairs]
    share = is_share(pairs[0][0].kind)
    unit = "\u00a0%" if scale == "relative" else " pts" if share else ""
    told = "; ".join(f"{row.name}: {row.said}, {row.verdict}" for row in rows)
    show(
        intervals(rows, unit),
        key=f"effects_{key}_{reading}_{len(rows)}",
        alt=f"Differences with their intervals. {told}",
        name="experiment-effects",
    )


def _absolute(analysis: Analysis, design: Design, pairs: list[Pair], reading: Reading) -> None:
    """Shares together on one axis; every other metric on one of its own."""
    shares = [pair for pair in pairs if is_share(pair[0].kind)]
    if shares:
        _chart(analysis, design, shares, reading, "absolute", "shares")
    others = dict.fromkeys(metric.metric for metric, _ in pairs if not is_share(metric.kind))
    for id in others:
        some = [pair for pair in pairs if pair[0].metric == id]
        _chart(analysis, design, some, reading, "absolute", id)


def _row(analysis: Analysis, design: Design, pair: Pair, reading: Reading, scale: Scale) -> Row:
    metric, effect = pair
    several = len(metric.effects) > 1
    name = metric.name
    if metric.role == "guardrail":
        name = f"{name} (guardrail)"
    if several:
        name = f"{short(name, 24)} · {short(name_of(analysis, effect.variant), 44)}"
    span = span_of(effect, reading, scale)
    if span is None:
        names = {"any": ("always", f"always_{scale}", scale), "once": (scale,)}[reading]
        return Row(name, None, f"not given: {why_not(effect, *names)}")
    by = 100.0 if scale == "relative" or is_share(metric.kind) else 1.0
    return Row(
        name,
        _scaled(span, by),
        _said(metric, span, scale),
        verdict_of(effect, reading, metric.better),
        _margin(design, metric, scale, by),
        _scaled(inner, by) if (inner := _once(effect, reading, scale)) else None,
    )


def _once(effect: Effect, reading: Reading, scale: Scale) -> Span | None:
    if reading == "once":
        return None
    return effect.absolute if scale == "absolute" else effect.relative


def _said(metric: MetricReading, span: Span, scale: Scale) -> str:
    if scale == "relative":
        return f"{relative(span)} ({relative_range(span)})"
    return f"{difference(metric.kind, span)} ({difference_range(metric.kind, span)})"


def _scaled(span: Span, by: float) -> Span:
    return Span(value=by * span.value, low=by * span.low, high=by * span.high)


def _margin(design: Design, metric: MetricReading, scale: Scale, by: float) -> float | None:
    """Where a guardrail's harm begins, on the axis that is shown."""
    if metric.role != "guardrail":
        return None
    margin = next((one.margin for one in design.metrics if one.id == metric.metric), 0.0)
    sign = -1.0 if metric.better == "higher" else 1.0
    if scale == "relative":
        return sign * margin * by
    control = metric.arms[0].value if metric.arms else None
    return None if control is None else sign * margin * abs(control) * by


def _notes(analysis: Analysis) -> None:
    for metric in analysis.metrics:
        for note in metric.notes:
            st.caption(plain(f"{metric.name}: {note}"))


def _table(analysis: Analysis, pairs: list[Pair]) -> None:
    st.dataframe(
        [_cells(analysis, metric, effect) for metric, effect in pairs],
        hide_index=True,
        height="content" if len(pairs) <= 30 else 640,
        key="effects_table",
        placeholder="not given",
        alt="Every figure of every metric and variant",
        column_config={
            name: st.column_config.NumberColumn(format="%.4g")
            for name in (
                "Difference", "Low", "High", "Any time: low", "Any time: high",
                "Relative", "Relative low", "Relative high", "p, read once", "p, corrected",
                "p, any time", "Probability of being better", "Expected loss", "Variance removed",
            )
        },
    )  # fmt: skip


def _cells(analysis: Analysis, metric: MetricReading, effect: Effect) -> dict[str, Any]:
    always = effect.always.absolute if effect.always else None
    bayes = effect.bayes
    return {
        "Metric": metric.name,
        "Role": ROLES[metric.role],
        "Variant": name_of(analysis, effect.variant),
        "Verdict": verdict_of(effect, "any", metric.better),
        **_ends("Difference", "Low", "High", effect.absolute),
        "Any time: low": always and always.low,
        "Any time: high": always and always.high,
        **_ends("Relative", "Relative low", "Relative high", effect.relative),
        "p, any time": p_of(effect, "any"),
        "p, read once": effect.p,
        "p, corrected": effect.adjusted_p,
        "Probability of being better": bayes and bayes.better,
        "Expected loss": bayes and bayes.loss_if_chosen,
        "Variance removed": effect.variance_removed,
        "Method": effect.method,
        "Not given, because": " ".join(refusals(effect)),
    }


def _ends(value: str, low: str, high: str, span: Span | None) -> dict[str, float | None]:
    if span is None:
        return {value: None, low: None, high: None}
    return {value: span.value, low: span.low, high: span.high}
