"""What the content gives to ask about: its headings, its own questions, and its frequent words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from core.domain.twins import PieceText
from core.twins.trying.words import key_words, stem, stems

_HASHED = re.compile(r"\s{0,3}#{1,6}\s+(.+?)[\s#]*")
_BLOCKS = re.compile(r"\n[ \t]*\n\s*")
_EMPHASIS = re.compile(r"(?<!\w)[*_`]{1,3}|[*_`]{1,3}(?!\w)")
_NUMBERED = re.compile(
    r"(?:chapter|part|section|book|step|week|day|lesson|module|episode|no)?\.?\s*"
    r"(?:\d+(?:\.\d+)+\s+"
    r"|(?:\d+|[ivxlc]+|one|two|three|four|five|six|seven|eight|nine|ten)"
    r"\s*(?:[.:)–—-](?!\d)\s*|$))",
    re.I,
)
_FURNITURE = re.compile(
    r"(?:table of )?contents|index|preface|foreword|introduction|conclusion|summary|notes|appendix"
    r"|acknowledge?ments?|about (?:the author|me)|faq|questions|bibliography|references|credits"
    r"|the end|dedication|copyright|license|transcript|glossary|introductory(?: note)?|by [\w .]+"
    r"|(?:\w+ )?transcriber['’]s notes?|scanned by .+|the \w+ (?:book|chapter|part)",
    re.I,
)
LONGEST_HEADING = 10
_LONGEST_QUESTION, _SHORTEST_QUESTION = 24, 4
_A_LIST = 5
_PROSE = 25
"""Words that have to follow a heading or a question: what it promises must be there."""
_LEANING = re.compile(r"\b(?:he|she|they|him|them|his|her|their|this|that|it|these|those)\b", re.I)


def headings(text: str) -> Iterator[str]:
    """Headings with prose behind them, marked by ``#`` or by standing alone, without numbers."""
    blocks = _BLOCKS.split(text)
    for block, following in zip(blocks, [*blocks[1:], ""], strict=True):
        line, _, rest = block.strip().partition("\n")
        hashed = _HASHED.fullmatch(line)
        if hashed is None and (rest.strip() or not _stands_as_title(line)):
            continue
        said = plain(hashed[1] if hashed else line)
        behind = rest if rest.strip() else following
        if _tells(said) and len(behind.split()) >= _PROSE:
            yield said


def questions(text: str) -> list[str]:
    """Questions that stand alone, as in a list of what people ask, with an answer behind them.

    Those that are no headings count where there are several: one alone is a manner of speaking.
    """
    marked: list[str] = []
    bare: list[str] = []
    blocks = [block.strip() for block in _BLOCKS.split(text)]
    for block, following in zip(blocks, [*blocks[1:], ""], strict=True):
        line, _, rest = block.partition("\n")
        hashed = _HASHED.fullmatch(line)
        said = plain(hashed[1] if hashed else line)
        behind = rest if rest.strip() else following
        if said.endswith("?") and _can_be_asked(said) and len(behind.split()) >= _PROSE:
            (marked if hashed else bare).append(said)
    return marked + bare if len(bare) >= _A_LIST else marked


def frequent_words(texts: Mapping[str, PieceText], most: int) -> list[str]:
    """Words that come back in places of their own, the most telling first, each stem once.

    A word that tells what a text is about is frequent, and stands in fewer paragraphs than chance
    would put it into (residual idf; Church & Gale 1995).
    """
    counts: Counter[str] = Counter()
    blocks: Counter[str] = Counter()
    shown: dict[str, Counter[str]] = {}
    total = 0
    for text in texts.values():
        for block in _BLOCKS.split(text.text):
            found = [word for word in key_words(block) if word.isalpha() and len(word) > 4]
            total += 1
            counts.update(map(stem, found))
            blocks.update({stem(word) for word in found})
            for word in found:
                shown.setdefault(stem(word), Counter())[word] += 1
    spread = [one for one in counts if blocks[one] >= 3 and counts[one] >= 5]
    telling = {one: _residual(counts[one], blocks[one], total) * counts[one] for one in spread}
    spread.sort(key=lambda one: (-telling[one], one))
    return [shown[one].most_common(1)[0][0] for one in spread[:most]]


def _residual(count: int, blocks: int, total: int) -> float:
    """How much rarer than by chance the paragraphs with a word are, in bits."""
    return math.log2(total / blocks) + math.log2(-math.expm1(-count / total))


def plain(line: str) -> str:
    """A heading without markup and number, and not in capitals throughout."""
    said = " ".join(_EMPHASIS.sub("", line).split()).rstrip(":").strip()
    said = said.strip("\"“”'‘’") if said.count('"') != 1 else said
    numbered = _NUMBERED.match(said)
    if numbered and len(said[numbered.end() :].split()) > 1:
        said = said[numbered.end() :].strip()
    return said.capitalize() if said.isupper() else said


def _stands_as_title(line: str) -> bool:
    """Whether a line that stands alone is a title: short, begun large, not closed as a sentence."""
    said = line.strip()
    if not said or len(said.split()) > LONGEST_HEADING or said[-1] in ".,;!…\"'”’)]_*":
        return False
    return said[0].isupper() or said.endswith("?")


def _tells(said: str) -> bool:
    """Whether a heading says what its part is about."""
    if said.endswith("?") or len(said.split()) > LONGEST_HEADING:
        return False
    if _FURNITURE.fullmatch(said) or any(letter.isdigit() for letter in said):
        return False
    return bool(stems(said))


def _can_be_asked(said: str) -> bool:
    """Whether a question can be understood without what stood before it."""
    count = len(said.split())
    if not _SHORTEST_QUESTION <= count <= _LONGEST_QUESTION:
        return False
    return len(stems(said)) >= (1 if not _LEANING.search(said) else 3)
