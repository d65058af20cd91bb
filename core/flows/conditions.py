"""Conditions and values in CEL, kept within limits so that none can take forever.

CEL has no unbounded loop, but lists within lists, long sums of texts and large patterns still make
it slow; `inspect` refuses those before anything runs. What is left takes at most some
milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

import cel

from core.domain.errors import BadInput

MAX_SOURCE = 2_000
MAX_BRACKETS = 40
MAX_OPERATORS = 200
MAX_JOINS = 20
MAX_MACROS = 2
MAX_MATCHES = 4
MAX_PATTERN = 200
MAX_REPEATS = 1_000
MAX_ITEMS = 2_000
MAX_ITEMS_IN_MACRO = 500
MAX_TEXT = 20_000
MAX_TEXT_IN_MACRO = 1_000
MAX_ALL_TEXT = 200_000
MAX_DEPTH = 20

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
POSITION = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?([^\n]*)")
MIXED = (
    "these values are of different kinds (a text, a whole number, a number with a fraction and "
    "nothing are four); make them one, as in double(price) * 0.5"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression."""

    kind: str
    text: str
    at: int


def tokens_of(source: str) -> list[Token]:
    """The words of an expression, without spaces and comments."""
    return [
        Token(match.lastgroup or "", match[0], match.start())
        for match in TOKEN.finditer(source)
        if match.lastgroup != "space"
    ]


def _place(source: str, at: int) -> str:
    line = source.count("\n", 0, at) + 1
    return f"line {line}, column {at - (source.rfind(chr(10), 0, at) + 1) + 1}"


def _refuse(source: str, at: int, message: str) -> BadInput:
    return BadInput(message, place=_place(source, at))


def inspect(source: str) -> list[Token]:
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


def _limit_counts(source: str, tokens: list[Token]) -> None:
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


def _limit_calls(source: str, tokens: list[Token]) -> None:
    depth, inside, macros, matches = 0, 0, 0, 0
    for number, token in enumerate(tokens):
        if token.kind == "operator":
            depth += (token.text in "([{") - (token.text in ")]}")
            inside = 0 if depth < inside else inside
        if token.kind != "name" or _text(tokens, number + 1) != "(":
            continue
        if token.text not in FUNCTIONS:
            raise _refuse(source, token.at, f"there is no function “{token.text}”")
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


def _limit_pattern(source: str, tokens: list[Token], number: int) -> None:
    argument = tokens[number + 2] if number + 2 < len(tokens) else None
    if argument is None or argument.kind != "text" or _text(tokens, number + 3) != ")":
        raise _refuse(source, tokens[number].at, "“matches” needs its pattern as a text")
    repeats = 1
    for low, high in REPEAT.findall(argument.text):
        repeats *= max(int((low or "1")[:9]), int((high or "1")[:9]), 1)
    if len(argument.text) > MAX_PATTERN or repeats > MAX_REPEATS:
        raise _refuse(source, argument.at, "the pattern of “matches” is too large")


def _text(tokens: list[Token], number: int) -> str:
    return tokens[number].text if 0 <= number < len(tokens) else ""


def _needs(tokens: list[Token]) -> dict[str, tuple[str, ...] | None]:
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


class Bound:
    """A compiled expression that is given what it reads, and nothing else."""

    __slots__ = ("_limits", "_needs", "_program", "source")

    def __init__(self, source: str) -> None:
        tokens = inspect(source)
        self.source = source
        self._program = _compile(source)
        self._needs = tuple(_needs(tokens).items())
        loops = any(token.kind == "name" and token.text in MACROS for token in tokens)
        self._limits = (MAX_TEXT_IN_MACRO, MAX_ITEMS_IN_MACRO) if loops else (MAX_TEXT, MAX_ITEMS)

    def names(self) -> frozenset[str]:
        """The top-level names that it reads."""
        return frozenset(name for name, _ in self._needs)

    def run(self, context: Mapping[str, Any]) -> Any:
        """Its value. Whatever goes wrong is raised as a ValueError with words for a person."""
        try:
            return self._program.execute(self._bind(context))
        except Exception as error:
            raise ValueError(_explain(error)) from None
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise ValueError("this expression cannot be computed") from None

    def _bind(self, context: Mapping[str, Any]) -> dict[str, Any]:
        bound: dict[str, Any] = {}
        limits = self._limits
        for name, fields in self._needs:
            if name not in context:
                continue
            value = context[name]
            if fields is None or not isinstance(value, Mapping):
                bound[name] = _bounded(value, limits)
            else:
                bound[name] = {key: _bounded(value[key], limits) for key in fields if key in value}
        return bound


def _compile(source: str) -> cel.Program:
    try:
        return cel.compile(source)
    except Exception as error:
        found = POSITION.search(str(error))
        if found is None:
            raise BadInput(str(error).splitlines()[0][:200], place="line 1, column 1") from None
        place = f"line {found[1]}, column {found[2]}"
        raise BadInput(found[3].split(" expecting ")[0][:160], place=place) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise BadInput("it cannot be read", place="line 1, column 1") from None


def _bounded(value: Any, limits: tuple[int, int]) -> Any:
    """The value as an expression may see it: long texts are cut, too much of it is refused."""
    kind = type(value)
    if kind is str:
        return value if len(value) <= limits[0] else value[: limits[0]]
    if value is None or kind in (int, float, bool):
        return value
    return _copied(value, limits[0], [limits[1] + 1, MAX_ALL_TEXT], MAX_DEPTH)


def _copied(value: Any, limit: int, left: list[int], depth: int) -> Any:
    left[0] -= 1
    left[1] -= min(len(value), limit) if isinstance(value, str) else 0
    if min(left) < 0 or depth < 0:
        raise ValueError("a value holds too much, or nests too deep")
    if isinstance(value, str):
        return value[:limit]
    if isinstance(value, Mapping):
        return {str(key): _copied(item, limit, left, depth - 1) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if isinstance(value, (list, tuple)):
        return [_copied(item, limit, left, depth - 1) for item in value]
    return value


def _explain(error: Exception) -> str:
    text = str(error)
    if isinstance(error, KeyError):
        return f"there is no “{text.strip(chr(39))}”"
    if isinstance(error, TypeError):
        return MIXED
    if "Undefined variable or function" in text:
        name = text.split(chr(39))[1]
        known = name in FUNCTIONS
        return f"“{name}” cannot be used like this" if known else f"“{name}” has no value"
    return text.splitlines()[0][:200] if text else type(error).__name__


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a branch."""

    source: str
    bound: Bound = field(repr=False, compare=False)

    @classmethod
    def compile(cls, source: str) -> Condition:
        """Read a condition.

        Raises:
            BadInput: If it is no CEL, or over a limit; names the line and column.
        """
        return cls(source, Bound(source))

    def evaluate(self, context: Mapping[str, Any]) -> tuple[bool, str | None]:
        """Whether it holds, and why it could not be told where it raised (then it does not)."""
        try:
            value = self.bound.run(context)
        except ValueError as error:
            return False, str(error)
        if value is True or value is False:
            return value, None
        return False, "it gives no yes or no"


@dataclass(frozen=True, slots=True)
class Expression:
    """A value of a ``set`` step: CEL, or a number, a yes or no, or nothing, as given."""

    source: str | int | float | bool | None
    bound: Bound | None = field(default=None, repr=False, compare=False)

    @classmethod
    def compile(cls, source: str | int | float | bool | None) -> Expression:
        """Read a value.

        Raises:
            BadInput: If it is a text that is no CEL, or over a limit.
        """
        return cls(source, Bound(source) if isinstance(source, str) else None)

    def evaluate(self, context: Mapping[str, Any]) -> tuple[Any, str | None]:
        """Its value as JSON can hold it, and why it has none (then the value is None)."""
        if self.bound is None:
            return self.source, None
        try:
            return _plain(self.bound.run(context)), None
        except ValueError as error:
            return None, str(error)


def _plain(value: Any, left: list[int] | None = None) -> Any:
    """A result as JSON can hold it."""
    left = [MAX_ITEMS + 1] if left is None else left
    left[0] -= 1
    if left[0] < 0:
        raise ValueError(f"the result holds more than {MAX_ITEMS:,} items")
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise ValueError(f"the result is longer than {MAX_TEXT:,} characters")
        return value
    if isinstance(value, float) and not isfinite(value):
        raise ValueError("the result is no finite number")
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, dict):
        return {str(key): _plain(item, left) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, left) for item in value]
    raise ValueError("the result cannot be kept: it is no text, number, list or mapping")


def spoken_condition(source: str) -> str:
    """A condition as a person reads it on an edge: ``intent is interested``."""
    tokens = tokens_of(source[:MAX_SOURCE])
    simple = not any(token.text in {"(", "[", "{"} for token in tokens)
    text = " ".join(_words(tokens) if simple else source.split())
    return text if len(text) <= 60 else text[:59] + "…"


def _words(tokens: list[Token]) -> Iterator[str]:
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
