"""Tables and figures of a report: the way through, messages, spread, findings."""

from __future__ import annotations

import streamlit as st

from core.domain.reports import Report
from pages.parts.canvas import CanvasEvent, draw_canvas, drawn
from pages.parts.charts import rate_bars, show, spread
from pages.parts.context import workspace
from pages.parts.flow_finding import draw_finding
from pages.parts.flow_overlay import overlay_of
from pages.parts.flow_words import LOOKS
from pages.parts.page import counted, go, param, section
from pages.parts.report_problems import draw_problems

INTENTS = "question price_question objection interested not_now not_interested opt_out thanks other"


def draw_way(report: Report) -> None:
    """The flow, with lines as thick as the people; what nobody reached is pale and dashed."""
    facts, coverage = report.facts, report.coverage
    flow = workspace().flows.get(facts.flow_id, facts.flow_version)
    section(
        f"{coverage.steps_reached} of {counted(coverage.steps_total, 'step')} and "
        f"{coverage.ways_reached} of {counted(coverage.ways_total, 'way')} were reached"
    )
    data = drawn(flow, findings=report.findings, overlay=overlay_of(report), selected=param("step"))
    follow(draw_canvas(data, key=f"way_{facts.run_id}", height=620))
    st.dataframe(
        [
            {
                "Step": way.step_id,
                "Way": way.label,
                "To": way.to or "the end",
                "People": way.people,
                "Times": way.visits + way.ended,
                "Reached": way.reached,
            }
            for way in report.ways
        ],
        hide_index=True,
        alt="Every way out of every step, and who took it",
    )


def follow(event: CanvasEvent | None) -> None:
    """Turn to the page that somebody asked for on the canvas."""
    if event is not None and event.opened is not None:
        go(event.opened.room, **event.opened.params)


def draw_messages(report: Report) -> None:
    """One row a message: what it met."""
    rows = [
        {
            "Step": row.step_id,
            "Channel": row.channel,
            "Sent": row.sent,
            "Read": row.read.text,
            "Clicked": row.clicked.text,
            "Answered": row.replied.text,
            "Hours to a reply": row.median_delay_hours,
            "Late": row.late,
            "Opted out": row.opted_out,
            "Held back": row.held_back,
            "Lost": row.undelivered + row.not_sent,
            "No usable answer": row.unanswered_by_engine,
            "Said": ", ".join(
                f"{name.replace('_', ' ')} {row.intents[name]}"
                for name in INTENTS.split()
                if row.intents.get(name)
            ),
        }
        for row in report.messages
    ]
    if not rows:
        st.caption("This flow sends no messages.")
        return
    st.dataframe(
        rows,
        hide_index=True,
        alt="What each message met",
        column_config={
            "Step": st.column_config.TextColumn(pinned=True),
            "Hours to a reply": st.column_config.NumberColumn(format="%.1f"),
        },
    )


def draw_spread(report: Report) -> None:
    """Rates with their intervals, and how much people of one persona differ."""
    rows = report.personas
    names = [row.name for row in rows]
    with st.grid(2, min_column_width=360, gap="medium"):
        with st.container(gap="small"):
            section("Who answers, and how sure that is")
            show(
                rate_bars(names, [row.answered for row in rows]),
                key="spread_answered",
                alt="Share of each persona that answered, with intervals",
                name="answered",
            )
        with st.container(gap="small"):
            section("Who reaches a goal")
            show(
                rate_bars(names, [row.goal for row in rows]),
                key="spread_goal",
                alt="Share of each persona that reached a goal, with intervals",
                name="goals",
            )
        with st.container(gap="small"):
            section("Replies a person: copies of one persona differ")
            show(
                spread(names, [row.replies for row in rows], "replies"),
                key="spread_replies",
                alt="Replies a person, by persona: middle half, median and mean",
                name="replies",
            )
        with st.container(gap="small"):
            section("Words in a reply")
            show(
                spread(names, [row.words_per_reply for row in rows], "words"),
                key="spread_words",
                alt="Words in a reply, by persona: middle half, median and mean",
                name="words",
            )
    _numbers(report)


def _numbers(report: Report) -> None:
    st.dataframe(
        [
            {
                "Persona": row.name,
                "People": row.people,
                "Answered": row.answered.text,
                "Clicked": row.clicked.text,
                "Reached a goal": row.goal.text,
                "Opted out": row.opted_out.text,
                "Messages": row.messages.text,
                "Replies": row.replies.text,
                "Words in a reply": row.words_per_reply.text,
                "Questions in a reply": row.questions_per_reply.text,
                "Simulated days, median": row.median_days,
            }
            for row in report.personas
        ],
        hide_index=True,
        height="content",
        alt="Every persona's numbers with their intervals",
        column_config={
            "Persona": st.column_config.TextColumn(pinned=True),
            "Simulated days, median": st.column_config.NumberColumn(format="%.1f"),
        },
    )


def draw_findings(report: Report) -> None:
    """What went wrong in the run, and what is wrong with the flow, the worst first."""
    draw_problems(report)
    if not report.findings:
        st.caption("Nothing was found that would be wrong with this flow.")
        return
    order = list(LOOKS)
    found = sorted(report.findings, key=lambda finding: order.index(finding.severity))
    with st.grid(2, min_column_width=340, gap="small"):
        for finding in found[:40]:
            with st.container(border=True, height="stretch", gap="xsmall"):
                draw_finding(finding)
    if len(found) > 40:
        st.caption(f"{len(found) - 40:,} more are in the export.")
