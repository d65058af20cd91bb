"""What in a message raises its spam risk: the model's weights, laid back onto the words."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.domain.messages import MessageDraft
from core.messages.features import Text, View, grams, readable, seen
from core.messages.hashing import blocks
from core.messages.shapes import SHAPES, shape_names
from core.messages.spam import shape_odds, text_of
from core.messages.weights import Weights, shipped_weights

MARKED = 0.1
"""Log-odds that a word must add to be marked."""
_SHARE = 0.25
"""Of what the strongest word adds; weaker ones are not marked."""
_EDGES = ".,:;!?()[]\"'*“”"
_TOKEN = re.compile(r"\S+")


class Span(NamedTuple):
    """A stretch of the body or subject that raises the risk.

    Attributes:
        where: ``subject`` or ``body``.
        begin: Its first character.
        end: The character after its last.
        adds: To the log-odds.
    """

    where: str
    begin: int
    end: int
    adds: float


class Reasons(NamedTuple):
    """What raises a message's risk.

    Attributes:
        spans: Words, in the order in which they stand.
        words: The same words, what adds most first, each once.
        shapes: What was counted of it, in words, what adds most first.
    """

    spans: list[Span]
    words: list[str]
    shapes: list[str]


def what_raises_it(message: MessageDraft, weights: Weights | None = None) -> Reasons:
    """The words, and what else, that add most to the log-odds of spam."""
    weights = weights or shipped_weights()
    text = text_of(message)
    spans: list[Span] = []
    for where, words, adds in (
        ("subject", text.subject, _per_character(text, weights, subject=True)),
        ("body", text.body, _per_character(text, weights, subject=False)),
    ):
        spans += _spans(where, words, adds)
    most = max((span.adds for span in spans), default=0.0)
    spans = [span for span in spans if span.adds >= _SHARE * most]
    texts = {"subject": text.subject, "body": text.body}
    said: dict[str, str] = {}
    for span in sorted(spans, key=lambda span: -span.adds):
        word = texts[span.where][span.begin : span.end].strip(_EDGES)
        said.setdefault(word.lower(), word)
    return Reasons(spans, [word for word in said.values() if word], _shapes(text, weights))


def _per_character(text: Text, weights: Weights, *, subject: bool) -> NDArray[np.float64]:
    """What each character of the subject or body adds, its n-grams' shares added up."""
    part = text.subject if subject else text.body
    adds = np.zeros(len(part))
    side = np.array([int(text.email)])
    for view, found in seen([text]):
        if view.subject and not subject:
            continue
        if not len(found.key):
            continue
        weighed = weights.weigh(view, found)
        each = weights.speaks(view, weighed, side) / np.maximum(found.times, 1)
        adds += _laid(view, part, found.key, each)
    return adds


def _laid(
    view: View, part: str, keys: NDArray[np.int64], each: NDArray[Any]
) -> NDArray[np.float64]:
    """N-grams laid back onto the characters in which they stand; ``keys`` are in order."""
    plain, character = _aligned(view, part)
    laid = np.zeros(len(part))
    for _, block in blocks([plain]):
        edges = np.zeros(len(block.data) + 1)
        for found in grams(view, block):
            at = np.minimum(np.searchsorted(keys, found.key), len(keys) - 1)
            share = np.where(keys[at] == found.key, each[at], 0.0) / found.length
            edges += np.bincount(found.start, share, len(edges))
            edges -= np.bincount(found.start + found.length, share, len(edges))
        inside = (block.origin >= 0) & (block.origin < len(plain))
        adds = np.cumsum(edges)[:-1][inside]
        laid += np.bincount(character[block.origin[inside]], adds, len(part))
    return laid


def _aligned(view: View, part: str) -> tuple[bytes, NDArray[np.int64]]:
    """The text as it is hashed, and for each of its bytes the character that it came from."""
    pieces = [readable(sign, written=view.written) for sign in part]
    origin = np.repeat(np.arange(len(part)), [len(piece) for piece in pieces])
    return b"".join(pieces), origin


def _spans(where: str, text: str, adds: NDArray[np.float64]) -> list[Span]:
    found = []
    for token in _TOKEN.finditer(text[: len(adds)]):
        total = float(adds[token.start() : token.end()].sum())
        if total >= MARKED:
            found.append(Span(where, token.start(), token.end(), round(total, 3)))
    return found


def _shapes(text: Text, weights: Weights) -> list[str]:
    odds = shape_odds([text], weights, np.array([int(text.email)]))[0]
    adds: dict[str, float] = {}
    for name, each in zip(shape_names(), odds, strict=True):
        adds[name] = adds.get(name, 0.0) + float(each)
    named = [(add, SHAPES[name].words) for name, add in adds.items() if SHAPES[name].words]
    return [words for add, words in sorted(named, reverse=True) if add >= MARKED]
