"""Commands about what a workspace holds: personas, flows, populations."""

from __future__ import annotations

from typing import Annotated

import typer

from core.cli.base import Cast, Copies, Home, Json, Seed, Space, ask, settings_of
from core.commands import flow_text

personas = typer.Typer(help="The personas of a workspace.", rich_markup_mode=None)
flows = typer.Typer(help="The flows of a workspace.", rich_markup_mode=None)
populations = typer.Typer(help="The populations of a workspace.", rich_markup_mode=None)


@personas.command("list")
def personas_list(as_json: Json = False, workspace: Space = None, home: Home = None) -> int:
    """List the personas, built-in ones first."""
    return ask("personas-list", {}, as_json, workspace, settings_of(home))


@flows.command("list")
def flows_list(as_json: Json = False, workspace: Space = None, home: Home = None) -> int:
    """List the flows, by name."""
    return ask("flows-list", {}, as_json, workspace, settings_of(home))


@flows.command("import")
def flows_import(
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON or YAML; - is standard input.")],
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Keep a flow: an equal one is found again, one of the same name gets a new version."""
    settings = settings_of(home)
    return ask(
        "flows-import", flow_text(file, settings.max_flow_bytes), as_json, workspace, settings
    )


@populations.command("list")
def populations_list(as_json: Json = False, workspace: Space = None, home: Home = None) -> int:
    """List the populations, newest first."""
    return ask("populations-list", {}, as_json, workspace, settings_of(home))


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
    return ask("populations-freeze", given, as_json, workspace, settings_of(home))
