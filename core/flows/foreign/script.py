"""A small part of JavaScript, read: paths, literals, comparisons, a few calls; no more than that.

n8n and Typebot both write their expressions in it. What is not understood gives None; the words
are then kept as words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

MAX_SOURCE = 4_000
MAX_DEPTH = 30
TOKEN = re.compile(
    r"""
    (?P<space>\s+|/\*.*?\*/|//[^\n]*)
  | (?P<number>\d+\.\d+|\d+|\.\d+)
  | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)
  | (?P<name>[A-Za-z_$][\w$]*)
  | (?P<sign>===|!==|==|!=|<=|>=|&&|\|\||\?\?|\?\.|=>|[-+*/%<>!?:.,()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": "", "\n": ""}
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
STRENGTH = {
    "||": 1,
    "??": 1,
    "&&": 2,
    **dict.fromkeys(("==", "===", "!=", "!=="), 3),
    **dict.fromkeys(("<", ">", "<=", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
}
CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "undefined": None}


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number, a yes or no, or nothing."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """A name that stands alone."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A part of something: ``of.key`` or ``of[key]``."""

    of: Tree
    key: str | int


@dataclass(frozen=True, slots=True)
class Call:
    """Something called with arguments."""

    what: Tree
    given: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """``!x`` or ``-x``."""

    sign: str
    of: Tree


@dataclass(frozen=True, slots=True)
class Binary:
    """Two things with a sign between them."""

    sign: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Choice:
    """``when ? then : otherwise``."""

    when: Tree
    then: Tree
    otherwise: Tree


Tree = Literal | Name | Member | Call | Unary | Binary | Choice


class _Strange(Exception):
    """Something that is not understood here."""


@lru_cache(maxsize=4096)
def read_script(source: str) -> Tree | None:
    """The tree of an expression; None where it is not understood."""
    if len(source) > MAX_SOURCE:
        return None
    try:
        reader = _Reader(source)
        tree = reader.choice(0)
        return tree if reader.peek() is None else None
    except _Strange:
        return None


def _tokens(source: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(source):
        match = TOKEN.match(source, at)
        if match is None:
            raise _Strange
        if match.lastgroup != "space":
            found.append((match.lastgroup or "", match[0]))
        at = match.end()
    while found and found[-1][1] == ";":
        found.pop()
    return found


class _Reader:
    """Reads one expression, a token at a time."""

    def __init__(self, source: str) -> None:
        self.tokens = _tokens(source.rstrip("; \n\t\r"))
        self.at = 0

    def peek(self) -> str | None:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else None

    def take(self, wanted: str | None = None) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise _Strange
        kind, text = self.tokens[self.at]
        if wanted is not None and (text != wanted or kind != "sign"):
            raise _Strange
        self.at += 1
        return kind, text

    def has(self, sign: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] == ("sign", sign):
            self.at += 1
            return True
        return False

    def choice(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise _Strange
        when = self.binary(1, depth + 1)
        if not self.has("?"):
            return when
        then = self.choice(depth + 1)
        self.take(":")
        return Choice(when, then, self.choice(depth + 1))

    def binary(self, least: int, depth: int) -> Tree:
        left = self.unary(depth)
        while self.at < len(self.tokens) and self.tokens[self.at][0] == "sign":
            strength = STRENGTH.get(self.tokens[self.at][1], 0)
            if strength < least:
                return left
            sign = self.take()[1]
            left = Binary(
                sign[:2] if len(sign) == 3 else sign, left, self.binary(strength + 1, depth)
            )
        return left

    def unary(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise _Strange
        for sign in ("!", "-"):
            if self.has(sign):
                return Unary(sign, self.unary(depth + 1))
        return self.parts(self.first(depth), depth)

    def first(self, depth: int) -> Tree:
        kind, text = self.take()
        if kind == "number":
            return Literal(float(text) if "." in text else int(text))
        if kind == "text":
            return self._text(text)
        if kind == "name":
            if text in CONSTANTS:
                return Literal(CONSTANTS[text])
            if text in ("new", "typeof", "function", "return", "await"):
                raise _Strange
            return Name(text)
        if text == "(":
            inside = self.choice(depth + 1)
            self.take(")")
            return inside
        raise _Strange

    def _text(self, text: str) -> Tree:
        inside = ESCAPE.sub(_unescaped, text[1:-1])
        if text[0] != "`" or "${" not in inside:
            return Literal(inside)
        pieces = re.split(r"\$\{([^{}]*)\}", inside)
        trees: list[Tree] = []
        for number, piece in enumerate(pieces):
            if number % 2 == 0 and number and not piece:
                continue
            tree = read_script(piece) if number % 2 else Literal(piece)
            if tree is None:
                raise _Strange
            trees.append(tree)
        whole = trees[0]
        for tree in trees[1:]:
            whole = Binary("+", whole, tree)
        return whole

    def parts(self, of: Tree, depth: int) -> Tree:
        for _ in range(MAX_DEPTH * 2):
            if self.has("."):
                of = Member(of, self._key())
            elif self.has("?."):
                if self.peek() not in ("[", "("):
                    of = Member(of, self._key())
            elif self.has("["):
                inside = self.choice(depth + 1)
                self.take("]")
                if not isinstance(inside, Literal) or not isinstance(inside.value, (str, int)):
                    raise _Strange
                of = Member(of, inside.value)
            elif self.has("("):
                of = Call(of, self._given(depth))
            else:
                return of
        raise _Strange

    def _key(self) -> str:
        kind, text = self.take()
        if kind != "name":
            raise _Strange
        return text

    def _given(self, depth: int) -> tuple[Tree, ...]:
        given: list[Tree] = []
        while not self.has(")"):
            given.append(self.choice(depth + 1))
            if not self.has(","):
                self.take(")")
                break
        return tuple(given)


def _unescaped(match: re.Match[str]) -> str:
    word = match[1]
    if word[0] in "ux" and len(word) > 1:
        return chr(int(word[1:], 16))
    return ESCAPES.get(word, word)
