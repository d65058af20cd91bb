"""The command line: shapes, files, exit codes, one line an error; here and through a workbench."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet
import pytest

from core.settings import Settings
from core.workbench import Workbench
from tests.conftest import TWO_STEPS
from tests.support.command_line import ROOT, Cli, cli, held, home, process

__all__ = ["cli", "held", "home"]


@pytest.fixture
def flow(tmp_path: Path) -> str:
    path = tmp_path / "two_steps.json"
    path.write_text(json.dumps(TWO_STEPS))
    return str(path)


def test_rehearse_writes_its_files(cli: Cli, flow: str, tmp_path: Path) -> None:
    events, junit = tmp_path / "events.parquet", tmp_path / "out.xml"
    words = ("--cast", "all", "--copies", "2", "--seed", "7", "--json")
    code, out, _ = cli("rehearse", flow, *words, "--events", str(events), "--junit", str(junit))
    document = json.loads(out)
    assert code == 0 and document["verdict"] == "passed"
    table = pyarrow.parquet.read_table(events)
    assert table.num_rows == document["events"]
    reached = {row["contact_id"] for row in table.to_pylist() if row["kind"] == "goal_reached"}
    assert len(reached) == document["goals"]
    assert ElementTree.parse(junit).getroot().tag.startswith("testsuite")


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_the_ending_chooses_the_format(cli: Cli, flow: str, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"events.{suffix}"
    code, out, _ = cli("rehearse", flow, "--copies", "1", "--json", "--events", str(path))
    lines = path.read_text().splitlines()
    assert code == 0 and len(lines) >= json.loads(out)["events"]
    if suffix == "jsonl":
        assert json.loads(lines[0])["kind"] == "entered"


def test_events_to_standard_output(cli: Cli, flow: str) -> None:
    code, out, error = cli("rehearse", flow, "--copies", "1", "--events", "-")
    assert code == 0 and "greenroom report r-" in error
    assert json.loads(out.splitlines()[0])["kind"] == "entered"
    code, out, error = cli("rehearse", flow, "--events", "-", "--json")
    assert (code, out) == (2, "") and "Standard output" in error


def test_a_flow_with_errors_is_kept_as_a_draft(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "draft.json"
    path.write_text(json.dumps({"name": "Draft", "steps": [{"id": "a", "type": "magic"}]}))
    code, out, error = cli("flows", "import", str(path))
    assert code == 1 and "flow draft, version 1" in out
    assert "kept as a draft" in error and "magic" in error


@pytest.mark.parametrize("target", [">&-", "> /dev/full", ">&- 2>&-"])
def test_output_that_cannot_be_written(home: Path, target: str) -> None:
    for words in ("personas list", "personas list --json", ""):
        line = f"{sys.executable} -m core.cli {words} {target}"
        done = subprocess.run(["sh", "-c", line], cwd=ROOT, capture_output=True, check=False)
        said = done.stderr.decode()
        assert done.returncode == 4, said
        if "2>" not in target:
            assert said.count("\n") == 1 and "cannot be written" in said


def test_without_json_it_is_for_a_person(cli: Cli, flow: str) -> None:
    code, out, _ = cli("rehearse", flow, "--copies", "1")
    assert code == 0
    assert "Two steps" in out and "/7, " in out and "greenroom report r-" in out


def test_lists_and_reports(cli: Cli, flow: str, tmp_path: Path) -> None:
    first = json.loads(cli("rehearse", flow, "--copies", "1", "--json")[1])
    second = json.loads(cli("rehearse", "two-steps", "--copies", "2", "--json")[1])
    rows = json.loads(cli("runs", "list", "--json")[1])
    assert [row["run_id"] for row in rows] == [second["run_id"], first["run_id"]]
    assert {"status", "flow", "number", "seed", "population", "contacts", "done"} <= set(rows[0])
    assert json.loads(cli("resume", first["run_id"], "--json")[1]) == first
    assert cli("report", first["run_id"])[1].startswith("# ")
    target = tmp_path / "report.json"
    assert cli("report", "1", "--format", "json", "-o", str(target))[0] == 0
    assert json.loads(target.read_text())["facts"]["run_id"] == first["run_id"]
    assert cli("runs", "events", "1")[1].count("\n") == first["events"]
    assert cli("runs", "delete", first["run_id"])[0] == 0
    assert len(json.loads(cli("runs", "list", "--json")[1])) == 1


def test_personas_populations_flows(cli: Cli, flow: str) -> None:
    personas = json.loads(cli("personas", "list", "--json")[1])
    assert {"name", "built_in"} <= set(personas[0]) and len(personas) == 7
    frozen = json.loads(cli("populations", "freeze", "--cast", "Busy Bob", "--json")[1])
    assert frozen["id"] in cli("populations", "list")[1]
    assert cli("flows", "import", flow)[0] == 0
    assert "two-steps" in cli("flows", "list")[1]
    code, out, _ = cli("rehearse", "two-steps", "--cast", frozen["id"], "--json")
    assert (code, json.loads(out)["contacts"]) == (0, 20)
    assert cli("runs", "list", "--workspace", "nowhere")[0] == 2
    assert cli("--version")[1].startswith("greenroom ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rehearse", "nothing.yaml"], "nothing.yaml"),
        (["rehearse", "no-such-flow"], "no-such-flow"),
        (["rehearse", "FLOW", "--cast", "Nobody"], "Nobody"),
        (["rehearse", "FLOW", "--copies", "0"], "copies"),
        (["rehearse", "FLOW", "--engine", "magic"], "engine"),
        (["rehearse", "FLOW", "--engine", "behaviour", "--model", "openai/x"], "engine"),
        (["rehearse", "FLOW", "--model", "openai/x", "--budget", "inf"], "budget"),
        (["rehearse", "FLOW", "--model", "openai/x", "--budget", "nan"], "budget"),
        (["resume", "7", "--budget", "1e300"], "budget"),
        (["rehearse", "FLOW", "--parameters", "9"], "9"),
        (["rehearse", "FLOW", "--events", "events.docx"], "events.docx"),
        (["rehearse", "FLOW", "--events", "/no/such/folder/e.csv"], "folder"),
        (["report", "r-nothing"], "r-nothing"),
        (["report", "1", "--format", "docx"], "docx"),
        (["runs", "list", "--workspace", "../x"], "workspace"),
        (["resume", "7"], "7"),
        (["nonsense"], "nonsense"),
        (["rehearse", "--nonsense"], "nonsense"),
    ],
)
def test_an_error_is_one_line_and_exit_code_2(
    cli: Cli, flow: str, words: list[str], said: str
) -> None:
    code, out, error = cli(*(flow if word == "FLOW" else word for word in words))
    assert (code, out) == (2, "")
    assert error.startswith("error: ") and error.count("\n") == 1 and said in error


@pytest.mark.parametrize(
    "data", [b"", b"[", b"steps: [", b"\xff\xfe", b"x" * 5_000_001, b"{}", b"null"]
)
def test_a_flow_that_cannot_be_read(cli: Cli, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(data)
    code, out, error = cli("rehearse", str(path))
    assert (code, out) == (2, "") and error.startswith("error: ") and "Traceback" not in error
    assert json.loads(cli("runs", "list", "--json")[1]) == []


def test_a_workspace_keeps_to_itself(cli: Cli, flow: str) -> None:
    cli("rehearse", flow, "--copies", "1", "--workspace", "mine")
    assert json.loads(cli("runs", "list", "--json")[1]) == []
    assert len(json.loads(cli("runs", "list", "--json", "--workspace", "mine")[1])) == 1


def test_standard_input_and_a_pipe_that_closes(home: Path) -> None:
    reading = process("rehearse", "-", "--copies", "1", "--json")
    out, error = reading.communicate(json.dumps(TWO_STEPS).encode(), timeout=60)
    assert reading.returncode == 0, error
    assert json.loads(out)["contacts"] == 7
    closed = process("runs", "events", "1")
    assert closed.stdout
    closed.stdout.close()
    assert closed.stderr
    assert closed.stderr.read() == b""


def interrupted(*words: str) -> tuple[int, dict[str, Any], str]:
    """A command that was given Ctrl-C once it had told of its progress."""
    playing = process(*words)
    assert playing.stderr
    assert b" people, " in playing.stderr.readline()
    playing.send_signal(signal.SIGINT)
    out, error = playing.communicate(timeout=60)
    return playing.returncode, json.loads(out), error.decode()


def test_ctrl_c_stops_at_a_checkpoint_and_says_how_to_resume(home: Path, flow: str) -> None:
    code, document, error = interrupted("rehearse", flow, "--copies", "12000", "--json")
    assert code == 4
    assert (document["status"], document["verdict"]) == ("paused", "unfinished")
    assert f"greenroom resume {document['run_id']}" in error and "Traceback" not in error


def test_a_held_home_answers_through_its_workbench(
    held: Workbench, cli: Cli, flow: str, tmp_path: Path
) -> None:
    events = tmp_path / "e.parquet"
    code, out, error = cli("rehearse", flow, "--copies", "2", "--json", "--events", str(events))
    assert code == 0, error
    document = json.loads(out)
    assert held.workspace().rehearsals.get(document["run_id"]).status == "finished"
    assert pyarrow.parquet.read_table(events).num_rows == document["events"]
    assert json.loads(cli("runs", "list", "--json")[1])[0]["run_id"] == document["run_id"]
    assert cli("report", document["run_id"])[1].startswith("# ")
    code, out, error = cli("rehearse", flow, "--cast", "Nobody")
    assert (code, out) == (2, "") and "Nobody" in error and error.count("\n") == 1
    assert cli("rehearse", flow, "--workspace", "other", "--copies", "1")[0] == 0
    assert "other" in held.workspaces()


def test_ctrl_c_reaches_a_run_that_is_played_elsewhere(held: Workbench, flow: str) -> None:
    code, document, _ = interrupted("rehearse", flow, "--copies", "12000", "--json")
    assert code == 4
    assert document["status"] == "paused" == held.workspace().rehearsals.list()[0].status


def test_a_home_held_by_something_else_is_said(
    home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.commands.places._PATIENCE", 0.1)
    other = Workbench(Settings(home=home))
    code, out, error = cli("runs", "list")
    other.close()
    assert (code, out) == (2, "") and "Another Greenroom" in error


def test_nothing_heavy_is_imported() -> None:
    heavy = ("fastapi", "streamlit", "plotly", "pandas", "uvicorn", "litellm", "scipy")
    code = f"import core.cli, sys; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert out.stdout.decode().strip() == "[]"
