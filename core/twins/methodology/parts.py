"""The parts that a creator says their method has: ``Part one: count``."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from core.domain.twins import Node
from core.twins.methodology.layout import Corpus
from core.twins.methodology.places import apart, saying
from core.twins.methodology.wording import content, node_id, title

_PART = re.compile(
    r"(?:part|phase|stage|pillar|level|movement)\s+(?:\d{1,2}|[ivx]+|one|two|three|four|five|six"
    r"|seven|eight|nine|ten)\s*[:.,–—-]\s*(.{2,40})\Z",
    re.I,
)
_FEWEST, _LONGEST = 2, 30


class Part(NamedTuple):
    """A part as a node, with the section under its heading."""

    node: Node
    section: int


def find_parts(corpus: Corpus) -> list[Part]:
    """The parts of the piece that has the most; nothing where no piece has two."""
    named: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for number, section in enumerate(corpus.sections):
        found = _PART.match(section.heading)
        if found and len(found[1].split()) <= 4:
            named[section.piece].append((number, title(found[1].strip())))
    best = max(named.values(), key=len, default=[])
    if len(best) < _FEWEST:
        return []
    told = _telling(corpus, [name for _, name in best])
    return [Part(_node(corpus, number, name, told), number) for number, name in best]


def _telling(corpus: Corpus, names: list[str]) -> int | None:
    """Where the parts are named one after the other, in a sentence or in a few."""
    words = [content(name) for name in names]
    best, at = 1, None
    for number, sentence in enumerate(corpus.sentences):
        if any(one <= content(sentence.text) for one in words):
            near = corpus.sentences[number : number + len(names)]
            text = content(" ".join(one.text for one in near))
            short = sum(len(one.text.split()) for one in near) <= _LONGEST
            held = sum(one <= text for one in words)
            if short and held > best:
                best, at = held, number
    return at


def _node(corpus: Corpus, number: int, name: str, told: int | None) -> Node:
    section = corpus.sections[number]
    own = next((at for at in range(section.first, section.last)), None)
    ways = [at for at in (own, told) if at is not None]
    says = ""
    if told is not None:
        near = corpus.sentences[told : told + 3]
        own_words = [one.text for one in near if content(name) <= content(one.text)]
        says = own_words[0] if own_words else near[0].text
    return Node(
        id=node_id("concept", name),
        kind="concept",
        name=name,
        says=says,
        weight=0.8,
        passages=apart(saying(corpus, at, 3) for at in ways),
    )
