"""The real wire, its process kept from the world, against the stub."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.models import Model
from core.minds import Gateway, Keys, ModelService
from tests.core.minds.gateway.doubles import MemoryCache, MemoryLedger, MemorySecrets
from tests.support.model_stub import Stub, model_stub

OFFLINE = Path(__file__).resolve().parents[3] / "support" / "offline"
KEY = "sk-test-0123456789abcdefXYZ"
PROVIDERS = ("openai", "anthropic", "ollama_chat")


@pytest.fixture(scope="session")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An environment whose processes cannot leave the machine; what tried to fails the tests."""
    log = tmp_path_factory.mktemp("offline") / "attempts.log"
    yield {
        "PATH": os.environ["PATH"],
        "HOME": str(log.parent),
        "PYTHONPATH": str(OFFLINE),
        "GREENROOM_OFFLINE_LOG": str(log),
        "OPENAI_API_KEY": "sk-of-the-environment-012345",
        "ANTHROPIC_API_KEY": "sk-of-the-environment-678901",
    }
    assert not log.exists(), f"something wanted to leave the machine:\n{log.read_text()}"


@pytest.fixture(scope="session")
def service(offline: dict[str, str]) -> Iterator[ModelService]:
    """One wire for all tests: it takes seconds to start."""
    service = ModelService(offline)
    service.warm().result(100)
    yield service
    service.close()


@pytest.fixture(scope="session")
def running_stub() -> Iterator[Stub]:
    """A provider of our own, started once."""
    with model_stub() as running:
        yield running


@pytest.fixture
def stub(running_stub: Stub) -> Stub:
    """A provider of our own that was never asked anything."""
    running_stub.delay, running_stub.answer, running_stub.key = 0.0, None, None
    running_stub.retry_after = "0"
    running_stub.queue.clear()
    running_stub.forget()
    return running_stub


class Desk:
    """A workspace's gateway over a store in memory."""

    def __init__(self, service: ModelService, home: Path) -> None:
        self.service = service
        self.cache = MemoryCache()
        self.ledger = MemoryLedger()
        self.keys = Keys(MemorySecrets(), home, {})
        self.gateway: Gateway = service.gateway(self.cache, self.ledger, self.keys)


@pytest.fixture
def desk(service: ModelService, tmp_path: Path) -> Iterator[Desk]:
    """A workspace with an empty store."""
    made = Desk(service, tmp_path)
    yield made
    made.gateway.close()


def address(stub: Stub, provider: str) -> str:
    """Where a provider's side of the stub is."""
    return stub.openai if provider == "openai" else stub.address


def a_stub_model(stub: Stub, provider: str, behaviour: str = "normal", **settings: object) -> Model:
    """A model of the stub."""
    given = {"timeout_seconds": 5.0, "max_tokens": 200} | settings
    return Model(
        id=f"{provider}-{behaviour}",
        name="Stub",
        model=f"{provider}/stub-{behaviour}",
        address=address(stub, provider),
        **given,  # type: ignore[arg-type]
    )
