"""Whether an effect wears off, or grows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from core.domain.experiment_results import Warned, WarningKind
from core.domain.samples import Cell
from core.experiments import numbers
from core.experiments.contrasts import Contrast
from core.experiments.effects import Refusals
from core.experiments.groups import Group, by_variant, treatments
from core.experiments.warnings.base import Seen

ODD = 0.01
LEAST_DAYS = 4
ENOUGH, ENOUGH_EVENTS = 50, 10


class Novelty:
    """The effect among those who came early against that among those who came late."""

    kind: WarningKind = "novelty"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """For each treatment, in the primary metric; halves by the number of participants."""
        metric, control = seen.look.design.primary, seen.look.design.control_id
        if metric is None or control is None or metric.kind == "quantile":
            return
        halves = _halves(seen.days)
        variants = treatments(seen.look.design)
        for variant in variants if halves else ():
            early, late = (half.contrast(metric, control, variant) for half in halves)
            found = _compared(early, late)
            if found is not None and found[2] * len(variants) < ODD:
                yield self._warned(seen, variant, *found)

    def _warned(self, seen: Seen, variant: str, early: float, late: float, p: float) -> Warned:
        metric = seen.look.design.primary
        assert metric is not None
        fades = abs(late) < abs(early) or early * late < 0
        first, then = (numbers.difference(metric.kind, one) for one in (early, late))
        return Warned(
            kind=self.kind,
            severity="warning",
            title=f"The effect of {seen.look.name(variant)} {'wears off' if fades else 'grows'}",
            text=(
                f"Among those who came early it is {first}, among those who came late {then} "
                f"({numbers.p_equals(p)}). The figures over the whole time "
                + (
                    "may be those of something new, and not of what stays."
                    if fades
                    else "may be smaller than what comes once people are used to it."
                )
            ),
            fix="Let it run longer, and read the effect among those who came late.",
            evidence={"variant": variant, "early": early, "late": late, "p": p},
        )


def _halves(days: dict[int, dict[str, Cell]]) -> tuple[Group, ...]:
    if len(days) < LEAST_DAYS:
        return ()
    people = {day: sum(cell.n for cell in cells.values()) for day, cells in days.items()}
    half, so_far = sum(people.values()) / 2, 0
    early = []
    for day, n in people.items():
        if so_far + n / 2 > half:
            break
        so_far += n
        early.append(day)
    late = [day for day in days if day not in early]
    return _group(days, early), _group(days, late)


def _group(days: dict[int, dict[str, Cell]], some: Iterable[int]) -> Group:
    return Group(by_variant(cell for day in some for cell in days[day].values()))


def _compared(early: Contrast, late: Contrast) -> tuple[float, float, float] | None:
    if not (early.enough(ENOUGH, ENOUGH_EVENTS) and late.enough(ENOUGH, ENOUGH_EVENTS)):
        return None
    refusals = Refusals()
    one = refusals.ask("early", lambda: early.estimate(relative=False))
    two = refusals.ask("late", lambda: late.estimate(relative=False))
    if one is None or two is None:
        return None
    z = (two.value - one.value) / math.hypot(one.se, two.se)
    return (one.value, two.value, numbers.p_of_z(z)) if math.isfinite(z) else None
