"""Populations: frozen once, named by the hash of their content, reused where equal."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from core.cast.people import GENERATOR, copies
from core.cast.personas import Personas
from core.domain.errors import BadInput, Conflict, NotFound, TooLarge
from core.domain.personas import Persona
from core.domain.populations import MAX_PEOPLE, CastLine, Person, Population, PopulationDraft
from core.store import Clock, PopulationTable, RunTable, utc_now

DEFAULT_COPIES = 20


class Populations:
    """The populations of one workspace."""

    def __init__(
        self,
        table: PopulationTable,
        runs: RunTable,
        personas: Personas,
        *,
        clock: Clock = utc_now,
        limit: int = MAX_PEOPLE,
    ) -> None:
        self._table = table
        self._runs = runs
        self._personas = personas
        self._clock = clock
        self._limit = limit

    def list(self) -> list[Population]:
        """Every population, newest first."""
        return self._table.all()

    def get(self, id: str) -> Population:
        """One population by id or by name.

        Raises:
            NotFound: If there is none.
        """
        found = self._table.one(id) or next((p for p in self._table.all() if p.name == id), None)
        if found is None:
            raise NotFound(f"There is no population '{id}' here.", place="population")
        return found

    def freeze(self, draft: PopulationDraft) -> Population:
        """Make a population, or give the one that holds the same people.

        Raises:
            NotFound: If a persona does not exist.
            TooLarge: If it has more people than the limit.
        """
        cast = self._merged(draft.cast)
        size = sum(line.copies for line in cast)
        if size > self._limit:
            raise TooLarge(
                f"This cast has {size:,} people; the limit is {self._limit:,}.", place="cast"
            )
        personas = {line.persona: self._member(self._personas.get, line.persona) for line in cast}
        digest = _content_hash(cast, personas.values(), draft.seed)
        known = self._table.one(f"p-{digest[:12]}")
        if known is not None:
            return known
        population = Population(
            id=f"p-{digest[:12]}",
            name=draft.name or _described(cast, personas.values(), draft.seed),
            seed=draft.seed,
            cast=[*cast],
            size=size,
            content_hash=digest,
            created_at=self._clock(),
        )
        people = list(copies(cast, personas, draft.seed))
        self._table.add(population, list(personas.values()), people)
        return population

    def from_words(self, cast: str, copies: int, seed: int) -> Population:
        """A population from a command line's words.

        Args:
            cast: ``all`` (the built-in personas), personas' names with commas, or a population.
            copies: How many of each persona.
            seed: The population's seed.
        """
        known = self._table.one(cast.strip())
        if known is not None:
            return known
        if cast.strip().casefold() == "all":
            chosen = [persona for persona in self._personas.list() if persona.built_in]
        else:
            names = [name for name in cast.split(",") if name.strip()]
            by_name = next((p for p in self._table.all() if p.name == cast.strip()), None)
            if by_name is not None:
                return by_name
            chosen = [self._member(self._personas.find, name) for name in names]
        if not chosen:
            raise BadInput("The cast is empty.", place="cast", fix="Name a persona, or use 'all'.")
        lines = [CastLine(persona=persona.id, copies=copies) for persona in chosen]
        return self.freeze(PopulationDraft(cast=lines, seed=seed))

    def people(self, id: str, start: int = 0, count: int | None = None) -> Sequence[Person]:
        """Some of a population's people, in order."""
        return self._table.people(self.get(id).id, start, count)

    def personas(self, id: str) -> dict[str, Persona]:
        """The personas as they were when the population was frozen, by id."""
        return self._table.personas(id)

    def export(self, id: str) -> dict[str, Any]:
        """A population with its personas and people, as one document."""
        population = self.get(id)
        return {
            **population.model_dump(mode="json"),
            "personas": [p.model_dump() for p in self.personas(population.id).values()],
            "people": [
                {"id": p.id, "persona": p.persona, **p.attributes, "traits": p.traits}
                for p in self.people(population.id)
            ],
        }

    def used(self, id: str) -> int:
        """How many rehearsals played with a population, tests of flows included."""
        return self._runs.using_population(id)

    def rename(self, id: str, name: str) -> Population:
        """Give a population another name; its people stay as they are."""
        population = self.get(id)
        self._table.rename(population.id, name)
        return self.get(population.id)

    def delete(self, id: str) -> None:
        """Take a population away.

        Raises:
            Conflict: If a run names it.
        """
        population = self.get(id)
        used = self.used(population.id)
        if used:
            raise Conflict(
                f"{used} rehearsal{'s' if used > 1 else ''} played with '{population.name}'.",
                fix="Delete those first.",
            )
        self._table.delete(population.id)

    @staticmethod
    def _member(find: Callable[[str], Persona], name: str) -> Persona:
        """A persona of a cast; where there is none, the fault is the cast's."""
        try:
            return find(name)
        except NotFound as error:
            error.place = "cast"
            raise

    @staticmethod
    def _merged(cast: Sequence[CastLine]) -> Sequence[CastLine]:
        """The cast with one line a persona."""
        totals: dict[str, int] = {}
        for line in cast:
            totals[line.persona] = totals.get(line.persona, 0) + line.copies
        return [CastLine(persona=persona, copies=n) for persona, n in totals.items()]


def _content_hash(cast: Sequence[CastLine], personas: Any, seed: int) -> str:
    """SHA-256 of what the people are a pure function of: generator, seed, cast and personas."""
    content = {
        "generator": GENERATOR,
        "seed": seed,
        "cast": [line.model_dump() for line in cast],
        "personas": [persona.model_dump(exclude={"version"}) for persona in personas],
    }
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _described(cast: Sequence[CastLine], personas: Any, seed: int) -> str:
    """A name that says who is in it: ``7 personas × 20, seed 7``."""
    names = [persona.name for persona in personas]
    who = names[0] if len(names) == 1 else f"{len(names)} personas"
    counts = {line.copies for line in cast}
    if len(counts) == 1:
        return f"{who} × {counts.pop()}, seed {seed}"
    return f"{who}, {sum(line.copies for line in cast)} people, seed {seed}"
