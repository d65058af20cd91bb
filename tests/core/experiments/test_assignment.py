"""Assignment is a fixed function of the id: independent between salts, balanced within strata."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.experiments import Variant
from core.experiments.assignment import (
    by_hash,
    lacking,
    next_of_stratum,
    place_of,
    shared_out,
    shares_of,
    stratum_of,
    variant_at,
)

IDS = [f"user-{number}" for number in range(100_000)]
weights = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]),
    st.floats(0.01, 100).map(lambda one: round(one, 3)),
    min_size=2,
)


def shared(given: dict[str, float]) -> dict[str, float]:
    return shares_of([Variant(id=id, weight=weight) for id, weight in given.items()])


def test_the_formula_can_be_worked_out_elsewhere() -> None:
    place = int(sha256(b"salt:user-1").hexdigest()[:16], 16) // 2**11 / 2**53
    assert place_of("salt", "user-1") == place
    assert by_hash("salt", "user-1", {"a": 0.5, "b": 0.5}) == ("a" if place < 0.5 else "b")


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_place_is_at_least_0_and_below_1(salt: str, unit: str) -> None:
    assert 0 <= place_of(salt, unit) < 1


def test_the_split_is_what_the_weights_say_and_salts_are_independent() -> None:
    from scipy import stats

    shares = shared({"a": 2, "b": 1, "c": 1})
    one, two = ([by_hash(salt, id, shares) for id in IDS] for salt in ("one", "two"))
    counts = Counter(one)
    expected = [len(IDS) * shares[id] for id in "abc"]
    assert stats.chisquare([counts[id] for id in "abc"], expected).pvalue > 1e-4
    both = Counter(zip(one, two, strict=True))
    table = [[both[a, b] for b in "abc"] for a in "abc"]
    assert stats.chi2_contingency(table).pvalue > 1e-4


def test_weight_that_moves_between_neighbours_moves_only_the_least() -> None:
    before, after = shared({"a": 50, "b": 50}), shared({"a": 40, "b": 60})
    moved = [id for id in IDS if by_hash("s", id, before) != by_hash("s", id, after)]
    assert all(by_hash("s", id, before) == "a" for id in moved)
    assert len(moved) / len(IDS) == pytest.approx(0.1, abs=0.005)


def test_nobody_meets_a_variant_without_weight() -> None:
    shares = shared({"a": 1, "b": 0, "c": 1})
    assert {by_hash("s", id, shares) for id in IDS[:1000]} == {"a", "c"}
    assert variant_at(1 - 1e-16, {"a": 1.0, "b": 0.0}) == "a"
    with pytest.raises(ValueError, match="weight"):
        shares_of([Variant(id="a", weight=0)])


@given(weights, st.integers(1, 400), st.integers(1, 4))
def test_a_list_is_shared_out_exactly_within_each_stratum(
    given: dict[str, float], people: int, strata: int
) -> None:
    shares = shared(given)
    places = {f"u{number}": str(number % strata) for number in range(people)}
    found = shared_out("salt", places, places, shares)
    assert set(found) == set(places)
    for stratum in set(places.values()):
        members = [unit for unit in places if places[unit] == stratum]
        counts = Counter(found[unit] for unit in members)
        for variant, share in shares.items():
            assert abs(counts[variant] - share * len(members)) < 1 + 1e-6


def test_a_list_is_shared_out_the_same_in_any_order() -> None:
    shares, strata = shared({"a": 1, "b": 1}), dict.fromkeys(IDS[:101], "x")
    found = shared_out("salt", IDS[:101], strata, shares)
    assert found == shared_out("salt", reversed(IDS[:101]), strata, shares)


@given(weights, st.integers(1, 300))
def test_a_stream_stays_balanced_within_its_stratum(given: dict[str, float], people: int) -> None:
    shares, counts = shared(given), Counter[str]()
    for number in range(people):
        variant, likely = next_of_stratum("salt", f"u{number}", "x", shares, counts)
        assert 0 < likely <= 1
        counts[variant] += 1
        total = number + 1
        assert all(counts[one] - share * total < 1 + 1e-6 for one, share in shares.items())


def test_equal_weights_make_permuted_blocks() -> None:
    shares, counts = shared({"a": 1, "b": 1, "c": 1}), Counter[str]()
    orders = set()
    for block in range(200):
        taken = []
        for place in range(3):
            variant, _ = next_of_stratum("s", f"{block}-{place}", "x", shares, counts)
            counts[variant] += 1
            taken.append(variant)
        assert sorted(taken) == ["a", "b", "c"]
        orders.add(tuple(taken))
    assert len(orders) == 6


def test_what_is_lacking_adds_up_to_1() -> None:
    assert lacking({"a": 0.5, "b": 0.5}, {"a": 1}) == {"a": 0.0, "b": 1.0}
    assert lacking({"a": 0.5, "b": 0.5}, {}) == {"a": 0.5, "b": 0.5}


def test_strata_tell_values_apart() -> None:
    strata = ["country", "plan"]
    assert stratum_of({"country": "de", "plan": 1}, strata) == '["de", "1"]'
    assert stratum_of({}, strata) == '["", ""]'
    assert stratum_of({"country": "a,b", "plan": "c"}, strata) != stratum_of(
        {"country": "a", "plan": "b,c"}, strata
    )
