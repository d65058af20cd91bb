"""The reference figures of planning: sizes, smallest effects, corrections, group-sequential bounds.

What an entry already carries is kept, so that it comes back whole; its figures are made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, get_args

from core.domain.errors import Undefined
from core.domain.experiments import Boundary
from core.experiments.figures_kept import Figure, Kept
from core.experiments.statistics import (
    Correction,
    adjusted,
    bounds,
    mean_sizes,
    proportion_sizes,
    smallest_relative,
)

Entry = Mapping[str, Any]
ALPHA = 0.05
LOOKS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20)
KINDS: dict[str, Boundary] = {"pocock": "pocock", "obf": "obrien_fleming"}
DECIMALS = 3
"""What the published tables of group-sequential constants print."""


def planning(parts: Mapping[str, Any]) -> dict[str, Figure]:
    """Each part of the planning figures, under its own name."""
    return {name: _part(name, part) for name, part in parts.items()}


def constants(parts: Mapping[str, Any]) -> dict[str, Figure]:
    """The constants of group-sequential designs, two-sided at 5 %: ``pocock_5``, ``obf_20``…

    Pocock's bound is the same at each look; O'Brien and Fleming's is the last look's.
    """
    kept = Kept()
    names = [name for name in parts if name.rpartition("_")[0] in KINDS]
    for name in names or [f"{kind}_{looks}" for kind in KINDS for looks in LOOKS]:
        kept.give(name, partial(_constant, name))
    return kept.done() if kept.refused else kept.figures


def _constant(name: str) -> float:
    kind, _, looks = name.rpartition("_")
    if not looks.isdigit() or not 1 <= int(looks) <= 200:
        raise Undefined(f"{name} does not say how many looks.")
    return round(bounds(int(looks), alpha=ALPHA, kind=KINDS[kind])[-1], DECIMALS)


def _part(name: str, part: Any) -> Figure:
    if name.startswith("multiple_testing"):
        try:
            return _corrected(part, flat="edge" in name or "ties" in name)
        except Undefined as error:
            return {"refused": {name: str(error)}}
    make = next((make for start, make in LISTS.items() if name.startswith(start)), None)
    if make is None or not isinstance(part, list):
        return {"refused": {name: "There are no such figures here."}}
    return [_entry(entry, make) for entry in part]


def _entry(entry: Entry, make: Callable[[Entry], dict[str, float]]) -> dict[str, Figure]:
    try:
        return {**entry, **make(entry)}
    except (KeyError, TypeError) as error:
        return {**entry, "refused": {"entry": f"It lacks {error}."}}
    except Undefined as error:
        return {**entry, "refused": {"entry": str(error)}}


def _proportions(entry: Entry) -> dict[str, float]:
    sizes = proportion_sizes(
        entry["baseline"],
        entry["relative_mde"],
        alpha=_alpha(entry),
        power=entry.get("power", 0.8),
        ratio=entry.get("control_to_treatment_ratio", 1),
    )
    return {
        "n_control_arcsine_statsmodels": sizes.arcsine,
        "n_control_unpooled_z": sizes.unpooled_z,
        "n_control_pooled_null_z": sizes.pooled_null_z,
    }


def _means(entry: Entry) -> dict[str, float]:
    effect = entry["effect_size_d"] if "effect_size_d" in entry else 1 / entry["sd_over_delta"]
    sizes = mean_sizes(effect, alpha=_alpha(entry), power=entry.get("power", 0.8))
    return {"n_per_arm_t": sizes.t, "n_per_arm_z": sizes.z}


def _smallest(entry: Entry) -> dict[str, float]:
    least = smallest_relative(
        entry["baseline"],
        entry["n_per_arm"],
        alpha=_alpha(entry),
        power=entry.get("power", 0.8),
    )
    return {"relative_mde_unpooled": least}


def _alpha(entry: Entry) -> float:
    return float(entry.get("alpha_two_sided", entry.get("alpha", ALPHA)))


def _corrected(part: Entry, *, flat: bool) -> dict[str, Figure]:
    """``flat`` gives the corrected p-values alone, else also how many are below 5 %."""
    p = list(part["p"])
    result: dict[str, Figure] = {"p": p}
    for method in get_args(Correction):
        values = adjusted(p, method)
        rejected = sum(one is not None and one <= ALPHA for one in values)
        result[method] = values if flat else {"adjusted": values, "rejected": rejected}
    return result


LISTS: dict[str, Callable[[Entry], dict[str, float]]] = {
    "sample_size_proportions": _proportions,
    "sample_size_means": _means,
    "mde_given_n": _smallest,
}
"""By how a part's name begins."""
