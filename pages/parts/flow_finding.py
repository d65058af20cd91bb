"""What a check found, in words: how bad, what, where, and what to do."""

from __future__ import annotations

import streamlit as st

from core.domain.findings import Finding
from core.flows import CHECKS
from pages.parts.flow_words import LOOKS
from pages.parts.page import link, plain, short

TITLES = {check.id: check.title for check in CHECKS}


def draw_finding(finding: Finding, *, with_step: bool = True) -> None:
    """One finding, and the way to its check."""
    look = LOOKS[finding.severity]
    step = f" *{plain(short(finding.step_id, 40))}*" if finding.step_id and with_step else ""
    name = finding.type.replace("_", " ")
    st.markdown(
        f":{look.colour}-badge[{look.sign} {look.word}] **{name}**{step}  \n"
        f"{plain(finding.message)}"
    )
    if finding.fix:
        st.caption(plain(finding.fix))
    if title := TITLES.get(finding.type):
        rule = f"The rule: {title[:1].lower()}{title[1:]}"
        link("checks", rule, icon=":material/rule:", check=finding.type)
