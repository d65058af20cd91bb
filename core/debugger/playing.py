"""Playing a branch of a session again from its start, as far as it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.debugger.changing import apply, draw_again
from core.debugger.minds import Asked, DebugMind, Told, Waiting
from core.debugger.player import DebugJournal, DebugPlayer
from core.debugger.rows import KIND, is_problem, is_stop
from core.debugger.showing import Shown, known_to, show
from core.domain.debugging import Change, DebugEvent, DebugProblem, Visit
from core.domain.personas import Persona
from core.domain.populations import Person
from core.domain.reactions import Reaction
from core.flows import CompiledFlow, Condition, Row
from core.minds import Mind
from core.rehearsal import Stage

Enough = Callable[[int, Row, Mapping[str, bool]], bool]
"""Whether an event, at its position and with what holds there, is as far as one wants to see."""


class Stopped(Exception):
    """As far as it was wanted; it rises through the player."""


@dataclass
class Scene:
    """What a session plays, made ready.

    Attributes:
        waiting: Asks a language model; None where no model is asked.
    """

    stage: Stage
    person: Person
    persona: Persona
    mind: Mind
    seed: int
    waiting: Waiting | None = None
    recorded: Mapping[Told, Reaction] = field(default_factory=dict)


@dataclass
class Tape:
    """What is known of a branch: its events as far as it was played.

    Attributes:
        whole: Whether it was played to the end.
        spent: The real seconds of each visit.
        known: What could be read at each problem, by its position.
        holds: What held at each stop, by condition and position.
        told: The problems in words, by position.
        events: As many of the events as were looked at, as they are shown.
        visits: The same of the visits, without the last.
    """

    rows: list[Row] = field(default_factory=list)
    whole: bool = False
    spent: list[float] = field(default_factory=list)
    known: dict[int, dict[str, Any]] = field(default_factory=dict)
    holds: dict[str, dict[int, bool]] = field(default_factory=dict)
    told: dict[int, DebugProblem] = field(default_factory=dict)
    events: list[DebugEvent] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    def held_at(self, position: int) -> dict[str, bool]:
        """What held at a stop."""
        return {when: held.get(position, False) for when, held in self.holds.items()}


class Playing:
    """One playing of a branch.

    Args:
        scene: What is played.
        changes: What was changed by hand, each at its position.
        tape: Where what happens is kept.
        whens: Conditions to look at, at every stop.
    """

    def __init__(
        self,
        scene: Scene,
        changes: Sequence[Change],
        tape: Tape,
        whens: Sequence[str] = (),
    ) -> None:
        self._tape = tape
        self._changes = changes
        self._conditions = {when: Condition.compile(when) for when in whens}
        self._enough: Enough | None = None
        self._wanted: int | None = None
        self._again: int | None = None
        self._draw: int | None = None
        self._shown: Shown | None = None
        self.mind = DebugMind(scene.mind, scene.waiting, scene.recorded)
        self.player = DebugPlayer(
            scene.stage.flow,
            scene.person,
            scene.persona,
            mind=self.mind,
            twin=scene.stage.twin,
            seed=scene.seed,
            grounding=scene.stage.grounding,
            journal=DebugJournal(self._wrote),
        )

    async def until(self, enough: Enough | None) -> None:
        """Play on the tape until that is enough; to the end where nothing is.

        Raises:
            Paused: If somebody paused while a model was asked.
        """
        self._enough = enough
        await self._play()

    async def show(self, position: int) -> Shown:
        """The state at a position; what comes of the step is on the tape where no model is asked.

        Raises:
            BadInput: If something was changed there that cannot be.
        """
        self._wanted = position
        await self._play()
        if self._shown is None:
            raise ValueError(f"there is no position {position} in this branch")
        return self._shown

    async def again(
        self, position: int, told: Told, other: CompiledFlow | None, draw: int | None
    ) -> list[Row]:
        """What one visit to a step does, played alone.

        Args:
            position: Where it is arrived at.
            told: The step and the visit.
            other: A flow whose step of this id is played in its place.
            draw: Another sample of what comes by chance.
        """
        self.player.other = None if other is None else (told, other)
        self._again = position
        self._draw = draw
        if other is not None:
            self.mind.changed = True
        await self._play()
        rows = self.player.journal.rows
        return rows[position - 1 :]

    async def _play(self) -> None:
        try:
            await self.player.play()
            self._note(whole=True)
        except (Stopped, Asked):
            self._note(whole=False)
        except Exception:
            self._note(whole=False)
            raise

    def _note(self, *, whole: bool) -> None:
        """Keep what was played; times that were measured before stay."""
        if self._again is not None:
            return
        tape, rows = self._tape, self.player.journal.rows
        if len(rows) >= len(tape.rows):
            tape.rows, tape.whole = rows, tape.whole or whole
        spent = [seconds for _, seconds in self.player.spent]
        tape.spent += spent[len(tape.spent) :]

    def _wrote(self, position: int) -> None:
        for change in self._changes:
            if change.at == position:
                apply(self.player, self.mind, change)
        row = self.player.journal.rows[-1]
        if self._again is not None:
            self._go_again(position, row)
        elif self._wanted is not None:
            self._go_to(self._wanted, position, row)
        else:
            self._go_on(position, row)

    def _go_on(self, position: int, row: Row) -> None:
        tape = self._tape
        if is_problem(row) and position not in tape.known:
            tape.known[position] = known_to(self.player)
        holds: dict[str, bool] = {}
        if self._conditions and is_stop(row):
            known = known_to(self.player)
            for when, condition in self._conditions.items():
                holds[when] = condition.evaluate(known)[0]
                tape.holds.setdefault(when, {})[position] = holds[when]
        if self._enough is not None and self._enough(position, row, holds):
            raise Stopped

    def _go_to(self, wanted: int, position: int, row: Row) -> None:
        """Stop there, or where the way out is known that the step takes after that."""
        if position == wanted:
            self._shown = show(self.player, self.mind)
            self.mind.closed = True
            if self._tape.whole or row[KIND] == "ended":
                raise Stopped
        elif position > wanted and row[KIND] in ("branched", "ended"):
            raise Stopped
        if is_problem(row) and position not in self._tape.known:
            self._tape.known[position] = known_to(self.player)

    def _go_again(self, position: int, row: Row) -> None:
        if position == self._again and self._draw is not None:
            self.mind.changed = True
            draw_again(self.player, self._draw)
        if position > (self._again or 0) and row[KIND] in ("branched", "ended"):
            raise Stopped
