"""What the content speaks of: concepts and exercises of the method, and what else there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.domain.twins import (
    Answer,
    Node,
    PieceText,
    Probed,
    StandardTest,
    Topic,
    TopicSource,
    TwinVersion,
)
from core.twins.knowledge import Prepared
from core.twins.progress.blocks import Block, blocks, surface, vectors
from core.twins.progress.clusters import clusters
from core.twins.trying import stems

CONCEPTS = 24
LEFT_OVER = 0.15
"""From this share of the words on, what no concept covers is put in order too."""
_MOST_OF = 0.75
_LEAST_WORDS = 200
"""A cluster of fewer words is no topic."""
Asked = tuple[str, Answer]


@dataclass(frozen=True)
class Found:
    """A topic while it is looked at: its blocks, and how to know that something is about it.

    Attributes:
        needs: A concept's words; most of them have to be there.
        any_of: A cluster's words, of which one is enough.
    """

    name: str
    source: TopicSource
    blocks: tuple[Block, ...]
    needs: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()

    def named_in(self, words: Iterable[str]) -> bool:
        """Whether words, as stems, are about it."""
        has = frozenset(words)
        if self.needs:
            return len(self.needs & has) >= _MOST_OF * len(self.needs)
        return bool(self.any_of & has)

    def about(self, text: str, answer: Answer | None) -> bool:
        """Whether a question is about it, by its words or by where its answer comes from."""
        if self.named_in(stems(text)):
            return True
        if answer is None or answer.kind != "answered" or not answer.citations:
            return False
        return any(block.holds(answer.citations[0]) for block in self.blocks)


def find_topics(
    version: TwinVersion,
    texts: Mapping[str, PieceText],
    prepared: Mapping[str, Prepared] | None = None,
) -> list[Found]:
    """The topics of a version: of its method by weight, then clusters of what is left by size.

    Args:
        version: Which.
        texts: Its texts by the names of their pieces.
        prepared: Their vectors by the same names, where they are at hand.
    """
    content = blocks(version, texts)
    nodes = [node for node in version.methodology.nodes if node.kind != "principle"]
    nodes.sort(key=lambda node: (-node.weight, node.id))
    concepts = [_concept(node, content) for node in nodes[:CONCEPTS]]
    covered = {id(block) for topic in concepts for block in topic.blocks}
    left = [block for block in content if id(block) not in covered]
    if sum(block.words for block in left) < LEFT_OVER * sum(block.words for block in content):
        return concepts
    return [*concepts, *_clusters(left, surface(texts), prepared or {})]


def told(
    topics: Sequence[Found], test: StandardTest | None, asked: Sequence[Asked]
) -> tuple[Topic, ...]:
    """The topics with what the standard test and conversations showed of them."""
    probed = [one for one in test.results if one.probe.group == "content"] if test else []
    return tuple(_topic(topic, probed, asked) for topic in topics)


def _concept(node: Node, content: Sequence[Block]) -> Found:
    needs = stems(node.name)
    topic = Found(node.name, "method", (), needs=needs)
    speaks = tuple(
        block
        for block in content
        if (needs and topic.named_in(block.stems)) or any(map(block.holds, node.passages))
    )
    return Found(node.name, "method", speaks, needs=needs)


def _clusters(
    left: Sequence[Block], written: Mapping[str, str], prepared: Mapping[str, Prepared]
) -> list[Found]:
    return [
        Found(
            ", ".join(written[one] for one in telling),
            "content",
            tuple(members),
            any_of=frozenset(telling),
        )
        for telling, members in clusters(left, vectors(left, prepared))
        if sum(block.words for block in members) >= _LEAST_WORDS
    ]


def _topic(topic: Found, probed: Sequence[Probed], asked: Sequence[Asked]) -> Topic:
    tested = [one for one in probed if topic.about(one.probe.text, one.answer)]
    tested = [one for one in tested if one.outcome != "unavailable"]
    questions = [answer for text, answer in asked if topic.about(text, answer)]
    return Topic(
        name=topic.name,
        source=topic.source,
        words=sum(block.words for block in topic.blocks),
        pieces=tuple(dict.fromkeys(block.piece for block in topic.blocks)),
        newest=max((block.day for block in topic.blocks), default=None),
        tested=len(tested),
        held=sum(one.outcome == "held" for one in tested),
        asked=len(questions),
        answered=sum(answer.kind == "answered" for answer in questions),
    )
