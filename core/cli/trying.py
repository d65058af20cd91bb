"""Commands about a flow's tests: play them, and see what of the flow is covered."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from core.cli.base import FlowFile, Home, Json, Space, place_of, progress, settings_of, show
from core.commands import (
    Answer,
    CoverFlow,
    TestFlow,
    arguments_of,
    flow_source,
    flow_text,
    play_tests_of,
    show_coverage_of,
    writable,
    write_file,
)
from core.domain.coverage import FlowCoverage
from core.domain.errors import BadInput
from core.domain.reports import TestResult
from core.rehearsal import MOST_COPIES, cobertura, trial_as_junit
from core.settings import Settings

MOST_TRANSCRIPT = 400_000
Asked = TypeVar("Asked", TestFlow, CoverFlow)


def test(
    flow: FlowFile,
    copies_at_most: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="People of one row, while it is undecided.")
    ] = MOST_COPIES,
    transcript: Annotated[
        str | None, typer.Option(help="Play this conversation (bot: and me: lines) instead.")
    ] = None,
    junit: Annotated[str | None, typer.Option(help="Write the tests as JUnit XML.")] = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Play a flow's tests in memory; 1 where one fails, 3 where one is undecided."""
    _one_output(as_json, junit, "--junit")
    settings = settings_of(home)
    given = {**flow_source(flow, settings.max_flow_bytes), "most_copies": copies_at_most}
    if transcript is not None:
        read = flow_text(transcript, MOST_TRANSCRIPT)
        given |= {"transcript": read["text"], "name": read["source"]}
    answer = _answered("test", TestFlow, given, play_tests_of, settings, workspace)
    if junit is not None:
        write_file(junit, iter([_junit(answer.document)]))
    show(answer, as_json, sys.stderr if junit == "-" else sys.stdout)
    return answer.exit_code


def coverage(
    flow: FlowFile,
    run: Annotated[str | None, typer.Option(help="Count what a run's people reached.")] = None,
    tests: Annotated[
        bool, typer.Option("--tests", help="Count what the flow's tests reach.")
    ] = False,
    solve: Annotated[
        bool, typer.Option("--solve", help="Search for somebody who takes each other way.")
    ] = False,
    xml: Annotated[str | None, typer.Option(help="Write Cobertura XML.")] = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Say of each way out of a step whether somebody took it, could take it, or never will."""
    _one_output(as_json, xml, "--xml")
    settings = settings_of(home)
    source = flow_source(flow, settings.max_flow_bytes)
    given = {**source, "run": run, "tests": tests, "solve": solve, "whole": True}
    answer = _answered("coverage", CoverFlow, given, show_coverage_of, settings, workspace)
    if xml is not None:
        write_file(xml, iter([_cobertura(answer.document, flow, stored="flow" in source)]))
    rows = answer._replace(document=answer.document["rows"])
    show(rows, as_json, sys.stderr if xml == "-" else sys.stdout)
    return answer.exit_code


def _answered(
    name: str,
    kind: type[Asked],
    given: dict[str, Any],
    here: Callable[[Asked, Path, int], Answer | None],
    settings: Settings,
    workspace: str | None,
) -> Answer:
    """A file is looked at here, where nothing of a workspace is needed; else where that is."""
    if "text" in given:
        asked = arguments_of(kind, given)
        answer = here(asked, settings.data / "samples", settings.max_flow_bytes)
        if answer is not None:
            return answer
    with place_of(settings, workspace) as place:
        return place.answer(name, given, progress())


def _junit(document: dict[str, Any]) -> bytes:
    results = [TestResult.model_validate(one) for one in document["results"]]
    return trial_as_junit(document["flow"], results, document["seconds"])


def _cobertura(document: dict[str, Any], file: str, *, stored: bool) -> bytes:
    drawn = cobertura(
        FlowCoverage.model_validate(document),
        document["text"],
        name=document["flow"],
        filename=f"{file}.yaml" if stored else file,
        at=datetime.now(UTC),
        version="greenroom",
    )
    return drawn.encode()


def _one_output(as_json: bool, file: str | None, option: str) -> None:
    if file is not None:
        writable(file)
    if as_json and file == "-":
        raise BadInput(
            f"Standard output takes one of --json and {option} -.", fix="Give the other a file."
        )
