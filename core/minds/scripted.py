"""A mind that does what it is told: for tests, demonstrations and bug reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from core.domain.reactions import Reaction, Situation

NOTHING = Reaction(status="ignored", reasoning="Nothing is scripted for this message.")
ByStep = Mapping[str, Reaction | Sequence[Reaction]]
Script = Sequence[Reaction] | ByStep | Callable[[Situation], Reaction]


class ScriptedMind:
    """Reacts by a script.

    Args:
        script: Reactions in the order of each contact's messages; or by step id, one reaction or
            one a visit; or a function of the situation.
        otherwise: What happens where the script has nothing (left).
    """

    def __init__(self, script: Script, otherwise: Reaction = NOTHING) -> None:
        self._script = script
        self._otherwise = otherwise

    async def react(self, situation: Situation) -> Reaction:
        """The scripted reaction; ``situation.memory`` counts what was used, so order is safe."""
        script = self._script
        if callable(script):
            return script(situation)
        if isinstance(script, Mapping):
            step = situation.message.step_id
            found = script.get(step, self._otherwise)
            return found if isinstance(found, Reaction) else self._next(situation, step, found)
        return self._next(situation, "", script)

    def _next(self, situation: Situation, name: str, reactions: Sequence[Reaction]) -> Reaction:
        """The next reaction of a list that this contact has not used yet."""
        used: dict[str, int] = situation.memory.setdefault("scripted", {})
        at = used.get(name, 0)
        used[name] = at + 1
        return reactions[at] if at < len(reactions) else self._otherwise
