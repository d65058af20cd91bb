"""Whether as many people came to each variant as the design says."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.errors import Undefined
from core.domain.experiment_results import Severity, Warned, WarningKind
from core.experiments import numbers
from core.experiments.statistics import Balance, sample_ratio
from core.experiments.warnings.base import SURE, Seen

ODD = 0.01
"""Between this and ``SURE`` it is a warning; looked at daily, one sound experiment in some twenty
has it at least once, so it does not stop."""
LEAST = 0.005
"""An arm that is off by less is no alarm, however many people there are."""


class SampleRatio:
    """A stop: where people went missing, those who are left differ, and no figure is to be had."""

    kind: WarningKind = "sample_ratio"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """Against the designed shares; a bandit has none, and pairs must be complete."""
        look = seen.look
        if look.design.assignment.how == "bandit" or look.paired or len(look.counts) < 2:
            return
        weights = {one.id: one.weight for one in look.design.variants}
        counts = list(look.counts.values())
        try:
            found = sample_ratio(
                counts, [weights[id] for id in look.counts], alpha=SURE, least=LEAST
            )
        except Undefined:
            return
        if found.p < ODD and found.deviation >= LEAST:
            yield _warned(seen, found, weights)


def _warned(seen: Seen, found: Balance, weights: dict[str, float]) -> Warned:
    severity: Severity = "stop" if found.mismatch else "warning"
    look = seen.look
    came = numbers.listed(
        [f"{numbers.people(count)} to {look.name(id)}" for id, count in look.counts.items()]
    )
    ratio = " : ".join(f"{weights[id]:g}" for id in look.counts)
    stray = [look.name(id) for id, n in look.counts.items() if n and not weights[id]]
    if stray:
        text = f"People came to {numbers.listed(stray)}, which was given no share ({came})."
    else:
        text = (
            f"The design splits people {ratio}, but {came}. Chance alone does that, or more, in "
            f"{_once(found.p)} ({numbers.p_equals(found.p)}, {found.method}); the largest "
            f"deviation of an arm is {numbers.percent(found.deviation)}."
        )
    stop = severity == "stop"
    meaning = (
        " Who is missing is rarely missing at random, so the arms are no longer alike and no "
        "figure can be believed."
        if stop
        else " That is odd, but not odd enough to stop: read the figures with care."
    )
    return Warned(
        kind="sample_ratio",
        severity=severity,
        title="The split is not what was designed",
        text=text + meaning,
        fix=(
            "Look for people lost on one side only: redirects, crashes, bots, filters applied "
            "after the assignment. If another split was planned, correct the variants' weights."
        ),
        evidence={
            "p": found.p,
            "deviation": None if stray else found.deviation,
            "method": found.method,
            **{f"people in {id}": count for id, count in look.counts.items()},
        },
    )


def _once(p: float) -> str:
    return f"one experiment in {round(1 / p):,}" if p > 1e-9 else "less than one in 10⁹ experiments"
