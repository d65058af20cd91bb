"""What a written experiment is made of, before it is HTML or Markdown. All text is plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.experiment_results import Severity

NONE = "–"
"""What stands where there is no figure."""
SEVERITIES: dict[Severity, str] = {"stop": "Stop", "warning": "Take care", "info": "Know"}
"""What a warning is headed by."""
NUMERIC = (*"0123456789+−-", "over ", "under ", "below ")


@dataclass(frozen=True)
class Text:
    """A paragraph; a ``quiet`` one is small print."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Names and what they are."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows under a head; the first column names, the others are figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@dataclass(frozen=True)
class Notice:
    """A warning."""

    severity: Severity
    title: str
    text: str
    fix: str


@dataclass(frozen=True)
class Bar:
    """One row of intervals: at any time (wide), and read once (thick)."""

    name: str
    value: float
    low: float
    high: float
    inner: tuple[float, float] | None
    verdict: str
    text: str


@dataclass(frozen=True)
class Intervals:
    """A chart of intervals around no difference; ``least`` is what is worth having."""

    title: str
    bars: tuple[Bar, ...]
    unit: str
    least: float | None = None


@dataclass(frozen=True)
class Step:
    """One day of a line: the effect and its interval at any time; the one read once beside it."""

    day: float
    value: float
    low: float
    high: float
    inner: tuple[float, float] | None


@dataclass(frozen=True)
class Line:
    """One variant over time."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Course:
    """A chart of effects over time."""

    title: str
    line: Line
    unit: str


Block = Text | Items | Facts | Table | Notice | Intervals | Course


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 2


@dataclass(frozen=True)
class Document:
    """A whole experiment as it is written down.

    Attributes:
        title: The experiment's name.
        facts: One small line: who, when, how.
        answer: What was found, in one sentence.
        outcome: The same, as a word for its colour.
        sections: Everything else.
        foot: How to check it.
    """

    title: str
    facts: str
    answer: str
    outcome: str
    sections: tuple[Section, ...]
    foot: str


def figures(column: Sequence[str]) -> bool:
    """Whether what stands in a column are numbers, which are set at the right."""
    told = [cell for cell in column if cell and cell != NONE]
    return all(cell.startswith(NUMERIC) for cell in told)
