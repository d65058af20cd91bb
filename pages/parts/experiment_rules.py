"""What each rule is worth: how often it is wrong if one peeks, as measured."""

from __future__ import annotations

import streamlit as st

from core.domain.experiment_results import Analysis, RuleError
from core.domain.experiments import Rule
from pages.parts.charts import show
from pages.parts.experiment_charts import named_bars
from pages.parts.experiment_words import number
from pages.parts.page import section

YOURS = "▶ yours"


def draw_rules(analysis: Analysis, rule: Rule) -> None:
    """Each rule's measured errors, the one of this experiment marked."""
    rules = sorted(analysis.rules, key=lambda one: one.false_alarms)
    if not rules:
        st.caption("No measured errors came with this look.")
        return
    looks = max(one.looks for one in rules)
    alarms = [100 * one.false_alarms for one in rules]
    section(
        f"Looked at {looks} times where nothing differs, rules are wrong in "
        f"{number(min(alarms), 1)} to {number(max(alarms), 1)} of 100 experiments"
    )
    mine = [at for at, one in enumerate(rules) if _is_mine(one, rule)]
    limit = 100 * rule.alpha
    show(
        named_bars(
            [f"{YOURS}: {one.name}" if at in mine else one.name for at, one in enumerate(rules)],
            alarms,
            [f"{alarm:.1f} %" for alarm in alarms],
            bad=[at for at, alarm in enumerate(alarms) if alarm > limit + 1],
        ),
        key="rules_chart",
        alt="False alarms of each rule: "
        + "; ".join(f"{one.name} {100 * one.false_alarms:.1f} %" for one in rules),
        name="experiment-rules",
    )
    st.caption(
        f"Red bars are wrong more often than the {limit:g} % that this experiment allows. "
        "Measured on simulated experiments in which the variants do not differ."
    )
    _table(rules, mine)


def _is_mine(one: RuleError, rule: Rule) -> bool:
    """Whether it is this experiment's rule; of planned looks, the one with its bounds."""
    if one.kind == "group_sequential" and one.kind == rule.kind:
        return one.rule == rule.boundary
    return one.kind == rule.kind


def _table(rules: list[RuleError], mine: list[int]) -> None:
    st.dataframe(
        [
            {
                "Rule": one.name,
                "This one": YOURS if at in mine else "",
                "Looks": one.looks,
                "Wrong where nothing differs": 100 * one.false_alarms,
                "Finds a difference that is there": 100 * one.found,
                "Stops after (looks)": one.days,
                "Overestimates by": None if one.exaggerated is None else 100 * one.exaggerated,
                "Simulated experiments": one.replicates,
            }
            for at, one in enumerate(rules)
        ],
        hide_index=True,
        height="content",
        key="rules_table",
        placeholder="nothing to measure",
        alt="How often each rule is wrong, and how often it finds a difference",
        column_config={
            name: st.column_config.NumberColumn(format="%.1f %%")
            for name in (
                "Wrong where nothing differs",
                "Finds a difference that is there",
                "Overestimates by",
            )
        },
    )
