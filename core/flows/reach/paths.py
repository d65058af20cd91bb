"""Paths through a flow: what somebody on one carries, and every way on from there.

A path never leaves out anything that the machine can do; it may allow more (a reply from a message
of which it is no longer known when it was sent). What it asks of the person's inputs stands in its
wants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from core.domain.flows import CoachingConfig, Question, SplitConfig, TagConfig
from core.domain.words import INTENTS, SENTIMENTS
from core.flows.clock import DAY
from core.flows.compiled import CompiledStep, Way
from core.flows.conditions import RESERVED
from core.flows.contact import MAX_SECONDS
from core.flows.logic.operations import kinds_of
from core.flows.logic.reasoning import evaluate
from core.flows.logic.sources import answer_to
from core.flows.logic.spans import NATURAL
from core.flows.logic.syntax import Literal, Node, parse, reads_of
from core.flows.logic.syntax import Path as Name
from core.flows.logic.values import NULL, TEXT, Fields, Value, one_of
from core.flows.machine import ANSWER_SECONDS, MAX_VISITS
from core.flows.reach.reading import Read
from core.flows.reach.store import Known, Store, anything, first_store, kept, known

INF = float("inf")
WEEK = 8 * DAY
HOUR = 3600.0
ROUNDED = 0.001
MOST_HOURS = 10_000
FEW = 5
MANY = 2
MOST_PENDING = 8
ADDRESS = {"email": "email", "sms": "phone", "whatsapp": "phone"}
Want = tuple[Node, bool]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that may still be answered.

    Attributes:
        channel: Its channel, where that matters.
        asks: The step whose questions it asks.
        low: How long ago it was sent at least, in seconds.
        high: How long ago at most.
        after: How long after it a reply comes at least.
    """

    channel: str = ""
    asks: str = ""
    low: float = 0.0
    high: float = 0.0
    after: float = 0.0

    def later(self, least: float, most: float, cap: float) -> Sent:
        """The same when time has passed; more than ``cap`` is not told apart."""
        high = self.high + most
        return replace(self, low=min(self.low + least, cap), high=INF if high > cap else high)


@dataclass(frozen=True, slots=True)
class Done:
    """What happened at a step of a path.

    Attributes:
        step: Where.
        way: The way out.
        what: ``sent``, ``unsent``, ``reply``, ``timeout``, ``delay``, ``arm`` or ``on``.
        more: The reply's name, the number of the arm, the address that is missing.
        answered: The questions that were answered, each with its input.
        quits: Whether the person has opted out meanwhile.
        stops: Whether the reply is one that opts out.
        before: What happened before.
    """

    step: str
    way: str
    what: str
    more: str = ""
    asks: str = ""
    answered: tuple[tuple[str, str], ...] = ()
    quits: bool = False
    stops: bool = False
    before: Done | None = None

    @property
    def quit_before(self) -> bool:
        """Whether somewhere on the way the person has opted out without a reply to a wait."""
        return any(one.quits for one in self.all())

    def all(self) -> list[Done]:
        """Everything, in order."""
        found: list[Done] = []
        at: Done | None = self
        while at is not None:
            found.append(at)
            at = at.before
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Path:
    """Somebody on the way through a flow.

    Attributes:
        step: Where the person is.
        store: What is carried.
        wants: What is asked of the inputs.
        pending: Messages that may be answered, the newest last.
        many: Messages of which there are so many that they are not counted.
        days: How many days have passed at least; what is less than a few is not counted.
        visits: How many steps were visited.
        spoken: Whether anything was ever sent.
        odd: How often something rare has happened.
        inputs: How many inputs there were.
        done: What has happened.
    """

    step: str
    store: Store
    wants: tuple[Want, ...] = ()
    pending: tuple[Sent, ...] = ()
    many: frozenset[Sent] = frozenset()
    days: int = 0
    visits: int = 0
    spoken: bool = False
    odd: int = 0
    inputs: int = 0
    done: Done | None = None


Next = tuple[Way, Path, tuple[Want, ...]]
"""A way, who has taken it, and what was newly asked for."""


class Walker:
    """Takes people one step on.

    Args:
        read: What the flow reads.

    Attributes:
        origins: Of what was looked at, the step and the condition as it is written there.
    """

    def __init__(self, read: Read) -> None:
        self.read = read
        self.flow = read.flow
        self._hours = read.reads("reply", "hours")
        numbers = [abs(one) for one in read.hours if abs(one) < MOST_HOURS]
        self._cap = (max(numbers, default=0) + 1) * HOUR
        self._channels = read.reads("reply", "channel")
        self.origins: dict[Node, tuple[str, str]] = {}
        self._quits = read.minds_opting_out
        self._quiet = DAY if self.flow.quiet_hours is not None else 0.0

    def first(self) -> Path:
        """Somebody at the start."""
        return Path(self.flow.start, first_store(self.flow))

    def after(self, path: Path) -> Iterator[Next]:
        """Every way on that is not refused by what each name alone can be."""
        step = self.flow.steps[path.step]
        path = replace(path, visits=path.visits + 1)
        if path.visits >= MAX_VISITS:
            return
        for way, after, new in self._moves(step, path):
            if after.days * DAY < MAX_SECONDS:
                yield way, after, new

    def _moves(self, step: CompiledStep, path: Path) -> Iterator[Next]:
        if step.type == "condition":
            yield from self._branches(step, path)
        elif step.type == "wait_for_reply":
            yield from self._waited(step, path)
        elif step.type in ("check_in", "assessment") and self._asked(step):
            yield from self._coached(step, path)
        elif step.type == "split":
            for number, _ in enumerate(cast(SplitConfig, step.config).arms):
                yield self._on(step, path, number, "arm", more=str(number))
        elif step.ways:
            yield from self._plain(step, path)

    def _plain(self, step: CompiledStep, path: Path) -> Iterator[Next]:
        if step.type == "set":
            yield self._on(step, self._set(step, path), 0, "on")
        elif step.type == "webhook":
            given = {} if step.sample is None else step.sample.values
            values = {name: known(value) for name, value in given.items()}
            store = path.store.setting(values)
            yield self._on(step, replace(path, store=store), 0, "on")
        elif step.type == "tag":
            yield self._on(step, self._tagged(step, path), 0, "on")
        elif step.type == "delay":
            for before in self._maybe_quit(path):
                yield self._on(step, self._delayed(step, before), 0, "delay", path)
        elif step.channel is not None or step.type == "twin_reply":
            for before in self._maybe_quit(path) if self._quiet else (path,):
                yield self._on(step, self._sent(step, before), 0, "sent", path)
        else:
            yield self._on(step, path, 0, "on")

    def _on(
        self,
        step: CompiledStep,
        path: Path,
        number: int,
        what: str,
        before: Path | None = None,
        new: tuple[Want, ...] = (),
        **more: Any,
    ) -> Next:
        way = step.ways[number]
        quits = before is not None and path.store.opted_out and not before.store.opted_out
        done = Done(step.id, way.name, what, quits=quits, before=path.done, **more)
        after = replace(
            path,
            step=way.to or "",
            wants=(*path.wants, *new),
            odd=path.odd + (quits or what == "unsent"),
            done=done,
        )
        return way, after, new

    # Conditions and values

    def _branches(self, step: CompiledStep, path: Path) -> Iterator[Next]:
        not_before: tuple[Want, ...] = ()
        for number, condition in enumerate(step.conditions):
            node, may, may_not = self._looked_at(condition, path.store)
            if node is not None:
                self.origins[node] = (step.id, condition.source)
            if may:
                new = not_before if node is None else (*not_before, (node, True))
                yield self._on(step, path, number, "on", new=new)
            if not may_not:
                return
            if may and node is not None:
                not_before = (*not_before, (node, False))
        yield self._on(step, path, len(step.ways) - 1, "on", new=not_before)

    def _looked_at(self, condition: Any, store: Store) -> tuple[Node | None, bool, bool]:
        """A condition over the inputs, and whether it may hold, or not; None where that is sure."""
        node = parse(condition.source)
        context = store.context(reads_of(node))
        if context is not None:
            holds = condition.evaluate(context)[0]
            return None, holds, not holds
        node = store.over_inputs(node)
        value = evaluate(node, store.state)
        may = True in value.bools
        may_not = value.absent or False in value.bools or bool(kinds_of(value) - {"bool"})
        return node, may, may_not or not may

    def _set(self, step: CompiledStep, path: Path) -> Path:
        values: dict[str, Known] = {}
        for name, expression in step.values.items():
            if name in RESERVED:
                continue
            if not isinstance(expression.source, str):
                values[name] = Literal(expression.source)
                continue
            node = parse(expression.source)
            context = path.store.context(reads_of(node))
            if context is not None:
                values[name] = known(expression.evaluate(context)[0])
                continue
            made = kept(path.store.over_inputs(node), path.store.state)
            if made is None:
                path, made = self._unknown(path)
            values[name] = made
        return replace(path, store=path.store.setting(values))

    def _unknown(self, path: Path) -> tuple[Path, Node]:
        name, value = anything(path.inputs + 1)
        store = path.store.fresh(name, value)
        return replace(path, store=store, inputs=path.inputs + 1), _input(name)

    def _tagged(self, step: CompiledStep, path: Path) -> Path:
        config = cast(TagConfig, step.config)
        add, remove = (
            [one] if isinstance(one, str) else one for one in (config.add, config.remove)
        )
        tags = {**path.store.tags, **dict.fromkeys(remove, False), **dict.fromkeys(add, True)}
        return replace(path, store=replace(path.store, tags=tags))

    # Messages and time

    def _sent(self, step: CompiledStep, path: Path) -> Path:
        path = self._passed(path, 0.0, self._quiet)
        if path.store.opted_out:
            return path
        return self._pending(path, self._message(step))

    def _message(self, step: CompiledStep, asks: str = "") -> Sent:
        channel = (step.channel or "") if self._channels else ""
        return Sent(channel, asks)

    def _pending(self, path: Path, sent: Sent) -> Path:
        path = replace(path, spoken=True)
        if path.pending.count(sent) >= MANY:
            some = replace(sent, high=INF) if self._hours else sent
            return replace(path, many=path.many | {some})
        pending = (*path.pending, sent)
        if len(pending) > MOST_PENDING:
            oldest = replace(pending[0], low=0.0, high=INF, after=0.0)
            return replace(path, pending=pending[1:], many=path.many | {oldest})
        return replace(path, pending=pending)

    def _passed(self, path: Path, least: float, most: float) -> Path:
        """The same when time has passed."""
        pending = path.pending
        if self._hours and most:
            pending = tuple(one.later(least, most, self._cap) for one in pending)
        days = path.days + int(least // (FEW * DAY)) * FEW
        return replace(path, days=days, pending=pending)

    def _delayed(self, step: CompiledStep, path: Path) -> Path:
        if step.seconds is None:
            return self._passed(path, 0.0, WEEK)
        return self._passed(path, step.seconds, step.seconds)

    def _maybe_quit(self, path: Path) -> Iterator[Path]:
        """The same; and, where it matters, somebody who has opted out meanwhile."""
        yield path
        if self._quits and path.spoken and not path.store.opted_out:
            yield replace(path, store=replace(path.store, opted_out=True))

    # Replies

    def _waited(self, step: CompiledStep, path: Path) -> Iterator[Next]:
        seconds = step.seconds or 0.0
        for sent in dict.fromkeys((*reversed(path.pending), *sorted(path.many, key=repr))):
            for quits in (False, True):
                heard = self._heard(path, sent, seconds, quits)
                yield self._on(step, heard[0], 0, "reply", **heard[1])
        for before in self._maybe_quit(path):
            yield self._on(step, self._in_vain(before, seconds, None), 1, "timeout", path)

    def _heard(
        self, path: Path, sent: Sent, seconds: float, quits: bool
    ) -> tuple[Path, dict[str, Any]]:
        """Somebody who has replied to a message, and what is to be noted of it."""
        number = path.inputs + 1
        name = f"reply#{number}"
        store = path.store.fresh(name, self._reply(sent, seconds, quits))
        answers = dict(store.answers)
        answered = []
        if sent.asks:
            for question in _questions(self.flow.steps[sent.asks]):
                number += 1
                own = f"answer#{number}:{question.id}"
                store = store.fresh(own, answer_to(question).join(NULL))
                answers[question.id] = _input(own)
                answered.append((question.id, own))
        opted_out = store.opted_out or quits
        store = replace(store, reply=name, answers=answers, opted_out=opted_out)
        path = self._claimed(replace(path, store=store, inputs=number), sent)
        path = self._passed(path, 0.0, seconds)
        if quits:
            path = replace(path, pending=(), many=frozenset())
        more = {"more": name, "asks": sent.asks, "answered": tuple(answered), "stops": quits}
        return path, more

    def _claimed(self, path: Path, sent: Sent) -> Path:
        if sent in path.many:
            return path
        pending = list(path.pending)
        pending.reverse()
        pending.remove(sent)
        return replace(path, pending=tuple(reversed(pending)))

    def _reply(self, sent: Sent, seconds: float, quits: bool) -> Value:
        hours = Value(doubles=NATURAL)
        if self._hours:
            low = max(sent.after / HOUR - ROUNDED, 0.0)
            high = (sent.high + seconds) / HOUR + ROUNDED
            hours = Value(doubles=((low, high, False, high == INF),))
        others = [one for one in INTENTS if one != "opt_out"]
        channels = [sent.channel] if sent.channel else self._every_channel()
        return Value(
            fields=Fields(
                {
                    "text": TEXT,
                    "intent": one_of(["opt_out"] if quits else others),
                    "sentiment": one_of(SENTIMENTS),
                    "channel": one_of(channels),
                    "hours": hours,
                }
            )
        )

    def _every_channel(self) -> list[str]:
        found = {step.channel for step in self.flow.steps.values() if step.channel}
        return sorted({*found, "web"})

    def _in_vain(self, path: Path, seconds: float, own: Sent | None) -> Path:
        """Somebody who has waited in vain."""
        path = self._passed(path, seconds, seconds)
        if self._hours:
            pending = (
                replace(one, after=one.low) if own is None or one.asks == own.asks else one
                for one in path.pending
            )
            path = replace(path, pending=tuple(pending))
        return replace(path, store=replace(path.store, reply=None))

    # Questions

    def _asked(self, step: CompiledStep) -> bool:
        return bool(cast(CoachingConfig, step.config).questions)

    def _coached(self, step: CompiledStep, path: Path) -> Iterator[Next]:
        """A check-in or an assessment: answered, not answered, or never sent."""
        nothing = {one.id: Literal(None) for one in _questions(step)}
        answers = {**path.store.answers, **nothing}
        asked = replace(path, store=replace(path.store, answers=answers))
        seconds = step.seconds or ANSWER_SECONDS
        for before in self._maybe_quit(asked) if self._quiet else (asked,):
            if before.store.opted_out:
                yield self._on(step, before, 0, "unsent", path)
                continue
            sent = self._message(step, step.id)
            held = self._pending(self._passed(before, 0.0, self._quiet), sent)
            for quits in (False, True):
                heard, more = self._heard(held, sent, seconds, quits)
                yield self._on(step, heard, 0, "reply", **more)
            for after in self._maybe_quit(held):
                yield self._on(step, self._in_vain(after, seconds, sent), 0, "timeout", path)
            if step.channel in ADDRESS or step.channel is None or _may_fail(step):
                address = ADDRESS.get(step.channel or "email", "")
                yield self._on(step, before, 0, "unsent", more=address)


def _questions(step: CompiledStep) -> list[Question]:
    return cast(CoachingConfig, step.config).questions


def _may_fail(step: CompiledStep) -> bool:
    """Whether one of its texts might not be rendered."""
    return any("|" in one.source or "{%" in one.source for one in step.templates.values())


def _input(name: str) -> Node:
    return Name((name,))
