"""Every error of the API, in one shape: ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.domain.errors import BadInput, Conflict, GreenroomError, InvalidFlow
from core.domain.findings import Finding
from core.domain.wording import LONGEST_PART, place_of, sentence_of

log = logging.getLogger("greenroom.api")
MEDIA_TYPE = "application/problem+json"
CAST_KINDS = ("words", "lines")
"""How a cast can be written; pydantic puts these words into its places."""
_TITLES = {
    400: "This request cannot be read",
    404: "Not found",
    405: "This method is not allowed here",
    413: "This is too large",
    415: "This content type is not understood",
    422: "This cannot be used as it is",
}
_MOST = 100
"""So many faults of one request are listed."""
_CALLED = {
    "flow": ("workflow_id", "flow_id"),
    "run": ("test_id", "run_id"),
    "population": ("population_id",),
    "persona": ("persona_id",),
    "twin": ("twin_id", "creator_id"),
    "piece": ("piece_id",),
    "parameters": ("parameters_version",),
    "experiment": ("experiment_id", "test_id"),
    "dataset": ("dataset_id",),
}
"""What requests call the things that errors are about; the last one where no path says so."""
_UNFORESEEN = "Something went wrong on our side"


class ProblemItem(BaseModel):
    """One thing that is wrong, and where."""

    field: str | None = None
    message: str
    type: str | None = None
    fix: str | None = None


class Problem(BaseModel):
    """What went wrong, where, and what to do about it."""

    type: str = Field(description="A stable name of the kind of problem.")
    title: str
    status: int
    detail: str
    field: str | None = Field(description="The field, step or line that it is about.")
    fix: str | None = Field(description="What to do about it.")
    errors: list[ProblemItem] = Field(description="Every fault that was found.")
    reference: str | None = Field(description="Under this our log says more.")
    newest: int | None = Field(
        default=None, description="The newest version, where somebody saved it in the meantime."
    )


class DoubledKey(HTTPException):
    """A body that gives one key twice: which of the two is meant is not ours to guess."""

    def __init__(self, key: str) -> None:
        self.key = key[:LONGEST_PART]
        super().__init__(422, f"The key '{self.key}' is there twice in one object")


class ProblemResponse(JSONResponse):
    """A problem on the wire."""

    media_type = MEDIA_TYPE


def problem(
    status: int,
    detail: str,
    *,
    type: str = "about:blank",
    title: str | None = None,
    field: str | None = None,
    fix: str | None = None,
    errors: Sequence[ProblemItem] = (),
    reference: str | None = None,
    headers: dict[str, str] | None = None,
    newest: int | None = None,
) -> ProblemResponse:
    """A response that says what went wrong."""
    content = Problem(
        type=type,
        title=title or _TITLES.get(status, _UNFORESEEN if status >= 500 else "Not possible"),
        status=status,
        detail=detail,
        field=field,
        fix=fix,
        errors=list(errors),
        reference=reference,
        newest=newest,
    )
    left_out = {"newest"} if newest is None else set()
    return ProblemResponse(content.model_dump(exclude=left_out), status, headers)


def of_ours(error: GreenroomError, request: Request | None = None) -> ProblemResponse:
    """One of our own errors; those that are not the person's to mend are logged.

    With a request, its place is called what that request calls it: ``flow_id`` for ``flow``.
    """
    place = error.place
    if request is not None and not isinstance(error, BadInput):
        place = _called(place, request)
    reference = None
    if error.actor != "person":
        reference = uuid4().hex[:8]
        log.error("%s (reference %s)", error, reference, exc_info=error)
    errors = [ProblemItem(field=place, message=error.message, fix=error.fix)]
    if isinstance(error, InvalidFlow):
        errors = [
            ProblemItem(field=_finding_place(f), message=f.message, type=f.type, fix=f.fix)
            for f in error.findings
        ] or errors
    return problem(
        error.status,
        error.message,
        type=_slug(type(error).__name__),
        title=error.title,
        field=place,
        fix=error.fix,
        errors=errors,
        reference=reference,
        newest=error.newest if isinstance(error, Conflict) else None,
    )


def of_validation(error: RequestValidationError) -> ProblemResponse:
    """What was sent does not have the shape that the document asks for."""
    found = error.errors()
    items = [
        ProblemItem(field=_place(one), message=_sentence(one), type=one["type"])
        for one in found[:_MOST]
    ]
    first = items[0]
    where = f"{first.field}: " if first.field else ""
    detail = f"{where}{first.message}"
    if len(found) > 1:
        detail += f" ({len(found) - 1} more)"
    return problem(422, detail, type="bad-input", field=first.field, errors=items)


def of_http(error: HTTPException) -> ProblemResponse:
    """What the framework refuses by itself: an unknown path, a wrong method, an unreadable body."""
    if isinstance(error, DoubledKey):
        return problem(
            422, f"{error.detail}.", type="bad-input", field=error.key, fix="Keep one of them."
        )
    headers = dict(error.headers or {})
    kinds = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}
    return problem(
        error.status_code,
        _DETAILS.get(str(error.detail), str(error.detail)),
        type=kinds.get(error.status_code, "about:blank"),
        headers=headers,
    )


_DETAILS = {
    "Not Found": "There is nothing at this address.",
    "Method Not Allowed": "This address does not take this method.",
    "There was an error parsing the body": "The body cannot be read.",
}


def unforeseen(error: BaseException) -> ProblemResponse:
    """An error that we did not foresee: a reference for the person, the rest for the log."""
    reference = uuid4().hex[:8]
    log.error("unforeseen error %s", reference, exc_info=error)
    return problem(
        500,
        "Something went wrong on our side. Nothing that was confirmed is lost.",
        type="unforeseen",
        title=_UNFORESEEN,
        fix="Try again; if it happens again, tell whoever runs Greenroom the reference.",
        reference=reference,
    )


class Unforeseen:
    """The outermost layer: whatever still raises becomes a problem too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and answer for it where it raises."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http":
                raise
            response = unforeseen(error)
            if not started:
                await response(scope, receive, send)


def install(app: FastAPI) -> None:
    """Give every kind of error its handler."""

    @app.exception_handler(GreenroomError)
    async def ours(request: Request, error: GreenroomError) -> ProblemResponse:
        return of_ours(error, request)

    @app.exception_handler(RequestValidationError)
    async def validation(_: Request, error: RequestValidationError) -> ProblemResponse:
        return of_validation(error)

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> ProblemResponse:
        return of_http(error)


def _called(place: str | None, request: Request) -> str | None:
    names = _CALLED.get(place or "", ())
    if not names or "/commands/" in request.url.path:
        return place
    return next((name for name in names if name in request.path_params), names[-1])


def _finding_place(finding: Finding) -> str | None:
    """The path that a finding's message begins with, else its step."""
    path = re.match(r"([a-z_]+(?:\[\d+\])?(?:\.[^\s:]+)?): ", finding.message)
    if path:
        return path[1]
    return f"steps.{finding.step_id}" if finding.step_id else None


def _place(one: dict[str, Any]) -> str | None:
    where = one["loc"]
    if one["type"] == "json_invalid" or (where == ("body",) and "field" not in one.get("ctx", {})):
        return "body"
    where = where[where[:1] in (("body",), ("query",), ("path",), ("header",)) :]
    if len(where) > 1 and where[0] == "cast" and where[1] in CAST_KINDS:
        where = (where[0], *where[2:])
    return place_of({**one, "loc": where})


def _sentence(one: dict[str, Any]) -> str:
    if one["type"] == "json_invalid":
        return f"This is not valid JSON at character {one['loc'][-1]}: {one['ctx']['error']}."
    return sentence_of(one)


def _slug(name: str) -> str:
    """``BadInput`` as ``bad-input``."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
