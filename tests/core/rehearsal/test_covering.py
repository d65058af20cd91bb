"""Coverage from a run's events, from tests, and from a search; and its XML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from lxml import etree

from core.domain.coverage import FlowCoverage, WayCoverage, Witness
from core.domain.errors import BadInput
from core.domain.flow_tests import ScriptedReply
from core.flows import all_ways, compile_flow, read_flow
from core.rehearsal import Seen, Trials, cobertura, cover, searched, shipped_backstage, witness_test
from core.rehearsal.cobertura import step_lines
from core.rehearsal.covering import taken_in
from core.rehearsal.testing import Together, outcomes_of, walk_of
from core.settings import Settings
from core.store import Reading
from core.workbench import Workspace
from tests.support.synthetic import Theatre

BACKSTAGE = shipped_backstage(Settings().data / "samples")
TEXT = """\
# what is asked
name: Ages
steps:
  - id: ask
    type: send_web
    config: {body: "Hello?"}
    next: wait
  - {id: wait, type: wait_for_reply, config: {timeout: 2d}, on_reply: sort, on_timeout: sort}
  - id: sort
    type: condition
    config:
      branches:
        - {when: 'reply.intent == "interested"', next: won}
        - {when: 'contact.age > 200 && contact.age < 100', next: never}
      else: lost
  - {id: won, type: goal, config: {name: won}}
  - {id: never, type: goal, config: {name: never}}
  - {id: lost, type: end}
tests:
  - {contact: {}, replies: [{text: "yes", intent: interested, sentiment: positive}],
     expect: {goal: won}}
  - {contact: {}, expect: {goal: won}}
"""
DTD = """
<!ELEMENT coverage (sources?,packages)>
<!ATTLIST coverage line-rate CDATA #REQUIRED branch-rate CDATA #REQUIRED
  lines-covered CDATA #REQUIRED lines-valid CDATA #REQUIRED branches-covered CDATA #REQUIRED
  branches-valid CDATA #REQUIRED complexity CDATA #REQUIRED version CDATA #REQUIRED
  timestamp CDATA #REQUIRED>
<!ELEMENT sources (source*)><!ELEMENT source (#PCDATA)>
<!ELEMENT packages (package*)><!ELEMENT package (classes)>
<!ATTLIST package name CDATA #REQUIRED line-rate CDATA #REQUIRED branch-rate CDATA #REQUIRED
  complexity CDATA #REQUIRED>
<!ELEMENT classes (class*)><!ELEMENT class (methods,lines)>
<!ATTLIST class name CDATA #REQUIRED filename CDATA #REQUIRED line-rate CDATA #REQUIRED
  branch-rate CDATA #REQUIRED complexity CDATA #REQUIRED>
<!ELEMENT methods (method*)><!ELEMENT method (lines)>
<!ATTLIST method name CDATA #REQUIRED signature CDATA #REQUIRED line-rate CDATA #REQUIRED
  branch-rate CDATA #REQUIRED complexity CDATA #REQUIRED>
<!ELEMENT lines (line*)><!ELEMENT line (conditions*)>
<!ATTLIST line number CDATA #REQUIRED hits CDATA #REQUIRED branch CDATA "false"
  condition-coverage CDATA "100%">
<!ELEMENT conditions (condition*)><!ELEMENT condition EMPTY>
<!ATTLIST condition number CDATA #REQUIRED type CDATA #REQUIRED coverage CDATA #REQUIRED>
"""
"""What the DTD coverage-04 of Cobertura allows."""


@pytest.fixture
def document(workspace: Workspace) -> dict[str, Any]:
    return workspace.flows.read(TEXT)


@pytest.fixture
def theatre(tmp_path: Path) -> Iterator[Theatre]:
    made = Theatre(tmp_path, copies=10)
    yield made
    made.close()


def by_way(found: FlowCoverage) -> dict[tuple[str, str], WayCoverage]:
    return {(row.step, row.way): row for row in found.rows}


def test_tests_are_counted_apart(document: dict[str, Any]) -> None:
    trials = Trials(document, BACKSTAGE)
    found = cover(trials.flow, Seen(tests=trials.run().rows))
    rows = by_way(found)
    assert (found.steps, found.ways, found.timeouts) == ((5, 6), (6, 8), (1, 1))
    assert found.passing and found.passing.ways == (4, 8)
    assert found.failing and found.failing.ways == (3, 8)
    assert (rows["wait", "on_timeout"].passing, rows["wait", "on_timeout"].failing) == (0, 1)
    assert (rows["ask", "next"].passing, rows["ask", "next"].failing) == (1, 1)
    assert found.people == {"ask": 2, "wait": 2, "sort": 2, "won": 1, "never": 0, "lost": 1}
    assert rows["sort", "branch:1"].reason == "Nobody took it in the tests"


def test_outcomes_of_conditions(document: dict[str, Any]) -> None:
    trials = Trials(document, BACKSTAGE)
    found = cover(trials.flow, Seen(tests=trials.run().rows))
    first, second = found.conditions
    assert (first.held, first.failed, first.raised) == (1, 0, 1), (
        "no reply: it cannot be worked out"
    )
    assert (second.held, second.failed, second.raised) == (0, 1, 0)
    assert found.outcomes == (3, 4)


def test_a_branch_that_held_tells_of_those_before_it_alone(document: dict[str, Any]) -> None:
    flow = compile_flow(document)
    error = f"{flow.steps['sort'].conditions[0].source}: no such key"
    left = {("sort", "branch:1", error): 2, ("sort", "branch:0", None): 3, ("ask", "next", None): 9}
    ((step, rows),) = outcomes_of(flow, left).items()
    assert step == "sort"
    assert [(one.held, one.failed, one.raised) for one in rows] == [(3, 0, 2), (2, 0, 0)]


@pytest.mark.parametrize("name", ["re_engagement", "coaching_six_weeks"])
def test_a_runs_events_give_what_its_people_gave(theatre: Theatre, name: str) -> None:
    """SQL over stored events and the sums in memory agree, whatever happened."""
    text = (Settings().data / "samples" / "flows" / f"{name}.yaml").read_text("utf-8")
    version = theatre.write_flow(read_flow(text))
    run = theatre.play(version)
    flow = theatre.compiled(run.flow_id, version)
    with Reading.one_moment(theatre.store.database) as reading:
        stored = taken_in(reading, run.id, flow)
    together = Together(flow)
    rows: dict[str, list[Any]] = {}
    for event in theatre.store.events.page(run.id, limit=100_000):
        payload = orjson.dumps(event.payload).decode()
        row = (event.seq, 0, event.actor, event.kind, event.step_id, None, None, payload)
        rows.setdefault(event.contact_id, []).append(row)
    for contact, happened in rows.items():
        together.add(walk_of(contact, happened))
    assert stored == together.taken()


def test_what_was_reached_is_reached_whatever_is_said(document: dict[str, Any]) -> None:
    trials = Trials(document, BACKSTAGE)
    liar = [
        WayCoverage(step=step, way=way.name, verdict="unreachable", reason="so I say")
        for step, way in all_ways(trials.flow)
    ]
    rows = by_way(cover(trials.flow, Seen(tests=trials.run().rows, solved=liar)))
    assert rows["sort", "branch:0"].verdict == "reached"
    assert rows["sort", "branch:0"].reason == "somebody in 1 test took it"
    assert (rows["sort", "branch:1"].verdict, rows["sort", "branch:1"].reason) == (
        "unreachable",
        "so I say",
    )


def test_a_search_tells_of_the_rest_and_its_people_hold(document: dict[str, Any]) -> None:
    flow = compile_flow(document)
    found = cover(flow, Seen(solved=searched(flow)))
    rows = by_way(found)
    assert rows["sort", "branch:1"].verdict == "unreachable"
    with_witness = [row for row in found.rows if row.witness]
    assert {row.verdict for row in with_witness} == {"reachable"} and len(with_witness) == 6
    tests = [witness_test(row).model_dump(exclude_none=True) for row in with_witness]
    results = Trials({**document, "tests": tests}, BACKSTAGE).run().results
    assert [one.status for one in results] == ["passed"] * 6


def test_a_witness_becomes_a_row_that_holds_its_way() -> None:
    reply = ScriptedReply(text="yes")
    row = WayCoverage(
        step="a:b", way="on_reply", label="answers", verdict="reachable",
        witness=Witness(contact={"age": 3}, replies=[reply], seed=11),
    )  # fmt: skip
    made = witness_test(row)
    assert (made.name, made.contact, made.replies) == ("Takes a:b: answers", {"age": 3}, [reply])
    assert (made.seed, made.expect.ways) == (11, ["a:b:on_reply"])
    assert witness_test(row, "Mine").name == "Mine"
    with pytest.raises(BadInput, match="Nobody is known"):
        witness_test(row.model_copy(update={"witness": None}))


def test_nothing_looked_at_says_so(document: dict[str, Any]) -> None:
    found = cover(compile_flow(document), Seen())
    assert found.ways == (0, 8) and found.passing is None
    assert {row.reason for row in found.rows} == {"No rehearsal and no test was looked at"}


def test_coverage_of_a_kept_flow(workspace: Workspace, document: dict[str, Any]) -> None:
    flow = workspace.flows.create(document, text=TEXT)
    cast = workspace.populations.from_words("Eager Eddie", 10, 7)
    run = workspace.rehearsals.play(workspace.rehearsals.prepare(flow.id, cast.id).id)
    found = workspace.flow_tests.cover_flow(flow.id, run=run.id)
    rows = by_way(found)
    assert rows["ask", "next"].people == 10
    assert rows["ask", "next"].reason == "10 people of rehearsal 1 took it"
    assert found.failing is None
    both = workspace.flow_tests.cover_flow(flow.id, run=str(run.number), tests=True)
    assert both.people["ask"] == 12
    assert workspace.flow_tests.last(flow.id) is not None, "its tests were played and kept"
    assert by_way(workspace.flow_tests.cover_document(document, run=run.id)) == rows
    for wrong in ("r-nothere", "99"):
        with pytest.raises(BadInput, match="of this flow"):
            workspace.flow_tests.cover_flow(flow.id, run=wrong)


def drawn(document: dict[str, Any], text: str, **more: Any) -> Any:
    trials = Trials(document, BACKSTAGE)
    found = cover(trials.flow, Seen(tests=trials.run().rows))
    given = {"name": "Ages", "filename": "ages.yaml", "version": "1", **more}
    xml = cobertura(found, text, at=datetime(2026, 1, 5, tzinfo=UTC), **given)
    root = etree.fromstring(xml.encode(), etree.XMLParser(no_network=True, load_dtd=False))
    dtd = etree.DTD(StringIO(DTD))
    assert dtd.validate(root), dtd.error_log
    assert root.getroottree().docinfo.system_url.endswith("coverage-04.dtd")
    return root


def test_the_xml_is_what_cobertura_allows_and_adds_up(document: dict[str, Any]) -> None:
    root = drawn(document, TEXT)
    lines = {int(line.get("number")): line for line in root.iter("line")}
    assert list(lines) == [4, 8, 9, 16, 17, 18]
    assert [int(line.get("hits")) for line in lines.values()] == [2, 2, 2, 1, 0, 1]
    assert (root.get("lines-covered"), root.get("lines-valid")) == ("5", "6")
    assert (root.get("branches-covered"), root.get("branches-valid")) == ("4", "5")
    assert lines[9].get("condition-coverage") == "66% (2/3)"
    assert [one.get("coverage") for one in lines[9].iter("condition")] == ["100%", "0%", "100%"]
    assert lines[4].get("branch") == "false" and len(lines[4]) == 0
    (one,) = root.iter("class")
    assert (one.get("name"), one.get("filename")) == ("Ages", "ages.yaml")


def test_the_lines_are_those_of_the_steps() -> None:
    assert step_lines(TEXT) == {"ask": 4, "wait": 8, "sort": 9, "won": 16, "never": 17, "lost": 18}
    assert step_lines('{"name": "x", "steps": [\n {"id": "a"},\n {"id": "b"}]}') == {"a": 2, "b": 3}
    asks = "steps:\n  - {id: a, config: {body: How?, x: 1}}\n"
    assert step_lines(asks) == {"a": 2}
    assert step_lines("{") == step_lines("- 1") == step_lines("") == {}


def test_steps_on_one_line_are_as_covered_as_the_least(document: dict[str, Any]) -> None:
    root = drawn(document, orjson.dumps(document).decode())
    (line,) = root.iter("line")
    assert (line.get("number"), line.get("hits")) == ("1", "0")
    assert line.get("condition-coverage") == "80% (4/5)"


def test_text_of_others_is_no_markup(document: dict[str, Any]) -> None:
    root = drawn(document, TEXT, name='<b a="1">&\x00', filename='"x".yaml')
    (one,) = root.iter("class")
    assert (one.get("name"), one.get("filename")) == ('<b a="1">&', '"x".yaml')
