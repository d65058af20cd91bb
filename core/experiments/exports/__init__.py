"""An experiment as a file: HTML, Markdown, CSV, JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.domain.experiment_results import Analysis
from core.domain.experiments import Design, Experiment
from core.experiments.exports.html import as_html
from core.experiments.exports.markdown import as_markdown
from core.experiments.exports.rows import as_csv


@dataclass(frozen=True)
class Export:
    """One way to write an experiment down.

    Attributes:
        suffix: The file's ending.
        media_type: What it is served as.
        write: Makes the text.
    """

    suffix: str
    media_type: str
    write: Callable[[Analysis, Experiment | Design], str]


def as_json(analysis: Analysis, _: Experiment | Design) -> str:
    """The whole look.

    Args:
        analysis: The look.
        _: Not needed: a look says what it is.
    """
    return analysis.model_dump_json(indent=2) + "\n"


EXPORTS: dict[str, Export] = {
    "html": Export("html", "text/html; charset=utf-8", as_html),
    "md": Export("md", "text/markdown; charset=utf-8", as_markdown),
    "csv": Export("csv", "text/csv; charset=utf-8", as_csv),
    "json": Export("json", "application/json", as_json),
}
"""What an experiment can be written as; adding a format is one function and one line here."""

__all__ = ["EXPORTS", "Export", "as_csv", "as_html", "as_json", "as_markdown"]
