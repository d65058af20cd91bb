"""The command line: reads arguments and files, asks a command, prints its answer."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, TextIO

import orjson
import typer
from typer.exceptions import TyperException

from core.commands import (
    BAD_INPUT,
    EVENT_FILES,
    FILES,
    UNFINISHED,
    Answer,
    Place,
    discard_output,
    event_file,
    find_place,
    flow_source,
    flow_text,
    standard_output,
    writable,
    write_file,
)
from core.domain.errors import BadInput, GreenroomError, HomeHeld
from core.rehearsal import Progress, collect_seldom
from core.settings import Settings, read_settings

app = typer.Typer(
    name="greenroom",
    help="Rehearse a campaign with simulated people before it goes on.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    invoke_without_command=True,
)
runs = typer.Typer(help="The runs of a workspace.", rich_markup_mode=None)
personas = typer.Typer(help="The personas of a workspace.", rich_markup_mode=None)
flows = typer.Typer(help="The flows of a workspace.", rich_markup_mode=None)
populations = typer.Typer(help="The populations of a workspace.", rich_markup_mode=None)
for name, group in {
    "runs": runs,
    "personas": personas,
    "flows": flows,
    "populations": populations,
}.items():
    app.add_typer(group, name=name)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Space = Annotated[str | None, typer.Option("--workspace", help="The workspace.")]
Home = Annotated[Path | None, typer.Option("--home", help="The folder of all workspaces.")]
Workers = Annotated[int, typer.Option("--workers", min=0, max=64, help="Processes that play.")]
RunName = Annotated[str, typer.Argument(metavar="RUN", help="A run's id or number.")]
Output = Annotated[
    str, typer.Option("-o", "--output", help="The file to write; - is standard output.")
]
Cast = Annotated[str, typer.Option("--cast", help="Personas with commas, all, or a population.")]
Copies = Annotated[int, typer.Option("--copies", min=1, help="People of each persona.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same run.")]
FlowFile = Annotated[
    str, typer.Argument(metavar="FLOW", help="A file, - or the id of a stored flow.")
]

_WORKERS = 0
_NOW_AND_THEN = 5.0


@app.callback()
def greenroom(
    context: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Rehearse a campaign with simulated people before it goes on."""
    if show_version:
        with standard_output():
            typer.echo(f"greenroom {version('greenroom')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        with standard_output():
            typer.echo(context.get_help())


@app.command()
def rehearse(
    flow: FlowFile,
    cast: Cast = "all",
    copies: Copies = 20,
    seed: Seed = 7,
    engine: Annotated[str, typer.Option(help="The engine that answers.")] = "behaviour",
    parameters: Annotated[int | None, typer.Option(min=1, help="Their version.")] = None,
    events: Annotated[
        str | None, typer.Option(help="Write events: .parquet, .csv, .jsonl or -.")
    ] = None,
    junit: Annotated[str | None, typer.Option(help="Write the tests as JUnit XML.")] = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
    workers: Workers = _WORKERS,
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
    }
    return _do("rehearse", given, as_json, workspace, settings, files)


@app.command()
def resume(
    run: RunName,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
    workers: Workers = _WORKERS,
) -> int:
    """Go on with a run from its last checkpoint; a finished one is shown."""
    return _do(
        "resume", {"run": run}, as_json, workspace, read_settings(home=home, workers=workers)
    )


@app.command()
def report(
    run: RunName,
    format: Annotated[str, typer.Option(help="md, json, csv or junit.")] = "md",
    output: Output = "-",
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Print a run's report."""
    return _export(run, format, output, workspace, home)


@app.command()
def demo(as_json: Json = False, home: Home = None, workers: Workers = _WORKERS) -> int:
    """Make the demo workspace, where it is not there yet."""
    return _do("demo", {}, as_json, None, read_settings(home=home, workers=workers))


@runs.command("list")
def runs_list(
    flow: Annotated[str | None, typer.Option(help="The runs of one flow alone.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="How many at most.")] = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """List the runs, newest first."""
    return _do("runs-list", {"flow": flow, "limit": limit}, as_json, workspace, _settings(home))


@runs.command("delete")
def runs_delete(
    run: RunName, as_json: Json = False, workspace: Space = None, home: Home = None
) -> int:
    """Take a run and its events away."""
    return _do("runs-delete", {"run": run}, as_json, workspace, _settings(home))


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
    return _export(run, kinds[chosen], output, workspace, home)


@personas.command("list")
def personas_list(as_json: Json = False, workspace: Space = None, home: Home = None) -> int:
    """List the personas, built-in ones first."""
    return _do("personas-list", {}, as_json, workspace, _settings(home))


@flows.command("list")
def flows_list(as_json: Json = False, workspace: Space = None, home: Home = None) -> int:
    """List the flows, by name."""
    return _do("flows-list", {}, as_json, workspace, _settings(home))


@flows.command("import")
def flows_import(
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON or YAML; - is standard input.")],
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Keep a flow: an equal one is found again, one of the same name gets a new version."""
    settings = _settings(home)
    return _do(
        "flows-import", flow_text(file, settings.max_flow_bytes), as_json, workspace, settings
    )


@populations.command("list")
def populations_list(as_json: Json = False, workspace: Space = None, home: Home = None) -> int:
    """List the populations, newest first."""
    return _do("populations-list", {}, as_json, workspace, _settings(home))


@populations.command("freeze")
def populations_freeze(
    cast: Cast = "all",
    copies: Copies = 20,
    seed: Seed = 7,
    name: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Make a population, or find the one that holds the same people."""
    given = {"cast": cast, "copies": copies, "seed": seed, "name": name}
    return _do("populations-freeze", given, as_json, workspace, _settings(home))


# What every command does


def _settings(home: Path | None) -> Settings:
    return read_settings(home=home, workers=_WORKERS)


def _do(
    name: str,
    given: dict[str, Any],
    as_json: bool,
    workspace: str | None,
    settings: Settings,
    files: dict[str, str] | None = None,
) -> int:
    """Ask a command, write its run's files, print its answer; gives the exit code."""
    with _place(settings, workspace) as place:
        answer = place.answer(name, given, _progress())
        for path, format in (files or {}).items():
            write_file(path, place.export(answer.document["run_id"], format))
    _print(answer, as_json, sys.stderr if "-" in (files or {}) else sys.stdout)
    return answer.exit_code


def _export(run: str, format: str, output: str, workspace: str | None, home: Path | None) -> int:
    if format not in FILES:
        raise BadInput(
            f"There is no format '{format}'.", place="--format", fix="Use md, json, csv or junit."
        )
    writable(output)
    with _place(_settings(home), workspace) as place:
        write_file(output, place.export(run, format))
    return 0


@contextmanager
def _place(settings: Settings, workspace: str | None) -> Iterator[Place]:
    place = find_place(settings, workspace)
    try:
        yield place
    finally:
        place.close()


def _print(answer: Answer, as_json: bool, out: TextIO) -> None:
    """An answer as JSON, or for a person; that goes beside where a file is standard output."""
    with standard_output() as file:
        if as_json:
            file.write(orjson.dumps(answer.document, option=orjson.OPT_INDENT_2) + b"\n")
        elif answer.text:
            print(answer.text, file=out)
    if answer.note:
        print(f"error: {answer.note}", file=sys.stderr)


def _progress() -> Callable[[Progress], None]:
    """Says on standard error how far a run is: on a terminal at once, else now and then."""
    terminal = sys.stderr.isatty()
    told = time.monotonic() - _NOW_AND_THEN + 1

    def tell(progress: Progress) -> None:
        nonlocal told
        line = f"{progress.done:,} of {progress.contacts:,} people, {progress.events:,} events"
        if terminal:
            end = "\n" if progress.resting else ""
            print(f"\r\033[K{line}", end=end, file=sys.stderr, flush=True)
        elif time.monotonic() - told > _NOW_AND_THEN:
            told = time.monotonic()
            print(f"{progress.run_id}: {line}", file=sys.stderr, flush=True)

    return tell


# The process


def main() -> None:
    """Run the command line; every error is one line, never a traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    collect_seldom()
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if sys.stdout is None:
        sys.exit(_say("the output cannot be written: it is closed.", UNFINISHED))
    debug = bool(os.environ.get("GREENROOM_DEBUG"))
    logging.basicConfig(level=logging.INFO if debug else logging.CRITICAL)
    try:
        code = _answered(debug)
    except BrokenPipeError:
        discard_output()
        code = 0
    sys.exit(code)


def _answered(debug: bool) -> int:
    try:
        code = app(standalone_mode=False)
        with standard_output():  # what help has left to write
            pass
        return code if isinstance(code, int) else 0
    except TyperException as error:
        return _say(error.format_message().replace("\n", " "), BAD_INPUT)
    except GreenroomError as error:
        bad = error.actor == "person" or isinstance(error, HomeHeld)
        return _say(str(error), BAD_INPUT if bad else UNFINISHED)
    except (KeyboardInterrupt, typer.Abort):
        return _say("interrupted.", UNFINISHED)
    except BrokenPipeError:
        raise
    except Exception as error:
        if debug:
            raise
        return _say(
            f"something went wrong on our side ({type(error).__name__}). "
            "GREENROOM_DEBUG=1 shows where.",
            UNFINISHED,
        )


def _say(message: str, code: int) -> int:
    print(f"error: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
