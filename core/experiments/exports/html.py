"""An experiment as one HTML file: no network, no script; light and dark, on screen and paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

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
from core.experiments.exports.charts import course_chart, interval_chart
from core.experiments.exports.content import document
from core.experiments.exports.look import LOOK

POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def as_html(analysis: Analysis, about: Experiment | Design) -> str:
    """One look as a page that needs nothing beside itself.

    Args:
        analysis: The look.
        about: The experiment, or the design alone.
    """
    told = document(analysis, about)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(told.title)}</title>\n<style>{LOOK}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(_parts(told))
        + "\n</main>\n</body>\n</html>\n"
    )


def _parts(told: Document) -> Iterator[str]:
    yield "<header>"
    yield f'<p class="about" dir="auto">{escape(told.title)}</p>'
    yield f'<h1 class="answer {escape(told.outcome)}" dir="auto">{_safe(told.answer)}</h1>'
    yield f'<p class="facts" dir="auto">{escape(told.facts)}</p>'
    yield "</header>"
    for section in told.sections:
        yield from _section(section)
    yield f"<footer>{escape(told.foot)}</footer>"


def _section(section: Section) -> Iterator[str]:
    level = section.level
    yield f'<section><h{level} dir="auto">{escape(section.title)}</h{level}>'
    for block in section.blocks:
        yield _block(block)
    yield "</section>"


def _block(block: Block) -> str:
    match block:
        case Text(text, quiet):
            kind = ' class="quiet"' if quiet else ""
            return f'<p{kind} dir="auto">{_safe(text)}</p>'
        case Items(items):
            return f"<ul>{''.join(map(_item, items))}</ul>"
        case Facts(rows):
            return f"<dl>{''.join(_fact(*row) for row in rows)}</dl>"
        case Table():
            return _table(block)
        case Notice():
            return _notice(block)
        case Intervals():
            return _figure(block.title, interval_chart(block), _key(block))
        case Course():
            return _figure(
                block.title, course_chart(block), "Wide band: at any time. Narrow: once."
            )


def _safe(text: str) -> str:
    """Text as it is; a number and its per cent sign stay on one line."""
    return escape(text).replace(" %", "\u00a0%")


def _item(text: str) -> str:
    return f'<li dir="auto">{_safe(text)}</li>'


def _fact(name: str, text: str) -> str:
    return f'<dt>{escape(name)}</dt><dd dir="auto">{_safe(text)}</dd>'


def _figure(title: str, svg: str, key: str) -> str:
    return (
        f'<figure><figcaption dir="auto">{escape(title)}</figcaption>{svg}'
        f'<p class="quiet">{escape(key)}</p></figure>'
    )


def _key(chart: Intervals) -> str:
    key = "Thin line: the interval at any time. Thick: for a single look."
    return f"{key} Strip: too small to be worth having." if chart.least else key


def _notice(notice: Notice) -> str:
    fix = f'<p class="fix" dir="auto">{escape(notice.fix)}</p>' if notice.fix else ""
    return (
        f'<div class="notice {notice.severity}"><h3 dir="auto">{SEVERITIES[notice.severity]}: '
        f'{escape(notice.title)}</h3><p dir="auto">{escape(notice.text)}</p>{fix}</div>'
    )


def _table(table: Table) -> str:
    title = f'<caption dir="auto">{escape(table.title)}</caption>' if table.title else ""
    head = "".join(f'<th scope="col">{_safe(cell)}</th>' for cell in table.head)
    body = "".join(f"<tr>{_row(row)}</tr>" for row in table.rows)
    words = [
        at + 1 for at, column in enumerate(zip(*table.rows, strict=True)) if not figures(column)
    ]
    kind = "".join(f" w{at}" for at in words)
    return (
        f'<div class="wide"><table class="{kind.strip()}">{title}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(row: tuple[str, ...]) -> str:
    first = f'<th scope="row" dir="auto">{_safe(row[0])}</th>' if row else ""
    return first + "".join(f'<td dir="auto">{_safe(cell)}</td>' for cell in row[1:])
