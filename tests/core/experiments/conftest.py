"""A workspace with a small flow and people, and designs over them."""

from __future__ import annotations

from typing import Any

import pytest

from core.domain.experiments import Design, MessageChange, Metric, Variant
from core.domain.flows import StoredFlow
from core.domain.populations import Population
from core.experiments import Experiments
from core.workbench import Workspace
from tests.conftest import TWO_STEPS

LOUD = "LAST CHANCE!!! Act now, buy today, it is FREE: {{ links.booking }}"


@pytest.fixture
def flow(workspace: Workspace) -> StoredFlow:
    """A flow of one message."""
    return workspace.flows.create(TWO_STEPS)


@pytest.fixture
def people(workspace: Workspace) -> Population:
    """Sixty people."""
    return workspace.populations.from_words("Eager Eddie,Cold Carl,Busy Bob", 20, 7)


@pytest.fixture
def experiments(workspace: Workspace) -> Experiments:
    """The workspace's experiments."""
    return workspace.experiments


def wordings(flow: StoredFlow, people: Population, /, **more: Any) -> Design:
    """Two wordings of the flow's message."""
    told: dict[str, Any] = {
        "name": "Two wordings",
        "hypothesis": "Shouting helps nobody.",
        "variants": (
            Variant(id="calm"),
            Variant(id="loud", messages={"hello": MessageChange(body=LOUD)}),
        ),
        "metrics": (
            Metric(id="booked", role="primary", value="goal:booked"),
            Metric(id="clicked", value="clicked"),
            Metric(id="opted_out", role="guardrail", better="lower", value="opted_out"),
        ),
        "population": people.id,
        "flow": flow.id,
    }
    return Design.model_validate({**told, **more})


def streamed(**more: Any) -> Design:
    """A design of a live experiment."""
    told: dict[str, Any] = {
        "name": "Two days",
        "variants": (Variant(id="a"), Variant(id="b")),
        "metrics": (Metric(id="bought", role="primary", value="goal:bought"),),
    }
    return Design.model_validate({**told, **more})
