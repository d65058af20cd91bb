"""Coverage of a flow: what its runs and tests reached, and who would reach the rest."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.common import Space, StrictRoute
from api.models import Wire
from api.routers.flow_tests import MOST_SECONDS, OfAFlow, Version
from core.domain.coverage import FlowCoverage, WayCoverage
from core.domain.flow_tests import FlowTest
from core.rehearsal import witness_test

router = APIRouter(prefix="/flows", tags=["Flows"], route_class=StrictRoute)
RunName = Annotated[
    str | None, Query(max_length=255, description="A run of this flow, by id or number.")
]
WithTests = Annotated[bool, Query(description="Count what the flow's tests reach.")]
WithSolver = Annotated[bool, Query(description="Search for somebody who takes each other way.")]
LIMITS = """

Tests are played, and the search goes on, for 20 seconds at most each; what was not decided by then
is `unknown`, and says so.
"""


class CoverageWanted(OfAFlow):
    """Of which flow, and where it is counted from."""

    run: str | None = Field(default=None, max_length=255, description="A run, by id or number.")
    tests: bool = Field(default=False, description="Count what the flow's tests reach.")
    solve: bool = Field(default=False, description="Search for somebody who takes each other way.")


class TestWanted(Wire):
    """A way that somebody is known to take."""

    __test__ = False

    row: WayCoverage
    name: str | None = Field(default=None, min_length=1, max_length=255)


@router.post("/coverage", description=f"Count what is covered of a flow.{LIMITS}")
def cover_flow(wanted: CoverageWanted, space: Space) -> FlowCoverage:
    """Count what is covered of a flow."""
    covered = space.flow_tests
    if wanted.flow_id is not None and wanted.document is None:
        return covered.cover_flow(
            wanted.flow_id,
            wanted.version,
            run=wanted.run,
            tests=wanted.tests,
            solve=wanted.solve,
            seconds=MOST_SECONDS,
        )
    return covered.cover_document(
        wanted.read(space),
        run=wanted.run,
        tests=wanted.tests,
        solve=wanted.solve,
        seconds=MOST_SECONDS,
    )


@router.post("/coverage/tests")
def make_coverage_test(wanted: TestWanted) -> FlowTest:
    """Make the test that holds the person who takes a way; nothing is kept."""
    return witness_test(wanted.row, wanted.name)


@router.get("/{flow_id}/coverage", description=f"Read what is covered of a flow.{LIMITS}")
def get_flow_coverage(
    flow_id: str,
    space: Space,
    version: Version = None,
    run: RunName = None,
    tests: WithTests = False,
    solve: WithSolver = False,
) -> FlowCoverage:
    """Read what is covered of a flow."""
    return space.flow_tests.cover_flow(
        flow_id, version, run=run, tests=tests, solve=solve, seconds=MOST_SECONDS
    )


@router.get(
    "/{flow_id}/coverage.xml",
    response_class=Response,
    responses={200: {"content": {"application/xml": {"schema": {"type": "string"}}}}},
)
def get_flow_coverage_xml(
    flow_id: str,
    space: Space,
    version: Version = None,
    run: RunName = None,
    tests: WithTests = False,
    solve: WithSolver = False,
) -> Response:
    """Read what is covered of a flow as Cobertura XML, which pipelines draw."""
    text = space.flow_tests.cobertura(
        flow_id, version, run=run, tests=tests, solve=solve, seconds=MOST_SECONDS
    )
    return Response(text, media_type="application/xml")
