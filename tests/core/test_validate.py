"""``greenroom validate`` and ``greenroom checks``: files, folders, configuration, exit codes."""
# ruff: noqa: F811

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.commands import Room, run_command
from core.domain.errors import BadInput
from core.flows import CHECKS
from core.workbench import Workbench
from tests.core.test_cli import ROOT, cli, home  # noqa: F401

Cli = Callable[..., tuple[int, str, str]]
END = {"id": "end", "type": "end"}
CLEAN: dict[str, Any] = {"name": "Clean", "steps": [END]}
ORPHAN: dict[str, Any] = {"name": "Orphan", "steps": [END, {"id": "lost", "type": "end"}]}
BROKEN: dict[str, Any] = {
    "name": "Broken",
    "steps": [{"id": "a", "type": "tag", "next": "nowhere_known"}, END],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Flows, something else, and a hidden file."""
    root = tmp_path / "flows"
    (root / "deep").mkdir(parents=True)
    (root / ".hidden").mkdir()
    for path, document in {
        "b_clean.json": CLEAN,
        "a_orphan.yaml": ORPHAN,
        "deep/broken.yml": BROKEN,
        "package.json": {"name": "no flow"},
        ".hidden/broken.json": BROKEN,
        "notes.txt": BROKEN,
    }.items():
        (root / path).write_text(json.dumps(document))
    monkeypatch.chdir(root)
    return root


def types(out: str) -> dict[str, list[str]]:
    return {one["file"]: [found["type"] for found in one["findings"]] for one in json.loads(out)}


def test_a_file_gives_the_documents_shape(cli: Cli, folder: Path) -> None:
    code, out, error = cli("validate", "a_orphan.yaml", "--json")
    (one,) = json.loads(out)
    assert (code, error) == (0, "")
    assert list(one) == ["file", "valid", "findings"]
    assert (one["file"], one["valid"]) == ("a_orphan.yaml", True)
    (finding,) = one["findings"]
    assert list(finding) == ["type", "severity", "step_id", "message", "fix"]
    assert (finding["type"], finding["step_id"]) == ("orphan_step", "lost")


def test_a_folder_is_looked_through_in_order(cli: Cli, folder: Path) -> None:
    code, out, error = cli("validate", ".", "--json")
    found = types(out)
    assert list(found) == ["a_orphan.yaml", "b_clean.json", "deep/broken.yml"]
    assert found["b_clean.json"] == []
    assert "missing_step" in found["deep/broken.yml"]
    assert code == 1
    assert "package.json is passed over" in error and len(error.splitlines()) == 1


def test_what_is_named_is_never_passed_over(cli: Cli, folder: Path) -> None:
    code, out, _ = cli("validate", "package.json", "b_clean.json", "b_clean.json", "--json")
    assert types(out) == {"package.json": ["bad_config"], "b_clean.json": []}
    assert code == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 0),
        (["--fail-on", "error"], 0),
        (["--fail-on", "warning"], 1),
        (["--fail-on", "info"], 1),
    ],
)
def test_fail_on(cli: Cli, folder: Path, words: list[str], code: int) -> None:
    assert cli("validate", "a_orphan.yaml", *words)[0] == code
    assert cli("validate", "b_clean.json", *words)[0] == 0
    assert cli("validate", "deep/broken.yml", *words)[0] == 1


def test_a_person_reads_lines_and_a_count(cli: Cli, folder: Path) -> None:
    _, out, _ = cli("validate", "a_orphan.yaml", "deep/broken.yml")
    lines = out.splitlines()
    assert lines[0].split() == [
        *("a_orphan.yaml:", "warning", "orphan_step", "lost"),
        *("nothing", "leads", "to", "“lost”"),
    ]
    assert lines[1].strip() == "Lead a way to it, or take it out."
    assert lines[1].index("Lead") == lines[0].index("nothing")
    assert lines[-1] == "2 flows: 1 error, 2 warnings."
    assert cli("validate", "b_clean.json")[1] == "1 flow: nothing found.\n"


def test_standard_input(
    cli: Cli,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    given = io.TextIOWrapper(io.BytesIO(json.dumps(BROKEN).encode()))
    monkeypatch.setattr(sys, "stdin", given)
    code, out, _ = cli("validate", "-", "--json")
    assert (code, list(types(out))) == (1, ["-"])


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("bad.yaml", "steps: [", "not valid YAML"),
        ("bad.json", '{"steps": [}', "line 1, column"),
        ("bad.yaml", b"steps: \xff", "UTF-8"),
        ("bad.yaml", "", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_bad_input_and_the_rest_is_told(
    cli: Cli,
    folder: Path,
    name: str,
    text: str | bytes,
    words: str,
) -> None:
    data = text.encode() if isinstance(text, str) else text
    (folder / name).write_bytes(data)
    code, out, _ = cli("validate", name, "b_clean.json", "--json")
    bad, good = json.loads(out)
    assert code == 2
    assert (bad["file"], bad["valid"], good["valid"]) == (name, False, True)
    assert words in bad["findings"][0]["message"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no_such.yaml",), "There is no such file"),
        (("b_clean.json", "--fail-on", "worse"), "'worse' is no severity"),
        (("b_clean.json", "--config", "gone.yaml"), "cannot be read"),
        ((".hidden",), "There is no"),
        ((), "Missing argument"),
    ],
)
def test_bad_input(cli: Cli, folder: Path, words: tuple[str, ...], said: str) -> None:
    (folder / ".hidden" / "broken.json").unlink()
    code, out, error = cli("validate", *words)
    assert (code, out) == (2, "")
    assert error.startswith("error: ") and said in error and error.count("\n") == 1


# The configuration


def test_the_nearest_configuration_is_used(cli: Cli, folder: Path) -> None:
    (folder.parent / ".greenroom.yaml").write_text("fail_on: warning\n")
    assert cli("validate", "a_orphan.yaml")[0] == 1
    (folder / ".greenroom.yaml").write_text("checks: {orphan_step: off}\n")
    code, out, _ = cli("validate", ".", "--json")
    assert types(out)["a_orphan.yaml"] == []
    (folder / "deep" / ".greenroom.yaml").write_text("checks: {missing_step: info}\n")
    code, out, _ = cli("validate", "deep/broken.yml", "--json")
    assert json.loads(out)[0]["valid"] and code == 0
    other = folder / "other.yaml"
    other.write_text("checks: {orphan_step: error}\n")
    assert cli("validate", "a_orphan.yaml", "--config", str(other))[0] == 1
    code, _, error = cli("rehearse", "deep/broken.yml")
    assert code == 2 and "nowhere_known" in error


def test_a_bad_configuration_is_bad_input(cli: Cli, folder: Path) -> None:
    (folder / ".greenroom.yaml").write_text("checks: {orphan_stp: off}\n")
    code, out, error = cli("validate", "a_orphan.yaml", "--json")
    assert (code, out) == (2, "")
    assert "checks.orphan_stp" in error and "Did you mean orphan_step?" in error


# Stored flows, and what is not needed for files


def test_a_stored_flow_by_its_id(cli: Cli, folder: Path) -> None:
    assert cli("flows", "import", "a_orphan.yaml")[0] == 0
    code, out, _ = cli("validate", "orphan", "b_clean.json", "--json", "--fail-on", "warning")
    assert (code, types(out)) == (1, {"orphan": ["orphan_step"], "b_clean.json": []})
    code, _, error = cli("validate", "nobody")
    assert code == 2 and "nobody" in error


def test_files_need_no_home_and_little_of_the_house(folder: Path, home: Path) -> None:
    script = (
        "import sys; from core.cli import main\n"
        "try: main()\n"
        "except SystemExit as left: code = left.code\n"
        "print(code, sorted({'pandas', 'plotly', 'litellm', 'sklearn', 'scipy', 'streamlit'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "validate", "b_clean.json"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.splitlines()[-1] == "0 []", done.stdout + done.stderr
    assert not home.exists()


def test_a_held_home_is_no_hindrance(
    cli: Cli,
    folder: Path,
    workbench: Workbench,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GREENROOM_HOME", str(workbench.settings.home))
    assert cli("validate", "b_clean.json")[0] == 0


def test_the_command_takes_a_text_or_an_id(workbench: Workbench) -> None:
    room = Room(workbench)
    answer = run_command(room, "validate", {"text": json.dumps(ORPHAN), "fail_on": "warning"})
    assert answer.exit_code == 1 and answer.document[0]["valid"]
    config = {"checks": {"orphan_step": "off"}}
    assert run_command(room, "validate", {"text": json.dumps(ORPHAN), "config": config}).text == ""
    with pytest.raises(BadInput):
        run_command(room, "validate", {})
    assert run_command(room, "validate", {"text": "{"}).exit_code == 2


def test_the_catalogue_is_listed(cli: Cli) -> None:
    code, out, _ = cli("checks", "--json")
    listed = json.loads(out)
    assert code == 0 and [one["id"] for one in listed] == [check.id for check in CHECKS]
    assert all(one["example"].startswith("name: ") for one in listed)
    code, out, _ = cli("checks")
    assert code == 0 and len(out.splitlines()) == len(CHECKS)


def test_main_is_the_entry_point() -> None:
    assert callable(main)
