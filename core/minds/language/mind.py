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
        call = self._asker.reaction(situation)
        first = await self._ask(situation, call)
        if isinstance(first, Reaction):
            return first
        said, error = first
        repair = self._asker.repair(call, said.text, error)
        again = await self._ask(situation, repair)
        if isinstance(again, Reaction):
            used_up = again.status == "skipped"
            return _failed("invalid", _unusable(error), call, said) if used_up else again
        said, error = again
        return _failed("invalid", f"{_unusable(error)} Asked twice.", repair, said)

    async def _ask(self, situation: Situation, call: Call) -> Reaction | tuple[Completion, str]:
        """The reaction that a call gives, or what was said and why it cannot be used."""
        own = recall(situation.memory)
        if own["calls"] >= self._max_calls:
            words = f"Not asked: this person's {self._max_calls} calls were used up before."
            return Reaction("skipped", words)
        own["calls"] += 1
        try:
            said = await self._layer.complete(call)
        except CallFailed as error:
            return _failed("unavailable", str(error), call)
        if said.finish == "refusal":
            return _failed("refused", said.text or "The model would not play this.", call, said)
        try:
            return act(_read(call, said), situation.message, source_of(call, said.key))
        except Unreadable as error:
            return said, str(error)


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
