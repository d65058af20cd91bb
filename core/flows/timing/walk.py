"""Follows every way through a flow, and remembers with what each message can be sent.

A walk is complete and exact: whatever it finds, some way through the flow shows, and what some way
shows it finds. Which replies come, and when in their wait, is left open; what conditions say is
left open too, unless the flow counts for itself. Only where more than ``EXACT`` things may be known
at a step, or it has been come back to ``PATIENCE`` times, is the time of day let go of; more than
``MOST`` are not kept, and a walk ends after ``LIMIT`` in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self, TypeVar, cast

from core.domain.flows import COACHING, MESSAGE_CHANNELS, CoachingConfig, DelayConfig, Until
from core.flows.clock import WEEKDAYS
from core.flows.compiled import CompiledStep
from core.flows.steps import WAITS
from core.flows.timing.hours import DAY, HOUR, MINUTE, WEEK, Clock, Dial, Hours, Passed
from core.flows.timing.tally import Tally, Values

if TYPE_CHECKING:
    from core.flows.checks.view import FlowView

START = 9 * HOUR
EXACT = 64
MOST = 80
PATIENCE = 300
LIMIT = 30_000
INSTANT = frozenset({"condition", "split", "set", "tag", "goal", "webhook", *MESSAGE_CHANNELS})
"""What takes no time, so that a way can be followed through it even where it cannot be read."""


class Memory(Protocol):
    """What a check remembers on the way. A new one begins each walk."""

    def sent(self, step: CompiledStep) -> Self:
        """After a message."""

    def waited(self, least: int, most: int) -> Self:
        """After so many seconds in which nobody replied."""

    def replied(self) -> Self:
        """After a reply."""

    def let_go(self) -> Self:
        """The same, less exact: what is left where ways are too many to be told apart."""

    def covers(self, other: Self) -> bool:
        """Whether every finding that the other can lead to, this one leads to as well."""


M = TypeVar("M", bound=Memory)


class Known(NamedTuple):
    """What is known of a contact beside the clock; ``tally`` is None where it is not followed."""

    tally: Values | None
    memory: Any


@dataclass(frozen=True, slots=True)
class Stage:
    """What a step does with time, and where it leads.

    Attributes:
        step: The step itself; None where it could not be read.
        sends: Whether it sends a message.
        pause: Seconds that pass where nobody replies; None where no time is known.
        until: A moment of a cycle, and the cycle.
        answered: Where it leads after a reply for which it waits.
        onward: Where it leads otherwise.
    """

    step: CompiledStep | None
    sends: bool = False
    pause: int | None = 0
    until: tuple[int, int] | None = None
    answered: tuple[str, ...] | None = None
    onward: tuple[str, ...] = ()

    @property
    def times(self) -> tuple[int, ...]:
        """The times that it names, in seconds."""
        return (self.pause or 0, self.until[0] if self.until else 0)


class Timeline:
    """What a flow's steps do with time.

    Args:
        steps: The steps that could be read.
        others: The types of those that could not.
        targets: Where every step leads.
        start: The first step.
        quiet: The hours in which the flow sends nothing.
        variables: What the flow's document sets.
        times: What else must be told apart, in seconds.
    """

    def __init__(
        self,
        steps: Mapping[str, CompiledStep],
        others: Mapping[str, Any],
        targets: Mapping[str, Iterable[tuple[str, str]]],
        start: str | None,
        quiet: Hours | None,
        variables: Mapping[str, Any],
        times: Iterable[int],
    ) -> None:
        self.start = start
        self.quiet = quiet
        known = {*steps, *others}
        self.stages: dict[str, Stage] = {}
        for step_id, ways in targets.items():
            to = [(name, target) for name, target in ways if target in known]
            if step_id in steps:
                self.stages[step_id] = _stage(steps[step_id], to)
            elif others.get(step_id) in INSTANT:
                self.stages[step_id] = Stage(None, onward=tuple(target for _, target in to))
        waits_until = [stage.until for stage in self.stages.values() if stage.until]
        self.clocks_matter = bool(waits_until or quiet)
        self.dial = Dial.fitting(
            WEEK if any(cycle == WEEK for _, cycle in waits_until) else DAY,
            [*times, *(time for stage in self.stages.values() for time in stage.times)],
        )
        self.tally = Tally(steps, variables)
        self.rank = self._ranks()

    def moments(self, memory: M, *, by_clock: bool = False) -> dict[str, dict[M, Clock]]:
        """What is remembered when a step sends its message, and what the clock may then show.

        Args:
            memory: What is remembered at the start.
            by_clock: Whether the time of day matters even where no step waits for one.
        """
        dial = self.dial if by_clock or self.clocks_matter else Dial.still()
        return Walk(self, dial).run(memory)

    def _ranks(self) -> dict[str, int]:
        """Each step's place in an order in which ways, loops apart, lead forward."""
        rank: dict[str, int] = {}
        if self.start not in self.stages:
            return rank
        seen = {self.start}
        path = [(self.start, iter(self._leads(self.start)))]
        while path:
            step_id, rest = path[-1]
            to = next((one for one in rest if one not in seen), None)
            if to is None:
                rank[step_id] = -len(rank)
                path.pop()
            else:
                seen.add(to)
                path.append((to, iter(self._leads(to))))
        return rank

    def _leads(self, step_id: str) -> list[str]:
        stage = self.stages[step_id]
        to = [*stage.onward, *(stage.answered or ())]
        return [one for one in to if one in self.stages]


def timeline(view: FlowView) -> Timeline:
    """The timeline of a flow, for ``FlowView.shared``."""
    flow = view.flow
    hours = flow.quiet_hours if flow else None
    quiet = Hours(_seconds(hours.start), _seconds(hours.end)) if hours else None
    limits = view.thresholds
    raw = view.document["steps"] if view.places else []
    return Timeline(
        steps=view.steps,
        others={
            step_id: str(raw[number].get("type"))
            for step_id, number in view.places.items()
            if step_id not in view.steps
        },
        targets=view.targets,
        start=view.start,
        quiet=quiet,
        variables=flow.variables if flow else {},
        times=(
            limits.quiet_from * MINUTE,
            limits.quiet_to * MINUTE,
            round(limits.whatsapp_hours * HOUR),
            *((quiet.start, quiet.end) if quiet else ()),
        ),
    )


class Walk:
    """One walk over a timeline: at each step, what may be known, and the clocks that go with it."""

    def __init__(self, line: Timeline, dial: Dial) -> None:
        self.line = line
        self.dial = dial
        self.known: dict[str, dict[Known, Clock]] = {step_id: {} for step_id in line.rank}
        self.fresh: dict[str, dict[Known, Clock]] = {}
        self.open: list[tuple[int, str]] = []
        self.visits: dict[str, int] = {}
        self.steps_left = LIMIT

    def run(self, memory: M) -> dict[str, dict[M, Clock]]:
        """Follow every way from the start."""
        moments: dict[str, dict[M, Clock]] = {}
        if self.line.start is not None:
            known = Known(self.line.tally.start, memory)
            self._arrive((self.line.start,), known, self.dial.at(START))
        while self.open and self.steps_left > 0:
            _, step_id = heappop(self.open)
            stage = self.line.stages[step_id]
            self.visits[step_id] = self.visits.get(step_id, 0) + 1
            ways = max(1, len(stage.onward))
            for known, clock in self.fresh.pop(step_id).items():
                self.steps_left -= ways
                if stage.sends:
                    self._send(stage, known, clock, moments.setdefault(step_id, {}))
                else:
                    self._leave(stage, known, clock)
        return moments

    def _send(self, stage: Stage, known: Known, clock: Clock, moments: dict[Any, Clock]) -> None:
        """Send a message, held while it is quiet."""
        quiet = self.line.quiet
        for passed in self.dial.held(clock, quiet) if quiet else (Passed(clock, 0, 0),):
            memory = _after(known, passed).memory
            moments[memory] = moments.get(memory, 0) | passed.clock
            self._leave(stage, Known(known.tally, memory.sent(stage.step)), passed.clock)

    def _leave(self, stage: Stage, known: Known, clock: Clock) -> None:
        if stage.answered is not None:
            pause = WEEK if stage.pause is None else stage.pause
            replied = Known(known.tally, known.memory.replied())
            self._arrive(stage.answered, replied, self.dial.within(clock, pause))
        if stage.until is not None:
            for passed in self.dial.until(clock, *stage.until):
                self._arrive(stage.onward, _after(known, passed), passed.clock)
        elif stage.pause:
            passed = Passed(self.dial.later(clock, stage.pause), stage.pause, stage.pause)
            self._arrive(stage.onward, _after(known, passed), passed.clock)
        elif stage.pause is not None:
            self._instantly(stage, known, clock)

    def _instantly(self, stage: Stage, known: Known, clock: Clock) -> None:
        onward = stage.onward
        if stage.step is not None and known.tally:
            if stage.step.type == "condition":
                onward = self.line.tally.ways(stage.step, known.tally)
            known = Known(self.line.tally.after(stage.step, known.tally), known.memory)
        self._arrive(onward, known, clock)

    def _arrive(self, targets: tuple[str, ...], known: Known, clock: Clock) -> None:
        for step_id in targets:
            if step_id in self.known:
                self._note(step_id, known, clock)

    def _note(self, step_id: str, known: Known, clock: Clock) -> None:
        """Keep what is new: what something that is known already covers is not."""
        here = self.known[step_id]
        patient = self.visits.get(step_id, 0) < PATIENCE
        if not patient or (len(here) >= EXACT and known not in here):
            known, clock = Known(None, known.memory.let_go()), self.dial.whole
        clock &= ~here.get(known, 0)
        for other, clocks in here.items():
            if not clock:
                return
            if clock & clocks and _covers(other, known):
                clock &= ~clocks
        if not clock or (len(here) >= MOST and known not in here):
            return
        fresh = self.fresh.setdefault(step_id, {})
        if not fresh:
            heappush(self.open, (self.line.rank[step_id], step_id))
        self._forget(here, fresh, known, clock)
        here[known] = here.get(known, 0) | clock
        fresh[known] = fresh.get(known, 0) | clock

    def _forget(
        self, here: dict[Known, Clock], fresh: dict[Known, Clock], known: Known, clock: Clock
    ) -> None:
        """Let go of what this covers, and need not be followed any more."""
        for other in [one for one, clocks in here.items() if clocks & clock]:
            if other != known and _covers(known, other):
                for kept in (here, fresh):
                    left = kept.get(other, 0) & ~clock
                    if left:
                        kept[other] = left
                    else:
                        kept.pop(other, None)


def _covers(one: Known, other: Known) -> bool:
    if one.tally is not None and one.tally != other.tally:
        return False
    return bool(one.memory.covers(other.memory))


def _after(known: Known, passed: Passed) -> Known:
    if not passed.most:
        return known
    return Known(known.tally, known.memory.waited(passed.least, passed.most))


def _stage(step: CompiledStep, ways: list[tuple[str, str]]) -> Stage:
    answered = tuple(to for name, to in ways if name == "on_reply")
    onward = tuple(to for name, to in ways if name != "on_reply")
    if step.type == "delay":
        until = cast(DelayConfig, step.config).until
        if until is not None and step.seconds is None:
            return Stage(step, until=_moment(until), onward=onward)
        return Stage(step, pause=_whole(step.seconds), onward=onward)
    if step.type == "wait_for_reply":
        return Stage(step, pause=_whole(step.seconds), answered=answered, onward=onward)
    sends = step.type in MESSAGE_CHANNELS or step.type in COACHING or step.type == "twin_reply"
    if step.type in WAITS and cast(CoachingConfig, step.config).questions:
        return Stage(step, sends, _whole(step.seconds), answered=onward, onward=onward)
    return Stage(step, sends, onward=onward)


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)


def _moment(until: Until) -> tuple[int, int]:
    time = _seconds(until.time)
    if until.weekday is None:
        return time, DAY
    return WEEKDAYS.index(until.weekday) * DAY + time, WEEK


def _seconds(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * HOUR + int(minutes) * 60
