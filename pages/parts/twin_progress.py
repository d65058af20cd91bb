"""How far a twin has come: what it covers, how fresh that is, and what to give it next."""

from __future__ import annotations

import streamlit as st

from core.domain.reports import percent
from core.domain.twins import Freshness, Readiness, Steadiness, Topic, Twin, TwinProgress
from pages.parts.charts import columns, figure, show
from pages.parts.context import workspace
from pages.parts.later import later, soon, wait_for
from pages.parts.page import counted, empty_state, page, plain, section, short
from pages.parts.theme import palette
from pages.parts.twin_head import facts, known_as, to_view

LEVELS = {
    "none": ":gray-badge[nothing yet]",
    "too_little": ":orange-badge[too little]",
    "usable": ":blue-badge[usable]",
    "good": ":green-badge[good]",
}
SHOWN = 24


def draw_progress(twin: Twin) -> None:
    """Everything that is known of it, worked out beside the page where that takes a moment."""
    here = workspace()
    newest = here.twin_tests.newest(twin.id)
    asked = st.session_state.get("asked_twins", 0)
    key = (here.name, twin.id, twin.version, newest.id if newest else "", asked, "progress")
    found = later(key, lambda: here.twin_progress.of(twin.id))
    if not soon(found, 1.2):
        page(f"How far is {known_as(twin)}?", facts(twin))
        wait_for(found, "Looking through the content", "progress")
        return
    told = found.result()
    page(_title(twin, told), facts(twin))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _topics(told)
        _freshness(told.freshness)
        _steadiness(told.steadiness)
    with right:
        _next(told)
        _readiness(told.readiness)
        _unanswered(told)


def _title(twin: Twin, told: TwinProgress) -> str:
    if told.suggestions:
        return f"Next: {told.suggestions[0].what[:1].lower()}{told.suggestions[0].what[1:]}".rstrip(
            "."
        )
    return f"{known_as(twin)} covers {counted(len(told.topics), 'topic')}"


def _next(told: TwinProgress) -> None:
    """What to upload next, and why."""
    with st.container(border=True, gap="small"):
        section("What to give it next")
        if not told.suggestions:
            st.markdown("Nothing is missing as far as can be told from here.")
        for suggestion in told.suggestions:
            st.markdown(f"**{plain(suggestion.what)}**  \n:small[{plain(suggestion.why)}]")
            if suggestion.example:
                st.caption(f"For example: {plain(suggestion.example)}")
        if st.button("Give it content", type="primary", key="give_content"):
            to_view("content")


def _readiness(readiness: Readiness) -> None:
    with st.container(border=True, gap="small"):
        section("Is it enough?")
        st.markdown(f"{LEVELS[readiness.level]} {plain(readiness.says)}")
        if readiness.next_at:
            st.progress(
                min(1.0, readiness.words / readiness.next_at),
                text=f"{readiness.words:,} of {readiness.next_at:,} words",
            )
        if readiness.rests_on:
            st.caption(plain(readiness.rests_on))


def _unanswered(told: TwinProgress) -> None:
    if not told.unanswered:
        return
    with st.container(border=True, gap="small"):
        section("Asked, and not known")
        for one in told.unanswered[:8]:
            st.markdown(f"**{plain(one.about)}** · {counted(one.times, 'time')}")
            for question in one.questions[:3]:
                st.caption(f"“{plain(short(question, 120))}”")


def _topics(told: TwinProgress) -> None:
    """What the content speaks of, the most spoken of first."""
    section("What it speaks of")
    if not told.topics:
        empty_state("topic", "Topics will stand here once there is enough content.")
        return
    rows = [_row(topic) for topic in told.topics[:SHOWN]]
    st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        key="topics",
        column_config={
            "Words": st.column_config.ProgressColumn(
                "Words",
                format="localized",
                min_value=0,
                max_value=max(topic.words for topic in told.topics) or 1,
            ),
            "Answered": st.column_config.TextColumn(help="Questions in conversations about it"),
            "Test": st.column_config.TextColumn(help="Prompts of the standard test that held"),
            "Newest": st.column_config.DateColumn(format="D MMM YYYY"),
        },
    )


def _row(topic: Topic) -> dict[str, object]:
    return {
        "Topic": topic.name,
        "Words": topic.words,
        "Pieces": len(topic.pieces),
        "Answered": f"{topic.answered} of {topic.asked}" if topic.asked else "",
        "Test": f"{topic.held} of {topic.tested}" if topic.tested else "",
        "Newest": topic.newest,
        "From": "the method" if topic.source == "method" else "the content",
    }


def _freshness(freshness: Freshness) -> None:
    section("How fresh it is")
    if not freshness.years:
        st.caption("Nothing is known of when it was written.")
        return
    years = sorted(freshness.years, key=lambda one: one.year)
    drawn = columns([str(one.year) for one in years], [one.words for one in years])
    told = ", ".join(f"{one.year}: {one.words:,} words" for one in years)
    show(drawn, key="years", alt=f"Words by the year in which they were written: {told}")
    share = percent(freshness.written)
    told = [f"{share} % of the words say when they were written"]
    if freshness.written < 1:
        told[0] += "; the others count from the day on which they were added"
    if freshness.median_days is not None:
        told.append(f"Half of all words are {_age(freshness.median_days)} old or newer")
    st.caption(plain(". ".join(told) + "."))
    if freshness.oldest:
        st.caption(
            "Oldest: " + plain(", ".join(short(topic.name, 40) for topic in freshness.oldest[:4]))
        )


def _age(days: int) -> str:
    if days > 540:
        return counted(round(days / 365), "year")
    return counted(round(days / 30), "month") if days > 45 else counted(max(1, days), "day")


def _steadiness(steadiness: Steadiness) -> None:
    """Whether more content still changes the voice."""
    section("Does more content still change the voice?")
    st.markdown(plain(steadiness.says) or "Too little is known yet.")
    if len(steadiness.points) < 2:
        return
    colours = palette()
    words = [point[0] for point in steadiness.points]
    steps = [point[1] for point in steadiness.points]
    drawn = figure(200, left=8, bottom=36)
    drawn.add_scatter(
        x=words,
        y=steps,
        mode="lines+markers",
        line={"color": colours.chart_green, "width": 2},
        marker={"size": 7},
        hovertemplate="%{x:,} words: changed by %{y:.2f} SD<extra></extra>",
    )
    drawn.update_xaxes(title={"text": "words", "font": {"color": colours.quiet, "size": 13}})
    drawn.update_yaxes(rangemode="tozero")
    told = "; ".join(f"{at:,} words: {step:.2f}" for at, step in steadiness.points)
    show(drawn, key="steadiness", alt=f"Largest change of a habit, in standard deviations: {told}")
