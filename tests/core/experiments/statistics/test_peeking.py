"""The rules, played: they do what their names say, as often as their bounds promise."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from core.domain.errors import Undefined
from core.experiments.statistics import simulate_rules
from core.experiments.statistics.counting import coin_evidence as one_at_a_time
from core.experiments.statistics.peeking import PLAYERS, coin_evidence, simulate

REPLICATES = 2000


@pytest.fixture(scope="module")
def same() -> dict[str, float]:
    """Each rule's false alarms at 5 %, 500 a day."""
    played = simulate_rules(0.05, 0.0, 500, replicates=REPLICATES, seed=1)
    return {id: one.declared for id, one in played.items()}


@pytest.mark.parametrize(
    ("rule", "known"),
    [
        ("fixed", 0.0504),
        ("fixed_peeked", 0.2463),
        ("bonferroni", 0.0182),
        ("pocock", 0.0486),
        ("obrien_fleming", 0.0514),
        ("sequence_5000", 0.0146),
        ("sequence_n", 0.011),
        ("believed_95", 0.4186),
        ("prior_30", 0.34015),
        ("loss_100", 0.91135),
        ("loss_25", 0.45785),
    ],
)
def test_false_alarms_are_those_of_the_reference(
    same: dict[str, float], rule: str, known: float
) -> None:
    """Figures of 20,000 experiments by other code; four standard errors."""
    assert same[rule] == pytest.approx(known, abs=4 * sqrt(known * (1 - known) / REPLICATES))


def test_protected_rules_keep_their_word(same: dict[str, float]) -> None:
    for rule in ("fixed", "pocock", "obrien_fleming", "always_valid"):
        assert same[rule] <= 0.05 + 3 * sqrt(0.05 * 0.95 / REPLICATES)


def test_the_same_seed_plays_the_same() -> None:
    one, two = (simulate_rules(0.1, 0.2, 100, 5, 100, 3) for _ in range(2))
    assert one == two
    assert one["fixed"].mean_looks == 5
    assert one["fixed"].right is not None


def test_a_lift_is_found_in_its_direction() -> None:
    for lift in (0.5, -0.5):
        played = simulate_rules(0.2, lift, 500, 5, 100, 3)
        assert played["always_valid"].right == 1 and played["always_valid"].wrong == 0
        assert played["always_valid"].mean_lift == pytest.approx(lift, abs=0.2)


def test_no_conversions_declare_nothing_by_any_test() -> None:
    played = simulate_rules(0.0, 0.0, 10, 5, 20, 1)
    for rule in ("fixed_peeked", "always_valid", "sequence_n", "pocock", "prior_30"):
        assert played[rule].declared == 0


def test_rates_lie_between_0_and_1() -> None:
    for rate, lift in ((1.2, 0.0), (0.9, 0.5), (-0.1, 0.0)):
        with pytest.raises(Undefined):
            simulate(rate, lift, 10, 2, 3, 1)


def test_many_at_a_time_is_one_at_a_time() -> None:
    a, b, n = np.array([3.0, 40.0]), np.array([9.0, 41.0]), np.array([100.0, 60.0])
    found = coin_evidence(a, b, n)
    for at in range(2):
        yes, no = (
            np.exp(one_at_a_time(int(one), int(two), 0.5))
            for one, two in ((a[at], b[at]), (n[at] - a[at], n[at] - b[at]))
        )
        assert found[at] == pytest.approx(float(np.log((yes + no) / 2)))


def test_ids_are_one() -> None:
    ids = [one.id for one in PLAYERS]
    assert len(ids) == len(set(ids))
    assert {one.kind for one in PLAYERS} >= {
        "fixed",
        "always_valid",
        "group_sequential",
        "expected_loss",
    }
