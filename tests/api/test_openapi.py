"""The API is what its OpenAPI document says: generated requests, every answer as documented."""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks
from starlette.applications import Starlette

from api import build_api

SLOW = "run_demo"
CHECKS = (
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
)


OPERATIONS = [
    (path.removeprefix("/api"), method)
    for path, methods in build_api().openapi()["paths"].items()
    for method, operation in methods.items()
    if operation["operationId"] != SLOW
]


@pytest.fixture(scope="module")
def document(served: Starlette) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_asgi("/api/openapi.json", served)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_answers_are_as_documented(
    document: schemathesis.BaseSchema, path: str, method: str
) -> None:
    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=document[path][method].as_strategy())
    def answers(case: schemathesis.Case) -> None:
        assume("%0A" not in case.formatted_path)  # a line break never reaches the API's mount
        case.call_and_validate(checks=list(CHECKS))

    answers()


OF_A_TWIN = [
    path.removeprefix("/api")
    for path, methods in build_api().openapi()["paths"].items()
    if "/twins" in path and "get" in methods and not re.search(r"events|{(?!twin_id)", path)
]


@pytest.mark.parametrize("path", OF_A_TWIN)
def test_what_is_said_of_a_trained_twin_is_as_documented(
    document: schemathesis.BaseSchema, twin: dict[str, Any], path: str
) -> None:
    given = {"twin_id": twin["id"]} if "{" in path else {}
    case = document[path]["GET"].Case(path_parameters=given)
    case.call_and_validate(checks=list(CHECKS))


def test_operations_have_readable_names() -> None:
    document = build_api().openapi()
    names = [
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    assert len(names) == len(set(names)) > 40
    assert all(name.isidentifier() and "_v1" not in name for name in names)


def test_errors_have_their_own_media_type() -> None:
    for methods in build_api().openapi()["paths"].values():
        for operation in methods.values():
            assert list(operation["responses"]["4XX"]["content"]) == ["application/problem+json"]
