"""Fixtures for tests that call models: one connection for a module, a fresh home for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.minds import ModelService
from core.settings import Settings
from core.workbench import Workbench


@pytest.fixture(scope="module")
def service() -> Iterator[ModelService]:
    """One process with the wire: starting it takes seconds."""
    running = ModelService()
    yield running
    running.close()


@pytest.fixture
def workbench(tmp_path: Path, service: ModelService) -> Iterator[Workbench]:
    """A workbench in a fresh home, with the module's connection to models."""
    bench = Workbench(Settings(home=tmp_path / "home", workers=0))
    bench.service = service
    yield bench
    bench.service = ModelService()
    bench.close()
