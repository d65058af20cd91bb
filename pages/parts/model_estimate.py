"""What a rehearsal with a language model will cost, before it starts, and its budget."""

from __future__ import annotations

from concurrent.futures import Future
from typing import NamedTuple

import streamlit as st

from core.domain.errors import GreenroomError
from core.domain.estimates import Estimate
from core.domain.models import Model
from core.domain.money import rounded_up
from core.domain.populations import PopulationDraft
from core.domain.ranges import estimate_words, range_words
from pages.parts.context import workbench, workspace
from pages.parts.later import later, soon, wait_for
from pages.parts.page import counted, link, plain, show_error

LEAST = 0.0001
MOST = 1_000_000.0
PATIENCE = 0.8


class Allowed(NamedTuple):
    """What a rehearsal may cost, and whether that could be decided yet."""

    budget_usd: float | None = None
    known: bool = True


def draw_estimate(
    model: Model, flow: tuple[str, int], people: str | PopulationDraft, seed: int
) -> Allowed:
    """The estimate as a range, and the field for the budget.

    Args:
        model: Who will be asked.
        flow: The flow's id and version.
        people: A population's id, or who is to be in a new one.
        seed: The run's seed.
    """
    future = _asked(model, flow, people, seed)
    if not soon(future, PATIENCE):
        wait_for(future, "Working out what it will cost", "estimate")
        return Allowed(known=False)
    error = future.exception()
    if error is not None:
        if isinstance(error, GreenroomError):
            st.caption(f":material/help: What it will cost is not known. {plain(str(error))}")
        else:
            show_error(error)
        return Allowed(_budget(model, None))
    found = future.result()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{plain(estimate_words(found))}**")
            _why(found, model)
        return Allowed(_budget(model, found))


def _asked(
    model: Model, flow: tuple[str, int], people: str | PopulationDraft, seed: int
) -> Future[Estimate]:
    """The estimate, worked out beside the page; the same question is answered once."""
    here = workspace()
    who = people if isinstance(people, str) else people.model_dump_json()
    runs = here.rehearsals.count()  # each run teaches more of how long answers are
    key = (str(workbench().settings.home), here.name, "estimate", model, flow, who, seed, runs)

    def work() -> Estimate:
        population = people if isinstance(people, str) else here.populations.freeze(people).id
        return here.rehearsals.estimate(flow[0], population, model, seed=seed, flow_version=flow[1])

    return later(key, work)


def _why(found: Estimate, model: Model) -> None:
    """What the estimate rests on, behind a button; what is missing for a price."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover("What this assumes", type="tertiary", icon=":material/info:"):
            sample = f"{found.sample:,} of {counted(found.people, 'person', 'people')}"
            st.markdown(f"Worked out by playing {plain(sample)} with stand-ins for the model.")
            for sentence in found.assumptions:
                st.markdown(f"- {plain(sentence)}")
            tokens = range_words(found.prompt_tokens, "token")
            said = range_words(found.completion_tokens, "token")
            st.caption(plain(f"{tokens} asked, {said} answered."))
        if found.unpriced:
            st.caption(
                f":material/help: {plain(found.unpriced)} A budget cannot be kept without a price."
            )
            link("models", "Give its price", icon=":material/sell:", edit=model.id)


def _budget(model: Model, found: Estimate | None) -> float | None:
    """The field for the budget: what the estimate reaches at most, unless it is changed."""
    known = found is not None and found.usd is not None
    most = rounded_up(found.usd.high) if found is not None and found.usd is not None else None
    value = min(MOST, max(LEAST, most)) if most else None
    return st.number_input(
        "Budget (USD)",
        min_value=LEAST,
        max_value=MOST,
        value=value,
        step=None if value is None else max(LEAST, rounded_up(value / 10)),
        format="%.4f" if value is not None and value < 1 else "%.2f",
        placeholder="no limit" if known else "no price known",
        disabled=found is not None and found.usd is None,
        width=170,
        key=f"rehearse_budget_{model.id}_{value}",
        help="The rehearsal pauses when it is spent, and goes on when you raise it.",
    )
