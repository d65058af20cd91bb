"""Who words a twin's answers: the creator's own sentences, or a language model."""

from __future__ import annotations

import streamlit as st

from core.domain.models import Model
from pages.parts.context import workspace

OFFLINE = "sentences"


def choose_engine(key: str) -> Model | None:
    """The language model that was chosen; None for the creator's sentences, or where there is none.

    Args:
        key: Of the field on the page.
    """
    models = {model.id: model for model in workspace().models.list(purpose="chat")}
    if not models:
        return None
    picked = st.selectbox(
        "Who words the answers",
        [OFFLINE, *models],
        format_func=lambda id: models[id].name if id in models else "The creator's sentences",
        key=key,
    )
    return models.get(picked)
