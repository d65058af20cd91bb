"""What is said of an effect after a bound stopped the experiment."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from core.domain.experiment_results import Advice
from core.domain.samples import Sample
from core.experiments import statistics
from tests.support.made_readings import MadeReadings, design_of, looked_at, ruled, yes

WORDS = "What a bound stops"
PAIR = r"moved by \+([\d.]+) points \(([+−])([\d.]+) to \+([\d.]+) points\)"


def advice_on(x: int, *, people: int = 10_000, earlier: Sequence[int] = (), planned: int) -> Advice:
    cells = [yes("a", people, people // 10), yes("b", people, x)]
    rule = ruled("group_sequential", boundary="pocock", looks=5)
    design = design_of(rule=rule, planned={"people": planned})
    return looked_at(MadeReadings(cells), design, number=len(earlier) + 1, earlier=earlier).advice


def said(advice: Advice) -> list[str]:
    return [one for one in advice.reasons if one.startswith(WORDS)]


def test_an_early_stop_is_told_with_less_than_was_measured() -> None:
    advice = advice_on(1_120, planned=33_333, earlier=(6_667, 13_334))
    assert advice.outcome == "winner"
    (text,) = said(advice)
    assert "stage-wise" in text
    found = re.search(PAIR, text)
    assert found is not None
    assert float(found[1]) < 1.2


def test_at_the_first_look_it_is_the_plain_interval() -> None:
    """Nothing could have stopped it before, so there is nothing to allow for."""
    found = re.search(PAIR, said(advice_on(1_150, planned=100_000))[0])
    plain = statistics.tested(
        "proportion", Sample.of_counts(10_000, 1_000), Sample.of_counts(10_000, 1_150)
    )
    assert found is not None
    assert float(found[1]) == pytest.approx(1.5, abs=0.01)
    assert float(found[4]) == pytest.approx(100 * plain.high, abs=0.02)


def test_harm_at_a_bound_is_told_the_same_way() -> None:
    advice = advice_on(870, planned=33_333, earlier=(6_667,))
    assert advice.outcome == "harm"
    assert len(said(advice)) == 1


def test_other_rules_and_other_looks_say_nothing_of_it() -> None:
    assert not said(advice_on(1_010, planned=33_333))
    cells = [yes("a", 10_000, 1_000), yes("b", 10_000, 1_200)]
    fixed = design_of(rule=ruled("fixed"), planned={"people": 20_000})
    assert not said(looked_at(MadeReadings(cells), fixed).advice)
