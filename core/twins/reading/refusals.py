"""Saying no to a file: which one, why, and what to do about it."""

from __future__ import annotations

from core.domain.errors import BadInput
from core.domain.twins import Problem, ProblemKind


class Refused(BadInput):
    """A file that is not read; the rest of its batch goes on.

    Args:
        message: The reason, in one sentence for its creator.
        place: The file's name.
        kind: ``refused`` where it may not be read, ``unreadable`` where it cannot be, ``empty``
            where nothing is in it, ``needs_transcript`` where someone has to write it down first.
    """

    title = "This file was not taken"

    def __init__(
        self,
        message: str,
        *,
        place: str | None = None,
        fix: str | None = None,
        kind: ProblemKind = "refused",
    ) -> None:
        super().__init__(message, place=place, fix=fix)
        self.kind = kind

    @property
    def problem(self) -> Problem:
        """The same as a problem of the file."""
        return Problem(kind=self.kind, severity="error", message=self.message, fix=self.fix or "")
