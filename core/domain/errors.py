"""Every error that Greenroom raises on purpose, in one tree.

GreenroomError                 500  us        something that we did not foresee
├── BadInput                   422  person    what was given cannot be used; says where and why
│   ├── InvalidFlow            422  person    a flow that cannot be compiled; carries its findings
│   ├── TooLarge               413  person    more than a limit allows; names the limit
│   └── Undefined              422  person    a figure that these data cannot give; says why
├── NotFound                   404  person    no such thing in this workspace
├── Conflict                   409  person    it exists already, is built in, or is in use
├── HomeHeld                   423  operator  another process owns this home
├── StorageFull                507  operator  the disk is full; nothing that was confirmed is lost
├── StorageFailed              500  operator  the database could not be opened, read or written
├── BudgetReached              402  person    what a run may cost is spent; it goes on when raised
├── MindUnavailable            503  operator  the engine that should answer cannot be reached
└── CallFailed                 502  operator  one call to a model failed, for all its retries

``status`` is the HTTP status, ``actor`` says who must act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from core.domain.findings import Finding

Actor = Literal["person", "operator", "us"]


class GreenroomError(Exception):
    """Root of the tree.

    Args:
        message: What happened, in one sentence for a person.
        place: Where: a field, a step, a line (``steps[3].config.body``).
        fix: What to do about it.
    """

    status: ClassVar[int] = 500
    actor: ClassVar[Actor] = "us"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, message: str, *, place: str | None = None, fix: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.fix = fix

    def __str__(self) -> str:
        """The whole message on one line: place, what happened, what to do."""
        where = f"{self.place}: " if self.place else ""
        hint = f" {self.fix}" if self.fix else ""
        return f"{where}{self.message}{hint}"


class BadInput(GreenroomError):
    """What was given cannot be used."""

    status = 422
    actor: ClassVar[Actor] = "person"
    title = "This cannot be used as it is"


class InvalidFlow(BadInput):
    """A flow that cannot be compiled; ``findings`` says why, step by step."""

    title = "This flow cannot be rehearsed yet"

    def __init__(self, message: str, findings: list[Finding], **where: str | None) -> None:
        super().__init__(message, **where)
        self.findings = findings


class TooLarge(BadInput):
    """More than a limit allows."""

    status = 413
    title = "This is too large"


class Undefined(BadInput):
    """A figure that these data cannot give: nobody there, no spread, a baseline of zero."""

    title = "This cannot be told from these data"


class NotFound(GreenroomError):
    """No such thing in this workspace."""

    status = 404
    actor: ClassVar[Actor] = "person"
    title = "Not found"


class Conflict(GreenroomError):
    """It exists already, is built in, or is in use.

    ``newest`` is the version that somebody else saved in the meantime, where that is why.
    """

    status = 409
    actor: ClassVar[Actor] = "person"
    title = "This is not possible now"

    def __init__(self, message: str, *, newest: int | None = None, **where: str | None) -> None:
        super().__init__(message, **where)
        self.newest = newest


class HomeHeld(GreenroomError):
    """Another process owns this home; ``address`` is its workbench, where it has one."""

    status = 423
    actor: ClassVar[Actor] = "operator"
    title = "Another Greenroom is using this folder"

    def __init__(self, message: str, address: str | None = None) -> None:
        super().__init__(message)
        self.address = address


class StorageFull(GreenroomError):
    """The disk is full; nothing that was confirmed is lost."""

    status = 507
    actor: ClassVar[Actor] = "operator"
    title = "The disk is full"


class StorageFailed(GreenroomError):
    """The database could not be opened, read or written."""

    status = 500
    actor: ClassVar[Actor] = "operator"
    title = "The workspace could not be read or written"


class MindUnavailable(GreenroomError):
    """The engine that should answer cannot be reached."""

    status = 503
    actor: ClassVar[Actor] = "operator"
    title = "The engine cannot answer"


class BudgetReached(GreenroomError):
    """What a run may cost is spent."""

    status = 402
    actor: ClassVar[Actor] = "person"
    title = "The budget is spent"


class CallFailed(GreenroomError):
    """One call to a language model failed, for all its retries; the next may well succeed."""

    status = 502
    actor: ClassVar[Actor] = "operator"
    title = "The model did not answer"
