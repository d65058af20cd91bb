"""The persona gallery: the built-in ones, and those that a workspace made itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from core.domain.errors import Conflict, NotFound
from core.domain.personas import Persona, PersonaDraft, slug
from core.store import PersonaTable


def built_in_personas(folder: Path) -> dict[str, Persona]:
    """The personas that we ship, by id, in the order of their file names."""
    found: dict[str, Persona] = {}
    for path in sorted(folder.glob("*.yaml")):
        document = yaml.safe_load(path.read_text("utf-8"))
        persona = Persona(**document, id=slug(document["name"]), built_in=True)
        found[persona.id] = persona
    return found


class Personas:
    """Personas of one workspace. Built-in ones can be copied, not changed or lost."""

    def __init__(self, table: PersonaTable, built_in: Mapping[str, Persona]) -> None:
        self._table = table
        self._built_in = built_in

    def list(self) -> list[Persona]:
        """Built-in ones first, then the workspace's own by name."""
        return [*self._built_in.values(), *self._table.all()]

    def get(self, id: str) -> Persona:
        """One persona by id.

        Raises:
            NotFound: If there is none.
        """
        persona = self._built_in.get(id) or self._table.one(id)
        if persona is None:
            raise NotFound(f"There is no persona '{id}' here.", place="persona")
        return persona

    def find(self, name: str) -> Persona:
        """One persona by its id or by its name, whatever its capitals.

        Raises:
            NotFound: If none or more than one has this name; the message lists the names.
        """
        everyone = self.list()
        wanted = name.strip().casefold()
        found = [p for p in everyone if p.id == wanted] or [
            p for p in everyone if p.name.casefold() == wanted
        ]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(p.id for p in found)
            raise NotFound(
                f"More than one persona is called '{name}'.",
                place="persona",
                fix=f"Use an id: {ids}.",
            )
        names = ", ".join(p.name for p in everyone)
        raise NotFound(
            f"There is no persona called '{name}'.", place="persona", fix=f"There are: {names}."
        )

    def create(self, draft: PersonaDraft) -> Persona:
        """Keep a new persona.

        Raises:
            Conflict: If one has this name.
        """
        if any(p.name.casefold() == draft.name.casefold() for p in self.list()):
            raise Conflict(f"There is already a persona called '{draft.name}'.", place="name")
        id = self._free_id(draft.name)
        self._table.add(id, draft.name, draft.model_dump())
        return self.get(id)

    def update(self, id: str, draft: PersonaDraft) -> Persona:
        """Keep a new version of a persona.

        Raises:
            Conflict: If it is built in, or another one has the name.
        """
        self._own(id, "changed")
        if any(p.id != id and p.name.casefold() == draft.name.casefold() for p in self.list()):
            raise Conflict(f"There is already a persona called '{draft.name}'.", place="name")
        self._table.add(id, draft.name, draft.model_dump())
        return self.get(id)

    def copy(self, id: str, name: str | None = None) -> Persona:
        """Make a copy, under a free name where none is given."""
        original = self.get(id)
        taken = {p.name.casefold() for p in self.list()}
        candidates = (
            f"{original.name[:240]} (copy{f' {n}' if n > 1 else ''})" for n in range(1, 10_000)
        )
        free = name or next(text for text in candidates if text.casefold() not in taken)
        fields = original.model_dump(exclude={"id", "version", "built_in", "name"})
        return self.create(PersonaDraft(name=free, **fields))

    def delete(self, id: str) -> None:
        """Take a persona out of the gallery; populations that hold it keep it.

        Raises:
            Conflict: If it is built in.
        """
        persona = self._own(id, "deleted")
        self._table.add(id, persona.name, {}, deleted=True)

    def _own(self, id: str, verb: str) -> Persona:
        persona = self.get(id)
        if persona.built_in:
            raise Conflict(
                f"{persona.name} is built in and cannot be {verb}.", fix="Make a copy and use that."
            )
        return persona

    def _free_id(self, name: str) -> str:
        taken = self._table.taken() | set(self._built_in)
        base = slug(name)
        numbered = (base if n == 1 else f"{base}-{n}" for n in range(1, 1_000_000))
        return next(id for id in numbered if id not in taken)
