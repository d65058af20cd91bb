"""What the routers share: the workspace of a request, pages of a list, strict JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

import orjson
from fastapi import Depends, Header, Query, Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from api.problems import DoubledKey
from core.commands import find_run
from core.domain.errors import BadInput
from core.domain.models import Model
from core.domain.populations import CastLine, Population, PopulationDraft
from core.domain.runs import Run
from core.domain.wording import LONGEST_PART
from core.workbench import Workbench, Workspace

T = TypeVar("T")
S = TypeVar("S")
LONGEST_PAGE = 1_000


class StrictRequest(Request):
    """A request whose JSON is JSON: no NaN, no half characters, no depth without end."""

    async def json(self) -> Any:
        """The body; a fault is a ``JSONDecodeError`` with its position."""
        if not hasattr(self, "_json"):
            body = await self.body()
            self._json = orjson.loads(body)
            _refuse_doubled_keys(body)
        return self._json


def _refuse_doubled_keys(body: bytes) -> None:
    def unique(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise DoubledKey(key)
            seen.add(key)

    try:
        json.loads(body, object_pairs_hook=unique)
    except RecursionError as error:
        raise json.JSONDecodeError("it is nested too deeply", "", 0) from error
    except ValueError:
        return  # a number beyond what a whole number may have here; the model says so


class StrictRoute(APIRoute):
    """A route that reads its body with ``StrictRequest``."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, behind a strict reader."""
        handler = super().get_route_handler()

        known = {
            one.alias
            for one in get_flat_params(self.dependant)
            if isinstance(one.field_info, params.Query)
        }
        known.add("workspace")

        async def strict(request: Request) -> Response:
            for name in request.query_params:
                if name not in known:
                    raise BadInput(
                        "There is no such query parameter here.",
                        place=name[:LONGEST_PART],
                        fix=f"There are: {', '.join(sorted(known))}.",
                    )
            return await handler(StrictRequest(request.scope, request.receive))

        return strict


def the_workbench(request: Request) -> Workbench:
    """The workbench that the door has opened."""
    bench: Workbench = request.app.state.workbench
    return bench


Bench = Annotated[Workbench, Depends(the_workbench)]


def workspace_name(
    header: Annotated[
        str | None,
        Header(alias="Greenroom-Workspace", description="The workspace; the usual one if absent."),
    ] = None,
    workspace: Annotated[str | None, Query(description="The workspace, as in the header.")] = None,
) -> str | None:
    """The name that a request gives its workspace."""
    return header or workspace or None


WorkspaceName = Annotated[str | None, Depends(workspace_name)]


def the_workspace(bench: Bench, name: WorkspaceName) -> Workspace:
    """The workspace that a request is about. Runs in the thread pool: it may open a database."""
    return bench.workspace(name)


Space = Annotated[Workspace, Depends(the_workspace)]


def the_run(run_id: str, space: Space) -> Run:
    """The run that a path names, by its id or its number."""
    return find_run(space, run_id)


TheRun = Annotated[Run, Depends(the_run)]


class Slice(BaseModel):
    """Which part of a list is wanted."""

    limit: int
    offset: int


def the_slice(
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="How many at most.")] = 100,
    offset: Annotated[int, Query(ge=0, le=2**31 - 1, description="How many to pass over.")] = 0,
) -> Slice:
    """The part of a list that a request asks for."""
    return Slice(limit=limit, offset=offset)


Part = Annotated[Slice, Depends(the_slice)]


class Page(BaseModel, Generic[T]):
    """Some of a list."""

    items: list[T]
    total: int = Field(description="How many there are in all.")
    limit: int
    offset: int
    next: str | None = Field(description="Where the next page is; null on the last one.")


def page(request: Request, items: Sequence[S], total: int, part: Slice) -> Page[S]:
    """A page of items that were cut already."""
    return Page(
        items=list(items),
        total=total,
        limit=part.limit,
        offset=part.offset,
        next=next_page(request, total, part),
    )


def cut(request: Request, items: Sequence[S], part: Slice) -> Page[S]:
    """A page out of a whole list."""
    return page(request, items[part.offset : part.offset + part.limit], len(items), part)


def next_page(request: Request, total: int, part: Slice) -> str | None:
    """The address of the page after this one."""
    after = part.offset + part.limit
    if after >= total:
        return None
    query = {**request.query_params, "limit": part.limit, "offset": after}
    return f"{request.url.path}?{urlencode(query)}"


def address(request: Request, path: str) -> str:
    """The path of something of ours, for ``Location``."""
    return f"{request.scope.get('root_path', '')}/v1{path}"


def going(request: Request, run: Run) -> JSONResponse:
    """202 with a run, and where it can be watched."""
    where = address(request, f"/runs/{run.id}")
    return JSONResponse(run.model_dump(mode="json"), 202, {"Location": where})


def model_of(space: Workspace, name: str | None) -> Model | None:
    """The language model that a request names: by id, by name, or as litellm names it."""
    return None if name is None else space.models.keep(name)


def frozen(space: Workspace, cast: str | list[CastLine], copies: int, seed: int) -> Population:
    """The population that a cast means, by words or line by line."""
    if isinstance(cast, str):
        return space.populations.from_words(cast, copies, seed)
    return space.populations.freeze(PopulationDraft(cast=cast, seed=seed))
