"""What an expression can give where its names can be several things, and what follows from it.

`evaluate` never leaves out an outcome that is possible. `narrow` keeps every state in which an
expression comes out as wanted; it may keep more, and gives None only where there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from core.flows.logic.operations import (
    calculated,
    compared,
    contained,
    converted,
    equal,
    kinds_of,
    negated,
    opposite,
    outcome,
    sized,
    tested,
)
from core.flows.logic.splitting import test_of
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
    roots_of,
)
from core.flows.logic.values import ABSENT, ANY_LIST, NOTHING, UNKNOWN, Fields, Value, constant

LOGICAL = ("&&", "||")
ARITHMETIC = frozenset("+-*/%")
MOST_KEPT = 4096
"""What is looked at again and again is worked out once: so many results are remembered."""


@dataclass(frozen=True, slots=True)
class Want:
    """How an expression is to come out: as this; or, ``strict`` or not, as anything but it."""

    truth: bool
    exactly: bool

    @property
    def turned(self) -> Want:
        """What is wanted of the expression under a ``!``."""
        return _TURNED[self]


HOLDS = Want(True, True)
FAILS = Want(False, True)
NOT_HOLDS = Want(True, False)
NOT_FAILS = Want(False, False)
_TURNED = {HOLDS: FAILS, FAILS: HOLDS, NOT_HOLDS: NOT_FAILS, NOT_FAILS: NOT_HOLDS}
State: TypeAlias = Fields


def evaluate(node: Node, state: State) -> Value:
    """What an expression can give; ``absent`` is that it raises."""
    return _evaluated(node, *map(state.get, roots_of(node)))


@lru_cache(maxsize=MOST_KEPT)
def _evaluated(node: Node, *values: Value) -> Value:
    """What an expression can give where what it reads can be this."""
    return _evaluate(node, _state(node, values))


def _state(node: Node, values: Iterable[Value]) -> State:
    """As much of a state as an expression reads."""
    return Fields(dict(zip(roots_of(node), values, strict=True)))


def _evaluate(node: Node, state: State) -> Value:
    match node:
        case Literal():
            return constant(node.value)
        case Path():
            return state.read(node.names)
        case Has():
            return _has(node, state)
        case Unary():
            right = _evaluate(node.right, state)
            return negated(right) if node.op == "!" else opposite(right)
        case Binary():
            return _binary(node, state)
        case Choice():
            return _chosen(node, state)
        case Listing():
            items = [_evaluate(item, state) for item in node.items]
            return Value(any(item.absent for item in items), lists=ANY_LIST)
        case Call():
            return _called(node, state)
        case Opaque():
            return UNKNOWN


def _binary(node: Binary, state: State) -> Value:
    if node.op in LOGICAL:
        return _all(node, state)
    left = _evaluate(node.left, state)
    if node.op == "in" and isinstance(node.right, Listing):
        return _listed(left, [_evaluate(item, state) for item in node.right.items])
    right = _evaluate(node.right, state)
    if node.op == "in":
        return contained(left, right)
    if node.op in ARITHMETIC:
        return calculated(node.op, left, right)
    return compared(node.op, left, right)


def _listed(left: Value, items: Iterable[Value]) -> Value:
    """``left in [items]``"""
    true, false, raises = False, True, left.absent
    for item in items:
        same = equal(left, item)
        true, false = true or True in same.bools, false and False in same.bools
        raises = raises or item.absent
    return outcome(true, false and bool(kinds_of(left)), raises)


def parts_of(node: Binary) -> list[Node]:
    """The sides of a chain of one operator: ``a && b && c`` has three."""
    parts: list[Node] = []
    left: Node = node
    while isinstance(left, Binary) and left.op == node.op:
        right = left.right
        inner = isinstance(right, Binary) and right.op == node.op
        parts[:0] = parts_of(right) if inner and isinstance(right, Binary) else [right]
        left = left.left
    return [left, *parts]


def _all(node: Binary, state: State) -> Value:
    """``a && b``, and ``||`` as its mirror: each side where those before it do not decide.

    An error beside the deciding value (false for ``&&``) is forgotten, as CEL has it.
    """
    deciding = node.op == "||"
    open_: State | None = state
    decided = raises = saved = False
    passed = True
    for part in parts_of(node):
        if open_ is None:
            passed = False
            break
        value = _evaluate(part, open_)
        fails = value.absent or bool(kinds_of(value) - {"bool"})
        decided = decided or deciding in value.bools
        passed = passed and (not deciding) in value.bools
        raises = raises or fails
        saved = saved or (not fails and value.bools == {deciding})
        open_ = _narrow(part, open_, NOT_HOLDS if deciding else NOT_FAILS)
    raises = raises and not saved
    return outcome(*((decided, passed) if deciding else (passed, decided)), raises)


def _chosen(node: Choice, state: State) -> Value:
    test = _evaluate(node.test, state)
    raises = test.absent or bool(kinds_of(test) - {"bool"})
    found = NOTHING.but(absent=raises)
    for want, part in ((HOLDS, node.yes), (FAILS, node.no)):
        kept = _narrow(node.test, state, want)
        found = found.join(_evaluate(part, kept)) if kept is not None else found
    return found


def _has(node: Has, state: State) -> Value:
    base = state.read(node.names[:-1])
    if base.fields is None:
        return ABSENT if base != NOTHING else NOTHING
    inner = base.fields.get(node.names[-1])
    return outcome(bool(kinds_of(inner)), inner.absent, not base.is_mapping)


def _called(node: Call, state: State) -> Value:
    values = [_evaluate(argument, state) for argument in node.args]
    if node.name == "size" and len(values) == 1:
        return sized(values[0])
    if node.name in ("double", "int", "string") and len(values) == 1:
        return converted(node.name, values[0])
    if len(values) == 2:
        return tested(node.name, values[0], values[1])
    return UNKNOWN


def narrow(node: Node, state: State, want: Want) -> State | None:
    """The states in which an expression comes out as wanted; None where there are none."""
    changed = _changed(node, want, *map(state.get, roots_of(node)))
    return state.having(changed) if changed else None if changed is None else state


@lru_cache(maxsize=MOST_KEPT)
def _changed(node: Node, want: Want, *values: Value) -> Mapping[str, Value] | None:
    """The names of which less is possible where an expression comes out as wanted."""
    state = _state(node, values)
    kept = _narrow(node, state, want)
    if kept is None:
        return None
    return {name: value for name, value in kept.named.items() if value is not state.named[name]}


def narrowed(node: Node, state: State, want: Want) -> State | None:
    """What `narrow` gives, looked at once more in its own light."""
    once = narrow(node, state, want)
    return once if once is None or once is state else narrow(node, once, want)


def _narrow(node: Node, state: State, want: Want) -> State | None:
    if isinstance(node, Unary) and node.op == "!":
        return _narrow(node.right, state, want.turned)
    if isinstance(node, Binary) and node.op in LOGICAL:
        return _narrow_all(node, state, want)
    if isinstance(node, Choice):
        return _narrow_choice(node, state, want)
    if isinstance(node, Has):
        return _narrow_has(node, state, want)
    test = test_of(node)
    if test is None:
        return state if _possible(_evaluate(node, state), want) else None
    value = state.read(test.name)
    kept = test.kept(value, holds=want.truth == want.exactly, raises=not want.exactly)
    return state if kept is value else keep(state, test.name, kept)


def _possible(value: Value, want: Want) -> bool:
    if want.exactly:
        return want.truth in value.bools
    return value.absent or (not want.truth) in value.bools or bool(kinds_of(value) - {"bool"})


def _narrow_all(node: Binary, state: State, want: Want) -> State | None:
    """Of ``&&``: where it is to hold, every side does; where not, one of them is the reason."""
    parts = parts_of(node)
    if (node.op == "&&") == (want in (HOLDS, NOT_FAILS)):
        kept: State | None = state
        for part in parts:
            kept = _narrow(part, kept, want) if kept is not None else None
        return kept
    return _any(_narrow(part, state, want) for part in parts)


def _narrow_choice(node: Choice, state: State, want: Want) -> State | None:
    found: list[State | None] = []
    for test, part in ((HOLDS, node.yes), (FAILS, node.no)):
        kept = _narrow(node.test, state, test)
        found.append(None if kept is None else _narrow(part, kept, want))
    if not want.exactly:
        kept = _narrow(node.test, state, NOT_HOLDS)
        found.append(None if kept is None else _narrow(node.test, kept, NOT_FAILS))
    return _any(found)


def _narrow_has(node: Has, state: State, want: Want) -> State | None:
    if not _possible(_evaluate(node, state), want):
        return None
    if want is NOT_FAILS:
        return state
    if want is HOLDS:
        return keep(state, node.names, state.read(node.names).there)
    if want is FAILS:
        base = Value(fields=state.read(node.names[:-1]).fields)
        sure = keep(state, node.names[:-1], base)
        return None if sure is None else keep(sure, node.names, ABSENT)
    return keep(state, node.names, ABSENT)


def _any(states: Iterable[State | None]) -> State | None:
    """What any of some states can be."""
    found: State | None = None
    for state in states:
        found = state if found is None else found if state is None else found.join(state)
    return found


def keep(state: State, names: Reading, kept: Value) -> State | None:
    """The states in which a name is one of these values; None where there are none."""
    value = _keep_in(Value(fields=state), names, kept)
    return value.fields


def _keep_in(value: Value, names: Reading, kept: Value) -> Value:
    if not names:
        return kept if value.absent else kept.there
    others = value.but(fields=None) if kept.absent and not value.is_mapping else NOTHING
    if value.fields is None:
        return others
    before = value.fields.get(names[0])
    inner = _keep_in(before, names[1:], kept)
    if inner is before or inner == before:
        fields = value.fields
    elif inner == NOTHING:
        return others
    else:
        fields = value.fields.having({names[0]: inner})
    return Value(fields=fields) if others is NOTHING else others.but(fields=fields)
