"""Effects by segment, and over time."""

from __future__ import annotations

from random import Random

import pytest

from core.domain.samples import Cell
from core.experiments.statistics import adjusted
from tests.support.made_readings import (
    DID,
    SPENT,
    MadeReadings,
    design_of,
    looked_at,
    spent,
    yes,
)

EVERYONE = [yes("a", 20_000, 2_000), yes("b", 20_000, 2_200)]


def by_country(*cells: Cell) -> MadeReadings:
    return MadeReadings(EVERYONE, values={"country": cells})


SEGMENTED = design_of(segments=("country",))


def test_each_value_has_its_own_figures_and_one_correction() -> None:
    readings = by_country(
        yes("a", 5_000, 500, value="de"),
        yes("b", 5_000, 560, value="de"),
        yes("a", 5_000, 500, value="fr"),
        yes("b", 5_000, 590, value="fr"),
        yes("a", 5_000, 500, value="it"),
        yes("b", 5_000, 505, value="it"),
    )
    found = looked_at(readings, SEGMENTED).segments
    assert [one.value for one in found] == ["de", "fr", "it"]
    ps = [one.effects[0].p for one in found]
    assert [one.effects[0].adjusted_p for one in found] == adjusted(ps, "fdr_bh")
    assert found[0].arms[0].text == "500 of 5,000, 10.0 %"
    assert all(one.effects[0].bayes is None for one in found)


def test_a_segment_with_another_effect_differs_and_the_like_do_not() -> None:
    cells = [yes("a", 9_000, 900, value=value) for value in "wxyz"]
    cells += [yes("b", 9_000, 905, value=value) for value in "wxy"]
    other = looked_at(by_country(*cells, yes("b", 9_000, 1_300, value="z")), SEGMENTED).segments
    alike = looked_at(by_country(*cells, yes("b", 9_000, 910, value="z")), SEGMENTED).segments
    assert [one.value for one in other if one.differs and one.value == "z"] == ["z"]
    assert not any(one.differs for one in alike)
    assert [one.effects[0].verdict for one in other] == ["unclear"] * 3 + ["better"]


def test_where_segments_are_alike_few_are_said_to_differ() -> None:
    draw = Random(11)

    def count(n: int, rate: float) -> int:
        return round(n * rate + draw.gauss(0, (n * rate * (1 - rate)) ** 0.5))

    wrong = 0
    for _ in range(60):
        cells = [yes(id, 2_000, count(2_000, 0.2), value=v) for v in "stuvw" for id in "ab"]
        wrong += any(one.differs for one in looked_at(by_country(*cells), SEGMENTED).segments)
    assert wrong <= 8


@pytest.mark.parametrize("n", [0, 1, 2, 7])
def test_a_handful_of_people_is_refused_in_words(n: int) -> None:
    readings = by_country(
        yes("a", 5_000, 500, value="de"),
        yes("b", 5_000, 560, value="de"),
        yes("a", 1, 1, value="li"),
        yes("b", n, 0, value="li"),
    )
    small = looked_at(readings, SEGMENTED).segments[1]
    assert not small.differs
    assert small.effects[0].verdict == "unclear"
    assert small.effects[0].absolute is not None or small.effects[0].refused["absolute"]


def test_a_value_that_only_one_arm_has_is_no_error() -> None:
    readings = by_country(yes("a", 50, 5, value="de"), yes("b", 60, 5, value="fr"))
    assert len(looked_at(readings, SEGMENTED).segments) == 2


def test_of_very_many_values_the_largest_are_read() -> None:
    cells = [yes(id, 100 + at, 10, value=f"{at:03}") for at in range(80) for id in "ab"]
    found = looked_at(by_country(*cells), SEGMENTED).segments
    assert [one.value for one in found] == [f"{at:03}" for at in range(50, 80)]


def days(metric: str, lift: float) -> list[Cell]:
    if metric == "did":
        control = [yes("a", 1_000, 100, day=day) for day in range(7)]
        return control + [yes("b", 1_000, round(100 + lift), day=day) for day in range(7)]
    control = [spent("a", 1_000, 10.0, 4.0, day=day) for day in range(7)]
    return control + [spent("b", 1_000, 10.0 + lift, 4.0, day=day) for day in range(7)]


def test_over_time_ends_where_everybody_does() -> None:
    cells = [yes("a", 7_000, 700), yes("b", 7_000, 840)]
    analysis = looked_at(MadeReadings(cells, days=days("did", 20)), design_of(DID))
    last, effect = analysis.over_time[-1], analysis.metrics[0].effects[0]
    assert [one.day for one in analysis.over_time] == [1, 2, 3, 4, 5, 6, 7]
    assert last.people == 14_000
    assert last.effect == effect.absolute
    assert last.always_p == effect.always.p
    widths = [one.always.high - one.always.low for one in analysis.over_time]
    assert widths == sorted(widths, reverse=True)
    assert analysis.days == 6.0


def test_means_add_up_over_days() -> None:
    cells = [spent("a", 7_000, 10.0, 4.0), spent("b", 7_000, 10.5, 4.0)]
    readings = MadeReadings(cells, days=days("spent", 0.5))
    analysis = looked_at(readings, design_of(SPENT))
    last, effect = analysis.over_time[-1].effect, analysis.metrics[0].effects[0].absolute
    assert last.value == pytest.approx(effect.value)
    assert last.low == pytest.approx(effect.low, rel=0.01)


def test_a_long_time_is_thinned_and_keeps_its_end() -> None:
    cells = [yes(id, 50, 5, day=day) for day in range(300) for id in "ab"]
    found = looked_at(MadeReadings(EVERYONE, days=cells)).over_time
    assert len(found) == 60
    assert found[-1].day == 300
    assert found[-1].people == 30_000


def test_without_times_there_is_no_course() -> None:
    assert looked_at(MadeReadings(EVERYONE)).over_time == ()


def test_each_segment_is_told_in_a_sentence() -> None:
    readings = by_country(yes("a", 5_000, 500, value="de"), yes("b", 5_000, 560, value="de"))
    sentence = looked_at(readings, SEGMENTED).segments[0].effects[0].sentence
    assert sentence.startswith("Did it: +12")
