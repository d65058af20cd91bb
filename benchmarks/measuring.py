"""Measuring a command from outside: wall time, processor time and peak memory, several times."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GREENROOM = str(Path(sys.executable).parent / "greenroom")


@dataclass(frozen=True)
class Figures:
    """One finished command. Seconds, and bytes of the largest process."""

    wall: float
    cpu: float
    memory: int


def run(command: Sequence[str], home: Path, *, cores: set[int] | None = None) -> Figures:
    """Run a command once, with its state in a folder of its own.

    Args:
        command: What to run.
        home: Its ``GREENROOM_HOME``.
        cores: The processor cores that it may use.

    Raises:
        RuntimeError: If it could not do its work (exit code 2, 4 or a signal).
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "GREENROOM_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None,
    )
    assert process.stderr is not None
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1, 3):
        raise RuntimeError(f"{' '.join(command)} ended with {code}: {error.decode()[-500:]}")
    return Figures(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def middle(values: Sequence[float]) -> str:
    """The median, and the range in brackets."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"
