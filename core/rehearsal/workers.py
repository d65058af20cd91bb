"""Processes that play beside the workbench, and end with it however it ends."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from concurrent.futures import Executor

IDLE_SECONDS = 600
LOOK_SECONDS = 1.0
NICENESS = 10


def make_workers(count: int) -> Executor:
    """So many processes, started when first needed and ended when idle for ten minutes."""
    from loky import ProcessPoolExecutor

    pool: Executor = ProcessPoolExecutor(
        max_workers=count, timeout=IDLE_SECONDS, initializer=end_with, initargs=(os.getpid(),)
    )
    return pool


def collect_seldom() -> None:
    """Let the garbage collector look seldom, and never at what is imported by now.

    A rehearsal makes many small tuples and no cycles; looking for cycles took a tenth of its time.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def end_with(parent: int) -> None:
    """End this process soon after its parent is gone: a killed parent cannot say goodbye.

    Ctrl-C reaches a whole group of processes; what it means is the parent's to decide. A click
    goes before a rehearsal, so this process is nice to the workbench.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    collect_seldom()

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_SECONDS)
        os._exit(0)

    threading.Thread(target=look, name="end-with-parent", daemon=True).start()
