"""Whether chance alone decided who met what."""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.domain.errors import Undefined
from core.domain.experiment_results import Warned, WarningKind
from core.domain.experiments import Metric
from core.experiments import numbers
from core.experiments.groups import treatments
from core.experiments.statistics import estimate
from core.experiments.warnings.base import SURE, Seen, homogeneity

LEAST = 0.01
"""A day's or a segment's split that is off by less than this is no alarm."""
MANY, MOST = 0.01, 0.5
"""From these shares of people in more than one variant on, it is a warning, and a stop."""
FIX = (
    "Compare who is in each variant: a filter, a cache or a late start of one variant often is the "
    "cause. Assign by a hash of the person's id, and start all variants together."
)


class BrokenRandomisation:
    """The split must be the same on each day and in each segment, and the arms alike before."""

    kind: WarningKind = "broken_randomisation"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """By segment, by day, by what was measured before, and people in more than one variant."""
        yield from self._in_many(seen)
        if seen.look.paired or seen.look.design.assignment.how == "bandit":
            return
        tests = len(seen.look.design.segments) + bool(seen.days)
        if seen.days:
            yield from self._over(seen, "day", _by_day(seen), tests)
        for segment in seen.look.design.segments:
            yield from self._over(seen, segment, _by_segment(seen, segment), tests)
        yield from self._before(seen)

    def _over(
        self, seen: Seen, by: str, table: dict[str, list[int]], tests: int
    ) -> Iterator[Warned]:
        p, off = homogeneity(list(table.values()))
        if p * tests >= SURE or off < LEAST:
            return
        what = "from day to day" if by == "day" else f"with “{by}”"
        yield Warned(
            kind=self.kind,
            severity="warning",
            title=f"The split changes {what}",
            text=(
                f"The share of people in each variant is not the same everywhere: it moves {what} "
                f"by up to {numbers.percent(off)} of itself ({numbers.p_equals(p)}, over "
                f"{len(table)} {'days' if by == 'day' else 'values'}). Chance does not do that."
                + ("" if by == "day" else " Or a variant itself changes this attribute.")
            ),
            fix=FIX,
            evidence={"by": by, "p": p, "deviation": off},
        )

    def _before(self, seen: Seen) -> Iterator[Warned]:
        found = list(_before_tests(seen))
        for metric, variant, p in found:
            if p * len(found) < SURE:
                yield Warned(
                    kind=self.kind,
                    severity="warning",
                    title=f"The arms differed before the start in {metric.before}",
                    text=(
                        f"What was measured before the start ({metric.before}) is not the same in "
                        f"{seen.look.name(variant)} and the control ({numbers.p_equals(p)}). "
                        "No variant can have done that."
                    ),
                    fix=FIX,
                    evidence={"metric": metric.id, "variant": variant, "p": p},
                )

    def _in_many(self, seen: Seen) -> Iterator[Warned]:
        facts, people = seen.look.facts, seen.look.people
        if not facts.in_many or seen.look.paired:
            return
        share = facts.in_many / (facts.in_many + people)
        yield Warned(
            kind=self.kind,
            severity="stop" if share >= MOST else "warning" if share >= MANY else "info",
            title=f"{'Most' if share >= MOST else 'Some'} people met more than one variant",
            text=(
                f"{numbers.people(facts.in_many)} ({numbers.percent(share)}) were seen in more "
                "than one variant; they are left out, since it is not known which one moved them."
            ),
            fix="Make the assignment stick to the person: assign by a hash of the person's id.",
            evidence={"people": facts.in_many, "share": share},
        )


def _by_day(seen: Seen) -> dict[str, list[int]]:
    ids = list(seen.look.counts)
    return {
        str(day): [cells[id].n if id in cells else 0 for id in ids]
        for day, cells in seen.days.items()
    }


def _by_segment(seen: Seen, segment: str) -> dict[str, list[int]]:
    ids = list(seen.look.counts)
    table: dict[str, list[int]] = {}
    for value, variant, n in seen.look.readings.balance(seen.look.design, segment):
        if variant in ids:
            table.setdefault(value, [0] * len(ids))[ids.index(variant)] += n
    return table


def _before_tests(seen: Seen) -> Iterator[tuple[Metric, str, float]]:
    look, done = seen.look, set()
    control = look.design.control_id
    for metric in look.design.metrics:
        if metric.before is None or metric.before in done or control is None:
            continue
        done.add(metric.before)
        base = look.group.measured(metric, control).sample
        for id in treatments(look.design):
            other = look.group.measured(metric, id).sample
            last = len(base.means) - 1
            try:
                found = estimate("mean", base.part(last), other.part(last))
            except Undefined:
                continue
            if math.isfinite(found.value) and found.se > 0:
                yield metric, id, numbers.p_of_z(found.value / found.se)
