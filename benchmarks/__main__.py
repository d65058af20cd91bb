"""Run the benchmarks and write what came out to RESULTS.md: ``python -m benchmarks [NAME …]``."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    always_valid,
    bandits,
    canvas,
    coverage_of_intervals,
    experiment_speed,
    foreign,
    messages,
    models,
    pages,
    peeking,
    planning,
    reach,
    real_experiments,
    rehearsal,
    retrieval,
    twins,
    validation,
    voice,
)

RESULTS = Path(__file__).parent / "RESULTS.md"
BENCHMARKS: dict[str, Callable[[], str]] = {
    "rehearsal": rehearsal.measure,
    "pages": pages.measure,
    "canvas": canvas.measure,
    "models": models.measure,
    "messages": messages.measure,
    "validation": validation.measure,
    "retrieval": retrieval.measure,
    "voice": voice.measure,
    "twins": twins.measure,
    "foreign": foreign.measure,
    "reach": reach.measure,
    "experiment_speed": experiment_speed.measure,
    "real_experiments": real_experiments.measure,
    "peeking": peeking.measure,
    "always_valid": always_valid.measure,
    "planning": planning.measure,
    "bandits": bandits.measure,
    "coverage_of_intervals": coverage_of_intervals.measure,
}
"""Each gives its section of RESULTS.md, without the heading."""


def sections(text: str) -> dict[str, str]:
    """The sections of RESULTS.md, by name."""
    parts = text.split("\n## ")[1:]
    return {part.split("\n", 1)[0].strip(): part.split("\n", 1)[1].strip() for part in parts}


def main(names: list[str]) -> None:
    """Measure what is named, or everything, and keep the other sections as they are."""
    for name in names or BENCHMARKS:
        print(f"measuring {name} …", file=sys.stderr)
        stamp = f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, 2 cores."
        command = f"`.venv/bin/python -m benchmarks {name}`"
        came_out = BENCHMARKS[name]().strip()
        if came_out.startswith("Skipped"):
            print(f"{name}: {came_out}", file=sys.stderr)
        else:
            write(name, f"{command}, {stamp}\n\n{came_out}")


def write(name: str, section: str) -> None:
    """Put one section into RESULTS.md as it is now: another benchmark may have written since."""
    found = sections(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    found[name] = section
    head = (
        "# Results\n\nWhat the benchmarks gave, as it came out. Times depend on the machine, which "
        "was shared and noisy: read the ratios, and the ranges in brackets (median, least–most).\n"
    )
    order = sorted(found, key=lambda name: [*BENCHMARKS, name].index(name))
    body = "".join(f"\n## {name}\n\n{found[name]}\n" for name in order)
    RESULTS.write_text(head + body, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
