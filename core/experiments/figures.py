"""Reference figures: what each named method gives for a case, so that anybody can check them.

The cases' shape is that of a file of reference figures without its references: ``cases`` of kind
binary, mean, ratio, cuped or srm, and parts for planning, group-sequential constants and the
simulated rules. Figures carry the names that reference packages give them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from core.domain.errors import BadInput
from core.experiments.figures_binary import binary
from core.experiments.figures_counts import srm
from core.experiments.figures_kept import Figure
from core.experiments.figures_means import cuped, mean, ratio
from core.experiments.figures_peeking import peeking
from core.experiments.figures_planning import constants, planning

Case = Mapping[str, Any]
KINDS: dict[str, Callable[[Case], dict[str, Figure]]] = {
    "binary": binary,
    "mean": mean,
    "ratio": ratio,
    "cuped": cuped,
    "srm": srm,
}
"""What a case's kind gives."""
PARTS: dict[str, Callable[[Case], dict[str, Figure]]] = {
    "planning": planning,
    "group_sequential_constants_two_sided_5pct": constants,
    "peeking_simulation": peeking,
}
"""What the document's other parts give."""


def figures(document: Mapping[str, Any]) -> dict[str, Figure]:
    """Every case's figures by its id, and each part's by its name.

    Args:
        document: ``cases``, each with ``id``, ``kind`` and its numbers, and any of the parts.

    Returns:
        ``{id: {name: figure, …, "refused": {name: reason}}}``; a figure that the data cannot give
        is None, and its reason stands under ``refused``. A case of an unknown kind, or one that
        lacks a number, has the reason under ``refused`` alone, as ``case``.

    Raises:
        BadInput: If a case has no id, or that of another case.
    """
    cases = document.get("cases", [])
    if not isinstance(cases, list):
        raise BadInput("'cases' is a list of cases.")
    names = [_name(case) for case in cases]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise BadInput(f"Two cases are called {twice[0]!r}; each needs an 'id' of its own.")
    result = {name: _figures(case) for name, case in zip(names, cases, strict=True)}
    return result | {name: make(document[name]) for name, make in PARTS.items() if name in document}


def _name(case: Any) -> str:
    if not isinstance(case, Mapping) or not isinstance(case.get("id"), str):
        raise BadInput("Each case has an 'id'.")
    return str(case["id"])


def _figures(case: Case) -> dict[str, Figure]:
    kind = case.get("kind")
    if kind not in KINDS:
        return _nothing(f"There is no kind {kind!r}; there are {', '.join(KINDS)}.")
    try:
        return KINDS[kind](case)
    except KeyError as error:
        return _nothing(f"{error} is missing; a case of kind {kind!r} needs it.")
    except (TypeError, ValueError, AttributeError, IndexError):
        return _nothing(f"Its numbers are not of the shape that kind {kind!r} has.")


def _nothing(why: str) -> dict[str, Figure]:
    return {"refused": {"case": why}}
