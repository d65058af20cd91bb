"""Looking again: planned looks, exact intervals, and how seldom the decision is wrong."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.flow_tests import Expectation, FlowTest
from core.domain.intervals import rate as wilson_rate
from core.flows import compile_flow
from core.rehearsal.testing import Group, exact, judge, looks, rating
from core.rehearsal.testing.looking import Rating, certain

FLOW = compile_flow(
    {"steps": [{"id": "a", "type": "goal", "config": {"name": "won"}}, {"id": "z", "type": "end"}]}
)
PLANNED = looks(20, 2_000)
TRIES = 3_000


def test_people_double_until_there_are_as_many_as_may_be_tried() -> None:
    assert looks(20, 200) == [20, 40, 80, 160, 200]
    assert looks(300, 200) == [300], "so many were asked for"
    assert looks(1, 1) == [1]


@settings(deadline=None)
@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_exact_interval_holds_the_share_and_is_inside_0_to_1(counted: tuple[int, int]) -> None:
    count, of = counted
    low, high = exact(count, of)
    assert 0 <= low <= count / of <= high <= 1
    wide_low, wide_high = exact(count, of, 0.01)
    assert wide_low <= low and high <= wide_high


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0.0, 0.30850), (10, 10, 0.69150, 1.0), (17, 20, 0.62107, 0.96793)],
)
def test_exact_intervals_are_those_of_the_tables(
    count: int, of: int, low: float, high: float
) -> None:
    assert exact(count, of) == pytest.approx((low, high), abs=5e-5)


def test_an_interval_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError):
        exact(0, 0)
    assert rating(3, 1)(0, 0).rate is None
    assert certain(0, 0).rate is None


def test_more_looks_and_more_rates_need_more_certainty() -> None:
    one, many = rating(1, 1)(17, 20), rating(8, 2)(17, 20)
    assert (many.low or 0) < (one.low or 0) and (many.high or 0) > (one.high or 0)


def wrong(share: float, least: float, rated: Rating, seed: int) -> float:
    """How often a test of ``at_least`` is decided wrongly, where people do it with this chance."""
    test = FlowTest(persona="X", expect=Expectation(goal="won", at_least=least))
    truth = "passed" if share >= least else "failed"

    @cache
    def status(count: int, of: int) -> str:
        group = Group(None, of, {}, {"won": count}, {})
        return judge(FLOW, 0, test, group, rating=rated).status

    random = np.random.default_rng(seed)
    more = np.diff([0, *PLANNED])
    counts = random.binomial(more, share, size=(TRIES, len(more))).cumsum(axis=1)
    mistakes = 0
    for row in counts.tolist():
        decided = (status(count, of) for count, of in zip(row, PLANNED, strict=True))
        last = next((one for one in decided if one != "inconclusive"), "inconclusive")
        mistakes += last not in (truth, "inconclusive")
    return mistakes / TRIES


@pytest.mark.parametrize(
    ("share", "least"),
    [(0.5, 0.5), (0.4999, 0.5), (0.05, 0.05), (0.0499, 0.05), (0.95, 0.95), (0.9499, 0.95)],
)
def test_looking_again_does_not_decide_wrongly_more_often(share: float, least: float) -> None:
    assert wrong(share, least, rating(len(PLANNED), 1), seed=11) < 0.05


def test_looking_again_with_the_usual_interval_would() -> None:
    usual = wrong(0.5, 0.5, wilson_rate, seed=11)
    assert usual > 0.05 > wrong(0.5, 0.5, rating(len(PLANNED), 1), seed=11)


def test_what_is_clear_is_decided_and_not_left_open() -> None:
    assert wrong(0.6, 0.5, rating(len(PLANNED), 1), seed=3) < 0.005
    test = FlowTest(persona="X", expect=Expectation(goal="won", at_least=0.5))
    group = Group(None, 1_280, {}, {"won": 768}, {})
    assert judge(FLOW, 0, test, group, rating=rating(len(PLANNED), 1)).status == "passed"
