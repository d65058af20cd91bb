"""Stand-ins: a store in memory, a layer that does as it is told, calls and models."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from core.domain.models import Call, CallRecord, Completion, KeptAnswers, Model

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"action": {"enum": ["read", "reply"]}, "why": {"type": "string"}},
    "required": ["action", "why"],
    "additionalProperties": False,
}


def a_model(name: str = "openai/stub", **settings: Any) -> Model:
    settings = {"id": "stub", "name": "Stub", "model": name} | settings
    return Model(**settings)


def a_call(text: str = "hello", model: Model | None = None, **rest: Any) -> Call:
    messages = ({"role": "system", "content": "Be Pat."}, {"role": "user", "content": text})
    return Call(model=model or a_model(), messages=messages, prompt="test-1", **rest)


class ScriptedLayer:
    """Answers after some time; ``script`` holds errors and answers for the first calls."""

    def __init__(
        self,
        seconds: float = 0.0,
        script: Sequence[BaseException | Completion] = (),
        cost: Callable[[Call], float | None] = lambda _: 0.01,
        tokens: Callable[[Call], tuple[int, int]] = lambda _: (100, 50),
    ) -> None:
        self.seconds = seconds
        self.script = list(script)
        self.cost = cost
        self.tokens = tokens
        self.calls: list[tuple[float, Call]] = []
        self.in_flight = self.most_in_flight = 0

    async def complete(self, call: Call) -> Completion:
        self.calls.append((asyncio.get_running_loop().time(), call))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            if self.seconds:
                await asyncio.sleep(self.seconds)
        finally:
            self.in_flight -= 1
        if self.script:
            told = self.script.pop(0)
            if isinstance(told, BaseException):
                raise told
            return told
        prompt, said = self.tokens(call)
        text = f"re: {call.messages[-1]['content']}"
        return Completion(
            text,
            prompt_tokens=prompt,
            completion_tokens=said,
            cost_usd=self.cost(call),
            key=call.key(),
        )


class MemoryCache:
    def __init__(self) -> None:
        self.answers: dict[str, Completion] = {}
        self.asked: list[list[str]] = []
        self.puts: list[int] = []
        self.failing: Exception | None = None

    def known(self) -> set[str]:
        return set(self.answers)

    def get(self, keys: Sequence[str]) -> dict[str, Completion]:
        self.asked.append(list(keys))
        return {
            key: dataclasses.replace(self.answers[key], cached=True, cost_usd=0.0)
            for key in keys
            if key in self.answers
        }

    def put(self, answers: Sequence[Completion], model: str, prompt: str) -> None:
        if self.failing:
            raise self.failing
        self.puts.append(len(answers))
        self.answers.update({one.key: one for one in answers})

    def kept(self) -> KeptAnswers:
        return KeptAnswers(answers=len(self.answers), bytes=0)

    def clear(self) -> None:
        self.answers.clear()


class MemoryLedger:
    def __init__(self) -> None:
        self.records: list[CallRecord] = []
        self.batches: list[int] = []
        self.failing: Exception | None = None

    def append(self, records: Sequence[CallRecord]) -> None:
        if self.failing:
            raise self.failing
        self.batches.append(len(records))
        self.records.extend(records)

    def spent(self, account: str) -> float:
        return sum(one.cost_usd or 0.0 for one in self.records if one.account == account)


class MemorySecrets:
    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.tokens.get(name)

    def put(self, name: str, token: str) -> None:
        self.tokens[name] = token

    def delete(self, name: str) -> None:
        self.tokens.pop(name, None)
