"""Words: which are common, which are verbs, and how the names of two things compare."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from core.domain.twins import Node, NodeKind

WORDS = Path(__file__).parent / "words"
ARTICLES = frozenset("the a an my your our his her its their this that these those".split())
_TOKEN = re.compile(r"[^\W_][\w'-]*")
_SHORTEST, _NEAR = 4, 0.75


@cache
def listed(name: str) -> frozenset[str]:
    """A list of words: ``function``, ``verbs`` or ``common``."""
    return frozenset((WORDS / f"{name}.txt").read_text("utf-8").split())


@cache
def singular(word: str) -> str:
    """Without the ending of the plural, where it has one."""
    if len(word) < _SHORTEST or not word.endswith("s") or word.endswith(("ss", "us", "is", "'s")):
        return word
    if word.endswith("ies") and len(word) > _SHORTEST:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]


@cache
def is_common(word: str) -> bool:
    """Whether everybody uses this word."""
    stems = {word, singular(word)}
    for ending in ("ing", "ed", "ly", "er"):
        if word.endswith(ending):
            stem = word[: -len(ending)]
            stems |= {stem, stem + "e", stem[:-1] if stem[-2:-1] == stem[-1:] else stem}
    lists = listed("common") | listed("function") | listed("verbs")
    return any(stem in lists for stem in stems)


def tokens(text: str) -> list[str]:
    """The words in small letters, singular."""
    return [singular(one) for one in _TOKEN.findall(text.lower().replace("’", "'"))]


def key(name: str) -> str:
    """What two spellings of one name have in common."""
    words = tokens(re.sub(r"\([^)]*\)", " ", name)) or tokens(name)
    while len(words) > 1 and words[0] in ARTICLES:
        words = words[1:]
    return " ".join(words)


def content(text: str) -> frozenset[str]:
    """The words that carry the meaning, cut to their stems."""
    stop = listed("function")
    return frozenset(_stem(one) for one in tokens(text) if one not in stop) or frozenset(
        tokens(text)
    )


def near(one: str, other: str) -> bool:
    """Whether two names are all but the same."""
    first, second = key(one), key(other)
    if first == second:
        return True
    left, right = content(first), content(second)
    return len(left & right) >= _NEAR * len(left | right)


def node_id(kind: NodeKind, name: str) -> str:
    """The same for the same kind and name, however it is written."""
    return f"{kind}-{hashlib.sha256(key(name).encode()).hexdigest()[:10]}"


def same_node(one: Node, other: Node) -> bool:
    """Whether two nodes are the same thing, whatever their kinds."""
    return one.id == other.id or near(one.name, other.name)


def title(text: str, most: int = 80) -> str:
    """A name of something: with a capital, without a full stop, cut between words."""
    name = text.strip(" .,;:!*_\"'“”‘’")
    name = name.capitalize() if name.isupper() and len(name) > 4 else name
    if len(name) > most:
        name = name[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    return name[:1].upper() + name[1:]


@cache
def _stem(word: str) -> str:
    for ending in ("ation", "ing", "ed", "ment", "ness", "ly", "er", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            stem = word[: -len(ending)]
            return stem[:-1] if stem[-2:-1] == stem[-1:] else stem
    return word
