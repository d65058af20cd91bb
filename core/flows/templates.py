"""Messages in Liquid: read once, rendered often.

A template sees plain data only: no attributes, no files, no clock but the one that it is given.
Texts and paths (``{{ contact.first_name | default: 'there' }}``) are filled in directly; whatever
else a template holds, Liquid renders within its limits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from liquid.ast import Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, Path, StringLiteral
from liquid.builtin.output import OutputNode
from liquid.exceptions import LiquidError, LiquidInterrupt, ResourceLimitError, StopRender

from core.domain.errors import BadInput
from core.flows.limits import CLOCK, MAX_OUTPUT, LimitedTemplate, Output, Scene, make_environment

MAX_SOURCE = 100_000
MAX_TAGS = 1_000
MAX_TAG = 2_000
LOOP_WEIGHT = 5_000
LOOPS = frozenset({"for", "tablerow", "liquid"})
COUNTERS = frozenset({"increment", "decrement"})
SPACES = re.compile(r"\s{200}")
OPENING = re.compile(r"\{\{|\{%")
SPECIAL = frozenset({"size", "first", "last"})
PLAIN = frozenset({str, int, float, bool, type(None)})
ENVIRONMENT = make_environment()
Slot = tuple[tuple[str, ...], str]
Part = str | Slot | Node


class TemplateError(BadInput):
    """A template that cannot be read or rendered; ``limit`` says whether it was a limit."""

    title = "This message cannot be rendered"

    def __init__(self, message: str, *, limit: bool = False, **where: str | None) -> None:
        super().__init__(message, **where)
        self.limit = limit


class Template:
    """One text of a step.

    Attributes:
        variables: The top-level names that it reads.
        constant: The text itself, where it holds no tags.
        hidden: The paths with a name that begins with ``_``.
        weight: How much it may cost to render: 0 where it holds no loop.
    """

    __slots__ = ("_parsed", "_parts", "constant", "hidden", "source", "variables", "weight")

    def __init__(self, source: str) -> None:
        """Read a template.

        Raises:
            TemplateError: If it cannot be read; names the line and column.
        """
        self.source = source
        self.constant = source if "{{" not in source and "{%" not in source else None
        self.variables: frozenset[str] = frozenset()
        self.hidden: tuple[str, ...] = ()
        self.weight = 0
        self._parts: tuple[Part, ...] | None = None
        if self.constant is None:
            self._parsed = _parse(source)
            self._analyse()

    @property
    def nodes(self) -> Sequence[Node]:
        """Its syntax tree, for those who look at what it reads."""
        return () if self.constant is not None else self._parsed.nodes

    def render(self, context: Mapping[str, Any]) -> str:
        """The text for one contact; what is undefined is empty.

        Raises:
            TemplateError: If it goes over a limit or cannot be rendered.
        """
        if self.constant is not None:
            return self.constant
        try:
            text = self._fill(context) if self._parts is not None else None
            return self._parsed.render(context) if text is None else text
        except LiquidError as error:
            raise _translated(error) from None
        except (RecursionError, ArithmeticError, ValueError, TypeError, LookupError) as error:
            raise TemplateError(f"it cannot be rendered: {error}") from None

    def _analyse(self) -> None:
        """Find what it reads, and cut it into parts where no part changes what others see."""
        try:
            found = self._parsed.analyze(include_partials=False)
        except (LiquidError, RecursionError):
            return
        for name, places in found.filters.items():
            if name not in ENVIRONMENT.filters:
                place = _place(self.source, places[0].index)
                raise TemplateError(f"there is no filter “{name}”", place=place)
        self.variables = frozenset(found.globals)
        paths = [one.segments for places in found.variables.values() for one in places]
        self.hidden = tuple(
            ".".join(map(str, path))
            for path in paths
            if any(isinstance(name, str) and name.startswith("_") for name in path)
        )
        self.weight = LOOP_WEIGHT + len(self.source) if LOOPS & set(found.tags) else 0
        if not found.locals and not COUNTERS & set(found.tags):
            self._parts = tuple(_part(node) for node in self._parsed.nodes)

    def _fill(self, context: Mapping[str, Any]) -> str | None:
        """The text, part for part; None where Liquid itself must render the whole."""
        words: list[str] = []
        scene: Scene | None = None
        for part in self._parts or ():
            if isinstance(part, str):
                words.append(part)
            elif isinstance(part, tuple):
                word = _look_up(part, context)
                if word is None:
                    return None
                words.append(word)
            else:
                scene = scene or self._parsed.scene(context)
                output = Output()
                try:
                    part.render(scene, output)
                except (LiquidError, LiquidInterrupt, StopRender):
                    return None
                words.append(output.getvalue())
        text = "".join(words)
        return text if len(text) <= MAX_OUTPUT else None


def _parse(source: str) -> LimitedTemplate:
    if len(source) > MAX_SOURCE:
        raise TemplateError(f"it has more than {MAX_SOURCE:,} characters", limit=True)
    _check_tags(source)
    try:
        parsed = ENVIRONMENT.from_string(source)
    except RecursionError:
        raise TemplateError("it nests too deep", limit=True) from None
    except LiquidError as error:
        if isinstance(error.__cause__, RecursionError):
            raise TemplateError("it nests too deep", limit=True) from None
        raise _translated(error) from None
    assert isinstance(parsed, LimitedTemplate)
    parsed.length = max(len(source), 1)
    return parsed


def _check_tags(source: str) -> None:
    """Find a tag that is never closed, or too many, before Liquid's lexer spends time on it."""
    position = count = 0
    while match := OPENING.search(source, position):
        end = source.find("}}" if match[0] == "{{" else "%}", match.end())
        if end < 0:
            problem, limit = f"“{match[0]}” is never closed", False
        elif end - match.end() > MAX_TAG:
            problem, limit = f"a tag is longer than {MAX_TAG:,} characters", True
        elif SPACES.search(source, match.end(), end):
            problem, limit = "a tag holds too many spaces", True
        elif (count := count + 1) > MAX_TAGS:
            problem, limit = f"it has more than {MAX_TAGS:,} tags", True
        else:
            position = end + 2
            continue
        raise TemplateError(problem, limit=limit, place=_place(source, match.start()))


def _place(source: str, at: int) -> str:
    return f"line {source.count(chr(10), 0, at) + 1}, column {at - source.rfind(chr(10), 0, at)}"


def _translated(error: LiquidError) -> TemplateError:
    message = str(error.args[0] if error.args else error).splitlines()[0][:200]
    token = error.token
    known = token is not None and token.start_index >= 0
    place = _place(token.source, token.start_index) if token is not None and known else None
    return TemplateError(message, limit=isinstance(error, ResourceLimitError), place=place)


def _part(node: Node) -> Part:
    if isinstance(node, ContentNode):
        return node.text
    slot = _slot(node.expression) if isinstance(node, OutputNode) else None
    return node if slot is None else slot


def _slot(expression: object) -> Slot | None:
    """A path of names with at most a default text beside it, else None."""
    default = ""
    if isinstance(expression, FilteredExpression):
        for number, one in enumerate(expression.filters or []):
            value = one.args[0].value if len(one.args) == 1 else None
            if number or one.name != "default" or not isinstance(value, StringLiteral):
                return None
            default = value.value
        expression = expression.left
    if not isinstance(expression, Path):
        return None
    path = tuple(segment for segment in expression.path if isinstance(segment, str))
    if len(path) < len(expression.path) or path[0] in CLOCK or SPECIAL.intersection(path[1:]):
        return None
    return path, default


def _look_up(slot: Slot, context: Mapping[str, Any]) -> str | None:
    """The word for a slot; None where its value is no plain one."""
    path, default = slot
    value: Any = context
    for name in path:
        if value.__class__ is dict:
            value = value.get(name)
        elif value.__class__ in PLAIN:
            return default
        else:
            return None
    if value.__class__ is str:
        return value or default
    if value is None:
        return default
    return str(value) if value.__class__ is int else None
