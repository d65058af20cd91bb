"""Real experiments: Cookie Cats and Hillstrom from raw rows, and every look at those of ASOS."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any
from xml.sax.saxutils import escape

import yaml

from core.domain.errors import Undefined
from core.domain.experiment_results import Analysis
from core.domain.experiments import Design, Prior
from core.domain.samples import Sample
from core.experiments import StoredReadings, analyse, stopping
from core.experiments.statistics import (
    always_valid_between,
    bounds,
    estimate,
    normal_posterior,
    tested,
)
from core.store import Store, TableOrigin

DOCS = Path(__file__).resolve().parent.parent / "docs"
ALPHA, LOSS, LOOKS = 0.05, 0.005, 5
RAW = {"cookie_cats": "cookie_cats.csv.gz", "hillstrom": "hillstrom_email.csv.gz"}


@dataclass(frozen=True)
class Look:
    """One look at one comparison: control and treatment as they were, and how much was over.

    ``stage`` is the planned look that it is the first to reach, 0 where it reaches none.
    """

    control: Sample
    treatment: Sample
    share: float
    planned: int
    stage: int


Says = Callable[[Look], bool]


def measure() -> str:
    """The section of RESULTS.md; the figure goes to docs/pictures/looks.svg."""
    folder = os.environ.get("GREENROOM_BENCH_DATA")
    if not folder:
        return "Skipped: GREENROOM_BENCH_DATA is not set."
    told = [spoken(name, from_rows(name, Path(folder) / file)) for name, file in RAW.items()]
    comparisons = list(asos(Path(folder) / "asos_experiments.parquet"))
    outcomes = {name: [first(looks, says) for looks in comparisons] for name, says in RULES.items()}
    (DOCS / "pictures" / "looks.svg").write_text(drawn(outcomes, len(comparisons)), "utf-8")
    return "\n\n".join([*told, table(outcomes, comparisons)])


def from_rows(name: str, file: Path) -> Analysis:
    """An experiment analysed as the command line does: the guide's spec, the raw rows."""
    design = Design.model_validate(yaml.safe_load((DOCS / "examples" / f"{name}.yaml").read_text()))
    store = Store.in_memory()
    try:
        dataset = store.datasets.add_file(file, file.name, "csv")
        readings = StoredReadings(store.participants, TableOrigin(dataset.id))
        return analyse(design, readings, at=datetime.now(UTC).replace(tzinfo=None))
    finally:
        store.close()


def spoken(name: str, found: Analysis) -> str:
    """What was found, as a list."""
    people = ", ".join(f"{found.variants[id]} {n:,}" for id, n in found.participants.items())
    lines = [f"**{name}** ({people}): {found.advice.headline}"]
    lines += [f"- {one.severity}: {one.title}" for one in found.warnings]
    lines += [f"- {effect.sentence}" for metric in found.metrics for effect in metric.effects]
    return "\n".join(lines)


def asos(file: Path) -> Iterator[list[Look]]:
    """Each comparison of a treatment with its control in one metric, look by look."""
    import pyarrow.parquet as pq

    rows = pq.read_table(file).to_pylist()
    series: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        if all(row[f"{what}_{arm}"] is not None for what in ("mean", "variance") for arm in "ct"):
            key = (row["experiment_id"], row["variant_id"], row["metric_id"])
            series.setdefault(key, []).append(row)
    for of_one in series.values():
        of_one.sort(key=lambda row: row["time_since_start"])
        planned, reached, looks = int(of_one[-1]["count_c"] + of_one[-1]["count_t"]), 0, []
        for row in of_one:
            stage = stopping.stage(int(row["count_c"] + row["count_t"]), planned, LOOKS)
            share = row["time_since_start"] / of_one[-1]["time_since_start"]
            fresh = stage if stage > reached and (stage < LOOKS or share == 1) else 0
            reached = max(reached, fresh)
            looks.append(Look(sample(row, "c"), sample(row, "t"), share, planned, fresh))
        yield looks


def sample(row: dict[str, Any], arm: str) -> Sample:
    """An arm as its published sums say it was."""
    n = int(row[f"count_{arm}"])
    return Sample(n, (row[f"mean_{arm}"],), ((row[f"variance_{arm}"] * (n - 1),),))


def first(looks: list[Look], says: Says) -> Look | None:
    """The first look at which a rule declares a difference."""
    return next((look for look in looks if says(look)), None)


def p_value(look: Look) -> float:
    """The p-value, read once; 1 where it cannot be told."""
    try:
        return tested("mean", look.control, look.treatment).p
    except Undefined:
        return 1.0


def every_look(look: Look) -> bool:
    """p < 0.05, looked at each time."""
    return p_value(look) < ALPHA


def at_the_end(look: Look) -> bool:
    """p < 0.05, looked at once everybody is there."""
    return look.share == 1 and p_value(look) < ALPHA


def by_stage(look: Look) -> bool:
    """O'Brien-Fleming with five planned looks; between them nobody looks."""
    found = effect_of(look) if look.stage else None
    limits = bounds(LOOKS, alpha=ALPHA, kind="obrien_fleming")
    return found is not None and bool(stopping.group_sequential(found[0], limits[look.stage - 1]))


def effect_of(look: Look) -> tuple[float, float] | None:
    """z and the standard error; None without spread."""
    try:
        found = estimate("mean", look.control, look.treatment)
    except Undefined:
        return None
    return found.value / found.se, found.se


def whenever(look: Look) -> bool:
    """The always-valid p-value, looked at each time."""
    try:
        found = always_valid_between(
            "mean", look.control, look.treatment, alpha=ALPHA, tuning=look.planned
        )
    except Undefined:
        return False
    return bool(stopping.always_valid(found.p, ALPHA))


def likely(look: Look) -> bool:
    """At least 95 % likely to be better, or worse."""
    belief = posterior(look)
    return belief is not None and max(belief[0], 1 - belief[0]) >= 0.95


def little_to_lose(look: Look) -> bool:
    """An expected loss under half a percent of the control's value."""
    belief = posterior(look)
    return belief is not None and bool(
        stopping.expected_loss(belief[1], look.control.means[0], LOSS)
    )


def posterior(look: Look) -> tuple[float, float] | None:
    """The probability of being better, and what the better-looking one may lose."""
    try:
        found = estimate("mean", look.control, look.treatment)
        belief = normal_posterior(found, Prior(), relative=False)
    except Undefined:
        return None
    return belief.better, min(belief.loss_if_chosen, belief.loss_if_not)


RULES: dict[str, Says] = {
    "p < 0.05 at every look": every_look,
    "95 % likely, at every look": likely,
    "expected loss, at every look": little_to_lose,
    "O'Brien-Fleming, five looks": by_stage,
    "always-valid, at every look": whenever,
    "p < 0.05 once, at the end": at_the_end,
}


def table(outcomes: dict[str, list[Look | None]], comparisons: list[list[Look]]) -> str:
    """How often each rule declared a difference, when, and how often the end disagreed."""
    ends = [looks[-1] for looks in comparisons]
    times = median(len(looks) for looks in comparisons)
    lines = [
        f"**ASOS**: {len(comparisons)} comparisons (treatment × metric), {times:.0f} looks each in "
        "the middle; what was planned is what there was in the end.",
        "",
        "| rule | declared a difference | after this share of the time (median) | of these, "
        "p ≥ 0.05 in the end | of these, the other sign in the end |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, found in outcomes.items():
        hits = [(look, end) for look, end in zip(found, ends, strict=True) if look is not None]
        gone = sum(p_value(end) >= ALPHA for _, end in hits)
        turned = sum(sign(look) != sign(end) for look, end in hits)
        when = f"{median(look.share for look, _ in hits):.0%}" if hits else "never"
        lines.append(f"| {name} | {len(hits)} | {when} | {gone} | {turned} |")
    return "\n".join(lines)


def sign(look: Look) -> bool:
    """Whether the treatment is ahead."""
    return look.treatment.means[0] > look.control.means[0]


# The figure

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 430, 56, 250, 54, 44
COLOURS = ("brick", "ochre", "plum", "slate", "green", "ink")
STYLE = """
text { font: 13px Inter, system-ui, sans-serif; fill: #1E2420 }
.title { font: 560 19px Fraunces, Georgia, serif }
.quiet { fill: #6B726C } .line { stroke: #DFDCCF } .paper { fill: #FBFAF6 }
path { fill: none; stroke-width: 2.2 }
path.green { stroke: #1F6B4A } path.ochre { stroke: #C98A1B } path.plum { stroke: #7A4E7E }
path.slate { stroke: #3C6E91 } path.brick { stroke: #B3402F } path.ink { stroke: #1E2420 }
path.ink { stroke-dasharray: 5 4 }
@media (prefers-color-scheme: dark) {
text { fill: #E8EBE6 } .quiet { fill: #9AA39C } .line { stroke: #2C3831 } .paper { fill: #111714 }
path.green { stroke: #5CC596 } path.ochre { stroke: #E0B04B } path.plum { stroke: #B58ABA }
path.slate { stroke: #7FB0D3 } path.brick { stroke: #E07F6D } path.ink { stroke: #E8EBE6 } }
"""


def drawn(outcomes: dict[str, list[Look | None]], of: int) -> str:
    """How many comparisons each rule had declared, as time went on."""
    most = max(sum(look is not None for look in found) for found in outcomes.values())
    top = max(10, -(-most // 20) * 20)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="How many of {of} comparisons each rule had declared, by time">',
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="title" x="{LEFT - 40}" y="26">The same experiments, looked at in six ways: '
        "how many differences each rule declared</text>",
        *axes(of, top),
    ]
    ends = spread_out([down(count_at(found, 1.0), top) for found in outcomes.values()])
    for (name, found), colour, at in zip(outcomes.items(), COLOURS, ends, strict=True):
        points = sorted(look.share for look in found if look is not None)
        way = f"M{across(0):.1f} {down(0, top):.1f}" + "".join(
            f"H{across(share):.1f}V{down(number, top):.1f}"
            for number, share in enumerate(points, 1)
        )
        parts.append(f'<path class="{colour}" d="{way}H{across(1):.1f}"/>')
        parts.append(
            f'<text x="{across(1) + 8}" y="{at + 4:.1f}">{escape(name)} ({len(points)})</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def axes(of: int, top: int) -> Iterator[str]:
    """Lines and numbers."""
    for count in range(0, top + 1, 20):
        at = down(count, top)
        yield f'<line class="line" x1="{LEFT}" x2="{across(1)}" y1="{at}" y2="{at}"/>'
        yield f'<text class="quiet" x="{LEFT - 8}" y="{at + 4}" text-anchor="end">{count}</text>'
    for share in (0, 0.25, 0.5, 0.75, 1):
        yield (
            f'<text class="quiet" x="{across(share)}" y="{HEIGHT - BOTTOM + 20}" '
            f'text-anchor="middle">{share:.0%}</text>'
        )
    yield (
        f'<text class="quiet" x="{across(0.5)}" y="{HEIGHT - 6}" text-anchor="middle">share of '
        f"the experiment's time that had passed (of {of} comparisons)</text>"
    )


def across(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def down(count: int, top: int) -> float:
    return HEIGHT - BOTTOM - count / top * (HEIGHT - BOTTOM - TOP)


def count_at(found: list[Look | None], share: float) -> int:
    return sum(look is not None and look.share <= share for look in found)


def spread_out(places: list[float], least: float = 17) -> list[float]:
    """Labels moved apart so that each can be read."""
    moved = list(places)
    order = sorted(range(len(places)), key=lambda at: places[at])
    for before, at in pairwise(order):
        moved[at] = max(moved[at], moved[before] + least)
    return moved
