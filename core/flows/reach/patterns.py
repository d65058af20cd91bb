"""Texts that a pattern of ``matches`` fits, and texts that it does not."""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

PLAIN = ("", "something else", "~", "12345", "yes")
LETTERS = "a0 AzZ9-_.@!b"
MOST_REPEATS = 3
MOST_SAMPLES = 6


@lru_cache(maxsize=256)
def samples_of(pattern: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A few texts that hold the pattern, and a few that do not; none where it is not understood."""
    try:
        compiled = re.compile(pattern)
        tree = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return (), ()
    made = [_made(list(tree), choice) for choice in range(MOST_SAMPLES)]
    candidates = dict.fromkeys([*(one for one in made if one is not None), *PLAIN])
    fits = [one for one in candidates if compiled.search(one)]
    other = [one for one in candidates if not compiled.search(one)]
    return tuple(fits), tuple(other)


def _made(tree: list[Any], choice: int) -> str | None:
    """A text for each part, one behind the other."""
    parts = [_part(code, given, choice) for code, given in tree]
    return None if None in parts else "".join(part or "" for part in parts)


def _part(code: Any, given: Any, choice: int) -> str | None:
    if code is codes.LITERAL:
        return chr(given)
    if code in (codes.ANY, codes.NOT_LITERAL):
        return next(one for one in LETTERS if code is codes.ANY or ord(one) != given)
    if code is codes.IN:
        return _of_set(given)
    if code is codes.BRANCH:
        branches = given[1]
        return _made(list(branches[choice % len(branches)]), choice)
    if code is codes.SUBPATTERN:
        return _made(list(given[-1]), choice)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        least, most, inner = given
        count = min(most, max(least, choice % 2 if least == 0 else least, 0))
        one = _made(list(inner), choice)
        return None if one is None else one * min(count, max(least, MOST_REPEATS))
    return "" if code is codes.AT else None


def _of_set(items: Any) -> str | None:
    """A letter of a set."""
    text = "".join(_spelled(code, given) for code, given in items)
    try:
        found = re.compile(f"[{text}]")
    except re.error:
        return None
    return next((one for one in LETTERS + "cdexyz12" if found.match(one)), None) or _first(items)


def _first(items: Any) -> str | None:
    for code, given in items:
        if code is codes.LITERAL:
            return chr(given)
        if code is codes.RANGE:
            return chr(given[0])
    return None


def _spelled(code: Any, given: Any) -> str:
    if code is codes.NEGATE:
        return "^"
    if code is codes.LITERAL:
        return re.escape(chr(given))
    if code is codes.RANGE:
        return f"{re.escape(chr(given[0]))}-{re.escape(chr(given[1]))}"
    classes = {
        codes.CATEGORY_DIGIT: r"\d",
        codes.CATEGORY_NOT_DIGIT: r"\D",
        codes.CATEGORY_SPACE: r"\s",
        codes.CATEGORY_NOT_SPACE: r"\S",
        codes.CATEGORY_WORD: r"\w",
        codes.CATEGORY_NOT_WORD: r"\W",
    }
    return classes.get(given, "")
