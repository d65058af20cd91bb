"""From sums to figures: what is given, what is refused, and in whose favour."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.experiment_results import Analysis
from core.domain.experiments import Metric, Prior
from core.domain.samples import Cell, Measured, Quantiles, Sample
from tests.support.made_readings import (
    DID,
    PAIRED,
    SPENT,
    MadeReadings,
    both,
    design_of,
    looked_at,
    ruled,
    spent,
    yes,
)


def the_effect(analysis: Analysis, metric: int = 0, variant: int = 0) -> Any:
    return analysis.metrics[metric].effects[variant]


def test_a_known_difference_of_shares() -> None:
    """500 and 560 of 10,000: the figures are those of established packages."""
    analysis = looked_at(MadeReadings([yes("a", 10_000, 500), yes("b", 10_000, 560)]))
    effect = the_effect(analysis)
    assert effect.absolute.value == pytest.approx(0.006)
    assert effect.absolute.low == pytest.approx(-0.00021266672889468097, abs=1e-6)
    assert effect.absolute.high == pytest.approx(0.012222355660731262, abs=1e-6)
    assert effect.p == pytest.approx(0.05825780603351623, abs=1e-6)
    assert effect.relative.value == pytest.approx(0.12)
    assert effect.bayes.better == pytest.approx(0.9708376637062488, abs=1e-6)
    assert effect.bayes.loss_if_chosen == pytest.approx(3.567456999978848e-05, abs=1e-9)
    assert effect.bayes.best == effect.bayes.better
    assert "equally likely" in effect.bayes.prior
    assert [arm.text for arm in analysis.metrics[0].arms] == [
        "500 of 10,000, 5.00 %",
        "560 of 10,000, 5.60 %",
    ]


def test_the_view_for_any_time_is_wider_and_named() -> None:
    analysis = looked_at(MadeReadings([yes("a", 10_000, 500), yes("b", 10_000, 640)]))
    effect = the_effect(analysis)
    always = effect.always
    assert always.absolute.low < effect.absolute.low < effect.absolute.high < always.absolute.high
    assert always.widening > 1
    assert always.p > effect.p
    assert "Waudby-Smith" in always.method
    assert always.tuning == 5_000


def test_tuning_comes_from_the_plan_and_never_from_the_data() -> None:
    readings = MadeReadings([yes("a", 10_000, 500), yes("b", 10_000, 640)])
    planned = design_of(planned={"people": 30_000})
    assert the_effect(looked_at(readings, planned)).always.tuning == 30_000
    tuned = design_of(planned={"people": 30_000}, rule=ruled("always_valid", tuning=700))
    assert the_effect(looked_at(readings, tuned)).always.tuning == 700


def test_less_can_be_better() -> None:
    """The difference stays as measured; verdict, probability and loss are about what is good."""
    cells = [yes("a", 20_000, 2_000), yes("b", 20_000, 1_600)]
    lower = DID.model_copy(update={"better": "lower"})
    good = the_effect(looked_at(MadeReadings(cells), design_of(lower)))
    bad = the_effect(looked_at(MadeReadings(cells)))
    assert good.absolute == bad.absolute
    assert good.absolute.value < 0
    assert (good.verdict, bad.verdict) == ("better", "worse")
    assert good.bayes.better == pytest.approx(1 - bad.bayes.better)
    assert good.bayes.loss_if_chosen == bad.bayes.loss_if_not
    assert good.bayes.loss_if_not == bad.bayes.loss_if_chosen


def test_nothing_is_said_relative_to_nothing() -> None:
    analysis = looked_at(MadeReadings([yes("a", 1_000, 0), yes("b", 1_000, 10)]))
    effect = the_effect(analysis)
    assert effect.absolute.value == pytest.approx(0.01)
    assert effect.relative is None
    assert effect.refused["relative"]
    assert effect.always.relative is None
    assert effect.refused["always_relative"]


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [yes("a", 0, 0), yes("b", 0, 0)],
        [yes("a", 1, 1), yes("b", 1, 0)],
        [yes("a", 500, 0), yes("b", 500, 0)],
        [yes("a", 500, 500), yes("b", 500, 500)],
        [yes("a", 500, 20)],
        [yes("b", 500, 20)],
        [yes("a", 10**9, 10**8), yes("b", 10**9, 10**8 + 50_000)],
    ],
    ids=["none", "nobody", "one each", "no yes", "no no", "only a", "only b", "10^9"],
)
def test_hard_counts_give_figures_or_words(cells: list[Cell]) -> None:
    analysis = looked_at(MadeReadings(cells))
    assert_finite(analysis)
    effect = the_effect(analysis)
    for name in ("absolute", "relative"):
        assert getattr(effect, name) is not None or effect.refused[name].endswith(".")


def test_a_large_mean_with_a_small_variance() -> None:
    cells = [spent("a", 10_000, 1e6, 1.0), spent("b", 10_000, 1e6 + 0.1, 1.0)]
    effect = the_effect(looked_at(MadeReadings(cells), design_of(SPENT)))
    assert effect.absolute.value == pytest.approx(0.1, rel=1e-6)
    assert effect.absolute.low == pytest.approx(0.1 - 0.02772, abs=1e-4)
    assert effect.verdict == "better"


def test_what_was_measured_before_takes_variance_out() -> None:
    metric = SPENT.model_copy(update={"before": "spent_before"})
    sums = ((10_000.0, 8_000.0), (8_000.0, 10_000.0))
    cells = [
        Cell(id, 10_000, {"spent": Measured(Sample(10_000, (mean, 5.0), sums), 0)})
        for id, mean in (("a", 10.0), ("b", 10.05))
    ]
    analysis = looked_at(MadeReadings(cells), design_of(metric))
    effect = the_effect(analysis)
    plain = the_effect(
        looked_at(
            MadeReadings([spent("a", 10_000, 10.0, 1.0), spent("b", 10_000, 10.05, 1.0)]),
            design_of(SPENT),
        )
    )
    assert effect.variance_removed == pytest.approx(0.64, abs=0.001)
    assert effect.absolute.high - effect.absolute.low < 0.61 * (
        plain.absolute.high - plain.absolute.low
    )
    assert "CUPED" in analysis.metrics[0].notes[0]


def test_a_covariate_that_does_not_vary_is_left_alone() -> None:
    metric = SPENT.model_copy(update={"before": "spent_before"})
    sums = ((10_000.0, 0.0), (0.0, 0.0))
    cells = [
        Cell(id, 10_000, {"spent": Measured(Sample(10_000, (10.0, 5.0), sums), 0)}) for id in "ab"
    ]
    analysis = looked_at(MadeReadings(cells), design_of(metric))
    assert the_effect(analysis).absolute is not None
    assert "not used" in analysis.metrics[0].notes[0]


def test_the_same_people_twice_are_read_as_pairs() -> None:
    n, only_a, only_b, together = 1_000, 20, 60, 300
    a, b = together + only_a, together + only_b
    shared = together - a * b / n
    sums = ((a * (n - a) / n, shared), (shared, b * (n - b) / n))
    pairs = Cell("b", n, {"did": Measured(Sample(n, (a / n, b / n), sums), 0)})
    readings = MadeReadings([yes("a", n, a), yes("b", n, b)], paired={"b": pairs})
    analysis = looked_at(readings, design_of(assignment=PAIRED), engine="behaviour")
    alone = the_effect(looked_at(readings))
    effect = the_effect(analysis)
    assert analysis.paired
    assert effect.absolute.value == pytest.approx(0.04)
    assert effect.p < 1e-4 < alone.p
    assert effect.variance_removed > 0.5
    assert "same people" in analysis.metrics[0].notes[0]


def test_quantiles_are_read_from_order_statistics() -> None:
    metric = Metric(id="median", kind="quantile", role="primary", value="hours")
    cut = {
        ("median", "a", None): Quantiles(10_000, 0.5, 10.0, 9.8, 10.2),
        ("median", "b", None): Quantiles(10_000, 0.5, 11.0, 10.8, 11.2),
    }
    cells = [Cell(id, 10_000, {}) for id in "ab"]
    effect = the_effect(looked_at(MadeReadings(cells, cut=cut), design_of(metric)))
    assert effect.absolute.value == pytest.approx(1.0)
    assert effect.absolute.low > 0


def test_several_variants_are_corrected_by_holm() -> None:
    cells = [yes("a", 5_000, 500), yes("b", 5_000, 560), yes("c", 5_000, 620)]
    analysis = looked_at(MadeReadings(cells), design_of(variants=("a", "b", "c")))
    b, c = analysis.metrics[0].effects
    assert c.adjusted_p == pytest.approx(2 * c.p)
    assert b.adjusted_p == pytest.approx(max(b.p, 2 * c.p))
    assert b.bayes.best + c.bayes.best <= 1
    assert c.bayes.best > b.bayes.best


def test_the_control_comes_first_wherever_it_stands() -> None:
    cells = [yes("b", 1_000, 300), yes("a", 1_000, 100)]
    analysis = looked_at(MadeReadings(cells), design_of(variants=("b", "a"), control="a"))
    assert list(analysis.variants) == ["a", "b"]
    assert [arm.variant for arm in analysis.metrics[0].arms] == ["a", "b"]
    assert the_effect(analysis).absolute.value == pytest.approx(0.2)


def test_the_deciding_metric_comes_first_and_guardrails_last() -> None:
    guard = Metric(id="spent", kind="revenue", role="guardrail", value="spent", margin=0.02)
    cells = [
        both(yes("a", 900, 90), spent("a", 900, 5, 2)),
        both(yes("b", 900, 95), spent("b", 900, 5, 2)),
    ]
    analysis = looked_at(MadeReadings(cells), design_of(guard, DID))
    assert [one.metric for one in analysis.metrics] == ["did", "spent"]


def test_a_prior_is_told_in_words_and_counts() -> None:
    readings = MadeReadings([yes("a", 100, 10), yes("b", 100, 20)])
    flat = the_effect(looked_at(readings)).bayes
    strong = the_effect(looked_at(readings, design_of(prior=Prior(alpha=100, beta=900)))).bayes
    assert strong.better < flat.better
    assert "Beta(100, 900)" in strong.prior


def test_simulated_people_are_said_to_be_simulated() -> None:
    analysis = looked_at(MadeReadings([yes("a", 900, 90), yes("b", 900, 180)]), engine="behaviour")
    assert analysis.advice.outcome == "winner"
    assert "prediction" in analysis.advice.reasons[-1]
    assert "uncalibrated" in analysis.means_not[-1]


def test_without_metric_or_second_variant_nothing_is_decided() -> None:
    readings = MadeReadings([yes("a", 900, 90)])
    no_metric = looked_at(readings, design_of().model_copy(update={"metrics": ()}))
    alone = looked_at(readings, design_of(variants=("a",)))
    assert no_metric.advice.outcome == alone.advice.outcome == "keep_going"
    assert "metric" in no_metric.advice.headline
    assert "compare" in alone.advice.headline


def assert_finite(analysis: Analysis) -> None:
    """Every number of the whole document is one, and JSON can say it."""

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for one in value.values():
                walk(one)
        elif isinstance(value, list | tuple):
            for one in value:
                walk(one)
        elif isinstance(value, float):
            assert math.isfinite(value), analysis
        elif isinstance(value, str):
            assert not {"nan", "inf", "-inf"} & set(value.lower().split())

    walk(analysis.model_dump())
    assert "NaN" not in analysis.model_dump_json()


ODD = (0.0, 1.0, -1.0, 1e-300, 1e300, -1e300, 1e154, 1e6, 0.5, math.nan, math.inf)
KINDS = ("always_valid", "fixed", "group_sequential", "expected_loss")


class Garbage:
    """Sums that no data could have, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)

    def number(self) -> float:
        return self.draw.choice((*ODD, self.draw.uniform(-1e9, 1e9), self.draw.random()))

    def count(self) -> int:
        return self.draw.choice((0, 1, 2, 3, 10**9, self.draw.randrange(10_000)))

    def sample(self, width: int) -> Sample:
        found = {(i, j): self.number() for i in range(width) for j in range(i + 1)}
        at = range(width)
        products = tuple(tuple(found[max(i, j), min(i, j)] for j in at) for i in at)
        return Sample(self.count(), tuple(self.number() for _ in at), products)

    def cell(self, variant: str, **where: Any) -> Cell:
        metrics = {
            "did": Measured(self.sample(1), self.draw.randrange(9)),
            "spent": Measured(self.sample(2), 0),
            "rate": Measured(self.sample(2), 0),
        }
        return Cell(variant, self.count(), metrics, **where)

    def readings(self) -> MadeReadings:
        ends = [self.number() for _ in range(3)]
        return MadeReadings(
            [self.cell(id) for id in "abc"],
            days=[self.cell(id, day=day) for id in "abc" for day in range(4)],
            values={"group": [self.cell(id, value=value) for id in "abc" for value in "xy"]},
            cut={("median", id, None): Quantiles(self.count(), 0.5, *ends) for id in "abc"},
        )


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(KINDS))
def test_whatever_comes_in_only_numbers_come_out(seed: int, kind: str) -> None:
    metrics = (
        DID,
        SPENT.model_copy(update={"before": "x", "role": "guardrail"}),
        Metric(id="rate", kind="ratio", value="x", per="y"),
        Metric(id="median", kind="quantile", value="z"),
    )
    design = design_of(*metrics, variants="abc", segments=("group",), rule=ruled(kind))
    assert_finite(looked_at(Garbage(seed).readings(), design))
