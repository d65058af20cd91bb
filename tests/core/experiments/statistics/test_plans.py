"""A design's plan: every rule, guardrails, given numbers, and what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from core.domain.errors import Undefined
from core.domain.experiment_results import Span
from core.domain.experiments import Assignment, Design, Metric, Planned, Rule, Variant
from core.experiments.statistics import Baseline, plan, sample_size


def design(**changes: Any) -> Design:
    """Two variants, a rate of 5 %, one look."""
    made: dict[str, Any] = {
        "name": "Offer",
        "variants": (Variant(id="a"), Variant(id="b")),
        "metrics": (Metric(id="sold", name="Sales", value="goal:sale"),),
        "rule": Rule(kind="fixed", least=0.1),
        "planned": Planned(baseline=0.05, people_a_day=1000),
    }
    return Design(**{**made, **changes})


def test_one_look() -> None:
    found = plan(design())
    assert found.people == sample_size("proportion", 0.05, 0.1)
    assert found.per_variant == {"a": 31_231, "b": 31_231}
    assert found.days == pytest.approx(62.462)
    assert found.least == 0.1 and found.least_absolute == pytest.approx(0.005)
    assert "62,462" in found.sentence and "63 days" in found.sentence and "Sales" in found.sentence


def test_the_curve_passes_through_the_plan_and_falls() -> None:
    found = plan(design())
    here = next(one for one in found.curve if one.people == found.people)
    assert here.least == pytest.approx(0.1, rel=1e-3)
    least = [one.least for one in found.curve]
    assert least == sorted(least, reverse=True)
    assert all(one.always_least > one.least for one in found.curve)


def test_rules_cost_what_they_cost() -> None:
    people = {
        kind: plan(design(rule=Rule(kind=kind, least=0.1))).people
        for kind in ("fixed", "group_sequential", "always_valid", "expected_loss")
    }
    assert people["fixed"] < people["group_sequential"] < people["always_valid"]
    assert people["expected_loss"] == people["fixed"]
    assert "does not promise" in plan(design(rule=Rule(kind="expected_loss"))).sentence


def test_a_given_number_says_what_it_finds() -> None:
    found = plan(design(planned=Planned(baseline=0.05, people=20_001)))
    assert found.people == 20_001 == sum(found.per_variant.values())
    assert found.least == pytest.approx(0.1798, abs=1e-3)
    assert any("62,462" in note for note in found.notes)


def test_weights_and_more_variants() -> None:
    three = design(variants=(Variant(id="a", weight=2), Variant(id="b"), Variant(id="c")))
    found = plan(three)
    assert found.per_variant["a"] == pytest.approx(2 * found.per_variant["b"], abs=2)
    assert any("2 treatments" in note for note in found.notes)


def test_pairs() -> None:
    paired = design(
        metrics=(Metric(id="m", kind="mean", value="replies"),),
        assignment=Assignment(how="paired"),
        planned=Planned(baseline=2.0, sd=1.0),
    )
    found = plan(paired)
    assert found.per_variant == {"a": found.people, "b": found.people}
    assert "every variant" in found.sentence


def test_a_median_needs_more_than_a_mean() -> None:
    """Of normal values, by half of pi."""
    people = {
        kind: plan(
            design(
                metrics=(Metric(id="m", kind=kind, value="hours"),),
                planned=Planned(baseline=10.0, sd=8.0),
            )
        ).people
        for kind in ("mean", "quantile")
    }
    assert people["quantile"] / people["mean"] == pytest.approx(1.5708, rel=0.01)


def test_a_guardrail_may_ask_for_more() -> None:
    guarded = design(
        metrics=(
            Metric(id="sold", role="primary", value="goal:sale"),
            Metric(id="left", role="guardrail", value="opted_out", margin=0.05),
        )
    )
    plain = plan(guarded)
    found = plan(guarded, guardrails={"left": Baseline(0.02)})
    assert found.people > plain.people
    assert any("guardrail" in note for note in found.notes)


def test_a_prediction_is_held_against_the_plan() -> None:
    small = plan(design(), predicted=Span(value=0.02, low=-0.01, high=0.05), source="rehearsal")
    assert small.source == "rehearsal"
    assert any("rehearsal predicts" in note for note in small.notes)


@pytest.mark.parametrize(
    "changes",
    [
        {"metrics": ()},
        {"planned": Planned()},
        {"variants": (Variant(id="a"),)},
        {"variants": ()},
        {"metrics": (Metric(id="m", kind="mean", value="x"),)},
        {"planned": Planned(baseline=0.98)},
    ],
)
def test_what_is_missing_is_said(changes: dict[str, Any]) -> None:
    with pytest.raises(Undefined):
        plan(design(**changes))
