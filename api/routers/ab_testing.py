"""The A/B Testing Suite: the source document's paths, answered by the experiments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.ab_tests import as_ab_test, design_of, source_of, variants_of
from api.common import Space, StrictRoute, address
from api.experiment_models import ABTest, ABToAnalyze, NewABTest, NewABVariant
from core.domain.experiments import Experiment
from core.workbench import Workspace

router = APIRouter(
    prefix="/testing/ab-testing", tags=["A/B Testing Suite"], route_class=StrictRoute
)
TestId = Annotated[
    str, Query(min_length=1, max_length=255, description="An A/B test: an experiment's id.")
]


@router.post("/create-test", status_code=201)
def create_ab_test(wanted: NewABTest, request: Request, response: Response, space: Space) -> ABTest:
    """Make an A/B test; with `start` its design is frozen at once, and participants may come."""
    one = space.experiments.create(design_of(wanted), source_of(wanted))
    if wanted.start:
        one = space.experiments.start(one.id)
    response.headers["Location"] = address(request, f"/experiments/{one.id}")
    return as_ab_test(one, None)


@router.post("/add-variant")
def add_ab_variant(wanted: NewABVariant, space: Space) -> ABTest:
    """Give an A/B test one more variant, unless it has started: what is frozen stays (409)."""
    one = space.experiments.get(wanted.test_id)
    (variant,) = variants_of([wanted], one.design.variants)
    return as_ab_test(space.experiments.add_variant(one.id, variant), None)


@router.get("/results")
def get_ab_results(test_id: TestId, space: Space) -> ABTest:
    """What an A/B test shows now; looking at new data is a look, and is kept as one."""
    one = space.experiments.get(test_id)
    return _looked_at(space, one)


@router.post("/analyze-winner")
def analyze_ab_winner(wanted: ABToAnalyze, space: Space) -> ABTest:
    """Ask an A/B test's rule for a winner; `decide` records what it says, `apply` puts it to use.

    The rule was chosen when the test was made. `winner` is null unless it declares one.
    """
    one = space.experiments.get(wanted.test_id)
    found = _looked_at(space, one)
    if wanted.decide and one.decided is None:
        one = space.experiments.decide(one.id)
    if wanted.apply:
        one = space.experiments.apply(one.id)
    return as_ab_test(one, space.experiments.newest(one.id)) if one.decided else found


def _looked_at(space: Workspace, one: Experiment) -> ABTest:
    """A test as it is now; one without data has nothing to look at, a decided one stays."""
    if one.status in ("draft", "decided") or not space.experiments.ready(one.id):
        return as_ab_test(one, space.experiments.newest(one.id))
    seen = space.experiments.look(one.id)
    return as_ab_test(space.experiments.get(one.id), seen)
