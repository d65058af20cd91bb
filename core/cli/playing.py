"""Commands that play: rehearse, resume, report, demo, and the runs there are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.base import (
    WORKERS,
    Budget,
    Cast,
    Copies,
    FlowFile,
    Home,
    Json,
    Output,
    RunName,
    Seed,
    Space,
    Workers,
    ask,
    export_run,
    settings_of,
)
from core.commands import EVENT_FILES, event_file, flow_source, writable
from core.domain.errors import BadInput
from core.settings import read_settings

runs = typer.Typer(help="The runs of a workspace.", rich_markup_mode=None)


def rehearse(
    flow: FlowFile,
    cast: Cast = "all",
    copies: Copies = 20,
    seed: Seed = 7,
    engine: Annotated[
        str | None, typer.Option(help="behaviour or language; language where a model is named.")
    ] = None,
    parameters: Annotated[int | None, typer.Option(min=1, help="Their version.")] = None,
    model: Annotated[
        str | None, typer.Option(help="A language model: its id here, or as litellm names it.")
    ] = None,
    address: Annotated[str | None, typer.Option(help="Where that model is reached.")] = None,
    budget: Budget = None,
    only_estimate: Annotated[
        bool, typer.Option("--estimate", help="Print what it would cost, and play nothing.")
    ] = False,
    events: Annotated[
        str | None, typer.Option(help="Write events: .parquet, .csv, .jsonl or -.")
    ] = None,
    junit: Annotated[str | None, typer.Option(help="Write the tests as JUnit XML.")] = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
    workers: Workers = WORKERS,
) -> int:
    """Rehearse a flow with a cast."""
    if [as_json, events == "-", junit == "-"].count(True) > 1:
        raise BadInput(
            "Standard output takes one of --json, --events - and --junit -.",
            fix="Give the others a file.",
        )
    files = event_file(events) | ({junit: "junit"} if junit else {})
    for path in files:
        writable(path)
    settings = read_settings(home=home, workers=workers)
    given = {
        **flow_source(flow, settings.max_flow_bytes),
        "cast": cast,
        "copies": copies,
        "seed": seed,
        "engine": engine,
        "parameters": parameters,
        "model": model,
        "address": address,
        "budget": budget,
        "estimate": only_estimate,
    }
    if only_estimate and files:
        raise BadInput("An estimate plays nothing, so there is no file.", place="--estimate")
    return ask("rehearse", given, as_json, workspace, settings, files)


def resume(
    run: RunName,
    budget: Budget = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
    workers: Workers = WORKERS,
) -> int:
    """Go on with a run from its last checkpoint; a finished one is shown."""
    settings = read_settings(home=home, workers=workers)
    return ask("resume", {"run": run, "budget": budget}, as_json, workspace, settings)


def report(
    run: RunName,
    format: Annotated[str, typer.Option(help="md, json, csv or junit.")] = "md",
    output: Output = "-",
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Print a run's report."""
    return export_run(run, format, output, workspace, home)


def demo(as_json: Json = False, home: Home = None, workers: Workers = WORKERS) -> int:
    """Make the demo workspace, where it is not there yet."""
    return ask("demo", {}, as_json, None, read_settings(home=home, workers=workers))


@runs.command("list")
def runs_list(
    flow: Annotated[str | None, typer.Option(help="The runs of one flow alone.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="How many at most.")] = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """List the runs, newest first."""
    return ask("runs-list", {"flow": flow, "limit": limit}, as_json, workspace, settings_of(home))


@runs.command("delete")
def runs_delete(
    run: RunName, as_json: Json = False, workspace: Space = None, home: Home = None
) -> int:
    """Take a run and its events away."""
    return ask("runs-delete", {"run": run}, as_json, workspace, settings_of(home))


@runs.command("events")
def runs_events(
    run: RunName,
    output: Output = "-",
    format: Annotated[str | None, typer.Option(help="jsonl, csv or parquet.")] = None,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Write a run's events; the format is that of the file's ending, else JSON lines."""
    chosen = format or (Path(output).suffix.lstrip(".") if output != "-" else "jsonl")
    kinds = {suffix.lstrip("."): kind for suffix, kind in EVENT_FILES.items()}
    if chosen not in kinds:
        raise BadInput(
            f"'{chosen}' is no format for events.",
            place="--format",
            fix="Use jsonl, csv or parquet.",
        )
    return export_run(run, kinds[chosen], output, workspace, home)
