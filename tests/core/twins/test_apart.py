"""Work in a process of its own: it dies, overruns and overeats without hurting ours."""

from __future__ import annotations

import ctypes
import operator
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.domain.errors import Conflict, InvalidFlow
from core.twins.apart import ROOT, Apart, TaskEnded


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    with Apart(memory_bytes=400_000_000) as process:
        yield process


def count_to(most: int, *, progress: Callable[..., None]) -> int:
    for number in range(most):
        progress(number, most)
    return most


def refuse(message: str) -> None:
    raise Conflict(message, place="book.pdf", fix="Rename it.")


def refuse_unpicklably() -> None:
    raise InvalidFlow("It cannot cross.", [])


def crash() -> None:
    ctypes.string_at(0)


def eat() -> int:
    return len([bytearray(50_000_000) for _ in range(40)])


def pid_of(apart: Apart) -> int:
    return apart.run(os.getpid)


def test_a_result_comes_back(apart: Apart) -> None:
    assert apart.run(operator.add, 2, 3) == 5
    assert apart.run(operator.mul, "a", 3_000_000) == "a" * 3_000_000


def test_it_is_kept_between_tasks_and_is_not_ours(apart: Apart) -> None:
    assert pid_of(apart) == pid_of(apart) != os.getpid()


def test_it_starts_without_the_heavy_libraries() -> None:
    with Apart() as fresh:
        loaded = set(fresh.run(eval, "[*__import__('sys').modules]"))
    assert not loaded & {"streamlit", "duckdb", "litellm", "numpy", "core.store"}


def test_what_is_told_on_the_way_is_heard_in_order(apart: Apart) -> None:
    heard: list[tuple[int, int]] = []
    assert apart.run(count_to, 5, progress=lambda *told: heard.append(told)) == 5
    assert heard == [(number, 5) for number in range(5)]


def test_a_listener_that_raises_ends_the_task(apart: Apart) -> None:
    def stop(*told: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apart.run(count_to, 100_000_000, progress=stop)
    assert apart.run(operator.add, 1, 1) == 2


def test_our_errors_come_through_as_they_are(apart: Apart) -> None:
    with pytest.raises(Conflict) as caught:
        apart.run(refuse, "There is one already.")
    assert (caught.value.place, caught.value.fix) == ("book.pdf", "Rename it.")


def test_other_errors_come_as_words(apart: Apart) -> None:
    with pytest.raises(TaskEnded, match="ZeroDivisionError") as caught:
        apart.run(operator.truediv, 1, 0)
    assert caught.value.how == "failed"
    with pytest.raises(TaskEnded, match="InvalidFlow: It cannot cross"):
        apart.run(refuse_unpicklably)


@pytest.mark.parametrize(
    ("function", "args", "words"),
    [(os._exit, (3,), "code 3"), (crash, (), "SIGSEGV"), (signal.raise_signal, (9,), "SIGKILL")],
    ids=["exit", "crash", "killed"],
)
def test_a_death_is_told_and_the_next_task_runs(
    apart: Apart, function: Callable[..., object], args: tuple[int, ...], words: str
) -> None:
    with pytest.raises(TaskEnded, match=words) as caught:
        apart.run(function, *args)
    assert caught.value.how == "died"
    assert apart.run(operator.add, 1, 1) == 2


def test_an_overrun_is_ended(apart: Apart) -> None:
    began = time.monotonic()
    with pytest.raises(TaskEnded, match=r"longer than 0\.3 seconds") as caught:
        apart.run(time.sleep, 60, seconds=0.3)
    assert caught.value.how == "too_long"
    assert time.monotonic() - began < 10
    assert apart.run(operator.add, 1, 1) == 2


def test_memory_has_an_end(apart: Apart) -> None:
    with pytest.raises(TaskEnded, match=r"400 MB") as caught:
        apart.run(eat)
    assert caught.value.how == "memory"
    assert apart.run(operator.add, 1, 1) == 2


def test_it_can_be_cancelled_from_another_thread() -> None:
    with Apart() as process:
        process.run(operator.add, 1, 1)
        started = threading.Event()

        def cancel() -> None:
            started.wait()
            process.cancel()

        thread = threading.Thread(target=cancel)
        thread.start()
        with pytest.raises(TaskEnded) as caught:
            process.run(count_to, 100_000_000, progress=lambda *_: started.set())
        thread.join()
        assert caught.value.how == "cancelled"
        assert process.run(operator.add, 1, 1) == 2


def test_cancelling_nothing_does_nothing(apart: Apart) -> None:
    before = pid_of(apart)
    apart.cancel()
    assert pid_of(apart) == before


def test_threads_take_turns(apart: Apart) -> None:
    sums: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: sums.append(apart.run(operator.add, n, n)))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sums) == [2 * n for n in range(8)]


def test_closing_ends_the_process() -> None:
    process = Apart()
    pid = pid_of(process)
    process.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_cannot_be_named_is_not_sent(apart: Apart) -> None:
    with pytest.raises(Exception, match=r"lambda|pickle"):
        apart.run(lambda: 1)
    assert apart.run(operator.add, 1, 1) == 2


PARENT = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from core.twins.apart import Apart
apart = Apart()
print(apart.run(os.getpid), flush=True)
apart.run(time.sleep, 600)
"""


def test_it_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen([sys.executable, str(script), str(ROOT)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + 20
    while Path(f"/proc/{child}").exists() and time.monotonic() < end:
        threading.Event().wait(0.05)
    assert not Path(f"/proc/{child}").exists()
