"""What the canvas is given: a flow, the kinds of steps, what was found, and what a run did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any, Literal

import streamlit as st

from core.domain.findings import Finding
from core.domain.flows import STEP_CONFIGS, StoredFlow
from core.domain.kinds import KINDS
from core.flows import Validation, positions
from pages.parts.context import workspace

Mode = Literal["edit", "read", "compare"]
VIEWS = ("build", "debug", "tests", "coverage", "times", "text", "versions")
GROUPS = {
    "Say": "send_sms send_whatsapp send_telegram send_web send_push send_email twin_reply",
    "Listen": "wait_for_reply delay",
    "Decide": "condition split",
    "Coach": "lesson check_in assessment",
    "Do": "set tag webhook",
    "End": "goal handoff end",
}
WAYS = {
    "wait_for_reply": ["on_reply", "on_timeout"],
    "condition": ["branches"],
    "split": ["arms"],
    "handoff": [],
    "end": [],
}
ABOUT = {
    "send_sms": "Sends an SMS.",
    "send_whatsapp": "Sends a WhatsApp message.",
    "send_telegram": "Sends a Telegram message.",
    "send_web": "Says something in the web chat.",
    "send_push": "Sends a push message.",
    "send_email": "Sends an email.",
    "wait_for_reply": "Waits for a reply.",
    "delay": "Pauses before what comes next.",
    "condition": "Where to next?",
    "split": "Goes one way by chance.",
    "twin_reply": "The twin answers where they wrote last.",
    "lesson": "Sends a lesson.",
    "check_in": "Asks how it goes, and waits for the answers.",
    "assessment": "Asks questions, and keeps the answers.",
    "set": "Works out values for later steps.",
    "tag": "Changes the contact's tags.",
    "goal": "Counts something as reached.",
    "handoff": "A person takes over.",
    "webhook": "Would call another system.",
    "end": "Ends the flow.",
}


@dataclass(frozen=True)
class CanvasData:
    """What the component shows; the names are its own.

    Attributes:
        flow: Its id, version and name.
        text: The YAML that says the document.
        positions: Where the layout would put each step.
        overlay: What a run did at each step and way; None where no run is shown.
        compare: Two documents and how they differ, for the mode ``compare``.
        session: A debug session to open.
        contact: Whom to open the debugger on.
        views: Which views can be turned to; none where the flow is only looked at.
    """

    mode: Mode
    flow: dict[str, Any]
    document: dict[str, Any]
    text: str
    positions: Mapping[str, Sequence[int]]
    findings: list[dict[str, Any]] = field(default_factory=list)
    overlay: dict[str, Any] | None = None
    compare: dict[str, Any] | None = None
    selected: str | None = None
    session: str | None = None
    contact: dict[str, Any] | None = None
    breakpoints: list[dict[str, Any]] = field(default_factory=list)
    view: str = "build"
    views: Sequence[str] = ()

    def sent(self, height: int) -> dict[str, Any]:
        """Everything as the component takes it, with what is the same for every flow."""
        here = workspace()
        return {
            **asdict(self),
            "kinds": kinds(),
            "personas": [{"id": one.id, "name": one.name} for one in here.personas.list()]
            if self.views
            else [],
            "twins": [{"id": one.id, "name": one.name} for one in here.twins.list()]
            if self.views
            else [],
            "api": f"{_base()}/api/v1",
            "workspace": here.name,
            "words": {},
            "height": height,
        }


def drawn(
    flow: StoredFlow,
    *,
    mode: Mode = "read",
    validation: Validation | None = None,
    findings: Sequence[Finding] = (),
    **more: Any,
) -> CanvasData:
    """A version of a flow as the canvas takes it.

    Args:
        flow: The version.
        mode: Whether it may be changed.
        validation: What the checks say of it, with what each knows how to mend.
        findings: What was found, where there is no validation.
        more: Other fields of the data: ``overlay``, ``selected``, ``contact``…
    """
    return CanvasData(
        mode=mode,
        flow={"id": flow.id, "version": flow.version, "name": flow.name},
        document=flow.document,
        text=workspace().flows.text_of(flow) if mode == "edit" else "",
        positions=positions(flow.document),
        findings=found(validation) if validation else [one.model_dump() for one in findings],
        **more,
    )


def found(validation: Validation) -> list[dict[str, Any]]:
    """Findings with the few words of the button that mends each, where its check knows how."""
    return [
        {
            **finding.model_dump(),
            "mend": validation.mending(finding) if validation.can_mend(finding) else None,
        }
        for finding in validation.findings
    ]


@cache
def kinds() -> list[dict[str, Any]]:
    """Every kind of step: how it is called and drawn, what it takes, and how it is left."""
    groups = {type_: group for group, types in GROUPS.items() for type_ in types.split()}
    return [
        {
            "type": type_,
            **KINDS[type_]._asdict(),
            "group": groups[type_],
            "about": ABOUT[type_],
            "schema": STEP_CONFIGS[type_].model_json_schema(by_alias=True),
            "ways": WAYS.get(type_, ["next"]),
        }
        for type_ in groups
    ]


def _base() -> str:
    """The path under which the server stands, for addresses that the browser asks."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""
