"""Each rule, and what it is told as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from core.domain.experiment_results import Advice
from core.domain.experiments import Metric, RuleKind
from core.domain.samples import Cell
from core.experiments import stopping
from core.experiments.deciding import DECIDERS
from tests.support.made_readings import (
    DID,
    SPENT,
    MadeReadings,
    both,
    design_of,
    looked_at,
    ruled,
    spent,
    yes,
)

SAME = (1_000, 1_000)
BETTER = (1_000, 1_200)
WORSE = (1_000, 800)


def advice_on(
    kind: RuleKind,
    counts: Sequence[int],
    *,
    people: int = 10_000,
    number: int = 1,
    earlier: Sequence[int] = (),
    planned: int | None = None,
    **rule: Any,
) -> Advice:
    ids = "abcd"[: len(counts)]
    cells = [yes(id, people, x) for id, x in zip(ids, counts, strict=True)]
    design = design_of(variants=tuple(ids), rule=ruled(kind, **rule), planned={"people": planned})
    return looked_at(MadeReadings(cells), design, number=number, earlier=earlier).advice


@pytest.mark.parametrize("kind", ["always_valid", "fixed", "expected_loss"])
def test_a_clear_winner_wins_by_every_rule(kind: RuleKind) -> None:
    advice = advice_on(kind, BETTER, planned=20_000)
    assert (advice.outcome, advice.variant) == ("winner", "b")
    assert advice.headline.startswith("b wins: Did it +2")
    assert any("1,200 of 10,000" in one for one in advice.reasons)
    assert advice.people_left is None
    assert advice.rule


@pytest.mark.parametrize("kind", [one.kind for one in DECIDERS])
def test_clear_harm_is_harm_by_every_rule(kind: RuleKind) -> None:
    """An always-valid interval may be read under any rule, so harm is stopped at once."""
    advice = advice_on(kind, WORSE, planned=100_000)
    assert (advice.outcome, advice.variant) == ("harm", "b")
    assert "worse in b" in advice.headline


@pytest.mark.parametrize("kind", ["always_valid", "fixed", "group_sequential"])
def test_a_tight_interval_around_nothing_is_no_difference(kind: RuleKind) -> None:
    advice = advice_on(kind, (500_000, 500_100), people=1_000_000, planned=2_000_000, number=5)
    assert advice.outcome == "no_difference"
    assert advice.variant is None
    assert "within ±5 %" in advice.reasons[0]


def test_nothing_clear_goes_on_and_says_how_many_are_left() -> None:
    advice = advice_on("always_valid", SAME, planned=50_000)
    assert advice.outcome == "keep_going"
    assert advice.people_left == 30_000
    unplanned = advice_on("always_valid", SAME)
    assert unplanned.people_left is not None
    assert unplanned.people_left > 0
    assert f"{unplanned.people_left:,}" in unplanned.next


def test_fixed_says_nothing_before_its_time() -> None:
    early = advice_on("fixed", (1_000, 1_090), planned=30_000)
    late = advice_on("fixed", (1_000, 1_090), planned=20_000)
    assert early.outcome == "keep_going"
    assert "30,000 people" in early.reasons[0]
    assert early.people_left == 10_000
    assert late.outcome == "winner"
    assert "under the 0.05" in " ".join(late.reasons)


def test_fixed_does_not_go_on_after_its_last_word() -> None:
    advice = advice_on("fixed", (1_000, 1_040), planned=20_000)
    assert advice.outcome == "keep_going"
    assert advice.people_left is None
    assert "last look" in advice.headline
    assert "plan a new" in advice.next


def test_group_sequential_is_read_at_planned_looks_alone() -> None:
    stages = [
        advice_on("group_sequential", BETTER, people=n, planned=25_000, earlier=earlier)
        for n, earlier in ((2_000, ()), (10_000, ()), (10_000, (20_000,)), (12_400, (20_000,)))
    ]
    assert "the next is due at 5,000" in stages[0].reasons[0]
    assert stages[1].outcome == "winner"
    assert "already" in " ".join(stages[2].reasons) or stages[2].outcome == "keep_going"
    assert "the next is due at 25,000" in stages[3].reasons[0]


def test_group_sequential_wants_more_early_than_late() -> None:
    """z is 2.2: past the last bound of O'Brien and Fleming (2.04), not past the second (3.23)."""
    early = advice_on("group_sequential", (1_000, 1_095), planned=50_000)
    late = advice_on("group_sequential", (1_000, 1_095), planned=20_000)
    assert early.outcome == "keep_going"
    assert late.outcome == "winner"


def test_expected_loss_keeps_the_control_where_that_costs_nothing() -> None:
    advice = advice_on("expected_loss", (1_000, 905))
    assert advice.outcome == "no_difference"
    assert "keeping a" in advice.headline
    undecided = advice_on("expected_loss", (100, 101), people=1_000)
    assert undecided.outcome == "keep_going"


def test_data_that_cannot_be_believed_have_no_winner() -> None:
    cells = [yes("a", 10_000, 1_000), yes("b", 11_000, 1_500)]
    analysis = looked_at(MadeReadings(cells))
    assert analysis.advice.outcome == "broken"
    assert analysis.advice.variant is None
    assert analysis.metrics[0].effects[0].verdict == "better"
    assert "cannot be believed" in analysis.advice.headline


def test_agreed_people_and_days_are_waited_for() -> None:
    people = advice_on("always_valid", BETTER, least_people=20_000)
    assert people.outcome == "keep_going"
    assert "20,000" in people.reasons[0]
    days = advice_on("always_valid", BETTER, least_days=14)
    assert days.outcome == "keep_going"
    assert "14 days" in days.reasons[0]


def test_of_two_that_are_better_the_higher_is_named_and_the_tie_is_told() -> None:
    advice = advice_on("always_valid", (1_000, 1_300, 1_310))
    assert (advice.outcome, advice.variant) == ("winner", "c")
    assert any("which of them is better cannot be told" in one for one in advice.reasons)
    apart = advice_on("always_valid", (1_000, 1_300, 2_000))
    assert any("c is better than b" in one for one in apart.reasons)


def test_several_treatments_share_the_error() -> None:
    """What is just enough for one treatment is not enough for one of three."""
    assert advice_on("always_valid", (1_000, 1_150)).outcome == "winner"
    assert advice_on("always_valid", (1_000, 1_150, 1_000, 1_000)).outcome == "keep_going"


def guarded_cells(n: int, harm: float) -> list[Cell]:
    return [
        both(yes("a", n, n // 10), spent("a", n, 10.0, 5.0)),
        both(yes("b", n, n // 8), spent("b", n, 10.0 - harm, 5.0)),
    ]


GUARD = Metric(id="spent", name="Spent", kind="revenue", role="guardrail", value="s", margin=0.02)


def test_a_winner_that_harms_a_guardrail_is_stopped() -> None:
    analysis = looked_at(MadeReadings(guarded_cells(40_000, 1.0)), design_of(DID, GUARD))
    assert analysis.metrics[1].harmed == ("b",)
    assert (analysis.advice.outcome, analysis.advice.variant) == ("harm", "b")
    assert "Spent is more than 2 % worse in b" in analysis.advice.reasons[0]


def test_a_guardrail_within_its_margin_is_safe() -> None:
    analysis = looked_at(MadeReadings(guarded_cells(400_000, 0.1)), design_of(DID, GUARD))
    assert analysis.metrics[1].harmed == ()
    assert analysis.advice.outcome == "winner"
    assert any("Spent is not more than 2 % worse" in one for one in analysis.advice.reasons)


def test_a_guardrail_that_is_still_open_is_told() -> None:
    analysis = looked_at(MadeReadings(guarded_cells(4_000, 0.1)), design_of(DID, GUARD))
    reasons = " ".join(analysis.advice.reasons)
    assert analysis.advice.outcome == "winner"
    assert "more than 2 % worse in b is not ruled out" in reasons


def test_lower_is_better_for_a_guardrail_too() -> None:
    guard = GUARD.model_copy(update={"better": "lower"})
    analysis = looked_at(MadeReadings(guarded_cells(40_000, -1.0)), design_of(DID, guard))
    assert analysis.metrics[1].harmed == ("b",)


def test_a_mean_below_nothing_is_still_compared() -> None:
    cells = [spent("a", 10_000, -5.0, 2.0), spent("b", 10_000, -4.0, 2.0)]
    advice = looked_at(MadeReadings(cells), design_of(SPENT)).advice
    assert (advice.outcome, advice.variant) == ("winner", "b")


def test_the_error_that_was_measured_stands_beside_the_rule() -> None:
    advice = advice_on("group_sequential", SAME, boundary="pocock", planned=20_000)
    assert "Pocock" in advice.error
    assert "O'Brien" not in advice.error
    assert "simulated experiments" in advice.error


def test_rules_take_ten_thousand_experiments_at_once() -> None:
    p = np.array([0.001, 0.04, 0.5])
    assert stopping.always_valid(p, 0.05).tolist() == [True, True, False]
    assert stopping.fixed(p, np.array([10, 20, 20]), 20, 0.05).tolist() == [False, True, False]
    assert stopping.group_sequential(np.array([-3.0, 1.0, 2.5]), 2.4).tolist() == [
        True,
        False,
        True,
    ]
    assert stopping.expected_loss(np.array([0.001, 0.1]), 0.5, 0.005).tolist() == [True, False]


@pytest.mark.parametrize(
    ("people", "due"), [(0, 0), (199, 0), (200, 1), (999, 4), (1_000, 5), (4_000, 5)]
)
def test_planned_looks_are_evenly_apart(people: int, due: int) -> None:
    assert stopping.stage(people, 1_000, 5) == due


def test_how_many_are_left_until_the_agreed_number() -> None:
    """1,000 in an arm were agreed on; 250 are there, and the effect is clear."""
    advice = advice_on("always_valid", (25, 112), people=250, least_people=1_000)
    assert advice.outcome == "keep_going"
    assert advice.people_left == 1_500
    assert "1,500 more" in advice.next


def test_days_that_nobody_can_count_are_said() -> None:
    advice = advice_on("always_valid", BETTER, least_days=3)
    assert advice.outcome == "keep_going"
    assert advice.people_left is None
    assert "name the column" in advice.reasons[0]


def test_a_mean_below_nothing_is_told_in_its_own_units() -> None:
    cells = [spent("a", 10_000, -10.0, 2.0), spent("b", 10_000, -9.0, 2.0)]
    advice = looked_at(MadeReadings(cells), design_of(SPENT)).advice
    assert "+1.0" in advice.headline
    assert "%" not in advice.headline


def later(kind: RuleKind, said: Advice, x: int, people: int, earlier: Sequence[int]) -> Advice:
    """One more look, after what was said at the last one."""
    cells = [yes("a", people, people // 10), yes("b", people, x)]
    design = design_of(rule=ruled(kind, looks=2), planned={"people": 20_000})
    return looked_at(
        MadeReadings(cells), design, number=len(earlier) + 1, earlier=earlier, said=said
    ).advice


@pytest.mark.parametrize("kind", ["fixed", "group_sequential"])
def test_what_was_said_when_the_rule_was_read_stands(kind: RuleKind) -> None:
    """Neither does a winner get lost at the next look, nor is one found by looking again."""
    found = advice_on(kind, BETTER, planned=20_000, looks=2)
    after = later(kind, found, 1_020, 10_010, (20_000,))
    assert (after.outcome, after.variant, after.headline) == ("winner", "b", found.headline)
    again = later(kind, after, 1_020, 10_020, (20_000, 20_020))
    assert again == after
    nothing = advice_on(kind, (1_000, 1_040), planned=20_000, looks=2)
    lucky = later(kind, nothing, 1_150, 10_010, (20_000,))
    assert (lucky.outcome, lucky.headline) == ("keep_going", nothing.headline)


def test_a_rule_for_any_time_is_read_at_any_time() -> None:
    found = advice_on("always_valid", BETTER, planned=20_000)
    after = later("always_valid", found, 1_000, 10_010, (20_000,))
    assert after.outcome == "keep_going"


def test_harm_that_comes_later_is_stopped_although_the_rule_was_read() -> None:
    nothing = advice_on("fixed", SAME, planned=20_000)
    assert later("fixed", nothing, 2_000, 40_000, (20_000,)).outcome == "harm"


def test_raw_arms_of_a_bandit_declare_nothing() -> None:
    cells = [yes("a", 10_000, 1_000), yes("b", 10_000, 1_400)]
    design = design_of(assignment={"how": "bandit"})
    advice = looked_at(MadeReadings(cells), design).advice
    assert (advice.outcome, advice.variant) == ("keep_going", None)
    assert "a bandit chose" in advice.headline


def test_a_rule_that_was_read_is_not_read_again_where_nobody_knows_what_it_said() -> None:
    fixed = advice_on("fixed", BETTER, people=10_010, planned=20_000, earlier=(20_000,), number=2)
    assert "it was" in fixed.reasons[0]
    looks = advice_on("group_sequential", BETTER, number=9, looks=5)
    assert "already read" in looks.reasons[0]
    assert {fixed.outcome, looks.outcome} == {"keep_going"}
