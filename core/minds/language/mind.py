"""The language model persona: one call a reaction, one repair, and a status for what fails."""

from __future__ import annotations

from core.domain.errors import CallFailed
from core.domain.models import Call, Completion, Model
from core.domain.reactions import Reaction, Situation
from core.domain.words import ReactionStatus
from core.minds.gateway.protocol import Layer
from core.minds.language.acting import act
from core.minds.language.answer import Answer, Unreadable, read_answer
from core.minds.language.asking import Asker, recall, remember, source_of
from core.minds.language.showing import one_line

MAX_CALLS = 100


class LanguageMind:
    """Asks a language model what a person does with a message.

    Whatever comes back, one reaction alone is lost by it: an answer that cannot be read is asked
    for once more, then the reaction is ``invalid``. What stops everybody (no money left, no such
    model) passes through.

    Args:
        layer: The gateway, or anything that answers calls.
        model: Which model, with its settings.
        account: Whose budget pays: a run's id.
        max_calls: The most calls for one contact; a flow that goes round ends there.
    """

    def __init__(
        self,
        layer: Layer,
        model: Model,
        *,
        account: str | None = None,
        max_calls: int = MAX_CALLS,
    ) -> None:
        self._layer = layer
        self._asker = Asker(model, account)
        self._max_calls = max_calls

    async def react(self, situation: Situation) -> Reaction:
        """What this person does with this message; changes ``situation.memory``.

        Raises:
            BudgetReached: If the account may not spend any more.
            MindUnavailable: If the model cannot answer anybody.
        """
        reaction = await self._decide(situation)
        remember(situation.memory, reaction)
        return reaction

    async def _decide(self, situation: Situation) -> Reaction:
        own = recall(situation.memory)
        if own["calls"] >= self._max_calls:
            words = f"Not asked: this person's {self._max_calls} calls were used up before."
            return Reaction("skipped", words)
        call = self._asker.reaction(situation)
        own["calls"] += 1
        try:
            said = await self._layer.complete(call)
        except CallFailed as error:
            return _failed("unavailable", str(error), call)
        if said.finish == "refusal":
            return _failed("refused", said.text or "The model would not play this.", call, said)
        try:
            answer = _read(call, said)
        except Unreadable as error:
            return await self._repaired(situation, call, said, str(error))
        return act(answer, situation.message, source_of(call, said.key))

    async def _repaired(
        self, situation: Situation, first: Call, said: Completion, error: str
    ) -> Reaction:
        """The reaction after one more call, with what was wrong in it."""
        own = recall(situation.memory)
        if own["calls"] >= self._max_calls:
            return _failed("invalid", _unusable(error), first, said)
        call = self._asker.repair(first, said.text, error)
        own["calls"] += 1
        try:
            again = await self._layer.complete(call)
        except CallFailed as failure:
            return _failed("unavailable", str(failure), call)
        if again.finish == "refusal":
            return _failed("refused", again.text or "The model would not play this.", call, again)
        try:
            answer = _read(call, again)
        except Unreadable as second:
            return _failed("invalid", f"{_unusable(str(second))} Asked twice.", call, again)
        return act(answer, situation.message, source_of(call, again.key))


def _read(call: Call, said: Completion) -> Answer:
    """The answer of a completion.

    Raises:
        Unreadable: If there is none; says so where it was cut.
    """
    form = "answers" in (call.schema or {}).get("properties", {})
    try:
        return read_answer(said.text, form=form)
    except Unreadable as error:
        if said.finish == "length":
            raise Unreadable(f"it was cut off at its longest; be brief ({error})") from error
        raise


def _unusable(error: str) -> str:
    return f"The model's answer could not be used: {error}."


def _failed(
    status: ReactionStatus, words: str, call: Call, said: Completion | None = None
) -> Reaction:
    """A reaction that there is none of, and why."""
    reasoning = one_line(words, 400).strip() or "The model gave no reason."
    return Reaction(status, reasoning, source=source_of(call, said.key if said else ""))
