"""Small workflows of n8n and bots of Typebot, written for tests in the forms that those have."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from core.domain.flow_tests import ScriptedReply
from core.flows import compile_flow, play_scripted
from core.flows.foreign import Imported, import_flow

BASE = "n8n-nodes-base."


def node(
    name: str, kind: str, given: dict[str, Any] | None = None, version: float = 1, **more: Any
) -> dict[str, Any]:
    """A node of n8n."""
    type_ = kind if "." in kind else BASE + kind
    return {
        "id": f"id-{name}",
        "name": name,
        "type": type_,
        "typeVersion": version,
        "position": more.pop("position", [0, 0]),
        "parameters": given or {},
        **more,
    }


def workflow(
    nodes: Sequence[dict[str, Any]], *links: str | tuple[str, int, str], **more: Any
) -> dict[str, Any]:
    """A workflow; a link is ``"A > B > C"``, or a node, its way out, and where that leads.

    Nodes without a place stand below each other in the order given.
    """
    connections: dict[str, Any] = {}
    for number, one in enumerate(nodes):
        if one["position"] == [0, 0]:
            one["position"] = [0, 100 * number]
    for link in links:
        names = link.split(" > ") if isinstance(link, str) else []
        edges = [(a, 0, b) for a, b in pairwise(names)] or [link]
        for start, port, end in edges:
            ports = connections.setdefault(start, {"main": []})["main"]
            while len(ports) <= port:
                ports.append([])
            ports[port].append({"node": end, "type": "main", "index": 0})
    return {"name": "Ours", "nodes": list(nodes), "connections": connections, **more}


def bot(
    groups: dict[str, list[dict[str, Any]]],
    edges: Sequence[tuple[str, str]] = (),
    variables: Sequence[str] = (),
    version: str = "6",
    start: str | None = None,
) -> dict[str, Any]:
    """A Typebot; an edge is ``block`` or ``block/item`` and the group that it leads to."""
    first = start or next(iter(groups))
    links = [{"id": "e-start", "from": {"eventId": "start"}, "to": {"groupId": first}}]
    for number, (source, target) in enumerate(edges):
        id = f"e-{number}"
        links.append({"id": id, "from": {"blockId": source}, "to": {"groupId": target}})
        block, _, item = source.partition("/")
        for one in (one for blocks in groups.values() for one in blocks if one["id"] == block):
            holder = next((i for i in one.get("items", ()) if i["id"] == item), one)
            holder["outgoingEdgeId"] = id
    documents = [
        {"id": id, "title": id, "graphCoordinates": {"x": 300 * n, "y": 0}, "blocks": blocks}
        for n, (id, blocks) in enumerate(groups.items())
    ]
    document: dict[str, Any] = {
        "version": version,
        "name": "Our bot",
        "groups": documents,
        "edges": links,
        "variables": [{"id": f"v-{name}", "name": name} for name in variables],
    }
    if version == "6":
        document["events"] = [{"id": "start", "type": "start", "outgoingEdgeId": "e-start"}]
    else:
        begin = {"id": "start", "type": "start", "label": "Start", "outgoingEdgeId": "e-start"}
        documents.insert(0, {"id": "g-start", "title": "Start", "blocks": [begin]})
    return document


def says(id: str, *lines: str) -> dict[str, Any]:
    """A text bubble."""
    rich = [{"type": "p", "children": [{"text": line}]} for line in lines]
    return {"id": id, "type": "text", "content": {"richText": rich}}


def imported(document: dict[str, Any]) -> Imported:
    """A document read, which can be rehearsed."""
    found = import_flow(json.dumps(document))
    compile_flow(found.document)
    return found


def step(found: Imported, id: str) -> dict[str, Any]:
    """A step of what was made."""
    return next(one for one in found.document["steps"] if one["id"] == id)


def row(found: Imported, name: str) -> dict[str, Any]:
    """The report's row of a node, by its name or its id."""
    return next(one for one in found.report if name in (one["name"], one["id"]))


def walked(found: Imported, replies: Sequence[str] = (), **contact: Any) -> list[str]:
    """The steps that somebody comes to who replies with these words."""
    scripted = [ScriptedReply(text=text) for text in replies]
    rows = asyncio.run(play_scripted(compile_flow(found.document), contact, scripted))
    return [str(one[4]) for one in rows if one[3] == "stepped"]
