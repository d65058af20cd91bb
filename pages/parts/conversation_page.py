"""A conversation with who said what and why, and the way to the next person."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.errors import NotFound
from core.domain.events import Event
from core.domain.reports import ContactRow, Report, Transcript, Turn
from core.domain.runs import Run
from pages.parts.context import workspace
from pages.parts.conversation_event import draw_event, event_asked, here_of, problem_of
from pages.parts.debugging import debug_button
from pages.parts.model_said import draw_source
from pages.parts.page import (
    counted,
    empty_state,
    go,
    link,
    page,
    param,
    plain,
    section,
    set_params,
    short,
)
from pages.parts.report_people import people_filters
from pages.parts.transcript import draw_transcript

LISTED = 200
MOST_WEIGHTS = 8
FACTS = ("language", "location", "occupation", "visits", "purchases", "last_seen_days", "tags")
NAMES = {"last_seen_days": "Last seen"}


def draw_conversation() -> None:
    """The contact that the address names, else the first of the newest run."""
    run = _run()
    if run is None or not run.done:
        page("Read what one person met and said", ["Read"])
        empty_state(
            "forum",
            "A conversation will stand here, as it would look on its channel.",
            "Rehearse a flow",
            lambda: go("flows"),
        )
        return
    report = workspace().reports.report(run.id)
    asked = param("contact")
    transcript = _transcript(run, asked) if asked else None
    head, choice = st.container(), st.container()
    with choice:
        people, offset = _people(report, transcript)
    if transcript is None:
        if not people:
            st.caption("Nobody is like that.")
            return
        set_params(run=run.id, contact=people[0].contact_id)
        transcript = _transcript(run, people[0].contact_id)
    facts = [
        "Read",
        f"run {run.number}",
        f"contact {transcript.position + 1:,} of {transcript.contacts:,}",
        "demo data" if workspace().demo else "",
    ]
    with head:
        page(transcript.title, facts, lambda: _actions(run, transcript))
    with choice:
        _steps_between(people, offset, transcript)
    _draw(run, transcript)


def _run() -> Run | None:
    asked = param("run")
    rehearsals = workspace().rehearsals
    if asked:
        return rehearsals.get(asked)
    return next((run for run in rehearsals.list(limit=30) if run.done), None)


def _transcript(run: Run, contact: str) -> Transcript:
    """One conversation, read once for as far as the run is.

    Raises:
        NotFound: If there is no such person in the run.
    """
    return _read((workspace().name, run.id, f"{run.status} {run.done}", contact))


@st.cache_data(max_entries=64, show_spinner=False)
def _read(key: tuple[str, str, str, str]) -> Transcript:
    _, run_id, _, contact = key
    return workspace().reports.transcript(run_id, contact)


def _actions(run: Run, transcript: Transcript) -> None:
    contact = transcript.contact_id
    debug_button(run.flow_id, run.flow_version, key="talk_debug", run=run.id, contact=contact)
    if st.button("The report", icon=":material/insights:", key="to_report"):
        go("report", run=run.id)


# Whom to read


def _people(report: Report, transcript: Transcript | None) -> tuple[list[ContactRow], int]:
    """People who are like what was chosen, near the one that is shown, and where they begin."""
    names = {row.id: row.name for row in report.personas}
    chosen = people_filters(names, report, "talk")
    narrowed = any(chosen.values())
    position = transcript.position if transcript and not narrowed else 0
    offset = max(0, position - LISTED // 2)
    found = workspace().reports.contacts(report.facts.run_id, **chosen, limit=LISTED, offset=offset)
    if narrowed:
        st.caption(f"{counted(found.total, 'person', 'people')} are like that.")
    return found.rows, offset


def _steps_between(people: list[ContactRow], offset: int, transcript: Transcript) -> None:
    """Back, a list, and next."""
    ids = [one.contact_id for one in people]
    names = {one.contact_id: one.name for one in people}
    at = ids.index(transcript.contact_id) if transcript.contact_id in ids else None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        before = ids[at - 1] if at else None
        after = ids[0] if at is None and ids else None
        if at is not None and at + 1 < len(ids):
            after = ids[at + 1]
        _move("Previous", "arrow_back", before)
        st.selectbox(
            "Person",
            ids,
            index=at,
            placeholder=f"{len(ids):,} people" if ids else "nobody",
            format_func=lambda id: f"{short(names[id], 40)} · {id}",
            key=f"talk_person_{offset}_{transcript.contact_id}",
            on_change=lambda: _turn_to(
                st.session_state.get(f"talk_person_{offset}_{transcript.contact_id}")
            ),
            width="stretch",
            label_visibility="collapsed",
        )
        _move("Next", "arrow_forward", after)


def _move(label: str, icon: str, to: str | None) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        disabled=to is None,
        on_click=_turn_to,
        args=(to,),
        key=f"talk_{label}",
    )


def _turn_to(contact: str | None) -> None:
    if contact:
        set_params(contact=contact, event=None, seq=None)


# The conversation


@st.fragment
def _draw(run: Run, transcript: Transcript) -> None:
    """The conversation, and at the right why the turn that was clicked came about."""
    key = f"talk_{run.id}_{transcript.contact_id}"
    events = workspace().events.of_contact(run.id, transcript.contact_id)
    event = event_asked(events)
    problem = problem_of(run, event) if event else None
    chosen = _chosen(transcript, key, event)
    with st.grid(3, min_column_width=280, gap="medium") as grid:
        with grid.cell(column_span=2), st.container(border=True):
            seq = chosen.seq if chosen else None
            draw_transcript(transcript, seq, key, here_of(event, problem) if event else None)
        with grid.cell():
            if event is not None:
                draw_event(run, event, problem)
            _why(run, transcript, chosen)
            _facts(run, transcript)
            _way(run, transcript, events)


def _chosen(transcript: Transcript, key: str, event: Event | None) -> Turn | None:
    """The turn that was clicked, else the event's that the address names, else the last why."""
    state = st.session_state.get(key)
    seq = state.get("seq") if state else None
    turns = {turn.seq: turn for turn in transcript.turns}
    if seq in turns:
        return turns[seq]
    if event is not None and event.seq in turns:
        return turns[event.seq]
    told = [turn for turn in transcript.turns if turn.reasoning or turn.source]
    return told[-1] if told else None


def _why(run: Run, transcript: Transcript, turn: Turn | None) -> None:
    first = transcript.name.split()[0] if transcript.name.split() else transcript.name
    with st.container(border=True, gap="small"):
        section(f"Why {short(first, 24)} did that")
        if turn is None:
            st.caption("Click a message to read what came of it.")
            return
        st.caption(plain(f"{turn.local} · {(turn.step_id or '').replace('_', ' ')}"))
        if turn.side == "in":
            words = (turn.intent or "", turn.sentiment or "", "late" if turn.late else "")
            badges = [f":gray-badge[{plain(word.replace('_', ' '))}]" for word in words if word]
            st.markdown(" ".join(badges))
        st.markdown(plain(turn.reasoning or _nothing(turn)))
        weights = sorted(turn.why.items(), key=lambda weight: -abs(weight[1]))[:MOST_WEIGHTS]
        if weights:
            table = {
                _spoken(name): f"{value:+.1f}" for name, value in weights if abs(value) >= 0.05
            }
            with st.popover("What weighed in", icon=":material/balance:", type="tertiary"):
                st.table(table, border="horizontal", alt="What weighed in, in log-odds")
                st.caption("In log-odds: +0.7 doubles the odds, −0.7 halves them.")
        for at, citation in enumerate(turn.citations[:5]):
            source = f" — {plain(turn.sources[at])}" if at < len(turn.sources) else ""
            st.caption(f":material/format_quote: {plain(short(citation, 240))}{source}")
        if run.engine == "language":
            draw_source(turn)
            return
        st.caption("By the behaviour model, uncalibrated.")
        link("behaviour", "See its parameters", icon=":material/tune:")


def _spoken(name: str) -> str:
    """A weight's name for a reader: ``replying.question`` becomes ``replying: question``."""
    stage, _, rest = name.partition(".")
    return plain(f"{stage}: {rest}".replace("_", " ").removesuffix(": "))


def _nothing(turn: Turn) -> str:
    if turn.side == "note":
        return turn.body or ""
    if turn.held_back:
        return "It was held back, so nothing came of it."
    return " · ".join(turn.marks) or "Nothing more is known about this message."


def _facts(run: Run, transcript: Transcript) -> None:
    people = workspace().populations.people(run.population_id, transcript.position, 1)
    attributes: dict[str, Any] = people[0].attributes if people else {}
    rows = {
        "Persona": transcript.persona_name,
        "Age": transcript.age,
        "Clock": transcript.timezone,
        **{
            NAMES.get(name, name.replace("_", " ").capitalize()): attributes.get(name)
            for name in FACTS
        },
    }
    days = attributes.get("last_seen_days")
    if isinstance(days, int | float):
        rows["Last seen"] = f"{counted(round(days), 'day')} ago" if round(days) else "today"
    known = {name: plain(_shown(value)) for name, value in rows.items() if value not in (None, [])}
    with st.container(border=True, gap="small"):
        section(short(transcript.name, 60))
        st.table(known, border="horizontal", alt="What is known of this person")


def _shown(value: Any) -> str:
    return short(", ".join(map(str, value)) if isinstance(value, list) else value, 80)


def _way(run: Run, transcript: Transcript, events: list[Event]) -> None:
    """The steps that this person came to, in order."""
    if not events:
        raise NotFound("This person is not in the run.", place="contact")
    steps = [event.step_id for event in events if event.kind == "stepped" and event.step_id]
    ended = (transcript.ended or "").replace("_", " ")
    with st.container(border=True, gap="small"):
        section(f"{counted(len(steps), 'step')} in {transcript.days:.1f} days")
        shown = " → ".join(f"*{plain(short(step, 30))}*" for step in steps[:60])
        st.markdown(f":small[{shown}]")
        if len(steps) > 60:
            st.caption(f"and {len(steps) - 60:,} more")
        if ended:
            st.caption(plain(f"Ended: {ended}"))
        if st.button("See it on the flow", icon=":material/account_tree:", key="talk_flow"):
            go("flows", flow=run.flow_id, version=run.flow_version, run=run.id)
