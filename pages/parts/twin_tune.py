"""Tuning a twin: sliders and instructions, two versions side by side, and the way back to any."""

from __future__ import annotations

import streamlit as st

from core.domain.reports import percent
from core.domain.twins import Answer, Compared, Tuning, Twin, TwinVersion
from pages.parts.context import workspace
from pages.parts.page import ago, counted, guarded, page, param, plain, section, set_params, short
from pages.parts.twin_engine import choose_engine
from pages.parts.twin_head import facts, known_as

VOICE = {
    "length": ("shorter", "longer"),
    "formality": ("casual", "formal"),
    "warmth": ("cool", "warm"),
    "directness": ("roundabout", "direct"),
    "humour": ("serious", "playful"),
    "questions": ("fewer questions", "more questions"),
}
SHOWN = 10
PERSONALITY = {
    "openness": ("down to earth", "imaginative"),
    "conscientiousness": ("spontaneous", "orderly"),
    "extraversion": ("reserved", "outgoing"),
    "agreeableness": ("challenging", "accommodating"),
    "emotional_stability": ("moved", "calm"),
}
STEPS = [step / 10 for step in range(-10, 11)]
WHY = {
    "trained": ":blue-badge[:material/school: trained]",
    "tuned": ":violet-badge[:material/tune: tuned]",
    "corrected": ":orange-badge[:material/edit: corrected]",
    "rated": ":violet-badge[:material/psychology: rated by a model]",
    "mapped": ":violet-badge[:material/psychology: mapped by a model]",
}


def draw_tune(twin: Twin) -> None:
    """The sliders at the left, the comparison at the right, the versions below."""
    version = workspace().twins.version(twin.id)
    page(_title(twin, version), facts(twin))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _sliders(twin, version)
    with right:
        _compare(twin, version)
    _versions(twin, version)


def _title(twin: Twin, version: TwinVersion) -> str:
    moved = [name for name in (*VOICE, *PERSONALITY) if getattr(version.tuning, name)]
    if not moved and not version.tuning.instructions:
        return f"{known_as(twin)} speaks as measured"
    told = counted(len(moved), "slider") + " moved" if moved else "with instructions of your own"
    return f"{known_as(twin)} is tuned: {told}"


def _sliders(twin: Twin, version: TwinVersion) -> None:
    """Sliders and instructions; saved as a new version that is tried before it is used."""
    st.caption(
        "In the middle is as measured. Offline the voice sliders choose among the creator's own "
        "sentences; with a language model all of them, and the instructions, steer its words."
    )
    with st.form(f"tuning_{version.number}"):
        section("Voice")
        values = {name: _slider(version, name, ends) for name, ends in VOICE.items()}
        with st.expander("Personality"):
            values |= {name: _slider(version, name, ends) for name, ends in PERSONALITY.items()}
        instructions = st.text_area(
            "Instructions",
            version.tuning.instructions,
            max_chars=4_000,
            placeholder="Call people by their first name. Never promise a result.",
        )
        note = st.text_input("What is this version for?", max_chars=120)
        with st.container(horizontal=True, gap="small"):
            tried = st.form_submit_button("Try it beside this one", type="primary")
            kept = st.form_submit_button("Use it at once")
    if tried or kept:
        with guarded():
            tuning = Tuning(**values, instructions=instructions)
            made = workspace().twins.tune(twin.id, tuning, note=note, use=kept)
            set_params(a=version.number, b=made.number)
            st.session_state.pop(f"compared_{twin.id}", None)
            st.rerun()


def _slider(version: TwinVersion, name: str, ends: tuple[str, str]) -> float:
    less, more = ends
    return st.select_slider(
        f"{less} … {more}",
        STEPS,
        min(STEPS, key=lambda step: abs(step - getattr(version.tuning, name))),
        format_func=lambda step: f"{step:+.1f}" if step else "as measured",
        key=f"tune_{version.number}_{name}",
    )


# Side by side


def _compare(twin: Twin, version: TwinVersion) -> None:
    """Two versions on the same prompts."""
    numbers = [one.number for one in workspace().twins.versions(twin.id)]
    if len(numbers) < 2:
        with st.container(border=True):
            section("Side by side")
            st.markdown(
                "Move a slider and try it: both versions will answer the same questions here, and "
                "you keep the one that you like."
            )
        return
    section("Side by side")
    a, b = st.columns(2)
    first = _pick(a, "One", numbers, _number("a", numbers) or version.number, "pick_a")
    other = next(number for number in numbers if number != first)
    second = _pick(b, "The other", numbers, _number("b", numbers) or other, "pick_b")
    model = choose_engine("compare_engine")
    key = f"compared_{twin.id}"
    wanted = (first, second, model.id if model else None)
    if st.button("Ask both", key="ask_both", icon=":material/compare_arrows:") or (
        key not in st.session_state and param("b")
    ):
        with guarded(), st.spinner("Asking both"):
            rows = workspace().twin_tests.compare(twin.id, first, second, model=model)
            st.session_state[key] = (wanted, rows)
            set_params(a=first, b=second)
    kept = st.session_state.get(key)
    if kept is None or kept[0] != wanted:
        return
    for row in kept[1]:
        _row(row)
    with st.container(horizontal=True, gap="small"):
        for number in dict.fromkeys((first, second)):
            if st.button(f"Keep version {number}", key=f"keep_{number}"):
                _use(twin, number)


def _number(name: str, numbers: list[int]) -> int | None:
    text = param(name) or ""
    return int(text) if text.isdecimal() and int(text) in numbers else None


def _pick(
    place: st.delta_generator.DeltaGenerator, label: str, numbers: list[int], now: int, key: str
) -> int:
    return place.selectbox(
        label,
        numbers,
        index=numbers.index(now),
        format_func=lambda n: f"Version {n}",
        key=f"{key}_{now}",
    )


def _row(row: Compared) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(f"**{plain(row.prompt)}**")
        a, b = st.columns(2, gap="medium")
        with a:
            _side(row.a, row.voice_a)
        with b:
            _side(row.b, row.voice_b)
        st.caption(plain(" ".join(row.differs)) if row.differs else "The same answer.")


def _side(answer: Answer | None, voice: float | None) -> None:
    if answer is None:
        st.caption("No answer.")
        return
    st.markdown(f":small[{plain(answer.text)}]")
    if voice is not None:
        st.caption(f"voice {percent(voice)} %")


# Versions


def _versions(twin: Twin, now: TwinVersion) -> None:
    """Every state that the twin was in; any can be used again."""
    section("Versions")
    versions = workspace().twins.versions(twin.id)
    key = f"all_versions_{twin.id}"
    shown = versions if st.session_state.get(key) else versions[:SHOWN]
    with st.container(gap="xsmall", key="versions"):
        for version in shown:
            _version(twin, version, used=version.number == now.number)
    if len(shown) < len(versions):
        st.button(
            f"Show all {len(versions):,}",
            key="show_all_versions",
            on_click=st.session_state.update,
            args=({key: True},),
        )


def _version(twin: Twin, version: TwinVersion, *, used: bool) -> None:
    with (
        st.container(border=True, key=f"version_{version.number}"),
        st.container(horizontal=True, vertical_alignment="center", gap="small"),
    ):
        badges = WHY[version.why] + (" :green-badge[in use]" if used else "")
        about = plain(" · ".join(_about(version)))
        st.markdown(
            f"**Version {version.number}** {badges}  \n:small[:gray[{about}]]", width="stretch"
        )
        if not used and st.button("Use it", key=f"use_{version.number}"):
            _use(twin, version.number)


def _about(version: TwinVersion) -> list[str]:
    moved = [
        f"{more if getattr(version.tuning, name) > 0 else less}"
        for name, (less, more) in (VOICE | PERSONALITY).items()
        if getattr(version.tuning, name)
    ]
    facts = [
        ago(version.made_at),
        short(version.note, 120),
        counted(len(version.pieces), "piece"),
        counted(version.profile.words, "word"),
        ", ".join(moved),
    ]
    return [fact for fact in facts if fact]


def _use(twin: Twin, number: int) -> None:
    with guarded():
        workspace().twins.use(twin.id, number)
        st.toast(f"Version {number} answers from now on", icon=":material/check:")
        st.rerun()
