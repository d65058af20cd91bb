"""Commands about experiments: a table analysed, a plan, figures, and those of a workspace."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from enum import StrEnum
from typing import Annotated, Any

import typer

from core.cli.base import Home, Json, Output, Space, ask, place_of, progress, settings_of, show
from core.commands import (
    PlanWanted,
    analysis_answer,
    answer_bytes,
    arguments_of,
    assigned_lines,
    cases_file,
    design_file,
    export_format,
    figures_answer,
    is_design_file,
    kind_named,
    kind_of,
    lines_of,
    planned_answer,
    query_analysis,
    spec_assigner,
    spec_text,
    table_analysis,
    table_file,
    writable,
    write_file,
    written_analysis,
)
from core.domain.errors import BadInput
from core.domain.experiment_results import Analysis
from core.domain.experiments import Design

experiment = typer.Typer(
    help="Experiments: which of several variants is better, and how sure that is.",
    rich_markup_mode=None,
)
_OPTIONS = {"sql": "--sql", "connection": "--connection", "connection_url": "--connection"}
SpecFile = Annotated[
    str, typer.Argument(metavar="SPEC", help="The design, YAML or JSON; - is standard input.")
]
ExperimentId = Annotated[str, typer.Argument(metavar="ID", help="An experiment's id.")]
ExportAs = Annotated[
    str | None, typer.Option("--format", help="html, md, csv or json; the file's ending says it.")
]


class Kind(StrEnum):
    """What the primary metric is."""

    proportion = "proportion"
    mean = "mean"
    ratio = "ratio"
    revenue = "revenue"
    quantile = "quantile"
    retention = "retention"


class RuleName(StrEnum):
    """How it will be decided."""

    always_valid = "always_valid"
    fixed = "fixed"
    group_sequential = "group_sequential"
    expected_loss = "expected_loss"


class Figures(StrEnum):
    """Where an experiment's figures come from."""

    rehearsal = "rehearsal"
    live = "live"
    table = "table"


class Decision(StrEnum):
    """What a person may decide."""

    winner = "winner"
    keep_going = "keep_going"
    no_difference = "no_difference"
    harm = "harm"
    broken = "broken"


@experiment.command("analyse")
def experiment_analyse(
    spec: SpecFile,
    data: Annotated[
        str | None,
        typer.Option(help="The table: CSV, Parquet or JSON lines; - is standard input."),
    ] = None,
    data_format: Annotated[
        str | None, typer.Option(help="csv, parquet or jsonl, where the file does not say it.")
    ] = None,
    sql: Annotated[str | None, typer.Option(help="One SELECT, in place of --data.")] = None,
    connection: Annotated[
        str | None, typer.Option(help="The database that --sql asks; it is only read.")
    ] = None,
    out: Annotated[
        str | None, typer.Option("-o", "--out", help="Write it down, too; - is standard output.")
    ] = None,
    format: ExportAs = None,
    as_json: Json = False,
) -> int:
    """Analyse a table against a design; 0 decided, 1 harm or broken data, 3 keep going."""
    _one_output(as_json, out)
    wanted = export_format(out, format) if out is not None else ""
    design = design_file(spec)
    if spec == "-" and data == "-":
        raise BadInput("Standard input is the design already.", place="--data")
    analysis = _analysed(design, data, data_format, sql, connection)
    answer = analysis_answer(analysis)
    if out is not None:
        write_file(out, iter([written_analysis(analysis, design, wanted)]))
    show(answer, as_json, sys.stderr if out == "-" else sys.stdout)
    return answer.exit_code


def _one_output(as_json: bool, out: str | None) -> None:
    if as_json and out == "-":
        raise BadInput(
            "Standard output takes one of --json and --out -.", fix="Give the other a file."
        )
    if out is not None:
        writable(out)


def _analysed(
    design: Design,
    data: str | None,
    data_format: str | None,
    sql: str | None,
    connection: str | None,
) -> Analysis:
    """The analysis of a file, or of what a query finds."""
    if (data is None) == (sql is None):
        raise BadInput("Give either --data or --sql.", place="--data")
    if (sql is None) != (connection is None):
        raise BadInput("--sql and --connection belong together.", place="--connection")
    if data is None:
        return _queried(design, connection or "", sql or "")
    with table_file(data) as (path, name):
        kind = kind_named(data_format) if data_format else kind_of(path, name)
        return table_analysis(design, path, name, kind)


def _queried(design: Design, connection: str, sql: str) -> Analysis:
    """What a query finds; its faults are called as the options are."""
    try:
        return query_analysis(design, connection, sql)
    except BadInput as error:
        place = _OPTIONS.get(error.place or "", error.place)
        raise BadInput(error.message, place=place, fix=error.fix) from error


@experiment.command("plan")
def experiment_plan(
    spec: Annotated[
        str | None, typer.Argument(metavar="SPEC", help="A design, YAML or JSON; - is input.")
    ] = None,
    baseline: Annotated[float | None, typer.Option(help="The metric as it is now.")] = None,
    effect: Annotated[
        float | None, typer.Option(help="The smallest change worth finding: 0.1 is 10 %.")
    ] = None,
    alpha: Annotated[float | None, typer.Option(help="How often it may be wrong: 0.05.")] = None,
    power: Annotated[float | None, typer.Option(help="How often it is to be found: 0.8.")] = None,
    sd: Annotated[float | None, typer.Option(help="How much participants differ.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="What the metric is; a proportion.")] = None,
    rule: Annotated[
        RuleName | None, typer.Option(help="How it will be decided; fixed: read once, at the end.")
    ] = None,
    people: Annotated[int | None, typer.Option(help="Participants, if that is decided.")] = None,
    people_a_day: Annotated[float | None, typer.Option(help="Participants a day.")] = None,
    shares: Annotated[
        str | None, typer.Option(help="Shares of the variants, the control first: 1,1,2.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Say how many participants an experiment needs, and what fewer or more would find."""
    given = {
        **({} if spec is None else spec_text(spec)),
        "baseline": baseline,
        "effect": effect,
        "alpha": alpha,
        "power": power,
        "sd": sd,
        "kind": kind.value if kind else None,
        "rule": rule.value if rule else None,
        "people": people,
        "people_a_day": people_a_day,
        "shares": _numbers(shares),
    }
    show(planned_answer(arguments_of(PlanWanted, given)), as_json, sys.stdout)
    return 0


def _numbers(text: str | None) -> list[float] | None:
    """Numbers with commas."""
    if text is None:
        return None
    try:
        return [float(one) for one in text.split(",")]
    except ValueError as error:
        raise BadInput(
            f"'{text[:60]}' is no list of numbers.", place="--shares", fix="Write it as 1,1,2."
        ) from error


@experiment.command("figures")
def experiment_figures(
    cases: Annotated[
        str, typer.Argument(metavar="CASES", help="Sums of cases as JSON; - is standard input.")
    ],
    output: Output = "-",
    as_json: Json = False,
) -> int:
    """Compute every figure of cases from their sums; what cannot be told is refused by name."""
    writable(output)
    answer = figures_answer(cases_file(cases))
    if output == "-":
        show(answer, as_json, sys.stdout)
    else:
        write_file(output, iter([answer_bytes(answer, as_json)]))
    return answer.exit_code


@experiment.command("list")
def experiment_list(
    limit: Annotated[int | None, typer.Option(min=1, help="So many, the newest.")] = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """List the experiments, newest first."""
    return ask("experiment-list", {"limit": limit}, as_json, workspace, settings_of(home))


@experiment.command("create")
def experiment_create(
    spec: SpecFile,
    figures: Annotated[
        Figures, typer.Option(help="Where the figures will come from.")
    ] = Figures.table,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Keep a design as a draft, which may be changed until it starts."""
    given = {**spec_text(spec), "figures": figures.value}
    return ask("experiment-create", given, as_json, workspace, settings_of(home))


@experiment.command("start")
def experiment_start(
    id: ExperimentId,
    budget: Annotated[
        float | None, typer.Option(help="What each variant's language model may cost, in USD.")
    ] = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Freeze the design and let it begin; a rehearsal is played to its end."""
    given = {"experiment": id, "budget_usd": budget}
    return ask("experiment-start", given, as_json, workspace, settings_of(home))


@experiment.command("stop")
def experiment_stop(
    id: ExperimentId, as_json: Json = False, workspace: Space = None, home: Home = None
) -> int:
    """Stop: a rehearsal rests, a live experiment lets nobody new in."""
    return ask("experiment-stop", {"experiment": id}, as_json, workspace, settings_of(home))


@experiment.command("show")
def experiment_show(
    id: ExperimentId, as_json: Json = False, workspace: Space = None, home: Home = None
) -> int:
    """Show an experiment and its newest look; nothing is looked at anew."""
    return ask("experiment-show", {"experiment": id}, as_json, workspace, settings_of(home))


@experiment.command("look")
def experiment_look(
    id: ExperimentId, as_json: Json = False, workspace: Space = None, home: Home = None
) -> int:
    """Look at the results; 0 decided, 1 harm or broken data, 3 keep going."""
    return ask("experiment-look", {"experiment": id}, as_json, workspace, settings_of(home))


@experiment.command("decide")
def experiment_decide(
    id: ExperimentId,
    outcome: Annotated[
        Decision | None, typer.Option(help="What you decide; what the rule says, if not given.")
    ] = None,
    variant: Annotated[str | None, typer.Option(help="The variant that wins, or harms.")] = None,
    note: Annotated[str, typer.Option(help="Why.")] = "",
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Record a decision: what the rule says, or what you decide, with a note."""
    chosen = outcome.value if outcome else ("winner" if variant else None)
    given = {"experiment": id, "outcome": chosen, "variant": variant, "note": note}
    return ask("experiment-decide", given, as_json, workspace, settings_of(home))


@experiment.command("export")
def experiment_export(
    id: ExperimentId,
    format: Annotated[str, typer.Option("--format", help="html, md, csv, json or yaml.")] = "html",
    output: Output = "-",
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Write an experiment as one HTML file, Markdown, CSV, JSON, or its design as YAML."""
    writable(output)
    with place_of(settings_of(home), workspace) as place:
        given = {"experiment": id, "format": format}
        answer = place.answer("experiment-export", given, progress())
    write_file(output, iter([answer.document["text"].encode()]))
    return answer.exit_code


@experiment.command("assign")
def experiment_assign(
    experiment: Annotated[
        str, typer.Argument(metavar="EXPERIMENT", help="A design's file, or an experiment's id.")
    ],
    people: Annotated[
        str, typer.Argument(metavar="PEOPLE", help="CSV or JSON lines; - is standard input.")
    ],
    unit: Annotated[str | None, typer.Option(help="The column that names the participant.")] = None,
    output: Output = "-",
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Assign participants: each line comes out again with its variant, its own keys kept."""
    writable(output)
    with ExitStack() as open_:
        lines = open_.enter_context(lines_of(people))
        if is_design_file(experiment):
            assign = spec_assigner(design_file(experiment))
        else:
            place = open_.enter_context(place_of(settings_of(home), workspace))

            def assign(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
                given = {"experiment": experiment, "participants": asked}
                rows: list[dict[str, Any]] = place.answer(
                    "experiment-assign", given, progress()
                ).document
                return rows

        write_file(output, assigned_lines(lines, unit, assign))
    return 0
