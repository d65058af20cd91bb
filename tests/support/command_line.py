"""Fixtures for tests of the command line: in this process, in another, through a workbench."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from api import build_api
from core.cli import main
from core.settings import read_settings
from core.workbench import Workbench

ROOT = Path(__file__).resolve().parent.parent.parent
Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("GREENROOM_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GREENROOM_CACHE", str(model_cache))
    monkeypatch.setenv("GREENROOM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def cli(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Cli:
    """Runs a command in this process; gives its exit code, output and errors."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["greenroom", *words])
        before = signal.getsignal(signal.SIGTERM)
        with pytest.raises(SystemExit) as left:
            main()
        signal.signal(signal.SIGTERM, before)
        sys.stdout.flush()
        out, error = capfdbinary.readouterr()
        return int(left.value.code or 0), out.decode(), error.decode()

    return run


def process(*words: str, **more: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "core.cli", *words]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, **{**pipes, **more})


@contextmanager
def holding(home: Path) -> Iterator[Workbench]:
    """A running workbench that holds a home, and answers for it."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{bound.getsockname()[1]}"
        settings = read_settings(home=home, workers=0)
        bench = Workbench(settings, address=address)
        api = build_api()
        api.state.workbench = bench
        served = Starlette(routes=[Mount("/api", app=api)])
        server = uvicorn.Server(uvicorn.Config(served, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
        thread.start()
        yield bench
        server.should_exit = True
        thread.join(10)
        bench.close()


@pytest.fixture
def held(home: Path) -> Iterator[Workbench]:
    """A home that a running workbench holds, and answers for."""
    with holding(home) as bench:
        yield bench
