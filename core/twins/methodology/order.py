"""The order in which a method is taught: what comes before what, without going in circles."""

from __future__ import annotations

from collections.abc import Iterable

from core.domain.twins import Methodology, Node


def reaches(pairs: Iterable[tuple[str, str]], source: str, target: str) -> bool:
    """Whether a way leads from one to the other."""
    onward: dict[str, list[str]] = {}
    for start, end in pairs:
        onward.setdefault(start, []).append(end)
    seen, waiting = {source}, [source]
    while waiting:
        at = waiting.pop()
        if at == target:
            return True
        fresh = [one for one in onward.get(at, []) if one not in seen]
        seen.update(fresh)
        waiting += fresh
    return False


def order_of(methodology: Methodology) -> list[Node]:
    """The nodes so that each stands after what comes before it, a whole before its parts.

    What belongs to one part is done before the next part begins; else the weightiest is first,
    and what no order is known of comes last.
    """
    nodes = {node.id: node for node in methodology.nodes}
    pairs = _pairs(methodology, set(nodes))
    waits: dict[str, set[str]] = {one: set() for one in nodes}
    for source, target in pairs:
        waits[target].add(source)
    tied = {one for pair in pairs for one in pair}
    left = sorted(nodes, key=lambda one: (one not in tied, -nodes[one].weight, nodes[one].name))
    done: list[str] = []
    while left:
        ready = next((one for one in left if waits[one] <= set(done)), left[0])
        left.remove(ready)
        done.append(ready)
    return [nodes[one] for one in done]


def _pairs(methodology: Methodology, known: set[str]) -> list[tuple[str, str]]:
    """What comes before what: as it is said, then as far as the parts make it follow."""
    links = [one for one in methodology.links if {one.source, one.target} <= known]
    pairs = [(one.source, one.target) for one in links if one.kind == "before"]
    whole = [(one.target, one.source) for one in links if one.kind == "part_of"]
    follows = [(part, later) for one, later in pairs for start, part in whole if start == one]
    for source, target in (*whole, *follows):
        if source != target and not reaches(pairs, target, source):
            pairs.append((source, target))
    return pairs
