"""What every warning is: one question to a look, answered in words or not at all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.domain.experiment_results import Warned, WarningKind
from core.domain.experiments import Registered
from core.domain.samples import Cell
from core.experiments.looking import Look

SURE = 0.001
"""Data are called wrong below this p-value: it is small because an experiment is looked at often,
and an alarm that comes for nothing is soon ignored."""


@dataclass(frozen=True)
class Seen:
    """What warnings look at.

    Attributes:
        look: The look.
        days: Each day's participants by variant; empty where no times are known.
        registered: What was frozen at the start.
    """

    look: Look
    days: dict[int, dict[str, Cell]]
    registered: Registered | None = None


class Watch(Protocol):
    """One warning."""

    kind: WarningKind

    def find(self, seen: Seen) -> Iterator[Warned]:
        """What there is to warn about."""
        ...


def homogeneity(table: Sequence[Sequence[int]]) -> tuple[float, float]:
    """Whether each row splits its people alike: Pearson's chi-square (1900).

    Rows in which any count is expected under 5 are read together as one.

    Args:
        table: Rows of counts, one for each variant.

    Returns:
        The p-value, and by how much a row's share of a variant is off at most, relative to the
        share in all rows. (1, 0) where there is nothing to compare.
    """
    from scipy.special import chdtrc

    rows = _peopled(_large_enough(_peopled(table)))
    if len(rows) < 2 or len(rows[0]) < 2:
        return 1.0, 0.0
    columns = range(len(rows[0]))
    total = sum(map(sum, rows))
    shares = [sum(row[at] for row in rows) / total for at in columns]
    parts = [
        (count, share * sum(row)) for row in rows for count, share in zip(row, shares, strict=True)
    ]
    statistic = math.fsum((seen - expected) ** 2 / expected for seen, expected in parts)
    off = max(abs(seen - expected) / expected for seen, expected in parts)
    return float(chdtrc((len(rows) - 1) * (len(columns) - 1), statistic)), off


def _peopled(table: Sequence[Sequence[int]]) -> list[list[int]]:
    """Without columns in which nobody is."""
    columns = [at for at in range(len(table[0]) if table else 0) if sum(row[at] for row in table)]
    return [[row[at] for at in columns] for row in table] if columns else []


def _large_enough(rows: list[list[int]]) -> list[list[int]]:
    if not rows:
        return []
    total = sum(map(sum, rows))
    least = min(sum(row[at] for row in rows) for at in range(len(rows[0]))) / total
    large = [row for row in rows if sum(row) * least >= 5]
    small = [row for row in rows if sum(row) * least < 5]
    rest = [sum(column) for column in zip(*small, strict=True)]
    return [*large, rest] if small and sum(rest) * least >= 5 else large
