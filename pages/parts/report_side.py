"""At the right of a report: what to change first, the flow's tests, what nobody reached."""

from __future__ import annotations

import streamlit as st

from core.domain.reports import Recommendation, Report, TestResult, WayRow
from pages.parts.debugging import debug_test
from pages.parts.page import counted, go, plain, section, short

KINDS = {
    "timing": "schedule",
    "content": "forum",
    "logic": "account_tree",
    "conversion": "payments",
}
STATUS = {
    "passed": ("green", "check", "passed"),
    "failed": ("red", "close", "failed"),
    "inconclusive": ("orange", "question_mark", "undecided"),
    "error": ("red", "error", "error"),
}
SHOWN = 5


def draw_advice(report: Report) -> None:
    """Each piece of advice with its evidence and a button that goes there."""
    with st.container(border=True, gap="small"):
        section("What to change first")
        if not report.recommendations:
            failed = report.facts.status == "failed"
            words = "Nothing stands out. Try other people, or more of them."
            if failed:
                words = "Nothing can be said of a rehearsal that failed. Rehearse again."
            st.caption(words)
        for number, one in enumerate(report.recommendations):
            _advice(report, number, one)


def _advice(report: Report, number: int, one: Recommendation) -> None:
    icon = KINDS.get(one.kind, "lightbulb")
    with st.container(gap="xxsmall"):
        st.markdown(f":material/{icon}: **{plain(one.title)}**")
        st.markdown(f":small[{plain(one.text)}]  \n:small[:gray[{plain(one.evidence)}]]")
        if one.step_id and st.button(
            "Open step",
            icon=":material/arrow_forward:",
            type="tertiary",
            key=f"advice_{number}",
            help=plain(one.action),
        ):
            facts = report.facts
            go(
                "flows",
                flow=facts.flow_id,
                version=facts.flow_version,
                step=one.step_id,
                run=facts.run_id,
            )


def draw_tests(report: Report) -> None:
    """The flow's own tests: what was expected, what happened."""
    if not report.tests:
        return
    passed = sum(test.status == "passed" for test in report.tests)
    with st.container(border=True, gap="small"):
        section(f"{passed} of {counted(len(report.tests), 'test')} passed")
        for test in sorted(report.tests, key=lambda test: test.status == "passed"):
            _test(test)
            if test.status != "passed":
                debug_test(report, test, f"debug_test_{test.index}")


def _test(test: TestResult) -> None:
    colour, icon, word = STATUS[test.status]
    st.markdown(
        f":{colour}-badge[:material/{icon}: {word}] **{plain(short(test.name, 40))}** "
        f"{plain(test.expected)}  \n:small[:gray[{plain(test.happened)}]]"
    )


def draw_not_reached(report: Report) -> None:
    """Ways that nobody took, and steps that nobody came to."""
    coverage = report.coverage
    missed = coverage.ways_not_reached
    with st.container(border=True, gap="small"):
        if not missed and not coverage.steps_not_reached:
            section("Every way was taken")
            st.caption(f"{counted(coverage.ways_total, 'way')} and {coverage.steps_total} steps.")
            return
        section(f"Not reached: {len(missed)} of {counted(coverage.ways_total, 'way')}")
        for way in missed[:SHOWN]:
            _missed(way)
        if len(missed) > SHOWN:
            st.caption(f"{len(missed) - SHOWN} more stand under “Way through”.")
        steps = coverage.steps_not_reached
        if steps:
            st.caption(plain(f"Nobody came to {', '.join(steps[:SHOWN])}."))


def _missed(way: WayRow) -> None:
    to = f" → *{plain(short(way.to, 30))}*" if way.to else ""
    st.markdown(
        f":orange-badge[not yet] *{plain(short(way.step_id, 30))}*{to}  \n"
        f":small[:gray[{plain(way.label)}]]"
    )
