"""The score: shares with their intervals, and nothing said where nothing was answered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.intervals import rate
from core.domain.twins import Probe, Probed, ProbeGroup, ProbeOutcome
from core.twins.trying.scoring import by_group, consistency, mean_voice


def results(
    *outcomes: ProbeOutcome, group: ProbeGroup = "content", voice: float | None = None
) -> list[Probed]:
    return [
        Probed(
            probe=Probe(id=f"p-{number}", group=group, text="?", source="word"),
            outcome=outcome,
            why="So.",
            voice=voice,
        )
        for number, outcome in enumerate(outcomes)
    ]


def test_the_share_is_wilsons() -> None:
    found = rate(45, 50)
    assert (found.rate, found.count, found.of) == (0.9, 45, 50)
    assert found.low == pytest.approx(0.7864, abs=1e-4)
    assert found.high == pytest.approx(0.9565, abs=1e-4)


@settings(deadline=None)
@given(st.integers(1, 200), st.data())
def test_an_interval_holds_its_share_and_stays_within_0_and_1(of: int, data: st.DataObject) -> None:
    found = rate(data.draw(st.integers(0, of)), of)
    assert found.rate is not None and found.low is not None and found.high is not None
    assert 0 <= found.low <= found.rate <= found.high <= 1
    assert found.low < found.high


def test_what_got_no_answer_does_not_count_as_held_and_not_as_failed() -> None:
    found = consistency(results("held", "held", "failed", "unavailable"))
    assert (found.count, found.of) == (2, 3)


def test_where_most_got_no_answer_there_is_no_score() -> None:
    for outcomes in ([], ["unavailable"] * 4, ["held", "unavailable", "unavailable"]):
        found = consistency(results(*outcomes))  # type: ignore[arg-type]
        assert found.rate is None and found.of == 0


def test_each_group_stands_apart() -> None:
    both = results("held", "failed") + results("held", group="off_topic")
    groups = by_group(both)
    assert groups["content"].rate == 0.5
    assert groups["off_topic"].rate == 1
    assert groups["provocation"].rate is None


def test_the_voice_is_a_mean_with_an_interval_over_content() -> None:
    heard = results("held", voice=0.9) + results("held", voice=0.5) + results("failed", voice=0.4)
    heard += results("held", group="provocation", voice=0.0) + results("held")
    found = mean_voice(heard)
    assert found.n == 3 and found.mean == pytest.approx(0.6)
    assert found.low is not None and found.high is not None
    assert 0.4 <= found.low < 0.6 < found.high <= 0.9
    assert mean_voice(heard) == found


def test_one_voice_has_no_interval_and_none_has_no_number() -> None:
    assert mean_voice(results("held", voice=0.8)).low is None
    assert mean_voice(results("held", voice=0.8)).mean == 0.8
    assert mean_voice(results("held")).mean is None
