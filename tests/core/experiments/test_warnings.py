"""Each warning: when it comes, and when it keeps quiet."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from core.domain.experiment_results import Warned
from core.domain.experiments import Assignment, Metric, Registered, Variant
from core.domain.samples import Cell, Measured, Sample
from core.experiments.warnings import WATCHES
from core.experiments.warnings.base import homogeneity
from tests.support.made_readings import (
    DID,
    SPENT,
    MadeReadings,
    design_of,
    looked_at,
    ruled,
    spent,
    tail,
    yes,
)

SOUND = [yes("a", 10_000, 1_000), yes("b", 10_050, 1_010)]


def of_kind(kind: str, *found: Warned) -> list[Warned]:
    return [one for one in found if one.kind == kind]


def test_a_sound_experiment_has_no_warning() -> None:
    assert looked_at(MadeReadings(SOUND)).warnings == ()


def test_every_warning_has_one_watch() -> None:
    kinds = [one.kind for one in WATCHES]
    assert len(kinds) == len(set(kinds)) == 13


@pytest.mark.parametrize(
    ("counts", "severity"),
    [
        ((44_700, 45_489), "warning"),
        ((10_000, 10_600), "stop"),
        ((10**8, 10**8 + 10**6 // 2), None),
        ((5, 1), None),
        ((20, 0), "stop"),
    ],
    ids=["Cookie Cats", "clear", "tiny among many", "few", "empty"],
)
def test_the_split_is_held_against_the_design(
    counts: tuple[int, int], severity: str | None
) -> None:
    cells = [yes(id, n, n // 10) for id, n in zip("ab", counts, strict=True)]
    found = of_kind("sample_ratio", *looked_at(MadeReadings(cells)).warnings)
    assert [one.severity for one in found] == ([severity] if severity else [])


def test_a_split_is_odd_only_against_its_own_design() -> None:
    cells = [yes("a", 9_000, 900), yes("b", 1_000, 100)]
    even = looked_at(MadeReadings(cells))
    assert of_kind("sample_ratio", *even.warnings)[0].severity == "stop"
    assert "1 : 1" in even.warnings[0].text
    weighted = design_of().model_copy(
        update={"variants": (Variant(id="a", weight=9), Variant(id="b", weight=1))}
    )
    assert looked_at(MadeReadings(cells), weighted).warnings == ()
    bandit = design_of(assignment=Assignment(how="bandit"))
    assert not of_kind("sample_ratio", *looked_at(MadeReadings(cells), bandit).warnings)


def test_an_empty_variant_stops() -> None:
    analysis = looked_at(MadeReadings([yes("a", 500, 50)]))
    found = of_kind("empty_variant", *analysis.warnings)
    assert found[0].severity == "stop"
    assert analysis.advice.outcome == "broken"
    young = looked_at(MadeReadings([yes("a", 3, 1)]))
    assert of_kind("empty_variant", *young.warnings)[0].severity == "info"


def test_people_of_an_unknown_variant_are_counted() -> None:
    found = looked_at(MadeReadings(SOUND, more={"unknown": {"B!": 40, "x": 2}})).warnings
    assert found[0].kind == "unknown_variant"
    assert "42 people left out" in found[0].text
    assert "“B!” (40 people)" in found[0].text


def test_counts_that_are_read_as_yes_are_told() -> None:
    found = looked_at(MadeReadings(SOUND, more={"counts": ("bought",)})).warnings
    assert not of_kind("read_as_yes", *found)
    told = of_kind(
        "read_as_yes", *looked_at(MadeReadings(SOUND, more={"counts": (DID.id,)})).warnings
    )
    assert told[0].severity == "info"


def test_a_split_that_moves_from_day_to_day_is_told() -> None:
    steady = [yes(id, 1_000, 100, day=day) for day in range(8) for id in "ab"]
    moving = [
        yes(id, 1_500 if (id == "a") == (day < 4) else 500, 50, day=day)
        for day in range(8)
        for id in "ab"
    ]
    cells = [yes("a", 8_000, 800), yes("b", 8_000, 800)]
    found = of_kind("broken_randomisation", *looked_at(MadeReadings(cells, days=moving)).warnings)
    assert "from day to day" in found[0].title
    quiet = looked_at(MadeReadings(cells, days=steady)).warnings
    assert not of_kind("broken_randomisation", *quiet)


def test_a_split_that_moves_with_a_segment_is_told() -> None:
    values = [
        yes("a", 4_000, 400, value="phone"),
        yes("b", 6_000, 600, value="phone"),
        yes("a", 6_000, 600, value="desk"),
        yes("b", 4_000, 400, value="desk"),
    ]
    readings = MadeReadings(SOUND, values={"device": values})
    found = looked_at(readings, design_of(segments=("device",))).warnings
    assert of_kind("broken_randomisation", *found)[0].evidence["by"] == "device"


def test_arms_that_differed_before_the_start_are_told() -> None:
    metric = SPENT.model_copy(update={"before": "spent_before"})
    sums = ((10_000.0, 0.5), (0.5, 10_000.0))
    cells = [
        Cell(id, 10_000, {"spent": Measured(Sample(10_000, (10.0, before), sums), 0)})
        for id, before in (("a", 5.0), ("b", 5.2))
    ]
    found = looked_at(MadeReadings(cells), design_of(metric)).warnings
    assert "spent_before" in of_kind("broken_randomisation", *found)[0].title


def test_people_in_more_than_one_variant_are_told() -> None:
    few = looked_at(MadeReadings(SOUND, more={"in_many": 3})).warnings
    many = looked_at(MadeReadings(SOUND, more={"in_many": 3_000})).warnings
    assert [one.severity for one in of_kind("broken_randomisation", *few)] == ["info"]
    assert [one.severity for one in of_kind("broken_randomisation", *many)] == ["warning"]


def test_many_variants_are_told_with_their_chance() -> None:
    ids = "abcde"
    cells = [yes(id, 10_000, 1_000) for id in ids]
    found = looked_at(MadeReadings(cells), design_of(variants=ids)).warnings
    assert of_kind("many_variants", *found)[0].evidence["chance of a false alarm"] == pytest.approx(
        1 - 0.95**4
    )


def days_of(rates: list[float], n: int = 4_000) -> list[Cell]:
    control = [yes("a", n, n // 10, day=day) for day in range(len(rates))]
    return control + [yes("b", n, round(n * rate), day=day) for day, rate in enumerate(rates)]


def test_an_effect_that_wears_off_is_told() -> None:
    cells = [yes("a", 40_000, 4_000), yes("b", 40_000, 4_600)]
    fading = looked_at(MadeReadings(cells, days=days_of([0.14] * 5 + [0.10] * 5))).warnings
    steady = looked_at(MadeReadings(cells, days=days_of([0.12] * 10))).warnings
    growing = looked_at(MadeReadings(cells, days=days_of([0.10] * 5 + [0.14] * 5))).warnings
    assert "wears off" in of_kind("novelty", *fading)[0].title
    assert "grows" in of_kind("novelty", *growing)[0].title
    assert not of_kind("novelty", *steady)


def test_novelty_rarely_cries_wolf() -> None:
    draw = Random(7)
    alarms = 0
    for _ in range(60):
        rates = [0.1 + draw.gauss(0, (0.09 / 4_000) ** 0.5) for _ in range(6)]
        days = days_of(rates)
        cells = [yes("a", 24_000, 2_400), yes("b", 24_000, 2_400)]
        alarms += bool(of_kind("novelty", *looked_at(MadeReadings(cells, days=days)).warnings))
    assert alarms <= 3


def test_one_person_who_makes_the_variance_is_told() -> None:
    cells = [spent("a", 40_000, 52.0, 250.0), spent("b", 40_000, 51.0, 100.0)]
    readings = MadeReadings(cells, more={"tails": {"spent": tail(largest=49_854.0)}})
    found = of_kind("outliers", *looked_at(readings, design_of(SPENT)).warnings)
    assert found[0].severity == "warning"
    assert "winsorise" in found[0].fix
    usual = MadeReadings(cells, more={"tails": {"spent": tail(largest=900.0, top_share=0.1)}})
    assert not of_kind("outliers", *looked_at(usual, design_of(SPENT)).warnings)


def test_a_long_tail_and_cut_values_are_told() -> None:
    cells = [spent("a", 40_000, 5.0, 20.0), spent("b", 40_000, 5.0, 20.0)]
    long = MadeReadings(cells, more={"tails": {"spent": tail(largest=300.0, top_share=0.6)}})
    cut = MadeReadings(cells, more={"tails": {"spent": tail(largest=99.0, cap=99.0, capped=7)}})
    assert "One person in a hundred" in looked_at(long, design_of(SPENT)).warnings[0].text
    assert "7 values" in looked_at(cut, design_of(SPENT)).warnings[0].text


def test_peeking_at_a_rule_that_is_read_once_is_told_with_its_price() -> None:
    fixed = design_of(rule=ruled("fixed"))
    found = of_kind("peeking", *looked_at(MadeReadings(SOUND), fixed, number=9).warnings)
    assert "9 times" in found[0].title
    assert "24.7 %" in found[0].text
    assert not of_kind("peeking", *looked_at(MadeReadings(SOUND), fixed).warnings)
    always = looked_at(MadeReadings(SOUND), number=900).warnings
    assert not of_kind("peeking", *always)


def test_values_that_one_arm_lacks_more_often_are_told() -> None:
    cells = [yes("a", 10_000, 1_000, missing=100), yes("b", 9_900, 1_000, missing=400)]
    found = of_kind("missing", *looked_at(MadeReadings(cells)).warnings)
    assert found[0].severity == "warning"
    assert "0.990 % in a" in found[0].text
    alike = [yes("a", 10_000, 1_000, missing=100), yes("b", 10_000, 1_000, missing=104)]
    assert not of_kind("missing", *looked_at(MadeReadings(alike)).warnings)
    many = [yes("a", 10_000, 1_000, missing=2_000), yes("b", 10_000, 1_000, missing=2_010)]
    assert of_kind("missing", *looked_at(MadeReadings(many)).warnings)[0].severity == "info"


def test_rows_that_name_nobody_are_told() -> None:
    found = looked_at(MadeReadings(SOUND, more={"nameless": 12})).warnings
    assert "12 rows" in found[0].text


def test_a_changed_design_is_told() -> None:
    design = design_of()
    at = datetime(2026, 1, 5, tzinfo=UTC)
    same = Registered(at=at, fingerprint=design.fingerprint)
    other = Registered(at=at, fingerprint="f" * 64)
    assert not looked_at(MadeReadings(SOUND), design, registered=same).warnings
    found = looked_at(MadeReadings(SOUND), design, registered=other).warnings
    assert found[0].kind == "design_changed"
    assert "05 January 2026" in found[0].text


def test_too_early_is_told_by_people_and_by_days() -> None:
    planned = design_of(planned={"people": 50_000})
    found = of_kind("too_early", *looked_at(MadeReadings(SOUND), planned).warnings)
    assert "50,000 planned" in found[0].title
    days = MadeReadings(SOUND, days=days_of([0.1] * 3))
    assert "whole week" in of_kind("too_early", *looked_at(days).warnings)[0].title


def test_few_counts_are_told_for_what_decides_and_for_the_rest() -> None:
    rare = Metric(id="did", name="Rare", role="primary", value="x")
    cells = [yes("a", 10_000, 4), yes("b", 10_000, 12)]
    found = of_kind("small_counts", *looked_at(MadeReadings(cells), design_of(rare)).warnings)
    assert found[0].severity == "warning"
    assert "4 who did it in a" in found[0].text
    guard = DID.model_copy(update={"role": "secondary"})
    both = design_of(Metric(id="none", role="primary", value="y"), guard)
    other = of_kind("small_counts", *looked_at(MadeReadings(cells), both).warnings)
    assert "info" in [one.severity for one in other]


def test_the_worst_comes_first() -> None:
    cells = [yes("a", 10_000, 4), yes("b", 12_000, 3)]
    more = {"nameless": 1, "unknown": {"x": 2}}
    found = looked_at(MadeReadings(cells, more=more)).warnings
    order = [("stop", "warning", "info").index(one.severity) for one in found]
    assert order == sorted(order)
    assert order[0] == 0


def test_homogeneity_is_pearsons() -> None:
    """30 of 100 against 50 of 100: chi-square 8.333, p 0.00389."""
    p, off = homogeneity([[30, 70], [50, 50]])
    assert p == pytest.approx(0.003892417, abs=1e-8)
    assert off == pytest.approx(0.25)
    assert homogeneity([]) == (1.0, 0.0)
    assert homogeneity([[0, 0], [0, 0]]) == (1.0, 0.0)
    assert homogeneity([[5, 0], [9, 0]]) == (1.0, 0.0)


def test_people_who_all_met_both_variants_stop_it() -> None:
    nobody = [yes("a", 0, 0), yes("b", 0, 0)]
    found = looked_at(MadeReadings(nobody, more={"in_many": 1_000}))
    (met,) = of_kind("broken_randomisation", *found.warnings)
    assert (met.severity, met.title) == ("stop", "Most people met more than one variant")
    assert found.advice.outcome == "broken"
    assert not of_kind("empty_variant", *found.warnings)


def test_variants_that_are_all_unknown_stop_it() -> None:
    nobody = [yes("a", 0, 0), yes("b", 0, 0)]
    found = looked_at(MadeReadings(nobody, more={"unknown": {"A": 500, "B": 500}}))
    (unknown,) = of_kind("unknown_variant", *found.warnings)
    assert unknown.severity == "stop"
    assert "“A” (500 people)" in unknown.text
    assert found.advice.outcome == "broken"


def test_one_person_of_two_is_no_outlier() -> None:
    few = [spent("a", 1, 0.0, 0.0), spent("b", 1, 1.0, 0.0)]
    readings = MadeReadings(few, more={"tails": {"spent": tail(largest=1.0, top_share=1.0)}})
    assert all(
        "One person moves" not in one.title
        for one in looked_at(readings, design_of(SPENT)).warnings
    )


@pytest.mark.parametrize(
    ("skewness", "people", "warned"), [(8.0, 5_000, True), (2.0, 5_000, False)]
)
def test_values_too_lopsided_for_so_few(skewness: float, people: int, warned: bool) -> None:
    cells = [spent("a", people, 10.0, 20.0), spent("b", people, 10.1, 20.0)]
    readings = MadeReadings(cells, more={"tails": {"spent": tail(skewness=skewness)}})
    found = [
        one for one in looked_at(readings, design_of(SPENT)).warnings if "lopsided" in one.title
    ]
    assert bool(found) == warned
    if found:
        assert found[0].evidence["needed"] == 22_720
        assert "22,720 people" in found[0].text
