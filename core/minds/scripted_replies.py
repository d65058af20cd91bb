"""A mind for a made-up person: says what was written down, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.domain.durations import parse_duration
from core.domain.flow_tests import ScriptedReply
from core.domain.flows import Question
from core.domain.reactions import Reaction, Reply, Situation
from core.minds.hearing import heard
from core.minds.scripted import NOTHING

READ_AFTER = 0.0
MOST_WHOLE = 2**63


class RepliesMind:
    """Replies by a list.

    A message is answered by the first reply that is for its step and visit, else for its step,
    else for any message; each reply is used once, one for a certain visit at that visit alone.

    Args:
        replies: What is replied.
    """

    def __init__(self, replies: Sequence[ScriptedReply]) -> None:
        self._replies = tuple(replies)
        self._places: dict[tuple[str | None, int | None], list[int]] = {}
        for at, one in enumerate(self._replies):
            self._places.setdefault((one.to, one.visit), []).append(at)

    async def react(self, situation: Situation) -> Reaction:
        """The reply that is written for this message, or nothing."""
        used: set[int] = situation.memory.setdefault("used", set())
        at = self._find(situation.message.step_id, situation.visit, used)
        if at is None:
            return NOTHING
        used.add(at)
        return reaction_of(self._replies[at], situation.message.questions)

    def _find(self, step_id: str, visit: int, used: set[int]) -> int | None:
        for wanted in ((step_id, visit), (step_id, None), (None, visit), (None, None)):
            for at in self._places.get(wanted, ()):
                if at not in used:
                    return at
        return None


def reaction_of(reply: ScriptedReply, questions: Sequence[Question] | None = None) -> Reaction:
    """A reaction that is delivered and read at once, and answers as written.

    What is meant, and how it sounds, is heard in the words where it is not written.

    Args:
        reply: What is written.
        questions: What the message asks, where that is known: nothing else can be answered.
    """
    meant = heard(reply.text)
    answers = dict(reply.answers) if questions is None else answers_taken(questions, reply.answers)
    return Reaction(
        status="answered",
        reasoning="It is written so.",
        read_after=READ_AFTER,
        reply=Reply(
            after=parse_duration(reply.after),
            text=reply.text,
            intent=reply.intent or meant.intent,
            sentiment=reply.sentiment or meant.sentiment,
            answers=answers or None,
        ),
    )


def answers_taken(questions: Sequence[Question], written: dict[str, Any]) -> dict[str, Any]:
    """Of written answers those that the questions take: the others are left out, as null."""
    return {one.id: _taken(one, written[one.id]) for one in questions if one.id in written}


def _taken(question: Question, written: Any) -> Any:
    """An answer as its question takes it; None for one that nobody can give."""
    if question.kind == "text":
        return None if written is None else _worded(written)
    if question.kind == "choice":
        return next((one for one in question.choices if one == _worded(written)), None)
    return _number(question, written)


def _worded(written: Any) -> str | None:
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        return None
    return str(written)


def _number(question: Question, written: Any) -> float | int | None:
    if isinstance(written, bool) or not isinstance(written, int | float):
        return None
    low, high = question.bounds
    if not low <= written <= high or not abs(written) < MOST_WHOLE:
        return None
    if question.kind == "number" or not (low.is_integer() and high.is_integer()):
        return written
    return int(written) if float(written).is_integer() else None
