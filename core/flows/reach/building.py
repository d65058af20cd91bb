"""From a path, and values for its inputs, to somebody who takes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from core.domain.chance import Chance
from core.domain.durations import parse_duration
from core.domain.flow_tests import ScriptedReply
from core.domain.flows import DelayConfig, SplitConfig
from core.domain.words import Intent, Sentiment
from core.flows.clock import end_of_quiet, start_of_simulation, zone
from core.flows.clock import until as moment_of
from core.flows.compiled import CompiledFlow, CompiledStep
from core.flows.logic.syntax import Reading
from core.flows.machine import ANSWER_SECONDS
from core.flows.made_up import MADE_UP
from core.flows.reach.paths import HOUR, Done, Path
from core.flows.reach.playing import Guess

TAGS = ("contact", "tags")
MOST_IDS = 60_000
JUST_AFTER = 1.0
"""Seconds by which a reply misses a time-out: too few to be seen in ``reply.hours``."""
SAID: dict[str, str] = {
    "interested": "Yes, I would like that.",
    "question": "How does it work?",
    "price_question": "What does it cost?",
    "objection": "I doubt that it works for me.",
    "not_now": "Not now, maybe later.",
    "not_interested": "No, thank you.",
    "opt_out": "STOP",
    "thanks": "Thank you.",
    "other": "Hello there.",
}
"""What somebody writes who means this, where it does not matter."""


@dataclass(slots=True)
class _Message:
    step: str
    visit: int
    sent: float
    asks: bool
    missed: float = 0.0
    used: bool = False


@dataclass(slots=True)
class Building:
    """Follows a path on the clock, and writes down the replies that it needs.

    Args:
        flow: The flow.
        values: A value for each input that something was asked of.
        missing: What must not be there.
        tags: The tags that the contact has.
    """

    flow: CompiledFlow
    values: dict[Reading, Any]
    missing: set[Reading]
    tags: list[str]
    _clock: float = 0.0
    _visits: dict[str, int] = field(default_factory=dict)
    _messages: list[_Message] = field(default_factory=list)
    _replies: list[ScriptedReply] = field(default_factory=list)
    _arms: list[tuple[CompiledStep, int, int]] = field(default_factory=list)
    _without: set[str] = field(default_factory=set)
    _named: dict[str, ScriptedReply] = field(default_factory=dict)

    def guess(self, path: Path, seed: int) -> Guess | None:
        """Somebody for a path; None where nobody of the right chance is found."""
        contact = self._contact()
        self._follow_all(path, contact)
        contact |= dict.fromkeys(self._without, "")
        return self._lucky(Guess(contact, tuple(self._replies), seed))

    def turned(self, guess: Guess, path: Path) -> Guess:
        """Somebody with these values, and else as they were."""
        contact = {**guess.contact, **self._contact()}
        if TAGS in self.values:
            contact["tags"] = list(self.tags)
        for names in self.missing:
            if len(names) == 2 and contact.get(names[1]) is not None:
                contact.pop(names[1])
        self._follow_all(path, contact)
        replies = {(one.to, one.visit): one for one in guess.replies}
        valued = {names[0] for names in self.values}
        for done in path.done.all() if path.done else ():
            own = {done.more, *(name for _, name in done.answered)}
            reply = self._named.get(done.more)
            if reply is not None and (own & valued or done is path.done):
                place = (reply.to, reply.visit)
                replies[place] = self._merged(replies.get(place), reply, done)
        return Guess(contact, tuple(replies.values()), guess.seed)

    def _merged(
        self, before: ScriptedReply | None, reply: ScriptedReply, done: Done
    ) -> ScriptedReply:
        """What somebody replied before, with what there are values for."""
        if before is None:
            return reply
        told = {
            name: getattr(reply, name)
            for name in ("text", "intent", "sentiment")
            if (done.more, name) in self.values
        }
        late = parse_duration(before.after) > (self.flow.steps[done.step].seconds or 0.0)
        if late or (done.more, "hours") in self.values:
            told["after"] = reply.after
        told["answers"] = {**before.answers, **reply.answers}
        return before.model_copy(update=told)

    def _follow_all(self, path: Path, contact: dict[str, Any]) -> None:
        timezone = zone(str(contact.get("timezone"))) or self.flow.timezone
        self._clock = start_of_simulation(self.flow.timezone)
        for done in path.done.all() if path.done else ():
            self._visits[done.step] = self._visits.get(done.step, 0) + 1
            self._follow(done, self.flow.steps[done.step], timezone)

    def _contact(self) -> dict[str, Any]:
        contact: dict[str, Any] = {}
        for names, value in sorted(self.values.items(), key=lambda one: len(one[0])):
            if names[0] != "contact" or names == TAGS:
                continue
            at = contact
            for name in names[1:-1]:
                at = at.setdefault(name, {})
                if not isinstance(at, dict):
                    break
            else:
                if not isinstance(at.get(names[-1]), dict):
                    at[names[-1]] = value
        for names in self.missing:
            if names[0] == "contact" and len(names) == 2 and names[1] in ("email", "phone"):
                contact[names[1]] = None
        if self.tags:
            contact["tags"] = list(self.tags)
        return contact

    def _follow(self, done: Done, step: CompiledStep, timezone: Any) -> None:
        if done.quits:
            self._quit()
        if done.what == "arm":
            self._arms.append((step, self._visits[step.id], int(done.more)))
        elif done.what == "unsent":
            self._without |= {done.more} if done.more else set()
        elif done.what == "sent":
            self._send(step, timezone, asks=False)
        elif done.what == "delay":
            self._delay(step, timezone)
        elif done.what in ("reply", "timeout"):
            if step.type != "wait_for_reply":
                self._send(step, timezone, asks=True)
            seconds = step.seconds or (0.0 if step.type == "wait_for_reply" else ANSWER_SECONDS)
            if done.what == "timeout":
                self._clock += seconds
                self._miss(step)
            else:
                self._reply(done, step, seconds)

    def _delay(self, step: CompiledStep, timezone: Any) -> None:
        target = cast(DelayConfig, step.config).until
        if target is not None:
            self._clock = moment_of(self._clock, target, timezone)
        else:
            self._clock += step.seconds or 0.0

    def _send(self, step: CompiledStep, timezone: Any, *, asks: bool) -> None:
        if self.flow.quiet_hours is not None:
            self._clock = end_of_quiet(self._clock, self.flow.quiet_hours, timezone)
        message = _Message(step.id, self._visits[step.id], self._clock, asks)
        self._messages.append(message)

    def _miss(self, step: CompiledStep) -> None:
        """Note that no reply came before the present moment to what a step waited for."""
        for message in self._messages:
            if step.type == "wait_for_reply" or message.step == step.id:
                message.missed = self._clock

    def _open(self, asks: str = "", *, own: bool = False) -> _Message | None:
        """The newest message that nobody has answered yet."""
        for message in reversed(self._messages):
            fits = message.step == asks if asks else not message.asks
            if not message.used and (fits or own):
                message.used = True
                return message
        return None

    def _quit(self) -> None:
        message = self._open(own=True)
        if message is not None:
            after = max((self._clock - message.sent), 0.0) + 60.0
            self._write(message, after, "opt_out", "negative", SAID["opt_out"], {})

    def _reply(self, done: Done, step: CompiledStep, seconds: float) -> None:
        message = self._open(done.asks)
        if message is None:
            return
        name = done.more
        intent = self.values.get((name, "intent"), "opt_out" if done.stops else "other")
        text = self.values.get((name, "text"), SAID.get(intent, "Hello there."))
        sentiment = self.values.get((name, "sentiment"), "neutral")
        answers = {
            question: self.values[own,]
            for question, own in done.answered
            if self.values.get((own,)) is not None
        }
        hours = self.values.get((name, "hours"))
        waited = self._clock - message.sent
        after = waited + min(seconds / 2, HOUR) if hours is None else hours * HOUR
        if message.missed:
            after = max(after, message.missed - message.sent + JUST_AFTER)
        self._clock = max(self._clock, message.sent + after)
        self._write(message, after, intent, sentiment, text, answers)
        self._named[name] = self._replies[-1]

    def _write(
        self,
        message: _Message,
        after: float,
        intent: Intent,
        sentiment: Sentiment,
        text: str,
        answers: dict[str, Any],
    ) -> None:
        self._replies.append(
            ScriptedReply(
                to=message.step,
                visit=message.visit,
                text=text,
                intent=intent,
                sentiment=sentiment,
                after=spelled(after),
                answers=answers,
            )
        )

    def _lucky(self, guess: Guess) -> Guess | None:
        """The same with an id, or a seed, whose chance takes the arms of the path."""
        if not self._arms:
            return guess
        own = "id" in guess.contact
        for number in range(1, MOST_IDS):
            id = str(guess.contact["id"]) if own else f"{MADE_UP}-{number:04d}"
            seed = guess.seed + number - 1 if own else guess.seed
            chance = Chance(seed, id)
            if all(_arm(chance, step, visit) == arm for step, visit, arm in self._arms):
                return Guess({**guess.contact, "id": id}, guess.replies, seed)
        return None


def _arm(chance: Chance, step: CompiledStep, visit: int) -> int:
    weights = [arm.weight for arm in cast(SplitConfig, step.config).arms]
    return chance.at(step.id, visit).weighted("arm", weights)


def spelled(seconds: float) -> str:
    """A duration as flows write it."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{max(seconds, 0):.3f}".rstrip("0").rstrip(".") + "s"
