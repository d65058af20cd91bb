"""The Liquid that messages are written in: no files, no clock of its own, and nothing for long.

Liquid's own limits count what nests; these count what a template costs altogether.
"""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any, TextIO

import liquid
from liquid import BoundTemplate, Environment, RenderContext
from liquid.exceptions import (
    LoopIterationLimitError,
    OutputStreamLimitError,
    ResourceLimitError,
)
from liquid.utils import ReadOnlyChainMap

MAX_OUTPUT = 100_000
MAX_ITEMS = 1_000
MAX_LOOPS = 1_000
LEAST_LOOPS = 20
MAX_LOOP_WORK = 2_000_000
MAX_FILTER_WORK = 5_000_000
FILTER_COST = 50
MULTIPLYING = frozenset({"replace", "replace_first", "replace_last", "join"})
REFUSED_TAGS = ("include", "render")
CLOCK = {"now": "2026-01-05 09:00", "today": "2026-01-05"}
"""What ``now`` and ``today`` are where the context does not say: the first simulated Monday."""


class Output(StringIO):
    """An output that stops at its limit."""

    def __init__(self, left: int = MAX_OUTPUT) -> None:
        super().__init__()
        self.left = left

    def write(self, text: str, /) -> int:
        """Write, unless that would be too much."""
        self.left -= len(text)
        if self.left < 0:
            raise OutputStreamLimitError(f"it is longer than {MAX_OUTPUT:,} characters", token=None)
        return super().write(text)


class Scene(RenderContext):
    """A render context that counts what the template costs."""

    __slots__ = ("loops_left", "work_left")

    def __init__(self, template: BoundTemplate, **more: Any) -> None:
        super().__init__(template, **more)
        length = template.length if isinstance(template, LimitedTemplate) else 1
        self.loops_left = min(MAX_LOOPS, max(LEAST_LOOPS, MAX_LOOP_WORK // length))
        self.work_left = MAX_FILTER_WORK

    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Count every turn of every loop, one after the other as well as nested."""
        self.loops_left -= length
        if self.loops_left < 0:
            raise LoopIterationLimitError("it loops too often", token=None)

    def get_buffer(self, buf: TextIO | None = None) -> StringIO:
        """An output that may hold what the one around it has left."""
        return Output(buf.left if isinstance(buf, Output) else MAX_OUTPUT)

    def filter(self, name: str, token: Any) -> Callable[..., object]:
        """The filter, refusing what would grow beyond the limits."""
        function = super().filter(name, token)

        def limited(left: Any, *arguments: Any, **named: Any) -> object:
            self._spend(name, left, arguments)
            return function(left, *arguments, **named)

        return limited

    def _spend(self, name: str, left: Any, arguments: tuple[Any, ...]) -> None:
        size = size_of(left)
        widest = max(map(size_of, arguments), default=0)
        if name in MULTIPLYING:
            size *= max(widest, 1)
        self.work_left -= size + widest + FILTER_COST
        if max(size, widest) > MAX_OUTPUT or self.work_left < 0:
            raise ResourceLimitError(f"“{name}” is given too much", token=None)


class LimitedTemplate(BoundTemplate):
    """A template that is rendered within the limits; ``length`` is its source's."""

    context_class = Scene
    length = 1

    def _get_buffer(self) -> StringIO:
        return Output()

    def scene(self, context: Any) -> Scene:
        """A render context of its own."""
        return Scene(self, globals=ReadOnlyChainMap(context, self.globals))


class LimitedEnvironment(Environment):
    """Liquid within the limits."""

    template_class = LimitedTemplate
    block_nesting_limit = 20
    context_depth_limit = 30
    local_namespace_limit = 1_000_000


def size_of(value: Any) -> int:
    """About how many characters a value has."""
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, int):
        return value.bit_length() // 3
    if isinstance(value, range):
        value = (None,) * min(max(value.stop - value.start, 0), MAX_ITEMS + 1)
    if isinstance(value, (list, tuple, dict)):
        if len(value) > MAX_ITEMS:
            raise ResourceLimitError(f"a list has more than {MAX_ITEMS:,} items", token=None)
        return sum(len(item) if isinstance(item, str) else 20 for item in value)
    return 20


def make_environment() -> Environment:
    """The Liquid that every message is read with."""
    environment = LimitedEnvironment(tolerance=liquid.Mode.STRICT, globals=CLOCK)
    for tag in REFUSED_TAGS:
        del environment.tags[tag]
    plain_date = environment.filters["date"]

    @liquid.filter.with_context
    def date(value: Any, form: Any = "%Y-%m-%d", *, context: RenderContext) -> object:
        """The plain filter, whose ``now`` and ``today`` are the simulated ones."""
        moment = context.resolve(value) if value in CLOCK else value
        return plain_date(moment, str(form)[:200], environment=environment)

    environment.add_filter("date", date)
    return environment
