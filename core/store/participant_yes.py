"""Whether what is read as yes or no is that: a count may be, a share or a score cannot."""

from __future__ import annotations

from core.domain.errors import BadInput
from core.domain.experiments import Design, Metric
from core.store.participant_rows import Rows
from core.store.participant_units import Units


def counts_read_as_yes(units: Units, rows: Rows, design: Design) -> tuple[str, ...]:
    """The metrics of which one value or another is a count: from 1 on, it is a yes.

    Raises:
        BadInput: If a value is no yes or no, and no count of what somebody did.
    """
    loose = [(at, one) for at, one in enumerate(design.metrics) if one.id in rows.loose]
    if not loose:
        return ()
    asked = ", ".join(
        f"max(m{at}_0), any_value(m{at}_0) FILTER ({_odd(f'm{at}_0')})" for at, _ in loose
    )
    found = list(units.asking.rows(units.of(asked))[0])
    counts = []
    for at, metric in loose:
        largest, odd = found.pop(0), found.pop(0)
        if odd is not None:
            raise _no_yes_or_no(metric, at, odd, "call the metric a mean")
        if largest is not None and largest > 1:
            if metric.kind == "retention":
                make = f"make one (whether they were there after {metric.day} days)"
                raise _no_yes_or_no(metric, at, largest, make)
            counts.append(metric.id)
    return tuple(counts)


def _odd(column: str) -> str:
    return f"{column} < 0 OR {column} <> floor({column})"


def _no_yes_or_no(metric: Metric, at: int, value: float, otherwise: str) -> BadInput:
    return BadInput(
        f"The column '{metric.value}' is read as yes or no, and says {value:g} somewhere.",
        place=f"metrics[{at}].value",
        fix=f"Name a column of yes and no (1 and 0), or {otherwise}.",
    )
