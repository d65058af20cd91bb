"""Thompson shares and regret."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.errors import Undefined
from core.domain.samples import Sample
from core.experiments.statistics import even_regret, regret, thompson_shares

COUNTS = st.integers(0, 10**9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@settings(max_examples=30, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=5), st.floats(0, 1), st.booleans())
def test_shares_are_shares_and_keep_the_floor(
    arms: list[tuple[int, int]], floor: float, lower: bool
) -> None:
    samples = [Sample.of_counts(*one) for one in arms]
    found = thompson_shares(samples, kind="proportion", floor=floor, lower=lower)
    assert sum(found) == pytest.approx(1)
    assert min(found) >= floor / len(arms) - 1e-12


def test_the_better_arm_gets_more() -> None:
    arms = [Sample.of_counts(100, 10), Sample.of_counts(100, 20)]
    assert thompson_shares(arms, kind="proportion")[1] > 0.9
    assert thompson_shares(arms, kind="proportion", lower=True)[0] > 0.9
    values = [Sample(50, (1.0,), ((49.0,),)), Sample(50, (2.0,), ((49.0,),))]
    assert thompson_shares(values, kind="mean", floor=0.1) == pytest.approx([0.05, 0.95], abs=1e-3)


def test_nothing_known_is_an_even_split() -> None:
    nobody = [Sample.none()] * 3
    for kind in ("proportion", "mean"):
        assert thompson_shares(nobody, kind=kind) == pytest.approx([1 / 3] * 3)  # type: ignore[arg-type]
    same = [Sample(5, (1.0,), ((0.0,),))] * 2
    assert thompson_shares(same, kind="mean") == [0.5, 0.5]


def test_refusals() -> None:
    with pytest.raises(Undefined):
        thompson_shares([], kind="mean")
    with pytest.raises(Undefined):
        thompson_shares([Sample.none()], kind="mean", floor=2.0)


def test_regret() -> None:
    assert regret([0.1, 0.3], [50, 150]) == pytest.approx(10)
    assert regret([0.1, 0.3], [50, 150], lower=True) == pytest.approx(30)
    assert even_regret([0.1, 0.3], 200) == pytest.approx(20)
