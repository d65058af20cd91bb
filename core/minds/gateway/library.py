"""The language models of a workspace, with versions, and where one may begin."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

from pydantic import ValidationError

from core.domain.errors import BadInput, Conflict, NotFound
from core.domain.models import KeptAnswers, KeySource, Model, ModelDraft, Purpose, Trial
from core.domain.personas import slug
from core.domain.wording import place_of, sentence_of
from core.minds.gateway.gateway import Gateway
from core.minds.gateway.keys import Keys, key_names
from core.minds.gateway.providers import known_provider
from core.minds.gateway.purposes import check_settings, meant_for
from core.minds.gateway.wire import NEED_NO_KEY, provider_of

Row = tuple[Any, ...]


class ModelTable(Protocol):
    """Definitions with versions: rows (id, version, name, document, created_at)."""

    def newest(self) -> Sequence[Row]:
        """Everything that is not deleted, by name."""
        ...

    def get(self, id: str, version: int | None = None) -> Row | None:
        """One version, or the newest; None where there is none."""
        ...

    def versions(self, id: str) -> Sequence[Row]:
        """Every version of one, newest first."""
        ...

    def taken(self) -> set[str]:
        """Every id that was ever used."""
        ...

    def add(self, id: str, name: str, document: dict[str, Any], *, deleted: bool = False) -> int:
        """Append a version; gives its number."""
        ...


class Models:
    """The models of one workspace."""

    def __init__(self, table: ModelTable, keys: Keys, gateway: Gateway) -> None:
        self._table = table
        self._keys = keys
        self._gateway = gateway

    def get(self, name: str, version: int | None = None) -> Model:
        """One model by its id, or by its name whatever its capitals.

        Raises:
            NotFound: If there is none; the message lists those that there are.
        """
        row = self._table.get(name, version)
        if row is None:
            wanted = name.strip().casefold()
            named = next((m for m in self.list() if m.name.casefold() == wanted), None)
            row = self._table.get(named.id, version) if named else None
        if row is None:
            raise self._missing(name, version)
        return _model(row)

    def versions(self, id: str) -> list[Model]:
        """Every version of one model, newest first."""
        return [_model(row) for row in self._table.versions(self.get(id).id)]

    def add(self, draft: ModelDraft, key: str | None = None) -> Model:
        """Keep a new model, and its key where one is given.

        Raises:
            Conflict: If one has this name.
            BadInput: If nobody knows its provider, the key cannot be one, or a setting makes no
                sense for its purpose.
        """
        known_provider(draft.model, draft.address)
        check_settings(draft)
        self._free_name(draft)
        id = self._free_id(draft.name)
        if key:
            self._keys.save(Model(**draft.model_dump(), id=id), key)
        self._table.add(id, draft.name, _document(draft))
        return self.get(id)

    def find(self, name: str, address: str | None = None, purpose: Purpose = "chat") -> Model:
        """A model by id or name; one that litellm names (``openai/…``) need not be in the list.

        Raises:
            NotFound: If there is none, and litellm would not know the name either.
            BadInput: If the name or the address cannot be one, or the model is for something else.
        """
        named = [m for m in self.list() if (m.model, m.address) == (name, address)]
        meant = [m for m in named if m.purpose == purpose] or named
        if meant:
            return meant_for(meant[0], purpose)
        if "/" not in name:
            return meant_for(self.get(name), purpose)
        known_provider(name, address)
        known = {m.name.casefold() for m in self.list()}
        called = name if name.casefold() not in known else f"{name} at {address}"
        try:
            draft = ModelDraft(name=called[:255], model=name, purpose=purpose, address=address)
        except ValidationError as error:
            first = error.errors()[0]
            raise BadInput(sentence_of(first), place=place_of(first)) from error
        return Model(**draft.model_dump(), id=self._free_id(draft.name), version=0)

    def keep(self, name: str, address: str | None = None, purpose: Purpose = "chat") -> Model:
        """The same; one that is not in the list is added to it.

        Raises:
            NotFound: If there is none, and litellm would not know the name either.
            BadInput: If the name or the address cannot be one, or the model is for something else.
        """
        found = self.find(name, address, purpose)
        if found.version:
            return found
        return self.add(ModelDraft(**found.model_dump(exclude={"id", "version"})))

    def change(self, id: str, draft: ModelDraft, key: str | None = None) -> Model:
        """Keep a new version of a model; its saved key stays unless another is given.

        A saved key is forgotten where the model moves to another address or provider: a key that
        was typed for one server must not be sent to the next.

        Raises:
            Conflict: If another one has the name.
            BadInput: If nobody knows its provider, the key cannot be one, or it is to be for
                something else: who chose it chose it for its purpose.
        """
        model = self.get(id)
        meant_for(model, draft.purpose)
        known_provider(draft.model, draft.address)
        check_settings(draft)
        self._free_name(draft, besides=model.id)
        if _whose(draft) != _whose(model):
            self._keys.forget(model)
        if key:
            self._keys.save(model, key)
        self._table.add(model.id, draft.name, _document(draft))
        return self.get(model.id)

    def delete(self, id: str) -> None:
        """Take a model out of the list, and forget its key; runs that used it keep its copy."""
        model = self.get(id)
        self._keys.forget(model)
        self._table.add(model.id, model.name, {}, deleted=True)

    def trial(self, id: str) -> Trial:
        """Ask a model something small, and say in words what came of it."""
        return self._gateway.trial(self.get(id))

    def kept_answers(self) -> KeptAnswers:
        """How many answers are kept, so that they need not be asked for again."""
        return self._gateway.kept()

    def forget_answers(self) -> None:
        """Let go of every kept answer; what is asked again is then a fresh sample, and costs."""
        self._gateway.forget()

    def key_source(self, model: Model) -> KeySource:
        """Where a model's key comes from."""
        return self._keys.source(model)

    def forget_key(self, id: str) -> None:
        """Lose a model's saved key."""
        self._keys.forget(self.get(id))

    def key_name(self, model: ModelDraft) -> str | None:
        """The name in the environment of the key that a model needs; None where it needs none."""
        needless = provider_of(model.model) in NEED_NO_KEY or model.address is not None
        return None if needless else key_names(model.model)[0]

    def list(self, purpose: Purpose | None = None) -> list[Model]:
        """The newest version of every model, or of those for one purpose, by name."""
        found = (_model(row) for row in self._table.newest())
        return [model for model in found if purpose in (None, model.purpose)]

    def _missing(self, name: str, version: int | None) -> NotFound:
        names = ", ".join(model.name for model in self.list())
        fix = f"There are: {names}." if names else "There are none yet: add one first."
        which = f"'{name}'" if version is None else f"'{name}' in version {version}"
        return NotFound(f"There is no model {which} here.", place="model", fix=fix)

    def _free_name(self, draft: ModelDraft, besides: str | None = None) -> None:
        name = draft.name.casefold()
        if any(m.name.casefold() == name and m.id != besides for m in self.list()):
            raise Conflict(f"There is already a model called '{draft.name}'.", place="name")

    def _free_id(self, name: str) -> str:
        taken = self._table.taken()
        base = slug(name, "model")
        numbered = (base if n == 1 else f"{base}-{n}" for n in range(1, 1_000_000))
        return next(id for id in numbered if id not in taken)


def _model(row: Row) -> Model:
    return Model.model_validate({**json.loads(row[3]), "id": row[0], "version": row[1]})


def _document(draft: ModelDraft) -> dict[str, Any]:
    return draft.model_dump(mode="json", exclude={"id", "version"})


def _whose(draft: ModelDraft) -> tuple[str, str | None]:
    return provider_of(draft.model), draft.address
