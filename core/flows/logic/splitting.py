"""Tests of one name against what is written out: what it can be where they hold, fail or raise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from core.flows.logic.operations import TESTS, kinds_of
from core.flows.logic.spans import FLIPPED, OPPOSITE, REGIONS, meet, whole
from core.flows.logic.syntax import Binary, Call, Listing, Literal, Node, Path, Reading
from core.flows.logic.values import ABSENT, NOTHING, Fields, Texts, Value

ORDERS = {"<": str.__lt__, "<=": str.__le__, ">": str.__gt__, ">=": str.__ge__}
Plain = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Test:
    """A test of one name.

    Attributes:
        name: What is read.
        op: A comparison, ``in``, ``holds`` (a text in a list), ``is`` (a yes or no), or a method.
        values: What it is held against.
    """

    name: Reading
    op: str
    values: tuple[Plain, ...] = ()

    def kept(self, value: Value, *, holds: bool, raises: bool) -> Value:
        """What of a value makes the test hold (or fail); with what makes it raise, or without."""
        side = self._side(value, holds)
        return side.join(self._raising(value)) if raises else side

    def _side(self, value: Value, holds: bool) -> Value:
        if self.op == "is":
            return Value(bools=value.bools & {holds})
        if self.op == "holds":
            return _holding(value, str(self.values[0]), holds)
        if self.op in TESTS:
            return _text_test(value, TESTS[self.op], str(self.values[0]), holds)
        if self.op in ("==", "!=", "in"):
            return _equality(value, self.values, holds == (self.op != "!="))
        op = self.op if holds else OPPOSITE[self.op]
        constant = self.values[0]
        if isinstance(constant, str):
            return _text_test(value, ORDERS[op], constant, True)
        assert isinstance(constant, int | float)
        return _cut(value, op, constant)

    def _raising(self, value: Value) -> Value:
        if self.op in ("==", "!=", "in"):
            return ABSENT if value.absent else NOTHING
        if self.op == "is":
            return value.but(bools=frozenset())
        if self.op == "holds":
            return value.but(lists=None, fields=None)
        if self.op in TESTS or isinstance(self.values[0], str):
            return value.but(texts=None)
        if not kinds_of(value) - {"number"}:
            return ABSENT if value.absent else NOTHING
        return value.but(ints=(), doubles=())


@lru_cache(maxsize=8192)
def test_of(node: Node) -> Test | None:
    """The test that an expression is, where it is one."""
    match node:
        case Path(names):
            return Test(names, "is")
        case Binary("in", Path(names), Listing(items)) if items:
            plain = [item.value for item in items if isinstance(item, Literal)]
            return Test(names, "in", tuple(plain)) if len(plain) == len(items) else None
        case Binary("in", Literal(str() as text), Path(names)):
            return Test(names, "holds", (text,))
        case Binary(op, Path(names), Literal(value)) if _comparable(op, value):
            return Test(names, op, (value,))
        case Binary(op, Literal(value), Path(names)) if _comparable(op, value):
            return Test(names, FLIPPED[op], (value,))
        case Call(name, (Path(names), Literal(str() as text))) if name in TESTS:
            return Test(names, name, (text,))
    return None


def _comparable(op: str, value: Plain) -> bool:
    if op in ("==", "!="):
        return True
    return op in REGIONS and not isinstance(value, bool) and isinstance(value, str | int | float)


def _equality(value: Value, constants: tuple[Plain, ...], same: bool) -> Value:
    found, other = NOTHING, value.there
    for constant in constants:
        some, other = _same(other, constant)
        found = found.join(some)
    return found if same else other


def _same(value: Value, constant: Plain) -> tuple[Value, Value]:
    """What of a value is this constant, and what is not."""
    if constant is None:
        return Value(null=value.null), value.but(null=False)
    if isinstance(constant, bool):
        these = frozenset((constant,))
        return Value(bools=value.bools & these), value.but(bools=value.bools - these)
    if isinstance(constant, str):
        texts = frozenset((constant,))
        there = value.texts.meet(Texts(texts)) if value.texts else None
        left = value.texts.without(texts) if value.texts else None
        return Value(texts=there), value.but(texts=left)
    some, rest = _cut(value, "==", constant), _cut(value, "!=", constant)
    return some, value.but(ints=rest.ints, doubles=rest.doubles)


def _cut(value: Value, op: str, number: float) -> Value:
    """The numbers that stand in this relation to a number."""
    region = REGIONS[op](number)
    return Value(ints=whole(meet(value.ints, region)), doubles=meet(value.doubles, region))


def _text_test(value: Value, test: Callable[[str, str], bool], text: str, holds: bool) -> Value:
    if value.texts is None or value.texts.others:
        return Value(texts=value.texts)
    found = frozenset(one for one in value.texts.named if test(one, text) == holds)
    return Value(texts=Texts(found) if found else None)


def _holding(value: Value, text: str, there: bool) -> Value:
    lists = value.lists.holding(text, there) if value.lists else None
    return Value(lists=lists, fields=_with_key(value.fields, text, there))


def _with_key(fields: Fields | None, name: str, there: bool) -> Fields | None:
    """The mappings that have this key, or have it not."""
    if fields is None:
        return None
    found = fields.get(name)
    kept = found.there if there else Value(absent=found.absent)
    return fields.having({name: kept}) if kept != NOTHING else None
