"""The effect among some people alone: a chart, a table, and how far to trust them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.experiment_results import Analysis, Effect, SegmentReading
from core.domain.experiments import MetricKind
from pages.parts.charts import show
from pages.parts.experiment_charts import Row, intervals
from pages.parts.experiment_words import (
    Reading,
    difference,
    difference_range,
    is_share,
    name_of,
    p_of,
    refusals,
    span_of,
    verdict_of,
    why_not,
)
from pages.parts.page import counted, empty_state, section, short

A_PAGE = 12
ENDS = ("Difference", "Low", "High")
NUMBERS = (
    *ENDS,
    *(f"{end} (points)" for end in ENDS),
    "p, any time",
    "p, read once",
    "p, read once, corrected",
)
NOTE = (
    "For ideas, not for decisions: among many segments some look different by chance. P-values "
    "are corrected for how many are looked at (Benjamini and Hochberg); a segment that is marked "
    "differs from the others even so. Try what you see here in an experiment of its own."
)


def draw_segments(analysis: Analysis, reading: Reading) -> None:
    """Segments of one attribute, one metric and one variant; those that differ are marked."""
    if not analysis.segments:
        empty_state(
            "donut_small",
            "Results by segment will stand here, where a design names what to look at people by.",
        )
        return
    st.info(NOTE, icon=":material/lightbulb:")
    chosen, variant = _filters(analysis)
    if not chosen:
        st.caption("No segment is like that.")
        return
    section(_found(chosen))
    _chart(analysis, chosen, variant, reading)
    _table(analysis, chosen, reading)


def _filters(analysis: Analysis) -> tuple[list[SegmentReading], str]:
    segments = list(dict.fromkeys(one.segment for one in analysis.segments))
    metrics = list(dict.fromkeys(one.metric for one in analysis.segments))
    names = {metric.metric: metric.name for metric in analysis.metrics}
    variants = [id for id in analysis.variants if id != analysis.control]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        segment = _pick("By", segments, str, "segments_by")
        metric = _pick(
            "Metric", metrics, lambda id: short(names.get(id, id), 40), "segments_metric"
        )
        variant = _pick(
            "Variant", variants, lambda id: short(name_of(analysis, id), 40), "segments_variant"
        )
        only = st.checkbox("Only those that differ", key="segments_differ")
    found = [
        one
        for one in analysis.segments
        if one.segment == segment and one.metric == metric and (one.differs or not only)
    ]
    return found, variant or ""


def _pick(label: str, options: list[str], say: Any, key: str) -> str | None:
    """A choice where there is one to make."""
    if len(options) < 2:
        return next(iter(options), None)
    picked: str = st.selectbox(
        label, options, format_func=lambda one: short(say(one), 40), width=220, key=key
    )
    return picked


def _found(chosen: list[SegmentReading]) -> str:
    differ = [one.label for one in chosen if one.differs]
    if not differ:
        return f"No segment of {len(chosen)} clearly differs from the others"
    names = ", ".join(short(one, 30) for one in differ[:3])
    more = f" and {len(differ) - 3} more" if len(differ) > 3 else ""
    verb = "differs" if len(differ) == 1 else "differ"
    return f"{names}{more} {verb} from the others, after correction"


def _effect(one: SegmentReading, variant: str) -> Effect | None:
    return next((effect for effect in one.effects if effect.variant == variant), None)


def _chart(
    analysis: Analysis, chosen: list[SegmentReading], variant: str, reading: Reading
) -> None:
    pages = -(-len(chosen) // A_PAGE)
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(counted(len(chosen), "segment"), width="stretch")
            at = st.pagination(pages, key="segments_page")
        chosen = chosen[(at - 1) * A_PAGE : at * A_PAGE]
    metric = next((one for one in analysis.metrics if one.metric == chosen[0].metric), None)
    kind: MetricKind = metric.kind if metric else "mean"
    better = metric.better if metric else "higher"
    rows = [_row(one, variant, reading, kind, better) for one in chosen]
    told = "; ".join(f"{row.name}: {row.said}" for row in rows)
    show(
        intervals(rows, " pts" if is_share(kind) else ""),
        key=f"segments_{reading}_{variant}_{len(rows)}",
        alt=f"The difference in each segment. {told}",
        name="experiment-segments",
    )


def _row(one: SegmentReading, variant: str, reading: Reading, kind: MetricKind, better: str) -> Row:
    name = f"{one.label}{' · ≠ differs' if one.differs else ''}"
    effect = _effect(one, variant)
    if effect is None:
        return Row(name, None, "not given: nobody of this segment is in the variant")
    span = span_of(effect, reading, "absolute")
    if span is None:
        return Row(name, None, f"not given: {why_not(effect, 'always', 'absolute')}")
    by = 100.0 if is_share(kind) else 1.0
    scaled = span.model_copy(
        update={"value": by * span.value, "low": by * span.low, "high": by * span.high}
    )
    said = f"{difference(kind, span)} ({difference_range(kind, span)})"
    return Row(name, scaled, said, verdict_of(effect, reading, better))


def _table(analysis: Analysis, chosen: list[SegmentReading], reading: Reading) -> None:
    share = any(one.metric == chosen[0].metric and is_share(one.kind) for one in analysis.metrics)
    rows = [
        _cells(analysis, one, effect, share, reading) for one in chosen for effect in one.effects
    ]
    st.dataframe(
        rows,
        hide_index=True,
        height="content" if len(rows) <= 24 else 480,
        key="segments_table",
        placeholder="not given",
        alt="Each segment's figures",
        column_config={name: st.column_config.NumberColumn(format="%.3g") for name in NUMBERS},
    )


def _cells(
    analysis: Analysis, one: SegmentReading, effect: Effect, share: bool, reading: Reading
) -> dict[str, Any]:
    arms = {arm.variant: arm for arm in one.arms}
    control, arm = arms.get(analysis.control), arms.get(effect.variant)
    span, by, unit = (
        span_of(effect, reading, "absolute"),
        100 if share else 1,
        " (points)" if share else "",
    )
    return {
        "Segment": one.label,
        "Variant": name_of(analysis, effect.variant),
        "In the control": control.text if control else "nobody",
        "In the variant": arm.text if arm else "nobody",
        f"Difference{unit}": span and by * span.value,
        f"Low{unit}": span and by * span.low,
        f"High{unit}": span and by * span.high,
        "p, any time" if reading == "any" else "p, read once": p_of(effect, reading),
        "p, read once, corrected": effect.adjusted_p,
        "Differs": "yes" if one.differs else "no",
        "Not given, because": " ".join(refusals(effect)),
    }
