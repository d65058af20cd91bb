"""For each way out of each step of a flow: somebody who takes it, or why nobody can."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from core.domain.coverage import WayCoverage
from core.flows.compiled import CompiledFlow, CompiledStep, Way, all_ways
from core.flows.reach.encoding import world_of
from core.flows.reach.guessing import Guesser
from core.flows.reach.playing import MOST_STEPS, Guess, Players
from core.flows.reach.reading import Read, Target
from core.flows.reach.reasons import Reasons
from core.flows.reach.scenes import Scenes, proven
from core.flows.reach.searching import Budget, Search
from core.flows.reach.wording import NOT_DECIDED, NOT_PLAYED, ONLY_BY_LINK

BUDGET_SECONDS = 30.0
MOST_PATHS = 6_000
MOST_QUESTIONS = 3_000
PLAYED_FIRST = 6_000
PLAYED_LAST = 20_000
"""Steps that guessed people may play, before and after the search."""
MOST_GUESSES = 120
MORE_GUESSES = 400
PLAYED_TO_SIMPLIFY = 60_000


def solve(
    flow: CompiledFlow, *, seed: int = 7, budget_seconds: float = BUDGET_SECONDS
) -> list[WayCoverage]:
    """What is known of every way out of every step, in the order of `all_ways`.

    Args:
        flow: The flow.
        seed: The seed of chance; the same flow and seed give the same answer.
        budget_seconds: When to stop whatever has not been decided; a last resort.
    """
    return Solver(flow, seed, budget_seconds).solve()


def solve_way(
    flow: CompiledFlow,
    step: str,
    way: str,
    *,
    seed: int = 7,
    budget_seconds: float = BUDGET_SECONDS,
) -> WayCoverage:
    """What is known of one way out of one step.

    Raises:
        KeyError: If there is no such way.
    """
    if flow.steps[step].way(way) is None:
        raise KeyError(way)
    return Solver(flow, seed, budget_seconds, {(step, way)}).solve()[0]


@dataclass
class Solver:
    """Decides the ways of one flow, or some of them.

    Args:
        flow: The flow.
        seed: The seed of chance.
        budget_seconds: When to stop.
        wanted: The ways to decide; None for all.
    """

    flow: CompiledFlow
    seed: int
    budget_seconds: float
    wanted: set[Target] | None = None
    _found: dict[Target, tuple[Guess, int]] = field(default_factory=dict)
    _worlds: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._until = perf_counter() + self.budget_seconds
        self._read = Read.of(self.flow)
        self._players = Players(self.flow)
        every = {(step, way.name) for step, way in all_ways(self.flow)}
        self._open = every if self.wanted is None else every & self.wanted
        self._kept: list[Guess] = []
        self._near: list[Guess] = []
        self._guesser = Guesser(self._read, self.seed)

    def solve(self) -> list[WayCoverage]:
        """The verdicts."""
        self._play_guesses(PLAYED_FIRST, MOST_GUESSES)
        scenes = Scenes(self.flow)
        refused = self._open & scenes.refused()
        self._open -= refused
        search = self._searched()
        missed = self._open & search.met.keys() if search.whole else set(self._open)
        if missed:
            self._play_guesses(PLAYED_LAST, MORE_GUESSES)
        if not search.whole and self._open:
            refused |= proven(scenes, self.flow, self._open, world_of(self._worlds))
        refused |= self._open - search.met.keys() if search.whole else set()
        reasons = Reasons(self._read, search, refused, scenes, self._worlds)
        return [
            self._verdict(self.flow.steps[step], way, search, reasons)
            for step, way in all_ways(self.flow)
            if self.wanted is None or (step, way.name) in self.wanted
        ]

    def _searched(self) -> Search:
        budget = Budget(MOST_PATHS, MOST_QUESTIONS, self._until)
        search = Search(self._read, self.seed, budget, self._worlds)
        search.run(self._open, self._takes)
        return search

    def _verdict(
        self, step: CompiledStep, way: Way, search: Search, reasons: Reasons
    ) -> WayCoverage:
        target = (step.id, way.name)
        row = WayCoverage(step=step.id, way=way.name, label=way.label, to=way.to, verdict="unknown")
        if target in self._found:
            guess, most = self._found[target]
            if self._players.steps < PLAYED_TO_SIMPLIFY:
                guess = self._players.simplest(guess, target, most)
            return row.model_copy(update={"verdict": "reachable", "witness": guess.witness()})
        if target in reasons.refused:
            why = reasons.why(step, way)
            return row.model_copy(update={"verdict": "unreachable", "reason": why})
        met = search.met.get(target, [])
        reason = NOT_PLAYED if met else NOT_DECIDED
        if met and all(one.done is not None and one.done.quit_before for one in met):
            reason = ONLY_BY_LINK
        return row.model_copy(update={"reason": reason})

    def _takes(self, guess: Guess, target: Target | None = None, most: int = MOST_STEPS) -> bool:
        """Play somebody; whether they take a way, and take out all that they do."""
        taken = self._players.taken(guess, most)
        new = (taken & self._open) - self._found.keys()
        self._found |= dict.fromkeys(new, (guess, most))
        self._open -= new
        if new:
            self._kept.append(guess)
        if target is not None and target not in taken:
            self._near.append(guess)
        return target in taken

    def _play_guesses(self, steps: int, most: int) -> None:
        most_steps = self._players.steps + steps
        for number in range(most):
            late = perf_counter() > self._until
            if not self._open or self._players.steps > most_steps or late:
                return
            models = self._near if self._near and number % 4 == 1 else self._kept
            if number % 2 and models:
                guess = self._guesser.changed(models[number // 2 % len(models)])
            else:
                guess = self._guesser.guess()
            self._takes(guess)
