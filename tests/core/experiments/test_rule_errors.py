"""The shipped errors of rules are what the rules do."""

from __future__ import annotations

import json
from math import sqrt

import pytest

from core.experiments.rule_errors import SHIPPED, rule_errors
from core.experiments.statistics import simulate_rules
from core.experiments.statistics.peeking import PLAYERS

REPLICATES = 1500


def test_every_rule_is_there_in_order() -> None:
    assert [(one.rule, one.kind) for one in rule_errors()] == [
        (one.id, one.kind) for one in PLAYERS
    ]
    assert [one.name for one in rule_errors()] == [one.name for one in PLAYERS]


@pytest.mark.parametrize("kind", ["always_valid", "fixed", "group_sequential", "expected_loss"])
def test_each_kind_has_its_own(kind: str) -> None:
    found = rule_errors(kind)  # type: ignore[arg-type]
    assert found and all(one.kind == kind for one in found)


def test_shipped_figures_are_simulated_again() -> None:
    """Fewer experiments with another seed: within four standard errors of what is shipped."""
    protocol = json.loads(SHIPPED.read_text("utf-8"))["protocol"]
    rate, lift, per_day = protocol["rate"], protocol["lift"], protocol["per_day_and_arm"]
    same = simulate_rules(rate, 0.0, per_day, protocol["looks"], REPLICATES, 99)
    other = simulate_rules(rate, lift, per_day, protocol["looks"], REPLICATES, 98)
    for one in rule_errors():
        assert same[one.rule].declared == pytest.approx(
            one.false_alarms, abs=_error(one.false_alarms)
        )
        assert other[one.rule].right == pytest.approx(one.found, abs=_error(one.found))
        assert other[one.rule].mean_looks == pytest.approx(one.days, abs=1.0)


def test_the_protected_rules_are_wrong_in_5_of_100_at_most() -> None:
    kept = {one.rule: one.false_alarms for one in rule_errors()}
    for rule in ("always_valid", "fixed", "pocock", "obrien_fleming"):
        assert kept[rule] <= 0.055
    assert kept["fixed_peeked"] > 0.2


def _error(share: float) -> float:
    return 4 * sqrt(max(share * (1 - share), 0.002) / REPLICATES)
