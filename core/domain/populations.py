"""Populations: frozen, seeded lists of people, named by the hash of their content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from core.domain.moments import Moment
from core.domain.personas import Name

MAX_PEOPLE = 1_000_000


class CastLine(BaseModel):
    """So many copies of one persona."""

    persona: str
    copies: int = Field(default=20, ge=1, le=MAX_PEOPLE)


class PopulationDraft(BaseModel):
    """What a person chooses to make a population."""

    name: Name | None = None
    cast: list[CastLine] = Field(min_length=1, max_length=1_000)
    seed: int = Field(default=7, ge=0, le=2**63 - 1)


@dataclass(frozen=True, slots=True)
class Person:
    """One member of a population.

    Attributes:
        id: The contact id, the persona's slug and a number (``eager-eddie-0007``).
        persona: The persona's id (its slug).
        attributes: What flows may read as ``contact``: name, first_name, email, phone, timezone,
            language, persona, age, visits, purchases, last_seen_days, tags, and more.
        traits: Standard normal numbers, one a trait of the behaviour model: how this copy
            differs from its persona.
    """

    id: str
    persona: str
    attributes: dict[str, Any]
    traits: dict[str, float]


class Population(BaseModel):
    """A frozen list of people, without the people.

    ``id`` is ``p-`` and the first 12 hexadecimal digits of ``content_hash``, the SHA-256 of the
    canonical JSON of its personas' definitions and people.
    """

    id: str
    name: str
    seed: int
    cast: list[CastLine]
    size: int
    content_hash: str
    created_at: Moment
