"""Characters that are in a text and cannot be seen: zero width, direction, tags."""

from __future__ import annotations

import re

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\u2061-\u2064\ufeff\u180e\u034f\u115f\u1160\u3164\uffa0"
DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
TAGS = "\U000e0000-\U000e007f"
UNSEEN = re.compile(f"[{ZERO_WIDTH}{DIRECTION}{TAGS}]+")
_PLAIN = re.compile("[\u200c\u200d\u200e\u200f\ufe0f]")
SOFT_HYPHEN = "\u00ad"
LAST_LATIN = "\u024f"


def invisible_spans(text: str) -> list[tuple[int, int]]:
    """Where such characters stand, joiners apart that a script or an emoji needs.

    A soft hyphen shows where a line breaks: it belongs to the word and is not one of them.
    """
    return [found.span() for found in UNSEEN.finditer(text) if not _needed(text, *found.span())]


def _needed(text: str, start: int, end: int) -> bool:
    """Whether it is one sign between two that are not Latin, as Persian or a family emoji has."""
    if end - start != 1 or not _PLAIN.match(text, start):
        return False
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return before > LAST_LATIN and (after > LAST_LATIN or after.isspace())
