"""The primary metric's effect as people came in: for looking any time, and read once."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.experiment_results import Analysis, Moving, Span
from pages.parts.charts import show
from pages.parts.experiment_charts import over_time
from pages.parts.experiment_words import difference, difference_range, is_share, name_of
from pages.parts.page import empty_state, plain, section, short

LEAST = 2


def draw_over_time(analysis: Analysis) -> None:
    """One variant at a time; a table has them all."""
    by_variant: dict[str, list[Moving]] = {}
    for point in analysis.over_time:
        by_variant.setdefault(point.variant, []).append(point)
    if not analysis.metrics or not by_variant:
        empty_state(
            "show_chart",
            "How the effect moved will stand here, once the data say when people came.",
            hint="Live events say it, a table needs a column with the time. In a rehearsal where "
            "everyone meets every variant there is no such order.",
        )
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        variant = _variant(analysis, list(by_variant))
        across = st.segmented_control(
            "Along",
            ["days", "participants"],
            default="days",
            required=True,
            format_func=str.capitalize,
            key="time_across",
        )
    _draw(analysis, by_variant[variant], across or "days", "tab")
    _table(analysis)


def draw_course(analysis: Analysis, across: str, *, key: str) -> None:
    """The chart alone, of the variant that the advice names."""
    named = [point for point in analysis.over_time if point.variant == analysis.advice.variant]
    points = named or [
        point
        for point in analysis.over_time
        if point.variant == next(iter(analysis.over_time)).variant
    ]
    if analysis.metrics and points:
        _draw(analysis, points, across, key)


def _variant(analysis: Analysis, ids: list[str]) -> str:
    if len(ids) == 1:
        return ids[0]
    first = analysis.advice.variant
    chosen: str = st.selectbox(
        "Variant",
        ids,
        index=ids.index(first) if first in ids else 0,
        format_func=lambda id: short(name_of(analysis, id), 40),
        width=280,
        key="time_variant",
    )
    return chosen


def _draw(analysis: Analysis, points: list[Moving], across: str, key: str) -> None:
    metric = analysis.metrics[0]
    section(_found(points, across))
    if sum(point.effect is not None for point in points) < LEAST:
        st.caption("There are too few looks with a figure yet to draw how it moved.")
        return
    scale, unit = (100.0, " pts") if is_share(metric.kind) else (1.0, "")
    last = next(point.effect for point in reversed(points) if point.effect is not None)
    show(
        over_time(points, scale, unit, across),
        key=f"over_time_{key}_{across}_{points[0].variant}",
        alt=f"{metric.name} over time. At last {difference(metric.kind, last)}, "
        f"{difference_range(metric.kind, last)} read once.",
        name="experiment-over-time",
    )
    st.caption(
        "The light band may be looked at every day; the dark one is for one look at the end. "
        + plain(f"Everything known until then counts: {metric.name}, against the control.")
    )


def _found(points: list[Moving], across: str) -> str:
    """Since when the band for any look has left out no difference."""
    since: Moving | None = None
    for point in points:
        outside = point.always is not None and not point.always.low <= 0 <= point.always.high
        since = (since or point) if outside else None
    if since is None:
        return "No difference is still possible, at whatever moment one looks"
    where = f"day {since.day:g}" if across == "days" else f"{since.people:,} participants"
    side = "above" if since.always is not None and since.always.low > 0 else "below"
    return f"Clearly {side} no difference since {where}"


def _table(analysis: Analysis) -> None:
    share = is_share(analysis.metrics[0].kind)
    by = 100.0 if share else 1.0
    with st.expander("As a table, in points" if share else "As a table", icon=":material/table:"):
        st.dataframe(
            [_cells(analysis, point, by) for point in analysis.over_time],
            hide_index=True,
            height="content" if len(analysis.over_time) <= 30 else 480,
            key="time_table",
            placeholder="not given",
            alt="The effect at each moment",
            column_config={
                name: st.column_config.NumberColumn(format="%.4g")
                for name in (
                    "Difference", "Low", "High", "Any time: low", "Any time: high",
                    "p, read once", "p, any time",
                )
            },
        )  # fmt: skip


def _cells(analysis: Analysis, point: Moving, by: float) -> dict[str, Any]:
    effect: Span | None = point.effect
    return {
        "Day": point.day,
        "When": point.at,
        "Variant": name_of(analysis, point.variant),
        "People": point.people,
        "Difference": effect and by * effect.value,
        "Low": effect and by * effect.low,
        "High": effect and by * effect.high,
        "Any time: low": point.always and by * point.always.low,
        "Any time: high": point.always and by * point.always.high,
        "p, read once": point.p,
        "p, any time": point.always_p,
    }
