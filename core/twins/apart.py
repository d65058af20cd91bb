"""Work in a process of its own, which may die without taking the workbench with it.

The child is started by name, not forked, and does one task after another. It ends with its
parent, however that ends. In it the door of ``core.twins`` stays shut: the door opens the whole
room, database and all, and a task needs one part. So what runs apart imports parts, never the
room itself.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeVar

from core.domain.errors import GreenroomError

How = Literal["died", "too_long", "memory", "cancelled", "failed"]
Result = TypeVar("Result")

ROOT = Path(__file__).resolve().parents[2]
LOOK_SECONDS = 1.0
GRACE_SECONDS = 5.0
CLOSING_SECONDS = 2.0
BOOT = """
import sys, types
root, inherited, memory, nice = sys.argv[1:]
sys.path.insert(0, root)
room = types.ModuleType("core.twins")
room.__path__ = [root + "/core/twins"]
sys.modules["core.twins"] = room
from core.twins.apart import serve
serve(int(inherited), int(memory), int(nice))
"""


class TaskEnded(GreenroomError):
    """A task that was done apart did not end well.

    Attributes:
        how: ``died`` (its process ended), ``too_long``, ``memory``, ``cancelled``, or ``failed``
            (it raised something that is not of our tree).
    """

    title = "This work was ended"

    def __init__(self, message: str, *, how: How = "failed") -> None:
        super().__init__(message)
        self.how: How = how


class Apart:
    """One process beside ours that runs top-level functions, one at a time.

    It starts with the first task, is kept between tasks, and is started anew after it died.

    Args:
        memory_bytes: Most memory that it may take; None for no limit.
        nice: How far it steps back for others.
    """

    def __init__(self, memory_bytes: int | None = None, nice: int = 10) -> None:
        self._memory = memory_bytes
        self._nice = nice
        self._turn = threading.Lock()
        self._cancelled = False
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None

    def run(
        self,
        function: Callable[..., Result],
        *args: Any,
        seconds: float | None = None,
        progress: Callable[..., None] | None = None,
    ) -> Result:
        """Run a function there and give its result; other threads wait for their turn.

        Args:
            function: A top-level function of a module that can be imported.
            args: What it takes; all that goes over is pickled.
            seconds: Longest time that it may take.
            progress: Called here with what the function tells; the function then takes a
                keyword ``progress`` to tell it with. What it raises ends the task.

        Raises:
            TaskEnded: If the process died, took too long or too much memory, or was cancelled,
                or the function raised an error that is not of our tree.
            GreenroomError: What the function raised, as it is.
        """
        with self._turn:
            task = pickle.dumps((function, args, seconds, progress is not None))
            self._cancelled = False
            line = self._open()
            try:
                if self._cancelled:
                    raise EOFError
                line.send_bytes(task)
                result: Result = self._follow(line, seconds, progress)
                return result
            except (EOFError, OSError) as error:
                raise self._ended() from error
            except BaseException:
                self._kill()
                raise

    def cancel(self) -> None:
        """End the task that runs now; it raises ``TaskEnded``. Without one, nothing happens."""
        self._cancelled = True
        process = self._process
        if self._turn.locked() and process is not None:
            process.kill()

    def close(self) -> None:
        """End the process, after its task where one runs."""
        with self._turn:
            if self._line is not None:
                self._line.close()
            if self._process is not None:
                try:
                    self._process.wait(CLOSING_SECONDS)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()
            self._line = self._process = None

    def __enter__(self) -> Apart:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self) -> Connection:
        if self._line is not None and self._process is not None and self._process.poll() is None:
            return self._line
        self._kill()
        ours, theirs = Pipe()
        given = [str(ROOT), str(theirs.fileno()), str(self._memory or 0), str(self._nice)]
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", BOOT, *given],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._line = ours
        return ours

    def _follow(
        self, line: Connection, seconds: float | None, progress: Callable[..., None] | None
    ) -> Any:
        end = None if seconds is None else time.monotonic() + seconds
        while True:
            left = None if end is None else max(0.0, end - time.monotonic())
            if not line.poll(left):
                self._kill()
                raise TaskEnded(f"It took longer than {seconds:g} seconds.", how="too_long")
            what, value = line.recv()
            if what == "result":
                return value
            if what == "error":
                return self._raise(value)
            if progress is not None:
                progress(*value)

    def _raise(self, error: GreenroomError | str) -> None:
        if isinstance(error, GreenroomError):
            if isinstance(error, TaskEnded):
                self._kill()
            raise error
        raise TaskEnded(error)

    def _ended(self) -> TaskEnded:
        code = self._kill()
        if self._cancelled:
            return TaskEnded("It was cancelled.", how="cancelled")
        if code < 0:
            name = signal.Signals(-code).name
            return TaskEnded(f"The process that did it was ended by {name}.", how="died")
        return TaskEnded(f"The process that did it ended with code {code}.", how="died")

    def _kill(self) -> int:
        """End the process now; how it ended."""
        process, line = self._process, self._line
        self._process = self._line = None
        if line is not None:
            line.close()
        if process is None:
            return 0
        try:
            return process.wait(0.2 if line is not None else 0)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def serve(inherited: int, memory_bytes: int, nice: int) -> None:
    """Do what the parent asks until it is gone; this is the child's whole life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with(os.getppid())
    os.nice(nice)
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    with Connection(inherited) as line, Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        while True:
            try:
                task = line.recv_bytes()
            except (EOFError, OSError):
                return
            _answer(line, task, memory_bytes, nowhere)


def _answer(line: Connection, task: bytes, memory_bytes: int, nowhere: Any) -> None:
    try:
        function, args, seconds, tells = pickle.loads(task)
        if seconds is not None:  # also where C code holds the interpreter and nobody can kill us
            faulthandler.dump_traceback_later(seconds + GRACE_SECONDS, exit=True, file=nowhere)
        told = {"progress": lambda *args: line.send(("progress", args))} if tells else {}
        answer = pickle.dumps(("result", function(*args, **told)))
    except MemoryError:
        words = f"It needed more than {memory_bytes // 1_000_000:,} MB of memory."
        answer = pickle.dumps(("error", TaskEnded(words, how="memory")))
    except Exception as error:  # the border: what is not ours goes over as words
        answer = _packed(error)
    finally:
        faulthandler.cancel_dump_traceback_later()
    line.send_bytes(answer)


def _packed(error: Exception) -> bytes:
    """An error of ours as it is, where it survives the journey; any other as words."""
    if isinstance(error, GreenroomError):
        try:
            packed = pickle.dumps(("error", error))
            pickle.loads(packed)
            return packed
        except (TypeError, AttributeError, pickle.PicklingError):
            pass
    return pickle.dumps(("error", f"{type(error).__name__}: {error}"))


def _end_with(parent: int) -> None:
    def look() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_SECONDS)
        os._exit(0)

    threading.Thread(target=look, name="end-with-parent", daemon=True).start()
