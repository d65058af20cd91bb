"""What a contact carries along a path: each name as a value, or as an expression over its inputs.

Inputs are what the person brings: the contact's fields, and ``reply#1``, ``answer#2:energy``… one
name for each reply and answer on the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from core.flows.compiled import CompiledFlow
from core.flows.conditions import RESERVED
from core.flows.contact import LINKS
from core.flows.logic.operations import SEVERAL, single
from core.flows.logic.reasoning import evaluate
from core.flows.logic.syntax import (
    Binary,
    Call,
    Choice,
    Has,
    Listing,
    Literal,
    Node,
    Opaque,
    Path,
    Reading,
    Unary,
    children,
    parse,
    reads_of,
)
from core.flows.logic.values import LIST, TEXT, UNKNOWN, Fields, Value

RAISES = Path(("!",))
"""An expression that raises."""
OPTED_OUT = ("contact", "opted_out")
TAGS = ("contact", "tags")
HEARD = ("text", "intent", "sentiment", "channel", "hours")
CONTACT = Value(fields=Fields({"id": TEXT, "tags": LIST}, open=True))
"""A contact may carry anything, whatever it is called."""
MOST_PARTS = 160
EXISTS = re.compile(
    r"(?P<list>\w+(?: \. \w+)*) \. exists \( (?P<name>\w+) , "
    r"(?P=name) == (?P<item>\"[^\"\\]*\"|'[^'\\]*') \)"
)
SCALARS = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class Group:
    """A list or a mapping that is known."""

    value: Any


Known = Node | Group


@dataclass(frozen=True, slots=True)
class Store:
    """What is carried.

    Attributes:
        names: The variables.
        answers: What was answered, by question.
        reply: The name of the present reply; None where there is none.
        tags: Tags that were added (True) or removed.
        opted_out: Whether the contact wants no more messages.
        inputs: What each input can be.
    """

    names: Mapping[str, Known]
    head: Mapping[str, Group]
    answers: Mapping[str, Node] = field(default_factory=dict)
    reply: str | None = None
    tags: Mapping[str, bool] = field(default_factory=dict)
    opted_out: bool = False
    inputs: Mapping[str, Value] = field(default_factory=lambda: {"contact": CONTACT})

    @property
    def state(self) -> Fields:
        """What the inputs can be, as conditions are reasoned about."""
        return Fields(self.inputs)

    def setting(self, values: Mapping[str, Known]) -> Store:
        """The same with other variables."""
        return replace(self, names={**self.names, **values})

    def fresh(self, name: str, value: Value) -> Store:
        """The same with one more input."""
        return replace(self, inputs={**self.inputs, name: value})

    # Values that are known

    def context(self, reads: Iterable[Reading]) -> dict[str, Any] | None:
        """What an expression that reads this would see; None where it depends on an input."""
        context: dict[str, Any] = {}
        for path in reads:
            if path == OPTED_OUT:
                context.setdefault("contact", {})["opted_out"] = self.opted_out
                continue
            if path[0] == "contact" or (path[0] == "reply" and self.reply is not None):
                return None
            if path[0] == "reply":
                continue
            if not self._add(path, context):
                return None
        return context

    def _add(self, path: Reading, context: dict[str, Any]) -> bool:
        root = path[0]
        if root == "answers":
            known = context.setdefault("answers", {})
            wanted = list(self.answers) if len(path) == 1 else [path[1]]
            for name in wanted:
                node = self.answers.get(name)
                if node is not None and not isinstance(node, Literal):
                    return False
                if isinstance(node, Literal):
                    known[name] = node.value
            return True
        value = self.head.get(root) if root in RESERVED else self.names.get(root)
        if value is not None and not isinstance(value, Literal | Group):
            return False
        if value is not None:
            context[root] = value.value
        return True

    # Expressions over inputs

    def over_inputs(self, node: Node) -> Node:
        """The expression, with what is carried in the place of the names."""
        match node:
            case Path():
                return self._read(node.names)
            case Has():
                return self._has(node.names)
            case Unary():
                return Unary(node.op, self.over_inputs(node.right))
            case Binary("in", left, Path(names)):
                return self._contained(self.over_inputs(left), names)
            case Binary():
                left, right = self.over_inputs(node.left), self.over_inputs(node.right)
                return Binary(node.op, left, right)
            case Choice():
                return Choice(*(self.over_inputs(part) for part in children(node)))
            case Listing():
                return Listing(tuple(self.over_inputs(item) for item in node.items))
            case Call():
                return self._call(node)
            case Opaque():
                same = rewritten(node.source)
                if same is not None:
                    return self.over_inputs(same)
                return self._opaque(node.source, node.reads)
            case _:
                return node

    def _call(self, node: Call) -> Node:
        if node.name == "size" and len(node.args) == 1 and isinstance(node.args[0], Path):
            if node.args[0].names == TAGS and self.tags:
                return self._tags_counted()
            held = self._group(node.args[0].names)
            if held is not None:
                return Literal(len(held.value))
        return Call(node.name, tuple(self.over_inputs(part) for part in node.args))

    def _tags_counted(self) -> Node:
        """How many tags there are now, from those that were there at first."""
        changes = (Literal(f"{'-+'[has]}{word}") for word, has in sorted(self.tags.items()))
        return Call("counted", (Listing((Path(TAGS), *changes)),))

    def _read(self, names: Reading) -> Node:
        root, rest = names[0], names[1:]
        if root == "contact":
            return self._of_contact(names)
        if root == "reply":
            if self.reply is None or (rest and rest[0] not in HEARD):
                return RAISES
            return Path((self.reply, *rest)) if rest else self._opaque("reply", {names})
        if root == "answers":
            if not rest:
                return self._opaque("answers", {names})
            return self.answers.get(rest[0], RAISES) if len(rest) == 1 else RAISES
        held = self._group(names)
        if held is not None:
            plain = isinstance(held.value, list) and all(type(i) in SCALARS for i in held.value)
            if plain:
                return Listing(tuple(Literal(item) for item in held.value))
            return self._opaque(".".join(names), {names})
        return self._of_variable(names)

    def _of_variable(self, names: Reading) -> Node:
        known = self.head.get(names[0]) if names[0] in RESERVED else self.names.get(names[0])
        if isinstance(known, Group):
            found = _inside(known.value, names[1:])
            return found if isinstance(found, Literal) else RAISES
        if known is None or (len(names) > 1 and isinstance(known, Literal)):
            return RAISES
        if len(names) == 1:
            return known
        if isinstance(known, Path):
            return Path((*known.names, *names[1:]))
        return self._opaque(".".join(names), {names})

    def _of_contact(self, names: Reading) -> Node:
        if names == OPTED_OUT:
            return Literal(self.opted_out)
        if len(names) == 1 or (names[:2] == TAGS and self.tags):
            return self._opaque(".".join(names), {names})
        return RAISES if names[:2] == OPTED_OUT else Path(names)

    def _group(self, names: Reading) -> Group | None:
        """The list or mapping that a name stands for, where it is known."""
        known = self.head.get(names[0]) if names[0] in RESERVED else self.names.get(names[0])
        if not isinstance(known, Group):
            return None
        found = _inside(known.value, names[1:])
        return found if isinstance(found, Group) else None

    def _has(self, names: Reading) -> Node:
        root = names[0]
        if root == "contact":
            own = len(names) == 2 and names[1] in ("id", "tags", "opted_out")
            return Literal(True) if own else Has(names)
        if root == "reply":
            return RAISES if self.reply is None else Literal(names[1] in HEARD)
        if root == "answers":
            return Literal(names[1] in self.answers) if len(names) == 2 else RAISES
        known = self.head.get(root) if root in RESERVED else self.names.get(root)
        if isinstance(known, Group):
            held = _inside(known.value, names[1:-1])
            if isinstance(held, Group) and isinstance(held.value, dict):
                return Literal(names[-1] in held.value)
            return RAISES
        if isinstance(known, Path):
            return Has((*known.names, *names[1:]))
        if known is None or isinstance(known, Literal):
            return RAISES
        return self._opaque(f"has({'.'.join(names)})", {names})

    def _contained(self, left: Node, names: Reading) -> Node:
        if names == TAGS and isinstance(left, Literal) and isinstance(left.value, str):
            if left.value in self.tags:
                return Literal(self.tags[left.value])
            return Binary("in", left, Path(TAGS))
        held = self._group(names)
        if held is not None and isinstance(held.value, dict) and isinstance(left, Literal):
            return Literal(left.value in held.value)
        return Binary("in", left, self._read(names))

    def _opaque(self, source: str, reads: Iterable[Reading]) -> Node:
        """Something that is not understood: the same where all that it reads is the same."""
        now: set[Reading] = set()
        carried = [source]
        for path in sorted(reads):
            if path[:1] == ("contact",):
                now.add(path)
                carried.append(f"{sorted(self.tags.items())} {self.opted_out}")
            elif path[0] == "reply":
                now.add((self.reply or "!", *path[1:]))
            elif path[0] == "answers":
                chosen = self.answers if len(path) == 1 else {path[1]: self.answers.get(path[1])}
                carried.append(repr(sorted((name, repr(one)) for name, one in chosen.items())))
                now |= {read for one in chosen.values() if one for read in reads_of(one)}
            else:
                known = self.names.get(path[0])
                carried.append(repr(known))
                now |= set() if known is None or isinstance(known, Group) else reads_of(known)
        return Opaque(" ".join(carried), frozenset(now))


def first_store(flow: CompiledFlow) -> Store:
    """What is carried at the start."""
    head = {
        "flow": {"name": flow.name, "timezone": str(flow.timezone)},
        "links": {**LINKS, **(flow.flow.model_extra or {}).get("links", {})},
    }
    given = {name: known(one) for name, one in flow.variables.items() if name not in RESERVED}
    return Store(given, {name: Group(one) for name, one in head.items()})


def known(value: Any) -> Literal | Group:
    """A value that is known."""
    return Literal(value) if type(value) in SCALARS else Group(value)


def kept(node: Node, state: Fields) -> Node | None:
    """What is kept of an expression's value: null where it raises; None where it is too long."""
    value = evaluate(node, state)
    if not value.some:
        return Literal(None)
    exactly = single(value)
    if exactly is not SEVERAL and type(exactly) in SCALARS:
        return Literal(exactly)
    if sum(1 for _ in _parts(node)) > MOST_PARTS:
        return None
    return Call("kept", (node,)) if value.absent else node


@lru_cache(maxsize=1_000)
def rewritten(source: str) -> Node | None:
    """``"a" in list`` for a list of which one ``exists`` that is equal to it."""
    found = EXISTS.fullmatch(source)
    return None if found is None else parse(f"{found['item']} in {found['list']}")


def anything(number: int) -> tuple[str, Value]:
    """An input that stands for what is not understood any more."""
    return f"unknown#{number}", UNKNOWN.there


def _parts(node: Node) -> Iterable[Node]:
    open_ = [node]
    while open_:
        part = open_.pop()
        yield part
        open_ += children(part)


def _inside(value: Any, names: Reading) -> Known | None:
    for name in names:
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return known(value)
