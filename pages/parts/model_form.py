"""The form of a language model: where it is, its key, its limits and its price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from pydantic import ValidationError

from core.domain.errors import GreenroomError
from core.domain.models import Model, ModelDraft, Purpose
from core.domain.wording import place_of, sentence_of
from core.minds import PRESETS, Preset
from pages.parts.context import workspace
from pages.parts.model_words import PURPOSES
from pages.parts.page import go, page, plain, set_params, show_error, turn
from pages.parts.persona_form import show_problems

WIDTH = 760
_SERVER = "A server that speaks OpenAI’s language is openai/ and the model’s name there."
HOW_NAMED: dict[Purpose, str] = {
    "chat": "As litellm spells it, provider first: anthropic/…, openai/…, ollama_chat/…, "
    f"gemini/…. {_SERVER}",
    "embedding": "As litellm spells it, provider first: openai/text-embedding-3-small, "
    f"ollama/nomic-embed-text, voyage/…. {_SERVER}",
    "transcription": "As litellm spells it, provider first: openai/whisper-1, groq/…, "
    f"deepgram/…. {_SERVER}",
}
_HIDDEN: dict[Purpose, frozenset[str]] = {
    "chat": frozenset(),
    "embedding": frozenset({"max_tokens"}),
    "transcription": frozenset({"max_tokens", "tokens_per_minute"}),
}
PRICED: dict[Purpose, tuple[tuple[str, str], ...]] = {
    "chat": (("input_price", "Prompts"), ("output_price", "Answers")),
    "embedding": (("input_price", "Texts"),),
    "transcription": (),
}


def new_model(asked: str) -> None:
    """Add a model: what it is for, who serves it, then what is particular about it."""
    page("Add a language model", ["Rehearse", "language models", "new"])
    preset = _preset(_purpose(asked), asked)
    st.caption(plain(preset.needs))
    _edit(preset.draft, None, preset)


def _purpose(asked: str) -> Purpose:
    """What the model is to be for; another purpose begins with its first preset."""
    now = next((one.draft.purpose for one in PRESETS if one.name == asked), "chat")
    chosen = st.segmented_control(
        "What is it for?",
        list(PURPOSES),
        format_func=lambda purpose: PURPOSES[purpose],
        default=now,
        required=True,
        key="model_purpose",
        on_change=lambda: set_params(make=_names(st.session_state["model_purpose"])[0]),
    )
    return chosen or now


def _names(purpose: Purpose) -> list[str]:
    return [preset.name for preset in PRESETS if preset.draft.purpose == purpose]


def _preset(purpose: Purpose, asked: str) -> Preset:
    names = _names(purpose)
    key = f"model_preset_{purpose}"
    chosen = st.segmented_control(
        "Who serves it?",
        names,
        default=asked if asked in names else names[0],
        required=True,
        key=key,
        on_change=lambda: set_params(make=st.session_state.get(key)),
    )
    return next(preset for preset in PRESETS if preset.name == (chosen or names[0]))


def change_model(model: Model) -> None:
    """Change a model: a new version, which later rehearsals use."""
    page(f"Change {model.name}", ["Rehearse", "language models", f"version {model.version}"])
    _edit(model, model, None)


def _edit(given: ModelDraft, model: Model | None, preset: Preset | None) -> None:
    key = f"model_{model.id}_{model.version}" if model else f"model_new_{preset and preset.name}"
    with st.container(width=WIDTH):
        written, places = _form(given, model, preset, key)
        turn("Leave without saving", key="model_back", icon=":material/arrow_back:")
    if written is None:
        return
    secret, forget = written.pop("key"), written.pop("forget")
    draft, problems = read_form(written)
    show_problems(problems, places)
    if draft is None:
        return
    try:
        _save(model, draft, secret, forget=forget)
    except GreenroomError as error:
        if error.place in places:
            show_problems({error.place: error.message}, places)
        else:
            show_error(error)
        return
    go("models")


def _save(model: Model | None, draft: ModelDraft, secret: str | None, *, forget: bool) -> None:
    models = workspace().models
    if model is None:
        models.add(draft, secret)
        return
    models.change(model.id, draft, secret)
    if forget and not secret:
        models.forget_key(model.id)


def _form(
    given: ModelDraft, model: Model | None, preset: Preset | None, key: str
) -> tuple[dict[str, Any] | None, Mapping[str, Any]]:
    """What was written when the form has just been sent, else None; and places for problems."""
    places: dict[str, Any] = {}
    with st.form(f"{key}_form", border=True, enter_to_submit=False):
        written: dict[str, Any] = {
            "name": st.text_input(
                "Name", given.name, max_chars=255, key=f"{key}_name", help="What you call it here."
            )
        }
        places["name"] = st.empty()
        written["purpose"] = given.purpose
        written["model"] = st.text_input(
            "Model", given.model, max_chars=200, key=f"{key}_model", help=HOW_NAMED[given.purpose]
        )
        places["model"] = st.empty()
        if given.address is not None or preset is None or preset.needs_address:
            written["address"] = st.text_input(
                "Address",
                given.address or "",
                max_chars=500,
                key=f"{key}_address",
                placeholder="The provider’s own",
                help="Where the server is reached: http://localhost:11434, https://…/v1.",
            )
            places["address"] = st.empty()
        written.update(_key_fields(given, model, key))
        places["key"] = st.empty()
        title = "Limits and price" if PRICED[given.purpose] else "Limits"
        with st.expander(title, icon=":material/speed:"):
            written.update(_limits(given, key, places))
            written.update(_prices(given, key, places))
        label = "Save" if model else "Add the model"
        sent = st.form_submit_button(label, type="primary", icon=":material/check:")
    return (written if sent else None), places


def _key_fields(given: ModelDraft, model: Model | None, key: str) -> dict[str, Any]:
    """A field for the key, which is never shown again; and a way to let go of a saved one."""
    models = workspace().models
    source = models.key_source(model) if model else "none"
    variable = models.key_name(given)
    if source == "saved":
        help = "One is saved, encrypted. Leave empty to keep it."
    elif variable:
        help = f"Stored encrypted; leave empty to use {variable} from the environment."
    else:
        help = "Stored encrypted; leave empty where the server wants none."
    secret = st.text_input(
        "Key", type="password", max_chars=2_000, key=f"{key}_key", autocomplete="off"
    )
    st.caption(plain(help))
    forget = source == "saved" and st.checkbox("Forget the saved key", key=f"{key}_forget")
    return {"key": secret or None, "forget": bool(forget)}


def _limits(given: ModelDraft, key: str, places: dict[str, Any]) -> dict[str, Any]:
    """How much may be asked, and how fast; empty where the provider sets no limit."""
    with st.grid(2, min_column_width=220):
        fields = (
            ("requests_per_minute", "Requests a minute", 1, 1_000_000, "Empty for no limit."),
            ("tokens_per_minute", "Tokens a minute", 100, 1_000_000_000, "Empty for no limit."),
            ("in_flight", "Calls at once", 1, 500, "More is faster, until the provider slows it."),
            ("max_tokens", "Longest answer, in tokens", 16, 32_000, "A reaction takes about 60."),
            ("timeout_seconds", "Patience, in seconds", 1, 600, "For one attempt."),
        )
        written: dict[str, Any] = {
            name: _number(given, key, places, name, *rest)
            for name, *rest in fields
            if name not in _HIDDEN[given.purpose]
        }
    if given.purpose == "chat":
        written["temperature"] = _temperature(given, key)
    return written


def _temperature(given: ModelDraft, key: str) -> float | None:
    """How varied the answers are."""
    return st.number_input(
        "Temperature",
        min_value=0.0,
        max_value=2.0,
        value=given.temperature,
        step=0.1,
        placeholder="The provider’s own",
        key=f"{key}_temperature",
        help="Higher is more varied. Some models take none: leave it empty for those.",
    )


def _number(
    given: ModelDraft,
    key: str,
    places: dict[str, Any],
    name: str,
    label: str,
    least: int,
    most: int,
    help: str,
) -> int | None:
    """One whole number, empty where there is none."""
    value = getattr(given, name)
    with st.container(gap="xsmall"):
        written = st.number_input(
            label,
            min_value=least,
            max_value=most,
            value=None if value is None else int(value),
            placeholder="no limit",
            key=f"{key}_{name}",
            help=help,
        )
        places[name] = st.empty()
    return written


def _prices(given: ModelDraft, key: str, places: dict[str, Any]) -> dict[str, Any]:
    """What a million tokens cost, where the price list does not say so, or says it wrongly."""
    written: dict[str, Any] = {}
    if not PRICED[given.purpose]:
        return written
    st.caption(
        "Price for a million tokens, in USD. Leave it empty to use the price list; a budget can "
        "only be kept where the price is known. A model of your own may cost 0."
    )
    with st.grid(2, min_column_width=220):
        for name, label in PRICED[given.purpose]:
            with st.container(gap="xsmall"):
                written[name] = st.number_input(
                    label,
                    min_value=0.0,
                    max_value=10_000.0,
                    value=getattr(given, name),
                    step=0.1,
                    placeholder="from the price list",
                    key=f"{key}_{name}",
                )
                places[name] = st.empty()
    return written


def read_form(written: Mapping[str, Any]) -> tuple[ModelDraft | None, dict[str, str]]:
    """The draft that was written, or what is wrong by field, in words."""
    values = {
        name: value.strip() if isinstance(value, str) else value for name, value in written.items()
    }
    required = {"in_flight", "max_tokens", "timeout_seconds"}
    values = {n: v for n, v in values.items() if not (n in required and v is None)}
    values["address"] = values.get("address") or None
    problems: dict[str, str] = {}
    one_price = (values.get("input_price") is None) != (values.get("output_price") is None)
    if one_price and len(PRICED[values.get("purpose", "chat")]) > 1:
        problems["output_price"] = "Give both prices, or none."
    try:
        draft = ModelDraft.model_validate(values)
    except ValidationError as error:
        for one in error.errors():
            field = place_of(one) or "name"
            problems.setdefault(field, _in_words(field, sentence_of(one)))
        return None, problems
    return (None if problems else draft), problems


def _in_words(field: str, sentence: str) -> str:
    """What is wrong with a field, as we would say it."""
    told = {
        "model": "Write it without spaces, as the provider and litellm spell it.",
    }
    return told.get(field, sentence)
