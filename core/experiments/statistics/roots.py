"""Where a function crosses 0, without waiting for scipy.optimize to be imported."""

from __future__ import annotations

from collections.abc import Callable

from core.domain.errors import Undefined

MOST = 200
"""So many steps are enough even for halving."""


def root(
    function: Callable[[float], float],
    low: float,
    high: float,
    *,
    close: float = 0.0,
    relative: float = 1e-12,
) -> float:
    """A root between two ends at which the function has different signs.

    Inverse quadratic steps where they can be trusted, halving elsewhere (Chandrupatla, Advances
    in Engineering Software 28, 1997).

    Args:
        function: What is to be 0; infinite ends are fine.
        low: One end.
        high: The other.
        close: How close is close enough.
        relative: The same, relative to the root.

    Raises:
        Undefined: If the function has the same sign at both ends.
    """
    a, b = low, high
    at_a, at_b = function(a), function(b)
    if at_a * at_b > 0:
        raise Undefined("The figure lies outside of what was searched.")
    step = 0.5
    for _ in range(MOST):
        t = a + step * (b - a)
        at_t = function(t)
        if (at_t > 0) == (at_a > 0):
            c, at_c = a, at_a
        else:
            c, at_c, b, at_b = b, at_b, a, at_a
        a, at_a = t, at_t
        best = a if abs(at_a) < abs(at_b) else b
        slack = close + relative * abs(best)
        wide = abs(b - a)
        if at_a == 0 or wide <= 2 * slack:
            break
        step = min(max(_step(a, at_a, b, at_b, c, at_c), slack / wide), 1 - slack / wide)
    return a if abs(at_a) < abs(at_b) else b


def _step(a: float, at_a: float, b: float, at_b: float, c: float, at_c: float) -> float:
    """The next step from a towards b, as a share of the way."""
    if at_b in (at_a, at_c) or abs(at_b) + abs(at_c) == float("inf"):
        return 0.5
    xi, phi = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
    if not (phi * phi < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    one = at_a / (at_b - at_a) * at_c / (at_b - at_c)
    return one + (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
