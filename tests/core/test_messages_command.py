"""``greenroom messages check``: one line out for each line in, its keys kept."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.commands import Tally, checked_file, checked_lines
from core.domain.errors import BadInput

GOOD = {"channel": "sms", "body": "Hi Anna, see you on Monday. Reply STOP to opt out."}
ADDED = ["spam_risk", "is_spam", "tone", "segments", "encoding", "length", "findings"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def called(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["greenroom", "messages", "check", *words])
        with pytest.raises(SystemExit) as left:
            main()
        out, error = capfdbinary.readouterr()
        return int(left.value.code or 0), out.decode(), error.decode()

    return called


def written(path: Path, *rows: Any) -> str:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return str(path)


def test_the_same_lines_come_out_with_more_keys(tmp_path: Path, run: Run) -> None:
    rows = [{"id": n, **GOOD, "z": [n], "a": None} for n in range(1_500)]
    code, out, error = run(written(tmp_path / "in.jsonl", *rows))
    assert code == 0
    assert error == "1,500 messages, 0 called spam\n"
    found = [json.loads(line) for line in out.splitlines()]
    assert [{key: row[key] for key in rows[0]} for row in found] == rows
    assert list(found[0]) == [*rows[0], *ADDED]


def test_a_file_is_written_and_findings_fail_it_on_demand(tmp_path: Path, run: Run) -> None:
    given = written(tmp_path / "in.jsonl", {"channel": "sms", "body": "Hello"})
    target = tmp_path / "out.jsonl"
    assert run(given, "-o", str(target))[:2] == (0, "")
    assert json.loads(target.read_text())["findings"][0]["type"] == "missing_opt_out"
    assert run(given, "--fail-on", "warning")[0] == 1
    assert run(given, "--fail-on", "error")[0] == 0
    assert run(given, "--fail-on", "much")[0] == 2


def test_the_file_that_is_read_can_be_the_one_that_is_written(tmp_path: Path, run: Run) -> None:
    rows = [{"id": n, **GOOD} for n in range(3)]
    same = tmp_path / "same.jsonl"
    same.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    same.chmod(0o640)
    assert run(str(same), "-o", str(same))[0] == 0
    found = [json.loads(line) for line in same.read_text("utf-8").splitlines()]
    assert [row["id"] for row in found] == [0, 1, 2]
    assert all(row["tone"] for row in found)
    assert same.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [same]


def test_what_was_written_before_stays_where_the_input_is_bad(tmp_path: Path, run: Run) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("yesterday's")
    given = written(tmp_path / "in.jsonl", GOOD, "nope")
    assert run(given, "-o", str(target))[0] == 2
    assert target.read_text() == "yesterday's"
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "out.jsonl"}


def test_a_link_still_points_where_it_did_and_a_device_stays_one(tmp_path: Path, run: Run) -> None:
    (tmp_path / "real.jsonl").touch()
    link = tmp_path / "link.jsonl"
    link.symlink_to("real.jsonl")
    given = written(tmp_path / "in.jsonl", GOOD)
    assert run(given, "-o", str(link))[0] == 0
    assert link.is_symlink() and json.loads((tmp_path / "real.jsonl").read_text())["tone"]
    assert run(given, "-o", "/dev/null")[0] == 0
    assert not Path("/dev/null").is_file()
    assert run(given, "-o", "/dev/full")[0] == 4


def test_every_value_comes_back_as_it_was(tmp_path: Path, run: Run) -> None:
    row = {**GOOD, "channel": "push", "id": 2**80, "odd": {"é": [1.5, None, -(10**40)]}}
    code, out, _ = run(written(tmp_path / "in.jsonl", row))
    found = json.loads(out)
    assert (code, {key: found[key] for key in row}) == (0, row)


def test_a_long_body_is_read(tmp_path: Path, run: Run) -> None:
    row = {"channel": "email", "subject": "Notes", "body": "Hi Anna, more. " * 70_000}
    code, out, _ = run(written(tmp_path / "in.jsonl", row))
    assert (code, json.loads(out)["length"]) == (0, len(row["body"]))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"channel": "sms", "body": "x", "body": "y"}', "line 2: The key 'body' is there twice."),
        ('{"channel": "sms", "body": "x", "a": NaN}', "line 2: This is no JSON."),
        ('{"channel": "sms", "body": "x", "a": 1e400}', "line 2: This is no JSON."),
        ('{"channel": "sms", "body": "x", "a": ' + "[" * 5_010 + "]" * 5_010 + "}", "no JSON"),
        ("nope", "line 2: This is no JSON."),
        ("[]", "line 2: This is no JSON object."),
        ({"channel": "pigeon", "body": "x"}, "line 2, channel"),
        ({"channel": "sms"}, "line 2, body"),
        ({"channel": "sms", "body": 3}, "line 2, body"),
    ],
)
def test_a_bad_line_is_bad_input(tmp_path: Path, run: Run, line: Any, said: str) -> None:
    code, out, error = run(written(tmp_path / "in.jsonl", GOOD, line, GOOD))
    assert code == 2
    assert len(out.splitlines()) == 1
    assert said in error


def test_no_such_file(run: Run) -> None:
    code, _, error = run("nowhere.jsonl")
    assert (code, "nowhere.jsonl" in error) == (2, True)


def test_empty_lines_and_a_byte_order_mark_are_passed_over() -> None:
    tally = Tally()
    lines = [b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), b"\n", b"  \n"]
    assert len(list(checked_lines(lines, tally))) == tally.messages == 1


def test_a_table_keeps_its_columns() -> None:
    table = "id,channel,subject,body\n7,email,,Hello\n8,sms,,Hi. Reply STOP to opt out.\n"
    out, tally = checked_file("a.csv", table.encode())
    head, first, second = out.decode().splitlines()
    assert head == ",".join(["id", "channel", "subject", "body", *ADDED])
    assert first.startswith("7,email,,Hello,") and "missing_opt_out | bad_subject" in first
    assert second.startswith("8,sms,")
    assert tally.messages == 2


def test_a_table_without_a_body_is_refused() -> None:
    with pytest.raises(BadInput, match="body"):
        checked_file("a.csv", b"channel,text\nsms,Hi\n")
    with pytest.raises(BadInput, match="'body' is there twice"):
        checked_file("a.csv", b"channel,body,body\nsms,Hi,Ho\n")
    assert checked_file("a.csv", b"")[1].messages == 0
    assert checked_file("a.jsonl", io.BytesIO(b"").read())[0] == b""
