"""Talking to a twin: questions and answers, each with the passages that it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from uuid import uuid4

import streamlit as st

from core.domain.models import Model
from core.domain.reports import percent
from core.domain.twins import Answer, Passage, Turn, Twin
from pages.parts.context import workspace
from pages.parts.page import counted, guarded, page, param, plain, set_params, short
from pages.parts.twin_engine import OFFLINE
from pages.parts.twin_head import facts, known_as
from pages.parts.twin_words import read_aloud, where

AROUND = 700
"""Characters of a piece that are shown before and after a passage."""
NEAR, SHOWN = 160, 8
STARTERS = 4
_MARK = re.compile(r"\[(\d{1,2})\]")


def draw_talk(twin: Twin) -> None:
    """The conversation that the address names, or a new one."""
    talks = workspace().talks
    id = param("conversation") or _new_id()
    turns = talks.conversation(twin.id, id)
    page(_title(twin, turns), facts(twin), lambda: _clear(twin, id) if turns else None)
    model = _engine()
    st.caption(_how(model))
    for turn in turns:
        _turn(twin, turn)
    asked = _asked(twin, turns)
    if asked:
        _answer(twin, id, asked, model)


def _new_id() -> str:
    id = uuid4().hex[:12]
    set_params(conversation=id)
    return id


def _title(twin: Twin, turns: list[Turn]) -> str:
    asked = [one for one in turns if one.answer.kind in ("answered", "declined")]
    if not asked:
        return f"Ask {known_as(twin)}"
    known = sum(one.answer.kind == "answered" for one in asked)
    return f"{known_as(twin)} knew {known} of {counted(len(asked), 'answer')}"


def _how(model: Model | None) -> str:
    if model is None:
        return (
            "Offline: the answers are put together from the creator's own sentences. What the "
            "content does not cover is not answered."
        )
    return (
        f"{plain(model.name)} words the answers from the passages that are found, in the creator's "
        "voice. Without a passage to rest on there is no answer."
    )


def _clear(twin: Twin, id: str) -> None:
    if st.button("New conversation", key="new_conversation", icon=":material/add_comment:"):
        set_params(conversation=uuid4().hex[:12])
        st.rerun()
    if st.button("Forget this one", key="forget_conversation", type="tertiary"):
        workspace().talks.forget(twin.id, id)
        st.rerun()


def _engine() -> Model | None:
    """Who words the answers; the choice stands in the address."""
    models = {model.id: model for model in workspace().models.list(purpose="chat")}
    if not models:
        return None
    now = param("model")
    picked = st.segmented_control(
        "Who words the answers",
        [OFFLINE, *models],
        default=now if now in models else OFFLINE,
        format_func=lambda id: models[id].name if id in models else "The creator's sentences",
        key="talk_engine",
    )
    set_params(model=picked if picked in models else None)
    return models.get(picked or "")


def _asked(twin: Twin, turns: list[Turn]) -> str | None:
    """What was just asked: typed, or a question to begin with."""
    typed = st.chat_input(f"Ask {known_as(twin)}", max_chars=4_000, key="ask")
    place = st.empty()
    if typed or turns:
        return typed
    with place.container(gap="xsmall"):
        chosen = _starter(workspace().twin_tests.prompts(twin.id)[:STARTERS])
    if chosen:
        place.empty()
    return chosen


def _starter(questions: Sequence[str]) -> str | None:
    """Questions to begin with; gives the one that was clicked."""
    if questions:
        st.caption("To begin with:")
    clicked = [
        question
        for number, question in enumerate(questions)
        if st.button(plain(question), key=f"starter_{number}")
    ]
    return clicked[0] if clicked else None


def _answer(twin: Twin, id: str, question: str, model: Model | None) -> None:
    """Ask, show the words as they come, then the whole with its passages."""
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(plain(question))
    with st.chat_message("assistant", avatar=":material/person_book:"), guarded():
        place = st.empty()
        whole: list[Answer] = []

        def words() -> Iterator[str]:
            pieces = workspace().talks.stream(twin.id, question, model=model, conversation=id)
            for piece in pieces:
                if isinstance(piece, Answer):
                    whole.append(piece)
                else:
                    yield plain(piece) if model is None else piece

        with place, st.spinner("Looking through the content"):
            st.write_stream(words())
        if whole:
            st.session_state["asked_twins"] = st.session_state.get("asked_twins", 0) + 1
            st.rerun()


def _turn(twin: Twin, turn: Turn) -> None:
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(plain(turn.asked))
    with st.chat_message("assistant", avatar=":material/person_book:"):
        draw_answer(twin, turn.answer, key=f"turn_{turn.number}")


def draw_answer(twin: Twin, answer: Answer, *, key: str) -> None:
    """An answer: its words, how it came about, and its passages to open."""
    if answer.declined:
        words = "not in the content" if answer.kind == "declined" else "stayed itself"
        st.markdown(f":orange-badge[:material/help: {words}]")
    st.markdown(
        _MARK.sub(r" :small[\1]", plain(answer.text)) if "[" in answer.text else plain(answer.text)
    )
    if not answer.citations:
        return
    used = {int(number) for number in _MARK.findall(answer.text)}
    sure = f"{percent(answer.covered)} % sure that the content answers this"
    st.caption("The nearest passages:" if answer.declined else sure)
    with st.container(horizontal=True, gap="small"):
        for number, passage in enumerate(answer.citations, 1):
            if answer.declined or number in used or not used:
                _citation(twin, answer, passage, number, key)


def _citation(twin: Twin, answer: Answer, passage: Passage, number: int, key: str) -> None:
    """A button that opens the passage where it stands in its piece."""
    label = f"[{number}] {short(where(passage), 40)}"
    if st.button(
        plain(label), key=f"{key}_{number}", type="tertiary", icon=":material/format_quote:"
    ):
        open_passage(twin, passage, answer.version)


@st.dialog("Where it is from", width="large")
def open_passage(twin: Twin, passage: Passage, version: int | None = None) -> None:
    """A passage in the middle of its piece."""
    st.markdown(f"**{plain(where(passage))}**")
    with st.container(border=True, height=420):
        _in_its_place(twin, passage, version, AROUND)


@st.dialog("In the creator's words", width="large")
def open_passages(
    twin: Twin, title: str, passages: Sequence[Passage], version: int | None = None
) -> None:
    """Several passages, each with a little of what stands around it."""
    st.markdown(f"**{plain(title)}**")
    for passage in passages[:SHOWN]:
        with st.container(border=True, gap="xsmall"):
            _in_its_place(twin, passage, version, NEAR)
            st.caption(plain(where(passage)))


def _in_its_place(twin: Twin, passage: Passage, version: int | None, around: int) -> None:
    """A passage, marked, between what stands before and after it."""
    before, after = "", ""
    with guarded():
        text = workspace().twins.text(twin.id, passage.file, version)
        before = text[max(0, passage.start - around) : passage.start]
        after = text[passage.end : passage.end + around]
    for words, colour in (
        (_from_a_word(before), "gray"),
        (passage.text, "green-background"),
        (_to_a_word(after), "gray"),
    ):
        for paragraph in re.split(r"\n\s*\n", words):
            if paragraph.strip():
                st.markdown(f":{colour}[{plain(read_aloud(paragraph))}]")


def _from_a_word(text: str) -> str:
    return f"… {text.split(' ', 1)[-1]}" if " " in text else text


def _to_a_word(text: str) -> str:
    return f"{text.rsplit(' ', 1)[0]} …" if " " in text else text
