"""The door: one process serves the workbench, the API and its files, and owns its home."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.api.conftest import V1
from tests.conftest import TWO_STEPS

ROOT = Path(__file__).resolve().parent.parent.parent


class Door(NamedTuple):
    """A running workbench."""

    address: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes]


def streamlit(environment: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    words = ["--server.address", "127.0.0.1", "--server.port", str(port)]
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    ours = {name: value for name, value in os.environ.items() if "GREENROOM" not in name}
    home = tmp_path_factory.mktemp("door") / "home"
    environment = {**ours, "GREENROOM_HOME": str(home), "GREENROOM_WORKERS": "0"}
    port = free_port()
    running = streamlit(environment, port)
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and running.poll() is None:
        try:
            httpx.get(f"{address}{V1}/health", trust_env=False)
            break
        except httpx.TransportError:
            time.sleep(0.1)
    yield Door(address, environment, running)
    running.send_signal(signal.SIGTERM)
    _, error = running.communicate(timeout=30)
    assert b"Traceback" not in error, error.decode()


def get(door: Door, path: str) -> httpx.Response:
    return httpx.get(f"{door.address}{path}", trust_env=False)


def test_workbench_api_and_files_come_from_one_process(door: Door) -> None:
    assert get(door, f"{V1}/health").json()["status"] == "ok"
    assert "streamlit" in get(door, "/").text.lower()
    assert get(door, "/api/openapi.json").json()["info"]["title"] == "Greenroom"
    for file in ("swagger/swagger-ui-bundle.js", "swagger/swagger-ui.css", "favicon.png"):
        assert get(door, f"/app/static/{file}").status_code == 200
    lost = get(door, "/api/nothing")
    assert lost.headers["content-type"] == "application/problem+json"


def test_the_command_line_works_through_it(door: Door) -> None:
    words = [sys.executable, "-m", "core.cli", "rehearse", "-", "--copies", "1", "--json"]
    done = subprocess.run(
        words,
        input=json.dumps(TWO_STEPS).encode(),
        cwd=ROOT,
        env=door.environment,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)["run_id"]
    assert get(door, f"{V1}/runs/{run}").json()["status"] == "finished"


def test_a_second_one_says_that_the_home_is_held(door: Door) -> None:
    second = streamlit(door.environment, free_port())
    _, error = second.communicate(timeout=60)
    assert second.returncode == 2
    assert error.decode().startswith("error: Another Greenroom") and b"Traceback" not in error
