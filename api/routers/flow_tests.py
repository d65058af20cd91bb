"""The tests that stand in a flow: played in memory, and what came of them when they were last."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query
from pydantic import Field, model_validator

from api.common import Space, StrictRoute
from api.models import Wire
from core.domain.errors import BadInput
from core.domain.moments import Moment
from core.domain.trials import KeptTrial, Trial, TrialCounts
from core.domain.wording import fault_at
from core.flows import restored
from core.rehearsal import MOST_COPIES
from core.workbench import Workspace

router = APIRouter(prefix="/flows", tags=["Flows"], route_class=StrictRoute)
Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="The newest if absent.")]
MOST_SECONDS = 20.0
"""How long one request may play people, and how long it may search."""


class OfAFlow(Wire):
    """A kept flow, a document that is being drawn, or one that is drawn over a kept flow."""

    document: dict[str, Any] | None = Field(
        default=None,
        description="A flow that is not kept. Beside `flow_id`, numbers that a browser cannot "
        "tell apart (49.0 and 49) are as they are there.",
    )
    flow_id: str | None = Field(default=None, max_length=255, description="A kept flow.")
    version: int | None = Field(default=None, ge=1, le=2**31 - 1)

    @model_validator(mode="after")
    def _one_flow(self) -> OfAFlow:
        if self.document is None and self.flow_id is None:
            raise fault_at("flow_id", "give a document or the id of a kept flow")
        if self.flow_id is None and self.version is not None:
            raise fault_at("version", "only a kept flow has versions")
        return self

    def read(self, space: Workspace) -> dict[str, Any]:
        """The document, held to the same limits as a file.

        Raises:
            BadInput: If it is no flow.
            NotFound: If there is no such kept flow.
        """
        try:
            document = space.flows.read(orjson.dumps(self.document), source="document")
        except BadInput as error:
            error.place = "document"
            raise
        if self.flow_id is None:
            return document
        return restored(document, space.flows.get(self.flow_id, self.version).document)


class TestsToTry(OfAFlow):
    """Which tests are to be played, and with how many people at most."""

    __test__ = False

    only: list[Annotated[int, Field(ge=0, le=199)]] | None = Field(
        default=None, max_length=200, description="Rows by their place from 0; all if absent."
    )
    most_copies: int = Field(
        default=MOST_COPIES,
        ge=1,
        le=10_000,
        description="A row whose rate is undecided is tried with more people, up to so many.",
    )


class TestsOut(TrialCounts):
    """What came of a flow's tests, row by row, and how many held."""

    __test__ = False

    seconds_allowed: float = Field(
        default=MOST_SECONDS, description="People are played for so many seconds at most."
    )

    @classmethod
    def of(cls, trial: Trial) -> TestsOut:
        """A trial, counted."""
        return cls(
            results=trial.results,
            most_copies=trial.most_copies,
            seconds=trial.seconds,
            notes=trial.notes,
        )


class LastTests(TestsOut):
    """What came of a version's tests when they were played last."""

    flow_id: str
    flow_version: int
    made_at: Moment | None = Field(description="Null where they have not been played yet.")

    @classmethod
    def kept(cls, trial: KeptTrial) -> LastTests:
        """A kept trial, counted."""
        names = ("flow_id", "flow_version", "made_at")
        kept = {name: getattr(trial, name) for name in names}
        return cls(**dict(TestsOut.of(trial)), **kept)


@router.post("/tests")
def run_flow_tests(wanted: TestsToTry, space: Space) -> TestsOut:
    """Play a flow's tests in memory, with the embedded engine; no run is made.

    A rate that so many people cannot decide is tried with twice as many, until it is decided,
    `most_copies` are reached, or 20 seconds have passed; `notes` says where the time was up. What
    comes of a kept flow's tests is kept.
    """
    more: dict[str, Any] = {
        "only": wanted.only,
        "most_copies": wanted.most_copies,
        "seconds": MOST_SECONDS,
    }
    if wanted.flow_id is not None and wanted.document is None:
        return TestsOut.of(space.flow_tests.try_flow(wanted.flow_id, wanted.version, **more))
    return TestsOut.of(space.flow_tests.try_document(wanted.read(space), **more))


@router.get("/{flow_id}/tests")
def get_flow_tests(flow_id: str, space: Space, version: Version = None) -> LastTests:
    """Read what came of a flow's tests when they were played last, in its newest tried version."""
    trial = space.flow_tests.last(flow_id, version)
    if trial is not None:
        return LastTests.kept(trial)
    flow = space.flows.get(flow_id, version)
    return LastTests(
        flow_id=flow.id,
        flow_version=flow.version,
        made_at=None,
        results=[],
        most_copies=MOST_COPIES,
        seconds=0.0,
    )
