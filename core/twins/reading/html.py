"""Web pages: their words in reading order, without what is chrome, with what is hidden marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from core.twins.reading.days import day_in
from core.twins.reading.decoding import MARKS, decode
from core.twins.reading.draft import Draft, Piece
from core.twins.reading.limits import Limits
from core.twins.reading.refusals import Refused
from core.twins.reading.styles import HIDING_CLASSES, Look, Sheet, declarations, restyled

HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form header hr html legend li main ol p pre section summary table "
    "tbody td tfoot th thead tr ul".split()
)
LEFT_OUT = frozenset(
    "script style noscript template nav button select option textarea input iframe object embed "
    "canvas svg math audio video head map datalist".split()
)
CHROME_ROLES = frozenset("navigation menu menubar banner contentinfo search".split())
CHROME = frozenset("header footer".split())
DAYS = (
    "article:published_time", "datepublished", "date", "dc.date", "dcterms.date", "pubdate",
    "publish-date", "dc.date.issued", "dcterms.created",
)  # fmt: skip
MOST_UNSEEN = 2_000
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)""", re.I)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}encoding\s*=\s*["']([\w-]+)""", re.I)
_LINKED_DAY = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')


def read_html(path: Path, limits: Limits) -> Draft:
    """The words of a page."""
    draft = Draft("html", limits)
    add_page(draft, path.read_bytes())
    return draft


def add_page(draft: Draft, data: bytes) -> None:
    """Add the words of a page to a draft; title and day where the draft has none."""
    root = parsed(data)
    if root is None:
        return
    _read_head(root, draft)
    css = " ".join(element.text or "" for element in root.iter("style"))
    _Walk(draft, Sheet(css)).over(root)


def parsed(data: bytes) -> Any:
    """The tree of a page; entities of its own are not expanded, nothing is fetched."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_pis=True, huge_tree=False, recover=True
    )
    text = page_text(data)
    try:
        return etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except etree.ParserError:
        return None
    except etree.XMLSyntaxError as error:
        raise Refused("The page is damaged: it cannot be read.", kind="unreadable") from error


def page_text(data: bytes) -> str:
    """The characters of a page, by what it says of itself where no mark says it."""
    declared = _CHARSET.search(data[:4_096]) or _DECLARED.match(data)
    if declared and not any(data.startswith(mark) for mark, _ in MARKS):
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            return decode(data)
    return decode(data)


def _read_head(root: Any, draft: Draft) -> None:
    title = root.find(".//title")
    if not draft.title and title is not None:
        draft.title = "".join(title.itertext())
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        said = meta.get("content") or ""
        if name in DAYS and draft.written_on is None:
            draft.written_on = day_in(said)
        elif len(said) > 20:
            _unseen(draft, said)
    if draft.written_on is None:
        times = (element.get("datetime") for element in root.iter("time"))
        days = [day for said in times if (day := day_in(said))]
        linked = (_LINKED_DAY.search(element.text or "") for element in root.iter("script"))
        days += [day for found in linked if found and (day := day_in(found[1]))]
        draft.written_on = days[0] if days else None


def _unseen(draft: Draft, said: str) -> None:
    if len(draft.unseen) < MOST_UNSEEN and said.strip():
        draft.unseen.append(said)


@dataclass
class _Walk:
    """Goes through a page once, without recursion, and adds a paragraph for each block."""

    draft: Draft
    sheet: Sheet
    pieces: list[Piece] = field(default_factory=list)
    level: int = 0
    item: bool = False

    def over(self, root: Any) -> None:
        looks = [self._look(root, Look())]
        skipped = 0
        for event, element in _events(root):
            if event == "comment":
                _unseen(self.draft, element.text or "")
                self._add(element.tail, looks[-1] if not skipped else None)
            elif event == "start":
                if skipped or self._left_out(element):
                    skipped += 1
                    continue
                looks.append(self._look(element, looks[-1]))
                self._open(element, looks[-1])
            else:
                if skipped:
                    skipped -= 1
                else:
                    self._close(element)
                    looks.pop()
                if not skipped and element is not root:
                    self._add(element.tail, looks[-1])
        self._flush()

    def _add(self, words: str | None, look: Look | None) -> None:
        if words and look is not None:
            self.pieces.append((words.replace("\n", " "), look.unseen))

    def _open(self, element: Any, look: Look) -> None:
        tag = element.tag
        if tag in HEADINGS or tag in BLOCKS:
            if tag not in ("td", "th"):
                self._flush()
            elif self.pieces:
                self.pieces.append((" | ", look.unseen))
            self.level = HEADINGS.get(tag, 0)
            self.item = tag == "li"
        elif tag == "br":
            self.pieces.append(("\n", look.unseen))
        for name in ("alt", "title", "aria-label"):
            _unseen(self.draft, element.get(name) or "")
        if tag == "pre":
            self.pieces.append((element.text or "", look.unseen))
        else:
            self._add(element.text, look)

    def _close(self, element: Any) -> None:
        if element.tag in HEADINGS or (element.tag in BLOCKS and element.tag not in ("td", "th")):
            self._flush()

    def _flush(self) -> None:
        if any(text.strip() for text, _ in self.pieces):
            if self.level:
                self.draft.heading(self.pieces, self.level)
            else:
                head: list[Piece] = [("- ", self.pieces[0][1])] if self.item else []
                self.draft.paragraph(head + self.pieces)
            self.item = False
        self.pieces = []
        self.level = 0

    def _look(self, element: Any, look: Look) -> Look:
        get = element.get
        classes = (get("class") or "").split()
        said = self.sheet.of(element.tag, get("id") or "", classes)
        said |= {"color": get("color")} if get("color") else {}
        said |= {"background-color": get("bgcolor")} if get("bgcolor") else {}
        said |= declarations(get("style") or "")
        look = restyled(look, said)
        if get("hidden") is not None or not HIDING_CLASSES.isdisjoint(classes):
            look = Look(True, look.colour, look.ground)
        return look

    def _left_out(self, element: Any) -> bool:
        if element.tag in LEFT_OUT:
            if element.tag in ("noscript", "template"):
                _unseen(self.draft, " ".join(element.itertext()))
            return True
        if (element.get("role") or "").lower() in CHROME_ROLES:
            return True
        return element.tag in CHROME and not any(
            parent.tag in ("article", "main", "section") for parent in element.iterancestors()
        )


def _events(root: Any) -> Iterator[tuple[str, Any]]:
    yield from etree.iterwalk(root, events=("start", "end", "comment"))
