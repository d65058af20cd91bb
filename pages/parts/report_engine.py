"""Who answered in a run: the engine, what the messages met, the prompts, the money."""

from __future__ import annotations

import streamlit as st

from core.domain.models import Spending
from core.domain.reports import Report, RunFacts, cost_words
from pages.parts.model_prompt import prompt_popover
from pages.parts.model_words import player, spent_words
from pages.parts.page import counted, link, plain, section

ALWAYS = ("answered", "ignored")
FAILED = ("refused", "invalid", "unavailable", "skipped")


def money_facts(facts: RunFacts) -> list[str]:
    """What a run with a language model adds to the small line: its prompts and its cost."""
    if facts.spending is None:
        return []
    names = [one.replace("-", " ") for one in facts.prompts]
    prompts = [f"prompt{'s' if len(names) > 1 else ''} {', '.join(names)}"] if names else []
    return [*prompts, cost_words(facts.cost_usd, facts.spending, facts.budget_usd)]


def spending_words(spending: Spending, budget_usd: float | None) -> list[str]:
    """What was asked and paid; a price that nobody knows is not nothing."""
    first = cost_words(spending.cost_usd, spending, budget_usd)
    return [first, *spent_words(spending, budget_usd)[1:]]


def draw_engine(report: Report) -> None:
    """At the right of a report: who answered, how often, and at what price."""
    facts = report.facts
    with st.container(border=True, gap="small", key="report_engine"):
        section("Who answered")
        st.markdown(
            f"**{plain(player(facts.engine, facts.model_name, facts.model))}**, "
            f"{plain(facts.calibration)}"
        )
        _met(facts)
        if facts.spending is None:
            link("behaviour", "See its parameters", icon=":material/tune:")
            return
        st.caption(" · ".join(plain(w) for w in spending_words(facts.spending, facts.budget_usd)))
        asked, said = facts.spending.prompt_tokens, facts.spending.completion_tokens
        st.caption(f"{counted(asked, 'token')} asked, {counted(said, 'token')} answered.")
        with st.container(horizontal=True, gap="small"):
            for prompt in facts.prompts:
                prompt_popover(prompt, f"report_prompt_{prompt}")


def _met(facts: RunFacts) -> None:
    """What the messages met, by name; what did not happen is left out unless a model was asked."""
    met = facts.reactions.model_dump()
    total = sum(met.values())
    asked = facts.spending is not None
    shown = {n: c for n, c in met.items() if c or n in ALWAYS or (asked and n in FAILED)}
    st.caption(f"{counted(total, 'message')} met:")
    st.table(
        {
            plain(name.capitalize()): f"{count:,} of {total:,}" if total else "0"
            for name, count in shown.items()
        },
        border="horizontal",
        alt="What the messages met",
    )
