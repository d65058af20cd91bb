"""Copies of a persona: people who share its ways and differ among themselves as people do.

What is drawn here are assumptions, written down where they are used; they are part of the
population, so a run never changes them. Telephone numbers are from the range that Ofcom keeps free
for drama (07700 900000 to 900999), e-mail addresses from the reserved domain example.com.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.domain.chance import Chance
from core.domain.personas import Persona
from core.domain.populations import CastLine, Person
from core.minds import TRAITS

GENERATOR = 1
"""Goes up when the same recipe would give other people."""

FIRST_NAMES = (
    "Aisha Alejandro Amara Anders Anna Arjun Astrid Ben Bianca Camille Carlos Chiara Chloe Dagny "
    "Daniel David Deniz Diego Elena Elif Emeka Emil Emma Esther Farid Fatima Felix Fiona Freja "
    "Gabriel Grace Hana Hannah Hassan Hugo Ines Ingrid Isaac Ivan Jamal Jana Javier Joana Jonas "
    "Julia Kai Karim Katya Kenji Laila Lars Lea Leila Leon Linh Lucas Lucia Maja Malik Marco Maria "
    "Marta Mateo Maya Mei Mia Miguel Mila Mina Moritz Nadia Naomi Nikos Nina Noah Nora Olga Omar "
    "Oskar Paula Pedro Petra Priya Rafael Rania Ravi Rosa Ruth Sami Samira Sara Selma Simon Sofia "
    "Stefan Tara Theo Thomas Tomas Vera Victor Wei Yara Yasmin Yusuf Zara Zoe"
).split()
LAST_NAMES = (
    "Abara Adeyemi Ahmed Almeida Andersen Bakker Bauer Becker Berg Bianchi Brandt Campbell Castro "
    "Chen Cohen Costa Dahl Demir Diallo Dubois Eriksen Evans Farah Fernandez Fischer Fontaine "
    "Garcia Greco Haas Haddad Hansen Hartmann Hoffmann Holm Ibrahim Ito Jansen Jensen Kaya Keller "
    "Khan Kim Klein Kovac Kowalski Kruger Lang Larsen Laurent Lehmann Lindgren Lopez Mancini "
    "Marino Marsh Martin Meyer Moreau Moretti Mueller Nakamura Neumann Nguyen Novak Nowak Okafor "
    "Okoye Oliveira Olsen Osei Papadakis Park Patel Pereira Petrov Popescu Rahman Ramos Reyes "
    "Ricci Rossi Roy Russo Said Santos Sato Schmidt Schneider Silva Singh Sorensen Stein Suzuki "
    "Tanaka Torres Vargas Virtanen Vogel Wagner Walsh Weber Wolf Wong Yilmaz Young Zhang Ziegler"
).split()
TIMEZONES = (
    "Europe/Berlin",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Athens",
    "America/New_York",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
)
"""Where people live when their persona does not say: an assumption, mostly Europe."""


def copies(
    cast: Sequence[CastLine], personas: Mapping[str, Persona], seed: int
) -> Iterator[Person]:
    """Every person of a cast, in its order; the same seed always gives the same people."""
    for line in cast:
        persona = personas[line.persona]
        width = max(4, len(str(line.copies)))
        for number in range(1, line.copies + 1):
            yield copy_of(persona, f"{persona.id}-{number:0{width}}", seed)


def copy_of(persona: Persona, id: str, seed: int) -> Person:
    """One copy of a persona. Its id, with the seed, decides everything about it."""
    chance = Chance(seed, "person", id)
    first = _first_name(persona, chance)
    last = chance.pick("last_name", LAST_NAMES)
    demographics = {key: value for key, value in persona.demographics.items() if value}
    attributes: dict[str, Any] = {
        **demographics,
        "name": f"{first} {last}",
        "first_name": first,
        "email": f"{first}.{last}.{id.rpartition('-')[2]}@example.com".lower(),
        "phone": f"+447700900{int(chance.uniform('phone') * 1000):03}",
        "timezone": demographics.get("timezone") or chance.pick("timezone", TIMEZONES),
        "language": demographics.get("language", "en"),
        "persona": persona.name,
        "age": _age(demographics.get("age_range", ""), chance),
        "visits": _count(chance, "visits", mean=4),
        "purchases": _count(chance, "purchases", mean=0.7),
        "last_seen_days": _count(chance, "last_seen_days", mean=20),
        "tags": [],
    }
    traits = {name: round(chance.normal(f"trait:{name}"), 4) for name in TRAITS}
    return Person(id, persona.id, attributes, traits)


def _first_name(persona: Persona, chance: Chance) -> str:
    """A built-in persona keeps its own first name (Eddie, Sarah), so that readers recognise it."""
    if "first_name" in persona.demographics:
        return persona.demographics["first_name"]
    return persona.name.split()[-1] if persona.built_in else chance.pick("name", FIRST_NAMES)


def _age(age_range: str, chance: Chance) -> int:
    """Uniform over the persona's range (``35-45``), or over 18 to 75 where it gives none."""
    numbers = [int(number) for number in re.findall(r"\d{1,3}", age_range)]
    low, high = (min(numbers), max(numbers)) if numbers else (18, 75)
    return low + int(chance.uniform("age") * (high - low + 1))


def _count(chance: Chance, purpose: str, mean: float) -> int:
    """A whole number, 0 or more, with a long tail: geometric with this mean."""
    return int(math.log(chance.uniform(purpose)) / math.log(mean / (mean + 1)))
