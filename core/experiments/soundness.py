"""Sums that no data can have are refused before anything is made from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NoReturn

from core.domain.errors import Undefined
from core.domain.experiments import Metric, Prior
from core.domain.samples import Sample
from core.experiments.numbers import SHARES

SLACK = 1e-6
"""What rounding may do to a sum."""


def unsound(metric: Metric, sample: Sample) -> str | None:
    """Why a sample cannot be read; None where it can."""
    numbers = [*sample.means, *(one for row in sample.products for one in row)]
    if not all(math.isfinite(one) for one in numbers):
        return f"{metric.label} has values that are no numbers, or far too large."
    if not _varies_as_data_do(sample):
        return f"The sums of {metric.label} do not fit each other."
    shares = sample.means[: 1 if metric.per is None else 0]
    if metric.kind in SHARES and not all(0 <= one <= 1 for one in shares):
        return f"{metric.label} is yes or no, but has values below 0 or above 1."
    return None


def _varies_as_data_do(sample: Sample) -> bool:
    """No variance below 0, no covariance beyond its variances."""
    spreads = [row[at] for at, row in enumerate(sample.products)]
    if any(one < 0 for one in spreads):
        return False
    return all(
        abs(one) <= math.sqrt(spreads[i]) * math.sqrt(spreads[j]) * (1 + SLACK) + SLACK
        for i, row in enumerate(sample.products)
        for j, one in enumerate(row)
    )


@dataclass(frozen=True)
class Unsound:
    """A contrast that gives nothing but the reason why."""

    metric: Metric
    reason: str
    people: int = 0

    @property
    def baseline(self) -> float:
        """Refused."""
        self._refuse()

    def estimate(self, *, relative: bool) -> NoReturn:
        """Refused."""
        self._refuse()

    def tested(self, alpha: float, *, relative: bool) -> NoReturn:
        """Refused."""
        self._refuse()

    def always(self, alpha: float, tuning: int, *, relative: bool) -> NoReturn:
        """Refused."""
        self._refuse()

    def posterior(self, prior: Prior, alpha: float) -> NoReturn:
        """Refused."""
        self._refuse()

    def removed(self) -> float | None:
        """Nothing."""
        return None

    def enough(self, people: int, events: int) -> bool:
        """Never."""
        return False

    def _refuse(self) -> NoReturn:
        raise Undefined(self.reason)
