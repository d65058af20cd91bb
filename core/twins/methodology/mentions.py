"""Where a text mentions the named things of a method."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from core.domain.twins import Node
from core.twins.methodology.places import naming
from core.twins.methodology.wording import key, tokens


class Mentions:
    """Finds the named things of a method in a text; a longer name hides what is part of it.

    ``own`` are those that are no word of everybody's: an order is believed of these only.

    Args:
        nodes: Concepts and exercises.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        named = sorted(nodes, key=lambda one: -len(key(one.name)))
        self._names = [(one.id, _root(key(one.name)), naming(one.name)) for one in named]
        self._short = self._heads(nodes)
        self.keys = {one.id: key(one.name) for one in nodes}
        self.own = {one.id for one in nodes if one.kind == "exercise" or len(tokens(one.name)) > 1}

    @staticmethod
    def _heads(nodes: Sequence[Node]) -> list[tuple[str, str, re.Pattern[str]]]:
        """What a thing is called once it is known (``the count``), where only one is."""
        heads: defaultdict[str, list[str]] = defaultdict(list)
        for node in nodes:
            words = key(node.name).split()
            if node.kind == "exercise":
                heads[words[-1]].append(node.id)
        return [
            (ids[0], _root(head), re.compile(rf"\b(?:the|one|your) {re.escape(head)}s?\b", re.I))
            for head, ids in heads.items()
            if len(ids) == 1
        ]

    def find(self, text: str, short: bool = False) -> list[tuple[int, int, str]]:
        """Start, end and id of each mention, in order.

        Args:
            text: Where to look.
            short: Whether short names count as well.
        """
        found: list[tuple[int, int, str]] = []
        small = text.lower()
        for identity, root, pattern in self._names + (self._short if short else []):
            if root not in small:
                continue
            for one in pattern.finditer(text):
                if all(one.end() <= start or one.start() >= end for start, end, _ in found):
                    found.append((one.start(), one.end(), identity))
        return sorted(found)


def _root(name: str) -> str:
    """What every way of writing a name begins with."""
    word = name.split()[0].split("'")[0]
    return word[:-1] if len(word) > 1 and word.endswith("y") else word
