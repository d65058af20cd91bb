"""What a creator corrects in their method by hand; each gives a new method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from core.domain.errors import BadInput, Conflict, NotFound
from core.domain.twins import Link, LinkKind, Methodology, Node, NodeKind
from core.twins.methodology.order import reaches
from core.twins.methodology.places import apart
from core.twins.methodology.wording import key, node_id, same_node

MOST_STEPS, LONGEST_STEP = 30, 1_000


def rename_node(methodology: Methodology, node: str, name: str) -> Methodology:
    """Give a node another name; its id stays, so whatever points at it still does.

    Raises:
        NotFound: If there is no such node.
        BadInput: If this cannot be a name.
        Conflict: If another node of its kind has this name.
    """
    old = _node(methodology, node)
    _free(methodology, old.kind, name, but=node)
    return _with(methodology, _changed(old, name=name))


def change_node(
    methodology: Methodology,
    node: str,
    *,
    says: str | None = None,
    steps: Sequence[str] | None = None,
    kind: NodeKind | None = None,
) -> Methodology:
    """Change what a node says, its steps or its kind; None leaves each as it is.

    Raises:
        NotFound: If there is no such node.
        BadInput: If this cannot be said, or something else than an exercise gets steps.
        Conflict: If another node of the new kind has its name.
    """
    old = _node(methodology, node)
    new: dict[str, Any] = {"kind": kind or old.kind}
    if kind is not None and kind != old.kind:
        _free(methodology, kind, old.name, but=node)
        new["steps"] = old.steps if kind == "exercise" else ()
    if says is not None:
        new["says"] = says.strip()
    if steps is not None:
        new["steps"] = _steps(steps, new["kind"])
    return _with(methodology, _changed(old, **new))


def add_node(
    methodology: Methodology, kind: NodeKind, name: str, says: str = "", steps: Sequence[str] = ()
) -> Methodology:
    """Add a node; its places in the content are found when the twin is trained next.

    Raises:
        BadInput: If it cannot be called this, or something else than an exercise has steps.
        Conflict: If there is one of this kind and name.
    """
    _free(methodology, kind, name)
    values = {"kind": kind, "name": name, "says": says.strip(), "steps": _steps(steps, kind)}
    made = _valid({**values, "id": _new_id(methodology, kind, name), "by_hand": True})
    removed = tuple(one for one in methodology.removed if not same_node(one, made))
    return methodology.model_copy(update={"nodes": (*methodology.nodes, made), "removed": removed})


def remove_node(methodology: Methodology, node: str) -> Methodology:
    """Take a node out, with its links; it does not come back by training.

    Raises:
        NotFound: If there is no such node.
    """
    old = _node(methodology, node)
    return methodology.model_copy(
        update={
            "nodes": tuple(one for one in methodology.nodes if one.id != node),
            "links": tuple(
                one for one in methodology.links if node not in (one.source, one.target)
            ),
            "removed": (*methodology.removed, old),
        }
    )


def restore_node(methodology: Methodology, node: str) -> Methodology:
    """Put a node back that was taken out; its links are found when the twin is trained next.

    Raises:
        NotFound: If it is not among those that were taken out.
        Conflict: If there is another one of its kind and name by now.
    """
    old = next((one for one in methodology.removed if one.id == node), None)
    if old is None:
        raise NotFound("Nothing that was taken out of the method has this id.", place=node)
    _free(methodology, old.kind, old.name)
    return methodology.model_copy(
        update={
            "nodes": (*methodology.nodes, old),
            "removed": tuple(one for one in methodology.removed if one.id != node),
        }
    )


def merge_nodes(methodology: Methodology, node: str, other: str) -> Methodology:
    """Make two nodes one: the first keeps its words and takes the other's places and links.

    The other is kept among what was taken out, without its places, so that it does not come back
    and what was said there may still be cited.

    Raises:
        NotFound: If there is no such node.
        BadInput: If both are the same.
        Conflict: If the order would go in circles.
    """
    first, second = _node(methodology, node), _node(methodology, other)
    if node == other:
        raise BadInput("A node cannot be merged with itself.", fix="Choose another one.")
    merged = _changed(
        first,
        says=first.says or second.says,
        steps=first.steps or (second.steps if first.kind == "exercise" else ()),
        passages=apart((*first.passages, *second.passages)),
        weight=max(first.weight, second.weight),
    )
    left = _with(methodology, merged)
    moved = _moved(methodology.links, node, other)
    order = [(one.source, one.target) for one in moved if one.kind == "before"]
    if any(reaches(order, target, source) for source, target in order):
        raise Conflict(
            f"“{second.name}” comes before something that comes before “{first.name}”.",
            fix="Remove one of the links between them, then merge them.",
        )
    return left.model_copy(
        update={
            "nodes": tuple(one for one in left.nodes if one.id != other),
            "links": moved,
            "removed": (*methodology.removed, second.model_copy(update={"passages": ()})),
        }
    )


def add_link(methodology: Methodology, source: str, target: str, kind: LinkKind) -> Methodology:
    """Say how two nodes hang together.

    Raises:
        NotFound: If there is no such node.
        BadInput: If both are the same.
        Conflict: If this link is there, or would make the order go in circles.
    """
    first, second = _node(methodology, source), _node(methodology, target)
    if source == target:
        raise BadInput("A node cannot be linked with itself.", fix="Choose another one.")
    same = [one for one in methodology.links if one.kind == kind]
    if any((one.source, one.target) == (source, target) for one in same):
        raise Conflict(f"“{first.name}” and “{second.name}” are linked like this already.")
    pairs = [(one.source, one.target) for one in same]
    if kind != "uses" and reaches(pairs, target, source):
        word = "comes before" if kind == "before" else "is a part of"
        raise Conflict(
            f"“{second.name}” {word} “{first.name}” already, so it cannot be the other way round.",
            fix="Remove a link between them first.",
        )
    made = Link(source=source, target=target, kind=kind, by_hand=True)
    removed = tuple(one for one in methodology.removed_links if one != made)
    return methodology.model_copy(
        update={"links": (*methodology.links, made), "removed_links": removed}
    )


def remove_link(methodology: Methodology, source: str, target: str, kind: LinkKind) -> Methodology:
    """Take a link out; it does not come back by training.

    Raises:
        NotFound: If there is no such link.
    """
    kept = tuple(
        one
        for one in methodology.links
        if (one.source, one.target, one.kind) != (source, target, kind)
    )
    if len(kept) == len(methodology.links):
        raise NotFound("There is no such link in the method.", place=f"{source} {kind} {target}")
    out = Link(source=source, target=target, kind=kind, by_hand=True)
    return methodology.model_copy(
        update={"links": kept, "removed_links": (*methodology.removed_links, out)}
    )


def _node(methodology: Methodology, node: str) -> Node:
    found = next((one for one in methodology.nodes if one.id == node), None)
    if found is None:
        raise NotFound("There is nothing in the method with this id.", place=node)
    return found


def _free(methodology: Methodology, kind: NodeKind, name: str, but: str = "") -> None:
    """Say so where a node of this kind has this name."""
    for one in methodology.nodes:
        if one.id != but and one.kind == kind and key(one.name) == key(name):
            raise Conflict(
                f"There is a {kind} called “{one.name}” already.",
                fix="Choose another name, or merge the two.",
            )


def _new_id(methodology: Methodology, kind: NodeKind, name: str) -> str:
    """The id that its name gives; another where a renamed node has that one."""
    taken = {one.id for one in methodology.nodes}
    wanted = found = node_id(kind, name)
    number = 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found


def _steps(steps: Sequence[str], kind: NodeKind) -> tuple[str, ...]:
    kept = tuple(" ".join(one.split()) for one in steps if one.strip())
    if kept and kind != "exercise":
        raise BadInput("Only an exercise has steps.", fix="Make it an exercise, or leave them out.")
    if len(kept) > MOST_STEPS or any(len(one) > LONGEST_STEP for one in kept):
        raise BadInput(
            f"An exercise has at most {MOST_STEPS} steps of {LONGEST_STEP:,} characters each.",
            fix="Make it shorter.",
        )
    return kept


def _changed(node: Node, **values: Any) -> Node:
    return _valid({**dict(node), **values, "by_hand": True})


def _valid(values: dict[str, Any]) -> Node:
    try:
        return Node.model_validate(values)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise BadInput(
            f"This cannot be in the method: {wrong['msg']}.", place=str(wrong["loc"][0])
        ) from None


def _with(methodology: Methodology, node: Node) -> Methodology:
    nodes = tuple(node if one.id == node.id else one for one in methodology.nodes)
    return methodology.model_copy(update={"nodes": nodes})


def _moved(links: Sequence[Link], node: str, other: str) -> tuple[Link, ...]:
    """Links of the other node at the first one, each once; those between the two fall away."""
    kept: dict[tuple[str, str, LinkKind], Link] = {}
    for link in links:
        source = node if link.source == other else link.source
        target = node if link.target == other else link.target
        if source == target:
            continue
        by_hand = link.by_hand or other in (link.source, link.target)
        made = Link(source=source, target=target, kind=link.kind, by_hand=by_hand)
        old = kept.get((source, target, link.kind))
        kept[(source, target, link.kind)] = made if old is None or not old.by_hand else old
    return tuple(kept.values())
