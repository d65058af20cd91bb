"""What CEL's operators and functions can give, on values that can be several things at once.

The rules are those of ``cel`` (numbers of both kinds compare with each other but do not add up,
``==`` holds between any two kinds, ``<`` only within one); a test holds them against it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from math import inf, isfinite, isinf
from typing import Any

from core.flows.logic.spans import ALL, MOST, Number, Spans, between, hull, meet, only, union
from core.flows.logic.values import (
    ABSENT,
    ANY_LIST,
    ANY_TEXT,
    BOOL,
    NOTHING,
    Lists,
    Texts,
    Value,
    constant,
)

LARGEST = 2**63
TRUE = Value(bools=frozenset((True,)))
FALSE = Value(bools=frozenset((False,)))
ORDERED = ({"number"}, {"text"}, {"bool"})


class Several:
    """More than one thing is possible, or nothing."""


SEVERAL = Several()


def single(value: Value) -> Any:
    """The value, where it is exactly one; else `SEVERAL`."""
    kinds = kinds_of(value)
    if len(kinds) != 1 or value.absent:
        return SEVERAL
    if value.null:
        return None
    if len(value.bools) == 1:
        return next(iter(value.bools))
    number = only(value.ints) if value.ints else only(value.doubles)
    if number is not None and not (value.ints and value.doubles):
        return number if value.ints else float(number)
    if value.texts and not value.texts.others and len(value.texts.named) == 1:
        return next(iter(value.texts.named))
    if value.lists and value.lists.exactly is not None:
        return list(value.lists.exactly)
    return SEVERAL


_NAMES = ("null", "bool", "number", "text", "list", "map")
_KINDS = {
    there: frozenset(name for name, one in zip(_NAMES, there, strict=True) if one)
    for there in product((False, True), repeat=len(_NAMES))
}


def kinds_of(value: Value) -> frozenset[str]:
    """The kinds that a value can be of; both kinds of number are one."""
    return _KINDS[
        value.null,
        bool(value.bools),
        bool(value.ints or value.doubles),
        value.texts is not None,
        value.lists is not None,
        value.fields is not None,
    ]


OUTCOMES = {
    (true, false, raises): Value(raises, bools=frozenset([True] * true + [False] * false))
    for true in (False, True)
    for false in (False, True)
    for raises in (False, True)
}


def outcome(true: bool, false: bool, raises: bool) -> Value:
    """The value of a test."""
    return OUTCOMES[true, false, raises]


def amounts(value: Value) -> Spans:
    """The numbers of both kinds."""
    return union(value.ints, value.doubles)


def equal(one: Value, other: Value) -> Value:
    """``one == other``"""
    a, b = single(one), single(other)
    raises = one.absent or other.absent
    if a is not SEVERAL and b is not SEVERAL:
        same = same_value(a, b)
        return outcome(same, not same, raises)
    some = not (kinds_of(one) and kinds_of(other))
    return outcome(may_equal(one, other), not some, raises)


def same_value(a: Any, b: Any) -> bool:
    """Whether CEL takes two plain values for equal: numbers by amount, all else within its kind."""
    numbers = all(type(one) in (int, float) for one in (a, b))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same_value, a, b))
    return bool(a == b) if numbers or type(a) is type(b) else False


def may_equal(one: Value, other: Value) -> bool:
    """Whether something is possible for both."""
    return bool(
        (one.null and other.null)
        or (one.bools & other.bools)
        or meet(amounts(one), amounts(other))
        or (one.texts and other.texts and one.texts.meet(other.texts))
        or (one.lists and other.lists)
        or (one.fields and other.fields)
    )


def ordered(op: str, one: Value, other: Value) -> Value:
    """``one < other`` and its like."""
    if op in (">", ">="):
        return ordered("<" if op == ">" else "<=", other, one)
    a, b = kinds_of(one), kinds_of(other)
    raises = one.absent or other.absent or (bool(a and b) and not (a == b and a in ORDERED))
    true = false = False
    if "number" in a & b:
        true, false = _in_order(op, amounts(one), amounts(other))
    if "text" in a & b or "bool" in a & b:
        true, false = _maybe_in_order(op, one, other, true, false)
    return outcome(true, false, raises)


def _in_order(op: str, one: Spans, other: Spans) -> tuple[bool, bool]:
    """Whether the first number can be less, and whether it can be not."""
    low, high = (one[0][0], one[0][2]), (one[-1][1], one[-1][3])
    least, most = (other[0][0], other[0][2]), (other[-1][1], other[-1][3])
    touch = low[0] == most[0] and not low[1] and not most[1]
    meets = high[0] == least[0] and not high[1] and not least[1]
    if op == "<":
        return low[0] < most[0], high[0] > least[0] or meets
    return low[0] < most[0] or touch, high[0] > least[0]


def _maybe_in_order(
    op: str, one: Value, other: Value, true: bool, false: bool
) -> tuple[bool, bool]:
    a, b = single(one.there), single(other.there)
    if a is SEVERAL or b is SEVERAL or type(a) is not type(b):
        return True, True
    holds = bool(a < b) if op == "<" else bool(a <= b)
    return true or holds, false or not holds


def compared(op: str, one: Value, other: Value) -> Value:
    """Any comparison."""
    if op == "==":
        return equal(one, other)
    if op == "!=":
        return negated(equal(one, other))
    return ordered(op, one, other)


def negated(value: Value) -> Value:
    """``!value``"""
    raises = value.absent or bool(kinds_of(value) - {"bool"})
    return outcome(False in value.bools, True in value.bools, raises)


def calculated(op: str, one: Value, other: Value) -> Value:
    """``one + other`` and its like."""
    a, b = _kinds_apart(one), _kinds_apart(other)
    known = {"+": {"int", "double", "text", "list"}, "%": {"int"}}.get(op, {"int", "double"})
    raises = one.absent or other.absent
    raises = raises or (bool(a and b) and not (a == b and len(a) == 1 and a <= known))
    ints: Spans = ()
    doubles: Spans = ()
    if "int" in a & b & known:
        ints, over = _whole_result(op, one.ints, other.ints)
        raises = raises or over
    if "double" in a & b & known:
        doubles = _result(op, one.doubles, other.doubles, _float_operation(op))
    texts = _joined(one.texts, other.texts) if op == "+" and one.texts and other.texts else None
    lists = ANY_LIST if op == "+" and one.lists and other.lists else None
    return Value(raises, ints=ints, doubles=doubles, texts=texts, lists=lists)


def _kinds_apart(value: Value) -> frozenset[str]:
    kinds = kinds_of(value) - {"number"}
    kinds |= {"int"} if value.ints else set()
    return kinds | ({"double"} if value.doubles else set())


def _joined(one: Texts, other: Texts) -> Texts:
    if one.others or other.others or len(one.named) * len(other.named) > MOST:
        return ANY_TEXT
    return Texts(frozenset(a + b for a in one.named for b in other.named))


def _float_operation(op: str) -> Callable[[Number, Number], Number]:
    def operation(a: Number, b: Number) -> Number:
        return _simple(op, float(a), float(b))

    return operation


def _simple(op: str, a: Number, b: Number) -> Number:
    if op == "+":
        return a + b
    if op == "-":
        return a - b
    if op == "*":
        return 0 if a == 0 or b == 0 else a * b
    return a / b


def _whole_result(op: str, one: Spans, other: Spans) -> tuple[Spans, bool]:
    """What whole numbers give, and whether that can go wrong."""
    if op in "/%":
        return _divided(op, one, other)
    found = _result(op, one, other, lambda a, b: _simple(op, a, b))
    low, high = found[0][0], found[-1][1]
    over = (low < -LARGEST and not isinf(low)) or (high >= LARGEST and not isinf(high))
    return (between(-inf, inf) if over else found), over


def _result(
    op: str, one: Spans, other: Spans, operation: Callable[[Number, Number], Number]
) -> Spans:
    """What numbers give, from the ends of their intervals."""
    if op == "/" and any(low <= 0 <= high for low, high, _, _ in other):
        return ALL
    if len(one) * len(other) > MOST:
        one, other = hull(one), hull(other)
    found: Spans = ()
    for a in one:
        for b in other:
            ends = [operation(x, y) for x in a[:2] for y in b[:2]]
            if any(math.isnan(end) for end in ends):
                return ALL
            found = union(found, between(min(ends), max(ends)))
    return found


def _divided(op: str, one: Spans, other: Spans) -> tuple[Spans, bool]:
    zero = any(low <= 0 <= high for low, high, _, _ in other)
    divisor = only(other)
    if zero or divisor is None or any(isinf(end) for span in one for end in span[:2]):
        return between(-inf, inf), zero
    low, high = one[0][0], one[-1][1]
    if op == "%":
        size = abs(divisor) - 1
        if low == high:
            rest = int(math.fmod(low, divisor)) if abs(low) < 2**53 else 0
            return (between(rest, rest) if abs(low) < 2**53 else between(-size, size)), False
        return between(0 if low >= 0 else -size, 0 if high <= 0 else size), False
    ends = [_quotient(int(low), int(divisor)), _quotient(int(high), int(divisor))]
    return between(min(ends), max(ends)), False


def _quotient(a: int, b: int) -> int:
    size = abs(a) // abs(b)
    return size if (a < 0) == (b < 0) else -size


def opposite(value: Value) -> Value:
    """``-value``"""
    return replace(
        calculated("*", Value(value.absent, ints=value.ints), constant(-1)).join(
            calculated("*", Value(doubles=value.doubles), constant(-1.0))
        ),
        absent=value.absent or bool(kinds_of(value) - {"number"}),
    )


def contained(one: Value, other: Value) -> Value:
    """``one in other``, where the other is a list or a mapping."""
    raises = one.absent or other.absent or bool(kinds_of(other) - {"list", "map"})
    true = false = False
    if other.lists is not None:
        true, false = _in_list(one, other.lists)
    if other.fields is not None:
        key = single(one.there)
        found = other.fields.get(key) if isinstance(key, str) else BOOL.but(absent=True)
        true, false = true or bool(kinds_of(found)), false or found.absent
    return outcome(true, false, raises)


def _in_list(one: Value, lists: Lists) -> tuple[bool, bool]:
    given = single(one.there)
    if lists.exactly is not None:
        if given is not SEVERAL:
            found = any(same_value(given, item) for item in lists.exactly)
            return found, not found
        return any(may_equal(one, constant(item)) for item in lists.exactly), True
    if isinstance(given, str):
        return given not in lists.lacks, given not in lists.has
    return True, True


def sized(value: Value) -> Value:
    """``size(value)``: of a text, its bytes."""
    found = NOTHING
    if value.texts is not None:
        sizes = [len(text.encode()) for text in value.texts.named]
        few = sizes and not value.texts.others
        found = Value(ints=between(min(sizes), max(sizes)) if few else between(0, inf))
    if value.lists is not None:
        exactly, least = value.lists.exactly, len(value.lists.has)
        spans = between(least, inf) if exactly is None else between(len(exactly), len(exactly))
        found = found.join(Value(ints=spans))
    if value.fields is not None:
        found = found.join(Value(ints=between(0, inf)))
    raises = value.absent or bool(kinds_of(value) - {"text", "list", "map"})
    return found.but(absent=raises)


TESTS: dict[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": str.__contains__,
}


def tested(name: str, value: Value, argument: Value) -> Value:
    """``value.startsWith(argument)`` and its like."""
    raises = value.absent or argument.absent
    raises = raises or bool((kinds_of(value) | kinds_of(argument)) - {"text"})
    if value.texts is None or argument.texts is None:
        return ABSENT if raises else NOTHING
    test, word = TESTS.get(name), single(argument.there)
    if test is None or value.texts.others or not isinstance(word, str):
        return BOOL.but(absent=raises)
    found = {test(text, word) for text in value.texts.named}
    return Value(raises, bools=frozenset(found))


def converted(name: str, value: Value) -> Value:
    """``double(value)``, ``int(value)`` and ``string(value)``."""
    raises = value.absent or bool(kinds_of(value) - {"number", "text"})
    if name == "string":
        text = value.texts
        return Value(raises, texts=ANY_TEXT if value.ints or value.doubles else text)
    raises = raises or value.texts is not None
    given = amounts(value)
    if name == "double":
        return Value(raises, doubles=ALL if value.texts else given)
    large = any(not isfinite(end) or abs(end) >= LARGEST for s in value.doubles for end in s[:2])
    cut: Spans = () if large else _cut(value.doubles)
    ints = between(-inf, inf) if value.texts or large else union(value.ints, cut, integers=True)
    return Value(raises or large, ints=ints)


def _cut(spans: Spans) -> Spans:
    found: Spans = ()
    for low, high, _, _ in spans:
        found = union(found, between(int(low), int(high)), integers=True)
    return found
