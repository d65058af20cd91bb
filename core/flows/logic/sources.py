"""What each step leaves behind: what the names can be after it, as the machine plays it.

A reply is there after ``on_reply`` and gone after a time-out; a late one may still bring answers
to an earlier check-in. An answer is a value of its question's kind, or null. A webhook's sample
tells the kinds of what it brings, not the values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

from core.domain.flows import CoachingConfig, Question, SetConfig, TagConfig
from core.domain.words import CHANNELS, INTENTS, SENTIMENTS
from core.flows.compiled import CompiledStep, Way
from core.flows.conditions import RESERVED, Expression
from core.flows.contact import LINKS
from core.flows.logic.reasoning import HOLDS, NOT_HOLDS, evaluate, keep, narrow, narrowed
from core.flows.logic.spans import NATURAL, between
from core.flows.logic.syntax import Has, Node, Reading, parse, reads_of, walk
from core.flows.logic.values import (
    ABSENT,
    ANYTHING,
    BOOL,
    COUNT,
    LIST,
    NULL,
    TEXT,
    UNKNOWN,
    Fields,
    Lists,
    Value,
    constant,
    like,
    numbers,
    one_of,
)

NEVER, GONE, THERE = "never", "gone", "there"
"""Of a reply: no step has waited for one, the wait was in vain, there is one."""
CONTACT = {
    **dict.fromkeys(
        ("id", "name", "first_name", "email", "phone", "timezone", "language", "persona"), TEXT
    ),
    **dict.fromkeys(("age", "visits", "purchases", "last_seen_days"), COUNT),
    "tags": LIST,
    "opted_out": BOOL,
}
"""What every contact has; a population may carry more."""
PASSING = frozenset({"delay", "wait_for_reply", "lesson", "check_in", "assessment", "twin_reply"})
"""Steps at which time may pass, beside those that send."""
WAITING = ("check_in", "assessment")
OPTED_OUT = ("contact", "opted_out")
TAGS = ("contact", "tags")
MOST_FACTS = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """What holds between several names.

    Attributes:
        source: An expression.
        name: The variable that has its value; None where it is a condition that was looked at.
        truth: Whether that condition held.
    """

    source: str
    name: str | None = None
    truth: bool = True

    @property
    def node(self) -> Node:
        """The expression's tree."""
        return parse(self.source)

    @property
    def reads(self) -> frozenset[Reading]:
        """Every name that it is about."""
        return _reads_of_fact(self.source, self.name)


@lru_cache(maxsize=4096)
def _reads_of_fact(source: str, name: str | None) -> frozenset[Reading]:
    return reads_of(parse(source)) | (frozenset(((name,),)) if name else frozenset())


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known at one moment.

    Attributes:
        names: What each name can be.
        waited: What may have become of a reply.
        facts: What holds between names.
    """

    names: Fields
    waited: frozenset[str] = frozenset((NEVER,))
    facts: frozenset[Fact] = frozenset()

    def join(self, other: Scene, *, widen: bool = False) -> Scene:
        """What either can be."""
        names = self.names.widen(other.names) if widen else self.names.join(other.names)
        if names is self.names and other.waited <= self.waited and self.facts <= other.facts:
            return self
        return Scene(names, self.waited | other.waited, self.facts & other.facts)

    def setting(self, values: Mapping[str, Value]) -> Scene:
        """The same with other values for some names."""
        return Scene(self.names.having(values), self.waited, self.without(values))

    def lacks(self, path: Reading) -> bool:
        """Whether it is known that nothing may have set a name; a step may be unreadable."""
        return not self.names.open and self.names.read(path).absent

    def may_lack(self, source: str) -> bool:
        """Whether an expression reads something that may not have been set."""
        parts = map(own_part, reads_of(parse(source)))
        return any(part is not None and self.lacks(part) for part in parts)

    def without(self, roots: Iterable[str]) -> frozenset[Fact]:
        """The facts that are not about these names."""
        gone = set(roots)
        return frozenset(
            fact for fact in self.facts if gone.isdisjoint(path[0] for path in fact.reads)
        )

    def among(self, names: Fields) -> Scene:
        """The same where less is possible."""
        return self if names is self.names else Scene(names, self.waited, self.facts)


class Sources:
    """What the steps of one flow leave behind.

    Args:
        steps: The steps that could be read.
        variables: The flow's own; None where they could not be read.
        head: What conditions and templates see of ``flow``.
        links: The names of the flow's links.
    """

    def __init__(
        self,
        steps: Mapping[str, CompiledStep],
        variables: Mapping[str, Any] | None,
        head: Mapping[str, Any],
        links: Iterable[str],
    ) -> None:
        self.questions: dict[str, Value] = {}
        channels: set[str] = {step.channel for step in steps.values() if step.channel}
        for step in steps.values():
            if step.type == "twin_reply":
                channels.add("web")
            for question in questions_of(step):
                known = self.questions.get(question.id, NULL)
                self.questions[question.id] = known.join(answer_to(question))
        self.reply = _reply(channels or set(CHANNELS))
        self.start = Scene(self._first(variables, head, links))

    def of_anybody(self) -> Sources:
        """The same for a contact that may carry anything, or lack it."""
        own = {name: CONTACT[name] for name in ("id", "tags", "opted_out")}
        names = self.start.names.having({"contact": Value(fields=Fields(own, open=True))})
        anybody = copy(self)
        anybody.start = self.start.among(names)
        return anybody

    def _first(
        self, variables: Mapping[str, Any] | None, head: Mapping[str, Any], links: Iterable[str]
    ) -> Fields:
        given = {} if variables is None else variables
        return Fields(
            {
                **{name: constant(value) for name, value in given.items() if name not in RESERVED},
                "contact": Value(fields=Fields(CONTACT, open=True)),
                "answers": Value(fields=Fields({})),
                "reply": ABSENT,
                "flow": Value(fields=Fields({name: constant(v) for name, v in head.items()})),
                "links": Value(fields=Fields(dict.fromkeys((*LINKS, *links), TEXT))),
            },
            open=variables is None,
        )

    def after(self, step: CompiledStep, scene: Scene) -> Iterator[tuple[Way, Scene]]:
        """Every way out of a step that can be taken, and what is known there."""
        if step.type in PASSING or step.channel is not None:
            scene = _time_passes(scene)
        if step.type == "wait_for_reply":
            yield step.ways[0], self._heard(scene)
            yield step.ways[1], self._in_vain(scene)
            return
        if step.type == "set":
            scene = set_values(cast(SetConfig, step.config), step.values, scene)
        elif step.type == "webhook":
            scene = _called(step, scene)
        elif step.type == "tag":
            scene = _tagged(cast(TagConfig, step.config), scene)
        elif step.type in WAITING:
            scene = self._asked(step, scene)
        for way in step.ways:
            yield way, scene

    def _heard(self, scene: Scene) -> Scene:
        """A reply came; it may be a late one to a question of an earlier step."""
        asked = scene.names.get("answers")
        assert asked.fields is not None
        late = {
            name: value.join(self.questions[name])
            for name, value in asked.fields.named.items()
            if name in self.questions and value != ABSENT
        }
        answers = Value(fields=asked.fields.having(late)) if late else asked
        heard = scene.setting({"reply": self.reply, "answers": answers})
        return replace(heard, waited=frozenset((THERE,)))

    def _in_vain(self, scene: Scene) -> Scene:
        return replace(scene.setting({"reply": ABSENT}), waited=frozenset((GONE,)))

    def _asked(self, step: CompiledStep, scene: Scene) -> Scene:
        """A check-in or an assessment: answers, and a reply where it was answered."""
        questions = {one.id: answer_to(one).join(NULL) for one in questions_of(step)}
        asked = scene.names.get("answers").fields
        if not questions or asked is None:
            return scene
        reply = scene.names.get("reply").join(self.reply).join(ABSENT)
        after = scene.setting({"answers": Value(fields=asked.having(questions)), "reply": reply})
        return replace(after, waited=frozenset((GONE, THERE)))


def questions_of(step: CompiledStep) -> list[Question]:
    """The questions whose answers a step waits for."""
    return (
        cast(CoachingConfig, step.config).questions
        if step.type in ("check_in", "assessment")
        else []
    )


def answer_to(question: Question) -> Value:
    """An answer that was given: a whole number on a scale from one whole number to another."""
    if question.kind == "choice":
        return one_of(question.choices)
    if question.kind == "text":
        return TEXT
    low, high = question.bounds
    if question.kind == "scale" and low.is_integer() and high.is_integer():
        return Value(ints=between(int(low), int(high)))
    return numbers(low, high)


def _reply(channels: Iterable[str]) -> Value:
    return Value(
        fields=Fields(
            {
                "text": TEXT,
                "intent": one_of(INTENTS),
                "sentiment": one_of(SENTIMENTS),
                "channel": one_of(channels),
                "hours": Value(doubles=NATURAL),
            }
        )
    )


def _time_passes(scene: Scene) -> Scene:
    """Somebody may have opted out in the meantime."""
    if scene.names.read(OPTED_OUT) == BOOL:
        return scene
    names = put(scene.names, OPTED_OUT, BOOL)
    facts = frozenset(fact for fact in scene.facts if OPTED_OUT not in fact.reads)
    return Scene(names, scene.waited, facts)


def put(names: Fields, path: Reading, value: Value) -> Fields:
    """The same with another value for a field of a mapping."""
    holder = names.get(path[0]).fields
    assert holder is not None
    return names.having({path[0]: Value(fields=holder.having({path[1]: value}))})


def _called(step: CompiledStep, scene: Scene) -> Scene:
    assert step.sample is not None
    return scene.setting({name: like(value) for name, value in step.sample.values.items()})


def _tagged(config: TagConfig, scene: Scene) -> Scene:
    tags = scene.names.read(TAGS).lists or Lists()
    known = tags.loose(Lists())
    add = {config.add} if isinstance(config.add, str) else set(config.add)
    remove = {config.remove} if isinstance(config.remove, str) else set(config.remove)
    lists = Lists(None, (known.has - remove) | add, (known.lacks | remove) - add)
    facts = frozenset(fact for fact in scene.facts if TAGS not in fact.reads)
    return Scene(put(scene.names, TAGS, Value(lists=lists)), scene.waited, facts)


def set_values(config: SetConfig, expressions: Mapping[str, Expression], scene: Scene) -> Scene:
    """A ``set`` step: every value is worked out before any is kept."""
    values: dict[str, Value] = {}
    facts: list[Fact] = []
    for name, source in config.values.items():
        if name in RESERVED:
            continue
        if not isinstance(source, str):
            values[name] = constant(source)
        elif name not in expressions:
            values[name] = ANYTHING
        else:
            node = parse(source)
            values[name] = kept_value(evaluate(node, scene.names))
            if _is_relation(node, config.values):
                facts.append(Fact(source, name))
    after = scene.setting(values)
    return replace(after, facts=frozenset((*after.facts, *facts[:MOST_FACTS])))


def kept_value(value: Value) -> Value:
    """What is kept of a result: one that raises becomes null."""
    return replace(value, absent=False, null=True) if value.absent else value


def _is_relation(node: Node, changed: Mapping[str, Any]) -> bool:
    names = reads_of(node)
    return bool(names) and all(path[0] not in changed and path[0] != "reply" for path in names)


def branching(sources: Iterable[str | None], scene: Scene) -> Iterator[Scene | None]:
    """What is known on the way of each branch, and at last where none of them holds.

    Args:
        sources: The conditions; None for one that cannot be read.
        scene: What is known before.
    """
    left: Scene | None = scene
    for source in sources:
        if source is None:
            yield left
            continue
        yield looked_at(source, left, True)
        left = looked_at(source, left, False)
    yield left


def looked_at(source: str, scene: Scene | None, truth: bool) -> Scene | None:
    """What is known where a condition was found to hold, or not to; None where it cannot be."""
    if scene is None:
        return None
    node = parse(source)
    names = narrowed(node, scene.names, HOLDS) if truth else narrow(node, scene.names, NOT_HOLDS)
    if names is None:
        return None
    kept = scene.among(names)
    if len(reads_of(node)) < 2 or len(kept.facts) >= MOST_FACTS:
        return kept
    return replace(kept, facts=kept.facts | {Fact(source, None, truth)})


def mistakes(sources: Iterable[str | None], scene: Scene, *, ordered: bool = True) -> set[Reading]:
    """What some expressions read although nothing may have set it, and nothing guards it.

    It is one of these only where it makes an expression raise: not in ``has(answers.x) && …``, and
    not where another part of the expression has decided already.

    Args:
        sources: The expressions.
        scene: What is known.
        ordered: Whether each is looked at only where those before it do not hold.
    """
    readable = [source for source in sources if source is not None]
    found: set[Reading] = set()
    left: Scene | None = scene
    while readable and not scene.may_lack(readable[-1]):
        readable.pop()
    for source in readable:
        if left is None:
            break
        found.update(_mistaken(source, left))
        left = looked_at(source, left, False) if ordered else left
    return found


def _mistaken(source: str, scene: Scene) -> Iterator[Reading]:
    """What one expression reads although nothing may have set it."""
    node = parse(source)
    for path in {part for names in reads_of(node) if (part := own_part(names)) is not None}:
        if not scene.lacks(path) or (path == ("reply",) and _asks_for_reply(node)):
            continue
        without = keep(scene.names, path, ABSENT)
        if without is not None and evaluate(node, without).absent:
            yield path


def _asks_for_reply(node: Node) -> bool:
    """Whether ``has`` is asked of the reply: it raises where there is none, but it is meant."""
    return any(isinstance(part, Has) and part.names[0] == "reply" for part in walk(node))


def own_part(path: Reading) -> Reading | None:
    """What of a name has to be set before it is read; None where that is nobody's work."""
    if path[0] == "answers":
        return path[:2] if len(path) > 1 else None
    return None if path[0] in ("contact", "flow", "links") else path[:1]


def mended(scene: Scene, paths: Iterable[Reading], reply: Value) -> Scene:
    """What would be known had somebody mended what is read before it is set."""
    names = scene.names
    for path in paths:
        if path == ("reply",):
            names = names.having({"reply": names.get("reply").join(reply)})
        elif len(path) == 1:
            names = names.having({path[0]: UNKNOWN})
        else:
            names = put(names, path, UNKNOWN)
    return scene.among(names)
