"""The director: plays a script with people, and gives their events as one Arrow batch.

Everything it needs crosses to another process as plain values, and every random number is
addressed, so that any split of the people over processes gives the same events.
"""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow as pa

from core.domain.flows import TwinReplyConfig
from core.domain.personas import Persona, slug
from core.domain.populations import Person
from core.flows import CompiledFlow, Player, compile_flow
from core.minds import BehaviourMind, GroundedMind, Mind, TwinMind, load_parameters, load_phrases
from core.rehearsal.times import Spent, tallied
from core.twins import CreatorMind, Pack

BATCH = pa.schema(
    [
        ("contact_id", pa.string()),
        ("seq", pa.int32()),
        ("simulated_at", pa.timestamp("us")),
        ("variant", pa.string()),
        ("actor", pa.string()),
        ("kind", pa.string()),
        ("step_id", pa.string()),
        ("channel", pa.string()),
        ("body", pa.string()),
        ("payload", pa.string()),
    ]
)


@dataclass(frozen=True)
class Script:
    """All that a run plays.

    Attributes:
        document: The flow, as it was given.
        personas: The personas' definitions as they were when the population was frozen.
        parameters: The behaviour model's values that differ from those we ship.
        seed: The run's seed.
        twins: What each sample twin that the flow may name says of its offer, by slug.
        packs: The trained twins that the flow names, by slug.
    """

    document: dict[str, Any]
    personas: dict[str, dict[str, Any]]
    parameters: dict[str, float]
    seed: int
    twins: dict[str, tuple[str, ...]]
    packs: dict[str, Pack] = field(default_factory=dict)


class Played(NamedTuple):
    """What came of playing some people: their events, and the real time that each step took."""

    events: pa.Table
    times: pa.Table


class Stage:
    """A script made ready: the flow compiled, the minds built."""

    def __init__(
        self, script: Script, *, mind: Mind | None = None, twin: TwinMind | None = None
    ) -> None:
        self.flow = compile_flow(script.document)
        self.seed = script.seed
        self.personas = {id: Persona.model_validate(d) for id, d in script.personas.items()}
        self.mind = mind or behaviour_mind(script.parameters)
        self.twin = twin or twin_mind(script.packs)
        self.grounding = grounding(self.flow, script.twins)

    async def play(self, people: Sequence[Person]) -> Played:
        """Everything that happens to these people."""
        columns: list[list[Any]] = [[] for _ in BATCH]
        spent: list[Spent] = []
        for person in people:
            player = Player(
                self.flow,
                person,
                self.personas[person.persona],
                mind=self.mind,
                twin=self.twin,
                seed=self.seed,
                grounding=self.grounding,
            )
            rows = await player.play()
            spent += player.spent
            seqs, times, *rest = zip(*rows, strict=True)
            count = len(rows)
            for column, values in zip(
                columns, ([person.id] * count, seqs, times, [None] * count, *rest), strict=True
            ):
                column.extend(values)
        arrays = [
            pa.array(column, field.type) for column, field in zip(columns, BATCH, strict=True)
        ]
        return Played(pa.table(arrays, schema=BATCH), tallied(spent))


def behaviour_mind(changed: dict[str, float]) -> BehaviourMind:
    """The embedded engine, with these values in place of those we ship."""
    return BehaviourMind(load_parameters().replace(changed), load_phrases())


def named_twins(flow: CompiledFlow) -> tuple[str, ...]:
    """The slugs of the twins that a flow names, each once."""
    named = {
        slug(step.config.twin)
        for step in flow.steps.values()
        if isinstance(step.config, TwinReplyConfig) and step.config.twin
    }
    return tuple(sorted(named))


def grounding(flow: CompiledFlow, twins: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What a twin may say beside what it learned: the flow's words, and those of its offer."""
    return flow.texts + tuple(text for name in named_twins(flow) for text in twins.get(name, ()))


def twin_mind(packs: dict[str, Pack]) -> TwinMind:
    """Who answers in the creator's place: the trained twins, else the words there are."""
    return CreatorMind(packs) if packs else GroundedMind()


@lru_cache(maxsize=4)
def _stage(script: bytes) -> Stage:
    """A worker keeps the stages of the last scripts that it played."""
    made: Stage = Stage(pickle.loads(script))
    return made


def play_batch(script: bytes, people: Sequence[Person]) -> Played:
    """Play some people of a pickled script, in this process."""
    return asyncio.run(_stage(script).play(people))
