"""Populations and their people."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

import orjson
import pyarrow as pa

from core.domain.personas import Persona
from core.domain.populations import CastLine, Person, Population
from core.store.database import Database, Row

_COLUMNS = 'id, name, seed, "cast", size, content_hash, created_at'


class PopulationTable:
    """Frozen lists of people, each with the personas as they were when it was frozen."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Population]:
        """Every population, newest first."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM populations ORDER BY created_at DESC")
        return [self._population(row) for row in rows]

    def one(self, id: str) -> Population | None:
        """One population, None where there is none."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM populations WHERE id = ?", (id,))
        return self._population(rows[0]) if rows else None

    def personas(self, id: str) -> dict[str, Persona]:
        """The personas as they were when the population was frozen, by id."""
        rows = self._database.rows("SELECT personas FROM populations WHERE id = ?", (id,))
        documents = json.loads(rows[0][0]) if rows else {}
        return {name: Persona.model_validate(document) for name, document in documents.items()}

    def people(self, id: str, start: int = 0, count: int | None = None) -> list[Person]:
        """Some of a population's people, in order."""
        rows = self._database.rows(
            "SELECT contact_id, persona, attributes, traits FROM people WHERE population_id = ? "
            "AND position >= ? AND position < ? ORDER BY position",
            (id, start, start + count if count is not None else 2**31 - 1),
        )
        return [Person(row[0], row[1], orjson.loads(row[2]), orjson.loads(row[3])) for row in rows]

    def attributes(self, id: str, contact_ids: Collection[str]) -> dict[str, dict[str, Any]]:
        """The fields of some members of a population, by contact."""
        rows = self._database.rows(
            "SELECT contact_id, attributes FROM people WHERE population_id = $id "
            "AND list_contains($contacts, contact_id)",
            {"id": id, "contacts": list(contact_ids)},
        )
        return {row[0]: orjson.loads(row[1]) for row in rows}

    def person(self, id: str, contact_id: str) -> Person | None:
        """One member of a population, None where there is none."""
        rows = self._database.rows(
            "SELECT contact_id, persona, attributes, traits FROM people "
            "WHERE population_id = ? AND contact_id = ?",
            (id, contact_id),
        )
        if not rows:
            return None
        row = rows[0]
        return Person(row[0], row[1], orjson.loads(row[2]), orjson.loads(row[3]))

    def add(
        self, population: Population, personas: Sequence[Persona], people: Sequence[Person]
    ) -> None:
        """Keep a population and its people."""
        table = pa.table(
            {
                "population_id": pa.array([population.id] * len(people), pa.string()),
                "position": pa.array(range(len(people)), pa.int32()),
                "contact_id": pa.array([person.id for person in people], pa.string()),
                "persona": pa.array([person.persona for person in people], pa.string()),
                "attributes": pa.array(
                    [orjson.dumps(person.attributes).decode() for person in people]
                ),
                "traits": pa.array([orjson.dumps(person.traits).decode() for person in people]),
            }
        )
        documents = {persona.id: persona.model_dump() for persona in personas}
        with self._database.transaction() as cursor:
            cursor.execute(
                "INSERT INTO populations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    population.id,
                    population.name,
                    population.seed,
                    json.dumps([line.model_dump() for line in population.cast]),
                    json.dumps(documents),
                    population.size,
                    population.content_hash,
                    population.created_at,
                ),
            )
            cursor.register("arriving", table)
            cursor.execute("INSERT INTO people SELECT * FROM arriving")
            cursor.unregister("arriving")

    def rename(self, id: str, name: str) -> None:
        """Give a population another name."""
        with self._database.transaction() as cursor:
            cursor.execute("UPDATE populations SET name = ? WHERE id = ?", (name, id))

    def delete(self, id: str) -> None:
        """Take a population and its people away."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM people WHERE population_id = ?", (id,))
            cursor.execute("DELETE FROM populations WHERE id = ?", (id,))

    @staticmethod
    def _population(row: Row) -> Population:
        return Population(
            id=row[0],
            name=row[1],
            seed=row[2],
            cast=[CastLine.model_validate(line) for line in json.loads(row[3])],
            size=row[4],
            content_hash=row[5],
            created_at=row[6],
        )
