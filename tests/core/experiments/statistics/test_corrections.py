"""Corrections for looking at many things: statsmodels' figures, and their laws."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from core.domain.errors import Undefined
from core.experiments.statistics import Correction, adjusted

METHODS = get_args(Correction)
many = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@pytest.mark.parametrize("method", METHODS)
def test_statsmodels_says_the_same(method: Correction) -> None:
    p = np.random.default_rng(6).random(31) ** 3
    p[[3, 8]] = p[5]
    theirs = multipletests(p, method=method)[1]
    assert adjusted(p.tolist(), method) == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
@given(p=many)
@settings(deadline=None)
def test_none_gets_smaller_and_the_order_stays(method: Correction, p: list[float]) -> None:
    found = [one for one in adjusted(p, method) if one is not None]
    assert all(0 <= one <= 1 for one in found)
    assert all(after >= before - 1e-12 for before, after in zip(p, found, strict=True))
    ranked = [after for _, after in sorted(zip(p, found, strict=True))]
    assert all(one <= other + 1e-12 for one, other in pairwise(ranked))


@given(many)
@settings(deadline=None)
def test_the_stricter_gives_the_larger(p: list[float]) -> None:
    by = {method: adjusted(p, method) for method in METHODS}
    for loose, strict in (("fdr_bh", "holm"), ("holm", "bonferroni"), ("fdr_bh", "fdr_by")):
        pairs = zip(by[loose], by[strict], strict=True)
        assert all(one is None or two is None or one <= two + 1e-12 for one, two in pairs)


@given(many, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_questions_does_not_matter(p: list[float], random: object) -> None:
    order = list(range(len(p)))
    random.shuffle(order)  # type: ignore[attr-defined]
    straight, mixed = adjusted(p, "holm"), adjusted([p[i] for i in order], "holm")
    assert [straight[i] for i in order] == pytest.approx(mixed)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_not_known_is_not_counted(method: Correction) -> None:
    one, other = adjusted([0.01, 0.04], method)
    assert adjusted([None, 0.01, None, 0.04], method) == [None, one, None, other]
    assert adjusted([], method) == []
    assert adjusted([None], method) == [None]
    with pytest.raises(Undefined):
        adjusted([1.2], method)
