"""The form of a persona: its fields, and what is wrong with them beside each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from pydantic import ValidationError

from core.domain.personas import Persona, PersonaDraft
from core.minds import BehaviourParameters
from pages.parts.page import plain
from pages.parts.persona_card import effect_text, effects, said

QUESTIONS = {
    "tone": ("Tone", "How this person writes."),
    "response_length": ("Length of replies", "How much this person writes."),
    "decision_speed": ("Speed of decisions", "How long this person takes to say yes."),
    "objection_likelihood": ("Objections", "How readily this person objects."),
}
START = {"age_range": "", "occupation": "", "location": "", "income": ""}


def persona_form(
    persona: Persona | None, parameters: BehaviourParameters, key: str
) -> tuple[dict[str, Any] | None, Mapping[str, Any]]:
    """Draw the form.

    Returns:
        What was written when the form has just been sent, else None; and the places beside the
        fields in which ``show_problems`` can say what is wrong.
    """
    given = persona or Persona(id="new", name="New persona")
    places: dict[str, Any] = {}
    with st.form(key, border=True, enter_to_submit=False):
        name = st.text_input("Name", "" if persona is None else given.name, max_chars=255)
        places["name"] = st.empty()
        description = st.text_area(
            "Description", given.description, placeholder="Who this is, in a sentence or two."
        )
        places["description"] = st.empty()
        words = _personality(given, parameters, places)
        traits = _traits(given, parameters)
        places["behavior_traits"] = st.empty()
        demographics = _demographics(given)
        places["demographics"] = st.empty()
        sent = st.form_submit_button("Save", type="primary", icon=":material/check:")
    if not sent:
        return None, places
    written = {
        "name": name,
        "description": description,
        "personality": {**(given.personality.model_extra or {}), **words},
        "demographics": demographics,
        "behavior_traits": traits,
    }
    return written, places


def _personality(
    given: Persona, parameters: BehaviourParameters, places: dict[str, Any]
) -> dict[str, str]:
    """The four words, each chosen from those that the model knows or written freely."""
    words: dict[str, str] = {}
    with st.grid(2, min_column_width=220):
        for field, (title, help) in QUESTIONS.items():
            with st.container(gap="xsmall"):
                now = getattr(given.personality, field)
                known = list(parameters.words(field))
                options = known if now in known else [now, *known]
                words[field] = st.selectbox(
                    title,
                    options,
                    index=options.index(now),
                    format_func=said,
                    accept_new_options=True,
                    help=f"{help} Choose a word that the behaviour model knows, or write your own: "
                    "it is kept, and played as the middle one.",
                )
                places[field] = st.empty()
    return words


def _traits(given: Persona, parameters: BehaviourParameters) -> list[str]:
    """Behaviour traits: known ones and own ones."""
    known = parameters.words("trait")
    traits = st.multiselect(
        "Behaviour traits",
        list(dict.fromkeys([*given.behavior_traits, *known])),
        default=given.behavior_traits,
        format_func=said,
        accept_new_options=True,
        placeholder="Choose, or write your own",
    )
    with st.popover("What each trait does", type="tertiary", icon=":material/help:"):
        lines = [
            f"**{plain(said(word))}**  \n:small[:gray["
            f"{plain('; '.join(effect_text(p) for p in effects(parameters, 'trait', word)[:3]))}]]"
            for word in known
        ]
        st.markdown("\n\n".join(lines))
    return list(traits)


def _demographics(given: Persona) -> list[dict[str, str]]:
    """A small table of what is known about this person."""
    rows = given.demographics or START
    edited = st.data_editor(
        {"what": list(rows), "value": list(rows.values())},
        num_rows="dynamic",
        hide_index=True,
        key="persona-demographics",
        column_config={
            "what": st.column_config.TextColumn("Demographics", required=True, max_chars=80),
            "value": st.column_config.TextColumn("", max_chars=4_000),
        },
    )
    pairs = zip(edited["what"], edited["value"], strict=True)
    return [{"what": (what or "").strip(), "value": value or ""} for what, value in pairs]


def read_form(written: dict[str, Any]) -> tuple[PersonaDraft | None, dict[str, str]]:
    """The draft that was written, or what is wrong by field, in words."""
    rows = [row for row in written["demographics"] if row["value"].strip()]
    names = [row["what"] for row in rows]
    problems: dict[str, str] = {}
    if not all(names):
        problems["demographics"] = "Give every line a name, such as occupation."
    elif len(set(names)) < len(names):
        problems["demographics"] = "Two lines have the same name."
    values = {**written, "demographics": {row["what"]: row["value"] for row in rows if row["what"]}}
    try:
        draft = PersonaDraft.model_validate(values)
    except ValidationError as error:
        for one in error.errors():
            problems.setdefault(_field(one["loc"]), _in_words(one))
        return None, problems
    return (None if problems else draft), problems


def _field(place: tuple[int | str, ...]) -> str:
    """The field of the form that a place in the draft belongs to."""
    return str(place[1] if place[0] == "personality" and len(place) > 1 else place[0])


def _in_words(error: Any) -> str:
    """One of pydantic's errors, as we would say it."""
    most = f"{error.get('ctx', {}).get('max_length', 0):,}"
    of = " characters" if isinstance(error["input"], str) else ""
    told = {
        "string_too_short": "This cannot be empty.",
        "too_short": "This cannot be empty.",
        "string_type": "This cannot be empty.",
        "string_pattern_mismatch": "This must be one line.",
        "string_too_long": f"At most {most} characters.",
        "too_long": f"At most {most}{of}.",
    }
    found = told.get(error["type"])
    return found or f"This {error['msg'].removeprefix('Value error, ')}."


def show_problems(problems: Mapping[str, str], places: Mapping[str, Any]) -> None:
    """Say beside each field what is wrong with it."""
    for field, told in problems.items():
        place = places.get(field)
        (place or st).markdown(f":red[:material/error: {plain(told)}]")
