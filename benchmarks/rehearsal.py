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
        f"{middle([f.cpu for f in starting])} s of processor.",
        "",
        "| people | wall s | processor s | above start-up, ms a person | peak memory, MB | runs |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    each: dict[int, float] = {}
    for size in SIZES:
        figures = [rehearse(size) for _ in range(REPEATS[size])]
        cpu = statistics.median(figure.cpu for figure in figures)
        each[size] = (cpu - base) / size * 1_000
        memory = max(figure.memory for figure in figures) / 1e6
        wall, processor = middle([f.wall for f in figures]), middle([f.cpu for f in figures])
        lines.append(
            f"| {size:,} | {wall} | {processor} | {each[size]:.2f} | {memory:.0f} "
            f"| {len(figures)} |"
        )
    growth = each[100_000] / each[1_000]
    lines += [
        "",
        f"Cost a person at 100,000 against 1,000: {growth:.2f} times (bar: within 15 %; at 100 "
        "people fixed costs of opening the store weigh in). Bar for 1,000 people: 2 s after the "
        "start of the process; bar for memory: 1,500 MB.",
    ]
    return "\n".join(lines)
