"""Two versions of a flow rehearsed with the same people: what the second does differently."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain.flows import StoredFlow
from core.domain.runs import Run
from core.domain.versions import Parting, PeopleChange, VersionComparison
from pages.parts.context import workspace
from pages.parts.debugging import ICON, debug
from pages.parts.page import ago, counted, go, guarded, param, plain, section, set_params, short
from pages.parts.report_compare import draw_difference
from pages.parts.run_state import draw_state, is_going_on

MOST_VERSIONS, MOST_POPULATIONS, MOST_PARTINGS = 200, 200, 8
EVERYBODY, COPIES, SEED = "", 20, 7


@st.fragment
def compare_versions(flow: StoredFlow) -> None:
    """The same under a canvas: nothing is read while it is shut."""
    if flow.version < 2 and len(workspace().flows.history(flow.id)) < 2:
        return
    part = st.expander(
        "What people do differently in two versions",
        icon=":material/compare_arrows:",
        expanded=param("view") == "versions",
        on_change="rerun",
        key=f"versions_{flow.id}",
    )
    if part.open:
        with part:
            draw_rehearsed_versions(flow)


def draw_rehearsed_versions(flow: StoredFlow) -> None:
    """Choose two versions and who meets them; see what the second does differently."""
    history = workspace().flows.history(flow.id)[:MOST_VERSIONS]
    section("What people do differently")
    if len(history) < 2:
        st.caption(
            "This flow has one version yet. Change it and save: then both can meet the same "
            "people, and you see who goes another way."
        )
        return
    a, b = _versions(history)
    if a == b:
        st.caption("Choose two different versions.")
        return
    _start(flow, a, b)
    for run in _going_on(flow, a, b):
        draw_state(run, key=f"version_{run.flow_version}")
    pair = workspace().versions.pair(flow.id, a, b)
    if pair is None:
        st.caption("These two have not met the same people yet.")
        return
    _draw(flow, _compared(workspace().name, pair[0].id, pair[1].id))


def _versions(history: list[StoredFlow]) -> tuple[int, int]:
    """The two versions: those of the address, else the newest and the one before it."""
    known = {one.version: one for one in history}

    def words(version: int) -> str:
        return f"Version {version} · {ago(known[version].created_at)}"

    found = []
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for name, label, default in (("a", "From", history[1]), ("b", "To", history[0])):
            asked = _number(param(name), default.version)
            options = list(known)
            at = options.index(asked if asked in known else default.version)
            chosen = st.selectbox(
                label, options, index=at, format_func=words, width=240, key=f"versions_{name}"
            )
            found.append(int(chosen))
    set_params(a=found[0], b=found[1])
    return found[0], found[1]


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else default


def _start(flow: StoredFlow, a: int, b: int) -> None:
    """Who meets both, and the button that starts what has not been played yet."""
    known = {one.id: one for one in workspace().populations.list()[:MOST_POPULATIONS]}

    def words(id: str) -> str:
        if id == EVERYBODY:
            return f"{COPIES} of every persona"
        return f"{short(known[id].name, 40)} · {counted(known[id].size, 'person', 'people')}"

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        who = st.selectbox(
            "People", [*known, EVERYBODY], format_func=words, width=300, key="versions_people"
        )
        seed = st.number_input(
            "Seed", min_value=0, max_value=2**53 - 1, value=SEED, width=110, key="versions_seed"
        )
        press = st.button(
            "Rehearse both",
            icon=":material/compare_arrows:",
            key="versions_go",
            help="What has been played already is used again.",
        )
    if press:
        with guarded(), st.spinner("Gathering the people"):
            population = who or workspace().populations.from_words("all", COPIES, seed).id
            workspace().versions.rehearse(flow.id, a, b, population, seed=seed)
            st.rerun()


def _going_on(flow: StoredFlow, a: int, b: int) -> list[Run]:
    lately = workspace().rehearsals.list(flow.id, limit=10)
    return [run for run in lately if is_going_on(run) and run.flow_version in (a, b)]


@st.cache_data(max_entries=16, show_spinner=False)
def _compared(name: str, a: str, b: str) -> VersionComparison:
    """The comparison of two finished runs, made once."""
    assert name == workspace().name
    runs = workspace().rehearsals
    return workspace().versions.compared_runs(runs.get(a), runs.get(b))


def _draw(flow: StoredFlow, found: VersionComparison) -> None:
    comparison = found.comparison
    st.markdown(f"**{plain(_headline(found))}**")
    unsure = f"; {found.unsure:,} without a usable answer are left out" if found.unsure else ""
    st.caption(
        plain(
            f"Runs {comparison.a.number} and {comparison.b.number}: the same "
            f"{counted(found.people, 'person', 'people')} under the same chance{unsure}. "
            "Differences are version "
            f"{found.b} minus version {found.a}, with their 95 % interval."
        )
    )
    with st.grid(4, min_column_width=210, gap="small"):
        for one in comparison.differences:
            draw_difference(one)
    _partings(flow, found)
    _table(found)
    if st.button("Compare the two runs", icon=":material/insights:", key="versions_report"):
        go("report", run=comparison.b.run_id, **{"with": comparison.a.run_id})


def _headline(found: VersionComparison) -> str:
    if not found.parted:
        return "Everybody goes the same way in both versions"
    who = counted(found.parted, "person goes", "people go")
    return f"{who} another way, of {found.people:,}. {found.comparison.headline}"


def _partings(flow: StoredFlow, found: VersionComparison) -> None:
    """Where people first part, each with a few of them to look at."""
    for number, place in enumerate(found.partings[:MOST_PARTINGS]):
        with st.container(border=True, gap="xsmall", key=f"parting_{number}"):
            st.markdown(plain(place.sentence))
            _examples(flow, found, number, place)
    if len(found.partings) > MOST_PARTINGS:
        st.caption(f"They part at {len(found.partings) - MOST_PARTINGS:,} more places.")


def _examples(flow: StoredFlow, found: VersionComparison, number: int, place: Parting) -> None:
    sides = ((found.a, found.comparison.a.run_id), (found.b, found.comparison.b.run_id))
    for at, example in enumerate(place.examples):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":small[{plain(short(example.name, 40))}]", width=180)
            for version, run in sides:
                if st.button(
                    f"Debug in version {version}",
                    icon=ICON,
                    type="tertiary",
                    key=f"part_{number}_{at}_{version}",
                ):
                    debug(flow.id, version, run=run, contact=example.contact_id)


def _table(found: VersionComparison) -> None:
    """People by step and way; what did not change is left out."""
    changed = [one for one in (*found.steps, *found.ways) if one.only_a or one.only_b]
    if not changed:
        return
    st.dataframe(
        [_row(one, found) for one in changed],
        hide_index=True,
        height=420 if len(changed) > 11 else "content",
        alt="People who came to a step or took a way in one version alone",
        column_config={
            name: st.column_config.NumberColumn(format="%.3f")
            for name in ("Difference", "Low", "High")
        },
    )


def _row(one: PeopleChange, found: VersionComparison) -> dict[str, Any]:
    return {
        "Step": one.step_id,
        "Way": one.label or one.way or "came here",
        f"Version {found.a}": one.a,
        f"Version {found.b}": one.b,
        f"Only in {found.a}": one.only_a,
        f"Only in {found.b}": one.only_b,
        "Difference": one.difference,
        "Low": one.low,
        "High": one.high,
        "Clear": one.clear,
    }
