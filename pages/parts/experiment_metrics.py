"""What counts: each metric, what it is, which way is good, and what it is there for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.domain.experiments import MOST_SEGMENTS, Design, Experiment, Metric
from pages.parts.experiment_draft import (
    changed_metric,
    draft,
    free_id,
    not_saved,
    on_field,
    on_press,
    widget,
)
from pages.parts.experiment_measures import (
    before_of,
    fitting,
    measures_of,
    segments_of,
    words_of,
)
from pages.parts.page import plain, short

PART = "experiment_metrics"
KINDS = {
    "proportion": ("Yes or no", "The share of people who do it."),
    "mean": ("Average", "The average a person: messages, minutes, points."),
    "revenue": ("Money", "The average a person, where a few may bring very much."),
    "ratio": (
        "One per another",
        "One sum over another, such as clicks per message. A person with many messages counts as "
        "one person, not as many.",
    ),
    "quantile": ("Typical value", "The median, or another quantile: nine in ten wait less."),
    "retention": ("Still there", "The share who still do something after so many days."),
}
ROLES = {
    "primary": ("Decides", "The one metric that the decision rests on."),
    "secondary": ("Read too", "Read, but it decides nothing."),
    "guardrail": ("Must not get worse", "A guardrail: if it gets clearly worse, stop."),
}
EXPLAINED = {
    "role": " ".join(f"{name}: {text}" for name, text in ROLES.values()),
}
WAYS = {"higher": "More is better", "lower": "Less is better"}
WINSORISED = {None: "Leave as they are", 0.99: "Top 1 % set back", 0.995: "Top 0.5 % set back",
              0.999: "Top 0.1 % set back", 0.95: "Top 5 % set back"}  # fmt: skip
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)


def draw_metrics(id: str) -> None:
    """The metrics, then the segments."""
    experiment = draft(id)
    measures = measures_of(experiment)
    st.caption(
        "One metric decides. Guardrails are what must not get worse on the way. What was not "
        "named here beforehand proves nothing afterwards."
    )
    for metric in experiment.design.metrics:
        _metric(experiment, metric, measures)
    if not experiment.design.metrics:
        st.markdown("Nothing is measured yet.")
    st.button(
        "Add a metric",
        icon=":material/add:",
        key=widget(id, "metric_add"),
        on_click=on_press,
        args=(id, PART, _added(measures)),
    )
    _segments(experiment)
    not_saved(id, PART)


def _added(measures: list[str]) -> Callable[[Design], dict[str, Any]]:
    """A metric more, of what is not measured yet."""

    def edit(design: Design) -> dict[str, Any]:
        used = {one.value for one in design.metrics}
        value = next((one for one in measures if one not in used), "converted")
        ids = [one.id for one in design.metrics]
        new = Metric(
            id=free_id(ids, short(value, 60)),
            name=words_of(value),
            value=value,
            role="secondary" if design.metrics else "primary",
        )
        return {"metrics": [*design.metrics, new]}

    return edit


def _removed(gone: str) -> Callable[[Design], dict[str, Any]]:
    return lambda design: {"metrics": [one for one in design.metrics if one.id != gone]}


def _metric(experiment: Experiment, metric: Metric, measures: list[str]) -> None:
    with st.container(border=True, gap="small", key=f"metric_{experiment.id}_{metric.id}"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            _text(experiment, metric)
            _choice(experiment, metric, "role", "What it is for", list(ROLES), 200, ROLES)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            _choice(experiment, metric, "kind", "Kind", list(KINDS), 170, KINDS)
            _column(experiment, metric, "value", VALUE.get(metric.kind, "What"), measures)
            if metric.kind == "ratio":
                _column(experiment, metric, "per", "Per", measures)
            if metric.kind == "quantile":
                _quantile(experiment, metric)
            if metric.kind == "retention" and experiment.source != "table":
                _day(experiment, metric)
            _choice(experiment, metric, "better", "Which way", list(WAYS), 160, WAYS)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(KINDS[metric.kind][1], width="stretch")
            with st.popover(
                _more_words(metric),
                icon=":material/tune:",
                type="tertiary",
                key=f"metric_more_{experiment.id}_{metric.id}",
            ):
                _more(experiment, metric)
            st.button(
                "Remove",
                icon=":material/delete:",
                type="tertiary",
                key=widget(experiment, f"metric_remove_{metric.id}"),
                on_click=on_press,
                args=(experiment.id, PART, _removed(metric.id)),
            )


VALUE = {"ratio": "The sum of", "quantile": "Of what", "retention": "Doing what"}


def _text(experiment: Experiment, metric: Metric) -> None:
    key = widget(experiment, f"metric_name_{metric.id}")
    st.text_input(
        "Name",
        metric.label,
        max_chars=255,
        key=key,
        width="stretch",
        on_change=on_field,
        args=(experiment.id, PART, key, _set(metric.id, "name")),
    )


def _choice(
    experiment: Experiment,
    metric: Metric,
    field: str,
    label: str,
    options: list[Any],
    width: int,
    words: dict[Any, Any],
) -> None:
    key = widget(experiment, f"metric_{field}_{metric.id}")
    now = getattr(metric, field)
    st.selectbox(
        label,
        options,
        index=options.index(now),
        format_func=lambda one: words[one][0] if isinstance(words[one], tuple) else words[one],
        help=EXPLAINED.get(field),
        key=f"{key}_{now}",  # another metric may have taken its role
        width=width,
        on_change=on_field,
        args=(experiment.id, PART, f"{key}_{now}", _set(metric.id, field)),
    )


def _column(
    experiment: Experiment, metric: Metric, field: str, label: str, measures: list[str]
) -> None:
    now = getattr(metric, field)
    options = fitting(metric.kind, measures, now)
    key = widget(experiment, f"metric_{field}_{metric.id}_{metric.kind}")
    st.selectbox(
        label,
        options,
        index=options.index(now) if now in options else None,
        format_func=words_of,
        accept_new_options=experiment.source == "table" and experiment.dataset is None,
        key=key,
        width="stretch",
        on_change=on_field,
        args=(experiment.id, PART, key, _set(metric.id, field)),
    )


def _quantile(experiment: Experiment, metric: Metric) -> None:
    options = sorted({*QUANTILES, metric.quantile})
    key = widget(experiment, f"metric_quantile_{metric.id}")
    st.selectbox(
        "Which",
        options,
        index=options.index(metric.quantile),
        format_func=lambda q: "Median" if q == 0.5 else f"{100 * q:g} % are below",
        key=key,
        width=150,
        on_change=on_field,
        args=(experiment.id, PART, key, _set(metric.id, "quantile")),
    )


def _day(experiment: Experiment, metric: Metric) -> None:
    key = widget(experiment, f"metric_day_{metric.id}")
    st.number_input(
        "After days",
        0,
        3650,
        metric.day,
        key=key,
        width=120,
        on_change=on_field,
        args=(experiment.id, PART, key, _set(metric.id, "day")),
    )


def _set(id: str, field: str) -> Callable[[Design, Any], dict[str, Any]]:
    """One field of a metric; a ratio has a second measure, and nothing else has."""

    def edit(design: Design, value: Any) -> dict[str, Any]:
        if field in ("day", "margin") and value is None:
            value = 0
        if field != "kind":
            return changed_metric(design, id, **{field: value})
        metric = next(one for one in design.metrics if one.id == id)
        per = (metric.per or metric.value) if value == "ratio" else None
        return changed_metric(design, id, kind=value, per=per)

    return edit


# What few need


def _more_words(metric: Metric) -> str:
    """The button says what is set behind it."""
    told = []
    if metric.before:
        told.append(f"corrected by {plain(short(metric.before, 40))}")
    if metric.winsorise:
        told.append("largest values set back")
    if metric.role == "guardrail" and metric.margin:
        told.append(f"{100 * metric.margin:g} % worse is no harm yet")
    return "More" + (f" · {', '.join(told)}" if told else "")


def _more(experiment: Experiment, metric: Metric) -> None:
    if metric.kind not in ("quantile", "ratio"):
        _before(experiment, metric)
    if metric.kind in ("mean", "revenue", "ratio"):
        _winsorise(experiment, metric)
    if metric.role == "guardrail":
        _margin(experiment, metric)
    elif metric.kind == "quantile":
        st.caption("There is nothing more to set for a typical value.")


def _before(experiment: Experiment, metric: Metric) -> None:
    columns = [one for one in before_of(experiment) if one != metric.value]
    options = [None, *dict.fromkeys([*([metric.before] if metric.before else []), *columns])]
    key = widget(experiment, f"metric_before_{metric.id}")
    st.selectbox(
        "Known before the start",
        options,
        index=options.index(metric.before),
        format_func=lambda one: "Nothing" if one is None else short(one),
        key=key,
        help="The same thing measured before, such as last month’s purchases. What it explains is "
        "taken out (CUPED), so that fewer people are needed. It must not depend on the variant.",
        on_change=on_field,
        args=(experiment.id, PART, key, _set(metric.id, "before")),
    )


def _winsorise(experiment: Experiment, metric: Metric) -> None:
    options = sorted({*WINSORISED, metric.winsorise}, key=lambda q: (q is not None, -(q or 0.0)))
    key = widget(experiment, f"metric_winsorise_{metric.id}")
    st.selectbox(
        "Very large values",
        options,
        index=options.index(metric.winsorise),
        format_func=lambda q: WINSORISED.get(q) or f"Values above {100 * q:g} % set back",
        key=key,
        help="One person who buys for a hundred should not decide. Values above the mark are set "
        "to it, in all variants alike.",
        on_change=on_field,
        args=(experiment.id, PART, key, _set(metric.id, "winsorise")),
    )


def _margin(experiment: Experiment, metric: Metric) -> None:
    key = widget(experiment, f"metric_margin_{metric.id}")
    st.number_input(
        "How much worse is no harm yet, in %",
        0.0,
        100.0,
        100 * metric.margin,
        step=1.0,
        format="%g",
        key=key,
        width=260,
        help="Relative to the variant that the others are held against. 0: any clear worsening is "
        "harm.",
        on_change=on_field,
        args=(
            experiment.id,
            PART,
            key,
            lambda d, v: changed_metric(d, metric.id, margin=(v or 0.0) / 100),
        ),
    )


def _segments(experiment: Experiment) -> None:
    """By what results are also read."""
    design = experiment.design
    options = list(dict.fromkeys([*design.segments, *segments_of(experiment)]))
    free = experiment.source == "live" or (
        experiment.source == "table" and experiment.dataset is None
    )
    if not options and not free:
        return
    key = widget(experiment, "segments")
    st.multiselect(
        "Also read it separately by",
        options,
        default=list(design.segments),
        format_func=short,
        max_selections=MOST_SEGMENTS,
        accept_new_options=free,
        placeholder="Country, plan, …" if free else "Choose by what",
        key=key,
        help="Looking at many groups finds something somewhere by chance: the figures by group "
        "are corrected for that.",
        on_change=on_field,
        args=(experiment.id, PART, key, lambda _, value: {"segments": value}),
    )
