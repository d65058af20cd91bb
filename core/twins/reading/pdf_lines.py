"""From the lines of PDF pages to paragraphs: headings found, running heads gone, words mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

EDGE_LINES = 2
REPEATS = 3
HEADING_SIZE = 1.15
WIDE_GAP = 1.4
INDENT = (6.0, 60.0)
SHORT_LINE = 0.75
LONGEST_HEADING = 160
LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st"})
ENDED = re.compile(r"[.!?:…][\"'”’)\]]*$")
_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.|s\.)?\s*#+(?:\s*(?:of|/|von|\|)\s*#+)?|[ivxlc]{1,7})\W*", re.I
)
_BROKEN_WORD = re.compile(r"([^\W\d_]+)-$")
_COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")


@dataclass(frozen=True)
class Line:
    """One line of a page: where it begins and how large its letters are."""

    page: int
    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Block:
    """A paragraph, or a heading where ``level`` is not 0."""

    page: int
    text: str
    level: int = 0


def blocks(pages: list[list[Line]]) -> Iterator[Block]:
    """The paragraphs of a document in order."""
    lines = [line for page in _without_heads(pages) for line in page]
    if not lines:
        return
    body = _body_size(lines)
    sizes = sorted({_step(line.size) for line in lines if line.size >= HEADING_SIZE * body})[::-1]
    compounds = {found.lower() for line in lines for found in _COMPOUND.findall(line.text)}
    for group in _groups(lines):
        text = _mended(group, compounds)
        level = 0
        if group[0].size >= HEADING_SIZE * body and len(text) <= LONGEST_HEADING:
            level = min(sizes.index(_step(group[0].size)) + 1, 3)
        yield Block(group[0].page, text, level)


def _step(size: float) -> float:
    return round(size * 2) / 2


def _body_size(lines: list[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[_step(line.size)] += len(line.text)
    return sizes.most_common(1)[0][0] or 1.0


def _without_heads(pages: list[list[Line]]) -> list[list[Line]]:
    """Without the lines that stand again and again at the top or bottom of pages.

    Where those are most of all lines, the pages say the same: then nothing is a head.
    """
    edges = [_edges(page) for page in pages]
    counts = Counter((_key(line), round(line.y / 6)) for page in edges for line in page)
    numbers = sum(any(_NUMBER.fullmatch(_key(line)) for line in page) for page in edges)

    def running(line: Line) -> bool:
        key = _key(line)
        if numbers >= 2 and _NUMBER.fullmatch(key):
            return True
        near = sum(counts[key, round(line.y / 6) + step] for step in (-1, 0, 1))
        return near >= REPEATS

    gone = [{id(line) for line in page if running(line)} for page in edges]
    left = [
        [line for line in page if id(line) not in out]
        for page, out in zip(pages, gone, strict=True)
    ]
    return left if 2 * sum(map(len, left)) >= sum(map(len, pages)) else pages


def _edges(page: list[Line]) -> list[Line]:
    ordered = sorted(page, key=lambda line: line.y)
    few = len(ordered) <= 2 * EDGE_LINES
    return ordered if few else ordered[:EDGE_LINES] + ordered[-EDGE_LINES:]


def _key(line: Line) -> str:
    return " ".join(re.sub(r"\d", "#", line.text).casefold().split())


def _groups(lines: list[Line]) -> Iterator[list[Line]]:
    """The lines that make one paragraph each."""
    leading = _leading(lines)
    width = median(sorted(len(line.text) for line in lines)[len(lines) // 2 :])
    left = Counter(round(line.x) for line in lines).most_common(1)[0][0]
    group = [lines[0]]
    for line in lines[1:]:
        if _begins(group, line, leading, width, left):
            yield group
            group = []
        group.append(line)
    yield group


def _leading(lines: list[Line]) -> float:
    """The usual distance of two lines, in sizes of their letters."""
    steps = [
        (a.y - b.y) / b.size
        for a, b in pairwise(lines)
        if a.page == b.page and b.size and 0.5 < (a.y - b.y) / b.size < 3
    ]
    return median(steps) if steps else 1.2


def _begins(group: list[Line], line: Line, leading: float, width: float, left: float) -> bool:
    """Whether a line begins a new paragraph."""
    last = group[-1]
    if _step(last.size) != _step(line.size) and abs(last.size - line.size) > 0.1 * last.size:
        return True
    ended = ENDED.search(last.text) is not None
    flows = line.text[:1].islower() or not ended
    if last.page != line.page or line.y > last.y:
        return not flows or (ended and len(last.text) < SHORT_LINE * width)
    if last.y - line.y > WIDE_GAP * leading * max(line.size, 1):
        return True
    indented = INDENT[0] <= line.x - last.x <= INDENT[1] and abs(last.x - left) <= INDENT[0]
    if indented and (ended or len(group) == 1):
        return True
    return ended and len(last.text) < SHORT_LINE * width


def _mended(group: list[Line], compounds: set[str]) -> str:
    """The lines as one, with words that were broken at a line's end made whole."""
    text = ""
    for line in group:
        words = line.text.strip()
        broken = _BROKEN_WORD.search(text)
        if broken and words[:1].islower():
            rest = re.match(r"[^\W\d_]+", words)
            whole = f"{broken[1]}-{rest[0] if rest else ''}".lower()
            text = text + words if whole in compounds else text[:-1] + words
        elif text:
            text += " " + words
        else:
            text = words
    return text.translate(LIGATURES)
