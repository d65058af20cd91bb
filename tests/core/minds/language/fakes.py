"""Layers without a network: one that is told what to say, one that answers as people might."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from core.domain.chance import Chance
from core.domain.models import Call, Completion, Model
from core.domain.words import INTENTS, SENTIMENTS

MODEL = Model(name="A model", model="openai/told", id="m-1")


def answer(action: str = "reply", **more: Any) -> dict[str, Any]:
    """An answer as a model gives it."""
    given = {
        "action": action,
        "delay_hours": 2.0,
        "text": "Which day?" if action == "reply" else None,
        "intent": "question" if action == "reply" else None,
        "sentiment": "neutral" if action == "reply" else None,
        "why": "It fits.",
    }
    return {**given, **more}


class Told:
    """Says these things in turn, the last again and again; errors are raised.

    What is neither text nor an error nor a completion is sent as JSON.
    """

    def __init__(self, *says: Any) -> None:
        self.says = list(says)
        self.calls: list[Call] = []

    async def complete(self, call: Call) -> Completion:
        self.calls.append(call)
        said = self.says[min(len(self.calls), len(self.says)) - 1]
        if isinstance(said, Exception):
            raise said
        if isinstance(said, Completion):
            return replace(said, key=call.key())
        text = said if isinstance(said, str) else json.dumps(said)
        return Completion(text, key=call.key())


class People:
    """Answers by the call's address, so that equal questions have equal answers.

    Args:
        count: Counts the tokens of a text, for the usage of each answer.
    """

    def __init__(self, count: Callable[[str], int] = lambda text: len(text) // 4) -> None:
        self.count = count
        self.calls: list[tuple[Call, Completion]] = []

    async def complete(self, call: Call) -> Completion:
        key = call.key()
        chance = Chance(0, key)
        form = "answers" in (call.schema or {}).get("properties", {})
        did = ("ignore", "read", "click", "reply", "unsubscribe")
        action = did[chance.weighted("action", (30, 25, 15, 25, 2))]
        said = answer(action, delay_hours=chance.lognormal("delay", 3.0, 1.0) % 200)
        said["why"] = "It fits their day. " * (1 + int(chance.uniform("why") * 3))
        if action == "reply":
            said["text"] = "I would like to know more. " * (1 + int(chance.uniform("words") * 4))
            said["intent"] = chance.pick("intent", INTENTS)
            said["sentiment"] = chance.pick("sentiment", SENTIMENTS)
        if form:
            said["answers"] = [{"id": "mood", "value": 4}] if action == "reply" else None
        text = json.dumps(said)
        done = Completion(
            text,
            prompt_tokens=sum(self.count(one["content"]) for one in call.messages),
            completion_tokens=self.count(text),
            key=key,
        )
        self.calls.append((call, done))
        return done
