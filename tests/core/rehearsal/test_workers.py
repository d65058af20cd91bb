"""Processes that play beside the workbench: the same events, and none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.settings import Settings
from core.workbench import Workbench
from tests.conftest import TWO_STEPS

ALONE = """
import os, sys
from core.rehearsal import make_workers
print(make_workers(1).submit(os.getpid).result(), flush=True)
sys.stdin.read()
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"


@pytest.mark.slow
def test_a_worker_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", ALONE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    assert is_alive(worker)
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    deadline = time.monotonic() + 10
    while is_alive(worker) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_alive(worker)


@pytest.mark.slow
def test_workers_give_the_events_of_one_process(tmp_path: Path) -> None:
    tables = []
    for workers in (0, 2):
        bench = Workbench(Settings(home=tmp_path / str(workers), workers=workers))
        room = bench.workspace()
        flow = room.flows.create(TWO_STEPS)
        population = room.populations.from_words("all", 40, 7)
        run = room.rehearsals.play(room.rehearsals.prepare(flow.id, population.id).id)
        names = ["contact_id", "seq", "simulated_at", "actor", "kind", "step_id", "body", "payload"]
        tables.append(room.events.table(run.id).select(names))
        bench.close()
    assert tables[0].equals(tables[1])
