"""Conditions and values in CEL, given only what they read, and no more of it than is safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

import cel

from core.domain.errors import BadInput
from core.flows.faults import unreadable
from core.flows.inspection import FUNCTIONS, MACROS, Token, inspect, needs_of, place_of

MAX_ITEMS = 2_000
MAX_ITEMS_IN_MACRO = 500
MAX_TEXT = 20_000
MAX_TEXT_IN_MACRO = 1_000
MAX_ALL_TEXT = 200_000
MAX_DEPTH = 20
MAX_KEPT_ITEMS = 1_000
MAX_KEPT_DEPTH = 5
MAX_WORK = 100_000
LOOP_COST = 20
CALL_COST = 4
WORK = ""
"""Under this name, which nobody can write, a context holds what may still be computed."""
RESERVED = frozenset({"contact", "reply", "answers", "flow", "links", WORK})
"""Names that conditions and templates have of their own; a variable of this name is not seen."""
MIXED = (
    "these values are of different kinds (a text, a whole number, a number with a fraction and "
    "nothing are four); make them one, as in double(price) * 0.5"
)


class Work:
    """What may still be computed for one person, in about microseconds."""

    __slots__ = ("left",)

    def __init__(self, left: int = MAX_WORK) -> None:
        self.left = left


class Bound:
    """A compiled expression that is given what it reads, and nothing else."""

    __slots__ = ("_limits", "_needs", "_program", "source")

    def __init__(self, source: str) -> None:
        tokens = inspect(source)
        _check_patterns(source, tokens)
        self.source = source
        self._program = _compile(source)
        self._needs = tuple(needs_of(tokens).items())
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
        work = context.get(WORK)
        if work is not None and work.left <= 0:
            raise ValueError("too much was computed for this person")
        spent = [CALL_COST]
        for name, fields in self._needs:
            if name not in context:
                continue
            value = context[name]
            if fields is None or not isinstance(value, Mapping):
                bound[name] = _bounded(value, limits, spent)
            else:
                bound[name] = {
                    key: _bounded(value[key], limits, spent) for key in fields if key in value
                }
        if work is not None:
            work.left -= spent[0] * (LOOP_COST if limits[1] == MAX_ITEMS_IN_MACRO else 1)
        return bound


def _check_patterns(source: str, tokens: tuple[Token, ...]) -> None:
    """Try each pattern of ``matches`` once: CEL itself reads it only when it is used."""
    for number, token in enumerate(tokens):
        if token.text != "matches" or token.kind != "name" or number + 2 >= len(tokens):
            continue
        pattern = tokens[number + 2]
        if pattern.kind != "text":
            continue
        try:
            cel.evaluate(f'"".matches({pattern.text})', {})
        except Exception:
            message = "the pattern of “matches” cannot be read"
            raise BadInput(message, place=place_of(source, pattern.at)) from None
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            message = "the pattern of “matches” cannot be read"
            raise BadInput(message, place=place_of(source, pattern.at)) from None


def _compile(source: str) -> cel.Program:
    try:
        return cel.compile(source)
    except Exception as error:
        raise unreadable(source, str(error)) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise unreadable(source, "") from None


def _bounded(value: Any, limits: tuple[int, int], spent: list[int]) -> Any:
    """The value as an expression may see it: long texts are cut, too much of it is refused."""
    kind = type(value)
    if kind is str:
        return value if len(value) <= limits[0] else value[: limits[0]]
    if value is None or kind in (int, float, bool):
        return value
    left = [limits[1] + 1, MAX_ALL_TEXT]
    try:
        return _copied(value, limits[0], left, MAX_DEPTH)
    finally:
        spent[0] += limits[1] + 1 - left[0]


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
            return _plain(self.bound.run(context), [MAX_KEPT_ITEMS + 1, MAX_TEXT]), None
        except ValueError as error:
            return None, str(error)


def _plain(value: Any, left: list[int], depth: int = MAX_KEPT_DEPTH) -> Any:
    """A result as JSON can hold it; ``left`` is how many items and characters it may have."""
    left[0] -= 1
    if left[0] < 0:
        raise ValueError(f"the result holds more than {MAX_KEPT_ITEMS:,} items")
    if isinstance(value, str):
        left[1] -= len(value)
        if left[1] < 0:
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
    if depth <= 0 and isinstance(value, (dict, list, tuple)):
        raise ValueError(f"the result nests deeper than {MAX_KEPT_DEPTH} levels")
    if isinstance(value, dict):
        return {
            _plain(str(key), left): _plain(item, left, depth - 1) for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_plain(item, left, depth - 1) for item in value]
    raise ValueError("the result cannot be kept: it is no text, number, list or mapping")
