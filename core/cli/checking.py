"""Commands that look without playing: at flows, at messages."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from core.cli.base import Home, Json, Output, Space, place_of, progress, settings_of, show
from core.commands import (
    Tally,
    checked_lines,
    config_finder,
    lines_of,
    list_checks,
    named_flows,
    severity,
    validate_named,
    writable,
    write_file,
)

messages = typer.Typer(help="Messages, checked by the thousand.", rich_markup_mode=None)


def validate(
    flow: Annotated[
        list[str],
        typer.Argument(metavar="FLOW…", help="Files, folders, - or ids of stored flows."),
    ],
    fail_on: Annotated[
        str | None, typer.Option(help="End with 1 at an error, a warning or an info.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Use this in place of the nearest .greenroom.yaml.")
    ] = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Look at flows with every check, before anybody meets them."""
    settings = settings_of(home)
    with ExitStack() as open_:
        place = cache(lambda: open_.enter_context(place_of(settings, workspace)))
        answer = validate_named(
            named_flows(flow, settings.max_flow_bytes),
            config_finder(config),
            severity(fail_on),
            settings.max_flow_bytes,
            stored=lambda given: place().answer("validate", given, progress()),
            tell=lambda line: print(line, file=sys.stderr),
        )
    show(answer, as_json, sys.stdout)
    return answer.exit_code


def checks(as_json: Json = False) -> int:
    """List the checks: what each looks for, and how bad it is."""
    show(list_checks(), as_json, sys.stdout)
    return 0


@messages.command("check")
def messages_check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON lines; - is standard input.")],
    output: Output = "-",
    fail_on: Annotated[
        str | None, typer.Option(help="End with 1 at a finding as bad as error, warning or info.")
    ] = None,
) -> int:
    """Check messages: each line {channel, subject, body} comes out again with what was found."""
    tally = Tally(severity(fail_on))
    writable(output)
    with lines_of(file) as lines:
        write_file(output, checked_lines(lines, tally))
    print(tally.text, file=sys.stderr)
    return tally.exit_code
