"""Offline, provably: the server of all browser tests cannot reach another machine, nor tries to."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

from tests.browser.conftest import OpenPage, attempts_log, environment
from tests.browser.driving import says


def ask(address: str, body: object = None) -> dict[str, object]:
    data = None if body is None else json.dumps(body).encode()
    request = Request(address, data, {"Content-Type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        document: dict[str, object] = json.loads(answer.read())
    return document


def test_the_guard_holds(home: Path, tmp_path: Path) -> None:
    """The test below would fail if it could: a connection is refused, and noted."""
    log = tmp_path / "attempts.log"
    code = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment(home), "GREENROOM_OFFLINE_LOG": str(log)},
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert "192.0.2.1" in log.read_text("utf-8")


def test_a_rehearsal_and_its_report_need_nobody(
    server: str, home: Path, open_page: OpenPage
) -> None:
    flow = ask(f"{server}/api/v1/flows?limit=1")["items"][0]  # type: ignore[index]
    asked = {"flow_id": flow["id"], "cast": "all", "copies": 5, "seed": 11}
    run = ask(f"{server}/api/v1/runs", asked)
    id = run.get("id") or run["run_id"]
    until = time.monotonic() + 60
    while ask(f"{server}/api/v1/runs/{id}")["status"] != "finished":
        assert time.monotonic() < until
        time.sleep(0.2)
    assert ask(f"{server}/api/v1/runs/{id}/report")["headline"]
    for path in ("", "people", "populations", "flows", "rehearsals", "behaviour"):
        open_page(path)
    says(open_page(f"report?run={id}"), "opted out")
    assert not attempts_log(home).exists(), attempts_log(home).read_text("utf-8")
