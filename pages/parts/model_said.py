"""Who said this: the model, the prompt, the price, and how often it was asked."""

from __future__ import annotations

import streamlit as st

from core.domain.models import CallRecord
from core.domain.money import money
from core.domain.reports import Turn
from pages.parts.model_prompt import prompt_popover
from pages.parts.page import counted, plain, short


def draw_source(turn: Turn) -> None:
    """The line under a reaction of a language model, and all that the ledger knows of it."""
    if not turn.source:
        return
    model = turn.source.get("model", "a language model")
    deed = "Said" if turn.side == "in" else "Decided"
    st.caption(plain(f"{deed} by {model}, uncalibrated · {_short(turn.calls)}"))
    with st.container(horizontal=True, gap="small"):
        with st.popover(
            "Who said this", icon=":material/receipt_long:", key=f"said_{turn.seq}", width="content"
        ):
            _details(turn)
        prompts = [call.prompt for call in turn.calls] or [turn.source.get("prompt", "")]
        for prompt in dict.fromkeys(filter(None, prompts)):
            prompt_popover(prompt, f"prompt_{turn.seq}_{prompt}")


def _short(calls: list[CallRecord]) -> str:
    """``fresh, $0.0012``, ``from the cache``."""
    if not calls:
        return "the ledger has no call for it"
    fresh = [call for call in calls if not call.cached]
    if not fresh:
        return "from the cache, cost nothing"
    asked = "" if len(calls) == 1 else f", asked {len(calls)} times"
    return f"fresh{asked}, {price(fresh)}"


def price(calls: list[CallRecord]) -> str:
    """What calls cost together; says where a price is not known."""
    known = [call.cost_usd for call in calls if call.cost_usd is not None]
    if len(known) == len(calls):
        return money(sum(known))
    return f"at least {money(sum(known))}, not every price is known" if known else "no price known"


def _details(turn: Turn) -> None:
    """One table a call, in order: the reaction's own, then its repair where one was needed."""
    if not turn.calls:
        st.caption(
            "No call was written down for this reaction. It was given by "
            f"{plain(turn.source.get('model', 'a language model'))}."
        )
    for number, call in enumerate(turn.calls, 1):
        if len(turn.calls) > 1:
            st.caption(f"Call {number} of {len(turn.calls)}")
        st.table(
            {name: plain(value) for name, value in _rows(call).items()},
            border="horizontal",
            alt="The call that made this reaction",
        )


def _rows(call: CallRecord) -> dict[str, str]:
    tokens = f"{call.prompt_tokens:,} asked, {call.completion_tokens:,} answered"
    cost = "nothing" if call.cached else price([call])
    rows = {
        "Model": call.model,
        "Prompt": call.prompt,
        "Came": "from the cache" if call.cached else "fresh",
        "Price": cost,
        "Tokens": tokens,
        "Took": f"{call.seconds:.1f} s, {counted(call.attempts, 'attempt')}",
        "Status": call.status,
        "Address of the answer": call.key,
    }
    if call.error:
        rows["What went wrong"] = short(call.error, 300)
    return rows
