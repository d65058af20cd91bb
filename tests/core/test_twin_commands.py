"""Creator twins from the command line: files in, a version out; lines in, lines out."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.commands import content_files, left_out, put_aside
from core.commands.lines import written_line
from core.commands.twin_answers import MOST_ASKED, answered_lines, verified_lines
from core.domain.errors import BadInput
from core.settings import Settings
from tests.support.command_line import Cli, cli, holding, home, process

__all__ = ["cli", "home"]

CREATOR = Settings().data / "samples" / "creators" / "maya-okafor"
REST = "# On rest\n\nRest is work that you cannot see. Take it before you need it.\n"
KEEL = "What is the keel hour?"
OFF_TOPIC = "Which graphics card do I need for video games?"


@pytest.fixture(scope="module")
def maya(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Path:
    """A home in which a twin was trained by a process of its own."""
    base = tmp_path_factory.mktemp("maya")
    folder = base / "content"
    (folder / "answers").mkdir(parents=True)
    shutil.copy(CREATOR / "the-keel-hour.md", folder)
    shutil.copy(CREATOR / "faq.md", folder / "answers")
    (folder / ".hidden.md").write_text(REST)
    (folder / ".git").mkdir()
    (folder / ".git" / "notes.md").write_text(REST)
    words = ("--name", "Maya", "--about", "A coach.", "--json", "--home", str(base / "home"))
    env = {**os.environ, "GREENROOM_CACHE": str(model_cache)}
    training = process("twin", "train", str(folder), *words, env=env)
    out, error = training.communicate(timeout=110)
    assert training.returncode == 0, error
    assert b"%" in error
    (base / "trained.json").write_bytes(out)
    return base


@pytest.fixture
def ask(cli: Cli, maya: Path) -> Callable[..., tuple[int, str, str]]:
    """A command about twins in Maya's home."""
    return lambda *words: cli("twin", *words, "--home", str(maya / "home"))


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def write_lines(path: Path, *rows: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


# Training


def test_what_training_says(maya: Path) -> None:
    document = json.loads((maya / "trained.json").read_text())
    assert (document["twin"], document["name"], document["version"]) == ("maya", "Maya", 1)
    assert document["about"] == "A coach." and document["seconds"] > 0 and not document["error"]
    pieces = {one["name"]: one for one in document["pieces"]}
    assert set(pieces) == {"the-keel-hour.md", "answers/faq.md"}
    assert all(one["state"] == "ready" and one["words"] > 800 for one in pieces.values())
    assert (maya / "content" / "the-keel-hour.md").read_text().startswith("#")
    assert (maya / "content" / ".hidden.md").exists()
    assert not list((maya / "home" / ".arriving").iterdir())


def test_what_is_the_same_is_not_learned_again(ask: Cli, maya: Path) -> None:
    code, out, _ = ask("train", str(maya / "content"), "--name", "maya", "--json")
    assert code == 0
    again = json.loads(out)
    assert (again["id"], again["version"]) == (
        json.loads((maya / "trained.json").read_text())["id"],
        1,
    )
    assert len(json.loads(ask("versions", "maya", "--json")[1])) == 1


def test_more_content_is_added_and_a_version_is_chosen(cli: Cli, tmp_path: Path) -> None:
    first, second = tmp_path / "rest.md", tmp_path / "bad.pdf"
    first.write_text(REST)
    assert cli("twin", "train", str(first), "--name", "Ada")[0] == 0
    second.write_bytes(b"MZ\x90" + b"\x00" * 99)
    (tmp_path / "more.md").write_text("# On work\n\nWork ends when the light goes. Stop then.\n")
    code, out, _ = cli("twin", "train", str(tmp_path / "more.md"), str(second), "--name", "Ada")
    assert code == 0 and "Ada (ada) is at version 2" in out
    assert "2 of 3 pieces are ready" in out and "error: bad.pdf:" in out
    assert cli("twin", "use", "ada", "1")[0] == 0
    versions = json.loads(cli("twin", "versions", "ada", "--json")[1])
    assert [(one["version"], one["in_use"], one["pieces"]) for one in versions] == [
        (2, False, 2),
        (1, True, 1),
    ]
    assert "1*" in cli("twin", "versions", "ada")[1]
    assert cli("twin", "use", "ada", "9")[0] == 2
    assert "Ada" in cli("twin", "list")[1]
    assert json.loads(cli("twin", "show", "Ada", "--json")[1])["version"] == 1
    assert cli("twin", "delete", "ada")[0] == 0
    assert json.loads(cli("twin", "list", "--json")[1]) == []
    assert "greenroom twin train" in cli("twin", "list")[1]


def test_nothing_to_learn_ends_with_1(cli: Cli, tmp_path: Path) -> None:
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"PK\x03\x04 not an archive")
    code, out, error = cli("twin", "train", str(bad), "--name", "Ada", "--json")
    document = json.loads(out)
    assert code == 1 and "nothing could be learned" in error
    assert (document["version"], document["pieces"][0]["state"]) == (None, "refused")
    assert document["pieces"][0]["problems"][0]["severity"] == "error"


@pytest.mark.parametrize(("choice", "left"), [("keep", True), ("mask", False), ("drop", False)])
def test_personal_data_is_decided_without_asking(
    cli: Cli, tmp_path: Path, choice: str, left: bool
) -> None:
    (tmp_path / "reach.md").write_text(f"{REST}\nWrite to ada.ode@example.com when stuck.\n")
    words = ("--name", "Ada", "--pii", choice, "--json")
    code, out, _ = cli("twin", "train", str(tmp_path / "reach.md"), *words)
    piece = json.loads(out)["pieces"][0]
    assert (code, piece["state"], piece["choice"], piece["personal"]) == (0, "ready", choice, 1)
    said = cli("twin", "ask", "Ada", "--question", "How do I reach you when stuck?", "--json")[1]
    assert ("ada.ode@example.com" in said) is left


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["train", "nothing-here", "--name", "Ada"], "nothing-here"),
        (["train", "EMPTY", "--name", "Ada"], "no files"),
        (["train", "EMPTY"], "--name"),
        (["train", "FILE", "--name", "Ada", "--pii", "burn"], "pii"),
        (["train", "FILE", "--name", " "], "name"),
        (["train", "FILE", "FILE", "--name", "Ada"], "Two files"),
        (["train", "/dev/null", "--name", "Ada"], "neither"),
        (["ask", "nobody", "LINES"], "nobody"),
        (["ask", "nobody"], "QUESTIONS"),
        (["ask", "nobody", "LINES", "--question", "x"], "QUESTIONS"),
        (["ask", "nobody", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["verify", "nobody", "LINES"], "line 1, text"),
        (["show", "nobody"], "nobody"),
        (["test", "nobody"], "nobody"),
        (["delete", "nobody"], "nobody"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    cli: Cli, tmp_path: Path, words: list[str], said: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".hidden").write_text("x")
    (tmp_path / "rest.md").write_text(REST)
    places = {
        "EMPTY": str(tmp_path / "empty"),
        "FILE": str(tmp_path / "rest.md"),
        "LINES": write_lines(tmp_path / "lines.jsonl", {"id": 1, "question": KEEL}),
    }
    code, out, error = cli("twin", *(places.get(word, word) for word in words))
    assert (code, out) == (2, ""), error
    assert error.startswith("error: ") and error.count("\n") == 1 and said in error
    assert json.loads(cli("twin", "list", "--json")[1]) == []


# Files on their way


def test_files_are_called_by_their_way_from_the_folder(tmp_path: Path) -> None:
    for name in ("b.md", "a/c.md", "a/.d.md", ".e/f.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "round").symlink_to(tmp_path)
    assert {one.name for one in content_files([str(tmp_path)], 10)} == {"b.md", "a/c.md"}
    with pytest.raises(BadInput, match="more than 1 files"):
        content_files([str(tmp_path)], 1)


def test_a_link_that_leads_out_of_a_folder_is_left_out_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    (tmp_path / "secret.md").write_text("not yours", "utf-8")
    (folder / "own.md").write_text("mine", "utf-8")
    (folder / "again.md").symlink_to(folder / "own.md")
    (folder / "stolen.md").symlink_to(tmp_path / "secret.md")
    (folder / "dead.md").symlink_to(tmp_path / "nowhere.md")
    assert {one.name for one in content_files([str(folder)], 10)} == {"own.md", "again.md"}
    assert left_out([str(folder)]) == ["dead.md", "stolen.md"]


def test_what_is_put_aside_may_be_deleted(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "rest.md").write_text(REST)
    (content / "link.md").symlink_to(content / "rest.md")
    token = put_aside(tmp_path, content_files([str(content)], 10))
    shutil.rmtree(tmp_path / ".arriving" / token)
    assert (content / "rest.md").read_text() == REST


def test_a_name_that_is_no_text_is_read_as_one(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text(REST)
    (found,) = content_files([str(tmp_path)], 10)
    assert found.name == "caf\ufffd.md" and found.path.read_text() == REST


# Asking


def test_each_line_comes_back_with_its_answer(ask: Cli, maya: Path, tmp_path: Path) -> None:
    rows = [
        {"id": 2**70, "question": KEEL, "own": {"a": [None, 1.5]}},
        {"id": "b", "question": OFF_TOPIC, "answer": "was here"},
        {"question": "Hello"},
    ]
    target = tmp_path / "out.jsonl"
    source = write_lines(tmp_path / "in.jsonl", *rows)
    code, out, error = ask("ask", "maya", source, "-o", str(target))
    assert (code, out, error) == (0, "", "")
    first, second, third = lines(target.read_text())
    assert {key: first[key] for key in rows[0]} == rows[0]
    assert list(first)[:3] == ["id", "question", "own"]
    assert not first["declined"] and first["answer"] and 0 < first["covered"] <= 1
    assert second["declined"] and second["answer"] != "was here"
    assert (third["kind"], third["citations"]) == ("greeted", [])
    whole = {one: (maya / "content" / one).read_text() for one in ("the-keel-hour.md",)}
    for row in (first, second):
        assert len(row["citations"]) == 5
        for one in row["citations"]:
            assert set(one) == {"file", "start", "end", "text", "place"}
            assert 40 <= len(one["text"].split()) <= 250
            assert one["file"] in ("the-keel-hour.md", "answers/faq.md")
            assert one["end"] - one["start"] == len(one["text"])
    assert "keel" in whole["the-keel-hour.md"]


def test_standard_input_and_output(maya: Path) -> None:
    asking = process("twin", "ask", "Maya", "-", "--home", str(maya / "home"))
    rows = json.dumps({"id": 1, "question": KEEL}) + "\n\n" + json.dumps({"question": OFF_TOPIC})
    out, error = asking.communicate(rows.encode(), timeout=60)
    assert asking.returncode == 0, error
    assert [row["declined"] for row in lines(out.decode())] == [False, True]


def test_a_bad_line_is_named_and_nothing_is_lost_before_it(ask: Cli, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(
        f'{json.dumps({"question": KEEL})}\n{{"id": 2}}\n{json.dumps({"question": "x"})}\n'
    )
    code, out, error = ask("ask", "maya", str(path))
    assert (code, len(lines(out))) == (2, 1)
    assert error == "error: line 2, question: This is needed.\n"
    target = tmp_path / "out.jsonl"
    target.write_text("as it was")
    assert ask("ask", "maya", str(path), "-o", str(target))[0] == 2
    assert target.read_text() == "as it was"


def test_one_question_is_answered_for_a_person(ask: Cli) -> None:
    code, out, _ = ask("ask", "maya", "--question", KEEL)
    assert code == 0 and "  [1] " in out and "keel" in out.lower()
    (document,) = json.loads(ask("ask", "maya", "--question", OFF_TOPIC, "--json")[1])
    assert document["declined"] and len(document["citations"]) == 5


def test_hundreds_of_questions_are_quick(ask: Cli, tmp_path: Path) -> None:
    rows = [{"id": number, "question": f"{KEEL} Number {number}?"} for number in range(320)]
    source = write_lines(tmp_path / "in.jsonl", *rows)
    started = time.monotonic()
    code, out, _ = ask("ask", "maya", source)
    assert code == 0 and [row["id"] for row in lines(out)] == list(range(320))
    assert time.monotonic() - started < 40


def test_an_unknown_model_is_bad_input(ask: Cli) -> None:
    code, _, error = ask("ask", "maya", "--question", KEEL, "--model", "nothing")
    assert code == 2 and "nothing" in error


# Verifying


def test_each_text_comes_back_with_a_probability(ask: Cli, tmp_path: Path) -> None:
    own = (CREATOR / "slack-water.md").read_text()[:1_500]
    rows = [{"id": "a", "text": own}, {"id": "b", "text": "Too short."}]
    code, out, _ = ask("verify", "maya", write_lines(tmp_path / "in.jsonl", *rows))
    first, second = lines(out)
    assert code == 0 and (first["id"], first["text"]) == ("a", own)
    assert 0 <= first["probability"] <= 1 and first["reliability"] != "none"
    assert (second["probability"], second["reliability"]) == (None, "none")


def test_many_lines_go_in_several_requests_in_order() -> None:
    asked: list[int] = []

    def ask(words: list[str]) -> list[dict[str, Any]]:
        asked.append(len(words))
        return [{"answer": word} for word in words]

    rows = [written_line({"question": f"{number}"}) for number in range(2 * MOST_ASKED + 5)]
    found = lines(b"".join(answered_lines(rows, ask)).decode())
    assert [one["answer"] for one in found] == [f"{number}" for number in range(len(rows))]
    assert asked == [MOST_ASKED, MOST_ASKED, 5]
    asked.clear()
    long = [written_line({"text": "x" * 900_000}) for _ in range(3)]
    list(verified_lines(long, ask))
    assert asked == [2, 1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"[1]", "no JSON object"),
        (b"not json", "no JSON"),
        (b'{"question": 7}', "Must be text"),
        (b'{"question": "a", "question": "b"}', "twice"),
        (json.dumps({"question": "x" * 10_001}).encode(), "10,001 characters"),
        (b'{"question": "\\ud800"}', "no JSON"),
    ],
)
def test_what_is_no_question_is_said(line: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as raised:
        list(answered_lines([line], lambda words: [{} for _ in words]))
    assert str(raised.value.place).startswith("line 1")


# Testing


def test_the_standard_test_gives_a_score_with_an_interval(ask: Cli) -> None:
    code, out, _ = ask("test", "maya", "--json")
    document = json.loads(out)
    assert code == 0 and document["version"] == 1
    score = document["score"]
    assert 0 <= score["low"] <= score["rate"] <= score["high"] <= 1
    assert {one["probe"]["group"] for one in document["results"]} == {
        "content",
        "off_topic",
        "provocation",
    }
    code, out, _ = ask("test", "maya")
    assert code == 0 and out.startswith("Consistency") and "provocations" in out


# Stopping


def test_ctrl_c_stops_a_training_and_what_is_done_stays(home: Path) -> None:
    training = process("twin", "train", str(CREATOR), "--name", "Maya", "--json")
    assert training.stderr and b"%" in training.stderr.readline()
    training.send_signal(signal.SIGINT)
    out, error = training.communicate(timeout=90)
    document = json.loads(out)
    assert training.returncode == 4, error
    assert b"did not finish" in error and b"Traceback" not in error
    assert (document["version"], document["error"]) == (None, "It was stopped.")
    assert not list((home / ".arriving").iterdir())


# Through a running workbench


def test_everything_works_through_a_running_workbench(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    shutil.copy(CREATOR / "the-keel-hour.md", tmp_path / "content")
    questions = write_lines(tmp_path / "q.jsonl", {"id": 2**70, "question": KEEL})
    passages = write_lines(tmp_path / "p.jsonl", {"id": 1, "text": "Too short."})
    with holding(tmp_path / "home") as bench:
        code, out, error = cli(
            "twin", "train", str(tmp_path / "content"), "--name", "Maya", "--json"
        )
        assert code == 0, error
        document = json.loads(out)
        twin = bench.workspace().twins.get("maya")
        assert (document["id"], document["version"]) == (twin.id, 1)
        assert not list((tmp_path / "home" / ".arriving").iterdir())
        code, out, error = cli("twin", "ask", "maya", questions)
        assert code == 0, error
        (row,) = lines(out)
        assert row["id"] == 2**70 and not row["declined"] and row["citations"]
        assert lines(cli("twin", "verify", "maya", passages)[1])[0]["probability"] is None
        assert "the-keel-hour.md" in json.dumps(
            json.loads(cli("twin", "show", "maya", "--json")[1])
        )
        code, _, error = cli("twin", "ask", "nobody", questions)
        assert (code, error.count("\n")) == (2, 1) and "nobody" in error
        assert cli("twin", "delete", "maya")[0] == 0
        assert bench.workspace().twins.list() == []
