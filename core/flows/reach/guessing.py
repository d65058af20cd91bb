"""People guessed from the constants of a flow's conditions, and changed where they got far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import permutations
from math import ceil, floor, isfinite
from random import Random
from typing import Any

from core.domain.flow_tests import ScriptedReply
from core.domain.flows import Question
from core.domain.words import INTENTS, SENTIMENTS
from core.flows.compiled import CompiledStep
from core.flows.logic.sources import questions_of
from core.flows.made_up import MADE_UP
from core.flows.reach.building import SAID, TAGS, spelled
from core.flows.reach.playing import Guess
from core.flows.reach.reading import Read

OWN = ("id", "opted_out", "tags")
USUAL: dict[str, tuple[Any, ...]] = {
    "age": (34, 17, 65),
    "visits": (3, 0, 12),
    "purchases": (1, 0, 6),
    "last_seen_days": (10, 0, 90),
    "language": ("en", "de"),
    "timezone": ("Europe/Berlin", "America/New_York"),
}
AFTER = ("30m", "5m", "2h", "20h", "0s", "3d", "10d", "40d")
MOMENTS = ("1990-06-01T12:00:00Z", "2025-06-01T12:00:00Z", "2030-06-01T12:00:00Z", "90h", "1s")
MOST_REPLIES = 3
MOST_FILLING = 60
MOST_PAIRED = 12
SILENT = 0.3
NO_TEXT = 0.5


@dataclass
class Guesser:
    """Makes people up, always the same ones for a flow and a seed.

    Args:
        read: What the flow reads.
        seed: The seed of chance.
    """

    read: Read
    seed: int
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self._numbers = self._around()
        self._texts = [*self.read.constants.texts, "something else", ""]
        self._groups = self._grouped()
        self._fields = sorted(
            {path[1] for path in self.read.paths if path[0] == "contact" and len(path) > 1}
            - set(OWN)
        )
        self._words = [word for tag in self.read.tags for word in (tag, f"{tag}x", f"x{tag}")]
        if any(path[:2] == TAGS for path in self.read.opaque):
            sizes = [int(one) for one in self._numbers if 0 < one <= MOST_FILLING]
            self._words += ["x" * size for size in sizes]
        self._opaque = sorted(
            {path[1] for path in self.read.opaque if path[0] == "contact" and len(path) > 1}
            - ({"id", "opted_out"} if self._words else set(OWN))
        )
        self._whole = ("contact",) in self.read.paths
        if self._whole:
            texts = self.read.constants.texts
            self._fields = sorted({*self._fields, *filter(str.isidentifier, texts)} - set(OWN))
        self._steps = [step for step in self.read.flow.steps.values() if _speaks(step)]
        self._replies = self.read.waits and self._steps
        self._intents = self._mentioned(INTENTS)
        self._sentiments = self._mentioned(SENTIMENTS)
        self._count = 0

    def _mentioned(self, words: tuple[str, ...]) -> list[str]:
        """The words, those of the conditions more often."""
        mentioned = [word for word in words if word in self.read.constants.texts]
        return [*words, *mentioned * 3]

    def _around(self) -> list[Any]:
        found: list[Any] = [0, 1]
        for number in self.read.constants.numbers:
            found += [number, number + 1, number - 1]
            found += [floor(number), floor(number) + 1] if isinstance(number, float) else []
        return list(dict.fromkeys(found))

    def _grouped(self) -> list[Any]:
        """Lists, mappings and moments for what expressions read that are not understood."""
        numbers = [one for one in self._numbers if one not in (0, 1)] or [1]
        names = sorted(self.read.inner)
        lists: list[Any] = [[], [numbers[-1]] * 3, self._texts[:4]]
        for number in numbers[:MOST_PAIRED]:
            one = dict.fromkeys(names, number)
            lists += [[number], [number] * 3, [one], [one] * 3, one]
        for text in self._texts[:MOST_PAIRED]:
            one = dict.fromkeys(names, text)
            lists += [[text], [text, f"{text}x"], [f"x{text}", text], [one], [one] * 3, one]
        lists += [list(pair) for pair in permutations(numbers[:MOST_PAIRED], 2)]
        lists += [list(pair) for pair in permutations(self._texts[:MOST_PAIRED], 2)]
        return [*lists, *MOMENTS]

    def guess(self) -> Guess:
        """Somebody new."""
        self._count += 1
        contact: dict[str, Any] = {"id": f"{MADE_UP}-{self._count:04d}"}
        contact |= {name: one for name in self._fields for one in self._some(name)}
        if self._whole and self._random.random() < 0.5:
            more = self._random.choice([one for one in self._numbers if 0 <= one <= MOST_FILLING])
            contact |= {f"field_{number}": "more" for number in range(int(more))}
        if self._words and self._random.random() < 0.6:
            contact["tags"] = self._tagged()
        replies = [reply for step in self._steps for reply in self._said(step)]
        return Guess(contact, tuple(replies) if self._replies else (), self.seed)

    def _tagged(self) -> list[str]:
        """Some of the tags that are read; or others like them, in any order, also twice."""
        if self._random.random() < 0.6:
            return [one for one in self.read.tags if self._random.random() < 0.4]
        return self._random.choices(self._words, k=self._random.randint(1, 3))

    def changed(self, guess: Guess) -> Guess:
        """The same person, but for one thing or a few."""
        other = self.guess()
        contact = dict(guess.contact)
        chance = self._random.random()
        if chance < 0.2:
            contact["id"] = other.contact["id"]
        names = [name for name in (*self._fields, "tags") if self._random.random() < 0.3]
        for name in names if chance < 0.7 else ():
            contact.pop(name, None)
            contact |= {name: other.contact[name]} if name in other.contact else {}
        replies = list(guess.replies)
        if chance > 0.3 and self._steps and self._replies:
            step = self._random.choice(self._steps)
            replies = [one for one in replies if one.to != step.id] + self._said(step)
        return replace(guess, contact=contact, replies=tuple(replies))

    def nudged(self, guess: Guess) -> Guess:
        """The same person, but for what expressions read of them that are not understood."""
        if not self._opaque:
            return self.changed(guess)
        contact = dict(guess.contact)
        for name in self._opaque:
            if name == "tags":
                contact["tags"] = self._tagged()
            else:
                contact |= dict.fromkeys([name], *self._some(name)[:1])
        return replace(guess, contact=contact)

    def _some(self, name: str) -> list[Any]:
        chance = self._random.random()
        if chance < 0.08:
            return []
        if chance < 0.1:
            return [None]
        usual = USUAL.get(name, ())
        if chance < 0.3 and usual:
            return [self._random.choice(usual)]
        if name in ("age", "visits", "purchases", "last_seen_days") and chance < 0.9:
            return [max(int(self._random.choice(self._numbers)), 0)]
        pool = [*self._texts, *self._numbers, True, False]
        if self.read.inner and chance > 0.6:
            pool = self._groups
        return [self._random.choice(self._texts if chance < 0.5 else pool)]

    def _said(self, step: CompiledStep) -> list[ScriptedReply]:
        """What somebody replies to a step's messages, one for each of the first visits."""
        return [
            self._reply(step, visit)
            for visit in range(1, MOST_REPLIES + 1)
            if self._random.random() > SILENT
        ]

    def _reply(self, step: CompiledStep, visit: int) -> ScriptedReply:
        intent = self._random.choice(self._intents)
        if intent == "opt_out" and self._random.random() < 0.5:
            intent = "other"
        text = SAID[intent]
        if self._random.random() > NO_TEXT:
            text = self._random.choice(self._texts)
        return ScriptedReply(
            to=step.id,
            visit=visit,
            text=text,
            intent=intent,
            sentiment=self._random.choice(self._sentiments),
            after=self._after(),
            answers={one.id: self._answer(one) for one in questions_of(step)},
        )

    def _after(self) -> str:
        if self._random.random() < 0.75 or not self.read.reads("reply", "hours"):
            return self._random.choice(AFTER)
        return spelled(min(abs(float(self._random.choice(self._numbers))), 8_000) * 3600)

    def _answer(self, question: Question) -> Any:
        if question.kind == "choice":
            return self._random.choice(question.choices)
        if question.kind == "text":
            return self._random.choice(self._texts)
        low, high = question.bounds
        ends = [one for one in (low, high, (low + high) / 2) if isfinite(one)]
        fits = [one for one in self._numbers if low <= one <= high]
        number = self._random.choice([*fits, *ends, *([0.5] if question.kind == "number" else ())])
        whole = question.kind == "scale" or float(number).is_integer()
        return min(max(round(number), ceil(low)), floor(high)) if whole and ends else number


def _speaks(step: CompiledStep) -> bool:
    return step.channel is not None or step.type == "twin_reply"
