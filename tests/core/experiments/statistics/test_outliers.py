"""When a mean's interval may be claimed."""

from __future__ import annotations

import math

import pytest

from core.domain.errors import Undefined
from core.experiments.statistics import claims, enough_for_normal


def test_more_lopsided_values_need_more_people() -> None:
    assert enough_for_normal(0) == 0
    assert enough_for_normal(2) == 4 * 355
    assert enough_for_normal(-2) == enough_for_normal(2)
    assert claims(1_421, 2)
    assert not claims(1_420, 2)
    with pytest.raises(Undefined):
        enough_for_normal(math.nan)
