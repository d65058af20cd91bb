"""What was decided before the data came: frozen, dated, with its fingerprint."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from core.domain.experiment_results import Analysis
from core.domain.experiments import Design, Experiment, Metric, Variant
from pages.parts.experiment_measures import words_of
from pages.parts.experiment_words_of import NAMES
from pages.parts.page import counted, plain, section, short

RULES = {
    "always_valid": "Always-valid intervals: may be looked at whenever one likes",
    "fixed": "Significance, read once when the planned people are there",
    "group_sequential": "Group-sequential: a fixed number of looks",
    "expected_loss": "Expected loss under a threshold",
}
KINDS = {
    "proportion": "share who did it",
    "mean": "mean",
    "ratio": "ratio",
    "revenue": "revenue",
    "quantile": "quantile",
    "retention": "still there",
}
HOW = {
    "hash": "by a fixed function of the participant's id",
    "stratified": "balanced within strata",
    "paired": "everyone meets every variant",
    "bandit": "by a bandit (Thompson sampling)",
    "given": "as the data say",
}
SHOWN = 200


def draw_registered(experiment: Experiment, analysis: Analysis) -> None:
    """The registered card, and whether anything changed since."""
    design = experiment.design
    with st.container(border=True, gap="small"):
        _head(experiment, analysis)
        if design.hypothesis:
            st.markdown(f"**What was expected.** {plain(design.hypothesis)}")
        st.table(_facts(experiment), border="horizontal", alt="What was decided beforehand")
    section(f"{counted(len(design.metrics), 'metric')} to be read")
    _rows([_metric(one, design) for one in design.metrics], "metrics")
    section(f"{counted(len(design.variants), 'variant')}")
    _rows([_variant(one, design) for one in design.variants], "variants")


def _rows(rows: list[dict[str, str]], what: str) -> None:
    """A table without the columns that nothing stands in."""
    filled = [name for name in rows[0] if any(row[name] for row in rows)] if rows else []
    st.dataframe(
        [{name: row[name] for name in filled} for row in rows],
        hide_index=True,
        height="content" if len(rows) <= 24 else 480,
        key=f"registered_{what}",
        alt=f"The {what} as they were decided",
    )


def _variant(one: Variant, design: Design) -> dict[str, str]:
    equal = len({variant.weight for variant in design.variants}) == 1
    return {
        "Variant": one.label,
        "Control": "control" if one.id == design.control_id else "",
        "In the data": one.in_data if one.in_data != one.label else "",
        "Share": "" if equal else f"{one.weight:g}",
        "What is behind it": "; ".join(_behind(one)),
    }


def _behind(one: Variant) -> Iterator[str]:
    """Everything in which a variant differs from the flow as it is."""
    if one.note:
        yield one.note
    for step, change in one.messages.items():
        for field, text in change.model_dump(exclude_none=True).items():
            yield f"{step}, {NAMES.get(field, field).lower()} “{short(text, SHOWN)}”"
    for slug, version in one.twins.items():
        yield f"{slug} in version {version}"
    if one.personality_config:
        yield ", ".join(f"{name} {value}" for name, value in one.personality_config.items())
    if one.flow:
        yield f"flow {one.flow}" + (f", version {one.flow_version}" if one.flow_version else "")
    if one.model:
        yield f"played by {one.model}"


def _head(experiment: Experiment, analysis: Analysis) -> None:
    registered = experiment.registered
    if registered is None:
        section("Nothing was registered")
        st.caption("This was not frozen before the data came, so it could be chosen after them.")
        return
    first = "the first look" if experiment.source == "table" else "the data"
    section(f"Decided on {registered.at:%-d %B %Y, %H:%M}, before {first}")
    same = experiment.design.fingerprint == registered.fingerprint
    as_read = not analysis.fingerprint or analysis.fingerprint == registered.fingerprint
    if same and as_read:
        st.badge("unchanged since", icon=":material/lock:", color="green")
    else:
        st.badge("changed since", icon=":material/lock_open:", color="red")
    st.caption(f"Fingerprint (SHA-256) `{registered.fingerprint}`")
    for warned in analysis.warnings:
        if warned.kind == "design_changed":
            st.warning(f"**{plain(warned.title)}.** {plain(warned.text)}")


def _facts(experiment: Experiment) -> dict[str, str]:
    design, rule = experiment.design, experiment.design.rule
    people = experiment.registered.people if experiment.registered else design.planned.people
    facts = {
        "Decided by": RULES[rule.kind],
        "Wrong at most": f"{100 * rule.alpha:g} times in 100, where nothing differs",
        "Worth having": f"a difference of {100 * rule.least:g} % or more, relative to the control",
        "Wished": f"to find one of that size {100 * rule.power:g} times in 100",
        "People planned": f"{people:,}" if people else "not said",
        "Assigned": HOW[design.assignment.how],
        "Taking part": short(design.audience, SHOWN),
        "Looked at by": short(", ".join(design.segments), SHOWN),
        "Believed before": _prior(design),
        "Narrowest at": f"{rule.tuning:,} participants" if rule.tuning else "",
        "Looks planned": str(rule.looks) if rule.kind == "group_sequential" else "",
        "Loss allowed": f"{100 * rule.loss:g} %" if rule.kind == "expected_loss" else "",
    }
    return {name: plain(said) for name, said in facts.items() if said}


def _prior(design: Design) -> str:
    prior = design.prior
    even = prior.alpha == prior.beta == 1
    shares = (
        "every share equally likely" if even else f"shares as Beta({prior.alpha:g}, {prior.beta:g})"
    )
    if prior.sd is None:
        return f"{shares}; nothing about other differences"
    return f"{shares}; other differences around {100 * prior.mean:g} % ± {100 * prior.sd:g} %"


def _metric(one: Metric, design: Design) -> dict[str, str]:
    primary = design.primary
    role = "decides" if primary is not None and one.id == primary.id else one.role
    return {
        "Metric": one.label,
        "Role": role,
        "Kind": KINDS[one.kind],
        "Good is": one.better,
        "From": words_of(one.value) + (f" per {words_of(one.per)}" if one.per else ""),
        "Known before (CUPED)": one.before or "",
        "Cut at": f"{100 * one.winsorise:g} %" if one.winsorise else "",
        "Harm from": f"{100 * one.margin:g} % worse" if one.role == "guardrail" else "",
    }
