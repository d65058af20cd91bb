"""The API over a home of its own, mounted as the door mounts it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from api import build_api
from core.settings import Settings
from core.workbench import Workbench
from tests.conftest import TWO_STEPS

V1 = "/api/v1"


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Workbench]:
    home = tmp_path_factory.mktemp("api") / "home"
    bench = Workbench(Settings(home=home, workers=0, cache=model_cache))
    yield bench
    bench.close()


@pytest.fixture(scope="session")
def served(bench: Workbench) -> Starlette:
    api = build_api(max_body=200_000)
    api.state.workbench = bench
    return Starlette(routes=[Mount("/api", app=api)])


@contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """A real server on a free port of this machine; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def client(served: Starlette) -> Iterator[httpx.Client]:
    with (
        listening(served) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def flow(client: httpx.Client) -> str:
    answer = client.post(f"{V1}/flows", json=TWO_STEPS)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


@pytest.fixture(scope="session")
def run(client: httpx.Client, flow: str) -> dict[str, Any]:
    """A finished run of ten people."""
    body = {"flow_id": flow, "cast": "Eager Eddie, Cold Carl", "copies": 5}
    answer = client.post(f"{V1}/runs", json=body)
    assert answer.status_code == 202, answer.text
    return rested(client, answer.headers["location"])


@pytest.fixture
def unique(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """A name that no other test uses."""
    return lambda word: f"{word} of {request.node.name}"


def rested(client: httpx.Client, location: str) -> dict[str, Any]:
    """A run, once it has come to rest."""
    for _ in range(500):
        run = client.get(location).json()
        if run["status"] not in ("pending", "running"):
            return run
        time.sleep(0.02)
    raise AssertionError(f"{location} does not come to rest")


CREATOR = Settings().data / "samples" / "creators" / "maya-okafor"


def trained(client: httpx.Client, twin_id: str) -> dict[str, Any]:
    """A twin's training, once it has come to rest."""
    for _ in range(2_000):
        state = client.get(f"{V1}/twins/{twin_id}/training").json()
        if not state["going_on"]:
            return state
        time.sleep(0.05)
    raise AssertionError(f"the training of {twin_id} does not end")


@pytest.fixture(scope="session")
def twin(client: httpx.Client) -> dict[str, Any]:
    """A twin that learned from two real pieces."""
    made = client.post(f"{V1}/twins", json={"name": "Maya the Short", "about": "A coach."})
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    files = [
        ("file", (name, (CREATOR / name).read_bytes())) for name in ("the-keel-hour.md", "faq.md")
    ]
    answer = client.post(f"{V1}/twins/{id}/pieces", params={"pii": "keep"}, files=files)
    assert answer.status_code == 202, answer.text
    assert trained(client, id)["error"] is None
    return client.get(f"{V1}/twins/{id}").json()
