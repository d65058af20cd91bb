"""Every command and every group of commands, in one list."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from core.cli.checking import checks, messages, validate
from core.cli.converting import convert
from core.cli.experiments import experiment
from core.cli.holding import flows, personas, populations
from core.cli.models import models
from core.cli.playing import demo, rehearse, report, resume, runs
from core.cli.trying import coverage, test
from core.cli.twins import twin
from core.commands import standard_output

app = typer.Typer(
    name="greenroom",
    help="Rehearse a campaign with simulated people before it goes on.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    invoke_without_command=True,
)


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


for command in (rehearse, resume, report, demo, validate, checks, convert, test, coverage):
    app.command()(command)
for name, group in {
    "runs": runs,
    "personas": personas,
    "flows": flows,
    "populations": populations,
    "messages": messages,
    "models": models,
    "twin": twin,
    "experiment": experiment,
}.items():
    app.add_typer(group, name=name)
