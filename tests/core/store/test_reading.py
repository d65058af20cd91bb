"""Questions to the event log, against the same questions answered by hand."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from core.domain.runs import Run
from core.store.reading import Reading
from tests.support.synthetic import Theatre, table

FLOW = {
    "name": "Everything",
    "start": "hello",
    "steps": [
        {"id": "hello", "type": "send_email", "config": {"subject": "S", "body": "B"}, "next": "w"},
        {
            "id": "w",
            "type": "wait_for_reply",
            "config": {"timeout": "2d"},
            "on_reply": "twin",
            "on_timeout": "again",
        },
        {"id": "twin", "type": "twin_reply", "config": {"instructions": "I"}, "next": "w"},
        {"id": "again", "type": "send_sms", "config": {"body": "Hi"}, "next": "luck"},
        {
            "id": "luck",
            "type": "split",
            "config": {"arms": [{"name": "a", "next": "book"}, {"name": "b", "next": "hello"}]},
        },
        {"id": "book", "type": "goal", "config": {"name": "booked"}, "next": "call"},
        {"id": "call", "type": "goal", "config": {"name": "called"}, "next": "done"},
        {"id": "done", "type": "end", "config": {}},
    ],
}


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    made = Theatre(tmp_path_factory.mktemp("reading"), copies=20)
    made.write_flow(FLOW)
    yield made
    made.close()


@pytest.fixture(scope="module")
def run(theatre: Theatre) -> Run:
    return theatre.play(seed=3)


@pytest.fixture
def reading(theatre: Theatre) -> Reading:
    return Reading(theatre.store.database)


def rows_of(theatre: Theatre, run: Run, *kinds: str) -> list[dict[str, Any]]:
    return [row for row in theatre.rows[run.id] if row["kind"] in kinds]


def test_sums_of_each_persona(theatre: Theatre, run: Run, reading: Reading) -> None:
    sums = {one.persona: one for one in reading.personas(run.id)}
    assert list(sums) == ["cold-carl", "eager-eddie", "price-conscious-pam", None]
    sent = Counter(row["contact_id"] for row in rows_of(theatre, run, "sent"))
    everybody = [row["contact_id"] for row in rows_of(theatre, run, "entered")]
    counts = [sent[contact] for contact in everybody]
    whole = sums[None]
    assert whole.people == 60
    assert whole.messages.mean == pytest.approx(statistics.mean(counts))
    assert whole.messages.sd == pytest.approx(statistics.stdev(counts))
    quartiles = statistics.quantiles(counts, n=4, method="inclusive")
    assert whole.messages.quartiles == pytest.approx(quartiles)
    for name in ("people", "opened", "clicked", "answered", "goal", "opted_out", "silent"):
        parts = [getattr(one, name) for key, one in sums.items() if key is not None]
        assert sum(parts) == getattr(whole, name), name
    assert whole.sent_after == 0


def test_words_and_questions_are_means_over_people(
    theatre: Theatre, run: Run, reading: Reading
) -> None:
    said: dict[str, list[str]] = {}
    for row in rows_of(theatre, run, "replied"):
        said.setdefault(row["contact_id"], []).append(row["body"])
    words = [statistics.mean(len(body.split(" ")) for body in bodies) for bodies in said.values()]
    asked = [statistics.mean(body.count("?") for body in bodies) for bodies in said.values()]
    whole = reading.personas(run.id)[-1]
    assert (whole.words.n, whole.replies.n) == (len(said), 60)
    assert whole.words.mean == pytest.approx(statistics.mean(words))
    assert whole.questions.mean == pytest.approx(statistics.mean(asked))


def test_replies_and_their_delays(theatre: Theatre, run: Run, reading: Reading) -> None:
    counts, delays = reading.replies(run.id)
    replies = rows_of(theatre, run, "replied")
    hours = [row["payload"]["hours"] for row in replies]
    assert delays[None] == pytest.approx(statistics.median(hours))
    to_hello = [row["payload"]["hours"] for row in replies if row["step_id"] == "hello"]
    assert delays["hello"] == pytest.approx(statistics.median(to_hello))
    assert sum(row.count for row in counts) == len(replies)
    late = sum(row["payload"]["late"] for row in replies)
    assert sum(row.count for row in counts if row.late) == late > 0


def test_goals_failures_and_stops(theatre: Theatre, run: Run, reading: Reading) -> None:
    reached = {row["contact_id"] for row in rows_of(theatre, run, "goal_reached")}
    unsure = {row["contact_id"] for row in rows_of(theatre, run, "engine_failed")}
    acts = ("read", "clicked", "replied", "ignored", "opted_out")
    unknown = unsure - {row["contact_id"] for row in rows_of(theatre, run, *acts)}
    for out, whom in ((None, set()), ("unsure", unsure), ("unknown", unknown)):
        goals = {row.name: row.people for row in reading.goals(run.id, out) if row.persona is None}
        assert goals["booked"] == len(reached - whom)
    found = reading.unanswered(run.id)
    assert sum(some.people for some in found) == len(unsure) > 0
    assert sum(some.people for some in found if not some.known) == len(unknown)
    failed = Counter(
        (row["step_id"], row["payload"].get("reason") or row["payload"]["status"])
        for row in rows_of(theatre, run, "failed", "engine_failed")
    )
    assert {(f.step_id, f.reason): f.count for f in reading.failures(run.id)} == failed
    ended = Counter(
        (row["step_id"], row["payload"]["reason"]) for row in rows_of(theatre, run, "ended")
    )
    assert {(s.step_id, s.reason): s.count for s in reading.stops(run.id)} == ended


def test_evidence(theatre: Theatre, run: Run, reading: Reading) -> None:
    replies = rows_of(theatre, run, "replied")
    asked = {r["contact_id"] for r in replies if r["payload"]["intent"] == "price_question"}
    askers = reading.askers(run.id, "price_question")
    unsure = {row["contact_id"] for row in rows_of(theatre, run, "engine_failed")}
    assert sum(people for _, people, _ in askers) == len(asked)
    sent = rows_of(theatre, run, "sent")
    early = {
        row["contact_id"]
        for row in sent
        if row["step_id"] == "hello" and not 8 <= row["payload"]["local_hour"] < 21
    }
    hours = {step: people for step, people, _ in reading.odd_hours(run.id, 8, 21)}
    assert hours["hello"] == len(early)
    gaps = [row for row in sent if row["payload"].get("answers") is False]
    assert reading.twin_gaps(run.id, ["twin"])[0][2] == len(gaps)
    goal = {row["contact_id"] for row in rows_of(theatre, run, "goal_reached")}
    spoke = {row["contact_id"] for row in replies}
    assert sum(count for _, count in reading.left_without_goal(run.id)) == len(
        spoke - goal - unsure
    )


def test_a_message_after_an_opt_out_is_seen(theatre: Theatre, reading: Reading) -> None:
    rows = theatre.rows[theatre.play(seed=3).id]
    gone = next(row for row in rows if row["kind"] == "opted_out")
    bad = {**gone, "kind": "sent", "step_id": "again", "seq": gone["seq"] + 1_000, "body": "Hi"}
    kept = theatre.keep([{**row, "payload": "{}"} for row in (gone, bad)], 0)
    assert [(v.step_id, v.visits) for v in reading.sent_after_opt_out(kept.id)] == [("again", 1)]


def test_people_can_be_narrowed_and_sorted(theatre: Theatre, run: Run, reading: Reading) -> None:
    total, rows = reading.people(run.id, run.population_id, limit=5)
    assert (total, [row.contact_id for row in rows][:2]) == (
        60,
        ["eager-eddie-0001", "eager-eddie-0002"],
    )
    assert rows[0].name == "Eddie Number 1"
    total, rows = reading.people(
        run.id, run.population_id, persona="cold-carl", sort="messages", descending=True
    )
    sent = [row.sent for row in rows]
    assert (total, sent) == (20, sorted(sent, reverse=True))
    total, rows = reading.people(run.id, run.population_id, outcome="called", limit=100)
    assert total == len(rows) and all("called" in row.goals for row in rows)
    assert total == reading.people(run.id, run.population_id, outcome="called", offset=90)[0]
    assert reading.people(run.id, run.population_id, text="pam number 12")[0] == 1
    total, rows = reading.people(run.id, run.population_id, text="really?", limit=100)
    said = {r["contact_id"] for r in rows_of(theatre, run, "replied") if "Really?" in r["body"]}
    assert {row.contact_id for row in rows} == said
    assert reading.people(run.id, run.population_id, text="'; drop table events; --")[0] == 0


def test_visits_hold_what_came_of_them(theatre: Theatre, run: Run, reading: Reading) -> None:
    contact = rows_of(theatre, run, "replied")[0]["contact_id"]
    mine = [row for row in theatre.rows[run.id] if row["contact_id"] == contact]
    visits = reading.visit_page(run.id, ["hello", "again", "twin"], contact)
    assert [v.seq for v in visits] == [
        row["seq"] for row in mine if row["kind"] == "stepped" and row["step_id"] not in IDLE
    ]
    for visit in visits:
        about = [
            row["kind"]
            for row in mine
            if row["step_id"] == visit.step_id and row["payload"].get("visit") == visit.visit
        ]
        assert visit.was_read == ("read" in about)
        assert (visit.reply_payload is not None) == ("replied" in about)


IDLE = {"w", "luck", "book", "call", "done"}


def test_the_same_people_in_two_runs(theatre: Theatre, run: Run, reading: Reading) -> None:
    other = theatre.play(seed=4)
    paired = reading.paired(run.id, other.id)
    assert paired.people == 60
    booked = [
        {row["contact_id"] for row in rows_of(theatre, one, "goal_reached")} for one in (run, other)
    ]
    goal = next(count for count in paired.counts if count.name == "goal")
    assert (goal.a, goal.b) == (len(booked[0]), len(booked[1]))
    assert goal.only_a == len(booked[0] - booked[1]) and goal.only_b == len(booked[1] - booked[0])
    assert goal.only_a_people == tuple(sorted(booked[0] - booked[1])[:50])
    same = reading.paired(run.id, run.id)
    assert (same.difference, same.difference_sd) == (0, 0)
    assert all(count.only_a == count.only_b == 0 for count in same.counts)


def test_one_moment_does_not_see_what_is_committed_meanwhile(theatre: Theatre) -> None:
    first = theatre.play(seed=5, only=3)
    more = [{**row, "payload": "{}"} for row in theatre.rows[first.id]]
    with Reading.one_moment(theatre.store.database) as reading:
        before = reading.step_counts(first.id)
        theatre.store.events.append(first.id, table(more), 6)
        assert reading.step_counts(first.id) == before
    after = Reading(theatre.store.database).step_counts(first.id)
    assert sum(row.count for row in after) == 2 * sum(row.count for row in before)
