"""A mind for a made-up person: says what was written down, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.durations import parse_duration
from core.domain.flow_tests import ScriptedReply
from core.domain.reactions import Reaction, Reply, Situation
from core.minds.hearing import heard
from core.minds.scripted import NOTHING

READ_AFTER = 0.0


class RepliesMind:
    """Replies by a list.

    A message is answered by the first reply that is for its step and visit, else for its step,
    else for any message; each reply is used once, one for a certain visit at that visit alone.

    Args:
        replies: What is replied.
    """

    def __init__(self, replies: Sequence[ScriptedReply]) -> None:
        self._replies = tuple(replies)

    async def react(self, situation: Situation) -> Reaction:
        """The reply that is written for this message, or nothing."""
        used: set[int] = situation.memory.setdefault("used", set())
        at = self._find(situation.message.step_id, situation.visit, used)
        if at is None:
            return NOTHING
        used.add(at)
        return reaction_of(self._replies[at])

    def _find(self, step_id: str, visit: int, used: set[int]) -> int | None:
        left = [(at, one) for at, one in enumerate(self._replies) if at not in used]
        for wanted in ((step_id, visit), (step_id, None), (None, visit), (None, None)):
            for at, one in left:
                if (one.to, one.visit) == wanted:
                    return at
        return None


def reaction_of(reply: ScriptedReply) -> Reaction:
    """A reaction that is delivered and read at once, and answers as written.

    What is meant, and how it sounds, is heard in the words where it is not written.
    """
    meant = heard(reply.text)
    return Reaction(
        status="answered",
        reasoning="It is written so.",
        read_after=READ_AFTER,
        reply=Reply(
            after=parse_duration(reply.after),
            text=reply.text,
            intent=reply.intent or meant.intent,
            sentiment=reply.sentiment or meant.sentiment,
            answers=reply.answers or None,
        ),
    )
