"""The director: same seed, same events, however the work is split; and nobody gets lost."""

from __future__ import annotations

import asyncio
import json
import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loky import ProcessPoolExecutor

from core.cast import built_in_personas
from core.cast.people import copies
from core.domain.events import EVENT_KINDS, Event
from core.domain.populations import CastLine, Person
from core.rehearsal import Script, Stage, play_batch
from core.settings import Settings
from tests.support.flow_documents import flow_documents

PERSONAS = built_in_personas(Settings().data / "samples" / "personas")
SAMPLES = sorted((Settings().data / "samples" / "flows").glob("*.yaml"))


def script(document: dict[str, Any], seed: int = 7) -> Script:
    personas = {id: persona.model_dump() for id, persona in PERSONAS.items()}
    return Script(document=document, personas=personas, parameters={}, seed=seed, twins={})


def people(number: int = 1, seed: int = 7) -> list[Person]:
    cast = [CastLine(persona=id, copies=number) for id in PERSONAS]
    return list(copies(cast, PERSONAS, seed))


def play(document: dict[str, Any], who: list[Person] | None = None, seed: int = 7) -> pa.Table:
    return asyncio.run(Stage(script(document, seed)).play(who or people())).events


def sample() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(Path(SAMPLES[0]).read_text("utf-8"))
    return document


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(flow_documents())
def test_at_every_step_who_left_and_who_stopped_are_who_entered(document: dict[str, Any]) -> None:
    rows = play(document).to_pylist()
    entered = Counter(row["step_id"] for row in rows if row["kind"] == "stepped")
    left = Counter(row["step_id"] for row in rows if row["kind"] == "branched")
    stopped = Counter(row["step_id"] for row in rows if row["kind"] == "ended")
    assert entered == left + stopped
    arrived = Counter(json.loads(row["payload"])["to"] for row in rows if row["kind"] == "branched")
    arrived[document["start"]] += len(people())
    assert arrived == entered


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(flow_documents())
def test_the_log_of_each_person_is_whole_and_in_order(document: dict[str, Any]) -> None:
    by_contact: dict[str, list[dict[str, Any]]] = {}
    for row in play(document).to_pylist():
        by_contact.setdefault(row["contact_id"], []).append(row)
    assert len(by_contact) == len(people())
    for rows in by_contact.values():
        assert [row["seq"] for row in rows] == list(range(len(rows)))
        assert [row["simulated_at"] for row in rows] == sorted(row["simulated_at"] for row in rows)
        assert (rows[0]["kind"], rows[-1]["kind"]) == ("entered", "ended")
        kinds = [row["kind"] for row in rows]
        assert set(kinds) <= set(EVENT_KINDS)
        if "opted_out" in kinds:
            assert "sent" not in kinds[kinds.index("opted_out") :]
        sent = Counter(row["step_id"] for row in rows if row["kind"] == "sent")
        replied = Counter(row["step_id"] for row in rows if row["kind"] == "replied")
        assert all(replied[step] <= sent[step] for step in replied), "at most one reply a message"
        for row in rows:
            payload = json.loads(row["payload"])
            Event(**{**row, "payload": payload, "run_id": "r", "occurred_at": row["simulated_at"]})


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(flow_documents(), st.randoms(use_true_random=False))
def test_the_order_of_the_work_does_not_matter(document: dict[str, Any], random: Any) -> None:
    straight = play(document).to_pylist()
    shuffled = people()
    random.shuffle(shuffled)
    middle = len(shuffled) // 2
    halves = (shuffled[:middle], shuffled[middle:])
    pieces = [row for half in halves for row in play(document, half).to_pylist()]
    order = {row: position for position, row in enumerate(person.id for person in people())}
    pieces.sort(key=lambda row: (order[row["contact_id"]], row["seq"]))
    assert pieces == straight


def test_four_processes_give_the_events_of_one() -> None:
    packed = pickle.dumps(script(sample()))
    who = people(12)
    alone = play_batch(packed, who).events
    with ProcessPoolExecutor(max_workers=4) as pool:
        quarters = [who[start : start + 21] for start in range(0, len(who), 21)]
        played = pool.map(play_batch, [packed] * len(quarters), quarters)
        together = pa.concat_tables(part.events for part in played)
    assert together.equals(alone)


def test_another_seed_gives_other_events() -> None:
    assert not play(sample(), seed=7).equals(play(sample(), seed=8))


def test_a_step_that_is_inserted_changes_only_what_comes_after_it() -> None:
    """Common random numbers: what happened before the new step happens again, to the letter."""
    first = {
        "id": "a",
        "type": "send_email",
        "next": "w",
        "config": {"subject": "S", "body": "Hi?"},
    }
    wait = {"id": "w", "type": "wait_for_reply", "config": {"timeout": "2d"}}
    last = {"id": "b", "type": "send_sms", "config": {"body": "Are you there?"}}
    ways = {"on_reply": "b", "on_timeout": "b"}
    before = {"name": "x", "steps": [first, {**wait, **ways}, last]}
    tag = {"id": "t", "type": "tag", "config": {"add": ["x"]}, "next": "b"}
    after = {
        "name": "x",
        "steps": [first, {**wait, "on_reply": "t", "on_timeout": "t"}, tag, last],
    }

    def about(document: dict[str, Any], step: str) -> list[tuple[Any, ...]]:
        return [
            (row["contact_id"], row["kind"], row["simulated_at"], row["body"])
            for row in play(document).to_pylist()
            if row["step_id"] == step and row["kind"] not in ("branched", "ended")
        ]

    for step in ("a", "w", "b"):
        assert about(before, step) == about(after, step)


def test_two_variants_meet_the_same_people_in_the_same_mood() -> None:
    """Who opens a message does not depend on the words inside it."""

    def readers(body: str) -> set[str]:
        step = {"id": "a", "type": "send_email", "config": {"subject": "S", "body": body}}
        table = play({"name": "x", "steps": [step]}, people(30))
        return {row["contact_id"] for row in table.to_pylist() if row["kind"] == "read"}

    one, other = readers("Shall I keep a seat for you?"), readers("There is a seat for you.")
    assert len(one ^ other) <= 0.05 * len(people(30))
