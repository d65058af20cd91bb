"""How many more people it takes until a rule can decide."""

from __future__ import annotations

import math

from core.domain.experiment_results import Effect
from core.experiments.deciding import Decider
from core.experiments.standing import Standing

MOST_TIMES = 100
"""An interval this many times too wide says nothing of how many people are needed."""


def people_left(standing: Standing, rule: Decider) -> int | None:
    """How many more are needed: to what was agreed or planned, or to a narrow enough interval.

    An interval shrinks about with the square root of the participants; it is narrow enough when
    it leaves no room for the least difference on either side of none.
    """
    agreed = standing.rule.least_people
    if standing.fewest < agreed:
        return _until(standing, agreed) if standing.fewest else None
    if standing.planned is not None and standing.planned > standing.people:
        return standing.planned - standing.people
    if rule.ends(standing) or (standing.days or 0.0) < standing.rule.least_days:
        return None
    factors = [_narrower(standing, rule, one) for one in standing.reading.effects]
    known = [one for one in factors if one is not None and one > 1]
    if not known or len(known) < len(factors):
        return None
    return _rounded(standing.people * (max(known) - 1))


def _until(standing: Standing, agreed: int) -> int:
    """How many more until the smallest arm has as many as was agreed, if arms go on as they do."""
    times = standing.people / standing.fewest
    return max(math.ceil(agreed * times), standing.planned or 0) - standing.people


def _narrower(standing: Standing, rule: Decider, effect: Effect) -> float | None:
    low, high, least = standing.room(*rule.interval(effect))
    half = (high - low) / 2
    if not math.isfinite(half) or least <= 0:
        return None
    times = half / least
    return times * times if times < MOST_TIMES else None


def _rounded(count: float) -> int | None:
    if count < 1:
        return None
    size = 10 ** max(0, math.floor(math.log10(count)) - 1)
    return int(math.ceil(count / size) * size)
