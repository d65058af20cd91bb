"""Live experiments: sent to a variant once, taken down once, nobody lost silently."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from core.domain.errors import BadInput, Conflict, NotFound
from core.domain.experiment_life import LiveEvent
from core.domain.experiments import Assignment, Design, Metric
from core.domain.samples import Cell
from core.experiments import Experiments, by_hash, shares_of
from core.experiments.bandits import ROUND
from core.store import LiveRow, ParticipantReading
from core.workbench import Workspace
from tests.core.experiments.conftest import streamed


def running(experiments: Experiments, design: Design) -> str:
    return experiments.start(experiments.create(design, "live").id).id


def bought(contact: str, id: str = "") -> LiveEvent:
    return LiveEvent(contact_id=contact, kind="goal_reached", name="bought", value=9, id=id)


@pytest.fixture
def id(experiments: Experiments) -> str:
    return running(experiments, streamed())


def test_the_same_person_gets_the_same_answer(experiments: Experiments, id: str) -> None:
    first, again = experiments.assign(id, "ann"), experiments.assign(id, "ann", {"country": "de"})
    shares = shares_of(experiments.get(id).design.variants)
    assert first.variant == again.variant == by_hash(id, "ann", shares)
    assert (first.new, again.new) == (True, False)
    assert first.probability == again.probability == 0.5
    assert sum(experiments.participants(id).values()) == 1


def test_somebody_twice_in_a_list_comes_in_once(experiments: Experiments, id: str) -> None:
    found = experiments.assign_all(id, [("ann", {}), ("ben", {}), ("ann", {})])
    assert [one.contact_id for one in found] == ["ann", "ben", "ann"]
    assert found[0].variant == found[2].variant
    assert sum(experiments.participants(id).values()) == 2


def test_events_count_once_and_strangers_are_told(experiments: Experiments, id: str) -> None:
    experiments.assign_all(id, [(f"u{number}", {}) for number in range(40)])
    first = experiments.receive(id, [bought("u1", "e1"), bought("u2", "e2"), bought("u2", "e2")])
    assert (first.kept, first.repeated, first.unknown) == (2, 1, 0)
    second = experiments.receive(id, [bought("u1", "e1"), bought("zoe", "e3"), bought("u3")])
    assert (second.kept, second.repeated, second.unknown) == (1, 1, 1)
    assert second.unknown_contacts == ("zoe",)
    analysis = experiments.look(id)
    assert sum(analysis.participants.values()) == 40
    assert sum(arm.count or 0 for arm in analysis.metrics[0].arms) == 3
    told = next(one for one in analysis.warnings if "in no variant" in one.title)
    assert told.evidence == {"events": 1}
    assert "zoe" in told.text


def test_a_look_without_anybody_says_so(experiments: Experiments, id: str) -> None:
    with pytest.raises(Conflict, match="Nobody has come in"):
        experiments.look(id)


def test_new_events_are_a_new_look(experiments: Experiments, id: str) -> None:
    experiments.assign_all(id, [(f"u{number}", {}) for number in range(40)])
    assert experiments.look(id).number == experiments.look(id).number == 1
    experiments.receive(id, [bought("u1")])
    assert experiments.look(id).number == 2
    assert experiments.get(id).looks == 2


def test_a_look_is_of_one_moment(
    workspace: Workspace,
    experiments: Experiments,
    id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    experiments.assign_all(id, [(f"p{number}", {}) for number in range(40)])
    cells = ParticipantReading.cells

    def meanwhile(self: ParticipantReading, *given: Any, **more: Any) -> list[Cell]:
        found = cells(self, *given, **more)
        experiments.assign(id, f"late-{len(experiments.participants(id))}-{len(arrived)}")
        arrived.append(1)
        return found

    arrived: list[int] = []
    monkeypatch.setattr(ParticipantReading, "cells", meanwhile)
    seen = experiments.look(id)
    assert arrived
    assert seen.people() == 40
    assert {one.n + one.missing for one in seen.metrics[0].arms} == set(seen.participants.values())
    monkeypatch.undo()
    assert experiments.look(id).number == 2
    assert workspace.store.experiments.people(id) == [40, 40 + len(arrived)]


def test_a_stopped_one_lets_nobody_in_but_hears_who_is_in(
    experiments: Experiments, id: str
) -> None:
    experiments.assign(id, "ann")
    experiments.stop(id)
    assert not experiments.assign(id, "ann").new
    with pytest.raises(Conflict, match="nobody new"):
        experiments.assign(id, "ben")
    assert experiments.receive(id, [bought("ann")]).kept == 1
    experiments.resume(id)
    assert experiments.assign(id, "ben").new
    experiments.decide(id, outcome="no_difference", by="person", note="Enough.")
    with pytest.raises(Conflict, match="decided"):
        experiments.receive(id, [bought("ann")])
    with pytest.raises(Conflict):
        experiments.resume(id)


def test_a_draft_and_a_table_send_nobody(experiments: Experiments) -> None:
    draft = experiments.create(streamed(), "live")
    with pytest.raises(Conflict, match="not started"):
        experiments.assign(draft.id, "ann")
    with pytest.raises(Conflict, match="not started"):
        experiments.receive(draft.id, [bought("ann")])
    with pytest.raises(Conflict, match="live"):
        experiments.assign(experiments.create(streamed(), "table").id, "ann")


@pytest.mark.parametrize("contact", ["", "   ", "a" * 201, "two\nlines"])
def test_an_id_must_be_one(experiments: Experiments, id: str, contact: str) -> None:
    with pytest.raises(BadInput):
        experiments.assign(id, contact)


def test_events_are_understood_in_other_words() -> None:
    assert LiveEvent.model_validate({"contact_id": "a", "kind": "opened"}).kind == "read"
    at = LiveEvent.model_validate(
        {"contact_id": "a", "kind": "sent", "at": "2026-01-01T12:00:00+02:00"}
    ).at
    assert at == datetime(2026, 1, 1, 10, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValidationError):
        LiveEvent.model_validate({"contact_id": "a", "kind": "danced"})


def test_strata_are_balanced_one_by_one_and_in_lists(experiments: Experiments) -> None:
    design = streamed(assignment=Assignment(how="stratified", strata=("country",)))
    id = running(experiments, design)
    listed = experiments.assign_all(id, [(f"l{number}", {"country": "de"}) for number in range(31)])
    counts = Counter(one.variant for one in listed)
    assert abs(counts["a"] - counts["b"]) == 1
    for number in range(30):
        for country in ("de", "fr"):
            one = experiments.assign(id, f"{country}{number}", {"country": country})
            assert one.probability in (0.5, 1.0)
    live = experiments.participants(id)
    assert abs(live["a"] - live["b"]) <= 1


def test_a_bandit_learns_and_records_how_likely_everybody_was(experiments: Experiments) -> None:
    id = running(experiments, streamed(assignment=Assignment(how="bandit", salt="s")))
    for round in range(4):
        names = [f"{round}-{number}" for number in range(ROUND)]
        found = experiments.assign_all(id, [(name, {}) for name in names])
        assert len({one.probability for one in found}) <= 2
        if round == 0:
            assert {one.probability for one in found} == {0.5}
        good = [one for one in found if one.variant == "b"]
        experiments.receive(id, [bought(one.contact_id) for one in good[: len(good) // 2 + 1]])
    found = experiments.assign_all(id, [(f"4-{number}", {}) for number in range(ROUND)])
    likely = {one.variant: one.probability for one in found}
    assert likely["b"] > 0.9
    reading = experiments.bandit(id)
    assert reading is not None
    assert not reading.known
    assert "Who has no outcome yet counts as none" in reading.method
    assert [sum(one.people.values()) for one in reading.rounds] == [ROUND] * 5
    assert reading.rounds[-1].shares["b"] == likely["b"]
    assert reading.effects[0].variant == "b"
    assert reading.arms[0].n + reading.arms[1].n == 5 * ROUND
    assert reading.arms[0].low is None
    lucky = next(one for one in found if one.variant == "a")
    experiments.receive(id, [bought(lucky.contact_id)])
    honest = experiments.bandit(id)
    assert honest is not None
    span = honest.effects[0].absolute
    assert span is not None
    assert span.low < span.value < span.high


def test_deleting_takes_the_events_away(
    workspace: Workspace, experiments: Experiments, id: str
) -> None:
    experiments.assign(id, "ann")
    experiments.receive(id, [bought("ann"), bought("zoe")])
    experiments.delete(id)
    assert workspace.events.counts(id) == {}
    assert workspace.store.facts.get(f"experiments.strangers.{id}") is None


CSV = """contact_id,kind,variant,name,at,country
ann,entered,a,,2026-01-01 10:00:00,de
ben,entered,b,,2026-01-01 10:00:00,fr
ann,goal_reached,,bought,2026-01-02 10:00:00,
zoe,goal_reached,,bought,2026-01-02 10:00:00,
"""


def imported(workspace: Workspace, folder: Path, text: str) -> str:
    (folder / "events.csv").write_text(text, "utf-8")
    return workspace.datasets.add_file(folder / "events.csv", "events.csv").id


def test_events_come_as_a_table_and_count_once(
    workspace: Workspace, experiments: Experiments, id: str, tmp_path: Path
) -> None:
    dataset = imported(workspace, tmp_path, CSV)
    found = experiments.import_events(id, dataset)
    assert (found.kept, found.unknown) == (3, 1)
    assert experiments.participants(id) == {"a": 1, "b": 1}
    again = experiments.import_events(id, dataset)
    assert (again.kept, again.repeated) == (0, 3)
    assert experiments.assign(id, "ben").variant == "b"


@pytest.mark.parametrize(
    "text",
    [
        "who,kind\nann,sent\n",
        "contact_id,kind\nann,danced\n",
        "contact_id,kind,variant\nann,entered,nobody\n",
    ],
)
def test_a_table_that_is_no_events_is_refused(
    workspace: Workspace, experiments: Experiments, id: str, tmp_path: Path, text: str
) -> None:
    with pytest.raises(BadInput):
        experiments.import_events(id, imported(workspace, tmp_path, text))
    assert experiments.participants(id) == {"a": 0, "b": 0}
    with pytest.raises(NotFound):
        experiments.import_events(id, "d-nothing")


@pytest.mark.parametrize(
    "told",
    [
        {"value": 1e16},
        {"value": float("inf")},
        {"payload": {"value": "inf"}},
        {"payload": {"value": 1e300}},
        {"payload": {"hours": "soon"}},
        {"payload": {"more": {"x": float("nan")}}},
    ],
)
def test_an_event_without_a_figure_that_can_be_added_up_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LiveEvent.model_validate({"contact_id": "ann", "kind": "goal_reached", **told})


def test_figures_that_were_kept_before_they_were_checked_are_missing(
    workspace: Workspace, experiments: Experiments
) -> None:
    spent = Metric(id="spent", kind="revenue", value="revenue")
    id = running(experiments, streamed(metrics=(*streamed().metrics, spent)))
    people = experiments.assign_all(id, [(f"p{number}", {}) for number in range(40)])
    for one, value in zip(people, ["inf", "1e400", -1e308, 9.0], strict=False):
        payload = {"name": "bought", "value": value}
        workspace.store.live.append(
            id, [LiveRow(one.contact_id, one.variant, "goal_reached", payload)]
        )
    arms = {one.metric: one.arms for one in experiments.look(id).metrics}
    assert sum(arm.count or 0 for arm in arms["bought"]) == 4
    assert sum(arm.value * arm.n for arm in arms["spent"] if arm.value) == pytest.approx(9)


def test_what_is_known_of_somebody_can_be_kept(experiments: Experiments, id: str) -> None:
    with pytest.raises(BadInput, match="'ann' must hold text and finite numbers"):
        experiments.assign(id, "ann", {"age": float("nan")})
    assert experiments.participants(id) == {"a": 0, "b": 0}


def test_events_before_and_far_ahead_are_told(experiments: Experiments, id: str) -> None:
    experiments.assign(id, "ann")
    moments = (datetime(1900, 1, 1), datetime(2999, 1, 1), None)
    events = [
        LiveEvent(contact_id="ann", kind="goal_reached", name="bought", at=at) for at in moments
    ]
    found = experiments.receive(id, events)
    assert (found.kept, found.early, found.ahead) == (3, 1, 1)
