"""What a flow reads, and where its ways lead: looked at once, before any search."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

from core.domain.flows import TagConfig
from core.flows.compiled import CompiledFlow, CompiledStep
from core.flows.inspection import tokens_of
from core.flows.logic.syntax import Call, Literal, Node, Opaque, Reading, parse, reads_of, walk
from core.flows.logic.witness import Constants
from core.flows.reach.patterns import samples_of

Target = tuple[str, str]
"""A step, and the name of a way out of it."""
WAITING = ("check_in", "assessment")
FAR = 1_000_000
HOURS = ("reply", "hours")


def sources_in(step: CompiledStep) -> Iterator[str]:
    """Every expression of a step."""
    for condition in step.conditions:
        yield condition.source
    for value in step.values.values():
        if isinstance(value.source, str):
            yield value.source


@dataclass(frozen=True)
class Read:
    """What a flow reads.

    Attributes:
        flow: The flow.
        later: By step, everything that is read there or behind it.
        waits: The steps at or behind which a reply is waited for.
        constants: The numbers and texts of its conditions.
        paths: Everything that is read anywhere.
        tags: The tags that are read or set.
        inner: The names of fields in expressions that are not understood.
        opaque: What such expressions read.
        hours: The numbers that the age of a reply is held against.
    """

    flow: CompiledFlow
    later: Mapping[str, frozenset[Reading]]
    waits: frozenset[str]
    constants: Constants
    paths: frozenset[Reading]
    tags: tuple[str, ...]
    inner: frozenset[str]
    opaque: frozenset[Reading]
    hours: tuple[int | float, ...]
    links: Mapping[str, tuple[str, ...]] = field(repr=False)

    @classmethod
    def of(cls, flow: CompiledFlow) -> Read:
        """What this flow reads."""
        matters = _mattering(flow)
        own = {
            id: frozenset(path for one in _sources(step, matters) for path in reads_of(parse(one)))
            for id, step in flow.steps.items()
        }
        links = {
            id: tuple(dict.fromkeys(way.to for way in step.ways if way.to is not None))
            for id, step in flow.steps.items()
        }
        nodes = [parse(one) for step in flow.steps.values() for one in sources_in(step)]
        waiting = {
            id for id, step in flow.steps.items() if step.type in ("wait_for_reply", *WAITING)
        }
        return cls(
            flow,
            _gathered(own, links),
            frozenset(id for id, some in _gathered(_marks(links, waiting), links).items() if some),
            _constants(nodes),
            frozenset().union(*own.values()),
            tuple(dict.fromkeys((*_tags_read(nodes), *_tags_set(flow.steps.values())))),
            frozenset(name for node in nodes for name in _inner(node)),
            frozenset(path for node in nodes for path in _opaque(node)),
            _hours(flow, nodes),
            links,
        )

    def reads(self, *path: str) -> bool:
        """Whether a name, or the whole of what it belongs to, is read anywhere."""
        return any(one == path[: len(one)] for one in self.paths)

    @property
    def minds_opting_out(self) -> bool:
        """Whether opting out can change more than that no more messages are sent."""
        asks = any(step.type in WAITING for step in self.flow.steps.values())
        return asks or self.reads("contact", "opted_out")

    def distances(self, targets: Iterable[Target]) -> dict[str, int]:
        """How far each step is from the nearest step that has one of these ways."""
        behind: dict[str, list[str]] = {}
        for id, tos in self.links.items():
            for to in tos:
                behind.setdefault(to, []).append(id)
        far = dict.fromkeys((step for step, _ in targets), 0)
        open_ = deque(far)
        while open_:
            step = open_.popleft()
            for before in behind.get(step, ()):
                if before not in far:
                    far[before] = far[step] + 1
                    open_.append(before)
        return far


def _sources(step: CompiledStep, matters: set[str]) -> Iterator[str]:
    """The expressions of a step on which some condition depends."""
    yield from (condition.source for condition in step.conditions)
    for name, value in step.values.items():
        if name in matters and isinstance(value.source, str):
            yield value.source


def _mattering(flow: CompiledFlow) -> set[str]:
    """The names on which some condition depends, straight or through variables."""
    matters: set[str] = set()
    new = {
        path[0]
        for step in flow.steps.values()
        for one in step.conditions
        for path in reads_of(parse(one.source))
    }
    while new - matters:
        matters |= new
        new = {
            path[0]
            for step in flow.steps.values()
            if step.values
            for one in _sources(step, matters)
            for path in reads_of(parse(one))
        }
    return matters


def _marks(links: Mapping[str, object], marked: set[str]) -> dict[str, frozenset[Reading]]:
    return {id: frozenset(((id,),)) if id in marked else frozenset() for id in links}


def _gathered(
    own: Mapping[str, frozenset[Reading]], links: Mapping[str, tuple[str, ...]]
) -> dict[str, frozenset[Reading]]:
    """By step, what it and all steps behind it have."""
    every = sorted(frozenset().union(*own.values()))
    place = {path: 1 << number for number, path in enumerate(every)}
    bits = {id: sum(place[path] for path in paths) for id, paths in own.items()}
    behind: dict[str, list[str]] = {}
    for id, tos in links.items():
        for to in tos:
            behind.setdefault(to, []).append(id)
    open_ = deque(bits)
    while open_:
        id = open_.popleft()
        for before in behind.get(id, ()):
            more = bits[before] | bits[id]
            if more != bits[before]:
                bits[before] = more
                open_.append(before)
    made: dict[int, frozenset[Reading]] = {}
    for found in set(bits.values()):
        made[found] = frozenset(path for path in every if place[path] & found)
    return {id: made[found] for id, found in bits.items()}


def _constants(nodes: list[Node]) -> Constants:
    """The constants of all conditions, and texts that its patterns fit."""
    found = Constants.of([*nodes, *(one for node in nodes for one in _hidden(node))])
    samples = [
        text
        for node in nodes
        for part in walk(node)
        if isinstance(part, Call) and part.name == "matches" and isinstance(part.args[-1], Literal)
        for text in samples_of(str(part.args[-1].value))[0]
    ]
    return Constants(found.numbers, tuple(dict.fromkeys((*found.texts, *samples))))


def _tags_read(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if not any(path[:2] == ("contact", "tags") for path in reads_of(node)):
            continue
        for part in (*walk(node), *_hidden(node)):
            if isinstance(part, Literal) and isinstance(part.value, str):
                yield part.value


def _hidden(node: Node) -> Iterator[Literal]:
    """The constants of what is not understood."""
    for part in walk(node):
        if not isinstance(part, Opaque):
            continue
        for token in tokens_of(part.source):
            value = parse(token.text) if token.kind in ("text", "number") else None
            if isinstance(value, Literal):
                yield value


def _inner(node: Node) -> Iterator[str]:
    """The names of fields in what is not understood; one is there wherever there is such a part."""
    for part in walk(node):
        if isinstance(part, Opaque):
            tokens = tokens_of(part.source)
            yield from (one.text for before, one in pairwise(tokens) if before.text == ".")
            yield "value"


def _hours(flow: CompiledFlow, nodes: list[Node]) -> tuple[int | float, ...]:
    """The numbers beside ``reply.hours``; all that there are where a variable keeps it."""

    def timed(node: Node) -> bool:
        return any(HOURS[: len(path)] == path for path in reads_of(node))

    values = (one.source for step in flow.steps.values() for one in step.values.values())
    if not any(timed(parse(one)) for one in values if isinstance(one, str)):
        nodes = [node for node in nodes if timed(node)]
    return tuple(_constants(nodes).numbers)


def _opaque(node: Node) -> Iterator[Reading]:
    for part in walk(node):
        if isinstance(part, Opaque):
            yield from part.reads


def _tags_set(steps: Iterable[CompiledStep]) -> Iterator[str]:
    for step in steps:
        if step.type == "tag":
            config = cast(TagConfig, step.config)
            for words in (config.add, config.remove):
                yield from [words] if isinstance(words, str) else words
