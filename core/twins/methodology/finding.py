"""Finding a creator's method in their content, and keeping what they corrected by hand."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.twins import Methodology, Node
from core.twins.knowledge import Embedder, Progress
from core.twins.methodology.concepts import choose_concepts
from core.twins.methodology.exercises import MOST as MOST_EXERCISES
from core.twins.methodology.exercises import find_exercises
from core.twins.methodology.keeping import settled
from core.twins.methodology.layout import Corpus, Pieces, lay_out
from core.twins.methodology.links import MOST, find_links
from core.twins.methodology.meaning import alike, meant, merged
from core.twins.methodology.parts import find_parts
from core.twins.methodology.principles import MOST as MOST_PRINCIPLES
from core.twins.methodology.principles import SAME, find_principles, principle
from core.twins.methodology.steps import step_sentences
from core.twins.methodology.terms import find_terms
from core.twins.methodology.wording import key

_STEPS = 5
_SYNONYM = 0.88
"""Cosine from which two concepts are one."""


def find_method(
    pieces: Pieces,
    before: Methodology | None = None,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> Methodology:
    """Concepts, principles and exercises of a creator, and how they hang together.

    What the creator changed by hand stays as it is, with its places found anew; what they took
    out does not come back, under this name or one that is all but the same.

    Args:
        pieces: Names and texts; places are offsets in these texts.
        before: The method as it was, with the creator's corrections.
        embedder: Tells which words mean the same; without it only spelling does.
        progress: Told how many of five steps are done.
    """
    told = progress or _silent
    corpus = lay_out(pieces)
    told(1, _STEPS)
    found = _found(corpus, embedder, told)
    method = settled(found, before or Methodology(), corpus)
    told(_STEPS, _STEPS)
    return method


def _silent(_done: int, _total: int) -> None:
    """Nobody wants to know."""


def _found(corpus: Corpus, embedder: Embedder | None, told: Progress) -> Methodology:
    terms = find_terms(corpus)
    told(2, _STEPS)
    exercises, sections = find_exercises(corpus, terms)
    parts = find_parts(corpus)
    taken = {key(one.name) for one in (*exercises, *(part.node for part in parts))}
    concepts = merged(choose_concepts(corpus, terms, taken), embedder, _SYNONYM)
    told(3, _STEPS)
    topics = [one.name for one in (*concepts, *exercises) if key(one.name) in terms]
    sayings = find_principles(corpus, step_sentences(corpus), topics)
    rules = {key(one.text) for one in sayings}
    exercises = [one for one in exercises if key(one.name) not in rules][:MOST_EXERCISES]
    sayings = alike(sayings, embedder, SAME)[:MOST_PRINCIPLES]
    most = max((one.score for one in sayings), default=1.0) or 1.0
    principles = [principle(corpus, one, most) for one in sayings]
    said = {node.id: one.at for node, one in zip(principles, sayings, strict=True)}
    nodes = _distinct([*(part.node for part in parts), *exercises, *principles, *concepts])
    told(4, _STEPS)
    links = find_links(corpus, nodes, sections, said, parts)
    return Methodology(nodes=tuple(nodes), links=(*links, *meant(nodes, links, embedder))[:MOST])


def _distinct(nodes: Sequence[Node]) -> list[Node]:
    """Each id once, and no concept that only repeats the name of a principle or an exercise."""
    kept: dict[str, Node] = {}
    names = {key(one.name) for one in nodes if one.kind != "concept"}
    for node in nodes:
        repeats = node.kind == "concept" and key(node.name) in names
        if node.id not in kept and not repeats:
            kept[node.id] = node
    return list(kept.values())
