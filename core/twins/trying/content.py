"""Prompts that the content must be able to answer, made from the content itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import cycle
from typing import NamedTuple

from core.domain.twins import Node, NodeKind, PieceText, Probe, TwinVersion
from core.twins.trying.material import frequent_words, headings, questions
from core.twins.trying.words import overlap, stems

PROMPTS = 30
WORDS_FOR_ONE = 120
"""So many words of content are there for each prompt at least: little content, few prompts."""
_SAME = 0.6
"""From this share of common words on, two things to ask about are the same."""
_LONGEST_PRINCIPLE = 30
_WORDINGS: Mapping[str, tuple[str, ...]] = {
    "concept": (
        "What is {about}?",
        "What do you mean by {about}?",
        "How would you explain {about} to somebody who is new to it?",
        "Why does {about} matter?",
        "I do not understand {about} yet. Can you help me?",
    ),
    "exercise": (
        "How do I do {about}?",
        "How does {about} work, step by step?",
        "What is {about} good for?",
        "I would like to try {about}. Where do I begin?",
    ),
    "principle": (
        "You say: “{about}” What do you mean by that?",
        "“{about}” Why do you think so?",
        "How do I live by this: “{about}”",
    ),
    "heading": (
        "What do you say about “{about}”?",
        "Tell me about “{about}”.",
        "What should I know about “{about}”?",
        "I am stuck with “{about}”. What do you advise?",
    ),
    "question": ("{about}",),
    "phrase": (
        "What do you mean by “{about}”?",
        "You often say “{about}”. What is behind it?",
    ),
    "word": (
        "What do you think about {about}?",
        "What have you learned about {about}?",
        "What would you tell somebody who asks about {about}?",
    ),
}
_ROUND = (
    "concept", "question", "heading", "exercise", "principle", "concept", "question", "heading",
    "phrase",
)  # fmt: skip
"""The order in which sources are drawn from, until there are prompts enough."""


class Subject(NamedTuple):
    """Something to ask about."""

    source: str
    about: str


def content_probes(version: TwinVersion, texts: Mapping[str, PieceText]) -> tuple[Probe, ...]:
    """Up to 30 prompts over the content, the same for the same content.

    Args:
        version: Whose method and phrases are asked about.
        texts: The content by the names of its pieces.
    """
    total = sum(len(text.text.split()) for text in texts.values())
    most = min(PROMPTS, total // WORDS_FOR_ONE)
    chosen = _apart(_drawn(_subjects(version, texts)), most)
    if len(chosen) < most:
        more = (Subject("word", word) for word in frequent_words(texts, most * 3))
        chosen = _apart([*chosen, *more], most)
    return tuple(_worded(chosen))


def _subjects(version: TwinVersion, texts: Mapping[str, PieceText]) -> dict[str, list[Subject]]:
    """What can be asked about, by source, the weightiest first."""
    nodes = sorted(version.methodology.nodes, key=lambda node: (-node.weight, node.id))
    ordered = [texts[name].text for name in sorted(texts)]
    whole = "\n".join(ordered)
    return {
        "concept": _of_kind(nodes, "concept", whole),
        "exercise": _of_kind(nodes, "exercise", whole),
        "principle": _of_kind(nodes, "principle", whole),
        "question": _spread("question", [questions(text) for text in ordered]),
        "heading": _spread("heading", [list(headings(text)) for text in ordered]),
        "phrase": [
            Subject("phrase", phrase.text)
            for phrase in version.profile.phrases
            if len(stems(phrase.text)) >= 2
        ],
    }


def _of_kind(nodes: Iterable[Node], kind: NodeKind, whole: str) -> list[Subject]:
    about = (_about(node, whole) for node in nodes if node.kind == kind)
    return [Subject(kind, said) for said in about if stems(said)]


def _about(node: Node, whole: str) -> str:
    """How a node is named in a question: a principle by its sentence, the others by name."""
    sentence = " ".join(node.says.split()).strip('"“”')
    if node.kind == "principle" and 0 < len(sentence.split()) <= _LONGEST_PRINCIPLE:
        return sentence
    return _as_written(" ".join(node.name.split()), whole)


def _as_written(name: str, whole: str) -> str:
    """A name as it stands within a sentence of the content: small, and with its article."""
    small = f"{name[:1].lower()}{name[1:]}"
    bare = len(re.findall(rf"\b{re.escape(small)}\b", whole))
    with_article = len(re.findall(rf"\b[Tt]he {re.escape(small)}\b", whole))
    if with_article * 2 > bare:
        return f"the {small}"
    return small if bare else name


def _spread(source: str, found: list[list[str]]) -> list[Subject]:
    """The first of each piece, then the second of each, so that every piece has its turn."""
    longest = max(map(len, found), default=0)
    return [
        Subject(source, piece[at]) for at in range(longest) for piece in found if at < len(piece)
    ]


def _drawn(subjects: dict[str, list[Subject]]) -> Iterator[Subject]:
    """Subjects in rounds over the sources, until all are drawn."""
    waiting = {source: iter(found) for source, found in subjects.items()}
    for source in cycle(_ROUND):
        if not waiting:
            return
        subject = next(waiting.get(source, iter(())), None)
        if subject is None:
            waiting.pop(source, None)
        else:
            yield subject


def _apart(subjects: Iterable[Subject], most: int) -> list[Subject]:
    """The first subjects of which no two are the same."""
    chosen: list[Subject] = []
    seen: list[frozenset[str]] = []
    for subject in subjects:
        if len(chosen) >= most:
            break
        about = stems(subject.about)
        if about and all(overlap(about, other) < _SAME for other in seen):
            chosen.append(subject)
            seen.append(about)
    return chosen


def _worded(subjects: Iterable[Subject]) -> Iterator[Probe]:
    """Each source takes its wordings in turn."""
    turns = {source: cycle(wordings) for source, wordings in _WORDINGS.items()}
    for source, about in subjects:
        digest = hashlib.sha256(f"{source}\x1f{about}".encode("utf-8", "surrogatepass")).hexdigest()
        yield Probe(
            id=f"{source}-{digest[:10]}",
            group="content",
            text=next(turns[source]).format(about=about),
            source=source,
            about=about,
        )
