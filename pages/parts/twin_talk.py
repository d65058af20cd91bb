"""Talking to a twin: questions and answers, each with the passages that it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import streamlit as st

from core.domain.models import Model
from core.domain.reports import percent
from core.domain.twins import Answer, Passage, Turn, Twin
from pages.parts.context import workspace
from pages.parts.page import guarded, page, param, plain, set_params, short
from pages.parts.twin_head import facts
from pages.parts.twin_words import where

AROUND = 700
"""Characters of a piece that are shown before and after a passage."""
OFFLINE = "sentences"
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
    if not turns:
        return f"Ask {twin.name}"
    unknown = sum(turn.answer.kind == "declined" for turn in turns)
    asked = sum(turn.answer.kind in ("answered", "declined") for turn in turns)
    if unknown and asked:
        return f"{twin.name} knew {asked - unknown} of {asked} answers"
    return f"Talking with {twin.name}"


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
    typed = st.chat_input(f"Ask {twin.name}", max_chars=4_000, key="ask")
    if typed or turns:
        return typed
    starters = workspace().twin_tests.prompts(twin.id)[:STARTERS]
    if not starters:
        return None
    st.caption("To begin with:")
    for number, question in enumerate(starters):
        if st.button(plain(question), key=f"starter_{number}"):
            return question
    return None


def _answer(twin: Twin, id: str, question: str, model: Model | None) -> None:
    """Ask, show the words as they come, then the whole with its passages."""
    with st.chat_message("user"):
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

        with place:
            st.write_stream(words())
        if whole:
            st.rerun()


def _turn(twin: Twin, turn: Turn) -> None:
    with st.chat_message("user"):
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
    before, after = "", ""
    with guarded():
        text = workspace().twins.text(twin.id, passage.file, version)
        before = text[max(0, passage.start - AROUND) : passage.start]
        after = text[passage.end : passage.end + AROUND]
    with st.container(border=True, height=420):
        if before.strip():
            st.markdown(f":gray[{plain(before)}]")
        st.markdown(f":green-background[{plain(passage.text)}]")
        if after.strip():
            st.markdown(f":gray[{plain(after)}]")
