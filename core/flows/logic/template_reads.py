"""What a message reads, and whether it can do without: a default, or an ``if`` around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from liquid.ast import ConditionalBlockNode, Node
from liquid.builtin.expressions import FilteredExpression, Nil, Path
from liquid.builtin.expressions.logical import (
    BooleanExpression,
    EqExpression,
    LogicalAndExpression,
    LogicalNotExpression,
    LogicalOrExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.expression import Expression

from core.flows.limits import CLOCK
from core.flows.logic.syntax import Reading
from core.flows.templates import Template

KNOWN = frozenset({*CLOCK, "forloop", "tablerowloop"})
LOGICAL = (LogicalAndExpression, LogicalOrExpression)
TESTS = (EqExpression, NeExpression)
NOTHING = (Nil, Blank, Empty)


@dataclass(frozen=True, slots=True)
class Read:
    """One name that a template reads.

    Attributes:
        names: The name and its fields.
        excused: Whether there is a default for it, or something tests that it is there.
    """

    names: Reading
    excused: bool


def reads_in(template: Template) -> list[Read]:
    """What a template reads; without what it sets itself."""
    return list(dict.fromkeys(_Reader().read(template.nodes, frozenset(), frozenset())))


class _Reader:
    """Goes through a template from its beginning to its end."""

    def __init__(self) -> None:
        self._own: set[str] = set()

    def read(
        self, nodes: Iterable[Node], tested: frozenset[Reading], own: frozenset[str]
    ) -> Iterator[Read]:
        for node in nodes:
            sure = tested | frozenset(_tests_of(node))
            for expression in node.expressions():
                for names, excused in _paths(expression):
                    if names[0] not in self._own | own | KNOWN:
                        yield Read(names, excused or _is_sure(names, sure))
            self._own.update(str(name) for name in node.template_scope())
            inside = own | {str(name) for name in node.block_scope()}
            children = node.children(None)  # type: ignore[arg-type]
            yield from self.read(children, sure, inside)


def _is_sure(names: Reading, tested: frozenset[Reading]) -> bool:
    return any(names[: len(one)] == one or (names[0] == "reply" == one[0]) for one in tested)


def _tests_of(node: Node) -> Iterator[Reading]:
    """The names of which an ``if`` or ``unless`` tests whether they are there."""
    if isinstance(node, IfNode | UnlessNode):
        yield from _tested(node.condition)
        for other in node.alternatives:
            yield from _tested(other.expression)
    elif isinstance(node, ConditionalBlockNode):
        yield from _tested(node.expression)


def _tested(expression: Expression) -> Iterator[Reading]:
    if isinstance(expression, BooleanExpression):
        yield from _tested(expression.expression)
    elif isinstance(expression, Path):
        yield _names(expression)
    elif isinstance(expression, LogicalNotExpression):
        yield from _tested(expression.right)
    elif isinstance(expression, LOGICAL):
        yield from _tested(expression.left)
        yield from _tested(expression.right)
    elif isinstance(expression, TESTS):
        sides = (expression.left, expression.right)
        if any(isinstance(side, NOTHING) for side in sides):
            yield from (_names(side) for side in sides if isinstance(side, Path))


def _paths(expression: Expression, excused: bool = False) -> Iterator[tuple[Reading, bool]]:
    """Every name that an expression reads, and whether a default stands for it."""
    if isinstance(expression, Path):
        if isinstance(expression.path[0], str):
            yield _names(expression), excused
    elif isinstance(expression, FilteredExpression):
        filters = expression.filters or []
        sure = excused or any(one.name == "default" for one in filters)
        yield from _paths(expression.left, sure)
        for one in filters:
            for part in one.children():
                yield from _paths(part)
        return
    for part in expression.children():
        yield from _paths(part, excused)


def _names(path: Path) -> Reading:
    names = []
    for segment in path.path:
        if not isinstance(segment, str):
            break
        names.append(segment)
    return tuple(names) or ("",)
