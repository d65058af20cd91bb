"""A player that tells of every event, and can be sent another way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.flows import CompiledFlow, CompiledStep, Journal, Player, Way

Told = tuple[str, int]
"""A step and which visit of it."""


class DebugJournal(Journal):
    """A journal that tells, after each event, how many there are."""

    def __init__(self, wrote: Callable[[int], None]) -> None:
        super().__init__()
        self._wrote = wrote

    def write(self, *event: Any, **more: Any) -> None:
        """Append an event, and tell."""
        super().write(*event, **more)
        self._wrote(len(self.rows))


class DebugPlayer(Player):
    """Plays a contact as any player does.

    Attributes:
        seed: The seed of chance.
        forced: The way by which a visit is left, whatever it comes to by itself.
        leaving: Whether the last step has been left.
        other: A visit that is played with the step of another flow.
    """

    def __init__(self, *arguments: Any, seed: int, **more: Any) -> None:
        super().__init__(*arguments, seed=seed, **more)
        self.seed = seed
        self.forced: dict[Told, str] = {}
        self.leaving = False
        self.other: tuple[Told, CompiledFlow] | None = None

    async def _visit(self, step: CompiledStep) -> CompiledStep | None:
        told = step.id, self.contact.visits.get(step.id, 0) + 1
        if self.other is not None and self.other[0] == told:
            self.flow = self.contact.flow = self.other[1]
            step = self.flow.steps[step.id]
        return await super()._visit(step)

    def _leave(self, step: CompiledStep, way: Way | None, error: str | None) -> CompiledStep | None:
        forced = self.forced.get((step.id, self.contact.visits[step.id]))
        if forced is not None:
            way, error = step.way(forced), None
            if forced == "on_timeout":
                self.contact.context.pop("reply", None)
        return super()._leave(step, way, error)

    def _end(
        self, step: CompiledStep, reason: str, way: str | None = None, error: str | None = None
    ) -> None:
        self.leaving = True
        super()._end(step, reason, way, error)
