"""``greenroom convert``: what goes in is told by its content, what comes out reads."""
# ruff: noqa: F811

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.commands import Room, run_command
from core.flows import compile_flow, read_flow
from core.workbench import Workbench
from tests.conftest import TWO_STEPS
from tests.core.test_cli import cli, home  # noqa: F401
from tests.support.foreign_documents import bot, node, says, workflow

Cli = Callable[..., tuple[int, str, str]]
SAY = node("Say", "slack", {"text": "Hello"})
FLOWS: dict[str, dict[str, Any]] = {
    "n8n": workflow([node("Go", "manualTrigger"), SAY], "Go > Say"),
    "typebot": bot({"G": [says("b1", "Hello")]}),
    "greenroom": TWO_STEPS,
}


@pytest.fixture(params=list(FLOWS))
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A flow file of each kind."""
    path = tmp_path / f"{request.param}.json"
    path.write_text(json.dumps(FLOWS[request.param]), "utf-8")
    return path


@pytest.mark.parametrize("to", ["yaml", "json"])
def test_documents_that_can_be_rehearsed(cli: Cli, file: Path, to: str) -> None:
    code, out, _ = cli("convert", str(file), "--to", to)
    assert code == 0
    assert compile_flow(read_flow(out)).steps


def test_drawings(cli: Cli, file: Path) -> None:
    code, out, _ = cli("convert", str(file), "--to", "mermaid")
    assert code == 0
    assert "flowchart TD" in out
    code, out, _ = cli("convert", str(file), "--to", "svg")
    assert code == 0
    assert ET.fromstring(out).tag.endswith("svg")


def test_the_report_and_the_file_are_written(cli: Cli, file: Path, tmp_path: Path) -> None:
    report, out = tmp_path / "report.json", tmp_path / "flow.yaml"
    code, printed, said = cli(
        "convert", str(file), "--to", "yaml", "--report", str(report), "--out", str(out)
    )
    assert (code, printed) == (0, "")
    rows = json.loads(report.read_text("utf-8"))
    assert all(list(row) == ["id", "name", "type", "steps", "lost"] for row in rows)
    assert ("nodes became" in said) == (file.stem != "greenroom")
    assert compile_flow(read_flow(out.read_bytes())).steps


def test_comments_of_our_own_yaml_stay(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "flow.yaml"
    path.write_text("name: Ours  # the name\nsteps:\n  - {id: a, type: end}\n", "utf-8")
    code, out, _ = cli("convert", str(path), "--to", "yaml")
    assert code == 0
    assert "# the name" in out


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("{}", "yaml"),
        ('{"nodes": 7}', "yaml"),
        ("nothing", "svg"),
        ('{"groups": []}', "json"),
        (json.dumps(TWO_STEPS), "word"),
    ],
)
def test_what_cannot_be_read_ends_with_2(cli: Cli, tmp_path: Path, text: str, to: str) -> None:
    path = tmp_path / "flow.json"
    path.write_text(text, "utf-8")
    code, out, said = cli("convert", str(path), "--to", to)
    assert (code, out) == (2, "")
    assert said.strip()
    assert cli("convert", str(tmp_path / "none.json"), "--to", "yaml")[0] == 2


def test_the_command_answers_a_program_too(workbench: Workbench) -> None:
    given = {"text": json.dumps(FLOWS["typebot"]), "to": "mermaid"}
    answer = run_command(Room(workbench), "convert", given)
    assert answer.document["format"] == "typebot"
    assert answer.document["report"][0]["type"] == "start"
    assert answer.text.startswith("---")
