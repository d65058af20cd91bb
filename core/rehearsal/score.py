"""The score: 0 to 100, the sum of parts that each say how they were made."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.findings import Finding
from core.domain.reports import Coverage, Figure, Score, ScorePart, TestResult, percent
from core.rehearsal.observed import Observed
from core.rehearsal.wording import count_of

ERROR_COST = 0.25
WARNING_COST = 0.08


@dataclass(frozen=True, slots=True)
class Part:
    """One part before the weights of those that do not apply are shared out."""

    name: str
    weight: float
    value: float | None
    explanation: str


def score(
    seen: Observed,
    goal: Figure | None,
    findings: Sequence[Finding],
    tests: Sequence[TestResult],
    coverage: Coverage,
) -> Score | None:
    """The score of a run, None where nobody has been played, or the run failed."""
    if not seen.everyone or seen.has_failed or not seen.known(seen.everyone):
        return None
    return added_up(
        [
            _goals(goal),
            _answers(seen),
            _tests(tests),
            _health(findings),
            _staying(seen),
            _coverage(coverage),
        ]
    )


def added_up(parts: Sequence[Part]) -> Score:
    """Share the weights of what does not apply among the rest, and add up in whole points.

    Weights and points are rounded by largest remainder, so the weights make 100 and the points
    make the score.
    """
    some = [part for part in parts if part.value is not None]
    total = math.fsum(part.weight for part in some)
    weights = _whole([100 * part.weight / total for part in some], 100)
    exact = [weight * (part.value or 0.0) for weight, part in zip(weights, some, strict=True)]
    value = round(math.fsum(exact))
    points = _whole(exact, value)
    return Score(
        value=value,
        parts=[
            ScorePart(
                name=part.name,
                weight=weight,
                value=round(part.value or 0.0, 4),
                points=point,
                explanation=part.explanation,
            )
            for part, weight, point in zip(some, weights, points, strict=True)
        ],
    )


def _whole(numbers: Sequence[float], total: int) -> list[int]:
    """Whole numbers near these that make a total: the largest remainders are rounded up."""
    whole = [math.floor(number + 1e-9) for number in numbers]
    by_rest = sorted(range(len(whole)), key=lambda at: whole[at] - numbers[at])
    for at in by_rest[: total - sum(whole)]:
        whole[at] += 1
    return whole


def _goals(goal: Figure | None) -> Part:
    if goal is None:
        return Part("Goals", 30, None, "")
    return Part("Goals", 30, goal.rate.rate, f"people who reached a goal: {goal.rate.text}")


def _answers(seen: Observed) -> Part:
    sums = seen.everyone
    assert sums is not None
    count, did = (sums.answered, "answered") if seen.listens else (sums.clicked, "clicked a link")
    if not seen.messages:
        return Part("Answers", 15, None, "")
    known = seen.known(sums)
    return Part("Answers", 15, count / known, f"{count:,} of {known:,} people {did}")


def _tests(tests: Sequence[TestResult]) -> Part:
    if not tests:
        return Part("Tests", 20, None, "")
    passed = sum(test.status == "passed" for test in tests)
    open_ = sum(test.status == "inconclusive" for test in tests)
    undecided = f", {open_} undecided count half" if open_ else ""
    value = (passed + open_ / 2) / len(tests)
    return Part("Tests", 20, value, f"{passed} of {len(tests)} tests passed{undecided}")


def _health(findings: Sequence[Finding]) -> Part:
    """Each kind of finding counts once, however many steps it is found at."""
    errors = len({finding.type for finding in findings if finding.severity == "error"})
    warnings = len({finding.type for finding in findings if finding.severity == "warning"})
    value = max(0.0, 1 - ERROR_COST * errors - WARNING_COST * warnings)
    found = f"{count_of(errors, 'kind')} of error and {count_of(warnings, 'kind')} of warning"
    cost = f"an error costs {percent(ERROR_COST)} %, a warning {percent(WARNING_COST)} %"
    return Part("Soundness", 15, value, f"{found}; {cost}")


def _staying(seen: Observed) -> Part:
    sums = seen.everyone
    assert sums is not None
    known = seen.known(sums)
    left = f"{sums.opted_out:,} of {known:,} people opted out"
    return Part("Staying", 10, 1 - sums.opted_out / known, left)


def _coverage(coverage: Coverage) -> Part:
    total = coverage.steps_total + coverage.ways_total
    reached = coverage.steps_reached + coverage.ways_reached
    text = (
        f"{coverage.steps_reached} of {coverage.steps_total} steps and "
        f"{coverage.ways_reached} of {coverage.ways_total} ways were reached"
    )
    return Part("Coverage", 10, reached / total if total else None, text)
