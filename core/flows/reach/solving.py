"""For each way out of each step of a flow: somebody who takes it, or why nobody can."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from core.domain.coverage import WayCoverage, Witness
from core.flows.compiled import CompiledFlow, CompiledStep, Way, all_ways
from core.flows.reach.encoding import world_of
from core.flows.reach.guessing import Guesser
from core.flows.reach.playing import Guess, Played, Players
from core.flows.reach.reading import Read, Target
from core.flows.reach.reasons import Reasons
from core.flows.reach.scenes import Scenes, proven
from core.flows.reach.searching import Budget, Search
from core.flows.reach.turning import Turning
from core.flows.reach.wording import NOT_DECIDED, NOT_PLAYED, ONLY_BY_LINK, TOO_MUCH

BUDGET_SECONDS = 30.0
MOST_PATHS = 6_000
MOST_QUESTIONS = 3_000
MOST_APART = 24
APART = (1_500, 600)
"""Steps whose ways are looked for once more by themselves, and the paths and questions of each."""
PLAYED_FIRST = 6_000
PLAYED_LAST = 20_000
"""Steps that guessed people may play, before and after the search."""
MOST_GUESSES = 120
MORE_GUESSES = 400
PLAYED_TO_SIMPLIFY = 24_000
FEW_STEPS = 40
"""A flow of more is long: more is played, and whoever was played is changed."""
TIME_TO_TURN = 0.8
"""The share of the time that is left for that."""


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
    """For each way who takes it, and within how many steps."""
    _worlds: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._until = perf_counter() + self.budget_seconds
        self._read = Read.of(self.flow)
        self._players = Players(self.flow)
        every = {(step, way.name) for step, way in all_ways(self.flow)}
        self._open = every if self.wanted is None else every & self.wanted
        self._kept: list[Guess] = []
        self._plays: list[tuple[Guess, Played]] = []
        self._near: list[Guess] = []
        self._guesser = Guesser(self._read, self.seed)

    def solve(self) -> list[WayCoverage]:
        """The verdicts."""
        size = max(len(self.flow.steps) / FEW_STEPS, 1)
        self._play_guesses(int(PLAYED_FIRST * size), MOST_GUESSES)
        scenes = Scenes(self.flow)
        refused = self._open & scenes.refused()
        self._open -= refused
        if len(self.flow.steps) > FEW_STEPS:
            self._turn_off()
        search = self._searched()
        if not search.whole and self._open:
            refused |= self._searched_apart(search)
            self._open -= refused
        missed = self._open & search.met.keys() if search.whole else set(self._open)
        if missed:
            self._play_guesses(PLAYED_LAST, MORE_GUESSES)
        if not search.whole and self._open:
            refused |= proven(scenes, self.flow, self._open, world_of(self._worlds))
        refused |= self._open - search.met.keys() if search.whole else set()
        reasons = Reasons(self._read, search, refused, scenes, self._worlds)
        self._steps_left = PLAYED_TO_SIMPLIFY
        self._ways_left = len(self._found)
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

    def _searched_apart(self, search: Search) -> set[Target]:
        """Look for what is left step by step, for less leads to one; which ways nobody takes."""
        refused: set[Target] = set()
        steps = sorted({step for step, _ in self._open})[:MOST_APART]
        for left, step in zip(range(len(steps), 0, -1), steps, strict=True):
            targets = {one for one in self._open if one[0] == step}

            def found(
                guess: Guess, target: Target, most: int, targets: set[Target] = targets
            ) -> bool:
                taken = self._takes(guess, target, most)
                targets &= self._open
                return taken

            now = perf_counter()
            until = now + max(self._until - now, 0.0) / left
            own = Search(self._read, self.seed, Budget(*APART, until), self._worlds)
            own.run(targets, found)
            for target, paths in own.met.items():
                search.met.setdefault(target, []).extend(paths)
            if own.whole:
                search.at[step] = own.at.get(step, [])
                refused |= targets - own.met.keys()
        return refused

    def _verdict(
        self, step: CompiledStep, way: Way, search: Search, reasons: Reasons
    ) -> WayCoverage:
        target = (step.id, way.name)
        row = WayCoverage(step=step.id, way=way.name, label=way.label, to=way.to, verdict="unknown")
        if target in self._found:
            witness = self._witness(target)
            if witness is None:
                return row.model_copy(update={"reason": TOO_MUCH})
            return row.model_copy(update={"verdict": "reachable", "witness": witness})
        if target in reasons.refused:
            why = reasons.why(step, way)
            return row.model_copy(update={"verdict": "unreachable", "reason": why})
        met = search.met.get(target, [])
        reason = NOT_PLAYED if met else NOT_DECIDED
        if met and all(one.done is not None and one.done.quit_before for one in met):
            reason = ONLY_BY_LINK
        return row.model_copy(update={"reason": reason})

    def _witness(self, target: Target) -> Witness | None:
        """Who takes a way, made as simple as this way's share of all plays allows."""
        guess, most = self._found[target]
        before = self._players.steps
        if perf_counter() < self._until:
            share = self._steps_left // self._ways_left
            guess = self._players.simplest(guess, target, most, share)
        self._steps_left -= self._players.steps - before
        self._ways_left -= 1
        return guess.witness()

    def _takes(self, guess: Guess, target: Target | None = None, most: int = 0) -> bool:
        """Play somebody; whether they take a way, and take out all that they do."""
        most = max(most, self._players.most)
        played = self._players.played(guess, most)
        new = (played.ways.keys() & self._open) - self._found.keys()
        for way in new:
            self._found[way] = (played.cut(guess, way), most)
        self._open -= new
        if new:
            self._kept.append(guess)
            self._plays.append((guess, played))
        if target is not None and target not in played.ways:
            self._near.append(guess)
        return target in played.ways

    def _turn_off(self) -> None:
        """Change whoever was played so that they take other ways, as long as that helps."""
        turning = Turning(self._read, world_of(self._worlds))
        until = perf_counter() + (self._until - perf_counter()) * TIME_TO_TURN
        while self._plays and self._open and perf_counter() < until:
            guess, played = self._plays.pop()
            if not turning.useful(played, self._open):
                continue
            for other in turning.others(guess, played, self._open):
                self._takes(other)
                if perf_counter() > until:
                    return

    def _play_guesses(self, steps: int, most: int) -> None:
        most_steps = self._players.steps + steps
        for number in range(most):
            late = perf_counter() > self._until
            if not self._open or self._players.steps > most_steps or late:
                return
            guess = self._next_guess(number)
            self._takes(guess)

    def _next_guess(self, number: int) -> Guess:
        """By turns somebody new, and somebody who got far or was nearly right, changed."""
        if number % 4 == 1 and self._near:
            return self._guesser.nudged(self._near[number // 4 % len(self._near)])
        if number % 2 and self._kept:
            return self._guesser.changed(self._kept[number // 2 % len(self._kept)])
        return self._guesser.guess()
