"""Debugging somebody: the button that opens it, and whom the address of a flow names."""

from __future__ import annotations

from typing import Any, Literal, NoReturn

import streamlit as st

from core.domain.errors import NotFound
from core.domain.reports import Report, TestResult
from pages.parts.context import workspace
from pages.parts.page import go, param

ICON = ":material/bug_report:"
HELP = "See step by step what happened to this person, and try what would happen otherwise."
Kind = Literal["secondary", "tertiary"]


def debug(flow: str, version: int, **who: object) -> NoReturn:
    """Open the debugger of a flow's version on somebody: ``run`` with ``contact`` or ``test``."""
    go("flows", flow=flow, version=version, view="debug", **who)


def debug_button(
    flow: str, version: int, *, key: str, kind: Kind = "secondary", **who: object
) -> None:
    """The button that opens the debugger on somebody."""
    if st.button("Debug", icon=ICON, key=key, type=kind, help=HELP):
        debug(flow, version, **who)


def debug_test(report: Report, test: TestResult, key: str) -> None:
    """The button beside a test: it opens the debugger on one who shows why it does not hold."""
    facts = report.facts
    if test.scripted or test.debug is not None:
        who: dict[str, object] = {"run": facts.run_id, "test": test.index}
    else:
        run = test.run_id or facts.run_id
        contact = workspace().reports.steps.against(run, test.persona, test.expect)
        if contact is None:
            return
        who = {"run": run, "contact": contact}
    debug_button(facts.flow_id, facts.flow_version, key=key, kind="tertiary", **who)


def whom() -> dict[str, Any] | None:
    """Whom the address of a flow names, as the debugger takes it; None where it names nobody.

    Raises:
        NotFound: If there is no such run or test.
    """
    run, contact, test = param("run"), param("contact"), param("test")
    if run and contact:
        return {"run_id": workspace().rehearsals.get(run).id, "contact_id": contact}
    if run and test:
        rows = {str(one.index): one for one in workspace().reports.report(run).tests}
        found = rows.get(test)
        if found is None or found.debug is None:
            raise NotFound("This run has no such test.", place="test")
        return found.debug.model_dump(mode="json", exclude_none=True)
    return {"persona": persona} if (persona := param("persona")) else None
