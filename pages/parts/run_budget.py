"""A run that paused at its budget: what it has cost, what it may cost now, and on it goes."""

from __future__ import annotations

import streamlit as st

from core.domain.money import money, rounded_up
from core.domain.runs import Run
from pages.parts.context import workspace
from pages.parts.model_words import spent_words
from pages.parts.page import counted, guarded, plain

LEAST = 0.0001
MOST = 1_000_000.0


def at_budget(run: Run) -> bool:
    """Whether a run rests because what it may cost is spent; one that was stopped has no error."""
    return run.status == "paused" and run.engine == "language" and run.error is not None


def paused_words(run: Run) -> str:
    """``Paused at its budget of $0.50: 43 of 140 people have played.``"""
    of = f" of {money(run.budget_usd)}" if run.budget_usd is not None else ""
    people = counted(run.contacts, "person", "people")
    return f"Paused at its budget{of}: {run.done:,} of {people} have played."


def suggested(run: Run, spent: float) -> float:
    """What the whole run may come to, as its first people went; at least twice the budget."""
    projected = 1.2 * spent * run.contacts / run.done if run.done else 0.0
    return min(MOST, rounded_up(max(projected, 2 * (run.budget_usd or 0.0), 2 * spent, LEAST)))


def raise_budget(run: Run, key: str, *, first: bool = False) -> None:
    """The new budget, and one button that sets it and lets the run go on.

    Args:
        run: A run that paused at its budget.
        key: Of the widgets.
        first: Whether this is the first thing to do on its page.
    """
    spent = workspace().rehearsals.spending(run)
    st.caption(
        plain(
            f"{' · '.join(spent_words(spent))}. Nothing is lost: answers that were paid for are "
            "kept, and it goes on from where it is."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        wanted = st.number_input(
            "Raise to (USD)",
            min_value=LEAST,
            max_value=MOST,
            value=suggested(run, spent.cost_usd),
            step=max(LEAST, rounded_up(0.1 * suggested(run, spent.cost_usd))),
            format="%.4f" if suggested(run, spent.cost_usd) < 1 else "%.2f",
            width=180,
            key=f"{key}_raise_{run.id}",
        )
        if st.button(
            "Raise and go on",
            type="primary" if first else "secondary",
            icon=":material/play_arrow:",
            key=f"{key}_go_on_{run.id}",
        ):
            go_on(run, wanted)


def go_on(run: Run, budget_usd: float) -> None:
    """Allow more, and let the run go on from where it is."""
    with guarded():
        rehearsals = workspace().rehearsals
        rehearsals.allow(run.id, budget_usd)
        rehearsals.start(run.id)
        st.rerun()
