"""Two runs of one population, per persona and step: the sums agree with counting by hand."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.comparisons import ReactionComparison, ReactionDifference, Side
from core.domain.errors import BadInput
from core.domain.reports import Rate, Spread
from core.domain.sums import Moments, PairedCount, PairedMoments, PairedReactions
from core.rehearsal import Reports
from core.rehearsal.engines import reactions_compared, side_labels
from tests.support.flow_documents import flow_documents
from tests.support.synthetic import Theatre

Rows = list[dict[str, Any]]
DOCUMENT: dict[str, Any] = {
    "name": "Two messages",
    "steps": [
        {"id": "hello", "type": "send_email", "config": {"body": "Hi?"}, "next": "again"},
        {"id": "again", "type": "send_sms", "config": {"body": "Still there?"}, "next": "end"},
        {"id": "end", "type": "end"},
    ],
}


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    made = Theatre(tmp_path_factory.mktemp("engines"))
    yield made
    made.close()


def reports_of(theatre: Theatre) -> Reports:
    return Reports(theatre.store, theatre.compiled)


@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(document=flow_documents(), seed=st.integers(0, 10_000))
def test_sums_agree_with_counting(theatre: Theatre, document: dict[str, Any], seed: int) -> None:
    version = theatre.write_flow(document)
    a, b = theatre.play(version, seed), theatre.play(version, seed + 1)
    found = reports_of(theatre).reactions(a.id, b.id)
    by_hand = [counted(theatre.rows[run.id]) for run in (a, b)]
    for one in found.differences:
        for side, hand in ((one.a, by_hand[0]), (one.b, by_hand[1])):
            agrees(one, side, hand)
        assert one.low is None or one.high is None or one.low <= (one.difference or 0) <= one.high
    backwards = reports_of(theatre).reactions(b.id, a.id)
    assert len(backwards.differences) == len(found.differences)
    turned = {(one.persona, one.step_id, one.measure): one for one in backwards.differences}
    for one in found.differences:
        other = turned[one.persona, one.step_id, one.measure]
        assert other.difference == pytest.approx(-(one.difference or 0))
        assert other.paired == one.paired
        assert other.clear == one.clear


def counted(rows: Rows) -> dict[tuple[str | None, str | None], dict[str, dict[str, Any]]]:
    """For each persona and step: what each person did, by contact."""
    who = {row["contact_id"]: row["payload"]["persona"] for row in rows if row["kind"] == "entered"}
    by_place: dict[Any, dict[str, Rows]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["step_id"] is None:
            continue
        for persona in (who[row["contact_id"]], None):
            for step in (row["step_id"], None):
                by_place[persona, step][row["contact_id"]].append(row)
    return {
        place: {id: deeds(own) for id, own in people.items() if of_kind(own, "sent")}
        for place, people in by_place.items()
    }


def of_kind(rows: Rows, kind: str) -> Rows:
    return [row for row in rows if row["kind"] == kind]


def deeds(rows: Rows) -> dict[str, Any]:
    replies = of_kind(rows, "replied")
    done: dict[str, Any] = {
        "opened": bool(of_kind(rows, "read")),
        "clicked": bool(of_kind(rows, "clicked")),
        "answered": bool(replies),
        "opted_out": bool(of_kind(rows, "opted_out")),
        "share": len({row["step_id"] for row in replies})
        / len({row["step_id"] for row in of_kind(rows, "sent")}),
    }
    for row in replies:
        done[f"intent:{row['payload']['intent']}"] = True
    if replies:
        done["hours"] = statistics.fmean(row["payload"]["hours"] for row in replies)
        done["words"] = statistics.fmean(len(row["body"].split(" ")) for row in replies)
    return done


def agrees(one: ReactionDifference, side: Rate | Spread, hand: Any) -> None:
    people = hand[one.persona, one.step_id].values()
    sd = one.a_sd if side is one.a else one.b_sd
    if isinstance(side, Rate):
        did = [bool(own.get(one.measure)) for own in people]
        assert (side.of, side.count) == (len(people), sum(did))
        assert sd == (pytest.approx(statistics.stdev(map(int, did))) if len(did) > 1 else None)
        return
    values = [own[one.measure] for own in people if one.measure in own]
    assert side.n == len(values)
    assert side.mean == pytest.approx(statistics.fmean(values))
    if len(values) > 1:
        assert sd == side.sd == pytest.approx(statistics.stdev(values), abs=1e-9)


def test_only_runs_of_the_same_people(theatre: Theatre) -> None:
    version = theatre.write_flow(DOCUMENT, "same")
    run = theatre.play(version, flow_id="same")
    others = theatre.cast(("Eager Eddie",), 3)
    other = theatre.play(version, flow_id="same", population=others)
    reports = reports_of(theatre)
    for pair in ((run.id, other.id), (run.id, run.id)):
        with pytest.raises(BadInput, match="same people"):
            reports.reactions(*pair)


def test_same_engine_is_said(theatre: Theatre) -> None:
    version = theatre.write_flow(DOCUMENT, "said")
    runs = [theatre.play(version, seed, flow_id="said") for seed in (1, 2)]
    found = reports_of(theatre).reactions(*(run.id for run in runs))
    assert found.same_engine
    assert "Both were played by the behaviour model" in found.notes[0]


BEHAVIOUR = Side(
    run_id="r1", number=1, flow_version=1, seed=7, population_id="p", population_name="All",
    people=80,
)  # fmt: skip
LANGUAGE = BEHAVIOUR.model_copy(
    update={"run_id": "r2", "number": 2, "engine": "language", "model": "Haiku"}
)
NAMES = {"skeptical-sarah": "Skeptical Sarah", "busy-bob": "Busy Bob"}


def part(
    a: int, b: int, of: tuple[int, int] = (40, 40), both: int = 40, **more: Any
) -> PairedReactions:
    given = {"persona": "skeptical-sarah", "step_id": "hello", "moments": {}, **more}
    only_a, only_b = max(0, a - b), max(0, b - a)
    return PairedReactions(
        people_a=of[0],
        people_b=of[1],
        both=both,
        counts=(PairedCount("answered", a, b, only_a, only_b, (), ()),),
        **given,
    )


def compared(*parts: PairedReactions, b: Side = LANGUAGE) -> ReactionComparison:
    return reactions_compared(BEHAVIOUR, b, parts, NAMES)


def test_says_what_differs_most_in_words() -> None:
    small = part(20, 23, persona="busy-bob")
    found = compared(small, part(31, 12), part(40, 36, step_id="again"))
    assert found.headline == (
        "Skeptical Sarah answers “hello” in 31 of 40 with the behaviour model, "
        "12 of 40 with the language model"
    )
    assert [one.step_id for one in found.differences] == ["hello", "again", "hello"]
    first = found.differences[0]
    assert (first.clear, first.paired, first.difference) == (True, True, pytest.approx(-0.475))
    assert first.text.startswith("−48 points, −6")
    assert not found.differences[2].clear
    assert not found.same_engine
    assert found.notes == ["Clear differences: 1 of 3; about 1 would look clear by chance alone."]


def test_is_paired_only_where_the_same_people_got_the_message() -> None:
    same = compared(part(30, 20)).differences[0]
    other = compared(part(30, 20, of=(40, 35), both=33)).differences[0]
    assert (same.paired, other.paired) == (True, False)
    assert "Agresti" in same.method
    assert "Newcombe" in other.method


def moments(n: int, mean: float, sd: float) -> Moments:
    return Moments(n, mean, sd, (mean, mean, mean))


def test_spread_stands_beside_the_mean() -> None:
    hours = PairedMoments(moments(40, 5.0, 4.0), moments(40, 1.5, 0.5), 40, -3.5, 4.1)
    words = PairedMoments(moments(12, 8.0, 3.0), moments(30, 9.0, 2.0), 9, 1.0, 2.0)
    found = compared(part(40, 40, moments={"hours": hours, "words": words}))
    by_name = {one.measure: one for one in found.differences}
    first = by_name["hours"]
    assert isinstance(first.a, Spread)
    assert isinstance(first.b, Spread)
    assert (first.a.sd, first.b.sd) == (4.0, 0.5)
    assert first.paired
    assert not by_name["words"].paired
    assert first.sentence == (
        "Skeptical Sarah takes 5.0 h (SD 4.0, 40 people) to answer “hello” with the behaviour "
        "model, 1.5 h (SD 0.5, 40 people) with the language model"
    )
    assert found.headline == first.sentence


@pytest.mark.parametrize("few", [Moments(1, 5.0, None, None), moments(4, 5.0, 0.0)])
def test_few_answers_have_no_interval(few: Moments) -> None:
    one = PairedMoments(few, moments(9, 1.0, 0.5), 1, -4.0, None)
    found = compared(part(1, 9, moments={"hours": one}))
    hours = next(row for row in found.differences if row.measure == "hours")
    assert (hours.low, hours.high, hours.clear) == (None, None, False)


def test_what_people_did_stands_before_how_long_they_wrote() -> None:
    words = PairedMoments(moments(40, 50.0, 5.0), moments(40, 8.0, 2.0), 40, -42.0, 5.0)
    found = compared(part(31, 12, moments={"words": words}))
    assert [one.measure for one in found.differences] == ["answered", "words"]
    assert all(one.clear for one in found.differences)


def test_how_much_people_differ_is_said() -> None:
    share = PairedMoments(moments(80, 0.4, 0.31), moments(80, 0.5, 0.09), 80, 0.1, 0.3)
    found = compared(part(9, 9, persona=None, step_id=None, moments={"share": share}))
    assert (
        "How much people differ in what they answer: SD 31 points with the behaviour model, "
        "9 with the language model."
    ) in found.notes


def test_sides_are_called_by_what_differs() -> None:
    other = LANGUAGE.model_copy(update={"model": "Sonnet", "number": 3})
    assert side_labels(BEHAVIOUR, LANGUAGE) == ("the behaviour model", "the language model")
    assert side_labels(LANGUAGE, other) == ("Haiku", "Sonnet")
    assert side_labels(BEHAVIOUR, BEHAVIOUR.model_copy(update={"number": 5})) == ("run 1", "run 5")


def test_nothing_done_is_no_difference() -> None:
    assert compared(part(0, 0)).differences == []
    assert compared(part(0, 0)).headline == "Nobody did anything in either run"
    assert compared(part(20, 20)).headline.startswith("No difference")
