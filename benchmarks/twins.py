"""A creator twin as its creator waits for it: a book to a trained twin, first words, the test."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import middle
from core.settings import Settings
from core.twins import Upload
from core.workbench import Workbench, Workspace

ROUNDS = 5
QUESTIONS = (
    "How do I stop worrying about what other people think of me?",
    "What should I do first thing in the morning?",
    "Why do I lose interest in everything that I begin?",
    "How can I stay calm when somebody insults me?",
    "Which tax form do I need for a side business?",
)


def measure() -> str:
    """Train on the longest book that there is, in a fresh home; then ask and test."""
    folder = os.environ.get("GREENROOM_BENCH_DATA")
    books = sorted(Path(folder, "creators").glob("*.txt")) if folder else []
    if not books:
        return "Skipped: `GREENROOM_BENCH_DATA` names no folder with `creators/`."
    book = max(books, key=lambda path: path.stat().st_size)
    words = len(book.read_text("utf-8").split())
    with tempfile.TemporaryDirectory() as home:
        bench = Workbench(Settings(home=Path(home) / "home"))
        try:
            return f"A book of {words:,} words.\n\n{_measured(bench, book)}"
        finally:
            bench.close()


def _measured(bench: Workbench, book: Path) -> str:
    space = bench.workspace()
    twins = space.twins
    rows = []
    cold = _seconds(lambda: _train(space, "First", book))
    rows.append(("upload to trained twin, first time in this home", f"{cold:.1f} s", "30 s"))
    times = [_seconds(lambda n=n: _train(space, f"Twin {n}", book)) for n in range(2)]
    rows.append(("the same with the model unpacked", f"{middle(times)} s", "30 s"))
    again = _seconds(lambda: _train(space, "First", book))
    rows.append(("the same file again: nothing is done", f"{again:.1f} s", ""))
    opened = _seconds(lambda: twins.serving("first"))
    rows.append(("a trained twin made ready to answer", f"{opened:.2f} s", ""))
    cold = _seconds(lambda: next(iter(space.talks.stream("first", QUESTIONS[0]))))
    rows.append(("first words of the first answer of this process", f"{cold:.2f} s", ""))
    first = [
        _seconds(lambda q=q: next(iter(space.talks.stream("first", q))))
        for _ in range(ROUNDS)
        for q in QUESTIONS
    ]
    rows.append(("first words of an offline answer", f"{middle(first)} s", "0.5 s"))
    test = _seconds(lambda: space.twin_tests.start("first", wait=True))
    rows.append(("the standard test, 50 prompts", f"{test:.1f} s", "30 s"))
    table = "\n".join(f"| {what} | {took} | {bar} |" for what, took, bar in rows)
    return f"| what | took | bar |\n| --- | --- | --- |\n{table}"


def _train(space: Workspace, name: str, book: Path) -> None:
    twins = space.twins
    if name not in {twin.name for twin in twins.list()}:
        twins.create(name)
    folder = twins.upload_folder(name)
    copy = Path(shutil.copyfile(book, folder / "0"))
    with copy.open("a", encoding="utf-8") as file:
        file.write(f"\n\nRead for {name}.\n")  # another text: what is known is not embedded again
    state = twins.train(name, [Upload(book.name, copy)], "keep", wait=True)
    if state.error:
        raise RuntimeError(state.error)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
