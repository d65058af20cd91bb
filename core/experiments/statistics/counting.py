"""Yes and no at any time, exactly, however few there are."""

from __future__ import annotations

from math import exp, inf, lgamma, log, log1p

from core.domain.errors import Undefined
from core.experiments.statistics.anytime import Sequential, p_value
from core.experiments.statistics.roots import root

EXACT = "exact sequential test of counts (Beta mixture)"

COIN_WEIGHT = 10.0
"""What the mixture over coins is worth in throws: most sensitive after about a hundred events."""


def always_valid_counts(
    a: tuple[int, int],
    b: tuple[int, int],
    *,
    alpha: float = 0.05,
    tuning: int,
    share: float | None = None,
    relative: bool = False,
) -> Sequential:
    """Yes and no, exactly, from the first participant on.

    Whoever did it was in b with the design's share, if the arms do not differ; so the arms of
    those who did it are coin throws, and a Beta mixture over the coin is an e-process (Lindon &
    Malek, NeurIPS 2022, eq. 7, for two categories). The same is true of those who did not; the mean
    of the two e-values is one too, and 1 / e is the p-value. The absolute interval is the
    difference of each arm's own sequence (Robbins 1970), at alpha / 2 each; the relative one is
    the set of coins that the same mixture does not exclude, as far as these sequences allow it.

    Args:
        a: The control's participants, and how many did it.
        b: The treatment's.
        alpha: One less the coverage at all times together.
        tuning: What the asymptotic sequence is tuned to, for the record; this one is most
            sensitive after about a hundred events.
        share: The treatment's designed share of both arms; what came where it is not given. With
            a designed one, arms that come out of proportion count as evidence too.
        relative: Whether the effect is b / a - 1.

    Raises:
        Undefined: If an arm is empty, or the effect is relative to 0 of the control.
    """
    (n_a, x_a), (n_b, x_b) = a, b
    if n_a < 1 or n_b < 1:
        raise Undefined("Nobody is in this variant yet.")
    part = n_b / (n_a + n_b) if share is None else share
    strength = _mean_of_two(
        coin_evidence(x_a, x_b, part), coin_evidence(n_a - x_a, n_b - x_b, part)
    )
    one, two = (_rate_interval(n, x, alpha / 2) for n, x in (a, b))
    if relative:
        value, low, high = _coin_interval(a, b, part, alpha)
        low = max(low, two[0] / one[1] - 1)
        high = min(high, two[1] / one[0] - 1) if one[0] else high
    else:
        value = x_b / n_b - x_a / n_a
        low, high = two[0] - one[1], two[1] - one[0]
    return Sequential(value, low, high, p_value(strength), None, EXACT, tuning, exact=True)


def _mean_of_two(one: float, two: float) -> float:
    """log((e^one + e^two) / 2)."""
    most = max(one, two)
    return most + log((exp(one - most) + exp(two - most)) / 2)


def coin_evidence(in_a: int, in_b: int, share: float) -> float:
    """The log e-value against a coin that gives b with the design's share."""
    if not 0 < share < 1:
        raise Undefined("Both variants must have a share of the participants.")
    return _log_mixture(in_a, in_b, share) - in_b * log(share) - in_a * log1p(-share)


def _log_mixture(in_a: int, in_b: int, share: float) -> float:
    one, two = COIN_WEIGHT * share, COIN_WEIGHT * (1 - share)
    return _log_beta(one + in_b, two + in_a) - _log_beta(one, two)


def _log_beta(one: float, two: float) -> float:
    return lgamma(one) + lgamma(two) - lgamma(one + two)


def _coin_interval(
    a: tuple[int, int], b: tuple[int, int], share: float, alpha: float
) -> tuple[float, float, float]:
    (n_a, x_a), (n_b, x_b) = a, b
    if not x_a:
        raise Undefined("Nobody of the control did it yet, so there is nothing to be relative to.")
    level = _log_mixture(x_a, x_b, share) + log(alpha)
    designed = log(share) - log1p(-share)
    low, high = (exp(one - designed) - 1 for one in _log_odds(x_b, x_a, level))
    return (x_b / n_b) / (x_a / n_a) - 1, low, high


def _rate_interval(n: int, x: int, alpha: float) -> tuple[float, float]:
    """One rate at all times: the uniform mixture of binomials (Robbins, 1970, eq. 9)."""
    low, high = _log_odds(x, n - x, _log_beta(x + 1, n - x + 1) + log(alpha))
    return exp(-_softplus(-low)), exp(-_softplus(-high))


def _log_odds(yes: int, no: int, level: float) -> tuple[float, float]:
    """The log-odds at which so many yeses and noes have this log-likelihood, on either side."""
    middle = log((yes + 0.5) / (no + 0.5))

    def excluded(odds: float) -> float:
        return level + yes * _softplus(-odds) + no * _softplus(odds)

    def edge(side: int) -> float:
        step = 1.0
        while excluded(middle + side * step) <= 0:
            step *= 2
        return root(excluded, middle, middle + side * step, close=1e-11)

    return edge(-1) if yes else -inf, edge(1) if no else inf


def _softplus(odds: float) -> float:
    """log(1 + e^odds)."""
    return odds + log1p(exp(-odds)) if odds > 0 else log1p(exp(odds))
