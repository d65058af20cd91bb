"""Bounds for planned looks: published constants, spending, and what is said after stopping."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.errors import Undefined
from core.domain.experiments import Boundary
from core.domain.samples import Estimate
from core.experiments.statistics import bounds, repeated_interval, stage_wise
from core.experiments.statistics.boundaries import crossings, inflation, power, spent

SHAPES = st.sampled_from(["pocock", "obrien_fleming"])


@pytest.mark.parametrize(
    ("kind", "looks", "constant"),
    [
        ("pocock", 2, 2.178),
        ("pocock", 5, 2.413),
        ("pocock", 10, 2.555),
        ("pocock", 20, 2.672),
        ("obrien_fleming", 2, 1.977),
        ("obrien_fleming", 5, 2.040),
        ("obrien_fleming", 10, 2.087),
        ("obrien_fleming", 20, 2.126),
    ],
)
def test_constants_of_jennison_and_turnbull(kind: Boundary, looks: int, constant: float) -> None:
    assert bounds(looks, kind=kind)[-1] == pytest.approx(constant, abs=6e-4)


def test_one_look_is_the_plain_test() -> None:
    assert bounds(1, kind="pocock") == pytest.approx([1.959964], abs=1e-6)


def test_obrien_and_fleming_fall_with_the_root() -> None:
    found = bounds(4, kind="obrien_fleming")
    assert [one / found[-1] for one in found] == pytest.approx([2, 2**0.5, (4 / 3) ** 0.5, 1])


@settings(max_examples=25, deadline=None)
@given(SHAPES, st.lists(st.floats(0.02, 1.0), min_size=1, max_size=6, unique=True), st.booleans())
def test_spending_adds_up(kind: Boundary, raw: list[float], ends: bool) -> None:
    times = sorted({round(one, 3) for one in raw})
    if ends:
        times[-1] = 1.0
    found = bounds(len(times), kind=kind, fractions=times, spending=True)
    assert power(found, times, 0.0) == pytest.approx(
        spent(times[-1], alpha=0.05, kind=kind), abs=1e-6
    )


def test_looks_so_far_keep_their_bounds() -> None:
    """What was decided at earlier looks does not move when another look comes."""
    first = bounds(2, kind="pocock", fractions=[0.2, 0.5], spending=True)
    later = bounds(3, kind="pocock", fractions=[0.2, 0.5, 1.0], spending=True)
    assert later[:2] == pytest.approx(first)


def test_uneven_looks_are_spent() -> None:
    assert bounds(2, kind="pocock", fractions=[0.3, 1.0]) == bounds(
        2, kind="pocock", fractions=[0.3, 1.0], spending=True
    )
    assert bounds(2, kind="pocock", fractions=[0.5, 1.0]) == bounds(2, kind="pocock")


@pytest.mark.parametrize("fractions", [[0.5, 0.4], [0.0, 1.0], [0.5, 1.2], [0.5]])
def test_impossible_looks(fractions: list[float]) -> None:
    with pytest.raises(Undefined):
        bounds(2, kind="pocock", fractions=fractions)


def test_crossings_by_simulation() -> None:
    rng = np.random.default_rng(1)
    times = np.array([0.2, 0.6, 1.0])
    limits, drift = [2.5, 2.2, 2.1], 2.0
    steps = np.diff(np.concatenate([[0.0], times]))
    score = (drift * steps + rng.normal(size=(200_000, 3)) * np.sqrt(steps)).cumsum(axis=1)
    hit = np.abs(score / np.sqrt(times)) > np.array(limits)
    first = np.where(hit.any(axis=1), hit.argmax(axis=1), 9)
    for at, one in enumerate(crossings(limits, times.tolist(), drift)):
        assert one.either == pytest.approx(float((first == at).mean()), abs=0.004)


def test_inflation_of_jennison_and_turnbull() -> None:
    """Their table 2.2 and 2.4: 1.229 for Pocock, 1.028 for O'Brien and Fleming, 5 looks."""
    found = [
        inflation(5, alpha=0.05, power_wished=0.8, kind=kind)
        for kind in ("pocock", "obrien_fleming")
    ]
    assert found == pytest.approx([1.229, 1.028], abs=1e-3)


def test_one_stage_is_the_plain_interval() -> None:
    found = stage_wise(Estimate(0.3, 0.1, inf, 10), [1.96], [1.0])
    assert (found.low, found.value, found.high) == pytest.approx(
        (0.3 - 0.1959964, 0.3, 0.3 + 0.1959964), abs=1e-6
    )
    assert found.p == pytest.approx(0.0026998, abs=1e-6)


def test_stopping_early_shrinks_the_estimate() -> None:
    limits = bounds(5, kind="pocock")
    found = stage_wise(Estimate(0.1, 0.04, inf, 10), limits[:2], [0.2, 0.4])
    assert found.low < found.value < found.naive < found.high
    mirrored = stage_wise(Estimate(-0.1, 0.04, inf, 10), limits[:2], [0.2, 0.4])
    assert (mirrored.low, mirrored.high) == pytest.approx((-found.high, -found.low), abs=1e-6)


def test_the_repeated_interval() -> None:
    assert repeated_interval(Estimate(1.0, 0.5, inf, 9), 2.0) == (0.0, 2.0)
    for make in (
        lambda: repeated_interval(Estimate(1.0, 0.0, inf, 9), 2.0),
        lambda: stage_wise(Estimate(1.0, 0.0, inf, 9), [2.0], [1.0]),
    ):
        with pytest.raises(Undefined):
            make()
