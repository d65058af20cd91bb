"""One step in words: what it says, where it goes, what happened there, what is worth a look."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.domain.findings import Finding
from core.domain.reports import MessageRow, Report, StepRow
from core.flows import CHECKS, CompiledFlow, CompiledStep
from pages.parts.flow_words import LOOKS, kind_of, sentence_of, way_sentence
from pages.parts.page import counted, interval_text, link, plain, section, short

TITLES = {check.id: check.title for check in CHECKS}
LONGEST = 700


Fix = Callable[[Finding], None]
"""Draws the button that mends a finding."""


def no_fix(_: Finding) -> None:
    """Draws nothing: where a flow is only read, nothing is mended."""


def draw_finding(finding: Finding, fix: Fix = no_fix, *, with_step: bool = True) -> None:
    """One finding: how bad, what, where, what to do, and the way to its check."""
    look = LOOKS[finding.severity]
    step = f" *{plain(short(finding.step_id, 40))}*" if finding.step_id and with_step else ""
    name = finding.type.replace("_", " ")
    st.markdown(
        f":{look.colour}-badge[{look.sign} {look.word}] **{name}**{step}  \n"
        f"{plain(finding.message)}"
    )
    if finding.fix:
        st.caption(plain(finding.fix))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        fix(finding)
        if title := TITLES.get(finding.type):
            rule = f"The rule: {title[:1].lower()}{title[1:]}"
            link("checks", rule, icon=":material/rule:", check=finding.type)


def draw_step(
    flow: CompiledFlow,
    id: str,
    report: Report | None,
    findings: Sequence[Finding],
    fix: Fix = no_fix,
) -> None:
    """The step that was clicked."""
    step = flow.steps[id]
    kind = kind_of(step.type)
    with st.container(border=True, gap="small", key="step"):
        st.caption(plain(f"{kind.name} · {id}"))
        section(sentence_of(step))
        _says(step)
        _ways(step, report)
        if report is not None:
            _happened(step, report)
        for finding in findings:
            if finding.step_id == id:
                draw_finding(finding, fix, with_step=False)


def _says(step: CompiledStep) -> None:
    """The words of a step, as they are written."""
    config = step.config
    subject = getattr(config, "subject", "") or getattr(config, "title", "")
    body = getattr(config, "body", "") or getattr(config, "instructions", "")
    questions = getattr(config, "questions", [])
    if not (subject or body or questions):
        return
    with st.container(border=True, gap="xxsmall"):
        if subject:
            st.markdown(f"**{plain(short(subject, 300))}**")
        if preheader := getattr(config, "preheader", ""):
            st.caption(plain(short(preheader, 300)))
        if body:
            cut = body if len(body) <= LONGEST else f"{body[:LONGEST]}…"
            st.markdown(plain(cut))
        for question in questions:
            st.markdown(f":material/help: {plain(short(question.text or question.id, 200))}")


def _ways(step: CompiledStep, report: Report | None) -> None:
    rows = {row.way: row for row in report.ways if row.step_id == step.id} if report else {}
    for way in step.ways:
        taken = rows.get(way.name)
        count = ""
        if taken is not None:
            people = counted(taken.people, "person", "people") if taken.people else "nobody"
            count = f" :gray[{people}]"
        st.markdown(f"{plain(way_sentence(way.label, way.name, way.to))}{count}")


def _happened(step: CompiledStep, report: Report) -> None:
    row = next((one for one in report.steps if one.step_id == step.id), None)
    if row is None:
        return
    st.caption(plain(f"In run {report.facts.number}"))
    if not row.reached:
        st.markdown(":orange-badge[not yet] Nobody came here.")
        return
    _arrived(row)
    message = next((one for one in report.messages if one.step_id == step.id), None)
    if message is not None and message.sent:
        _met(message)


def _arrived(row: StepRow) -> None:
    times = "" if row.visits == row.people else f", {counted(row.visits, 'visit')}"
    st.markdown(f"{counted(row.people, 'person', 'people')} came here{times}.")
    stopped = ", ".join(
        f"{count:,} {reason.replace('_', ' ')}" for reason, count in row.stopped.items()
    )
    if stopped:
        st.caption(plain(f"Left the flow here: {stopped}"))


def _met(message: MessageRow) -> None:
    """What a step's messages met, each rate with its interval."""
    lines = {"Read": message.read, "Clicked": message.clicked, "Answered": message.replied}
    st.table(
        {
            name: f"{rate.count:,} of {rate.of:,} · {plain(interval_text(rate))}"
            for name, rate in lines.items()
        },
        border="horizontal",
        alt="What the messages of this step met",
    )
    notes = {
        "late": message.late,
        "opted out": message.opted_out,
        "held back": message.held_back,
        "never arrived": message.undelivered,
    }
    some = [f"{count:,} {name}" for name, count in notes.items() if count]
    if some:
        st.caption(" · ".join(some))
