"""How it will be decided: each rule with what it has been measured to do, chosen beforehand."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.domain.experiment_results import RuleError
from core.domain.experiments import Design, Experiment, Rule
from core.experiments import rule_errors
from pages.parts.experiment_draft import draft, not_saved, on_field, widget
from pages.parts.page import counted
from pages.parts.theme import TEXT_FONT, palette

PART = "experiment_rule"
RULES = {
    "always_valid": (
        "Look whenever you like",
        "Intervals that stay right however often you look; stop as soon as they say so. The same "
        "people find less than in a test that is read once.",
    ),
    "fixed": (
        "Read once, at the end",
        "The classic test: decide the number of people now, look once when they are there. Looking "
        "earlier and stopping makes it wrong.",
    ),
    "group_sequential": (
        "A few planned looks",
        "So many looks, planned now; the bar is higher at the early ones.",
    ),
    "expected_loss": (
        "What a mistake would cost",
        "A variant is taken once choosing it wrongly would cost very little on average. It says "
        "nothing about how often it is wrong.",
    ),
}
BOUNDARIES = {
    "obrien_fleming": "Hard at first, almost as usual at the end (O’Brien–Fleming)",
    "pocock": "The same bar at every look (Pocock)",
}
ELSEWHERE = ("fixed_peeked", "believed_95", "loss_100")
"""Rules that are common elsewhere and not offered here: what they do is shown all the same."""
ALWAYS = 0.95
ALARMING = 0.1
"""A rule that is wrong so often where nothing differs is marked."""


def draw_rule(id: str) -> None:
    """The rule, its settings, what each rule has been measured to do, the prior."""
    experiment = draft(id)
    rule = experiment.design.rule
    options = list(RULES)
    key = widget(id, "rule")
    st.radio(
        "The rule",
        options,
        index=options.index(rule.kind),
        format_func=lambda one: RULES[one][0],
        captions=[f"{RULES[one][1]} {_measured(one)}" for one in options],
        key=key,
        label_visibility="collapsed",
        on_change=on_field,
        args=(id, PART, key, _set("kind")),
    )
    _settings(experiment, rule)
    st.markdown("**How often is each rule wrong, if one keeps looking?**")
    draw_errors(rule_errors(), rule)
    with st.expander("What is believed before the data", icon=":material/psychology_alt:"):
        _prior(experiment)
    not_saved(id, PART)


def _set(field: str, factor: float = 1.0) -> Callable[[Design, Any], dict[str, Any]]:
    """One field of the rule; typed in per cent where ``factor`` says so."""

    def edit(design: Design, value: Any) -> dict[str, Any]:
        changed = round(value * factor, 12) if factor != 1.0 and value is not None else value
        return {"rule": {**design.rule.model_dump(), field: changed}}

    return edit


def _number(
    experiment: Experiment,
    field: str,
    label: str,
    now: float,
    bounds: tuple[float, float],
    help: str,
    *,
    step: float = 1.0,
    per_cent: bool = True,
) -> None:
    key = widget(experiment, f"rule_{field}")
    st.number_input(
        label,
        *bounds,
        round(now * 100, 6) if per_cent else now,
        step=step,
        format="%g" if isinstance(now, float) or per_cent else None,
        key=key,
        help=help,
        on_change=on_field,
        args=(experiment.id, PART, key, _set(field, 0.01 if per_cent else 1.0)),
    )


def _settings(experiment: Experiment, rule: Rule) -> None:
    with st.grid(3, min_column_width=200, gap="small"):
        _number(
            experiment,
            "least",
            "Worth having from, in %",
            rule.least,
            (0.01, 1000.0),
            "The smallest difference that would change what you do, relative to how it is now. "
            "Less is called “no difference worth having”.",
        )
        _number(
            experiment,
            "power",
            "Found how often, in %",
            rule.power,
            (51.0, 99.9),
            "How often a difference of that size shall be found where it is there.",
        )
        _number(
            experiment,
            "alpha",
            "Wrong at most, in %",
            rule.alpha,
            (0.01, 49.0),
            "How often, at most, a difference may be declared where there is none.",
        )
        if rule.kind == "group_sequential":
            _number(
                experiment,
                "looks",
                "Looks",
                rule.looks,
                (2, 50),
                "How often it is looked at, at most.",
                step=1,
                per_cent=False,
            )
        if rule.kind == "expected_loss":
            _number(
                experiment,
                "loss",
                "Loss that is nothing, in %",
                rule.loss,
                (0.01, 100.0),
                "A variant is taken once the expected loss is under this, relative to how it is "
                "now.",
                step=0.1,
            )
        _number(
            experiment,
            "least_people",
            "At least people a variant",
            rule.least_people,
            (0, 10**9),
            "Nothing is decided with fewer.",
            step=10,
            per_cent=False,
        )
        if experiment.source != "rehearsal":
            _number(
                experiment,
                "least_days",
                "At least days",
                float(rule.least_days),
                (0.0, 3650.0),
                "Nothing is decided earlier. Two whole weeks have every weekday twice.",
                per_cent=False,
            )
    if rule.kind == "group_sequential":
        key = widget(experiment, "rule_boundary")
        st.selectbox(
            "How high the bar is",
            list(BOUNDARIES),
            index=list(BOUNDARIES).index(rule.boundary),
            format_func=lambda one: BOUNDARIES[one],
            key=key,
            on_change=on_field,
            args=(experiment.id, PART, key, _set("boundary")),
        )


# What each rule has been measured to do


def draw_errors(errors: Sequence[RuleError], rule: Rule) -> None:
    """The measured error of each rule; those offered, and what others do every day, first."""
    if not errors:
        st.caption("No rule has been measured yet.")
        return
    days = max(one.looks for one in errors)
    first = [one for one in errors if one.kind is not None or one.rule in ELSEWHERE]
    first.sort(key=lambda one: one.false_alarms)
    st.html(_table(first, rule, days))
    st.caption(
        f"Measured on {errors[0].replicates:,} simulated experiments a rule, over {days} days. "
        "“Wrong” is declaring a difference where there is none; “finds” is for a difference as "
        "large as the plan asks for."
    )
    with st.expander(f"All {counted(len(errors), 'rule')} that were measured"):
        st.html(_table(errors, rule, days))


def _measured(kind: str) -> str:
    """The worst of what a kind of rule was measured to do, in a sentence."""
    of_kind = [one for one in rule_errors() if one.kind == kind]
    if not of_kind:
        return ""
    wrong = times_in(max(one.false_alarms for one in of_kind))
    finds = times_in(min(one.found for one in of_kind))
    return f"Measured: wrong {wrong}, finds what is there {finds}."


def _chosen(one: RuleError, rule: Rule) -> bool:
    if rule.kind == "group_sequential":
        return one.rule == rule.boundary
    return one.kind == rule.kind


def times_in(share: float) -> str:
    """A share as people say it: ``9 times in 10``, ``4 times in 100``."""
    if share <= 0:
        return "never seen"
    if share >= ALWAYS:
        return "practically always"
    for of in (10, 100, 1_000):
        times = round(share * of)
        if times and (of > 10 or share >= ALARMING):
            return f"{times} {'time' if times == 1 else 'times'} in {of:,}"
    return "less than once in 1,000"


def _table(errors: Sequence[RuleError], rule: Rule, days: int) -> str:
    colours = palette()
    cell = f"padding:.35rem .6rem;border-top:1px solid {colours.line};text-align:left"
    heads = ("Rule", "Wrong where nothing differs", "Finds what is there", "Stops after")
    shown = "".join(
        f'<th scope="col" style="padding:.35rem .6rem;text-align:left;font-weight:500;'
        f'color:{colours.quiet}">{one}</th>'
        for one in heads
    )
    rows = "".join(_row_of(one, cell, days, mine=_chosen(one, rule)) for one in errors)
    return (
        f'<div style="overflow-x:auto"><table style="border-collapse:collapse;width:100%;'
        f"font-family:{TEXT_FONT};font-size:.9rem;color:{colours.ink};"
        f'font-variant-numeric:tabular-nums"><thead><tr>{shown}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row_of(one: RuleError, cell: str, days: int, *, mine: bool) -> str:
    colours = palette()
    back = f"background:{colours.panel};font-weight:600" if mine else ""
    wrong = one.false_alarms >= ALARMING
    share = f"{100 * one.false_alarms:.1f} %"
    alarm = f"color:{colours.brick}" if wrong else ""
    sign = "▲ " if wrong else ""
    mark = "● " if mine else ""
    stops = "at the end" if one.looks == 1 else f"day {one.days:.0f} of {days}"
    not_ours = (
        ""
        if one.kind is not None
        else f'<br><span style="color:{colours.quiet}">not offered here</span>'
    )
    return (
        f'<tr style="{back}"><td style="{cell}">{mark}{html.escape(one.name)}{not_ours}</td>'
        f'<td style="{cell};{alarm}">{sign}{times_in(one.false_alarms)} '
        f'<br><span style="color:{colours.quiet};font-weight:400">{share}</span></td>'
        f'<td style="{cell};white-space:nowrap">{times_in(one.found)}</td>'
        f'<td style="{cell};white-space:nowrap">{stops}</td></tr>'
    )


# The prior


def _prior(experiment: Experiment) -> None:
    prior = experiment.design.prior
    st.caption(
        "The probabilities rest on this, and say so. As it is, it claims nothing: every rate is as "
        "likely as any other, every difference too."
    )
    with st.grid(2, min_column_width=200, gap="small"):
        _belief(experiment, "alpha", "Rates: did it (Beta, first)", prior.alpha, (0.001, 1e6))
        _belief(experiment, "beta", "Rates: did not (Beta, second)", prior.beta, (0.001, 1e6))
    key = widget(experiment, "prior_known")
    known = st.toggle(
        "Differences are usually small",
        value=prior.sd is not None,
        key=key,
        help="What earlier experiments showed: most changes change little. It draws surprising "
        "results of few people towards nothing.",
        on_change=on_field,
        args=(
            experiment.id,
            PART,
            key,
            lambda d, on: {"prior": {**d.prior.model_dump(), "sd": 0.1 if on else None}},
        ),
    )
    if known and prior.sd is not None:
        with st.grid(2, min_column_width=200, gap="small"):
            _belief(experiment, "mean", "Usual difference, in %", prior.mean, (-1e3, 1e3), 100)
            _belief(experiment, "sd", "Give or take, in %", prior.sd, (0.01, 1e4), 100)


def _belief(
    experiment: Experiment,
    field: str,
    label: str,
    now: float,
    bounds: tuple[float, float],
    times: int = 1,
) -> None:
    key = widget(experiment, f"prior_{field}")

    def edit(design: Design, value: float | None) -> dict[str, Any]:
        kept = {} if value is None else {field: round(value / times, 12)}
        return {"prior": {**design.prior.model_dump(), **kept}}

    st.number_input(
        label,
        *bounds,
        float(now * times),
        format="%g",
        key=key,
        on_change=on_field,
        args=(experiment.id, PART, key, edit),
    )
