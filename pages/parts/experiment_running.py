"""An experiment that is going on: what is played, with a count and a stop, or how to report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import streamlit as st

from core.domain.errors import GreenroomError
from core.domain.experiments import Experiment, Metric
from pages.parts.context import workspace
from pages.parts.experiment_data import draw_data
from pages.parts.experiment_draft import shows
from pages.parts.experiment_start import frozen
from pages.parts.live import live_progress
from pages.parts.page import ago, counted, go, guarded, page, plain, section, short, turn

if TYPE_CHECKING:
    from core.rehearsal import Progress

WORDS = {
    "pending": "Waiting for its turn.",
    "paused": "Stopped. Nothing is lost: it goes on from where it is.",
    "interrupted": "Interrupted. Nothing is lost: it goes on from where it is.",
    "failed": "It did not finish.",
    "finished": "Played.",
}
HERE = "http://localhost:8501"


def draw_running(experiment: Experiment) -> None:
    """A started experiment; what it found is on its own page."""
    shows()
    if experiment.source == "rehearsal":
        _rehearsing(experiment)
    elif experiment.source == "live":
        _live(experiment)
    else:
        _over(experiment)


def _head(experiment: Experiment, title: str) -> None:
    at = experiment.registered.at if experiment.registered else experiment.created_at
    facts = ["Prove", "experiment", short(experiment.design.name, 60), f"started {ago(at)}"]
    page(title, facts)


def _read(experiment: Experiment, label: str, *, first: bool) -> None:
    kind = "primary" if first else "secondary"
    if st.button(label, type=kind, icon=":material/balance:", key="experiment_read"):
        go("experiment", experiment=experiment.id)


def _look(experiment: Experiment) -> None:
    """Everything is there: reading it is looking at it."""
    if not st.button(
        "Read the results", type="primary", icon=":material/balance:", key="experiment_read"
    ):
        return
    with guarded():
        with st.spinner("Reading what they did", show_time=True):
            if experiment.status != "decided" and not experiment.looks:
                workspace().experiments.look(experiment.id)
        go("experiment", experiment=experiment.id)


# A rehearsal


def _rehearsing(experiment: Experiment) -> None:
    try:
        progress = workspace().experiments.progress(experiment.id)
    except GreenroomError as error:
        _head(experiment, "This experiment cannot be watched")
        st.warning(plain(str(error)))
        return
    playing = [one for one in progress.values() if not one.resting]
    finished = [one for one in progress.values() if one.status == "finished"]
    over = bool(progress) and len(finished) == len(progress)
    _head(experiment, _title(len(finished), len(progress), going=bool(playing)))
    with st.container(horizontal=True, gap="small", key="running_actions"):
        if over or experiment.status == "decided":
            _look(experiment)
        elif playing:
            if st.button("Stop", icon=":material/stop:", key="experiment_stop"):
                with guarded(), st.spinner("Stopping at the next checkpoint"):
                    workspace().experiments.stop(experiment.id)
                    st.rerun()
        elif st.button(
            "Go on", type="primary", icon=":material/play_arrow:", key="experiment_resume"
        ):
            with guarded():
                workspace().experiments.resume(experiment.id)
                st.rerun()
    with st.container(gap="small", key="running_variants"):
        for variant in experiment.design.variants:
            _variant(variant.label, progress.get(variant.id), len(progress) == 1)
    if playing:
        st.caption("You can leave: it goes on without you, and this page finds it again.")
    _frozen(experiment)
    turn("All experiments", key="to_all", icon=":material/arrow_back:")


def _title(finished: int, of: int, *, going: bool) -> str:
    if of and finished == of:
        return "Everybody has met every variant"
    if going:
        return f"Being rehearsed: {finished} of {counted(of, 'variant')} played"
    return f"Stopped with {finished} of {counted(of, 'variant')} played"


def _variant(name: str, progress: Progress | None, alone: bool) -> None:
    with (
        st.container(border=True),
        st.container(horizontal=True, vertical_alignment="center", gap="medium"),
    ):
        st.markdown(f"**{plain(short(name, 60))}**", width=240)
        with st.container(width="stretch"):
            if progress is None:
                words = "Is played together with the others." if alone else WORDS["pending"]
                st.markdown(f":gray[{words}]")
            elif progress.status == "running":
                live_progress(progress, key=f"variant_live_{progress.run_id}")
            else:
                _resting(progress)


def _resting(progress: Progress) -> None:
    people = f"{progress.done:,} of {counted(progress.contacts, 'person', 'people')}"
    why = f" {plain(short(progress.error, 200))}" if progress.error else ""
    sign = ":material/check_circle:" if progress.status == "finished" else ":material/pause:"
    if progress.status == "pending":
        live_progress(progress, key=f"variant_live_{progress.run_id}")
        return
    st.markdown(f"{sign} {people}  \n:small[:gray[{WORDS.get(progress.status, '')}{why}]]")


# Real people


def _live(experiment: Experiment) -> None:
    people = _participants(experiment)
    title = "Waiting for the first people" if not people else "People are coming in"
    _head(experiment, title)
    with st.container(horizontal=True, gap="small", key="running_actions"):
        _read(experiment, "Read the results", first=bool(people))
        if experiment.status == "running":
            if st.button("Stop", icon=":material/stop:", key="experiment_stop"):
                with guarded():
                    workspace().experiments.stop(experiment.id)
                    st.rerun()
        elif experiment.status == "stopped" and st.button(
            "Go on", icon=":material/play_arrow:", key="experiment_resume"
        ):
            with guarded():
                workspace().experiments.resume(experiment.id)
                st.rerun()
    if people:
        _counts(experiment, people)
    draw_sending(experiment)
    _frozen(experiment)
    turn("All experiments", key="to_all", icon=":material/arrow_back:")


def _participants(experiment: Experiment) -> dict[str, int]:
    """How many are in each variant, without reading what they did (that would be a look)."""
    try:
        return workspace().experiments.participants(experiment.id)
    except GreenroomError:
        return {}


def _counts(experiment: Experiment, people: dict[str, int]) -> None:
    with st.container(horizontal=True, gap="large"):
        for one in experiment.design.variants:
            st.metric(plain(short(one.label, 40)), f"{people.get(one.id, 0):,}", width="content")


def draw_sending(experiment: Experiment) -> None:
    """How another system asks for a variant and reports what people do."""
    address = f"{_origin()}/api/v1/experiments/{quote(experiment.id)}"
    here = f"?workspace={quote(workspace().name)}"
    names = dict.fromkeys([*experiment.design.assignment.strata, *experiment.design.segments])
    person: dict[str, object] = {"id": "customer-1042"}
    if names:
        person["attributes"] = dict.fromkeys(names, "…")
    ask = {"participants": [person]}
    told = {"events": [_example(one) for one in experiment.design.metrics[:1]] or [_example(None)]}
    with st.container(border=True, gap="small", key="sending"):
        section("How your system takes part")
        st.caption("Two calls; whoever looks after your site or newsletter can put them in.")
        st.markdown("**1. Ask which variant a person gets.** The same person always gets the same.")
        st.code(_curl(f"{address}/assign{here}", ask), language="bash", wrap_lines=True)
        st.markdown("**2. Say what they did.** An event with the same `id` counts once.")
        st.code(_curl(f"{address}/events{here}", told), language="bash", wrap_lines=True)
        st.caption(
            "Ask before anything is shown, and report from everybody alike: whoever is counted "
            "only when they do something makes every figure wrong."
        )


def _origin() -> str:
    """Where this page was reached; the usual place where that is not known."""
    parts = urlsplit(st.context.url or HERE)
    return f"{parts.scheme}://{parts.netloc}"


def _curl(address: str, body: object) -> str:
    text = json.dumps(body, ensure_ascii=False).replace("'", "'\\''")
    return f"curl -X POST '{address}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{text}'"


KINDS = {
    "replied": "replied",
    "clicked": "clicked",
    "opened": "read",
    "opted_out": "opted_out",
    "handed_off": "handed_off",
    "rating": "rated",
    "replies": "replied",
}


def _example(metric: Metric | None) -> dict[str, object]:
    """An event that the first metric counts."""
    value = metric.value if metric else "goal"
    event: dict[str, object] = {"contact_id": "customer-1042", "id": "your-event-1"}
    kind, _, name = value.partition(":")
    if kind in ("goal", "revenue", "active") or kind not in KINDS:
        event |= {"kind": "goal_reached", "name": name or "bought", "value": 49.0}
    else:
        event["kind"] = KINDS[kind]
    return event


# Data that are there


def _over(experiment: Experiment) -> None:
    """Data are read against what was frozen; they may come after the start."""
    if experiment.dataset is None:
        _head(experiment, "Frozen, and waiting for the data")
        with st.container(border=True, gap="small"):
            section("Bring the data in")
            draw_data(experiment.id)
    else:
        _head(experiment, "The data are there")
        _look(experiment)
    _frozen(experiment)
    turn("All experiments", key="to_all", icon=":material/arrow_back:")


def _frozen(experiment: Experiment) -> None:
    """What was decided before the start."""
    with st.expander("What was decided before the start", icon=":material/lock:"):
        for title, lines in frozen(experiment):
            st.markdown(f"**{title}**  \n" + "  \n".join(lines))
        if experiment.registered:
            st.caption(f"Fingerprint: `{experiment.registered.fingerprint[:16]}`")
