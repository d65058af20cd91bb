"""What a model is for, in words, and what is refused because of it."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain.errors import BadInput
from core.domain.models import Model, ModelDraft, Purpose

KINDS: Mapping[Purpose, str] = {
    "chat": "a chat model",
    "embedding": "an embedding model",
    "transcription": "a model for transcription",
}
_DOES: Mapping[Purpose, str] = {
    "chat": "it answers with words",
    "embedding": "it turns texts into vectors and cannot answer anybody",
    "transcription": "it writes down recordings and cannot answer anybody",
}
_SENSELESS: Mapping[Purpose, Mapping[str, str]] = {
    "chat": {},
    "embedding": {
        "temperature": "Vectors have no temperature.",
        "output_price": "An embedding model answers with no tokens, so they have no price.",
    },
    "transcription": {
        "temperature": "A transcription is asked for without a temperature.",
        "input_price": "A transcription is paid by the minute, as the price list has it.",
        "output_price": "A transcription is paid by the minute, as the price list has it.",
    },
}


def meant_for(model: Model, purpose: Purpose) -> Model:
    """The model, where it is for this purpose.

    Raises:
        BadInput: If it is for another one.
    """
    if model.purpose != purpose:
        raise BadInput(
            f"{model.name} is {KINDS[model.purpose]}: {_DOES[model.purpose]}.",
            place="model",
            fix=f"Choose {KINDS[purpose]}, or add one.",
        )
    return model


def check_settings(draft: ModelDraft) -> None:
    """Refuse what makes no sense for a model's purpose.

    Raises:
        BadInput: If there is such a setting; says which.
    """
    for name, why in _SENSELESS[draft.purpose].items():
        if getattr(draft, name) is not None:
            raise BadInput(why, place=name, fix="Leave it out.")
