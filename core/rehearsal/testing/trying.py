"""A flow's tests, played in memory and judged: people are added until a rate is decided."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from core.domain.debugging import Who
from core.domain.errors import BadInput
from core.domain.flow_tests import FlowTest
from core.domain.personas import Persona
from core.domain.reports import Check, TestResult
from core.domain.trials import Taken, Trial, Tried
from core.flows import CompiledFlow, compile_flow
from core.rehearsal.director import Stage
from core.rehearsal.testing.backstage import Backstage
from core.rehearsal.testing.groups import Together, Walk
from core.rehearsal.testing.judging import find_way, goal_name, judge, rates_of
from core.rehearsal.testing.looking import MOST_COPIES, looks, rating
from core.rehearsal.testing.playing import play_copies, play_scripted_test

SEED = 7
Clock = Callable[[], float]


class Trials:
    """Plays and judges the tests of one flow.

    Args:
        document: The flow, as it was given.
        backstage: Personas, the behaviour model, the twins' words.
        seed: The seed of rows that have none of their own.
        most_copies: How many people of one row are tried at most.
        seconds: How long people may be played; None for as long as it takes.
        twins: The versions of the trained twins; those in use where it is not given.
        clock: Seconds that only grow.

    Raises:
        InvalidFlow: If the flow cannot be compiled.
    """

    def __init__(
        self,
        document: dict[str, Any],
        backstage: Backstage,
        *,
        seed: int = SEED,
        most_copies: int = MOST_COPIES,
        seconds: float | None = None,
        twins: Mapping[str, int] | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        self._document = document
        self._backstage = backstage
        self._seed = seed
        self._most = most_copies
        self._seconds = seconds
        self._twins = twins
        self._clock = clock
        self._begun = clock()
        self._stages: dict[int, Stage] = {}
        self._cut: list[int] = []
        self.flow: CompiledFlow = compile_flow(document)

    def run(self, only: Iterable[int] | None = None) -> Trial:
        """Every row, or some of them by their place from 0.

        Raises:
            BadInput: If there is no such row.
        """
        tests = self.flow.flow.tests
        wanted = range(len(tests)) if only is None else sorted(set(only))
        for index in wanted:
            if not 0 <= index < len(tests):
                raise BadInput(
                    f"There is no test {index}; the flow has {len(tests)}, counted from 0.",
                    place="only",
                )
        rows = [self.row(index, tests[index]) for index in wanted]
        return Trial(
            rows=rows,
            seconds=round(self._clock() - self._begun, 3),
            most_copies=self._most,
            notes=self._notes(),
        )

    def row(self, index: int, test: FlowTest) -> Tried:
        """One row, played and judged."""
        persona = None if test.persona is None else self._backstage.persona(test.persona)
        if test.persona is not None and persona is None:
            return Tried(result=self._judged(index, test, None), taken=Taken())
        if test.scripted:
            return self._scripted(index, test, persona)
        assert persona is not None
        return self._copies(index, test, persona)

    def _stage(self, seed: int) -> Stage:
        if seed not in self._stages:
            self._stages[seed] = self._backstage.stage(self._document, self.flow, seed, self._twins)
        return self._stages[seed]

    def _scripted(self, index: int, test: FlowTest, persona: Persona | None) -> Tried:
        seed = self._seed_of(test)
        together = Together(self.flow)
        if self._late():
            self._cut.append(index)
            return Tried(result=self._judged(index, test, together), taken=Taken())
        try:
            told = play_scripted_test(self._stage(seed), test, persona, seed)
        except BadInput as error:
            said = [Check(status="error", expected="the transcript", happened=str(error))]
            return Tried(result=self._judged(index, test, together, said=said), taken=Taken())
        together.add(told.walk)
        result = self._judged(index, test, together, said=told.said, who=told.who)
        return Tried(result=result, taken=together.taken())

    def _copies(self, index: int, test: FlowTest, persona: Persona) -> Tried:
        """Copies of a persona: so many as it asks for, and more while a rate is undecided."""
        rates = rates_of(test.expect)
        planned = looks(test.copies, self._most) if rates else [test.copies]
        together = Together(self.flow)
        for most in planned:
            finished = self._play(together, test, persona, most)
            result = self._judged(index, test, together, len(planned), rates)
            if not finished:
                self._cut.append(index)
                break
            if result.status != "inconclusive":
                break
        return Tried(result=result, taken=together.taken())

    def _play(self, together: Together, test: FlowTest, persona: Persona, most: int) -> bool:
        """Play copies until there are so many; gives whether there was time for all of them."""
        numbers = range(len(together.walks) + 1, most + 1)
        seed = self._seed_of(test)
        if numbers and self._late():
            return False
        for walks in play_copies(self._stage(seed), persona, numbers, seed):
            for walk in walks:
                together.add(walk)
            if self._late():
                break
        return len(together.walks) >= most

    def _late(self) -> bool:
        return self._seconds is not None and self._clock() - self._begun > self._seconds

    def _judged(
        self,
        index: int,
        test: FlowTest,
        together: Together | None,
        times: int = 1,
        rates: int = 1,
        *,
        said: Sequence[Check] = (),
        who: Who | None = None,
    ) -> TestResult:
        group = None if together is None else together.group(one=test.scripted)
        result = judge(self.flow, index, test, group, rating=rating(times, rates), said=said)
        walks = together.walks if together else []
        shown = _shown(self.flow, test, walks)
        return result.model_copy(
            update={
                "seed": self._seed_of(test),
                "contact_id": walks[shown].contact_id if walks else None,
                "debug": who or (_copy(test, shown) if walks else None),
            }
        )

    def _seed_of(self, test: FlowTest) -> int:
        return self._seed if test.seed is None else test.seed

    def _notes(self) -> list[str]:
        if not self._cut:
            return []
        which = ", ".join(str(index + 1) for index in self._cut)
        rows = f"row {which}" if len(self._cut) == 1 else f"rows {which}"
        return [f"The time of {self._seconds:g} s was up: {rows} could have had more people."]


def _copy(test: FlowTest, at: int) -> Who:
    return Who(persona=test.persona, copy_number=at + 1)


def _shown(flow: CompiledFlow, test: FlowTest, walks: Sequence[Walk]) -> int:
    """The first person who goes against the row; the first of all, where nobody does."""
    return next((at for at, walk in enumerate(walks) if _against(flow, test, walk)), 0)


def _against(flow: CompiledFlow, test: FlowTest, walk: Walk) -> bool:
    expect = test.expect
    if walk.steps & set(expect.never):
        return True
    if expect.max_messages is not None and walk.messages > expect.max_messages:
        return True
    if expect.goal is not None:
        did = [goal_name(flow, expect.goal) in walk.goals]
    else:
        did = [step in walk.steps for step in expect.reaches]
        did += [find_way(flow, way) in walk.ways for way in expect.ways]
    if expect.at_most is not None and expect.at_least is None:
        return any(did)
    return not all(did)
