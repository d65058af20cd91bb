"""The Creator Twin Trainer: the source document's paths, answered by the creator twins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from api.common import Bench, Space, StrictRoute, model_of
from api.routers.twin_trials import untested
from api.routers.twins import choice_of, taken_in
from api.twin_models import (
    AnalysisOut,
    AnalyzeTwin,
    TestSessionOut,
    TestText,
    Uploaded,
    VerdictOut,
    VoiceOut,
)
from api.uploads import CREATOR_FILES, Form, arrived
from core.domain.errors import BadInput
from core.domain.twins import Twin
from core.workbench import Workspace

router = APIRouter(
    prefix="/testing/creator-twin", tags=["Creator Twin Trainer"], route_class=StrictRoute
)


async def creator_form(request: Request, bench: Bench) -> AsyncIterator[Form]:
    """The files and fields of a form."""
    async with arrived(request, bench.settings) as form:
        yield form


CreatorForm = Annotated[Form, Depends(creator_form)]


def creator(space: Workspace, ref: str | None) -> Twin:
    """The twin that a ``creator_id`` means: its id, its slug or its name."""
    if not ref:
        raise BadInput("This is needed.", place="creator_id")
    return space.twins.get(ref)


@router.post(
    "/upload-content", status_code=202, response_model=Uploaded, openapi_extra=CREATOR_FILES
)
def upload_content(form: CreatorForm, request: Request, space: Space) -> JSONResponse:
    """Give a twin files, and train it on them; watch the training at its `Location`."""
    twin = creator(space, form.fields.get("creator_id"))
    return taken_in(request, space, twin, form, choice_of(form))


@router.post("/analyze-personality")
def analyze_personality(wanted: AnalyzeTwin, space: Space) -> AnalysisOut:
    """What the content shows: Big Five with intervals and evidence, and the voice."""
    twin = creator(space, wanted.creator_id)
    model = model_of(space, wanted.model)
    rated = None if model is None else space.opinions.rate(twin.id, model)
    version = rated or space.twins.version(twin.id)
    profile = version.profile
    return AnalysisOut(
        creator_id=twin.id,
        version=version.number,
        words=profile.words,
        traits=list(profile.traits),
        voice=VoiceOut(features=list(profile.features), phrases=list(profile.phrases)),
    )


@router.get("/consistency-score")
def get_consistency_score(
    space: Space,
    creator_id: Annotated[
        str, Query(min_length=1, max_length=255, description="A twin: id, slug or name.")
    ],
) -> TestSessionOut:
    """The newest standard test: `results.metrics.score` is what held, with its interval."""
    twin = creator(space, creator_id)
    test = space.twin_tests.newest(twin.id)
    if test is None:
        raise untested(twin)
    return TestSessionOut.kept(test)


@router.post("/test-response")
def test_response(wanted: TestText, space: Space) -> VerdictOut:
    """How likely it is that the creator wrote a response, what speaks against it, what is near."""
    twin = creator(space, wanted.creator_id)
    verdict = space.twin_tests.test_response(twin.id, wanted.response)
    return VerdictOut(**verdict.model_dump(), creator_id=twin.id)
