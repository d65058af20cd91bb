"""Quantiles from order statistics: their errors, their intervals, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.errors import Undefined
from core.domain.samples import Quantiles
from core.experiments.statistics import quantile_estimate, quantile_interval
from core.experiments.statistics import quantile_tested as read_quantiles


def of_rows(values: np.ndarray, q: float) -> Quantiles:
    n, values = len(values), np.sort(values)
    reach = 1.959964 * math.sqrt(n * q * (1 - q))
    low, high = int(n * q - reach) - 1, int(n * q + reach)
    value = float(np.quantile(values, q))
    return Quantiles(n, q, value, float(values[max(low, 0)]), float(values[min(high, n - 1)]))


def test_the_error_is_near_the_true_one() -> None:
    rng = np.random.default_rng(4)
    n = 20_000
    found = quantile_estimate(*(of_rows(rng.normal(0, 1, n), 0.5) for _ in range(2)))
    assert found.se == pytest.approx(math.sqrt(2 * math.pi / 2 / n), rel=0.1)
    assert found.n == 2 * n


def test_a_shift_is_found() -> None:
    rng = np.random.default_rng(5)
    values = rng.lognormal(0, 1, 4_000)
    a, b = of_rows(values, 0.9), of_rows(values * 1.5, 0.9)
    found, relative = read_quantiles(a, b), read_quantiles(a, b, relative=True)
    assert found.p < 1e-6
    assert 0 < found.low < found.value < found.high
    assert relative.value == pytest.approx(0.5)
    assert 0 < relative.low < 0.5 < relative.high


def test_one_arm_is_as_lopsided_as_its_values() -> None:
    one = Quantiles(100_000, 0.9, 12, 11.5, 14)
    assert quantile_interval(one) == pytest.approx((12, 11.5, 14), rel=5e-3)
    wider = quantile_interval(one, alpha=0.01)
    assert wider[1] < 11.5
    assert wider[2] > 14
    few = quantile_interval(Quantiles(60, 0.9, 12, 11.5, 14))
    assert few[1] > 11.5


def test_what_is_undefined_is_refused() -> None:
    fine = Quantiles(400, 0.5, 10, 9, 11)
    with pytest.raises(Undefined, match="all equal in the control"):
        read_quantiles(Quantiles(400, 0.5, 1, 1, 1), fine)
    with pytest.raises(Undefined, match="too small"):
        read_quantiles(fine, Quantiles(30, 0.99, 10, 9, 11))
    with pytest.raises(Undefined, match="not above 0"):
        read_quantiles(Quantiles(400, 0.5, 0, -1, 1), fine, relative=True)
    with pytest.raises(Undefined, match="cannot be told from 0"):
        read_quantiles(Quantiles(400, 0.5, 1, -1, 1.5), fine, relative=True)
    with pytest.raises(Undefined, match="Nobody"):
        quantile_interval(Quantiles(0, 0.5, 0, 0, 0))


ends = st.tuples(st.floats(1, 100), st.floats(0.01, 0.9), st.floats(0.01, 0.9))


@given(ends, ends)
@settings(deadline=None)
def test_both_intervals_agree_about_no_effect(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> None:
    a, b = (Quantiles(500, 0.5, v, v * (1 - d), v * (1 + u)) for v, d, u in (one, other))
    found, relative = read_quantiles(a, b), read_quantiles(a, b, relative=True)
    assert found.low <= found.value <= found.high
    assert relative.low <= relative.value <= relative.high
    if min(abs(found.low), abs(found.high)) > 1e-6:
        assert (found.low > 0, found.high < 0) == (relative.low > 0, relative.high < 0)
