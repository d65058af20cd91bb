"""The tree of a CEL expression, as far as our conditions go. A node is equal to itself alone.

Evaluation is done by ``cel``; this tree is only reasoned about. What the parser does not know
becomes `Opaque`: it reads names, and nobody can say what comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import cel

from core.flows.inspection import FUNCTIONS, MACROS, Token, tokens_of

Reading = tuple[str, ...]
"""A name and the fields that are read of it: ``("contact", "visits")``."""
TYPES = frozenset({"bool", "bytes", "double", "int", "list", "map", "string", "uint", "type"})
"""Names of kinds, which an expression may compare with, and which no flow sets."""
METHODS = frozenset({"startsWith", "endsWith", "contains", "matches", "size"})
CALLS = frozenset({"size", "double", "int", "string"})
NUMBER = re.compile(r"(?P<double>\d*\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)|(?P<int>\d+|0[xX].+)")
MOST_CHOICES = 4
POWERS: dict[str, int] = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!=", "in"), 3),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/%", 5),
}


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    """A value as it is written."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A name, or a field of one."""

    names: Reading


@dataclass(frozen=True, slots=True, eq=False)
class Has:
    """Whether a field is there."""

    names: Reading


@dataclass(frozen=True, slots=True, eq=False)
class Unary:
    """``!x`` or ``-x``."""

    op: str
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Binary:
    """Two sides and what stands between them."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """``test ? yes : no``"""

    test: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list that is written out."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A function, or a method of its first argument."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """Something of which only the reading is known."""

    source: str
    reads: frozenset[Reading]


Node = Literal | Path | Has | Unary | Binary | Choice | Listing | Call | Opaque


class _Unknown(Exception):
    """Something that the parser does not know."""


@lru_cache(maxsize=8192)
def parse(source: str) -> Node:
    """The tree of an expression that ``cel`` can read."""
    tokens = tokens_of(source)
    try:
        parser = _Parser(tokens)
        tree = parser.choice()
        parser.expect("")
    except (_Unknown, RecursionError):
        return Opaque(source, frozenset(_names_in(tokens)))
    return tree


def reads(node: Node) -> frozenset[Reading]:
    """Every name, with its fields, that an expression reads; those of ``has`` as well."""
    return frozenset(_reads(node))


@lru_cache(maxsize=8192)
def reads_of(node: Node) -> frozenset[Reading]:
    """What `reads` gives, remembered."""
    return reads(node)


@lru_cache(maxsize=8192)
def roots_of(node: Node) -> tuple[str, ...]:
    """The names that an expression reads, without their fields."""
    return tuple(sorted({path[0] for path in reads_of(node)}))


def _reads(node: Node) -> Iterator[Reading]:
    if isinstance(node, Path | Has):
        yield node.names
    elif isinstance(node, Opaque):
        yield from node.reads
    else:
        for child in children(node):
            yield from _reads(child)


def children(node: Node) -> tuple[Node, ...]:
    """The parts of an expression."""
    match node:
        case Unary():
            return (node.right,)
        case Binary():
            return (node.left, node.right)
        case Choice():
            return (node.test, node.yes, node.no)
        case Listing():
            return node.items
        case Call():
            return node.args
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """An expression and everything in it."""
    yield node
    for child in children(node):
        yield from walk(child)


def _names_in(tokens: tuple[Token, ...]) -> Iterator[Reading]:
    """The names that the words of an expression read, whatever it means."""
    own = {
        inner.text
        for (outer, inner) in pairwise(token for token in tokens if token.text != "(")
        if outer.text in MACROS
    }
    for number, token in enumerate(tokens):
        before = tokens[number - 1].text if number else ""
        after = tokens[number + 1].text if number + 1 < len(tokens) else ""
        known = token.text in FUNCTIONS and after == "("
        if token.kind == "name" and before != "." and not known and token.text not in own:
            if token.text in TYPES or token.text in {"true", "false", "null", "in"}:
                continue
            yield _path_at(tokens, number)


def _path_at(tokens: tuple[Token, ...], number: int) -> Reading:
    names = [tokens[number].text]
    while number + 2 < len(tokens) and tokens[number + 1].text == ".":
        after = tokens[number + 3].text if number + 3 < len(tokens) else ""
        if tokens[number + 2].kind != "name" or after == "(":
            break
        names.append(tokens[number + 2].text)
        number += 2
    return tuple(names)


class _Parser:
    """Reads an expression by the powers of its operators (Pratt's way)."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._at = 0
        self._choices = 0

    @property
    def _text(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _next(self) -> Token:
        if self._at >= len(self._tokens):
            raise _Unknown
        self._at += 1
        return self._tokens[self._at - 1]

    def expect(self, text: str) -> None:
        """Take this word; the empty one is the end."""
        if self._text != text:
            raise _Unknown
        self._at += 1

    def choice(self) -> Node:
        test = self._binary(1)
        if self._text != "?":
            return test
        self._at += 1
        self._choices += 1
        if self._choices > MOST_CHOICES:
            raise _Unknown
        yes = self._binary(1)
        self.expect(":")
        return Choice(test, yes, self.choice())

    def _binary(self, least: int) -> Node:
        left = self._unary()
        while POWERS.get(self._text, 0) >= least:
            op = self._next().text
            left = Binary(op, left, self._binary(POWERS[op] + 1))
        return left

    def _unary(self) -> Node:
        if self._text not in ("!", "-"):
            return self._member()
        op = self._next().text
        right = self._unary()
        number = isinstance(right, Literal) and type(right.value) in (int, float)
        if op == "-" and number and isinstance(right, Literal):
            return Literal(-right.value)  # type: ignore[operator]
        return Unary(op, right)

    def _member(self) -> Node:
        start = self._at
        node = self._primary()
        while self._text in (".", "["):
            if self._next().text == "[":
                node = self._indexed(node, start)
                continue
            name = self._next()
            if name.kind != "name":
                raise _Unknown
            if self._text == "(":
                node = self._call(name.text, (node,), start)
            elif isinstance(node, Path):
                node = Path((*node.names, name.text))
            else:
                node = self._opaque(start)
        return node

    def _primary(self) -> Node:
        token = self._next()
        if token.kind == "name":
            return self._named(token)
        if token.kind == "number":
            return Literal(_number(token.text))
        if token.kind == "text":
            return Literal(_text(token.text))
        if token.text == "(":
            inside = self.choice()
            self.expect(")")
            return inside
        if token.text == "[":
            return Listing(self._arguments("]"))
        raise _Unknown

    def _named(self, token: Token) -> Node:
        words: dict[str, Any] = {"true": True, "false": False, "null": None}
        if token.text in words:
            return Literal(words[token.text])
        start = self._at - 1
        if self._text == "(":
            return self._call(token.text, (), start)
        return Opaque(token.text, frozenset()) if token.text in TYPES else Path((token.text,))

    def _indexed(self, node: Node, start: int) -> Node:
        key = self.choice()
        self.expect("]")
        if isinstance(node, Path) and isinstance(key, Literal) and isinstance(key.value, str):
            return Path((*node.names, key.value))
        return self._opaque(start)

    def _call(self, name: str, target: tuple[Node, ...], start: int) -> Node:
        self.expect("(")
        args = (*target, *self._arguments(")"))
        if name == "has" and len(args) == 1 and isinstance(args[0], Path):
            return Has(args[0].names)
        known = name in METHODS if target else name in CALLS
        return Call(name, args) if known and len(args) <= 2 else self._opaque(start)

    def _arguments(self, end: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while self._text != end:
            items.append(self.choice())
            if self._text != end:
                self.expect(",")
        self.expect(end)
        return tuple(items)

    def _opaque(self, start: int) -> Opaque:
        part = self._tokens[start : self._at]
        return Opaque(" ".join(token.text for token in part), frozenset(_names_in(part)))


def _number(text: str) -> int | float:
    found = NUMBER.fullmatch(text)
    if found is None:
        raise _Unknown
    return float(text) if found["double"] else int(text, 0 if text[:2] in ("0x", "0X") else 10)


def _text(text: str) -> str:
    quoted = text.lstrip("rR")
    if quoted[0] in "bB" or quoted[:3] in ('"""', "'''"):
        raise _Unknown
    if "\\" not in quoted or quoted != text:
        return quoted[1:-1]
    value = cel.evaluate(text, {})
    if not isinstance(value, str):
        raise _Unknown
    return value
