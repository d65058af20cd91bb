"""Beta and normal posteriors: against closed forms, other packages' figures, and laws."""

from __future__ import annotations

from math import inf, isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.errors import Undefined
from core.domain.experiments import Prior
from core.domain.samples import Estimate
from core.experiments.statistics import (
    best_of,
    best_of_rates,
    beta_binomial,
    normal_posterior,
    prior_words,
)

COUNTS = st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


def test_one_participant_each_is_five_sixths() -> None:
    """Beta(1, 2) against Beta(2, 1), by hand."""
    found = beta_binomial((1, 0), (1, 1))
    assert found.better == pytest.approx(5 / 6, abs=1e-12)
    assert found.loss_if_chosen == pytest.approx(1 / 30, abs=1e-12)
    assert found.loss_if_not == pytest.approx(11 / 30, abs=1e-12)


@pytest.mark.parametrize(
    ("a", "b", "better", "lost", "missed"),
    [
        ((10_000, 500), (10_000, 560), 0.9708376637062488, 3.567456999978848e-05, 0.00603447480995),
        ((1000, 0), (1000, 10), 0.999525019347302, 4.714293132031026e-07, 0.009980511349472887),
        ((10**6, 12), (10**6, 30), 0.9972994569273891, 5.443221232869327e-09, 1.80054072213e-05),
        (
            (10**8, 5 * 10**6),
            (10**8, 5_010_000),
            0.99940838647898,
            4.868164177841e-09,
            1.0000487e-4,
        ),
    ],
)
def test_figures_of_piecewise_quadrature(
    a: tuple[int, int], b: tuple[int, int], better: float, lost: float, missed: float
) -> None:
    found = beta_binomial(a, b)
    assert found.better == pytest.approx(better, abs=1e-9)
    assert found.loss_if_chosen == pytest.approx(lost, rel=1e-6)
    assert found.loss_if_not == pytest.approx(missed, rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(COUNTS, COUNTS)
def test_laws_of_two_rates(a: tuple[int, int], b: tuple[int, int]) -> None:
    one, two = beta_binomial(a, b), beta_binomial(b, a)
    assert all(isfinite(x) for x in (one.better, one.low, one.high, one.sd))
    assert one.better + two.better == pytest.approx(1, abs=1e-9)
    assert one.loss_if_chosen == pytest.approx(two.loss_if_not, rel=1e-6, abs=1e-15)
    assert one.loss_if_not - one.loss_if_chosen == pytest.approx(one.value, rel=1e-6, abs=1e-13)
    assert one.low <= one.value <= one.high
    assert best_of_rates([a, b])[1] == pytest.approx(one.better, abs=1e-9)


def test_the_interval_holds_what_it_says() -> None:
    found = beta_binomial((50, 50), (50, 50), alpha=0.1)
    assert found.low == pytest.approx(-found.high, rel=1e-6)
    wider = beta_binomial((50, 50), (50, 50), alpha=0.01)
    assert wider.low < found.low


def test_the_relative_interval_is_that_of_the_ratio() -> None:
    """With a sure control, b / a - 1 is b over a number."""
    sure, treated = (10**9, 10**8), (1000, 120)
    plain = beta_binomial(sure, treated)
    found = beta_binomial(sure, treated, relative=True)
    assert found.low == pytest.approx(plain.low / 0.1, rel=1e-3)
    assert found.high == pytest.approx(plain.high / 0.1, rel=1e-3)


def test_a_billion_all_or_none() -> None:
    for x in (0, 10**9):
        found = beta_binomial((10**9, x), (10**9, x))
        assert found.better == pytest.approx(0.5, abs=1e-9)
        assert found.loss_if_chosen == pytest.approx(5e-10, rel=1e-6)


@pytest.mark.parametrize("bad", [(0, 0), (5, 6), (5, -1)])
def test_no_posterior_from_nobody(bad: tuple[int, int]) -> None:
    with pytest.raises(Undefined):
        beta_binomial(bad, (10, 1))


def test_normal_posteriors_are_those_of_gbstats() -> None:
    """Relative effect of 500 and 560 in 10,000; flat, and under N(0, 0.3^2)."""
    effect = Estimate(0.12, 0.067066534128431, inf, 20_000)
    flat = normal_posterior(effect, relative=True)
    assert flat.better == pytest.approx(0.9632141634380021, abs=1e-9)
    assert flat.loss_if_chosen == pytest.approx(0.0009835820885088881, rel=1e-6)
    assert flat.loss_if_not == pytest.approx(0.12098358208850885, rel=1e-6)
    assert flat.low == pytest.approx(-0.011447991459651197, rel=1e-6)
    known = normal_posterior(effect, Prior(sd=0.3), relative=True)
    assert known.value == pytest.approx(0.11428822983616992, rel=1e-6)
    assert known.better == pytest.approx(0.9596089392705167, abs=1e-9)
    assert known.loss_if_chosen == pytest.approx(0.0010686844574057397, rel=1e-6)


def test_an_absolute_prior_is_the_relative_one_times_the_baseline() -> None:
    prior = Prior(mean=0.02, sd=0.1)
    relative = normal_posterior(Estimate(0.1, 0.05, inf, 100), prior, relative=True)
    absolute = normal_posterior(Estimate(1.0, 0.5, inf, 100), prior, relative=False, baseline=10.0)
    assert absolute.value == pytest.approx(10 * relative.value)
    assert absolute.better == pytest.approx(relative.better)
    with pytest.raises(Undefined):
        normal_posterior(Estimate(1.0, 0.5, inf, 100), prior, relative=False)
    with pytest.raises(Undefined):
        normal_posterior(Estimate(1.0, 0.5, inf, 100), prior, relative=False, baseline=0.0)


@settings(deadline=None)
@given(st.floats(-60, 60), st.floats(1e-6, 1e6))
def test_laws_of_a_normal_posterior(z: float, se: float) -> None:
    found = normal_posterior(Estimate(z * se, se, inf, 10), relative=False)
    assert 0 <= found.better <= 1
    assert found.loss_if_chosen >= 0
    gap = found.loss_if_not - found.loss_if_chosen
    assert gap / se == pytest.approx(z, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("z", [-8.5, -8.0, -7.9, -12.0])
def test_a_loss_far_out_keeps_its_precision(z: float) -> None:
    from scipy import integrate, stats

    exact = integrate.quad(lambda x: x * stats.norm.pdf(x, z), 0, 12, epsabs=0, epsrel=1e-10)[0]
    found = normal_posterior(Estimate(z, 1.0, inf, 10), relative=False)
    assert found.loss_if_not == pytest.approx(exact, rel=1e-3)


def test_no_posterior_without_spread() -> None:
    for se in (0.0, float("nan"), inf):
        with pytest.raises(Undefined):
            normal_posterior(Estimate(0.0, se, inf, 10), relative=True)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3)), min_size=1, max_size=6),
)
def test_the_best_of_many(arms: list[tuple[float, float]]) -> None:
    estimates = [Estimate(value, se, inf, 10) for value, se in arms]
    found, other = best_of(estimates), best_of(estimates, lower=True)
    assert sum(found) == pytest.approx(1)
    flipped = best_of([Estimate(-one.value, one.se, inf, 10) for one in estimates])
    assert other == pytest.approx(flipped, abs=1e-9)


def test_the_best_of_two_is_the_probability_of_being_better() -> None:
    a, b = Estimate(1.0, 0.3, inf, 10), Estimate(1.4, 0.4, inf, 10)
    effect = normal_posterior(Estimate(0.4, 0.5, inf, 20), relative=False)
    assert best_of([a, b])[1] == pytest.approx(effect.better, abs=1e-9)
    assert best_of_rates([(10, 1), (10, 5), (10, 5)], lower=True)[0] > 0.9
    for nothing in (lambda: best_of([]), lambda: best_of_rates([])):
        with pytest.raises(Undefined):
            nothing()


def test_priors_are_named() -> None:
    assert "Beta(1, 1)" in prior_words(Prior(), rate=True)
    assert "flat" in prior_words(Prior(), rate=False)
    assert "30 %" in prior_words(Prior(sd=0.3), rate=False)
