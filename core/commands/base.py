"""What a command is: its arguments as plain JSON, and one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

from core.domain.errors import NotFound
from core.domain.runs import Run
from core.domain.twins import TrainingState
from core.rehearsal import Progress

if TYPE_CHECKING:
    from core.workbench import Workbench, Workspace

HELD, FAILED, BAD_INPUT, UNDECIDED, UNFINISHED = range(5)
"""Exit codes: held, something expected failed, bad input, undecided, the run did not finish."""
Told = Progress | TrainingState
"""How far something is: a run, or the training of a twin."""


class Arguments(BaseModel):
    """Base of every command's arguments; none may be unknown."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Answer(NamedTuple):
    """What a command found.

    Attributes:
        document: The one JSON document that ``--json`` prints.
        text: The same for a person, in a few lines.
        exit_code: 0 held, 1 something expected failed, 3 undecided, 4 did not finish.
        note: What to say on standard error beside it.
    """

    document: Any
    text: str
    exit_code: int = HELD
    note: str = ""


class Export(NamedTuple):
    """A file that is written piece by piece."""

    filename: str
    media_type: str
    chunks: Iterator[bytes]


class Room(NamedTuple):
    """Where a command works: a workbench, one of its workspaces, and who is told of progress.

    Whoever set ``stop`` wants what is going on to stop at its next checkpoint.
    """

    workbench: Workbench
    name: str | None = None
    tell: Callable[[Told], object] = lambda _: None
    stop: Event | None = None

    def workspace(self, *, create: bool = False) -> Workspace:
        """The workspace; a command that writes makes it where it does not exist."""
        return self.workbench.workspace(self.name, create=create)


def find_run(workspace: Workspace, id: str) -> Run:
    """One run by its id or its number.

    Raises:
        NotFound: If there is none.
    """
    try:
        return workspace.rehearsals.get(id)
    except NotFound as error:
        raise NotFound(
            f"There is no run '{id}' here.", place="run", fix="See which runs there are."
        ) from error


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True)
class Command(Generic[A]):
    """One command: its name, what it takes, and what it does (its function's first line)."""

    name: str
    arguments: type[A]
    run: Callable[[Room, A], Answer]

    @property
    def help(self) -> str:
        """One line about it."""
        return (self.run.__doc__ or "").strip().splitlines()[0]
