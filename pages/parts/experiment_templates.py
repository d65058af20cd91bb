"""What an experiment may begin from: six ways, each a draft that is sensible as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from core.domain.errors import GreenroomError
from core.domain.experiments import (
    Assignment,
    Design,
    Experiment,
    Metric,
    Planned,
    SourceKind,
    Variant,
)
from core.domain.flows import MESSAGE_CHANNELS, StoredFlow
from pages.parts.context import workspace
from pages.parts.page import go, guarded


class Template(NamedTuple):
    """One way to begin."""

    id: str
    icon: str
    title: str
    text: str
    button: str
    source: SourceKind
    design: Callable[[], Design]


ANSWERED = Metric(id="answered", name="Answered", value="replied", role="primary")
OPTED_OUT = Metric(
    id="opted_out", name="Opted out", value="opted_out", role="guardrail", better="lower"
)


def as_words(name: str) -> str:
    """``seat_saved`` as ``Seat saved``."""
    said = " ".join(name.replace("_", " ").split())
    return said[:1].upper() + said[1:]


def goals_of(flow: StoredFlow | None) -> list[str]:
    """The names of a flow's goals, in its order."""
    steps = flow.document.get("steps", []) if flow else []
    names = [
        str((one.get("config") or {}).get("name") or "")
        for one in steps
        if isinstance(one, dict) and one.get("type") == "goal"
    ]
    return list(dict.fromkeys(name for name in names if name))


def message_steps(flow: StoredFlow | None) -> list[str]:
    """The steps of a flow that say something, in its order."""
    steps = flow.document.get("steps", []) if flow else []
    return [
        str(one["id"])
        for one in steps
        if isinstance(one, dict)
        and "id" in one
        and (one.get("type") in MESSAGE_CHANNELS or one.get("type") == "twin_reply")
    ]


def twins_in(flow: StoredFlow | None) -> list[str]:
    """The twins that a flow lets answer."""
    steps = flow.document.get("steps", []) if flow else []
    named = [
        str((one.get("config") or {}).get("twin") or "")
        for one in steps
        if isinstance(one, dict) and one.get("type") == "twin_reply"
    ]
    return list(dict.fromkeys(name for name in named if name))


def _flow(*, with_twin: bool = False) -> StoredFlow | None:
    """The flow that was rehearsed last, else any."""
    flows = {flow.id: flow for flow in workspace().flows.list()}
    played = [run.flow_id for run in workspace().rehearsals.list(limit=20)]
    order = [flows[id] for id in dict.fromkeys([*played, *flows]) if id in flows]
    fitting = [flow for flow in order if not with_twin or twins_in(flow)]
    return next(iter([*fitting, *order]), None)


def _rehearsed(name: str, hypothesis: str, b: str, *, with_twin: bool = False) -> Design:
    """Everybody meets both variants of the flow that was rehearsed last."""
    flow = _flow(with_twin=with_twin)
    goals = goals_of(flow)
    primary = (
        Metric(id="goal", name=as_words(goals[0]), value=f"goal:{goals[0]}", role="primary")
        if goals
        else ANSWERED
    )
    answered = ANSWERED.model_copy(update={"role": "secondary"})
    people = workspace().populations.list()
    return _planned(
        Design(
            name=name,
            hypothesis=hypothesis,
            variants=(Variant(id="A", name="As it is"), Variant(id="B", name=b)),
            metrics=(primary, *([answered] if goals else []), OPTED_OUT),
            flow=flow.id if flow else None,
            population=max(people, key=lambda one: one.size).id if people else None,
            assignment=Assignment(how="paired"),
        )
    )


def _planned(design: Design) -> Design:
    """The same, planned from the last rehearsal of its flow, where there is one."""
    runs = workspace().rehearsals.list(design.flow, 20) if design.flow else []
    last = next((one for one in runs if one.status == "finished"), None)
    if last is None:
        return design
    try:
        found = workspace().experiments.plan(design, run=last.id)
    except GreenroomError:
        return design
    planned = Planned(baseline=found.baseline, sd=found.sd, source=found.source)
    return design.model_copy(update={"planned": planned})


def _words() -> Design:
    return _rehearsed("Two wordings of a message", "", "New words")


def _twins() -> Design:
    return _rehearsed("Two ways the twin answers", "", "Tuned", with_twin=True)


def _flows() -> Design:
    return _rehearsed("Two flows", "", "The other flow")


def _models() -> Design:
    return _rehearsed("Two engines", "", "The other engine")


def _table() -> Design:
    return Design(name="Data of a test", assignment=Assignment(how="given"))


def _live() -> Design:
    return Design(
        name="A real test",
        variants=(Variant(id="A", name="As it is"), Variant(id="B", name="The new one")),
        metrics=(ANSWERED, OPTED_OUT),
        assignment=Assignment(how="hash"),
    )


TEMPLATES = (
    Template(
        "words",
        "edit_note",
        "Two wordings of a message",
        "The same people get both, in two rehearsals that are alike in everything else.",
        "Compare two wordings on simulated people",
        "rehearsal",
        _words,
    ),
    Template(
        "twin",
        "person_book",
        "Two ways a twin answers",
        "Two versions of a twin, or other sliders of its voice and personality.",
        "Compare two ways a twin answers",
        "rehearsal",
        _twins,
    ),
    Template(
        "flow",
        "account_tree",
        "Two flows",
        "Another order, other channels, or another version of the same flow.",
        "Compare two flows",
        "rehearsal",
        _flows,
    ),
    Template(
        "model",
        "psychology",
        "Two engines",
        "The behaviour model and a language model, or two language models, play the same people.",
        "Compare two engines",
        "rehearsal",
        _models,
    ),
    Template(
        "table",
        "table_view",
        "Data you have",
        "A file or a query with who was in which variant and what they did.",
        "Analyse data you have",
        "table",
        _table,
    ),
    Template(
        "live",
        "sensors",
        "A real test",
        "Your own people, as they come. Greenroom says who gets what, and counts what they do.",
        "Set up a real test",
        "live",
        _live,
    ),
)


def begin(template: Template) -> None:
    """Keep a draft of this template, and open it."""
    with guarded():
        made: Experiment = workspace().experiments.create(template.design(), template.source)
        kept = {"compare": template.id} if template.source == "rehearsal" else {}
        go("experiments", experiment=made.id, **kept)


@st.dialog("What do you want to compare?", width="large")
def choose_dialog() -> None:
    """All six ways to begin."""
    st.caption("Each begins as a draft that you change as you like. Nothing starts by itself.")
    draw_templates("dialog", columns=2)


def draw_templates(key: str, *, columns: int = 3) -> None:
    """The six ways as cards."""
    with st.grid(columns, min_column_width=240, gap="small"):
        for one in TEMPLATES:
            with st.container(border=True, height="stretch", vertical_alignment="distribute"):
                with st.container(gap="xsmall"):
                    st.markdown(f"**:material/{one.icon}: {one.title}**")
                    st.caption(one.text)
                if st.button(one.button, key=f"{key}_{one.id}", width="stretch"):
                    begin(one)
