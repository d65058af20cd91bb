"""Intervals of one figure relative to another."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain.errors import Undefined
from core.experiments.statistics.ratios import fieller, joined, joined_ratio, reaching


def test_fieller_covers_also_where_the_base_is_weak() -> None:
    rng = np.random.default_rng(8)
    held = defined = 0
    for base, top in zip(rng.normal(1, 0.25, 4_000), rng.normal(0.5, 0.2, 4_000), strict=True):
        try:
            _, low, high = fieller(top, base, 0.04, 0.0625, 0.0, 1.959964)
        except Undefined:
            continue
        defined += 1
        held += low <= 0.5 <= high
    assert defined > 3_500
    assert held / defined == pytest.approx(0.95, abs=0.012)


def test_a_sure_base_only_divides() -> None:
    value, low, high = fieller(3.0, 2.0, 0.01, 0.0, 0.0, 2.0)
    assert (value, low, high) == pytest.approx((1.5, 1.4, 1.6))
    assert joined(2.0, (2.0, 2.0), 3.0, (2.8, 3.4)) == pytest.approx((0.8, 1.4))
    assert joined_ratio(2.0, (2.0, 2.0), 3.0, (2.8, 3.4)) == pytest.approx((1.4, 1.7))


def test_a_base_of_nothing_is_refused() -> None:
    with pytest.raises(Undefined):
        fieller(1.0, 0.0, 0.1, 0.1, 0.0, 2.0)
    with pytest.raises(Undefined):
        fieller(1.0, 0.3, 0.1, 0.1, 0.0, 2.0)
    with pytest.raises(Undefined):
        joined_ratio(1.0, (0.0, 2.0), 1.0, (0.5, 2.0))


def test_an_interval_is_widened_by_the_test_alone() -> None:
    assert reaching((0.1, 0.4), 0.0, 0.08, 0.05) == (0.0, 0.4)
    assert reaching((0.1, 0.4), 0.0, 0.01, 0.05) == (0.1, 0.4)
