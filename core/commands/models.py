"""Commands about language models: list, add, remove, try."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, SecretStr

from core.commands.base import FAILED, HELD, Answer, Arguments, Room
from core.commands.listing import Nothing, columns
from core.domain.models import Address, Model, ModelDraft, ModelName, Purpose, Trial
from core.domain.money import money
from core.domain.personas import Name

if TYPE_CHECKING:
    from core.workbench import Workspace

_KEYS = {"environment": "key from the environment", "saved": "key saved", "none": "no key"}


class OneModel(Arguments):
    """A language model, by its id or its name."""

    model: str = Field(min_length=1, max_length=255)


class AddModel(Arguments):
    """A language model, and its key where it has one of its own; what is None has its default."""

    name: Name
    model: ModelName
    purpose: Purpose | None = None
    address: Address | None = None
    key: SecretStr | None = Field(default=None, min_length=1, max_length=2_000)
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, ge=16, le=32_000)
    timeout_seconds: float | None = Field(default=None, gt=0, le=600)
    requests_per_minute: int | None = Field(default=None, ge=1, le=1_000_000)
    tokens_per_minute: int | None = Field(default=None, ge=100, le=1_000_000_000)
    in_flight: int | None = Field(default=None, ge=1, le=500)
    input_price: float | None = Field(default=None, ge=0, le=10_000)
    output_price: float | None = Field(default=None, ge=0, le=10_000)


def models_list(room: Room, _: Nothing) -> Answer:
    """List the language models, by name; keys are never shown."""
    workspace = room.workspace()
    found = [_document(workspace, model) for model in workspace.models.list()]
    rows = [
        (
            one["id"],
            one["model"],
            one["purpose"],
            one["address"] or "",
            _KEYS[one["key_source"]],
            one["name"],
        )
        for one in found
    ]
    none = "No language models yet. Start with: greenroom models add NAME MODEL"
    return Answer(found, columns(rows) or none)


def models_add(room: Room, given: AddModel) -> Answer:
    """Add a language model; a key is stored encrypted."""
    workspace = room.workspace(create=True)
    draft = ModelDraft(**given.model_dump(exclude={"key"}, exclude_none=True))
    key = None if given.key is None else given.key.get_secret_value()
    model = workspace.models.add(draft, key)
    document = _document(workspace, model)
    source = _KEYS[document["key_source"]]
    purpose = "" if model.purpose == "chat" else f", for {model.purpose}"
    said = f"{model.name} is added as {model.id} ({model.model}{purpose}, {source})."
    return Answer(document, f"{said}\nTry it: greenroom models try {model.id}")


def models_remove(room: Room, given: OneModel) -> Answer:
    """Remove a language model and its saved key; runs that it answered stay."""
    workspace = room.workspace()
    model = workspace.models.get(given.model)
    workspace.models.delete(model.id)
    return Answer({"id": model.id, "removed": True}, f"{model.name} is removed.")


def models_try(room: Room, given: OneModel) -> Answer:
    """Call a language model once: what works, or what is wrong and what to do."""
    workspace = room.workspace()
    trial = workspace.models.trial(workspace.models.get(given.model).id)
    code = HELD if trial.works else FAILED
    return Answer(trial.model_dump(mode="json"), _told(trial), code)


def _document(workspace: Workspace, model: Model) -> dict[str, Any]:
    return {**model.model_dump(mode="json"), "key_source": workspace.models.key_source(model)}


def _told(trial: Trial) -> str:
    lines = [" ".join(filter(None, (trial.message, trial.fix)))]
    if trial.seconds is not None:
        first = trial.first_word_seconds
        began = f"first word after {first:.1f} s, " if first is not None else ""
        cost = "" if trial.cost_usd is None else f", {money(trial.cost_usd)}"
        lines.append(f"  {began}{trial.seconds:.1f} s in all{cost}")
    if trial.answer:
        lines.append(f"  It said: {' '.join(trial.answer.split())[:300]}")
    return "\n".join(lines)
