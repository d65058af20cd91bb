"""What every command has: its options, where it works, how it says what came of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import orjson
import typer

from core.commands import (
    FILES,
    Answer,
    Place,
    Told,
    find_place,
    standard_output,
    writable,
    write_file,
)
from core.domain.errors import BadInput
from core.domain.twins import TrainingState
from core.rehearsal import Progress
from core.settings import Settings, read_settings

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
Budget = Annotated[
    float | None, typer.Option("--budget", min=0, help="The most that it may cost, in USD.")
]
TwinName = Annotated[str, typer.Argument(metavar="NAME", help="A twin's name, slug or id.")]
ModelId = Annotated[str, typer.Argument(metavar="MODEL", help="A model's id or name.")]
FlowFile = Annotated[
    str, typer.Argument(metavar="FLOW", help="A file, - or the id of a stored flow.")
]

WORKERS = 0
_NOW_AND_THEN = 5.0


def settings_of(home: Path | None) -> Settings:
    """The settings of a command that plays nothing."""
    return read_settings(home=home, workers=WORKERS)


def ask(
    name: str,
    given: dict[str, Any],
    as_json: bool,
    workspace: str | None,
    settings: Settings,
    files: dict[str, str] | None = None,
) -> int:
    """Ask a command, write its run's files, print its answer; gives the exit code."""
    with place_of(settings, workspace) as place:
        answer = place.answer(name, given, progress())
        for path, format in (files or {}).items():
            write_file(path, place.export(answer.document["run_id"], format))
    show(answer, as_json, sys.stderr if "-" in (files or {}) else sys.stdout)
    return answer.exit_code


def export_run(run: str, format: str, output: str, workspace: str | None, home: Path | None) -> int:
    """Write a run as a file."""
    if format not in FILES:
        raise BadInput(
            f"There is no format '{format}'.", place="--format", fix="Use md, json, csv or junit."
        )
    writable(output)
    with place_of(settings_of(home), workspace) as place:
        write_file(output, place.export(run, format))
    return 0


@contextmanager
def place_of(settings: Settings, workspace: str | None) -> Iterator[Place]:
    """Where commands are answered, for as long as that is needed."""
    place = find_place(settings, workspace)
    try:
        yield place
    finally:
        place.close()


def show(answer: Answer, as_json: bool, out: TextIO) -> None:
    """An answer as JSON, or for a person; that goes beside where a file is standard output."""
    with standard_output() as file:
        if as_json:
            file.write(orjson.dumps(answer.document, option=orjson.OPT_INDENT_2) + b"\n")
        elif answer.text:
            print(answer.text, file=out)
    if answer.note:
        print(f"error: {answer.note}", file=sys.stderr)


def progress() -> Callable[[Told], None]:
    """Says on standard error how far something is: on a terminal at once, else now and then."""
    terminal = sys.stderr.isatty()
    said = time.monotonic() - _NOW_AND_THEN + 1

    def tell(told: Told) -> None:
        nonlocal said
        name, line, resting = _trained(told) if isinstance(told, TrainingState) else _played(told)
        if terminal:
            end = "\n" if resting else ""
            print(f"\r\033[K{line}", end=end, file=sys.stderr, flush=True)
        elif time.monotonic() - said > _NOW_AND_THEN:
            said = time.monotonic()
            print(f"{name}: {line}", file=sys.stderr, flush=True)

    return tell


def _played(told: Progress) -> tuple[str, str, bool]:
    """Whose progress it is, how far it is, and whether nothing more will come."""
    line = f"{told.done:,} of {told.contacts:,} people, {told.events:,} events"
    if told.spending is not None:
        line += f", ${told.spending.cost_usd:.4f}"
    return told.run_id, line, told.resting


def _trained(told: TrainingState) -> tuple[str, str, bool]:
    """The same of a training."""
    doing = told.doing if told.going_on else "At rest"
    piece = f" ({told.piece})" if told.piece else ""
    return "training", f"{told.share:.0%} {doing}{piece}", not told.going_on
