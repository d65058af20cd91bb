"""Playing the people of one test in memory: copies of a persona, or one who keeps to a script."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from core.cast import copy_of
from core.domain.debugging import Who
from core.domain.errors import BadInput
from core.domain.flow_tests import FlowTest, ScriptedReply
from core.domain.personas import Persona
from core.domain.populations import Person
from core.domain.reports import Check
from core.flows import Player, Row, made_up, made_up_persona
from core.minds import Mind, RepliesMind
from core.rehearsal.director import Stage
from core.rehearsal.testing.groups import Walk, walk_of
from core.rehearsal.testing.transcripts import TranscriptMind, read_transcript

BATCH = 50
"""So many people are played before it is asked again whether there is time."""
WIDTH = 4


class Told(NamedTuple):
    """What became of a person who keeps to a script, and how to see it again."""

    walk: Walk
    who: Who
    said: list[Check]


def play_copies(
    stage: Stage, persona: Persona, numbers: Sequence[int], seed: int
) -> Iterator[list[Walk]]:
    """Copies of a persona on their way through the flow, some at a time.

    Args:
        stage: The flow made ready.
        persona: What they are copies of.
        numbers: Which copies, from 1.
        seed: The population's seed.
    """
    for start in range(0, len(numbers), BATCH):
        people = [copy_number(persona, at, seed) for at in numbers[start : start + BATCH]]
        yield asyncio.run(_play_all(stage, persona, people))


def copy_number(persona: Persona, number: int, seed: int) -> Person:
    """The copy of this number, as a population of this seed has it."""
    return copy_of(persona, f"{persona.id}-{number:0{WIDTH}}", seed)


async def _play_all(stage: Stage, persona: Persona, people: Sequence[Person]) -> list[Walk]:
    return [
        walk_of(one.id, await _play(stage, one, persona, stage.mind, stage.seed)) for one in people
    ]


def play_scripted_test(stage: Stage, test: FlowTest, persona: Persona | None, seed: int) -> Told:
    """One person who says exactly what the test has them say.

    Args:
        stage: The flow made ready.
        test: The row.
        persona: What the person is a copy of; None for somebody made up.
        seed: The seed of chance.

    Raises:
        BadInput: If the transcript cannot be read.
    """
    lines = None if test.transcript is None else read_transcript(test.transcript)
    mind = RepliesMind(test.replies or ()) if lines is None else TranscriptMind(lines)
    person = _person(test, persona, seed)
    rows = asyncio.run(_play(stage, person, persona or made_up_persona(), mind, seed))
    replies = list(test.replies or ())
    said: list[Check] = []
    if isinstance(mind, TranscriptMind):
        replies, said = mind.given, [mind.check()]
    return Told(walk_of(person.id, rows), _who(test, replies), said)


def _person(test: FlowTest, persona: Persona | None, seed: int) -> Person:
    given: dict[str, Any] = test.contact or {}
    if persona is None:
        return made_up(given)
    copy = copy_number(persona, 1, seed)
    more = {name: value for name, value in given.items() if name not in ("id", "traits")}
    return replace(copy, attributes={**copy.attributes, **more})


def _who(test: FlowTest, replies: list[ScriptedReply]) -> Who:
    return Who(
        persona=test.persona,
        contact=test.contact if test.persona is not None else test.contact or {},
        replies=replies,
    )


async def _play(stage: Stage, person: Person, persona: Persona, mind: Mind, seed: int) -> list[Row]:
    return await Player(
        stage.flow,
        person,
        persona,
        mind=mind,
        twin=stage.twin,
        seed=seed,
        grounding=stage.grounding,
    ).play()


def checked_transcript(text: str) -> str:
    """A transcript, after making sure that it can be read.

    Raises:
        BadInput: With the line, if it cannot.
    """
    if not text.strip():
        raise BadInput("This transcript is empty.", place="transcript")
    read_transcript(text)
    return text
