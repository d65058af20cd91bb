"""A voice settles as content is added."""

from __future__ import annotations

import pytest

from core.twins.voice import stability


def test_it_rises_to_one(known: list[str]) -> None:
    found = stability(known)
    assert len(found) == len(known)
    assert found[-1] == pytest.approx(1)
    assert found[0] < found[len(found) // 2] < found[-1]


def test_the_same_again_changes_nothing(known: list[str]) -> None:
    assert stability([known[0], known[0], known[0]]) == pytest.approx((1, 1, 1), abs=1e-6)


def test_nothing_has_no_stability() -> None:
    assert stability([]) == ()
    assert stability(["A few words."]) == pytest.approx((1,))
