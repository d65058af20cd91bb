"""Talking with a twin: offline or through a language model, kept as a conversation."""

from __future__ import annotations

import queue
from collections.abc import Callable, Coroutine, Generator, Iterator
from concurrent.futures import Future
from contextlib import aclosing
from typing import Any

from core.domain.errors import CallFailed, GreenroomError
from core.domain.models import Call, Completion, Model
from core.domain.twins import Answer, Turn
from core.minds import Gateway
from core.store import TurnTable
from core.twins.answering import REFUSED, UNKNOWN
from core.twins.library import Twins
from core.twins.serving import Serving

PATIENCE = 300.0
"""Seconds that somebody waits for a model's next words at most."""
Work = Callable[[Coroutine[Any, Any, None]], "Future[None]"]


class Talks:
    """Conversations with the twins of a workspace.

    Args:
        twins: Who is asked.
        turns: Where it is kept.
        gateway: The way to language models.
        run: Does work on the gateway's loop.
    """

    def __init__(self, twins: Twins, turns: TurnTable, gateway: Gateway, run: Work) -> None:
        self._twins = twins
        self._turns = turns
        self._gateway = gateway
        self._run = run

    def ask(
        self,
        ref: str,
        question: str,
        *,
        model: Model | None = None,
        version: int | None = None,
        conversation: str | None = None,
    ) -> Answer:
        """Ask a twin, and wait for the whole answer.

        Args:
            ref: The twin.
            question: What is asked.
            model: The language model that words the answer; None composes the creator's sentences.
            version: Which version answers; None is the one in use.
            conversation: Where to keep it, and whose history counts; None keeps nothing.

        Raises:
            NotFound: If there is no such twin or version, or it is not trained.
            CallFailed: If the model did not answer.
            MindUnavailable: If the model cannot be reached.
        """
        *_, answer = self.stream(
            ref, question, model=model, version=version, conversation=conversation
        )
        if not isinstance(answer, Answer):
            raise CallFailed("The answer broke off.", fix="Ask again.")
        return answer

    def stream(
        self,
        ref: str,
        question: str,
        *,
        model: Model | None = None,
        version: int | None = None,
        conversation: str | None = None,
    ) -> Iterator[str | Answer]:
        """The same as words come, and the whole answer as the last piece; it alone counts."""
        twin = self._twins.get(ref)
        serving = self._twins.serving(twin.id, version)
        history = self._turns.conversation(twin.id, conversation) if conversation else []
        if model is None:
            answer = serving.ask(question, history=history)
            yield answer.text
        else:
            answer = yield from self._spoken(serving, question, model, history)
        if conversation:
            self._turns.append(twin.id, conversation, question, answer)
        yield answer

    def conversation(self, ref: str, id: str) -> list[Turn]:
        """What was said in one conversation, in order."""
        return self._turns.conversation(self._twins.get(ref).id, id)

    def forget(self, ref: str, id: str) -> None:
        """Forget a conversation."""
        self._turns.clear(self._twins.get(ref).id, id)

    def _spoken(
        self, serving: Serving, question: str, model: Model, history: list[Turn]
    ) -> Generator[str, None, Answer]:
        call = serving.call(question, model, history)
        if isinstance(call, Answer):
            yield call.text
            return call
        said, told = "", 0
        for piece in self._words(call):
            said += piece
            if not _may_be_sign(said):
                yield said[told:]
                told = len(said)
        return serving.heard(question, said, model, history)

    def _words(self, call: Call) -> Iterator[str]:
        """A model's words, fetched on the gateway's loop and handed over here."""
        arriving: queue.SimpleQueue[str | GreenroomError | None] = queue.SimpleQueue()

        async def fetch() -> None:
            try:
                async with aclosing(self._gateway.stream_whole(call)) as pieces:
                    async for piece in pieces:
                        if not isinstance(piece, Completion):
                            arriving.put(piece)
                arriving.put(None)
            except GreenroomError as error:
                arriving.put(error)

        work = self._run(fetch())
        try:
            while (piece := arriving.get(timeout=PATIENCE)) is not None:
                if isinstance(piece, GreenroomError):
                    raise piece
                yield piece
        except queue.Empty:
            raise CallFailed("The model said nothing for too long.", fix="Ask again.") from None
        finally:
            work.cancel()


def _may_be_sign(said: str) -> bool:
    """Whether words may still become one of the signs that are not for people's eyes."""
    begun = said.lstrip()
    return any(sign.startswith(begun) or begun.startswith(sign) for sign in (UNKNOWN, REFUSED))
