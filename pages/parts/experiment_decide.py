"""The decision: what the rule says and why, how often it errs, and the one next thing to do."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from core.domain.experiment_results import Analysis, Outcome
from core.domain.experiments import Decided, Experiment
from pages.parts.context import workspace
from pages.parts.experiment_words import OUTCOMES, name_of
from pages.parts.page import counted, go, guarded, plain, section, short

SHOWN = 5
DONE = ("winner", "no_difference", "harm")
"""What the rule may say that ends an experiment."""


def title_of(experiment: Experiment, analysis: Analysis) -> str:
    """What was found; where a person decided otherwise, what was decided."""
    decided, advice = experiment.decided, analysis.advice
    if decided is None or (decided.outcome, decided.variant) == (advice.outcome, advice.variant):
        return advice.headline.rstrip(".")
    word = OUTCOMES[decided.outcome][2]
    name = f": {short(name_of(analysis, decided.variant), 60)}" if decided.variant else ""
    return f"Decided by {'the rule' if decided.by == 'rule' else 'a person'}: {word}{name}"


def draw_decision(experiment: Experiment, analysis: Analysis) -> None:
    """The card at the right."""
    decided = experiment.decided
    earlier = analysis.number < experiment.looks
    with st.container(border=True, gap="small"):
        if decided is not None and not earlier:
            _recorded(experiment, analysis, decided)
            st.divider()
        _said(analysis, "What the rule said" if decided or earlier else "What the rule says")
        if earlier:
            st.caption("Decisions are taken at the newest look.")
        elif decided is None:
            if analysis.advice.next:
                st.markdown(f"**Next:** {plain(analysis.advice.next)}")
            _open(experiment, analysis)


def _said(analysis: Analysis, title: str) -> None:
    advice = analysis.advice
    _outcome(analysis, advice.outcome, advice.variant)
    section(title)
    _reasons(analysis)
    st.caption(f":material/gavel: **The rule:** {plain(advice.rule)}")
    if advice.error:
        st.caption(f":material/casino: **How often it errs:** {plain(advice.error)}")


def _outcome(analysis: Analysis, outcome: str, variant: str | None) -> None:
    colour, icon, word = OUTCOMES[outcome]
    name = f": {short(name_of(analysis, variant), 40)}" if variant else ""
    st.badge(plain(f"{word}{name}"), icon=f":material/{icon}:", color=colour)


def _reasons(analysis: Analysis) -> None:
    """Why, without what a stop above says already; of very many reasons, some are folded."""
    above = " ".join(one.text for one in analysis.warnings if one.severity == "stop")
    reasons = [one for one in analysis.advice.reasons if one not in above]
    for reason in reasons[:SHOWN]:
        st.markdown(f":small[{plain(reason)}]")
    if reasons[SHOWN:]:
        with st.expander(f"{counted(len(reasons) - SHOWN, 'reason')} more"):
            for reason in reasons[SHOWN:]:
                st.markdown(f":small[{plain(reason)}]")


def _open(experiment: Experiment, analysis: Analysis) -> None:
    """Nothing is decided: the rule's word is recorded, or a person's own."""
    if analysis.advice.outcome == "broken":
        _again(experiment)
        return
    if analysis.advice.outcome in DONE:
        pressed = st.button(
            "Record the decision",
            type="primary",
            icon=":material/task_alt:",
            key="experiment_record",
            width="stretch",
        )
        if pressed:
            with guarded():
                workspace().experiments.decide(experiment.id)
                st.rerun()
    with st.popover("Decide otherwise", icon=":material/edit_note:", width="stretch"):
        _otherwise(experiment, analysis)


def _again(experiment: Experiment) -> None:
    """Nothing can be decided from figures that cannot be believed."""
    pressed = st.button(
        "Begin again with a copy",
        type="primary",
        icon=":material/content_copy:",
        key="experiment_again",
        width="stretch",
        help="A new draft with the same design. This experiment is kept as it is.",
    )
    if pressed:
        with guarded():
            go("experiments", experiment=workspace().experiments.copy(experiment.id).id)


def _otherwise(experiment: Experiment, analysis: Analysis) -> None:
    st.markdown("A person may decide against the rule. It is recorded as theirs, with the reason.")
    outcomes = [one for one in get_args(Outcome) if one != "broken"]
    outcome = st.selectbox(
        "Decision",
        outcomes,
        format_func=lambda one: OUTCOMES[one][2],
        key="experiment_other_outcome",
    )
    variant = None
    if outcome in ("winner", "harm"):
        variant = st.selectbox(
            "Variant",
            list(analysis.variants),
            index=len(analysis.variants) - 1,
            format_func=lambda id: short(name_of(analysis, id), 40),
            key="experiment_other_variant",
        )
    note = st.text_area(
        "Why", key="experiment_other_note", max_chars=2_000, placeholder="For whoever reads this"
    )
    if not note.strip():
        st.caption("Write why; then it can be recorded.")
    if st.button("Record it", key="experiment_other", disabled=not note.strip()):
        with guarded():
            workspace().experiments.decide(
                experiment.id, outcome=outcome, variant=variant, note=note.strip(), by="person"
            )
            st.rerun()


# After the decision


def _recorded(experiment: Experiment, analysis: Analysis, decided: Decided) -> None:
    section("What was decided")
    _outcome(analysis, decided.outcome, decided.variant)
    by = "by the rule" if decided.by == "rule" else "by a person"
    st.caption(f"Recorded {by} on {decided.at:%-d %b %Y}, after look {decided.look}")
    if decided.note:
        st.markdown(plain(decided.note))
    if experiment.applied is not None:
        name = name_of(analysis, experiment.applied.variant)
        st.success(
            f"**{plain(short(name, 60))} is in use.** {plain(experiment.applied.what)}",
            icon=":material/check_circle:",
        )
        _afterwards(experiment)
    elif decided.outcome == "winner" and decided.variant:
        _apply(experiment, analysis, decided.variant)
    else:
        _afterwards(experiment)


def _apply(experiment: Experiment, analysis: Analysis, variant: str) -> None:
    if experiment.source != "rehearsal" and not experiment.design.flow:
        st.caption("Its variants are not made here, so there is nothing to put into use here.")
        return
    pressed = st.button(
        "Apply the winner",
        type="primary",
        icon=":material/publish:",
        key="experiment_apply",
        width="stretch",
        help="The winning variant becomes the version in use. Earlier versions are kept.",
    )
    if pressed:
        with guarded():
            workspace().experiments.apply(experiment.id)
            st.rerun()
    name = plain(short(name_of(analysis, variant), 60))
    st.caption(f"{name} becomes the version in use; the earlier one is kept.")


def _afterwards(experiment: Experiment) -> None:
    """A rehearsal leads to the test with real people."""
    if experiment.source != "rehearsal":
        return
    pressed = st.button(
        "Plan the real test",
        type="primary",
        icon=":material/arrow_forward:",
        key="experiment_plan_real",
        width="stretch",
        help="A draft for real people, planned from what this rehearsal found.",
    )
    if pressed:
        with guarded():
            rooms = workspace().experiments
            made = rooms.create(rooms.plan_real(experiment.id), source="live")
            go("experiments", experiment=made.id)
