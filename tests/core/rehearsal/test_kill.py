"""Nothing is lost: a process is killed, or its disk fills up, and the run still ends the same."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from core.settings import Settings
from core.workbench import Workbench
from tests.support.model_stub import model_stub

GREENROOM = str(Path(sys.executable).parent / "greenroom")
KILLS = 20
COPIES = 900
"""So many that a run takes longer than the start of its process."""
SAME = ["contact_id", "seq", "simulated_at", "variant", "actor", "kind", "step_id", "channel",
        "body", "payload"]  # fmt: skip
FLOW = """
name: Three messages
steps:
  - id: hello
    type: send_email
    config:
      subject: Hello
      body: "Shall I keep a seat for you? It costs $49. {{ links.unsubscribe }}"
    next: w1
  - {id: w1, type: wait_for_reply, on_reply: sort, on_timeout: nudge, config: {timeout: 2d}}
  - id: nudge
    type: send_sms
    config: {body: "Did you see my mail, {{ contact.first_name }}? Reply STOP to opt out."}
    next: w2
  - {id: w2, type: wait_for_reply, on_reply: sort, on_timeout: done, config: {timeout: 2d}}
  - id: sort
    type: condition
    config: {branches: [{when: 'reply.intent == "interested"', next: book}], else: answer}
  - {id: answer, type: twin_reply, next: w3, config: {}}
  - {id: w3, type: wait_for_reply, on_reply: done, on_timeout: done, config: {timeout: 2d}}
  - {id: book, type: goal, next: done, config: {name: booked}}
  - {id: done, type: end}
"""


def command(
    home: Path, *words: str, env: dict[str, str] | None = None, **more: Any
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [GREENROOM, *words],
        env={**(env or os.environ), "GREENROOM_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def rehearse(home: Path, flow: Path, **more: Any) -> subprocess.Popen[str]:
    words = ["rehearse", str(flow), "--cast", "all", "--copies", str(COPIES), "--json"]
    return command(home, *words, **more)


def runs(home: Path) -> list[dict[str, Any]]:
    process = command(home, "runs", "list", "--json")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    listed: list[dict[str, Any]] = json.loads(out)
    return listed


def events(home: Path) -> pa.Table:
    """The events of the home's only run, without what may differ."""
    workbench = Workbench(Settings(home=home))
    try:
        workspace = workbench.workspace()
        (run,) = workspace.rehearsals.list()
        return workspace.events.table(run.id).select(SAME)
    finally:
        workbench.close()


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("flow") / "flow.yaml"
    path.write_text(FLOW)
    return path


@pytest.fixture(scope="module")
def uninterrupted(flow: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, float]:
    """The events of a run that nothing disturbed, and the seconds that it took."""
    home = tmp_path_factory.mktemp("whole")
    started = time.monotonic()
    process = rehearse(home, flow)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert json.loads(out)["status"] == "finished"
    return events(home), time.monotonic() - started


def resume(home: Path, run_id: str) -> dict[str, Any]:
    process = command(home, "resume", run_id, "--json")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    document: dict[str, Any] = json.loads(out)
    return document


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_killed_run_resumes_to_the_same_events(
    flow: Path, uninterrupted: tuple[pa.Table, float], tmp_path: Path
) -> None:
    whole, seconds = uninterrupted
    moments = random.Random(20260105)
    halfway = 0
    for number in range(KILLS):
        home = tmp_path / str(number)
        process = rehearse(home, flow)
        time.sleep(moments.uniform(0.3, 1.0) * seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        found = runs(home)
        if not found:  # killed before it had written down what it would do
            continue
        (run,) = found
        assert run["status"] in ("interrupted", "finished")
        halfway += 0 < run["done"] < run["contacts"]
        assert resume(home, run["run_id"])["status"] == "finished"
        assert events(home).equals(whole), f"kill {number} changed what happened"
    assert halfway >= 3, "the kills must fall into the middle of runs to prove anything"


def limited(size: int) -> Callable[[], None]:
    """No file may grow over this size: what a full disk does to a writer, without filling one."""

    def set_limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return set_limit


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_full_disk_stops_a_run_cleanly_and_says_so(
    flow: Path, uninterrupted: tuple[pa.Table, float], tmp_path: Path
) -> None:
    process = rehearse(tmp_path, flow, preexec_fn=limited(5_000_000))
    _, err = process.communicate(timeout=120)
    assert process.returncode == 4, err
    assert "disk" in err.lower()
    assert "Traceback" not in err
    (run,) = runs(tmp_path)
    assert run["status"] == "interrupted"
    assert run["done"] < run["contacts"]
    assert resume(tmp_path, run["run_id"])["status"] == "finished"
    assert events(tmp_path).equals(uninterrupted[0])


@pytest.mark.slow
def test_a_killed_run_with_a_language_model_pays_only_for_what_was_on_its_way(
    tmp_path: Path,
) -> None:
    flow = tmp_path / "flow.yaml"
    flow.write_text(FLOW, "utf-8")
    flight = 20
    with model_stub(delay=0.02) as stub:
        asked = ["--copies", "10", "--model", "openai/stub", "--address", stub.openai, "--json"]
        environment = {**os.environ, "OPENAI_API_KEY": "none"}
        words = ["rehearse", str(flow), *asked]
        whole = command(tmp_path / "whole", *words, env=environment)
        undisturbed = json.loads(whole.communicate(timeout=120)[0])
        calls = len(stub.requests)
        stub.forget()
        killed = command(tmp_path / "killed", *words, env=environment)
        while len(stub.requests) < calls // 2:
            time.sleep(0.005)
        killed.kill()
        killed.wait()
        (run,) = runs(tmp_path / "killed")
        resumed = command(tmp_path / "killed", "resume", run["run_id"], "--json", env=environment)
        outcome = json.loads(resumed.communicate(timeout=120)[0])
        paid_twice = len(stub.requests) - calls
    assert outcome["status"] == "finished"
    assert table(tmp_path / "whole", undisturbed) == table(tmp_path / "killed", outcome)
    assert paid_twice <= 4 * flight


def table(home: Path, run: dict[str, Any]) -> list[dict[str, Any]]:
    """A run's events, but for what may differ."""
    bench = Workbench(Settings(home=home, workers=0))
    try:
        rows: list[dict[str, Any]] = bench.workspace().events.table(run["run_id"]).to_pylist()
    finally:
        bench.close()
    return [{name: row[name] for name in SAME} for row in rows]
