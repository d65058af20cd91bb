"""Everyone met both: paired figures against rows, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

from core.domain.errors import Undefined
from core.domain.samples import Sample
from core.experiments.statistics import estimate, estimate_pairs, pairing_gain
from core.experiments.statistics import tested_pairs as read_pairs
from core.experiments.statistics.pairs_yes_no import PairCounts, change_p, pair_counts


def of_rows(*columns: NDArray[np.float64]) -> Sample:
    rows = np.stack(columns)
    products = rows @ rows.T
    return Sample.from_sums(rows.shape[1], rows.sum(axis=1).tolist(), products.tolist())


def of_counts(both: int, only_b: int, only_a: int, neither: int) -> Sample:
    n, a, b = both + only_a + only_b + neither, both + only_a, both + only_b
    return Sample.from_sums(n, [a, b], [[a, both], [both, b]])


def test_means_are_the_paired_t() -> None:
    rng = np.random.default_rng(1)
    a = rng.lognormal(1, 0.5, 80)
    b = a * 1.05 + rng.normal(0, 0.2, 80)
    found, theirs = read_pairs("mean", of_rows(a, b)), stats.ttest_rel(b, a)
    assert found.p == pytest.approx(theirs.pvalue, rel=1e-6)
    assert (found.low, found.high) == pytest.approx(theirs.confidence_interval(), rel=1e-6)
    relative = read_pairs("mean", of_rows(a, b), relative=True)
    assert relative.low < relative.value < relative.high
    assert (relative.low > 0) == (found.low > 0)


def test_a_ratio_within_pairs() -> None:
    rng = np.random.default_rng(2)
    per = 1.0 + rng.poisson(2, 300)
    value = rng.poisson(per).astype(float)
    pairs = of_rows(value, per, value + 0.5 * per, per)
    found = estimate_pairs("ratio", of_rows(value, per, value + 0.5 * per + (per > 2), per))
    assert found.value == pytest.approx(0.5 + (per > 2).sum() / per.sum())
    with pytest.raises(Undefined, match="differ by the same"):
        estimate_pairs("ratio", pairs)


def test_pairing_is_more_sensitive() -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(5, 2, 200)
    b = a + rng.normal(0.1, 0.3, 200)
    paired = estimate_pairs("mean", of_rows(a, b))
    apart = estimate("mean", of_rows(a), of_rows(b))
    assert paired.se < apart.se / 4
    gain = pairing_gain(of_rows(a, b))
    assert gain == pytest.approx(1 - (paired.se / apart.se) ** 2, rel=1e-6)


def test_counts_are_found_again() -> None:
    assert pair_counts(of_counts(5, 3, 2, 90)) == PairCounts(5, 3, 2, 90)
    assert pair_counts(of_rows(np.array([0.0, 2.0, 1.0]), np.array([0.0, 1.0, 1.0]))) is None
    assert pair_counts(Sample.none(2)) is None


def test_yes_or_no_is_mcnemars() -> None:
    many = mcnemar([[700, 90], [60, 400]], exact=False, correction=False).pvalue
    assert change_p(PairCounts(700, 90, 60, 400))[0] == pytest.approx(many, rel=1e-9)
    exact = mcnemar([[30, 9], [2, 40]], exact=True).pvalue
    p, method = change_p(PairCounts(30, 9, 2, 40))
    assert p == pytest.approx(exact - stats.binom.pmf(2, 11, 0.5), rel=1e-9)
    assert "mid-p" in method


def test_nobody_changed() -> None:
    found = read_pairs("proportion", of_counts(40, 0, 0, 60))
    assert (found.value, found.p) == (0, 1)
    assert found.low < 0 < found.high
    with pytest.raises(Undefined, match="Nobody in the control"):
        read_pairs("proportion", of_counts(0, 4, 0, 60), relative=True)
    with pytest.raises(Undefined, match="at least 2"):
        read_pairs("mean", Sample.none(2))


@given(*[st.integers(0, 300)] * 4)
@settings(deadline=None)
def test_intervals_hold_their_value(both: int, only_b: int, only_a: int, neither: int) -> None:
    if both + only_b + only_a + neither == 0:
        return
    pairs = of_counts(both, only_b, only_a, neither)
    found = read_pairs("proportion", pairs)
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert found.p < 0.05 or found.low <= 0 <= found.high
    turned = read_pairs("proportion", of_counts(both, only_a, only_b, neither))
    assert (turned.low, turned.high, turned.p) == pytest.approx(
        (-found.high, -found.low, found.p), abs=1e-12
    )
    if both + only_a:
        relative = read_pairs("proportion", pairs, relative=True)
        assert relative.low - 1e-9 <= relative.value <= relative.high + 1e-9
