"""A twin's content: drop files, see each one go through its stages, decide what becomes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.domain.twins import STAGES as ORDER
from core.domain.twins import PersonalChoice, Piece, Problem, TrainingState, Twin
from core.twins import Upload
from pages.parts.context import workbench, workspace
from pages.parts.page import counted, guarded, link, page, plain, section, short
from pages.parts.twin_head import facts, known_as, to_view
from pages.parts.twin_words import (
    CHOICE_HELP,
    CHOICES,
    PERSONAL,
    PROBLEMS,
    STAGES,
    STATE_BADGES,
    reached,
)

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

TYPES = (
    "pdf docx pptx epub html htm md markdown txt srt vtt zip mp3 wav m4a ogg flac mp4 mov webm mkv"
).split()
ASK = "Ask me"
QUOTED = 160
SHOWN, SHOWN_PROBLEMS = 20, 6
SIGNS = {"error": ("block", "red"), "warning": ("warning", "orange"), "info": ("info", "gray")}


def draw_content(twin: Twin) -> None:
    """Everything that the twin was given, and the place to give it more."""
    pieces = workspace().twins.pieces(twin.id)
    page(_title(twin, pieces), facts(twin), None if not pieces else lambda: _talk(twin))
    _training(twin)
    _drop(twin, bool(pieces))
    _decisions(twin, pieces)
    _pieces(twin, pieces)


def _title(twin: Twin, pieces: Sequence[Piece]) -> str:
    """What was found, as a sentence."""
    states = Counter(piece.state for piece in pieces)
    if not pieces:
        return f"Give {known_as(twin)} something to learn from"
    if workspace().twins.training(twin.id).going_on:
        return f"{known_as(twin)} is learning"
    if states["asking"]:
        waits = "waits" if states["asking"] == 1 else "wait"
        return f"{counted(states['asking'], 'piece')} {waits} for your decision"
    bad = states["refused"] + states["failed"]
    learned = f"{known_as(twin)} has learned {counted(states['ready'], 'piece')}"
    return f"{learned}; {bad} could not be taken" if bad else learned


def _talk(twin: Twin) -> None:
    if twin.version is not None and st.button("Talk to the twin", key="to_talk"):
        to_view("talk")


# Training


def _training(twin: Twin) -> None:
    """The bar of a training that is going on, or how the last one ended."""
    state = workspace().twins.training(twin.id)
    if state.going_on:
        _going_on(twin.id)
    elif state.error:
        st.warning(plain(f"The last training ended before its end. {state.error}"))
        waiting = [p for p in workspace().twins.pieces(twin.id) if p.state == "working"]
        if waiting and st.button("Go on", key="train_on", icon=":material/play_arrow:"):
            with guarded():
                workspace().twins.train(twin.id)
                st.rerun()
    elif state.finished_at is not None:
        st.caption(f":material/check: {plain(_ended(state))}")


def _ended(state: TrainingState) -> str:
    if state.version is None:
        return "Nothing had changed, so the version in use stays."
    return f"Learned. This is version {state.version}."


@st.fragment(run_every=1.0)
def _going_on(twin_id: str) -> None:
    """Ask how far it is, once a second; the whole page is drawn again when it is done."""
    state = workspace().twins.training(twin_id)
    if not state.going_on:
        st.rerun()
    with st.container(border=True, gap="small"):
        count = f"{state.done} of {counted(state.total, 'file')} read" if state.total else ""
        told = " · ".join(
            part for part in (state.doing, short(state.piece or "", 50), count) if part
        )
        bar, button = st.columns([6, 1], vertical_alignment="center")
        bar.progress(state.share, text=plain(told) or "Beginning")
        if button.button("Stop", key="stop_training", icon=":material/stop:", width="stretch"):
            with guarded():
                workspace().twins.stop(twin_id)
        working = [p for p in workspace().twins.pieces(twin_id) if p.state == "working"]
        for piece in working[:6]:
            st.caption(f"{plain(short(piece.name, 60))}  \n{_steps(piece)}")
        if len(working) > 6:
            st.caption(f"and {len(working) - 6} more")


def _steps(piece: Piece) -> str:
    """The six stages of a piece; those that are done carry a tick."""
    done = reached(piece)
    return " → ".join(
        f":green[✓ {STAGES[stage]}]" if at < done else f":gray[{STAGES[stage]}]"
        for at, stage in enumerate(ORDER)
    )


# Giving


def _drop(twin: Twin, more: bool) -> None:
    """Drop files, say what becomes of personal data, and let the twin learn."""
    going_on = workspace().twins.training(twin.id).going_on
    settings = workbench().settings
    with st.container(border=True, gap="small"):
        section("Give it more" if more else "Drop what the creator has written and said")
        generation = st.session_state.get("drop_generation", 0)
        files = st.file_uploader(
            "Files",
            type=TYPES,
            accept_multiple_files=True,
            label_visibility="collapsed",
            max_upload_size=max(settings.max_upload_mb, settings.max_recording_mb),
            key=f"drop_{twin.id}_{generation}",
        )
        st.caption(
            "PDF, Word, PowerPoint, EPUB, HTML, Markdown, text, subtitles, ZIP of these, sound and "
            "video. A recording learns from the transcript beside it (same name, .srt, .vtt or "
            ".txt), or is written down by a model."
        )
        choice = st.segmented_control(
            "Personal data that is found",
            [ASK, *CHOICES],
            default=ASK,
            format_func=lambda one: CHOICES.get(one, ASK),
            help=CHOICE_HELP,
            key="personal_choice",
        )
        label = "Learn from these" if files else "Learn"
        if st.button(
            label,
            type="primary",
            disabled=not files or going_on,
            icon=":material/school:",
            key="learn",
        ):
            with guarded():
                _learn(twin, files, None if choice in (None, ASK) else choice)
        _models()


def _learn(twin: Twin, files: list[UploadedFile], choice: PersonalChoice | None) -> None:
    """Hand the files over, and begin."""
    twins = workspace().twins
    folder = twins.upload_folder(twin.id)
    uploads = [_kept(folder, number, file) for number, file in enumerate(files)]
    twins.train(twin.id, uploads, choice)
    st.session_state["drop_generation"] = st.session_state.get("drop_generation", 0) + 1
    st.rerun()


def _kept(folder: Path, number: int, file: UploadedFile) -> Upload:
    path = folder / f"{number}"
    path.write_bytes(file.getbuffer())
    return Upload(file.name, path)


def _models() -> None:
    """Which models read and find, where the workspace has any to choose from."""
    here = workspace()
    with st.expander("What reads and finds", icon=":material/tune:"):
        for purpose, offline, words in (
            ("embedding", "all-MiniLM-L6-v2, on this machine", "Passages are found by"),
            ("transcription", "nobody", "Recordings are written down by"),
        ):
            models = {model.id: model.name for model in here.models.list(purpose=purpose)}  # type: ignore[arg-type]
            now = getattr(here.chosen_models(), purpose)
            options = ["", *models]
            picked = st.selectbox(
                words,
                options,
                index=options.index(now.id) if now and now.id in models else 0,
                format_func=lambda id, names=models, none=offline: names.get(id, none),
                key=f"choose_{purpose}",
            )
            if (picked or None) != (now.id if now else None):
                with guarded():
                    here.choose_model(purpose, picked or None)  # type: ignore[arg-type]
                    st.rerun()
        st.caption(
            "Another model for finding means that all is embedded again at the next training."
        )
        link("models", "Add a model", icon=":material/psychology:")


# Deciding


def _decisions(twin: Twin, pieces: Sequence[Piece]) -> None:
    """Pieces with personal data, and the three things that can become of it."""
    asking = [piece for piece in pieces if piece.state == "asking"]
    if not asking or workspace().twins.training(twin.id).going_on:
        return
    with st.container(border=True, gap="small"):
        section("Personal data was found. What shall become of it?")
        st.markdown(CHOICE_HELP)
        for piece in asking:
            _ask(twin, piece)
        if len(asking) > 1:
            st.caption("For all of them:")
            _buttons(twin, asking, "all")


def _ask(twin: Twin, piece: Piece) -> None:
    kinds = Counter(one.kind for one in piece.personal)
    told = ", ".join(counted(count, PERSONAL[kind]) for kind, count in kinds.items())
    st.markdown(f"**{plain(short(piece.name, 80))}**  \n{plain(told)}")
    with st.expander("See them"):
        for one in piece.personal[:40]:
            st.caption(f"{PERSONAL[one.kind]}: {plain(short(one.text, 80))}")
    _buttons(twin, [piece], piece.id)


def _buttons(twin: Twin, pieces: list[Piece], key: str) -> None:
    chosen: PersonalChoice | None = None
    with st.container(horizontal=True, gap="small"):
        for choice, words in CHOICES.items():
            if st.button(words, key=f"decide_{key}_{choice}"):
                chosen = choice
    if chosen is None:
        return
    with guarded():
        twins = workspace().twins
        twins.decide(twin.id, {piece.id: chosen for piece in pieces})
        twins.train(twin.id)
        st.rerun()


# Pieces


def _pieces(twin: Twin, pieces: Sequence[Piece]) -> None:
    """Each piece on a line: what it is, how far it is, what was found wrong with it."""
    going_on = workspace().twins.training(twin.id).going_on
    pieces = [one for one in pieces if not (going_on and one.state == "working")]
    if not pieces:
        return
    section("What it was given")
    ordered = sorted(pieces, key=lambda one: (one.state == "ready", not one.problems, one.name))
    key = f"all_pieces_{twin.id}"
    shown = ordered if st.session_state.get(key) else ordered[:SHOWN]
    with st.container(gap="xsmall", key="pieces"):
        for piece in shown:
            _piece(twin, piece, going_on)
    if len(shown) < len(ordered):
        st.button(
            f"Show all {len(ordered):,}",
            key="show_all_pieces",
            on_click=st.session_state.update,
            args=({key: True},),
        )


def _piece(twin: Twin, piece: Piece, going_on: bool) -> None:
    with st.container(border=True, gap="xsmall", key=f"piece_{piece.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            title = plain(short(piece.title or piece.name, 90))
            about = plain(" · ".join(_about(piece)))
            st.markdown(
                f"**{title}** {STATE_BADGES[piece.state]}  \n:small[:gray[{about}]]",
                width="stretch",
            )
            if st.button("Remove", key=f"remove_{piece.id}", type="tertiary", disabled=going_on):
                _remove(twin, piece)
        if piece.state in ("working", "failed"):
            st.caption(_steps(piece))
        for problem in piece.problems[:SHOWN_PROBLEMS]:
            _problem(problem)
        if len(piece.problems) > SHOWN_PROBLEMS:
            st.caption(f"and {len(piece.problems) - SHOWN_PROBLEMS} more")


def _about(piece: Piece) -> list[str]:
    facts = [short(piece.name, 90) if piece.title else "", piece.format]
    if piece.words:
        facts.append(counted(piece.words, "word"))
    if piece.passages:
        facts.append(counted(piece.passages, "passage"))
    if piece.written_on:
        facts.append(f"written {piece.written_on.day} {piece.written_on:%b %Y}")
    if piece.personal and piece.choice:
        facts.append(f"personal data: {CHOICES[piece.choice].lower()}")
    return [fact for fact in facts if fact]


def _problem(problem: Problem) -> None:
    """What was found, with the words that it is about."""
    icon, colour = SIGNS[problem.severity]
    head = f":{colour}[:material/{icon}: **{PROBLEMS[problem.kind]}.**]"
    told = f"{head} {plain(problem.message)} {plain(problem.fix or '')}".strip()
    quote = f"  \n:gray[“{plain(short(problem.quote, QUOTED))}”]" if problem.quote else ""
    st.markdown(f":small[{told}]" + (f"  \n:small[{quote.strip()}]" if quote else ""))


@st.dialog("Remove the piece")
def _remove(twin: Twin, piece: Piece) -> None:
    """Ask first."""
    st.markdown(
        f"**{plain(short(piece.name, 80))}** is taken out, and a version without it is made. Older "
        "versions still know it."
    )
    if st.button("Remove", type="primary", icon=":material/delete:", key="piece_remove"):
        with guarded():
            twins = workspace().twins
            twins.remove(twin.id, piece.id)
            if any(one.state == "ready" for one in twins.pieces(twin.id)):
                twins.train(twin.id)
            st.rerun()
