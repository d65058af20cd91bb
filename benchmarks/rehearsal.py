"""How fast a rehearsal is, how its cost grows, and what memory it takes, by the command line."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from benchmarks.measuring import GREENROOM, ROOT, Figures, middle, run

FLOW = ROOT / "benchmarks" / "flows" / "twenty_steps.yaml"
PERSONAS = 7
SIZES = (100, 1_000, 10_000, 100_000)
REPEATS = {100: 5, 1_000: 5, 10_000: 3, 100_000: 1}
ONE_CORE = {0}


def rehearse(contacts: int) -> Figures:
    """One rehearsal of the twenty steps with this many people, in a fresh home, on one core."""
    copies = str(round(contacts / PERSONAS))
    with tempfile.TemporaryDirectory() as home:
        command = [GREENROOM, "rehearse", str(FLOW), "--cast", "all", "--copies", copies, "--json"]
        return run(command, Path(home), cores=ONE_CORE)


def start_up() -> list[Figures]:
    """A command that does next to nothing: what every command pays to start."""
    figures = []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as home:
            figures.append(run([GREENROOM, "runs", "list", "--json"], Path(home), cores=ONE_CORE))
    return figures


def measure() -> str:
    """The section of RESULTS.md."""
    starting = start_up()
    base = statistics.median(figure.cpu for figure in starting)
    lines = [
        "`greenroom rehearse benchmarks/flows/twenty_steps.yaml --cast all --copies N --json`, 20 "
        "steps, events stored, fresh home, bound to one core. Start-up is `greenroom runs list` "
        f"in an empty home: {middle([f.wall for f in starting])} s wall, "
        f"{middle([f.cpu for f in starting])} s of processor; it is part of every row.",
        "",
        "| people | wall s | processor s | each further person, ms | peak memory, MB | runs |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    costs: dict[int, float] = {}
    further: list[float] = []
    for size in SIZES:
        figures = [rehearse(size) for _ in range(REPEATS[size])]
        costs[size] = statistics.median(figure.cpu for figure in figures)
        memory = max(figure.memory for figure in figures) / 1e6
        wall, processor = middle([f.wall for f in figures]), middle([f.cpu for f in figures])
        below = [smaller for smaller in costs if smaller < size]
        if below:
            people = size - below[-1]
            further.append((costs[size] - costs[below[-1]]) / people * 1_000)
        slope = f"{further[-1]:.2f}" if below else "–"
        lines.append(
            f"| {size:,} | {wall} | {processor} | {slope} | {memory:.0f} | {len(figures)} |"
        )
    fixed = costs[100] - base - 0.1 * further[0]
    lines += [
        "",
        f"A further person costs between {min(further):.2f} and {max(further):.2f} ms of processor "
        f"from 100 to 100,000 people, {max(further) / min(further):.2f} times apart (bar: within "
        f"15 %), beside {fixed:.2f} s that each run pays once (store, flow, words) and the start "
        "of the process. Bar for 1,000 people: 2 s after the start of the process; bar for "
        "memory: 1,500 MB.",
    ]
    return "\n".join(lines)
