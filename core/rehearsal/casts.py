"""The people that a flow's own tests need beside a run's cast."""

from __future__ import annotations

from collections.abc import Iterator

from core.cast import Personas, Populations
from core.domain.errors import NotFound
from core.domain.flow_tests import FlowTest
from core.domain.populations import CastLine, Population, PopulationDraft
from core.flows import CompiledFlow


class TestCasts:
    """Makes the populations of tests whose personas a run's cast does not have."""

    __test__ = False

    def __init__(self, personas: Personas, populations: Populations) -> None:
        self._personas = personas
        self._populations = populations

    def missing(self, flow: CompiledFlow, population_id: str, seed: int) -> Iterator[Population]:
        """A population for each test's persona that a run's cast does not have."""
        cast = set(self._populations.personas(population_id))
        wanted: dict[str, int] = {}
        for test in flow.flow.tests:
            persona = None if test.scripted else self._known(test)
            if persona is not None and persona not in cast:
                wanted[persona] = max(wanted.get(persona, 0), test.copies)
        for persona, copies in wanted.items():
            lines = [CastLine(persona=persona, copies=copies)]
            yield self._populations.freeze(PopulationDraft(cast=lines, seed=seed))

    def _known(self, test: FlowTest) -> str | None:
        """The id of a test's persona; None where there is none, which the report says."""
        try:
            return self._personas.find(test.persona or "").id
        except NotFound:
            return None
