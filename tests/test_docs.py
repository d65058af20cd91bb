"""The documentation says what is there: made from the same lists, its commands exist."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from core.cli import app
from core.experiments import rule_errors

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_made_from_lists_is_current() -> None:
    module = reference()
    assert {path.name for path in module.PAGES} == {"reference.md", "checks.md"}
    for path, write in module.PAGES.items():
        assert path.read_text("utf-8") == write(), f"{path.name}: run python docs/reference.py"


def commands() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block in re.findall(r"```(?:bash|sh)\n(.*?)```", page.read_text("utf-8"), re.S):
            joined = block.replace("\\\n", " ")
            lines = [line for line in joined.splitlines() if line.startswith("greenroom ")]
            found += [(page.name, line) for line in lines]
    return found


@pytest.mark.parametrize(("page", "line"), commands())
def test_every_command_and_option_that_is_shown_exists(page: str, line: str) -> None:
    words = shlex.split(line.split(">")[0].split("|")[0], comments=True)[1:]
    path = []
    for word in words:
        if word.startswith("-") or not re.fullmatch(r"[a-z]+", word):
            break
        path.append(word)
    result = CliRunner().invoke(app, [*path[:2], "--help"])
    if result.exit_code:
        result = CliRunner().invoke(app, [*path[:1], "--help"])
    assert result.exit_code == 0, f"{page}: {line}"
    for option in (word for word in words if word.startswith("--")):
        assert option.split("=")[0] in result.output, f"{page}: {option}"


def test_links_and_pictures_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_page_names_a_place_of_one_machine() -> None:
    for page in PAGES:
        assert not re.search(r"/(root|tmp|work|home)/", page.read_text("utf-8")), page.name


def test_the_guide_shows_the_measured_errors_of_rules() -> None:
    guide = (DOCS / "experiments.md").read_text("utf-8")
    named = {one.name: one for one in rule_errors()}
    rows = [line.strip("| ").split(" | ") for line in guide.splitlines() if line.count("|") == 5]
    shown = [row for row in rows if row[0] in named]
    assert {"always_valid", "fixed", "expected_loss"} <= {named[row[0]].rule for row in shown}
    for name, wrong, found, looks in shown:
        measured = named[name]
        told = [f"{measured.false_alarms:.1%}", f"{measured.found:.0%}", f"{measured.days:.0f}"]
        assert [wrong, found, looks] == told
