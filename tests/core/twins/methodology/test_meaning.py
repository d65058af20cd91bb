"""What means the same, as an embedder tells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.domain.twins import Link, Node, Passage
from core.twins.knowledge import ScriptedEmbedder
from core.twins.methodology.meaning import alike, meant, merged
from core.twins.methodology.principles import Saying


class Topics(ScriptedEmbedder):
    """Texts about one animal mean the same."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One direction for each animal."""
        animals = ("cat", "dog", "hen")
        rows = [[float(animal in one.lower()) for animal in animals] for one in texts]
        return np.array(rows, np.float32)


def node(kind: str, name: str, start: int = 0) -> Node:
    place = Passage(file="a", start=start, end=start + 5, text="words")
    return Node.model_validate(
        {"id": name, "kind": kind, "name": name, "says": name, "passages": (place,)}
    )


def test_concepts_that_mean_the_same_become_one_with_the_places_of_both() -> None:
    nodes = [node("concept", "The cat"), node("concept", "A dog", 10), node("concept", "Cats", 20)]
    kept = merged(nodes, Topics(), 0.9)
    assert [one.name for one in kept] == ["The cat", "A dog"]
    assert [one.start for one in kept[0].passages] == [0, 20]
    assert merged(nodes, None, 0.9) == nodes


def test_sayings_that_mean_the_same_become_one_but_for_those_that_are_listed() -> None:
    sayings = [
        Saying("Feed the cat.", frozenset({"feed"}), [1]),
        Saying("Cats eat first.", frozenset({"eat"}), [2]),
        Saying("No cat waits.", frozenset({"wait"}), [3], listed=1),
    ]
    kept = alike(sayings, Topics(), 0.9)
    assert [one.text for one in kept] == ["Feed the cat.", "No cat waits."]
    assert kept[0].at == [1, 2]


def test_a_principle_that_nothing_links_is_linked_by_what_it_means() -> None:
    nodes = [
        node("exercise", "Walk the dog"),
        node("concept", "Hen"),
        node("principle", "Dogs first"),
        node("principle", "No hen waits"),
        node("principle", "Be kind"),
    ]
    linked = [Link(source="Hen", target="No hen waits", kind="uses")]
    assert meant(nodes, linked, Topics()) == [
        Link(source="Walk the dog", target="Dogs first", kind="uses")
    ]
    assert meant(nodes, linked, None) == []
