"""From somebody who was played to others like them, who turn off elsewhere.

A long flow has too many paths to search. Whoever was played has taken one of them: along it, a
condition is asked for by itself what would make it come out another way, and only that is changed.
Whether it does is seen when the changed person is played.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from core.flows.logic.syntax import reads_of
from core.flows.reach.building import Building
from core.flows.reach.encoding import TAGS, question
from core.flows.reach.paths import Next, Path, Walker, Want
from core.flows.reach.playing import Guess, Played
from core.flows.reach.reading import Read, Target

MOST_TURNS = 3
Turn = tuple[Path, tuple[Want, ...], Target]
"""Who has turned off, what that asks of them, and where."""


@dataclass
class Turning:
    """Changes people who were played, so that they take ways that nobody has taken.

    Args:
        read: What the flow reads.
        worlds: The solver's.
    """

    read: Read
    worlds: dict[str, Any]
    tried: Counter[Target] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._walker = Walker(self.read)

    def useful(self, played: Played, open_: set[Target]) -> bool:
        """Whether somebody came by a way that is open and was not tried too often."""
        steps = {step for step, name in open_ if self.tried[step, name] < MOST_TURNS}
        return any(step in steps for step, _ in played.ways)

    def others(self, guess: Guess, played: Played, open_: set[Target]) -> Iterator[Guess]:
        """Others like somebody, who may take ways that are open; those may be taken out meanwhile.

        Args:
            guess: Who was played.
            played: What came of it.
            open_: The ways that are looked for.
        """
        for path, new, target in self._turns(guess, played, open_):
            other = self._changed(guess, path, new)
            self.tried[target] += 1
            if other is not None:
                yield other

    def _turns(self, guess: Guess, played: Played, open_: set[Target]) -> Iterator[Turn]:
        answering = {one.to for one in guess.replies}
        path = self._walker.first()
        for step, name in played.order:
            if path.step != step:
                return
            nexts = list(self._walker.after(path))
            for way, after, new in nexts:
                target = (step, way.name)
                wanted = target in open_ and self.tried[target] < MOST_TURNS
                if wanted and after.odd == path.odd:
                    yield after, new, target
            following = [one for one in nexts if one[0].name == name]
            if not following:
                return
            path = min(following, key=lambda one: _unlike(one, step in answering))[1]

    def _changed(self, guess: Guess, path: Path, new: tuple[Want, ...]) -> Guess | None:
        asked = question(path.store.state, new, self.worlds)
        if asked.answer(likely=True) != "yes":
            return None
        values = asked.values()
        if any(one[:2] == TAGS for node, _ in new for one in reads_of(node)):
            values[TAGS] = asked.tags()
        building = Building(self.read.flow, values, asked.missing(), asked.tags())
        try:
            return building.turned(guess, path)
        except ValidationError:
            return None


def _unlike(one: Next, answering: bool) -> tuple[int, bool]:
    """How unlikely it is that somebody has gone on like this, of those who took the same way."""
    done = one[1].done
    silent = done is not None and done.what == "timeout"
    return one[1].odd, silent == answering
