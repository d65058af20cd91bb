"""A draft on its page: every change is saved at once, and what cannot be saved is said in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from pydantic import ValidationError

from core.domain.errors import GreenroomError
from core.domain.experiments import Design, Experiment
from core.domain.wording import sentence_of
from pages.parts.context import workspace
from pages.parts.page import plain

Edit = Callable[[Design], dict[str, Any]]
"""What becomes of some of a design's fields."""


def widget(experiment: Experiment | str, name: str) -> str:
    """The key of a field; another one after the design was changed from elsewhere."""
    id = experiment if isinstance(experiment, str) else experiment.id
    return f"x_{id}_{st.session_state.get(f'x_{id}_again', 0)}_{name}"


def anew(id: str) -> None:
    """Let every field show what is stored, not what was typed."""
    st.session_state[f"x_{id}_again"] = st.session_state.get(f"x_{id}_again", 0) + 1


def draft(id: str) -> Experiment:
    """The experiment as it is stored now."""
    return workspace().experiments.get(id)


def put(id: str, part: str, edit: Edit) -> bool:
    """Store a change of the design; whether it could be."""
    said = st.session_state.setdefault(f"x_{id}_said", {})
    try:
        design = draft(id).design
        changed = Design.model_validate({**design.model_dump(), **edit(design)})
        if changed != design:
            workspace().experiments.change(id, changed)
    except ValidationError as error:
        said[part] = sentence_of(error.errors()[0])
    except GreenroomError as error:
        said[part] = " ".join(filter(None, [error.message, error.fix]))
    else:
        said.pop(part, None)
        return True
    return False


def on_field(id: str, part: str, key: str, edit: Callable[[Design, Any], dict[str, Any]]) -> None:
    """For ``on_change``: store what a field says now, and show what comes of it."""
    value = st.session_state[key]
    put(id, part, lambda design: edit(design, value))
    redraw()


def on_press(id: str, part: str, edit: Edit) -> None:
    """For ``on_click``: store a change, and show what comes of it."""
    put(id, part, edit)
    redraw()


def shows(*parts: str) -> None:
    """Note which parts this page has, each drawn anew by itself."""
    st.session_state["experiment_parts"] = parts


def redraw() -> None:
    """Draw the steps and the side anew, and nothing else; the whole page where it has none.

    Every step is: the line of a folded one may say something else after a change elsewhere.
    """
    st.rerun(list(st.session_state.get("experiment_parts", ())) or "app")


def not_saved(id: str, part: str) -> None:
    """What kept the last change of this part from being stored."""
    problem = st.session_state.get(f"x_{id}_said", {}).get(part)
    if problem:
        st.warning(f"This is not saved yet. {plain(problem)}", icon=":material/edit_off:")


def replaced(
    items: Sequence[Any], id: str, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> list[dict[str, Any]]:
    """The items as documents, one of them changed."""
    documents = [one.model_dump() for one in items]
    return [{**one, **change(one)} if one["id"] == id else one for one in documents]


def changed_variant(design: Design, id: str, **changes: Any) -> dict[str, Any]:
    """Other fields of one variant."""
    return {"variants": replaced(design.variants, id, lambda _: changes)}


def changed_metric(design: Design, id: str, **changes: Any) -> dict[str, Any]:
    """Other fields of one metric; there is one primary metric, so another one steps back."""
    metrics = replaced(design.metrics, id, lambda _: changes)
    if changes.get("role") == "primary":
        for one in metrics:
            if one["id"] != id and one["role"] == "primary":
                one["role"] = "secondary"
    return {"metrics": metrics}


def free_id(taken: Sequence[str], wished: str) -> str:
    """The wished id, numbered where it is taken."""
    numbered = (wished if n == 1 else f"{wished}_{n}" for n in range(1, len(taken) + 2))
    return next(one for one in numbered if one not in taken)
