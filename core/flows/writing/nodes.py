"""A YAML text as a tree of what stands where in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from core.flows.yaml_events import LOADER, scalar_of

Kind = Literal["scalar", "map", "list"]
ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


@dataclass(slots=True)
class Node:
    """A value and the place of its text, from ``start`` to ``end``, without what surrounds it.

    Attributes:
        column: Where the text begins on its line; of a block, where its keys or dashes stand.
        inline: Whether it is a mapping in braces or a list in brackets.
        style: A scalar's: ``|``, ``>``, a quote, or nothing where it is plain.
        keys: Of a mapping, the keys of ``items``.
    """

    kind: Kind
    value: Any
    start: int
    end: int
    column: int
    inline: bool = False
    style: str = ""
    keys: list[Node] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Whether its parts stand in lines of their own."""
        return self.kind != "scalar" and not self.inline

    @property
    def is_block_text(self) -> bool:
        """Whether it is a text that stands in lines of its own."""
        return self.style in ("|", ">")


def tree_of(text: str) -> Node:
    """The tree of a text that can be read as a flow."""
    events = iter(yaml.parse(text, Loader=LOADER))
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            return _node(event, events, text)
    raise ValueError("there is nothing in it")


def _node(event: Any, events: Iterator[Any], text: str) -> Node:
    start, end = event.start_mark, event.end_mark.index
    if isinstance(event, yaml.ScalarEvent):
        if event.style in ("|", ">"):
            end = _end_of_block(text, start.index, end)
        value = scalar_of(event)
        return Node("scalar", value, start.index, end, start.column, style=event.style or "")
    node = Node("list", [], start.index, start.index, start.column, inline=event.flow_style)
    if isinstance(event, yaml.MappingStartEvent):
        _fill_mapping(node, events, text)
    else:
        _fill_list(node, events, text)
    return node


def _fill_mapping(node: Node, events: Iterator[Any], text: str) -> None:
    node.kind, node.value = "map", {}
    for event in events:
        if isinstance(event, ENDS):
            _close(node, event)
            return
        key = _node(event, events, text)
        value = _node(next(events), events, text)
        key.value = key.value if isinstance(key.value, str) else text[key.start : key.end]
        node.keys.append(key)
        node.items.append(value)
        node.value[key.value] = value.value


def _fill_list(node: Node, events: Iterator[Any], text: str) -> None:
    for event in events:
        if isinstance(event, ENDS):
            _close(node, event)
            return
        item = _node(event, events, text)
        node.items.append(item)
        node.value.append(item.value)


def _close(node: Node, event: Any) -> None:
    """Where it ends: at its bracket, or behind the last thing in it."""
    if node.inline:
        node.end = event.end_mark.index
    elif node.items:
        node.end = node.items[-1].end
        first = node.keys[0] if node.keys else node
        node.column = first.column


def _end_of_block(text: str, start: int, end: int) -> int:
    """Where a block's text ends, without the blank lines below that do not count."""
    header = text[start : text.find("\n", start)]
    if "+" in header.partition("#")[0]:
        return end
    body = text[start:end].rstrip()
    return min(start + len(body) + 1, end)
