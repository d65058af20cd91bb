"""Language models from the command line: a key is never an argument, money is said beforehand."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.commands import Room, given_key, run_command
from core.domain.errors import BadInput, NotFound
from core.workbench import Workbench, Workspace
from tests.conftest import TWO_STEPS
from tests.support.model_bench import service, workbench
from tests.support.model_stub import Stub, model_stub

__all__ = ["service", "workbench"]

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "sk-nobody-may-see-this-0123456789"


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with model_stub(key=KEY) as running:
        yield running


@pytest.fixture
def ask(workbench: Workbench) -> Callable[..., SimpleNamespace]:
    """Runs a command; gives what it found, its text and its exit code."""

    def asked(command: str, /, **given: object) -> SimpleNamespace:
        answer = run_command(Room(workbench), command, given)
        assert KEY not in json.dumps(answer.document) + answer.text + answer.note
        return SimpleNamespace(**answer._asdict())

    return asked


def added(ask: Callable[..., SimpleNamespace], stub: Stub, **more: object) -> SimpleNamespace:
    prices = {"input_price": 1.0, "output_price": 3.0}
    given = {"name": "Stand-in", "model": "openai/stub", "address": stub.openai, **prices, **more}
    return ask("models-add", **given)


def test_added_listed_tried_and_removed(
    ask: Callable[..., SimpleNamespace], stub: Stub, workbench: Workbench
) -> None:
    assert "greenroom models add" in ask("models-list").text
    document = added(ask, stub, key=KEY, max_tokens=300).document
    assert (document["id"], document["key_source"]) == ("stand-in", "saved")
    assert (document["max_tokens"], document["in_flight"]) == (300, 20)
    assert "key saved" in ask("models-list").text
    trial = ask("models-try", model="Stand-in")
    assert (trial.exit_code, trial.document["works"]) == (0, True)
    assert "It said: " in trial.text
    assert not _holds(workbench, KEY)
    assert ask("models-remove", model="stand-in").document["removed"]
    with pytest.raises(NotFound):
        ask("models-remove", model="stand-in")


def test_models_for_other_purposes_are_added_tried_and_never_rehearse(
    ask: Callable[..., SimpleNamespace], stub: Stub, workspace: Workspace
) -> None:
    bare = {"input_price": None, "output_price": None, "key": KEY}
    said = added(ask, stub, name="Finder", purpose="embedding", **bare).text
    assert said.startswith("Finder is added as finder (openai/stub, for embedding, key saved).")
    added(ask, stub, name="Listener", purpose="transcription", **bare)
    assert [one["purpose"] for one in ask("models-list").document] == [
        "embedding",
        "transcription",
    ]
    trial = ask("models-try", model="finder")
    assert (trial.exit_code, trial.document["dimensions"]) == (0, 8)
    assert "made a vector of 8 numbers" in trial.text
    trial = ask("models-try", model="listener")
    assert "It said: Small steps" in trial.text
    words = {"text": json.dumps(TWO_STEPS), "copies": 1}
    for name in ("finder", "Listener"):
        with pytest.raises(BadInput, match="cannot answer anybody") as raised:
            ask("rehearse", **words, model=name)
        assert raised.value.place == "model"
    assert workspace.rehearsals.count() == 0


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"purpose": "painting"}, "purpose"),
        ({"purpose": "embedding", "temperature": 1.0, "output_price": None}, "temperature"),
        ({"purpose": "transcription"}, "input_price"),
    ],
)
def test_what_makes_no_sense_for_a_purpose_is_refused(
    ask: Callable[..., SimpleNamespace], stub: Stub, given: dict[str, object], place: str
) -> None:
    with pytest.raises(BadInput) as raised:
        added(ask, stub, **given)
    assert raised.value.place == place


def test_one_that_does_not_work_ends_with_1(
    ask: Callable[..., SimpleNamespace], stub: Stub
) -> None:
    added(ask, stub, key="sk-quite-another-key-0123456789")
    trial = ask("models-try", model="stand-in")
    assert trial.exit_code == 1
    assert not trial.document["works"]
    assert trial.document["fix"] in trial.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"address": "not a url"}, "begins with http:// or https://"),
        ({"address": "http://user:pw-of-mine@127.0.0.1:9/v1"}, "no name and no password"),
        ({"temperature": float("nan")}, "Must be a finite number"),
        ({"model": "foo/bar"}, "There is no provider 'foo'"),
        ({"model": "opnai/gpt-4.1-mini"}, "There is no provider 'opnai'"),
        ({"model": "noprovider", "address": None}, "does not say whose model it is"),
    ],
)
def test_what_cannot_be_a_model_is_said_in_words(
    ask: Callable[..., SimpleNamespace], stub: Stub, given: dict[str, object], said: str
) -> None:
    with pytest.raises(BadInput, match=said) as raised:
        added(ask, stub, **given)
    assert "pw-of-mine" not in f"{raised.value} {raised.value.fix}"
    assert ask("models-list").document == []


def test_words_of_what_was_added_and_of_what_is_not_there(
    ask: Callable[..., SimpleNamespace], stub: Stub
) -> None:
    with pytest.raises(NotFound) as raised:
        ask("models-try", model="nothing")
    assert "page" not in (raised.value.fix or "")
    said = added(ask, stub).text
    assert said.startswith("Stand-in is added as stand-in (openai/stub, no key).")


def test_an_explicit_behaviour_engine_takes_no_model(
    ask: Callable[..., SimpleNamespace], stub: Stub, workspace: Workspace
) -> None:
    added(ask, stub, key=KEY)
    words = {"text": json.dumps(TWO_STEPS), "copies": 1, "model": "stand-in"}
    with pytest.raises(BadInput, match="takes no model") as raised:
        ask("rehearse", **words, engine="behaviour")
    assert raised.value.place == "engine"
    assert workspace.rehearsals.count() == 0
    assert ask("rehearse", **words).document["engine"] == "language"


@pytest.mark.parametrize("budget", [float("inf"), float("nan"), 1e300, 0, -1])
def test_a_budget_is_a_sum_that_somebody_can_mean(
    ask: Callable[..., SimpleNamespace], stub: Stub, budget: float
) -> None:
    with pytest.raises(BadInput) as raised:
        ask("rehearse", text=json.dumps(TWO_STEPS), model="stand-in", budget=budget)
    assert raised.value.place == "budget"
    with pytest.raises(BadInput) as raised:
        ask("resume", run="1", budget=budget)
    assert raised.value.place == "budget"


def test_an_estimate_says_that_the_budget_will_not_do(
    ask: Callable[..., SimpleNamespace], stub: Stub
) -> None:
    added(ask, stub, key=KEY)
    words = {"text": json.dumps(TWO_STEPS), "copies": 2, "model": "stand-in", "estimate": True}
    assert "The budget of $0.00001 is less than this" in ask("rehearse", **words, budget=1e-5).text
    assert "The budget" not in ask("rehearse", **words, budget=100.0).text


def test_the_seed_is_said_once(ask: Callable[..., SimpleNamespace]) -> None:
    words = {"text": json.dumps(TWO_STEPS), "copies": 1}
    assert ask("rehearse", **words, seed=7).text.count("seed 7") == 1


def test_an_estimate_is_printed_and_nothing_is_played(
    ask: Callable[..., SimpleNamespace], stub: Stub, workspace: Workspace
) -> None:
    added(ask, stub, key=KEY)
    words = {"text": json.dumps(TWO_STEPS), "copies": 2}
    stub.forget()
    found = ask("rehearse", **words, model="stand-in", estimate=True)
    assert found.text.startswith("About $")
    assert found.document["people"] == 14
    assert not stub_was_asked(stub)
    assert workspace.rehearsals.count() == 0
    with pytest.raises(BadInput, match="Only a language model costs"):
        ask("rehearse", **words, estimate=True)


def test_a_budget_ends_with_4_and_a_higher_one_goes_on(
    ask: Callable[..., SimpleNamespace], stub: Stub
) -> None:
    added(ask, stub, key=KEY)
    words = {"text": json.dumps(TWO_STEPS), "copies": 2, "model": "stand-in"}
    paused = ask("rehearse", **words, budget=0.001)
    assert (paused.exit_code, paused.document["status"]) == (4, "paused")
    done = ask("resume", run=paused.document["run_id"], budget=5)
    assert done.document["status"] == "finished"
    assert 0 < done.document["cost"] < 5


def test_a_key_comes_from_the_environment_or_from_standard_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MY_KEY", f" {KEY}\n")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{KEY}\n"))
    assert given_key("MY_KEY", from_input=False) == KEY
    assert given_key(None, from_input=True) == KEY
    assert given_key(None, from_input=False) is None
    for variable, from_input in (("NOT_SET", False), ("MY_KEY", True), (None, True)):
        with pytest.raises(BadInput):
            given_key(variable, from_input=from_input)


def stub_was_asked(stub: Stub) -> bool:
    asked = [one for one in stub.requests if one.schema is not None]
    return bool(asked)


def _holds(workbench: Workbench, text: str) -> bool:
    """Whether a text stands anywhere in the home."""
    workbench.workspace().store.database.rows("CHECKPOINT")
    files = [path for path in workbench.settings.home.rglob("*") if path.is_file()]
    return any(text.encode() in path.read_bytes() for path in files)


def test_the_command_line_takes_a_key_from_the_environment(stub: Stub, tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    flow = tmp_path / "flow.json"
    flow.write_text(json.dumps(TWO_STEPS))
    prices = ("--input-price", "1", "--output-price", "3")

    def greenroom(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "core.cli", *words, "--home", home],
            cwd=ROOT,
            env={**os.environ, "MY_KEY": KEY},
            capture_output=True,
            text=True,
            check=False,
        )
        assert KEY not in done.stdout + done.stderr
        return done.returncode, done.stdout

    add = ("models", "add", "Stand-in", "openai/stub", "--address", stub.openai)
    code, out = greenroom(*add, "--key-env", "MY_KEY", *prices, "--json")
    assert (code, json.loads(out)["key_source"]) == (0, "saved")
    code, out = greenroom("models", "list", "--json")
    assert [one["name"] for one in json.loads(out)] == ["Stand-in"]
    finder = ("models", "add", "Finder", "ollama/nomic-embed-text", "--purpose", "embedding")
    code, out = greenroom(*finder, "--address", stub.ollama, "--json")
    assert (code, json.loads(out)["purpose"]) == (0, "embedding")
    estimate = ("rehearse", str(flow), "--copies", "2", "--model", "stand-in", "--estimate")
    code, out = greenroom(*estimate)
    assert code == 0 and out.startswith("About $")
    assert greenroom("models", "remove", "stand-in")[0] == 0
