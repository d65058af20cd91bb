"""An experiment as Markdown: it reads well as it is, and in anything that shows Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.domain.experiment_results import Analysis
from core.domain.experiments import Design, Experiment
from core.experiments.exports.blocks import (
    SEVERITIES,
    Block,
    Course,
    Document,
    Facts,
    Intervals,
    Items,
    Notice,
    Section,
    Table,
    Text,
    figures,
)
from core.experiments.exports.content import document

_SPECIAL = re.compile(r"([\\<>*_`\[\]|#~&!])")
_LIST = re.compile(r"^(\d*)([-+=.)])")


def as_markdown(analysis: Analysis, about: Experiment | Design) -> str:
    """One look as Markdown, with tables; nobody's text is taken for markup.

    Args:
        analysis: The look.
        about: The experiment, or the design alone.
    """
    return "\n\n".join(_parts(document(analysis, about))) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def opening(text: str) -> str:
    """The same at the start of a line, where a number or a dash would begin a list."""
    return _LIST.sub(r"\1\\\2", escaped(text))


def _parts(told: Document) -> Iterator[str]:
    yield f"# {escaped(told.title)}"
    yield opening(told.facts)
    yield f"**{escaped(told.answer)}**"
    for section in told.sections:
        yield from _section(section)
    yield "---"
    yield opening(told.foot)


def _section(section: Section) -> Iterator[str]:
    yield f"{'#' * section.level} {escaped(section.title)}"
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text(text):
            yield opening(text)
        case Items(items):
            yield "\n".join(f"- {opening(one)}" for one in items)
        case Facts(rows):
            yield "\n".join(f"- **{escaped(name)}:** {escaped(text)}" for name, text in rows)
        case Table():
            yield from _table(block)
        case Notice(severity, title, text, fix):
            yield f"**{SEVERITIES[severity]}: {escaped(title)}.** {escaped(f'{text} {fix}')}"
        case Intervals() | Course():
            return


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield f"*{escaped(table.title)}*"
    columns = list(zip(*table.rows, strict=True))[1:] or [()] * (len(table.head) - 1)
    rule = [":--", *("--:" if figures(column) else ":--" for column in columns)]
    rows = (table.head, *table.rows)
    head, *body = (f"| {' | '.join(escaped(cell) for cell in row)} |" for row in rows)
    yield "\n".join([head, f"| {' | '.join(rule)} |", *body])
