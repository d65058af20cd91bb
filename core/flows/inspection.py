"""What stands in a CEL expression, looked at before anything is compiled or run.

CEL has no unbounded loop, but lists within lists, long sums of texts and large patterns still make
it slow; `inspect` refuses those, naming the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.domain.errors import BadInput

MAX_SOURCE = 2_000
MAX_BRACKETS = 40
MAX_OPERATORS = 200
MAX_JOINS = 20
MAX_MACROS = 2
MAX_MATCHES = 4
MAX_PATTERN = 200
MAX_REPEATS = 1_000

TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*)
  | (?P<text>[rRbB]{0,2}(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}
        |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
  | (?P<number>(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)[uU]?)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<operator>&&|\|\||[=!<>]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
REPEAT = re.compile(r"\{(\d+)?,?(\d+)?\}")
MACROS = frozenset({"all", "exists", "exists_one", "map", "filter"})
TIMES = frozenset(
    f"get{part}"
    for part in (
        *("FullYear", "Month", "Date", "DayOfMonth", "DayOfWeek", "DayOfYear"),
        *("Hours", "Minutes", "Seconds", "Milliseconds"),
    )
)
FUNCTIONS = (
    MACROS
    | TIMES
    | {
        *("has", "size", "contains", "startsWith", "endsWith", "matches", "type", "dyn"),
        *("string", "int", "uint", "double", "bytes", "duration", "timestamp"),
    }
)
WORDS = frozenset({"true", "false", "null", "in"})
ROOTS = frozenset({"reply", "contact", "answers", "flow"})
SPOKEN = {"==": "is", "!=": "is not", "&&": "and", "||": "or", ">=": "≥", "<=": "≤", "!": "not"}

SAID = {
    "and": "write && for “and”",
    "or": "write || for “or”",
    "not": "write ! for “not”",
    "is": "write == to compare",
}
"""Words that people write where CEL wants a sign."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression."""

    kind: str
    text: str
    at: int


@lru_cache(maxsize=1024)
def tokens_of(source: str) -> tuple[Token, ...]:
    """The words of an expression, without spaces and comments."""
    return tuple(
        Token(match.lastgroup or "", match[0], match.start())
        for match in TOKEN.finditer(source)
        if match.lastgroup != "space"
    )


def place_of(source: str, at: int) -> str:
    """A position as a person finds it: ``line 1, column 5``."""
    line = source.count("\n", 0, at) + 1
    return f"line {line}, column {at - (source.rfind(chr(10), 0, at) + 1) + 1}"


def _refuse(source: str, at: int, message: str) -> BadInput:
    return BadInput(message, place=place_of(source, at))


def inspect(source: str) -> tuple[Token, ...]:
    """The words of an expression that keeps within the limits.

    Raises:
        BadInput: Naming the line and column at which it goes over one.
    """
    if len(source) > MAX_SOURCE:
        raise _refuse(source, MAX_SOURCE, f"it has more than {MAX_SOURCE:,} characters")
    tokens = tokens_of(source)
    _limit_counts(source, tokens)
    _limit_calls(source, tokens)
    return tokens


def _limit_counts(source: str, tokens: tuple[Token, ...]) -> None:
    depth = operators = joins = 0
    for token in tokens:
        if token.kind != "operator":
            continue
        depth += (token.text in "([{") - (token.text in ")]}")
        operators += token.text not in "()[]{},:"
        joins += token.text == "+"
        if depth > MAX_BRACKETS:
            raise _refuse(source, token.at, f"brackets are nested more than {MAX_BRACKETS} deep")
        if operators > MAX_OPERATORS:
            raise _refuse(source, token.at, f"it has more than {MAX_OPERATORS} operators")
        if joins > MAX_JOINS:
            raise _refuse(source, token.at, f"it adds more than {MAX_JOINS} times")


def _limit_calls(source: str, tokens: tuple[Token, ...]) -> None:
    depth, inside, macros, matches = 0, 0, 0, 0
    for number, token in enumerate(tokens):
        if token.kind == "operator":
            depth += (token.text in "([{") - (token.text in ")]}")
            inside = 0 if depth < inside else inside
        if token.kind != "name" or _text(tokens, number + 1) != "(":
            continue
        if token.text not in FUNCTIONS:
            unknown = f"there is no function “{token.text}”"
            raise _refuse(source, token.at, SAID.get(token.text.lower(), unknown))
        heavy = token.text == "matches" or token.text in MACROS
        if heavy and inside:
            raise _refuse(source, token.at, f"“{token.text}” cannot stand inside another loop")
        if token.text in MACROS:
            macros, inside = macros + 1, depth + 1
        if token.text == "matches":
            matches += 1
            _limit_pattern(source, tokens, number)
        if macros > MAX_MACROS or matches > MAX_MATCHES:
            raise _refuse(source, token.at, f"“{token.text}” is used too often")


def _limit_pattern(source: str, tokens: tuple[Token, ...], number: int) -> None:
    argument = tokens[number + 2] if number + 2 < len(tokens) else None
    if argument is None or argument.kind != "text" or _text(tokens, number + 3) != ")":
        raise _refuse(source, tokens[number].at, "“matches” needs its pattern as a text")
    repeats = 1
    for low, high in REPEAT.findall(argument.text):
        repeats *= max(int((low or "1")[:9]), int((high or "1")[:9]), 1)
    if len(argument.text) > MAX_PATTERN or repeats > MAX_REPEATS:
        raise _refuse(source, argument.at, "the pattern of “matches” is too large")


def _text(tokens: tuple[Token, ...], number: int) -> str:
    return tokens[number].text if 0 <= number < len(tokens) else ""


def needs_of(tokens: tuple[Token, ...]) -> dict[str, tuple[str, ...] | None]:
    """The names that an expression reads, each with its fields where only fields are read."""
    needs: dict[str, tuple[str, ...] | None] = {}
    for number, token in enumerate(tokens):
        before, after = _text(tokens, number - 1), _text(tokens, number + 1)
        if token.kind != "name" or before == "." or token.text in WORDS or after == "(":
            continue
        step = tokens[number + 2] if number + 2 < len(tokens) else None
        plain = after == "." and step is not None and step.kind == "name"
        if plain and step is not None and _text(tokens, number + 3) != "(":
            known = needs.get(token.text, ())
            needs[token.text] = None if known is None else (*known, step.text)
        else:
            needs[token.text] = None
    return {
        name: None if fields is None else tuple(dict.fromkeys(fields))
        for name, fields in needs.items()
    }


@lru_cache(maxsize=1024)
def spoken_condition(source: str) -> str:
    """A condition as a person reads it on an edge: ``intent is interested``."""
    tokens = tokens_of(source[:MAX_SOURCE])
    simple = not any(token.text in {"(", "[", "{"} for token in tokens)
    text = " ".join(_words(tokens) if simple else source.split())
    return text if len(text) <= 60 else text[:59] + "…"


def _words(tokens: tuple[Token, ...]) -> Iterator[str]:
    skip = 0
    for number, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        path = token.text
        while token.kind == "name" and _text(tokens, number + skip + 1) == ".":
            path += "." + _text(tokens, number + skip + 2)
            skip += 2
        if skip and token.text in ROOTS:
            path = path.removeprefix(token.text + ".")
        yield path[1:-1] if token.kind == "text" else SPOKEN.get(path, path)
