"""The bottom layer: one attempt at a call, through the wire's own process."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Protocol

from core.domain.models import MILLION, Call, Completion, Model, ModelFacts
from core.minds.gateway.child import Child
from core.minds.gateway.errors import WireError, redact

FACTS_SECONDS = 30.0
NEED_NO_KEY = frozenset({"ollama", "ollama_chat", "lm_studio", "llamafile", "vllm", "hosted_vllm"})
"""Providers on one's own machine."""
OLLAMA = frozenset({"ollama", "ollama_chat"})
OWN_CREDENTIALS = frozenset({"bedrock", "vertex_ai", "sagemaker", "azure_ai", "watsonx", "oci"})
"""Providers that litellm finds its way into by credentials of the machine's own."""
NO_KEY = "no-key"
"""Sent where a server of one's own wants none, so that litellm looks for no other."""


class KeyFinder(Protocol):
    """Knows the keys of a workspace."""

    def of(self, model: Model) -> str | None:
        """A model's key, None where there is none."""
        ...

    def name(self, model: Model) -> str:
        """The name in the environment that a key of its provider has."""
        ...


def provider_of(model: str) -> str:
    """The provider in a model's name as litellm spells it: ``openai`` where none is written."""
    provider, slash, _ = model.partition("/")
    return provider if slash else "openai"


class Wire:
    """Asks a provider once; what goes wrong is a ``WireError``.

    A schema goes along natively. A server that says it cannot take one is asked without it from
    then on, until this process ends; so is one that cannot give the times in a recording.
    """

    def __init__(self, child: Child, keys: KeyFinder) -> None:
        self._child = child
        self._keys = keys
        self._without_form: set[tuple[str, str | None]] = set()

    async def complete(self, call: Call) -> Completion:
        """One attempt."""
        try:
            return self._completion(call, await self.ask("complete", call.model, self._chat(call)))
        except WireError as error:
            return self._refused(call, error)

    async def stream(self, call: Call) -> AsyncGenerator[str | Completion, None]:
        """One attempt whose words come as they are said; last comes the completion."""
        message = self._message("stream", call.model, self._chat(call))
        try:
            async with aclosing(self._child.stream(message)) as pieces:
                async for piece in pieces:
                    yield piece if isinstance(piece, str) else self._completion(call, piece)
        except WireError as error:
            yield self._refused(call, self._told(call.model, error, message["key"]))

    async def ask(self, do: str, model: Model, content: dict[str, Any]) -> dict[str, Any]:
        """One attempt at anything that the wire's process can do with a model."""
        message = self._message(do, model, content)
        try:
            return await self._child.ask(message)
        except WireError as error:
            raise self._told(model, error, message["key"]) from None

    def takes_form(self, model: Model) -> bool:
        """Whether a model has not said that it cannot answer in the form that we ask for."""
        return (model.model, model.address) not in self._without_form

    async def facts(self, model: Model) -> ModelFacts:
        """What the price list and litellm know of a model; a model's own prices win."""
        asked = {"do": "facts", "model": _wire_name(model), "timeout": FACTS_SECONDS}
        facts = ModelFacts(**await self._child.ask(asked))
        own = {"input_price": model.input_price, "output_price": model.output_price}
        return facts.model_copy(update={name: p for name, p in own.items() if p is not None})

    def _message(self, do: str, model: Model, content: dict[str, Any]) -> dict[str, Any]:
        return {
            "do": do,
            "model": _wire_name(model),
            "address": model.address,
            "key": self._key(model),
            "timeout": model.timeout_seconds,
            **content,
        }

    def _chat(self, call: Call) -> dict[str, Any]:
        return {
            "messages": [dict(one) for one in call.messages],
            "max_tokens": call.model.max_tokens,
            "temperature": call.model.temperature,
            "form": call.schema if self.takes_form(call.model) else None,
        }

    def _key(self, model: Model) -> str | None:
        key = self._keys.of(model)
        provider = provider_of(model.model)
        if key is not None or provider in OWN_CREDENTIALS:
            return key
        if provider in NEED_NO_KEY:
            return None
        if model.address is None:
            raise WireError("no_key", self._keys.name(model))
        return NO_KEY

    def _completion(self, call: Call, answer: dict[str, Any]) -> Completion:
        return Completion(
            text=answer["text"],
            finish=answer["finish"],
            prompt_tokens=answer["prompt_tokens"],
            completion_tokens=answer["completion_tokens"],
            cost_usd=_cost(call.model, answer) if answer["counted"] else None,
            key=call.key(),
        )

    def _refused(self, call: Call, error: WireError) -> Completion:
        if error.kind != "refused":
            raise error
        return Completion(text="", finish="refusal", cost_usd=None, key=call.key())

    def _told(self, model: Model, error: WireError, key: str | None) -> WireError:
        if error.kind == "no_schema":
            self._without_form.add((model.model, model.address))
        told = WireError(error.kind, redact(error.message, [key]), error.retry_after)
        return told.with_traceback(None)


def _wire_name(model: Model) -> str:
    """Ollama is asked as a chat: it then knows the model's own template. Its vectors are not."""
    name = model.model
    provider, _, rest = name.partition("/")
    if provider in OLLAMA and rest:
        return f"ollama_chat/{rest}" if model.purpose == "chat" else f"ollama/{rest}"
    return name if "/" in name else f"{provider_of(name)}/{name}"


def _cost(model: Model, answer: dict[str, Any]) -> float | None:
    listed = answer["cost"] or [None, None]
    prompt = _part(model.input_price, answer["prompt_tokens"], listed[0])
    said = _part(model.output_price, answer["completion_tokens"], listed[1])
    return None if prompt is None or said is None else prompt + said


def _part(price: float | None, tokens: int, listed: float | None) -> float | None:
    return listed if price is None else price * tokens / MILLION
