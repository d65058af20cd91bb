"""Looking at many things at once: p-values that allow for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal

from core.domain.errors import Undefined

Correction = Literal["holm", "bonferroni", "fdr_bh", "fdr_by", "holm-sidak"]


def adjusted(p: Sequence[float | None], method: Correction) -> list[float | None]:
    """Each p-value, corrected for all of them; None stays None and is not counted.

    ``bonferroni``, ``holm`` (Scandinavian Journal of Statistics 6, 1979) and ``holm-sidak`` hold
    the chance of any false alarm; ``fdr_bh`` (Benjamini & Hochberg, JRSS B 57, 1995) and ``fdr_by``
    (Benjamini & Yekutieli, Annals of Statistics 29, 2001) the share of false ones among alarms.

    Raises:
        Undefined: If one is not between 0 and 1.
    """
    known = [one for one in p if one is not None]
    if any(not 0 <= one <= 1 for one in known):
        raise Undefined("A p-value is not between 0 and 1.")
    order = sorted(range(len(known)), key=known.__getitem__)
    steps = METHODS[method]([known[i] for i in order])
    corrected = dict(zip(order, (min(one, 1.0) for one in steps), strict=True))
    values = iter(corrected[i] for i in range(len(known)))
    return [None if one is None else next(values) for one in p]


def _bonferroni(p: list[float]) -> list[float]:
    return [one * len(p) for one in p]


def _holm(p: list[float]) -> list[float]:
    return _rising([one * (len(p) - i) for i, one in enumerate(p)])


def _holm_sidak(p: list[float]) -> list[float]:
    return _rising(
        [
            1.0 if one == 1 else -math.expm1((len(p) - i) * math.log1p(-one))
            for i, one in enumerate(p)
        ]
    )


def _benjamini_hochberg(p: list[float]) -> list[float]:
    falling = _rising([-one * len(p) / (i + 1) for i, one in reversed(list(enumerate(p)))])
    return [-one for one in reversed(falling)]


def _benjamini_yekutieli(p: list[float]) -> list[float]:
    dearer = sum(1 / (i + 1) for i in range(len(p)))
    return _benjamini_hochberg([one * dearer for one in p])


def _rising(values: list[float]) -> list[float]:
    for i in range(1, len(values)):
        values[i] = max(values[i], values[i - 1])
    return values


METHODS: dict[Correction, Callable[[list[float]], list[float]]] = {
    "bonferroni": _bonferroni,
    "holm": _holm,
    "holm-sidak": _holm_sidak,
    "fdr_bh": _benjamini_hochberg,
    "fdr_by": _benjamini_yekutieli,
}
"""Each takes sorted p-values."""
