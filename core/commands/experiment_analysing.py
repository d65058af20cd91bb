"""Experiments without a workspace: a table analysed against its design, a plan, bare figures."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import Field, ValidationError, model_validator

from core.commands.base import Answer, Arguments, Room
from core.commands.experiment_data import TableKind, spilled
from core.commands.experiment_specs import read_spec
from core.commands.experiment_words import CODES, analysis_text, plan_text
from core.domain.errors import BadInput
from core.domain.experiment_results import Analysis
from core.domain.experiments import Dataset, Design, MetricKind, RuleKind
from core.domain.wording import fault_at, place_of, sentence_of
from core.experiments import StoredReadings, analyse, figures
from core.experiments.statistics import plan
from core.store import Store, TableOrigin

Document = dict[str, Any]
_METRIC = {"id": "primary", "name": "the metric", "role": "primary", "value": "value"}


class SpecText(Arguments):
    """An experiment's design as text, YAML or JSON; ``source`` is what errors call it."""

    spec: str = Field(description="The design, YAML or JSON.")
    source: str = Field(default="spec", description="What errors call it.")


class AnalyseTable(SpecText):
    """A design, and the table that is read against it."""

    data: str = Field(description="The table: a participant a row, CSV or JSON lines.")
    format: Literal["csv", "jsonl"] = "csv"


class PlanWanted(Arguments):
    """What a plan starts from: a design, or a baseline and an effect; these go before it."""

    spec: str | None = Field(default=None, description="A design, YAML or JSON.")
    source: str = Field(default="spec", description="What errors call it.")
    kind: MetricKind | None = None
    rule: RuleKind | None = Field(
        default=None, description="How it will be decided; read once, where no design says it."
    )
    baseline: float | None = Field(default=None, description="The metric's value as it is now.")
    effect: float | None = Field(
        default=None, gt=0, le=10, description="The smallest change worth finding, relative."
    )
    sd: float | None = Field(default=None, ge=0, description="How much participants differ.")
    alpha: float | None = Field(default=None, gt=0, lt=0.5)
    power: float | None = Field(default=None, gt=0.5, lt=1)
    people: int | None = Field(default=None, ge=1, le=10**12, description="In all variants.")
    people_a_day: float | None = Field(default=None, gt=0)
    shares: list[float] | None = Field(
        default=None, min_length=2, max_length=20, description="Of the variants, control first."
    )

    @model_validator(mode="after")
    def _something_to_start_from(self) -> PlanWanted:
        if self.spec is None and self.baseline is None:
            raise fault_at("baseline", "give a baseline, or a design that has one")
        return self


class CasesGiven(Arguments):
    """Sums of experiments, and planning questions."""

    document: Document = Field(description="{cases: […], planning: {…}}, each case with its id.")


def experiment_analyse(_: Room, given: AnalyseTable) -> Answer:
    """Analyse a table against a design; 0 decided, 1 harm or broken data, 3 keep going."""
    design = read_spec(given.spec, given.source)
    with tempfile.NamedTemporaryFile(suffix=f".{given.format}") as file:
        spilled(given.data, file)
        return analysed_file(design, Path(file.name), "data", given.format)


def analysed_file(design: Design, path: Path, name: str, kind: TableKind) -> Answer:
    """What a file says of an experiment; it needs no workspace."""
    return analysis_answer(table_analysis(design, path, name, kind))


def table_analysis(design: Design, path: Path, name: str, kind: TableKind) -> Analysis:
    """The analysis of a file against a design.

    Raises:
        BadInput: If one cannot be read, or not against the other.
    """
    return _analysis(design, lambda store: store.datasets.add_file(path, name, kind))


def query_analysis(design: Design, connection: str, sql: str) -> Analysis:
    """The analysis of what one SELECT finds in another database, which is only read."""
    return _analysis(design, lambda store: store.datasets.add_query(connection, sql, "query"))


def _analysis(design: Design, imported: Callable[[Store], Dataset]) -> Analysis:
    if design.variants and not any(variant.weight for variant in design.variants):
        raise BadInput(
            "No variant has a weight, so nobody was to meet any of them.",
            place="variants",
            fix="Give each its share, or leave the weights out: then they are equal.",
        )
    store = Store.in_memory()
    try:
        origin = TableOrigin(imported(store).id)
        readings = StoredReadings(store.participants, origin)
        return analyse(design, readings, at=datetime.now(UTC).replace(tzinfo=None), number=1)
    except RuntimeError as error:
        if "interrupt" in str(error).casefold():  # what a query makes of Ctrl-C
            raise KeyboardInterrupt from error
        raise
    finally:
        store.close()


def analysis_answer(analysis: Analysis) -> Answer:
    """An analysis, for a program and for a person."""
    code = CODES[analysis.advice.outcome]
    return Answer(analysis.model_dump(mode="json"), analysis_text(analysis), code)


def experiment_plan(_: Room, given: PlanWanted) -> Answer:
    """Say how many participants an experiment needs, and what fewer or more would find."""
    return planned_answer(given)


def planned_answer(given: PlanWanted) -> Answer:
    """A plan; it needs no workspace."""
    found = plan(design_to_plan(given))
    return Answer(found.model_dump(mode="json"), plan_text(found))


def design_to_plan(given: PlanWanted) -> Design:
    """The design that is planned: the given one, with what is given beside it.

    Raises:
        BadInput: If it cannot be a design; names the field.
    """
    base = _least_design(given) if given.spec is None else read_spec(given.spec, given.source)
    rule = {
        "kind": given.rule,
        "least": given.effect,
        "alpha": given.alpha,
        "power": given.power,
    }
    start = {
        "baseline": given.baseline,
        "sd": given.sd,
        "people": given.people,
        "people_a_day": given.people_a_day,
    }
    document = base.model_dump()
    document["rule"] |= _given(rule)
    document["planned"] |= _given(start)
    return checked_design(document)


def _given(values: Document) -> Document:
    return {name: value for name, value in values.items() if value is not None}


def _least_design(given: PlanWanted) -> Design:
    """The smallest design that a baseline and an effect can be planned for."""
    shares = given.shares or [1.0, 1.0]
    variants = [
        {"id": f"variant_{at}" if at else "control", "weight": share}
        for at, share in enumerate(shares)
    ]
    kind = given.kind or "proportion"
    metric = {**_METRIC, "kind": kind, **({"per": "per"} if kind == "ratio" else {})}
    return checked_design(
        {"name": "Plan", "rule": {"kind": "fixed"}, "variants": variants, "metrics": [metric]}
    )


def checked_design(document: Document) -> Design:
    """A design from its fields.

    Raises:
        BadInput: If they cannot be one; names the field.
    """
    try:
        return Design.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(sentence_of(first), place=place_of(first)) from error


def experiment_figures(_: Room, given: CasesGiven) -> Answer:
    """Compute the figures of cases from their sums: {id: {figure: value, refused: {…}}}."""
    return figures_answer(given.document)


def figures_answer(document: Document) -> Answer:
    """Figures of cases; they need no workspace."""
    found = figures(document)
    return Answer(found, "\n\n".join(f"{id}\n{_figure_lines(one)}" for id, one in found.items()))


def _figure_lines(one: Document) -> str:
    refused = one.get("refused", {})
    lines = [f"  {name}: {value}" for name, value in one.items() if name != "refused"]
    return "\n".join([*lines, *(f"  no {name}: {why}" for name, why in refused.items())])


def answer_bytes(answer: Answer, as_json: bool) -> bytes:
    """An answer as a file."""
    if as_json:
        return orjson.dumps(answer.document, option=orjson.OPT_INDENT_2) + b"\n"
    return f"{answer.text}\n".encode()
