"""Questions that the content answers by its build: for what something is, or as a heading asks.

The creator's own definition, or what stands under that heading, goes before what was searched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.domain.twins import Methodology, Node
from core.twins.knowledge import Hit, Sentence, Span, sentences

WINDOW_WORDS = 150
"""Words of a definition's passage, about: the definition, and what explains it."""
_ASKS = re.compile(
    r"\b(?:what(?:['’]s| is| are| was| were| does| do you mean by| do you call)|define|"
    r"explain|tell me about|meaning of|who is)\b",
    re.I,
)
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+(\S[^\n]{2,200})$", re.M)
_COMMON = frozenset(
    "i me you he she it we they is are was were be do doe did can could should would will have ha "
    "had what how when where who which why that thi there in on at with by from as if so but not "
    "no all any".split()
)
_LEAST_TELLING, _SAME = 3, 0.7
_WORD = re.compile(r"\w+")
_SMALL = frozenset({"the", "a", "an", "my", "your", "our", "to", "of", "and", "or", "for"})
LEAST_CITED = 40
"""Words of a passage that is cited, where there are so many."""
_NEAR = 1_500
_OTHER = 7
"""A question with so many words beside the name asks for more than what it is."""


class Heading(NamedTuple):
    """A heading: where its words begin, and which they are."""

    file: str
    start: int
    words: frozenset[str]


def definition(question: str, methodology: Methodology, texts: Mapping[str, str]) -> Hit | None:
    """The passage in which a creator says what the thing is that a question asks for.

    Args:
        question: What is asked.
        methodology: Names the things; those of its nodes that the creator defines count.
        texts: The texts by the names of their pieces.
    """
    if not _ASKS.search(question):
        return None
    asked = _words(question)
    named = [node for node in methodology.nodes if _is_named(node, asked)]
    for node in sorted(named, key=lambda node: -len(_words(node.name))):
        if (hit := _defined(node, texts)) is not None:
            return hit
    return None


def headings(texts: Mapping[str, str]) -> tuple[Heading, ...]:
    """The headings of texts that can be asked for: those of three telling words and more."""
    return tuple(
        Heading(file, match.start(1), frozenset(words))
        for file, text in texts.items()
        for match in _HEADING.finditer(text)
        if len(words := _telling(match[1])) >= _LEAST_TELLING
    )


def under_heading(question: str, known: Sequence[Heading], texts: Mapping[str, str]) -> Hit | None:
    """What stands under a heading that asks the same; None where no heading does."""
    asked = frozenset(_telling(question))
    best = max(known, key=lambda one: _alike(asked, one.words), default=None)
    if best is None or _alike(asked, best.words) < _SAME:
        return None
    text = texts[best.file]
    line = text.find("\n", best.start)
    return _window(best.file, text, Span(best.start, line if line > 0 else len(text)))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """The words that both have, as a share of all (Jaccard)."""
    return len(one & other) / len(one | other) if one | other else 0.0


def _telling(text: str) -> list[str]:
    return [word for word in _words(text) if word not in _COMMON]


def _is_named(node: Node, asked: list[str]) -> bool:
    """Whether a question has a node's name in it, and little besides."""
    name = _words(node.name)
    if not name or len(asked) - len(name) > _OTHER:
        return False
    return any(asked[at : at + len(name)] == name for at in range(len(asked)))


def _words(text: str) -> list[str]:
    """The words of a text in their order, small ones left out, one form for one and many."""
    found = (word.lower() for word in _WORD.findall(text))
    return [word.removesuffix("s") for word in found if word not in _SMALL]


def _defined(node: Node, texts: Mapping[str, str]) -> Hit | None:
    """Where a node is defined: "X is …", "I call it X", a line that begins with its name."""
    name = r"\s+".join(re.escape(word) for word in node.name.split())
    says = re.compile(
        rf"(?:\A|[\s\"“(])(?:(?:the|a|an|my)\s+)?{name}[\"”)]*\s*(?:\([^)]*\)\s*)?"
        rf"(?:is|are|was|means|meant|[:—–])\s|\bcall(?:ed)?\s+(?:it|this|that|them)?\s*[\"“]?"
        rf"(?:the|a|an|my)?\s*{name}",
        re.I,
    )
    for file, text in sorted(texts.items(), key=lambda one: not _in(node, one[0])):
        for match in says.finditer(text):
            span = _sentence_at(text, match.end() - 1)
            said = text[span.start : span.end]
            if not said.rstrip().endswith("?"):
                return _window(file, text, span)
    return None


def _sentence_at(text: str, at: int) -> Span:
    """The sentence that holds a character."""
    start = max(0, text.rfind("\n\n", 0, at) + 2 if "\n\n" in text[:at] else 0, at - _NEAR)
    inside = sentences(text[start : at + _NEAR])
    found = next(one for one in inside if start + one.end > at)
    return Span(start + found.start, start + found.end)


def _in(node: Node, file: str) -> bool:
    return any(passage.file == file for passage in node.passages)


def _window(file: str, text: str, span: Span) -> Hit:
    """The definition and what follows, in whole sentences; what is before where that is short."""
    kept: list[Sentence] = []
    count = 0
    for one in _spans(text, span.start, span.start + 12 * WINDOW_WORDS):
        count += _length(text, one)
        if kept and count > WINDOW_WORDS:
            break
        kept.append(Sentence(one, 0.5 if kept else 1.0))
    count = sum(_length(text, one.span) for one in kept)
    for one in reversed(_spans(text, max(0, span.start - _NEAR), span.start)):
        if count >= LEAST_CITED:
            break
        kept.insert(0, Sentence(one, 0.0))
        count += _length(text, one)
    start, last = kept[0].span.start, kept[-1].span.end
    return Hit(file, start, last, 1.0, Span(start, last), tuple(kept))


def _spans(text: str, start: int, end: int) -> list[Span]:
    """The sentences between two places of a text."""
    return [Span(start + one.start, start + one.end) for one in sentences(text[start:end])]


def _length(text: str, span: Span) -> int:
    return len(text[span.start : span.end].split())
