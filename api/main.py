"""The API as one ASGI application: routers, error shape, layers, documentation."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse

from api import problems
from api.layers import BodyLimit, Idempotency, SameOrigin
from api.problems import MEDIA_TYPE, Problem, Unforeseen
from api.routers import ROUTERS
from api.uploads import is_streamed

MAX_BODY = 11_000_000
"""A flow document may be 5 MB, twice that where it is text inside JSON."""
_ABOUT = """
Rehearse a campaign with simulated people before it goes on.

- A **workspace** is named by the header `Greenroom-Workspace` or by `?workspace=`.
- **Lists** come in pages: `limit` (at most 1,000), `offset`, and `next` where there is more.
- **Errors** are `application/problem+json` and name the field.
- **Long work** answers 202 with a run; watch it at `/api/v1/runs/{id}/events`.
- A POST with an **`Idempotency-Key`** happens once, as long as this process lives.
- Times are **UTC**.
"""
_STATIC = "/app/static"
_IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body gives the first answer again.",
    "schema": {"type": "string", "maxLength": 255},
}


def build_api(max_body: int = MAX_BODY) -> FastAPI:
    """The API, without a workbench: the door puts one into ``app.state.workbench``."""
    app = FastAPI(
        title="Greenroom",
        version=version("greenroom"),
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        generate_unique_id_function=_operation_id,
        responses={"4XX": {"model": Problem, "description": "What was sent cannot be used."}},
        middleware=[
            Middleware(Unforeseen),
            Middleware(SameOrigin),
            Middleware(BodyLimit, most=max_body, streamed=is_streamed),
            Middleware(Idempotency),
        ],
    )
    problems.install(app)
    v1 = APIRouter(prefix="/v1")
    for router in ROUTERS:
        v1.include_router(router)
    app.include_router(v1)
    app.add_api_route("/docs", _docs, include_in_schema=False)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


async def _docs(request: Request) -> HTMLResponse:
    """The documentation, from files of ours: nothing is fetched from elsewhere."""
    root = request.scope.get("root_path", "")
    return get_swagger_ui_html(
        openapi_url=f"{root}/openapi.json",
        title="Greenroom API",
        swagger_js_url=f"{_STATIC}/swagger/swagger-ui-bundle.js",
        swagger_css_url=f"{_STATIC}/swagger/swagger-ui.css",
        swagger_favicon_url=f"{_STATIC}/favicon.png",
        swagger_ui_parameters={"validatorUrl": None, "defaultModelsExpandDepth": -1},
    )


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with errors under their own media type."""
    if app.openapi_schema:
        return app.openapi_schema
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    for path in document["paths"].values():
        for method, operation in path.items():
            for status, response in operation["responses"].items():
                if status == "4XX" or status.startswith("4"):
                    response["content"] = {MEDIA_TYPE: {"schema": {"$ref": _PROBLEM}}}
            if method == "post":
                operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
    document["components"]["schemas"].pop("HTTPValidationError", None)
    document["components"]["schemas"].pop("ValidationError", None)
    app.openapi_schema = document
    return document


_PROBLEM = f"#/components/schemas/{Problem.__name__}"
