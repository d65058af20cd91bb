"""``greenroom experiment``: without a workspace and with one, what it says and how it ends."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import pyarrow.csv
import pyarrow.parquet
import pytest
from scipy import stats

from core.domain.experiments import Design
from core.settings import Settings
from core.workbench import Workbench
from tests.support.command_line import Cli, cli, held, home, process

__all__ = ["cli", "held", "home"]
PEOPLE = 200
SPEC = """
name: A warmer first line
variants:
  - {id: control}
  - {id: warm, name: Warmer}
metrics:
  - {id: booked, role: primary, value: booked}
  - {id: spend, kind: mean, value: spend}
rule: {least: 0.2}
"""


def rows(booked: int) -> list[str]:
    """Of 200 a variant 20 and ``booked`` booked; they spent 0 or 10, and 2 or 12."""
    lines = ["unit,variant,booked,spend"]
    for variant, share, more in (("control", 20, 0), ("warm", booked, 2)):
        lines += [
            f"{variant}-{at},{variant},{int(at < share)},{10 * (at % 2) + more}"
            for at in range(PEOPLE)
        ]
    return lines


@pytest.fixture
def spec(tmp_path: Path) -> str:
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC)
    return str(path)


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "table.csv"
    path.write_text("\n".join(rows(60)) + "\n")
    return str(path)


def analysed(cli: Cli, *words: str, code: int = 0) -> dict[str, Any]:
    found, out, error = cli("experiment", "analyse", *words, "--json")
    assert (found, error) == (code, "")
    document: dict[str, Any] = json.loads(out)
    return document


def test_figures_are_those_that_can_be_worked_out_by_hand(
    cli: Cli, home: Path, spec: str, table: str
) -> None:
    analysis = analysed(cli, spec, "--data", table)
    assert not home.exists(), "no workspace is needed, and none is made"
    assert analysis["participants"] == {"control": PEOPLE, "warm": PEOPLE}
    booked, spend = analysis["metrics"]
    assert [(arm["count"], arm["n"]) for arm in booked["arms"]] == [(20, 200), (60, 200)]
    assert booked["effects"][0]["absolute"]["value"] == pytest.approx(0.3 - 0.1)
    assert booked["effects"][0]["relative"]["value"] == pytest.approx(0.3 / 0.1 - 1)
    # half of 200 spent 5 less, half 5 more than the mean, in either variant
    se = (2 * (25 * 200 / 199) / 200) ** 0.5
    reach = stats.t.ppf(0.975, 398) * se
    span = spend["effects"][0]["absolute"]
    assert [arm["value"] for arm in spend["arms"]] == pytest.approx([5, 7])
    assert (span["value"], span["low"], span["high"]) == pytest.approx((2, 2 - reach, 2 + reach))
    assert spend["effects"][0]["p"] == pytest.approx(2 * stats.t.sf(2 / se, 398), rel=1e-6)
    assert analysis["advice"]["outcome"] == "winner"
    assert analysis["advice"]["variant"] == "warm"


@pytest.mark.parametrize(("booked", "outcome", "code"), [(60, "winner", 0), (22, "keep_going", 3)])
def test_the_exit_code_is_the_outcome(
    cli: Cli, spec: str, tmp_path: Path, booked: int, outcome: str, code: int
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("\n".join(rows(booked)) + "\n")
    assert analysed(cli, spec, "--data", str(path), code=code)["advice"]["outcome"] == outcome
    found, out, _ = cli("experiment", "analyse", spec, "--data", str(path))
    assert found == code and "Next: " in out


def test_data_that_cannot_be_believed_end_with_1(cli: Cli, spec: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    lines = rows(60)
    path.write_text("\n".join([*lines[:201], *lines[301:]]) + "\n")
    analysis = analysed(cli, spec, "--data", str(path), code=1)
    assert analysis["advice"]["outcome"] == "broken"
    assert analysis["warnings"][0]["kind"] == "sample_ratio"


def test_every_kind_of_table_says_the_same(cli: Cli, spec: str, table: str, tmp_path: Path) -> None:
    wanted = analysed(cli, spec, "--data", table)["metrics"]
    read = pyarrow.csv.read_csv(table)
    parquet, lines, base = (tmp_path / name for name in ("t.parquet", "t.jsonl", "t.db"))
    pyarrow.parquet.write_table(read, parquet)
    lines.write_text("".join(json.dumps(row) + "\n" for row in read.to_pylist()))
    with sqlite3.connect(base) as database:
        database.execute("CREATE TABLE t (unit TEXT, variant TEXT, booked INT, spend REAL)")
        values = [tuple(row.values()) for row in read.to_pylist()]
        database.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", values)
    before = base.read_bytes()
    assert analysed(cli, spec, "--data", str(parquet))["metrics"] == wanted
    assert analysed(cli, spec, "--data", str(lines))["metrics"] == wanted
    sql = ("--sql", "SELECT * FROM t", "--connection", str(base))
    assert analysed(cli, spec, *sql)["metrics"] == wanted
    assert base.read_bytes() == before
    code, _, error = cli("experiment", "analyse", spec, "--sql", "DELETE FROM t", *sql[2:])
    assert code == 2 and error.startswith("error: --sql: ")


def test_a_look_is_written_down(cli: Cli, spec: str, table: str, tmp_path: Path) -> None:
    for format, holds in (("html", "<html"), ("md", "# "), ("csv", "booked"), ("json", "{")):
        out = tmp_path / f"look.{format}"
        code, printed, _ = cli("experiment", "analyse", spec, "--data", table, "--out", str(out))
        assert code == 0 and "Warmer wins" in printed
        assert holds in out.read_text("utf-8")
    words = ("experiment", "analyse", spec, "--data", table, "--out", "-", "--format", "md")
    code, out_, error = cli(*words)
    assert (code, out_[:2]) == (0, "# ") and "Warmer wins" in error


TABLE = "\n".join(rows(60)) + "\n"


@pytest.mark.parametrize(
    ("which", "content", "said"),
    [
        (
            "spec",
            SPEC.replace("kind: mean", "kind: maen"),
            "spec.yaml, line 8, metrics[1].kind: Must be",
        ),
        ("spec", "", "spec.yaml is empty."),
        ("spec", b"\x00\xff\xfe" * 9, "spec.yaml"),
        ("spec", None, "cannot be read: No such file"),
        ("table", "", "This file is empty."),
        ("table", "unit,variant,booked,spend\n", "has no rows"),
        ("table", b"\x89PNG\x00\xff" * 50, "is no table"),
        ("table", TABLE.replace("spend", "spent", 1), "There is no column 'spend'"),
        ("table", TABLE.replace("unit", "user", 1), "There is no column 'unit'"),
        ("table", None, "cannot be read: No such file"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    cli: Cli, spec: str, table: str, which: str, content: str | bytes | None, said: str
) -> None:
    path = Path(spec if which == "spec" else table)
    path.unlink()
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    code, out, error = cli("experiment", "analyse", spec, "--data", table, "--json")
    assert (code, out) == (2, "")
    assert said in error and error.startswith("error: ") and error.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--data", "x.csv", "--sql", "SELECT 1"),
        ("--sql", "SELECT 1"),
        ("--data", "table.csv", "--out", "x.pdf"),
        ("--data", "table.csv", "--out", "nowhere/x.md"),
        ("--data", "table.csv", "--out", "-", "--json"),
        ("--data", "table.csv", "--data-format", "xls"),
    ],
)
def test_words_that_do_not_fit_are_refused(
    cli: Cli, spec: str, table: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(table).parent)
    code, out, error = cli("experiment", "analyse", spec, *words)
    assert (code, out) == (2, "") and error.startswith("error: ")


def test_standard_input_a_closed_pipe_and_a_full_disk(spec: str, table: str, home: Path) -> None:
    words = ("experiment", "analyse", spec, "--data", "-")
    piped = process(*words, "--json")
    out, error = piped.communicate(Path(table).read_bytes())
    assert (piped.returncode, error) == (0, b"") and json.loads(out)["number"] == 1
    closed = process("experiment", "analyse", spec, "--data", table)
    assert closed.stdout and closed.stderr
    closed.stdout.close()
    assert b"Traceback" not in closed.stderr.read()
    closed.wait(60)
    with Path("/dev/full").open("wb") as full:
        stopped = process("experiment", "analyse", spec, "--data", table, stdout=full)
        assert b"cannot be written" in stopped.communicate()[1] and stopped.returncode == 4


def test_ctrl_c_ends_it_quietly(spec: str, home: Path) -> None:
    waiting = process("experiment", "analyse", spec, "--data", "-")
    assert waiting.stdin and waiting.stderr
    temporary = Path("/proc") / str(waiting.pid) / "fd"
    for _ in range(600):
        if any("greenroom-" in one.resolve().as_posix() for one in temporary.iterdir()):
            break
        time.sleep(0.05)
    waiting.send_signal(signal.SIGINT)
    error = waiting.communicate()[1]
    assert waiting.returncode not in (0, 1, 2, 3)
    assert b"Traceback" not in error


def test_a_design_without_any_weight_is_refused(cli: Cli, table: str, tmp_path: Path) -> None:
    path = tmp_path / "weightless.yaml"
    path.write_text(SPEC.replace("{id: ", "{weight: 0, id: ", 2))
    code, _, error = cli("experiment", "analyse", str(path), "--data", table)
    assert code == 2
    assert "No variant has a weight" in error


def test_a_plan_without_a_design(cli: Cli) -> None:
    words = ("--baseline", "0.05", "--effect", "0.1", "--people-a-day", "1000")
    code, out, _ = cli("experiment", "plan", *words, "--json")
    plan = json.loads(out)
    # (1.96 + 0.8416)² (p q + p' q') / d², either arm
    each = 7.8489 * (0.05 * 0.95 + 0.055 * 0.945) / 0.005**2
    assert code == 0 and plan["people"] == pytest.approx(2 * each, rel=0.005)
    assert plan["days"] == pytest.approx(plan["people"] / 1000)
    assert any(point["people"] == plan["people"] for point in plan["curve"])
    code, out, _ = cli("experiment", "plan", *words, "--shares", "1,1,2", "--power", "0.9")
    assert code == 0 and "days" in out
    for bad in (("--effect", "0.1"), ("--baseline", "0.5", "--shares", "1,x"), ("--alpha", "2")):
        assert cli("experiment", "plan", *bad)[0] == 2


def test_a_plan_of_a_design(cli: Cli, spec: str) -> None:
    code, _, error = cli("experiment", "plan", spec)
    assert code == 2 and "booked" in error
    always = json.loads(cli("experiment", "plan", spec, "--baseline", "0.1", "--json")[1])
    fixed = ("--baseline", "0.1", "--rule", "fixed", "--json")
    assert always["people"] > json.loads(cli("experiment", "plan", spec, *fixed)[1])["people"]


def test_figures_come_out_under_their_names(cli: Cli, tmp_path: Path) -> None:
    cases = tmp_path / "cases.json"
    cases.write_text(
        '{"cases": [{"id": "x", "kind": "binary", "a": {"n": 200, "x": 20}, "b": {"n": 200, '
        '"x": 60}}, {"id": "nobody", "kind": "binary", "a": {"n": 0, "x": 0}, "b": {"n": 9, '
        '"x": 1}}, {"id": "nan", "kind": "mean", "a": {"n": 9, "sum": NaN, "sum_squares": 3}, '
        '"b": {"n": 9, "sum": 1, "sum_squares": 3}}]}'
    )
    code, out, error = cli("experiment", "figures", str(cases), "--json")
    found = json.loads(out)
    assert (code, error) == (0, "")
    assert found["x"]["diff"] == pytest.approx(0.2)
    z = (0.3 - 0.1) / (0.2 * 0.8 * 2 / 200) ** 0.5
    assert found["x"]["z_pooled"] == pytest.approx(z)
    assert found["nobody"]["diff"] is None and found["nobody"]["refused"]["diff"]
    assert found["nan"]["refused"] and "NaN" not in out
    assert cli("experiment", "figures", str(cases))[0] == 0
    for bad in ("", "{", "7", '{"cases": [{"kind": "binary"}]}'):
        cases.write_text(bad)
        code, out, error = cli("experiment", "figures", str(cases), "--json")
        assert (code, out) == (2, "") and error.count("\n") == 1


def test_participants_are_assigned_by_a_design(cli: Cli, spec: str, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("id,name\n" + "".join(f"p{n},N {n}\n" for n in range(50)))
    code, out, _ = cli("experiment", "assign", spec, str(people))
    lines = out.splitlines()
    assert (code, len(lines), lines[0]) == (0, 51, "id,name,variant,probability")
    assert all(line.startswith(f"p{n},N {n},") for n, line in enumerate(lines[1:]))
    assert cli("experiment", "assign", spec, str(people)) == (code, out, "")
    assert cli("experiment", "assign", "no.yaml", str(people))[0] == 2


def live(home: Path) -> str:
    """A live experiment that is running in the home's workspace; gives its id."""
    bench = Workbench(Settings(home=home, workers=0))
    id = running(bench)
    bench.close()
    return id


def running(bench: Workbench) -> str:
    experiments = bench.workspace().experiments
    design = Design.model_validate(
        {
            "name": "Live",
            "variants": [{"id": "a"}, {"id": "b"}],
            "metrics": [{"id": "booked", "role": "primary", "value": "goal:booked"}],
        }
    )
    return experiments.start(experiments.create(design, "live").id).id


def follow(cli: Cli, id: str, tmp_path: Path) -> None:
    """An experiment from its list to its file."""
    code, out, _ = cli("experiment", "list", "--json")
    assert code == 0 and [one["id"] for one in json.loads(out)] == [id]
    people = tmp_path / "people.jsonl"
    people.write_text("".join(json.dumps({"id": f"p{n}"}) + "\n" for n in range(60)))
    code, out, _ = cli("experiment", "assign", id, str(people))
    first = [json.loads(line)["variant"] for line in out.splitlines()]
    assert code == 0 and set(first) == {"a", "b"} and len(first) == 60
    again = [json.loads(one) for one in cli("experiment", "assign", id, str(people))[1].split()]
    assert [one["variant"] for one in again] == first
    code, out, _ = cli("experiment", "look", id, "--json")
    assert code == 3 and sum(json.loads(out)["participants"].values()) == 60
    code, out, _ = cli("experiment", "show", id, "--json")
    shown = json.loads(out)
    assert code == 0 and (shown["looks"], shown["analysis"]["number"]) == (1, 1)
    target = tmp_path / "out.md"
    assert cli("experiment", "export", id, "--format", "md", "-o", str(target))[0] == 0
    assert target.read_text("utf-8").startswith("# ")
    assert cli("experiment", "decide", id)[0] == 2, "the rule decides nothing yet"
    words = ("--outcome", "no_difference", "--note", "We ran out of time.")
    code, out, _ = cli("experiment", "decide", id, *words, "--json")
    assert code == 0 and json.loads(out)["decided"]["by"] == "person"
    assert cli("experiment", "show", "x-none")[0] == 2


def test_an_experiment_of_a_workspace(cli: Cli, home: Path, tmp_path: Path) -> None:
    follow(cli, live(home), tmp_path)


def test_an_experiment_of_a_running_workbench(cli: Cli, held: Workbench, tmp_path: Path) -> None:
    follow(cli, running(held), tmp_path)


def test_a_design_is_created_started_and_stopped(cli: Cli, spec: str, home: Path) -> None:
    code, out, _ = cli("experiment", "create", spec, "--figures", "live", "--json")
    made = json.loads(out)
    assert (code, made["status"], made["source"]) == (0, "draft", "live")
    code, _, error = cli("experiment", "start", made["id"])
    assert code == 2 and "'booked' is not something that can be measured" in error
    path = Path(spec)
    path.write_text(
        SPEC.replace("value: booked", "value: goal").replace("value: spend", "value: revenue")
    )
    made = json.loads(cli("experiment", "create", spec, "--figures", "live", "--json")[1])
    code, out, _ = cli("experiment", "start", made["id"])
    assert (code, out.strip()) == (0, f"A warmer first line ({made['id']}): running")
    code, out, _ = cli("experiment", "stop", made["id"], "--json")
    assert (code, json.loads(out)["status"]) == (0, "stopped")
    assert cli("experiment", "stop", made["id"])[0] == 2
