"""``greenroom coverage`` and ``greenroom test``: files, stored flows, exit codes, XML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from core.workbench import Workbench
from tests.conftest import TWO_STEPS
from tests.support.command_line import Cli, cli, held, home

__all__ = ["cli", "held", "home"]
YES = {"text": "Yes", "intent": "interested", "sentiment": "positive"}
PASSES = {"name": "Says yes", "contact": {}, "replies": [YES], "expect": {"goal": "booked"}}
FAILS = {"name": "Is silent", "contact": {}, "expect": {"goal": "booked"}}


def written(folder: Path, *tests: dict[str, Any], **more: Any) -> str:
    path = folder / "flow.json"
    path.write_text(json.dumps({**TWO_STEPS, "tests": list(tests), **more}))
    return str(path)


@pytest.fixture
def open_rate(home: Path) -> dict[str, Any]:
    """A test whose threshold is the share that 20 people show: nobody can tell."""
    return {"persona": "Eager Eddie", "expect": {"goal": "booked", "at_least": 0.5}}


def test_a_row_for_each_way(cli: Cli, home: Path, tmp_path: Path) -> None:
    code, out, error = cli("coverage", written(tmp_path, PASSES), "--tests", "--solve", "--json")
    rows = json.loads(out)
    assert (code, error) == (0, "")
    assert [(row["step"], row["way"], row["verdict"]) for row in rows] == [
        ("hello", "next", "reached"),
        ("wait", "on_reply", "reached"),
        ("wait", "on_timeout", "reachable"),
        ("sort", "branch:0", "reached"),
        ("sort", "else", "reachable"),
        ("book", "next", "reached"),
    ]
    assert all(row["reason"] for row in rows)
    assert set(rows[2]["witness"]) >= {"contact", "replies"}
    assert not home.exists(), "a file needs no home"


def test_without_a_search_the_rest_is_unknown(cli: Cli, tmp_path: Path) -> None:
    _, out, _ = cli("coverage", written(tmp_path, PASSES), "--tests", "--json")
    unknown = [row for row in json.loads(out) if row["verdict"] == "unknown"]
    assert [row["way"] for row in unknown] == ["on_timeout", "else"]
    assert {row["reason"] for row in unknown} == {"Nobody took it in the tests"}
    assert {row["witness"] for row in unknown} == {None}


def test_a_table_for_people(cli: Cli, tmp_path: Path) -> None:
    code, out, _ = cli("coverage", written(tmp_path))
    assert code == 0 and "No rehearsal and no test was looked at" in out
    assert "Reached: 0 of 5 steps, 0 of 6 ways" in out


def test_a_run_of_a_stored_flow(cli: Cli, home: Path, tmp_path: Path) -> None:
    path = written(tmp_path, PASSES)
    _, out, _ = cli("rehearse", path, "--cast", "Cold Carl", "--copies", "3", "--json")
    run = json.loads(out)["run_id"]
    code, out, _ = cli("coverage", "two-steps", "--run", run, "--json")
    rows = {(row["step"], row["way"]): row for row in json.loads(out)}
    assert code == 0 and rows["hello", "next"]["people"] == 3
    by_number = cli("coverage", path, "--run", "1", "--json")[1]
    assert json.loads(by_number) == json.loads(out), "a file with a run of its flow"
    xml = tmp_path / "coverage.xml"
    code, _, _ = cli("coverage", "two-steps", "--run", run, "--xml", str(xml))
    (one,) = ElementTree.parse(xml).getroot().iter("class")
    assert code == 0 and one.get("filename") == "two-steps.yaml"
    code, _, error = cli("coverage", "two-steps", "--run", "77")
    assert code == 2 and "There is no run '77' of this flow" in error


def test_cobertura_of_a_file(cli: Cli, tmp_path: Path) -> None:
    path = written(tmp_path, PASSES)
    code, out, error = cli("coverage", path, "--tests", "--xml", "-")
    root = ElementTree.fromstring(out)
    assert code == 0 and root.get("branches-valid") == "4" and "Reached:" in error
    assert [one.get("filename") for one in root.iter("class")] == [path]
    assert cli("coverage", path, "--json", "--xml", "-")[0] == 2


@pytest.mark.parametrize(
    ("tests", "code"),
    [([PASSES], 0), ([PASSES, FAILS], 1), ([{**PASSES, "expect": {"reaches": ["no"]}}], 1)],
)
def test_exit_codes(cli: Cli, tmp_path: Path, tests: list[dict[str, Any]], code: int) -> None:
    assert cli("test", written(tmp_path, *tests))[0] == code


def test_what_is_undecided_ends_with_3(cli: Cli, tmp_path: Path, open_rate: dict[str, Any]) -> None:
    path = written(tmp_path, open_rate, PASSES)
    code, out, _ = cli("test", path, "--copies-at-most", "20", "--json")
    told = json.loads(out)
    assert code == 3 and (told["inconclusive"], told["passed"]) == (1, 1)
    assert told["most_copies"] == told["results"][0]["copies"] == 20
    assert "undecided" in cli("test", path, "--copies-at-most", "20")[1]
    assert cli("test", written(tmp_path, open_rate, FAILS), "--copies-at-most", "20")[0] == 1


def test_bad_input(cli: Cli, tmp_path: Path) -> None:
    code, out, error = cli("test", written(tmp_path))
    assert (code, out) == (2, "") and "has no tests" in error and error.count("\n") == 1
    unreadable: dict[str, Any] = {"tests": 5}
    code, out, error = cli("test", written(tmp_path, **unreadable))
    assert (code, out) == (2, "") and "list of rows" in error
    broken = written(tmp_path, PASSES, steps=[{"id": "a", "type": "magic"}])
    assert cli("test", broken)[0] == cli("coverage", broken)[0] == 2
    assert cli("test", "nowhere.yaml")[0] == cli("coverage", "nothing-kept")[0] == 2


def test_a_conversation_is_a_test(cli: Cli, tmp_path: Path) -> None:
    chat = tmp_path / "chat.txt"
    chat.write_text("bot: Shall I keep a seat\nme: yes please, book me in\n")
    path = written(tmp_path, FAILS)
    code, out, _ = cli("test", path, "--transcript", str(chat), "--json")
    told = json.loads(out)
    assert code == 0 and [row["name"] for row in told["results"]] == ["chat.txt"]
    chat.write_text("bot: Shall I keep a seat\nme: no\nbot: You are booked")
    code, out, _ = cli("test", path, "--transcript", str(chat))
    assert code == 1 and "line 3, “You are booked”, was not said" in out
    chat.write_text("just words")
    code, _, error = cli("test", path, "--transcript", str(chat))
    assert code == 2 and "transcript, line 1" in error


def test_junit(cli: Cli, tmp_path: Path) -> None:
    target = tmp_path / "out.xml"
    code, _, _ = cli("test", written(tmp_path, PASSES, FAILS), "--junit", str(target))
    root = ElementTree.parse(target).getroot()
    assert code == 1 and (root.get("tests"), root.get("failures")) == ("2", "1")
    assert [one.get("name") for one in root.iter("testcase")] == [
        "1. Says yes: this person reaches “booked”",
        "2. Is silent: this person reaches “booked”",
    ]


def test_a_stored_flow_keeps_what_came_of_its_tests(cli: Cli, home: Path, tmp_path: Path) -> None:
    assert cli("flows", "import", written(tmp_path, PASSES, FAILS))[0] == 0
    code, out, _ = cli("test", "two-steps", "--json")
    told = json.loads(out)
    assert code == 1 and (told["flow"], told["passed"], told["failed"]) == ("Two steps", 1, 1)


def test_a_persona_of_the_workspace_is_found_there(cli: Cli, home: Path, tmp_path: Path) -> None:
    test = {"persona": "My Own", "copies": 2, "expect": {"reaches": ["hello"]}}
    code, out, _ = cli("test", written(tmp_path, test), "--json")
    assert code == 1 and "nobody of this persona" in json.loads(out)["results"][0]["happened"]
    assert home.exists()


def test_a_held_home_answers_through_its_api(cli: Cli, held: Workbench, tmp_path: Path) -> None:
    flow = held.workspace().flows.create({**TWO_STEPS, "tests": [PASSES]})
    code, out, _ = cli("test", flow.id, "--json")
    assert code == 0 and json.loads(out)["passed"] == 1
    assert held.workspace().flow_tests.last(flow.id) is not None
    code, out, _ = cli("coverage", flow.id, "--tests", "--json")
    assert code == 0 and {row["verdict"] for row in json.loads(out)} == {"reached", "unknown"}
