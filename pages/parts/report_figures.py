"""The numbers of a report: the score and how it is made, and the rates with who makes them up."""

from __future__ import annotations

import streamlit as st

from core.domain.reports import Figure, Report, cost_words
from pages.parts.charts import ring, show
from pages.parts.page import count_text, interval_text, plain


def draw_figures(report: Report) -> None:
    """A row of cards of one height."""
    with st.grid(5, min_column_width=165, gap="small"):
        _score(report)
        if report.goal is not None:
            figure = report.goals[0] if len(report.goals) == 1 else report.goal
            _card(figure, figure.made_of_text or "nobody")
        else:
            _card(report.read, report.read.made_of_text)
        _card(report.answered, _delay(report) or report.answered.made_of_text)
        _card(report.opted_out, _most(report.opted_out))
        _messages(report)


def _card(figure: Figure, note: str) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        unknown = bool(figure.left_out) and not figure.rate.of
        st.metric(plain(figure.label), "–" if unknown else count_text(figure.rate))
        st.badge("not known" if unknown else plain(interval_text(figure.rate)), color="gray")
        if not unknown:
            st.caption(plain(note))
        if figure.left_out:
            st.caption(f"{figure.left_out:,} without a usable answer left out")


def _score(report: Report) -> None:
    score = report.score
    with st.container(border=True, height="stretch", horizontal_alignment="center", gap="xsmall"):
        value = score.value if score else None
        alt = f"Score {value} of 100" if score else "No score"
        show(ring(value), key="report_score", alt=alt, name="score")
        if score is None:
            if report.no_score:
                st.caption(plain(report.no_score), text_alignment="center")
            return
        with st.popover("How it is made", type="tertiary"):
            st.markdown(f"**{score.value} of 100**, the sum of its parts:")
            st.table(
                {
                    "Part": [plain(part.name) for part in score.parts],
                    "Points": [f"{part.points} of {part.weight}" for part in score.parts],
                    "Because": [plain(part.explanation) for part in score.parts],
                },
                hide_index=True,
                border="horizontal",
                alt="The parts of the score",
            )


def _delay(report: Report) -> str:
    hours = report.median_reply_hours
    if hours is None:
        return ""
    return (
        f"half of the replies within {hours:.0f}\u00a0h" if hours >= 1 else "mostly within the hour"
    )


def _most(figure: Figure) -> str:
    """Who it mostly was: ``20 of them Carl``."""
    if not figure.made_of:
        return "nobody"
    first = figure.made_of[0]
    return f"{first.count:,} of them {first.name.split()[-1]}"


def _messages(report: Report) -> None:
    spread = report.messages_per_person
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric("Messages a person", "–" if spread.mean is None else f"{spread.mean:.1f}")
        if spread.low is not None and spread.high is not None:
            st.badge(f"{spread.low:.1f}–{spread.high:.1f}", color="gray")
        days = report.facts.simulated_days
        took = f"{days:.0f} simulated days at most" if days else ""
        facts = report.facts
        paid = cost_words(facts.cost_usd, facts.spending)
        free = not facts.cost_usd and not (facts.spending and facts.spending.unpriced)
        st.caption(" · ".join(filter(None, [plain(took), "cost nothing" if free else plain(paid)])))
