"""Fixtures that every test may use: a home of its own, and rooms over it."""

from __future__ import annotations

import os
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from core.workbench import Workbench, Workspace

TWO_STEPS: dict[str, Any] = {
    "name": "Two steps",
    "steps": [
        {
            "id": "hello",
            "type": "send_email",
            "config": {"subject": "A seat", "body": "Shall I keep a seat for you? It costs $49."},
            "next": "wait",
        },
        {
            "id": "wait",
            "type": "wait_for_reply",
            "config": {"timeout": "2d"},
            "on_reply": "sort",
            "on_timeout": "done",
        },
        {
            "id": "sort",
            "type": "condition",
            "config": {
                "branches": [{"when": 'reply.intent == "interested"', "next": "book"}],
                "else": "done",
            },
        },
        {"id": "book", "type": "goal", "config": {"name": "booked"}, "next": "done"},
        {"id": "done", "type": "end"},
    ],
}


GUARD = Path(__file__).parent / "support" / "offline"


@pytest.fixture(scope="session", autouse=True)
def no_way_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test, and no process that one starts, asks anything outside this machine."""
    log = tmp_path_factory.mktemp("offline") / "attempts.log"
    os.environ["GREENROOM_OFFLINE_LOG"] = str(log)
    os.environ["PYTHONPATH"] = str(GUARD)
    runpy.run_path(str(GUARD / "sitecustomize.py"))
    yield
    assert not log.exists(), log.read_text("utf-8")


@pytest.fixture(scope="session", autouse=True)
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the embedding model is unpacked, once for all tests and all that they start."""
    cache = tmp_path_factory.getbasetemp().parent / "models"
    os.environ["GREENROOM_CACHE"] = str(cache)
    return cache


@pytest.fixture
def workbench(tmp_path: Path, model_cache: Path) -> Iterator[Workbench]:
    """A workbench that plays inside this process, in a fresh home."""
    bench = Workbench(Settings(home=tmp_path / "home", workers=0, cache=model_cache))
    yield bench
    bench.close()


@pytest.fixture
def workspace(workbench: Workbench) -> Workspace:
    """The default workspace of a fresh home."""
    return workbench.workspace()
