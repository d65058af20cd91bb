"""What every rule does when it is looked at each day, and whether the shipped figures say so.

``python -m benchmarks peeking`` plays the rules; with ``GREENROOM_WRITE_RULES=1`` it also writes
``data/models/experiment_rules.json``, which is what pages show beside a rule. With
``GREENROOM_BENCH_DATA`` the same scenarios are held against reference figures there.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from core.experiments.figures_peeking import RULES
from core.experiments.rule_errors import SHIPPED
from core.experiments.statistics.peeking import PLAYERS, Played, simulate_rules

SEED, REPLICATES, LOOKS = 20260101, 20_000, 20
RATE, LIFT, PER_DAY = 0.05, 0.1, 1600
"""What the shipped figures are of: a fixed test of this size finds the lift 8 times in 10."""


@dataclass(frozen=True)
class Scenario:
    """One kind of experiment; ``per_day`` participants in each arm."""

    name: str
    rate: float
    lift: float
    per_day: int


SCENARIOS = (
    Scenario("AA_5pct_500perday", 0.05, 0.0, 500),
    Scenario("AA_5pct_5000perday", 0.05, 0.0, 5000),
    Scenario("AA_1pct_200perday", 0.01, 0.0, 200),
    Scenario("AB_5pct_plus10pct_1600perday", RATE, LIFT, PER_DAY),
    Scenario("AB_5pct_plus20pct_500perday", 0.05, 0.2, 500),
)


def measure() -> str:
    """The section of the results."""
    began = perf_counter()
    played = play()
    seconds = perf_counter() - began
    shipped = figures()
    if os.environ.get("GREENROOM_WRITE_RULES"):
        write(shipped)
    lines = [
        f"{LOOKS} daily looks, {REPLICATES:,} experiments of each kind, all {len(PLAYERS)} rules "
        f"in {seconds:.1f} s. Share that declared a difference (days until it stopped); in the "
        "last two there is one.",
        "",
        "| rule | " + " | ".join(one.name for one in SCENARIOS) + " |",
        "| --- |" + " --- |" * len(SCENARIOS),
        *(_row(at, player.name, played) for at, player in enumerate(PLAYERS)),
        "",
        "Shipped beside each rule (A/A and A/B at 5 %, + 10 %, 1,600 a day in each arm): wrong, "
        "found, days, exaggerated.",
        "",
        *(
            f"- {one['name']}: {one['false_alarms']:.3f}, {one['found']:.3f}, {one['days']:.1f}, "
            f"{one['exaggerated']:.2f}"
            for one in shipped["rules"]
        ),
        "",
        compared(played),
    ]
    return "\n".join(lines)


def play() -> dict[str, dict[str, Played]]:
    """Every rule in every scenario, one stream of random numbers for all."""
    rng = np.random.default_rng(SEED)
    return {
        one.name: simulate_rules(one.rate, one.lift, one.per_day, LOOKS, REPLICATES, rng)
        for one in SCENARIOS
    }


def figures(replicates: int = REPLICATES, seed: int = SEED) -> dict[str, Any]:
    """What is shipped: each rule's error where nothing differs, and what it finds where it does."""
    same = simulate_rules(RATE, 0.0, PER_DAY, LOOKS, replicates, seed)
    other = simulate_rules(RATE, LIFT, PER_DAY, LOOKS, replicates, seed + 1)
    return {
        "protocol": {
            "rate": RATE,
            "lift": LIFT,
            "per_day_and_arm": PER_DAY,
            "looks": LOOKS,
            "replicates": replicates,
            "seed": seed,
        },
        "rules": [
            {
                "rule": player.id,
                "name": player.name,
                "kind": player.kind,
                "looks": 1 if player.id == "fixed" else LOOKS,
                "false_alarms": same[player.id].declared,
                "found": other[player.id].right,
                "days": other[player.id].mean_looks,
                "exaggerated": _exaggerated(other[player.id]),
                "replicates": replicates,
            }
            for player in PLAYERS
        ],
    }


def write(document: dict[str, Any], path: Path = SHIPPED) -> None:
    """The shipped file."""
    path.write_text(json.dumps(document, indent=1) + "\n", "utf-8")


def compared(played: dict[str, dict[str, Played]]) -> str:
    """The largest deviation from reference figures, in standard errors of two simulations."""
    folder = os.environ.get("GREENROOM_BENCH_DATA")
    path = Path(folder or "") / "ab_reference_cases.json"
    if not folder or not path.exists():
        return "Reference figures: skipped, GREENROOM_BENCH_DATA is not set."
    kept = json.loads(path.read_text("utf-8"))["peeking_simulation"]
    gaps = [
        (_gap(played[one.name][ours].declared, kept[one.name][theirs]["declared"]), one.name, ours)
        for one in SCENARIOS
        for theirs, ours in RULES.items()
        if theirs in kept.get(one.name, {})
    ]
    worst = max(gaps)
    return (
        f"Against {len(gaps)} reference figures with the same protocol: the largest deviation is "
        f"{worst[0]:.2f} standard errors ({worst[2]} in {worst[1]})."
    )


def _gap(ours: float, theirs: float) -> float:
    error = max((2 * theirs * (1 - theirs) / REPLICATES) ** 0.5, 1e-4)
    return abs(ours - theirs) / error


def _exaggerated(of: Played) -> float | None:
    return None if of.mean_lift is None else of.mean_lift / LIFT - 1


def _row(at: int, name: str, played: dict[str, dict[str, Played]]) -> str:
    cells = []
    for one in SCENARIOS:
        found = played[one.name][PLAYERS[at].id]
        cells.append(f"{found.declared:.3f} ({found.mean_looks:.1f})")
    return f"| {name} | " + " | ".join(cells) + " |"
