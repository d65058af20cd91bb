"""The sentence model, built once for all tests that need the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.twins.knowledge import MiniLM


@pytest.fixture(scope="session")
def minilm_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def minilm(minilm_cache: Path) -> MiniLM:
    return MiniLM(minilm_cache)
