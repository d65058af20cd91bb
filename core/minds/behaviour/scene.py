"""One contact with one message: what is known so far while the reaction is worked out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from core.domain.reactions import Message, Situation
from core.minds.behaviour.features import Features, MessageReader
from core.minds.behaviour.numbers import HOUR, ChannelNumbers, Numbers
from core.minds.behaviour.profile import DELAY, Copies, Profile, z_score

DAY = 24 * HOUR
_MOST = 6


def sigmoid(log_odds: float) -> float:
    """The probability with these log-odds."""
    if log_odds < -40.0:
        return 0.0
    return 1.0 / (1.0 + math.exp(-log_odds))


def new_memory() -> dict[str, Any]:
    """What a contact remembers before the first message; plain values only."""
    return {
        "received": 0,
        "unanswered": 0,
        "recent": [],
        "interest": 0.0,
        "price": "",
        "asked": "",
        "asked_price": 0,
        "questions": 0,
        "answered": 0,
        "specifications": 0,
        "doubts": 0,
        "failed": 0,
        "settled": False,
        "opted_out": False,
        "said": {},
    }


class Scene:
    """Everything that weighs in, and what has come out so far. Times are seconds after sending."""

    __slots__ = (
        "chance",
        "channel",
        "clicked",
        "contact_id",
        "features",
        "first_name",
        "levers",
        "memory",
        "message",
        "night",
        "profile",
        "read",
        "recent",
        "sent",
        "shift",
        "unanswered",
        "weekend",
        "why",
    )

    def __init__(
        self,
        situation: Situation,
        profile: Profile,
        numbers: Numbers,
        copies: Copies,
        reader: MessageReader,
    ) -> None:
        message, person = situation.message, situation.person
        name = person.attributes.get("first_name")
        self.message: Message = message
        self.profile = profile
        self.chance = situation.chance
        self.contact_id = person.id
        self.first_name = name if isinstance(name, str) else ""
        self.features: Features = reader.read(message, self.first_name, person.id)
        self.channel: ChannelNumbers = numbers.channels[message.channel]
        self.memory = _recall(situation.memory, profile, copies, person.traits, numbers)
        self.levers: list[float] = self.memory["levers"]
        self.shift: float = self.memory["shift"]
        sent = message.sent_at + message.utc_offset
        self.sent = sent if math.isfinite(sent) else 12 * HOUR
        self.night = not self._is_awake(self.sent, numbers)
        self.weekend = int(self.sent // DAY + 3) % 7 >= 5
        self.recent = self._remember_time()
        self.unanswered: int = min(_MOST, self.memory["unanswered"])
        self.why: dict[str, float] = {}
        self.read = 0.0
        self.clicked: float | None = None

    def _remember_time(self) -> int:
        """How many other messages came within the last 24 hours; adds this one."""
        times: list[float] = self.memory["recent"]
        recent = sum(0 <= self.sent - time < DAY for time in times)
        self.memory["recent"] = [*times[1 - _MOST :], self.sent]
        self.memory["received"] += 1
        return recent

    def _is_awake(self, local: float, numbers: Numbers) -> bool:
        hour = (local / HOUR - self.shift) % 24
        return numbers.waking_from <= hour < numbers.waking_to

    def when_awake(self, after: float, purpose: str, numbers: Numbers) -> float:
        """The same time, or some time after the person has got up, where it falls in the night."""
        hour = ((self.sent + after) / HOUR - self.shift) % 24
        if numbers.waking_from <= hour < numbers.waking_to:
            return after
        until = (numbers.waking_from - hour) % 24
        late = self.chance.uniform(purpose) ** 2 * numbers.waking_catch_up
        return after + (until + late) * HOUR

    def delay(self, purpose: str, median: float, spread: float, share: float) -> float:
        """Seconds: log-normal, slowed down by a share of the person's slowness."""
        return self.chance.lognormal(purpose, median, spread) * math.exp(share * self.levers[DELAY])


def _recall(
    memory: dict[str, Any],
    profile: Profile,
    copies: Copies,
    traits: Mapping[str, float],
    numbers: Numbers,
) -> dict[str, Any]:
    """The contact's memory, made at the first message."""
    if "levers" not in memory:
        memory.update(new_memory())
        memory["interest"] = numbers.interest_start
        memory["levers"] = copies.levers(profile, traits)
        memory["shift"] = z_score(traits.get("chronotype", 0.0)) * numbers.waking_spread
    return memory
