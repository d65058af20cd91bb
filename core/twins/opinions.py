"""What a language model says of a creator, where a workspace has one: ratings and the method.

A model's word counts as far as it quotes the content; what came of it is a version like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

from core.domain.errors import CallFailed
from core.domain.models import Call, Model
from core.domain.twins import PieceText, TwinVersion
from core.minds import Gateway
from core.twins.library import Twins
from core.twins.method_text import METHOD
from core.twins.methodology import ask_for_method
from core.twins.personality import rate_items

RATINGS, METHODS = "ratings-1", "method-1"
LONGEST_ANSWER = 6_000
"""Tokens: fifty ratings with their quotes are long."""
Work = Callable[[Coroutine[Any, Any, Any]], "Future[Any]"]


class Opinions:
    """Asks language models about twins.

    Args:
        twins: Whose content it is.
        gateway: The way to language models.
        run: Does work on the gateway's loop.
    """

    def __init__(self, twins: Twins, gateway: Gateway, run: Work) -> None:
        self._twins = twins
        self._gateway = gateway
        self._run = run

    def rate(self, ref: str, model: Model) -> TwinVersion:
        """A version whose traits a model rated, by the items of an inventory, with quotes.

        Raises:
            BadInput: If there are too few words.
            CallFailed: If the model's answer could not be used.
            MindUnavailable: If the model cannot be reached.
        """
        version = self._twins.version(ref)
        pieces = [(name, text.text) for name, text in self._pieces(ref)]
        asked = rate_items(pieces, self._asking(model, RATINGS), model.name)
        ratings = self._run(asked).result()
        profile = version.profile.model_copy(update={"traits": ratings.traits})
        return self._twins.derive(ref, "rated", f"Rated by {model.name}", profile=profile)

    def map_method(self, ref: str, model: Model) -> TwinVersion:
        """A version whose method a model read out of the content; corrections by hand stay.

        Raises:
            CallFailed: If the model's answer could not be used.
            MindUnavailable: If the model cannot be reached.
        """
        version = self._twins.version(ref)
        asked = ask_for_method(self._pieces(ref), self._asking(model, METHODS), version.methodology)
        method = self._run(asked).result()
        return self._twins.derive(ref, "mapped", f"Mapped by {model.name}", methodology=method)

    def _pieces(self, ref: str) -> list[tuple[str, PieceText]]:
        texts = self._twins.serving(ref).texts
        return [(name, text) for name, text in texts.items() if name != METHOD]

    def _asking(
        self, model: Model, prompt: str
    ) -> Callable[[str, str, dict[str, Any]], Coroutine[Any, Any, str]]:
        roomy = model.model_copy(update={"max_tokens": max(model.max_tokens, LONGEST_ANSWER)})

        async def complete(system: str, user: str, schema: dict[str, Any]) -> str:
            said = await self._gateway.complete(
                Call(
                    model=roomy,
                    messages=(
                        {"role": "system", "content": system},
                        {"role": "user", "content": user},
                    ),
                    prompt=prompt,
                    schema=schema,
                )
            )
            if said.finish == "refusal":
                raise CallFailed(f"{model.name} would not answer.", fix="Ask another model.")
            return said.text

        return complete
