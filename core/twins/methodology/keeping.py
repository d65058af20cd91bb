"""What the creator corrected stays: a method found anew, with their hand's work in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.domain.twins import Link, Methodology, Node, Passage
from core.twins.methodology.layout import Corpus
from core.twins.methodology.order import reaches
from core.twins.methodology.places import MOST, apart, naming, saying, spread_out
from core.twins.methodology.wording import content, same_node

_SHARED = 0.6
"""Of the words of what a node says, how many a sentence must hold to be a place of it."""


def settled(found: Methodology, before: Methodology, corpus: Corpus) -> Methodology:
    """The method as found, with what the creator set by hand, and without what they took out.

    Nodes that they took apart stay apart.
    """
    own = [one for one in before.nodes if one.by_hand]
    becomes = {node.id: _instead(node, own, before.removed) for node in found.nodes}
    kept = [
        _placed(one, [node for node in found.nodes if becomes[node.id] == one.id], corpus)
        for one in own
    ]
    nodes = [
        *kept,
        *(node for node in found.nodes if becomes[node.id] == node.id and not _is_in(node, own)),
    ]
    return Methodology(
        nodes=tuple(nodes),
        links=tuple(_links(found.links, before, becomes, {one.id for one in nodes})),
        removed=tuple(_relocated(one, found.nodes, corpus) for one in before.removed),
        removed_links=before.removed_links,
    )


def _instead(node: Node, own: Sequence[Node], removed: Sequence[Node]) -> str | None:
    """The id under which a node that was found stands, None where it stays out."""
    for one in own:
        if one.id == node.id:
            return one.id
    if any(same_node(one, node) for one in removed):
        return None
    return next((one.id for one in own if same_node(one, node)), node.id)


def _is_in(node: Node, nodes: Sequence[Node]) -> bool:
    return any(one.id == node.id for one in nodes)


def _placed(node: Node, found: Sequence[Node], corpus: Corpus) -> Node:
    """A node of the creator's with its places in the content as it is now."""
    passages = [passage for one in found for passage in one.passages]
    passages += _again(node.passages, corpus)
    if not passages:
        passages = [saying(corpus, at) for at in _mentions(node, corpus)]
    weight = max((one.weight for one in found), default=node.weight)
    return node.model_copy(update={"passages": apart(passages, MOST), "weight": weight})


def _again(passages: Sequence[Passage], corpus: Corpus) -> Iterator[Passage]:
    """The same words where they stand now, nothing where they are gone."""
    for passage in passages:
        for number, (name, piece) in enumerate(corpus.pieces):
            if name == passage.file and (start := piece.text.find(passage.text)) >= 0:
                yield corpus.passage(number, start, start + len(passage.text))


def _mentions(node: Node, corpus: Corpus) -> list[int]:
    """The sentences that name a node, or else those that say what it says."""
    pattern = naming(node.name)
    named = [at for at, one in enumerate(corpus.sentences) if pattern.search(one.text)]
    if named:
        return spread_out(corpus, named)
    words = content(node.says) if len(content(node.says)) > 2 else frozenset()
    shared = (
        [(len(words & content(one.text)), -at) for at, one in enumerate(corpus.sentences)]
        if words
        else []
    )
    best = sorted((one for one in shared if one[0] >= _SHARED * len(words)), reverse=True)
    return [-at for _, at in best[:2]]


def _relocated(node: Node, found: Sequence[Node], corpus: Corpus) -> Node:
    """A node that is out, with the places that it has now; one without places stays without.

    A node that was merged into another has none: its passages are the other's.
    """
    if not node.passages:
        return node
    files = {name for name, _ in corpus.pieces}
    absent = [one for one in node.passages if one.file not in files]
    fresh = [passage for one in found if one.id == node.id for passage in one.passages]
    passages = [*_again(node.passages, corpus), *fresh]
    return node.model_copy(update={"passages": (*apart(passages, MOST), *absent)})


def _links(
    found: Sequence[Link], before: Methodology, becomes: dict[str, str | None], known: set[str]
) -> Iterator[Link]:
    """The creator's links first, then those found, as far as they agree with them."""
    own = [one for one in before.links if one.by_hand and {one.source, one.target} <= known]
    yield from own
    out = {(one.source, one.target) for one in before.removed_links}
    taken = {(one.source, one.target) for one in own}
    order = [(one.source, one.target) for one in own if one.kind == "before"]
    for link in found:
        source, target = becomes[link.source], becomes[link.target]
        if source is None or target is None or source == target or not {source, target} <= known:
            continue
        pair = (source, target)
        circular = link.kind == "before" and reaches(order, target, source)
        if pair in taken or pair[::-1] in taken or pair in out or circular:
            continue
        taken.add(pair)
        if link.kind == "before":
            order.append(pair)
        yield Link(source=source, target=target, kind=link.kind)
