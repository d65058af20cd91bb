"""What every variant did by itself, metric by metric."""

from __future__ import annotations

import streamlit as st

from core.domain.experiment_results import Analysis, ArmValue, MetricReading
from pages.parts.experiment_words import is_share, level, name_of
from pages.parts.page import counted, section


def draw_arms(analysis: Analysis) -> None:
    """People by variant, and each metric's value with its interval."""
    people = counted(analysis.people(), "participant")
    section(f"{people} in {counted(len(analysis.variants), 'variant')}")
    spread = any(arm.sd is not None for metric in analysis.metrics for arm in metric.arms)
    rows = [
        {
            "Metric": metric.name,
            "Variant": name_of(analysis, arm.variant),
            "Value": _value(metric, arm),
            "Interval": _interval(metric, arm),
            "People with a value": arm.n,
            "Without one": arm.missing,
            **({"How much people differ (SD)": _spread(metric, arm)} if spread else {}),
        }
        for metric in analysis.metrics
        for arm in metric.arms
    ]
    st.dataframe(
        rows,
        hide_index=True,
        height="content" if len(rows) <= 24 else 480,
        key="arms_table",
        alt="Each metric in each variant",
    )


def _spread(metric: MetricReading, arm: ArmValue) -> str:
    if arm.sd is not None:
        return f"{arm.sd:.4g}"
    return "follows from the share" if is_share(metric.kind) else "not given"


def _value(metric: MetricReading, arm: ArmValue) -> str:
    if arm.value is None:
        return arm.text or "no value"
    return arm.text or level(metric.kind, arm.value)


def _interval(metric: MetricReading, arm: ArmValue) -> str:
    if arm.low is None or arm.high is None:
        return "not given"
    return f"{level(metric.kind, arm.low)} to {level(metric.kind, arm.high)}"
