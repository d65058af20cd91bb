"""The nodes of an n8n workflow and what leads where, as the export gives them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from core.domain.errors import BadInput
from core.flows.foreign.names import unique

MOST_NODES = 3_000
MOST_PORTS = 100
TRIGGERS = frozenset(
    "webhook cron interval start emailReadImap emailReadImapV2 rssFeedReadTrigger".split()
)


@dataclass
class Node:
    """One node as the export has it.

    Attributes:
        key: Its name, or with a number where another has the same.
        kind: The last part of its type: ``slack``.
        outs: For each way out, the keys that it leads to.
        helps: The nodes that it serves as a model, a memory or a tool.
        nowhere: Names that it leads to and that do not exist.
    """

    key: str
    id: str
    name: str
    type: str
    version: float
    parameters: dict[str, Any]
    at: tuple[float, float]
    disabled: bool = False
    fails: bool = False
    comment: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    outs: list[list[str]] = field(default_factory=list)
    helps: list[str] = field(default_factory=list)
    nowhere: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The last part of its type."""
        return self.type.rsplit(".", 1)[-1]

    @property
    def is_note(self) -> bool:
        """Whether it is a sticky note."""
        return self.kind == "stickyNote"

    @property
    def is_trigger(self) -> bool:
        """Whether a workflow starts here."""
        kind = self.kind
        return kind in TRIGGERS or kind.lower().endswith("trigger")

    def get(self, *path: str, default: Any = None) -> Any:
        """A parameter, however deep; the default where it is not there."""
        here: Any = self.parameters
        for key in path:
            if not isinstance(here, dict) or key not in here:
                return default
            here = here[key]
        return here

    def text(self, *path: str) -> str:
        """A parameter as text; empty where there is none."""
        value = self.get(*path)
        if isinstance(value, (dict, list)) or value is None:
            return ""
        return str(value)


def read_nodes(document: dict[str, Any]) -> dict[str, Node]:
    """Every node of a workflow by its key.

    Raises:
        BadInput: If its nodes are no list of nodes.
    """
    raw = document.get("nodes")
    if not isinstance(raw, list):
        raise BadInput("This n8n workflow has no list of nodes.", place="nodes")
    if len(raw) > MOST_NODES:
        raise BadInput(f"It has {len(raw):,} nodes; at most {MOST_NODES:,} can be read.")
    nodes: dict[str, Node] = {}
    for number, one in enumerate(raw):
        node = _node(one, number, nodes)
        nodes[node.key] = node
    _connect(document, nodes)
    return nodes


def _node(raw: Any, number: int, taken: dict[str, Node]) -> Node:
    place = f"nodes[{number}]"
    if not isinstance(raw, dict):
        raise BadInput("A node is an object with a type.", place=place)
    type_ = raw.get("type")
    name = raw.get("name")
    name = name if isinstance(name, str) and name.strip() else f"Node {number + 1}"
    id_ = raw.get("id")
    parameters = raw.get("parameters")
    comment = raw.get("notes")
    return Node(
        key=unique(name, taken),
        id=str(id_) if isinstance(id_, (str, int)) and str(id_) else f"node-{number + 1}",
        name=name,
        type=type_ if isinstance(type_, str) and type_ else "unknown",
        version=_number(raw.get("typeVersion"), 1.0),
        parameters=parameters if isinstance(parameters, dict) else {},
        at=_place(raw.get("position")),
        disabled=raw.get("disabled") is True,
        fails=raw.get("onError") == "continueErrorOutput",
        comment=comment if isinstance(comment, str) else "",
        extra=raw,
    )


def _number(value: Any, otherwise: float) -> float:
    good = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if good and math.isfinite(value) else otherwise


def _place(value: Any) -> tuple[float, float]:
    if isinstance(value, dict):
        value = [value.get("x"), value.get("y")]
    if not isinstance(value, list) or len(value) < 2:
        return (0.0, 0.0)
    x, y = (max(-1e6, min(1e6, _number(one, 0.0))) for one in value[:2])
    return (x, y)


def _connect(document: dict[str, Any], nodes: dict[str, Node]) -> None:
    connections = document.get("connections")
    ids = {node.id: node.key for node in nodes.values()}
    for source, kinds in connections.items() if isinstance(connections, dict) else ():
        node = nodes.get(source) or nodes.get(ids.get(source, ""))
        if node is None or not isinstance(kinds, dict):
            continue
        by_id = source not in nodes
        for kind, ports in kinds.items():
            for port, to in _edges(ports):
                key = to if to in nodes else ids.get(to)
                if by_id and key is not None and nodes[key].kind == "stopAndError":
                    key = None
                _lead(node, str(kind), port, key, to)


def _edges(ports: Any) -> Iterator[tuple[int, str]]:
    for port, targets in enumerate(ports[:MOST_PORTS] if isinstance(ports, list) else ()):
        for target in targets if isinstance(targets, list) else ():
            to = target.get("node") if isinstance(target, dict) else None
            if isinstance(to, str):
                yield port, to


def _lead(node: Node, kind: str, port: int, key: str | None, to: str) -> None:
    if key is None:
        if to not in node.nowhere:
            node.nowhere.append(to)
    elif kind != "main":
        node.helps.append(key)
    else:
        while len(node.outs) <= port:
            node.outs.append([])
        if key not in node.outs[port]:
            node.outs[port].append(key)


def line_up(nodes: dict[str, Node], walked: list[str]) -> bool:
    """Where no connection leads anywhere, let each node lead to the one right of it.

    Gives whether that was needed. What ends everything comes last.
    """
    if len(walked) < 2 or any(outs for node in nodes.values() for outs in node.outs):
        return False

    def order(key: str) -> tuple[bool, bool, float, float]:
        node = nodes[key]
        return (node.kind == "stopAndError", not node.is_trigger, *node.at)

    line = sorted(walked, key=order)
    for key, after in pairwise(line):
        nodes[key].outs = [[after]]
    return True
