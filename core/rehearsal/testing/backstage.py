"""What a flow's tests are played with: personas, the behaviour model, the twins' words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.cast import built_in_personas
from core.domain.errors import NotFound
from core.domain.personas import Persona, slug
from core.flows import CompiledFlow
from core.minds import load_passages
from core.rehearsal.director import Script, Stage, named_twins
from core.rehearsal.parameters import ParameterVersions
from core.twins import Pack, Shelf

Packs = Callable[[CompiledFlow, Mapping[str, int] | None], dict[str, Pack]]
"""The trained twins that a flow names: in these versions, or in those that are in use."""


def _no_packs(_: CompiledFlow, __: Mapping[str, int] | None) -> dict[str, Pack]:
    return {}


def _nobody(name: str) -> Persona:
    raise NotFound(f"There is no persona called '{name}'.", place="persona")


@dataclass(frozen=True)
class Backstage:
    """Where people of tests come from, and what they and the twins go by.

    Attributes:
        find: A persona by its id or name; raises NotFound.
        twins: What each sample twin says of its offer, by slug.
        parameters: The behaviour model's values that differ from those we ship.
        packs: The trained twins that a flow names.
    """

    find: Callable[[str], Persona] = _nobody
    twins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parameters: Callable[[], dict[str, float]] = dict
    packs: Packs = _no_packs

    @classmethod
    def of(
        cls,
        find: Callable[[str], Persona],
        twins: Mapping[str, tuple[str, ...]],
        parameters: ParameterVersions,
        shelf: Shelf,
    ) -> Backstage:
        """What a workspace has: its personas, its newest parameters, its trained twins."""

        def packs(flow: CompiledFlow, versions: Mapping[str, int] | None) -> dict[str, Pack]:
            return shelf.packs(shelf.versions(named_twins(flow)) if versions is None else versions)

        return cls(find, twins, lambda: parameters.changes(parameters.newest()), packs)

    def persona(self, name: str) -> Persona | None:
        """A persona, None where there is none of this name."""
        try:
            return self.find(name)
        except NotFound:
            return None

    def stage(
        self,
        document: dict[str, Any],
        flow: CompiledFlow,
        seed: int,
        twins: Mapping[str, int] | None = None,
    ) -> Stage:
        """A flow made ready to be played in memory.

        Args:
            document: The flow, as it was given.
            flow: The same, compiled.
            seed: The seed of chance.
            twins: The versions of the trained twins; those in use where it is not given.
        """
        return Stage(
            Script(
                document=document,
                personas={},
                parameters=self.parameters(),
                seed=seed,
                twins=dict(self.twins),
                packs=self.packs(flow, twins),
            )
        )

    def misses(self, flow: CompiledFlow) -> list[str]:
        """Personas and twins that the flow and its tests name and that are not here."""
        personas = {test.persona for test in flow.flow.tests if test.persona}
        twins = set(named_twins(flow)) - set(self.twins)
        return sorted({one for one in personas if self.persona(one) is None} | twins)


def shipped_backstage(samples: Path) -> Backstage:
    """What is there without any workspace: the built-in personas and the sample twins.

    Args:
        samples: The folder of samples.
    """
    personas = built_in_personas(samples / "personas")

    def find(name: str) -> Persona:
        wanted = name.strip().casefold()
        for persona in personas.values():
            if wanted in (persona.id, persona.name.casefold(), slug(persona.name)):
                return persona
        return _nobody(name)

    twins = {path.stem: load_passages(path) for path in (samples / "twins").glob("*.md")}
    return Backstage(find, twins)
