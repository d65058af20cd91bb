"""What means the same in other words, where an embedder can tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.domain.twins import Link, Node
from core.twins.knowledge import Embedder
from core.twins.methodology.places import apart
from core.twins.methodology.principles import Saying

_ABOUT = 0.5
"""Cosine from which a principle is about a concept or an exercise."""
_LOOKED_AT = 40
"""So many sayings are compared at most; the rest is too faint to become a principle."""


def merged(nodes: Sequence[Node], embedder: Embedder | None, near: float) -> list[Node]:
    """Concepts, each meaning once: the weightier one takes the passages of the other.

    Args:
        nodes: In order of worth.
        embedder: None leaves them as they are.
        near: The cosine from which two names mean the same.
    """
    kept: dict[int, Node] = {}
    for number, same in enumerate(_same_as([one.name for one in nodes], embedder, near)):
        if same is None:
            kept[number] = nodes[number]
        else:
            passages = apart((*kept[same].passages, *nodes[number].passages))
            kept[same] = kept[same].model_copy(update={"passages": passages})
    return list(kept.values())


def alike(sayings: Sequence[Saying], embedder: Embedder | None, near: float) -> list[Saying]:
    """Sayings, each meaning once: the stronger one takes the places of the other."""
    looked_at = list(sayings[:_LOOKED_AT])
    kept: dict[int, Saying] = {}
    for number, same in enumerate(_same_as([one.text for one in looked_at], embedder, near)):
        if same is None:
            kept[number] = looked_at[number]
        elif not looked_at[number].listed:
            kept[same].at += looked_at[number].at
        else:
            kept[number] = looked_at[number]
    return list(kept.values())


def meant(nodes: Sequence[Node], links: Sequence[Link], embedder: Embedder | None) -> list[Link]:
    """For principles that no words link, the concept or exercise that they are about."""
    linked = {one for link in links for one in (link.source, link.target)}
    loose = [one for one in nodes if one.kind == "principle" and one.id not in linked]
    named = [one for one in nodes if one.kind != "principle"]
    if embedder is None or not loose or not named:
        return []
    rows = embedder.embed(
        [*(one.says for one in loose), *(f"{one.name}. {one.says}" for one in named)]
    )
    closeness = rows[: len(loose)] @ rows[len(loose) :].T
    return [
        Link(source=named[int(row.argmax())].id, target=one.id, kind="uses")
        for one, row in zip(loose, closeness, strict=True)
        if row.max() >= _ABOUT
    ]


def _same_as(texts: Sequence[str], embedder: Embedder | None, near: float) -> list[int | None]:
    """For each text the first kept one before it that means the same, None where it is new."""
    if embedder is None or len(texts) < 2:
        return [None] * len(texts)
    rows = embedder.embed(texts)
    found: list[int | None] = []
    for number in range(len(texts)):
        fresh = [one for one in range(number) if found[one] is None]
        closeness = rows[fresh] @ rows[number] if fresh else np.zeros(0, np.float32)
        best = int(closeness.argmax()) if fresh else 0
        found.append(fresh[best] if fresh and closeness[best] >= near else None)
    return found
