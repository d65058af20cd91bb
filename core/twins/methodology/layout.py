"""How a creator's texts are laid out: sections under headings, blocks in them, and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from core.domain.twins import Mark, Passage, PieceText
from core.twins.knowledge import Span, sentences

Pieces = Sequence[tuple[str, PieceText]]
BlockKind = Literal["heading", "item", "row", "paragraph"]
_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[ \t]*\S[^\n]*)*")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_HASHES = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*\Z")
_ITEM = re.compile(r"[ \t]*(?P<sign>[-*•·▪‣]|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t]+(?=\S)")
_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*\Z")
_BOLD_LINE = re.compile(r"[ \t]*(?:\*\*|__)(.+?)(?:\*\*|__)[ \t]*\Z")
_NUMBERED = re.compile(
    r"(?:chapter|lesson|part|exercise|practice|step|week|day|module|session|phase|stage|rule"
    r"|principle|unit|book|section|drill)\s+(?:\d{1,3}|[ivxlc]+|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve)\b",
    re.I,
)
_STEP = re.compile(r"[\W_]*step\s+(?:\d{1,2}|[a-z]+)\b", re.I)
"""A heading that is a step of what it stands under."""
_LICENCE = re.compile(
    r"\[illustration|gutenberg|copyright|all rights reserved|\bisbn\b|e-?texts?\b|produced by"
    r"|scanned by"
    r"|proofread|transcriber|public domain|terms of use|privacy policy|unsubscribe|trademark",
    re.I,
)
_BEGINS = re.compile(
    r"\*\*\*\s*START OF (?:THE|THIS) PROJECT[^\n]*|\*END[^\n]*SMALL PRINT[^\n]*", re.I
)
_ENDS = re.compile(r"^[^\w\n]{0,20}END OF (?:THE |THIS )?PROJECT GUTENBERG", re.I | re.M)
_CONTENTS = re.compile(r"\W*(?:table of )?contents\W*\Z|\W*index\W*\Z", re.I)
_MARKUP = re.compile(
    r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=[\w.!?,])[*_](?!\w)|\[(?=[^\]\n]{0,300}\]\()|\]\([^)\n]{0,500}\)"
)
_NUMERAL = re.compile(r"(?:[IVXLC]{1,8}|\d{1,3})\.\s+(?=[A-Z])")
_HOLE = re.compile(r"\S {4,}\S")
_LONGEST_HEADING = 300
_SHORT_HEADING, _LONG_HEADING = 9, 14
"""Words of a heading that only its place gives away, and of one in capitals."""


class Block(NamedTuple):
    """A heading, a list item, a table row or a paragraph; ``start`` is after its sign."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    sign: str = ""


@dataclass(frozen=True)
class Sentence:
    """A sentence with where it is.

    Attributes:
        text: In one line, without the marks of Markdown.
        section: The number of its section in the corpus.
        block: The number of its block in the section, counted over its own blocks.
    """

    piece: int
    start: int
    end: int
    text: str
    section: int
    block: int
    kind: BlockKind

    @cached_property
    def words(self) -> list[str]:
        """As they are written."""
        return re.findall(r"[^\W\d_][\w'’-]*[\w]|[^\W_]|\d+", self.text)


@dataclass
class Section:
    """A heading with what stands under it, up to the next heading.

    Attributes:
        heading: Its words, empty for what comes before the first heading.
        up: The number of the section that it belongs to, None at the top.
        sentences: Numbers of its sentences, first and after the last.
    """

    piece: int
    heading: str
    level: int
    up: int | None
    start: int
    end: int
    blocks: list[Block] = field(default_factory=list)
    first: int = 0
    last: int = 0


@dataclass
class Corpus:
    """All pieces, laid out."""

    pieces: Pieces
    sections: list[Section] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)

    def text(self, piece: int) -> str:
        """The text of a piece as read."""
        return self.pieces[piece][1].text

    def within(self, section: int) -> list[Sentence]:
        """The sentences of a section, without its heading."""
        own = self.sections[section]
        return self.sentences[own.first : own.last]

    def path(self, section: int) -> list[int]:
        """The section and those that it belongs to, the nearest first."""
        found, at = [], section
        while True:
            found.append(at)
            up = self.sections[at].up
            if up is None:
                return found
            at = up

    def passage(self, piece: int, start: int, end: int) -> Passage:
        """A place with its words as they are."""
        name, text = self.pieces[piece]
        return Passage(
            file=name, start=start, end=end, text=text.text[start:end], place=text.place(start)
        )


def lay_out(pieces: Pieces) -> Corpus:
    """Sections and sentences of all pieces; licences and tables of contents are left out."""
    corpus = Corpus(pieces)
    for number, (_, piece) in enumerate(pieces):
        _lay_out_piece(corpus, number, piece)
    return corpus


def plain(text: str) -> str:
    """In one line, without the marks of Markdown and what cannot be printed."""
    bare = " ".join(_MARKUP.sub("", text).split())
    return bare if bare.isprintable() else "".join(filter(str.isprintable, bare))


def blanked(text: str) -> bool:
    """Whether something was taken out of the middle of it."""
    return _HOLE.search(text) is not None


def _lay_out_piece(corpus: Corpus, number: int, piece: PieceText) -> None:
    text = piece.text
    first = len(corpus.sections)
    corpus.sections.append(Section(number, "", 0, None, 0, len(text)))
    skipping = False
    for block in _blocks(text, piece.marks):
        if block.kind == "heading" and _STEP.match(text, block.start, block.end):
            corpus.sections[-1].blocks.append(block._replace(kind="paragraph"))
        elif block.kind == "heading":
            heading = plain(text[block.start : block.end])
            skipping = _CONTENTS.match(heading) is not None
            corpus.sections[-1].end = block.start
            up = _above(corpus, first, block.level)
            corpus.sections.append(
                Section(number, heading, block.level, up, block.start, len(text))
            )
        elif not skipping and not _LICENCE.search(text, block.start, block.end):
            corpus.sections[-1].blocks.append(block)
    for at in range(first, len(corpus.sections)):
        _read_section(corpus, at)


def _above(corpus: Corpus, first: int, level: int) -> int | None:
    """The nearest section before with a smaller level; what has no heading holds none."""
    at: int | None = len(corpus.sections) - 1
    while at is not None and at > first and corpus.sections[at].level >= level:
        at = corpus.sections[at].up
    return at if at is not None and at > first else None


def _read_section(corpus: Corpus, number: int) -> None:
    section = corpus.sections[number]
    text = corpus.text(section.piece)
    section.first = len(corpus.sentences)
    for at, block in enumerate(section.blocks):
        spans = [Span(block.start, block.end)]
        if block.kind != "row":
            found = sentences(text[block.start : block.end])
            spans = [_unnumbered(text, block.start + one[0], block.start + one[1]) for one in found]
        for start, end in spans:
            words = plain(text[start:end])
            if words and not (words.isupper() and " " in words):
                one = Sentence(section.piece, start, end, words, number, at, block.kind)
                corpus.sentences.append(one)
    section.last = len(corpus.sentences)


def _unnumbered(text: str, start: int, end: int) -> Span:
    """A sentence without the number of its paragraph."""
    number = _NUMERAL.match(text, start, end)
    return Span(number.end() if number and number.end() < end else start, end)


def _blocks(text: str, marks: Sequence[Mark]) -> Iterator[Block]:
    begin = max((found.end() for found in _BEGINS.finditer(text)), default=0)
    end = _ENDS.search(text, begin)
    marked_up = re.search(r"^ {0,3}#{1,6} \S", text, re.M) is not None
    headings = frozenset(mark.start for mark in marks if _is_heading_mark(text, mark))
    last = end.start() if end else len(text)
    paragraphs = [one.span() for one in _PARAGRAPH.finditer(text, begin, last)]
    numbered = [not marked_up and _is_numbered_line(text[one:other]) for one, other in paragraphs]
    for at, (start, stop) in enumerate(paragraphs):
        if numbered[at] and not any(numbered[at + 1 : at + 2]) and at + 1 < len(paragraphs):
            yield Block("heading", start, stop, 3)
        else:
            yield from _of_paragraph(text, start, stop, marked_up, headings, at == 0)


def _is_numbered_line(words: str) -> bool:
    """Whether it is one short line with a number, as headings have it, and lists."""
    item = _ITEM.match(words)
    rest = words[item.end() :].strip() if item and item["sign"][:1].isdigit() else ""
    is_short = 0 < len(rest.split()) <= _LONG_HEADING and "\n" not in rest
    return is_short and rest[0].isupper() and rest[-1] not in ".!?,;:"


def _is_heading_mark(text: str, mark: Mark) -> bool:
    return len(mark.place) > 2 and text.startswith(mark.place, mark.start)


def _of_paragraph(
    text: str, start: int, end: int, marked_up: bool, headings: frozenset[int], is_first: bool
) -> Iterator[Block]:
    lines = [found.span() for found in _LINE.finditer(text, start, end)]
    if not marked_up:
        level = _heading_level(text[start:end], len(lines), is_first)
        if start in headings or level:
            yield Block("heading", start, end, level or 2)
            return
    begun, kind, sign = start, "paragraph", ""
    for line_start, line_end in lines:
        line = text[line_start:line_end]
        hashes, item = _HASHES.match(line), _ITEM.match(line)
        bold = _BOLD_LINE.match(line) if len(lines) == 1 else None
        is_row = _ROW.match(line) is not None
        if not (hashes or item or is_row or bold):
            continue
        if text[begun:line_start].strip():
            yield _block(kind, text, begun, line_start, sign)
        begun, kind, sign = line_start, "paragraph", ""
        if hashes:
            at = line_start + hashes.start(2)
            yield Block("heading", at, at + len(hashes[2]), len(hashes[1]))
            begun = line_end
        elif bold and bold[1].strip()[-1:] not in (".", "!", "?", ",", ";"):
            yield Block("heading", line_start + bold.start(1), line_start + bold.end(1), 5)
            begun = line_end
        elif is_row:
            yield Block("row", line_start, line_end)
            begun = line_end
        elif item:
            begun, kind, sign = line_start + item.end(), "item", item["sign"].strip("().")
    if text[begun:end].strip():
        yield _block(kind, text, begun, end, sign)


def _block(kind: str, text: str, start: int, end: int, sign: str) -> Block:
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    end = start + len(inside.strip())
    return Block("item" if kind == "item" else "paragraph", start, end, 0, sign)


def _heading_level(words: str, lines: int, is_first: bool) -> int:
    """The level of a heading that no mark gives away, 0 where it is none."""
    if lines > 2 or len(words) > _LONGEST_HEADING:
        return 0
    line = plain(words)
    count = len(line.split())
    if not count or not any(map(str.isalpha, line)) or line[0].islower():
        return 0
    numbered = _NUMBERED.match(line)
    if numbered and count <= _LONG_HEADING and not line.endswith((",", ";")):
        return 3 if numbered[0].lower().startswith(("exercise", "practice", "drill", "step")) else 2
    if line.isupper():
        return 2 if count <= _LONG_HEADING else 0
    if (
        line[-1] in ".!?,;:\"'”’)"
        or count > _SHORT_HEADING
        or lines > 1
        or line[0] in "\"'“‘([*_-—"
    ):
        return 0
    return 1 if is_first else 2
