"""Where a function crosses 0."""

from __future__ import annotations

from math import exp, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import Undefined
from core.experiments.statistics.roots import root


@given(st.floats(-1e6, 1e6), st.floats(0.01, 100), st.floats(0.01, 100))
def test_a_root_is_found_wherever_it_lies(at: float, below: float, above: float) -> None:
    found = root(lambda x: (x - at) ** 3 + (x - at), at - below, at + above, close=1e-9)
    assert found == pytest.approx(at, rel=1e-9, abs=1e-8)


def test_few_steps_are_taken_and_infinite_ends_are_fine() -> None:
    asked: list[float] = []

    def rising(x: float) -> float:
        asked.append(x)
        return -inf if x <= 0 else inf if x >= 9 else exp(x) - 5

    assert exp(root(rising, 0.0, 9.0)) == pytest.approx(5, rel=1e-10)
    assert len(asked) < 25


def test_no_root_where_nothing_crosses() -> None:
    with pytest.raises(Undefined):
        root(lambda x: x * x + 1, -1.0, 1.0)
