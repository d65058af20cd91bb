"""What was decided before the data came: frozen, dated, with its fingerprint."""

from __future__ import annotations

import streamlit as st

from core.domain.experiment_results import Analysis
from core.domain.experiments import Design, Experiment, Metric
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
    st.dataframe(
        [_metric(one, design) for one in design.metrics],
        hide_index=True,
        height="content" if len(design.metrics) <= 24 else 480,
        key="registered_metrics",
        alt="The metrics as they were decided",
    )
    section(f"{counted(len(design.variants), 'variant')}")
    st.dataframe(
        [
            {
                "Variant": one.label,
                "Id": one.id,
                "Control": "control" if one.id == design.control_id else "",
                "Share": f"{one.weight:g}",
                "What is behind it": one.note,
            }
            for one in design.variants
        ],
        hide_index=True,
        height="content",
        key="registered_variants",
        alt="The variants as they were decided",
    )


def _head(experiment: Experiment, analysis: Analysis) -> None:
    registered = experiment.registered
    if registered is None:
        section("Nothing was registered")
        st.caption("This was not frozen before the data came, so it could be chosen after them.")
        return
    section(f"Decided on {registered.at:%-d %B %Y, %H:%M}, before the data")
    same = experiment.design.fingerprint == registered.fingerprint
    as_read = not analysis.fingerprint or analysis.fingerprint == registered.fingerprint
    if same and as_read:
        words, colour, icon = "unchanged since", "green", "lock"
    else:
        words, colour, icon = "changed since", "red", "lock_open"
    st.badge(words, icon=f":material/{icon}:", color=colour)
    st.caption(f"Fingerprint (SHA-256) `{registered.fingerprint}`")
    for warned in analysis.warnings:
        if warned.kind == "design_changed":
            st.warning(f"**{plain(warned.title)}.** {plain(warned.text)}")


def _facts(experiment: Experiment) -> dict[str, str]:
    design, rule = experiment.design, experiment.design.rule
    people = experiment.registered.people if experiment.registered else design.planned.people
    facts = {
        "Decided by": RULES[rule.kind],
        "Wrong at most": f"{100 * rule.alpha:g} % of the time, where nothing differs",
        "Finds": f"a difference of {100 * rule.least:g} %, {100 * rule.power:g} % of the time",
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
    shares = f"Beta({prior.alpha:g}, {prior.beta:g}) for shares"
    if prior.sd is None:
        return f"{shares}; nothing about other differences (flat)"
    return f"{shares}; other differences around {100 * prior.mean:g} % ± {100 * prior.sd:g} %"


def _metric(one: Metric, design: Design) -> dict[str, str]:
    primary = design.primary
    role = "decides" if primary is not None and one.id == primary.id else one.role
    return {
        "Metric": one.label,
        "Role": role,
        "Kind": KINDS[one.kind],
        "Good is": one.better,
        "From": one.value + (f" per {one.per}" if one.per else ""),
        "Known before (CUPED)": one.before or "",
        "Cut at": f"{100 * one.winsorise:g} %" if one.winsorise else "",
        "Harm from": f"{100 * one.margin:g} % worse" if one.role == "guardrail" else "",
    }
