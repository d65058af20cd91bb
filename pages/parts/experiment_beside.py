"""Two variants side by side: the same contact, the same chance, two ways through."""

from __future__ import annotations

import streamlit as st

from core.domain.experiment_life import TranscriptsBeside
from core.domain.experiment_results import Analysis, Beside, BesideList
from core.domain.experiments import Experiment
from pages.parts.context import workspace
from pages.parts.experiment_words import name_of
from pages.parts.page import counted, empty_state, go, param, plain, section, set_params, short
from pages.parts.transcript import Differing, draw_transcript

LISTED = 200
ONLY = Differing(sign="● only here")


def draw_beside(experiment: Experiment, analysis: Analysis) -> None:
    """Whom it made a difference to, first; then both conversations."""
    if len(experiment.runs) < 2 or len(analysis.variants) < 2:
        empty_state(
            "compare",
            "Two conversations will stand beside each other here.",
            hint="In a rehearsal everyone meets every variant. With real people nobody can meet "
            "two, so there is nothing to put side by side.",
        )
        return
    a, b, metric, only = _choice(experiment, analysis)
    if a == b:
        st.caption("Choose two different variants.")
        return
    found = workspace().experiments.beside(
        experiment.id, a, b, metric=metric, only_different=only, limit=LISTED, offset=0
    )
    section(_headline(found))
    _counts(analysis, found)
    if not found.contacts:
        st.caption("Nobody came out differently.")
        return
    chosen = _contact(found)
    _both(experiment, analysis, found, chosen)


def _choice(experiment: Experiment, analysis: Analysis) -> tuple[str, str, str | None, bool]:
    ids = [id for id in analysis.variants if id in experiment.runs]
    names = {metric.metric: metric.name for metric in analysis.metrics}
    second = analysis.advice.variant if analysis.advice.variant in ids[1:] else ids[1]

    def say(id: str) -> str:
        return short(name_of(analysis, id), 40)

    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        a = st.selectbox(
            "This variant", ids, index=_at(ids, "a", ids[0]), format_func=say, key="beside_a"
        )
        b = st.selectbox(
            "beside", ids, index=_at(ids, "b", second), format_func=say, key="beside_b"
        )
        metric = st.selectbox(
            "By", list(names), format_func=lambda id: short(names[id], 40), key="beside_metric"
        )
        only = st.checkbox("Only who came out differently", value=True, key="beside_only")
    set_params(a=a, b=b)
    return a, b, metric, only


def _at(ids: list[str], name: str, usual: str) -> int:
    asked = param(name)
    return ids.index(asked if asked in ids else usual)


def _headline(found: BesideList) -> str:
    differ = found.only_a + found.only_b
    if not differ:
        return f"It made no difference to any of {counted(found.same, 'person', 'people')}"
    return (
        f"It made a difference to {differ:,} of {counted(differ + found.same, 'person', 'people')}"
    )


def _counts(analysis: Analysis, found: BesideList) -> None:
    a, b = (plain(short(name_of(analysis, id), 40)) for id in (found.variant_a, found.variant_b))
    st.markdown(
        f":gray-badge[{found.only_a:,} did better only with {a}] "
        f":gray-badge[{found.only_b:,} did better only with {b}] "
        f":gray-badge[{found.same:,} the same in both]"
    )
    st.caption(
        "The same people on the same day in the same mood: what differs comes from the variants."
    )


def _contact(found: BesideList) -> Beside:
    """Previous, a list, and next."""
    by_id = {one.contact_id: one for one in found.contacts}
    ids = list(by_id)
    key = f"beside_contact_{found.variant_a}_{found.variant_b}"
    asked = param("contact")
    if st.session_state.get(key) not in ids:
        st.session_state[key] = asked if asked in ids else ids[0]
    at = ids.index(st.session_state[key])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _move("Previous", "arrow_back", key, ids[at - 1] if at else None)
        st.selectbox(
            "Person",
            ids,
            format_func=lambda id: _said(by_id[id]),
            key=key,
            width="stretch",
            label_visibility="collapsed",
        )
        _move("Next", "arrow_forward", key, ids[at + 1] if at + 1 < len(ids) else None)
    chosen = str(st.session_state[key])
    set_params(contact=chosen)
    if found.total > len(ids):
        st.caption(f"The first {len(ids):,} of {counted(found.total, 'person', 'people')}.")
    return by_id[chosen]


def _said(one: Beside) -> str:
    return f"{short(one.name, 32)} · {short(one.outcome_a, 24)} / {short(one.outcome_b, 24)}"


def _move(label: str, icon: str, key: str, to: str | None) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        disabled=to is None,
        on_click=_turn_to,
        args=(key, to),
        key=f"beside_{label}",
    )


def _turn_to(key: str, to: str | None) -> None:
    if to:
        st.session_state[key] = to


def _both(experiment: Experiment, analysis: Analysis, found: BesideList, chosen: Beside) -> None:
    both = workspace().experiments.transcripts(
        experiment.id, chosen.contact_id, found.variant_a, found.variant_b
    )
    parts = both.parts_at or chosen.parts_at
    where = (
        f"Their ways part here: {parts}"
        if parts
        else "The same way through in both; what differs is marked."
    )
    st.markdown(f":material/call_split: {plain(where)}")
    marks = _marks(both)
    with st.grid(2, min_column_width=320, gap="medium"):
        for side, id, run, outcome, differs in (
            (both.a, found.variant_a, chosen.run_a, chosen.outcome_a, marks[0]),
            (both.b, found.variant_b, chosen.run_b, chosen.outcome_b, marks[1]),
        ):
            with st.container(border=True, gap="small"):
                st.markdown(f"**{plain(short(name_of(analysis, id), 60))}**  \n"
                            f":small[:gray[{plain(outcome)}]]")  # fmt: skip
                draw_transcript(side, None, f"beside_{run}_{chosen.contact_id}", differs=differs)
                pressed = st.button(
                    "Open the conversation",
                    icon=":material/forum:",
                    type="tertiary",
                    key=f"beside_open_{id}",
                )
                if pressed:
                    go("conversation", run=run, contact=chosen.contact_id)


def _marks(both: TranscriptsBeside) -> tuple[dict[int, Differing], dict[int, Differing]]:
    """The turns of each side that the other does not have so, with their words."""
    a: dict[int, Differing] = dict.fromkeys(both.differs_a, ONLY)
    b: dict[int, Differing] = dict.fromkeys(both.differs_b, ONLY)
    for turn in both.turns:
        if not turn.same and turn.seq_a is not None and turn.seq_b is not None:
            a[turn.seq_a] = Differing(turn.subject_a, turn.body_a)
            b[turn.seq_b] = Differing(turn.subject_b, turn.body_b)
    return a, b
