"""When each rule declares a difference: the comparisons, and nothing else.

They hold for one experiment and, on arrays of numpy, for ten thousand simulated ones: the error
that is shown for a rule is the error of the rule that is applied.
"""

from __future__ import annotations

from typing import Any


def always_valid(always_p: Any, alpha: float) -> Any:
    """Whether there is a difference, whenever one looks.

    Args:
        always_p: The always-valid p-value, corrected where there are several treatments.
        alpha: The error that is allowed.
    """
    return always_p <= alpha


def fixed(p: Any, people: Any, planned: float, alpha: float) -> Any:
    """Whether there is a difference; nothing is said before the planned people are there."""
    return (people >= planned) & (p < alpha)


def group_sequential(z: Any, bound: float) -> Any:
    """Whether there is a difference at a planned look, whose bound is for ``|z|``."""
    return abs(z) >= bound


def expected_loss(loss: Any, baseline: Any, threshold: float) -> Any:
    """Whether choosing may be wrong by so little, relative to the control's value."""
    return loss < threshold * abs(baseline)


def stage(people: int, planned: int, looks: int) -> int:
    """How many of the equally spaced planned looks are due; 0 before the first."""
    return min(looks, people * looks // planned) if planned > 0 else 0
