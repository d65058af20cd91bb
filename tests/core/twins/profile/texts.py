"""Texts that are made up for the tests: sentences drawn from a pool, with a habit or without."""

from __future__ import annotations

import random

WHO = (
    "The farmer", "A teacher", "Her brother", "The old clerk", "My neighbour", "The driver",
    "A young nurse", "The village band", "Our cousin", "The baker", "That engineer", "A sailor",
)  # fmt: skip
DID = (
    "carries", "repairs", "sells", "paints", "studies", "measures", "borrows", "finds", "returns",
    "collects", "describes", "cleans",
)  # fmt: skip
WHAT = (
    "wooden chairs", "a broken engine", "maps of the valley", "bread and paper", "the stone wall",
    "three boats", "winter seeds", "a long report", "the library books", "grey wool", "tools",
    "the market square",
)  # fmt: skip
WHERE = (
    "near the mill", "after lunch", "behind the barn", "in early summer", "on the second platform",
    "before the feast", "across the hills", "at the town hall", "along the coast", "by the lake",
    "in the shed", "for the students",
)  # fmt: skip


def sentence(drawn: random.Random) -> str:
    """A plain sentence."""
    return f"{' '.join(drawn.choice(one) for one in (WHO, DID, WHAT, WHERE))}."


def plain(words: int, seed: int = 0) -> str:
    """Paragraphs of plain sentences, about so many words."""
    return mixed(words, (), 0.0, seed)


def mixed(words: int, habits: tuple[str, ...], share: float, seed: int = 0) -> str:
    """Plain sentences, a share of which are replaced by sentences of a habit."""
    drawn = random.Random(seed)
    paragraphs: list[str] = []
    while sum(len(one.split()) for one in paragraphs) < words:
        said = (
            drawn.choice(habits) if habits and drawn.random() < share else sentence(drawn)
            for _ in range(5)
        )
        paragraphs.append(" ".join(said))
    return "\n\n".join(paragraphs)
