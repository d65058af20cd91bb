"""What was observed in one run: all its sums at one moment, beside the flow that was played."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from core.domain.flows import COACHING, MESSAGE_CHANNELS
from core.domain.reports import Unanswered
from core.domain.runs import Run
from core.domain.sums import (
    Failed,
    GoalCount,
    PersonaSums,
    ReplyCount,
    StepCount,
    Stopped,
    Visits,
)
from core.flows import CompiledFlow, Position, ranks
from core.store import Reading

SENDING = frozenset({*MESSAGE_CHANNELS, *COACHING, "twin_reply"})
"""The step types that send a message."""
LISTENING = frozenset({"wait_for_reply", "twin_reply", "check_in", "assessment"})
"""The step types that do something with a reply."""


@dataclass(frozen=True)
class Observed:
    """The sums of one run. Everything in a report is made from this and from nothing else."""

    run: Run
    flow: CompiledFlow
    names: dict[str, str]
    personas: list[PersonaSums]
    counts: list[StepCount]
    visits: list[Visits]
    stops: list[Stopped]
    replies: list[ReplyCount]
    delays: dict[str | None, float]
    failures: list[Failed]
    goals: list[GoalCount]
    sent_after: list[Visits] = field(default_factory=list)
    unanswered: list[Unanswered] = field(default_factory=list)

    @cached_property
    def everyone(self) -> PersonaSums | None:
        """All people together, None where nobody has been played."""
        return next((sums for sums in self.personas if sums.persona is None), None)

    @cached_property
    def each(self) -> list[PersonaSums]:
        """The personas that have people, by name."""
        some = [sums for sums in self.personas if sums.persona is not None]
        return sorted(some, key=lambda sums: self.name(sums.persona))

    @property
    def people(self) -> int:
        """How many people have been played."""
        return self.everyone.people if self.everyone else 0

    @property
    def has_failed(self) -> bool:
        """Whether the run failed, and not only a few of its reactions."""
        return self.run.status == "failed"

    def unknown(self, persona: str | None = None) -> int:
        """People of whom nothing is known (of one persona, where one is given)."""
        return sum(
            some.people
            for some in self.unanswered
            if not some.known and persona in (None, some.persona)
        )

    def known(self, sums: PersonaSums | None) -> int:
        """How many of these people have a reaction that is known; what rates are of."""
        return sums.people - self.unknown(sums.persona) if sums else 0

    @cached_property
    def count(self) -> Counter[tuple[str, str]]:
        """Events by (step, kind)."""
        return Counter({(row.step_id, row.kind): row.count for row in self.counts})

    @cached_property
    def total(self) -> Counter[str]:
        """Events by kind."""
        totals: Counter[str] = Counter()
        for row in self.counts:
            totals[row.kind] += row.count
        return totals

    @cached_property
    def taken(self) -> dict[tuple[str, str | None], Visits]:
        """Visits by (step, way); the step's own under way None."""
        return {(row.step_id, row.way): row for row in self.visits}

    @cached_property
    def places(self) -> dict[str, Position]:
        """Every step's place in the drawing."""
        return ranks(self.flow)

    @cached_property
    def in_order(self) -> list[str]:
        """The flow's steps by their place: what comes first stands first."""
        return sorted(self.flow.steps, key=lambda id: (self.places[id].rank, self.places[id].row))

    @cached_property
    def messages(self) -> list[str]:
        """The steps that send, in order."""
        return [step for step in self.in_order if self.flow.steps[step].type in SENDING]

    @cached_property
    def goal_names(self) -> list[str]:
        """The goals that the flow names, in order."""
        steps = (self.flow.steps[step] for step in self.in_order)
        names = (getattr(step.config, "name", step.id) for step in steps if step.type == "goal")
        return list(dict.fromkeys(names))

    @property
    def listens(self) -> bool:
        """Whether the flow does anything with a reply."""
        return any(step.type in LISTENING for step in self.flow.steps.values())

    def name(self, persona: str | None) -> str:
        """A persona's name as people know it."""
        return self.names.get(persona or "", (persona or "").replace("-", " ").title())

    def lost(self, kind: str, *reasons: str) -> int:
        """Messages that failed for one of these reasons (any, where none is given)."""
        return sum(
            row.count
            for row in self.failures
            if row.kind == kind and (not reasons or row.reason in reasons)
        )

    @cached_property
    def held_back(self) -> list[Failed]:
        """Messages held back because of an opt-out, by step."""
        return [row for row in self.failures if row.kind == "failed" and row.reason == "opted_out"]


NEVER_SENT = frozenset({"opted_out", "no_address", "template_error"})
"""Reasons of ``failed`` for which nothing was sent; any other is a message that did not arrive."""


def observe(reading: Reading, run: Run, flow: CompiledFlow, names: dict[str, str]) -> Observed:
    """Ask the database everything that a report needs."""
    personas = reading.personas(run.id)
    replies, delays = reading.replies(run.id)
    alarm = any(sums.sent_after for sums in personas)
    failures = reading.failures(run.id)
    failed = any(row.kind == "engine_failed" for row in failures)
    return Observed(
        run=run,
        flow=flow,
        names=names,
        personas=personas,
        counts=reading.step_counts(run.id),
        visits=reading.visits(run.id),
        stops=reading.stops(run.id),
        replies=replies,
        delays=delays,
        failures=failures,
        goals=reading.goals(run.id, "unknown" if failed else None),
        sent_after=reading.sent_after_opt_out(run.id) if alarm else [],
        unanswered=reading.unanswered(run.id) if failed else [],
    )
