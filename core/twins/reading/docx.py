"""Word documents: paragraphs, headings and tables in reading order, hidden words marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.twins.reading.days import day_in
from core.twins.reading.draft import Draft, Piece
from core.twins.reading.limits import Limits
from core.twins.reading.packages import check_xml
from core.twins.reading.refusals import Refused

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
NO_FILL = ("auto", "FFFFFF", "ffffff", None)
SMALLEST_HALF_POINTS = 4
_HEADING = re.compile(r"(?:heading|überschrift|título|titre|titolo|kop) ?(\d)", re.I)


def read_docx(path: Path, limits: Limits) -> Draft:
    """The words of the body; comments, headers, footers and deleted words stay out."""
    import docx

    check_xml(path, limits)
    draft = Draft("docx", limits)
    try:
        document = docx.Document(str(path))
        body = document.element.body
    except (KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise Refused("The document is damaged: it cannot be read.", kind="unreadable") from error
    _read_properties(document.core_properties, draft)
    styles = _Styles(document)
    for paragraph in _paragraphs(body):
        pieces = list(_pieces(paragraph, styles))
        level = styles.level(paragraph)
        if level:
            draft.heading(pieces, level)
            if not draft.title:
                draft.title = "".join(text for text, hidden in pieces if not hidden)
        elif paragraph.tag == f"{W}tr":
            draft.paragraph(pieces)
        else:
            bullet = paragraph.find(f"{W}pPr/{W}numPr") is not None and pieces
            draft.paragraph(([("- ", pieces[0][1])] if bullet else []) + pieces)
    return draft


def _read_properties(properties: Any, draft: Draft) -> None:
    draft.title = properties.title or ""
    if "python-docx" not in (properties.comments or ""):
        draft.written_on = day_in(properties.created)
    draft.unseen.extend([properties.comments or "", properties.subject or ""])


def _paragraphs(body: Any) -> Iterator[Any]:
    """Paragraphs, and rows of tables, in reading order; each once."""
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        if element.tag in (f"{W}p", f"{W}tr"):
            yield element
            boxes = [box for box in element.iter(f"{W}txbxContent") if not _fallback(box)]
            stack.extend(reversed([child for box in boxes for child in box]))
        elif isinstance(element.tag, str):
            stack.extend(reversed(element))


def _fallback(element: Any) -> bool:
    return any(parent.tag == f"{MC}Fallback" for parent in element.iterancestors())


def _pieces(block: Any, styles: _Styles) -> Iterator[Piece]:
    """The words of a paragraph or a row, run by run; boxes in it come by themselves."""
    cell: Any = None
    boxed = block.getparent().tag == f"{W}txbxContent"
    for run in block.iter(f"{W}r"):
        parents = list(run.iterancestors())
        within = parents[: parents.index(block)]
        if any(p.tag in (f"{W}txbxContent", f"{W}del", f"{W}moveFrom") for p in within):
            continue
        if block.tag == f"{W}tr":
            here = next((p for p in within if p.tag == f"{W}tc"), None)
            if cell is not None and here is not cell:
                yield " | ", False
            cell = here
        words = "".join(_words(run))
        if words:
            yield words, styles.hides(run, within, boxed)


def _words(run: Any) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in (f"{W}tab", f"{W}ptab"):
            yield " "
        elif child.tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"


class _Styles:
    """What the document's styles say of its paragraphs and runs."""

    def __init__(self, document: Any) -> None:
        self._by_id = {style.style_id: style for style in document.styles}

    def level(self, paragraph: Any) -> int:
        """The level of a heading, 0 for any other paragraph."""
        if paragraph.tag != f"{W}p":
            return 0
        outline = paragraph.find(f"{W}pPr/{W}outlineLvl")
        if outline is not None and (outline.get(f"{W}val") or "").isdigit():
            return min(int(outline.get(f"{W}val")) + 1, 6) % 10
        for style in self._chain(paragraph.find(f"{W}pPr/{W}pStyle")):
            found = _HEADING.match(style.name or "")
            if found:
                return min(int(found[1]), 6)
            if (style.name or "").lower() in ("title", "titel"):
                return 1
        return 0

    def _chain(self, named: Any) -> Iterator[Any]:
        """A style and what it is based on."""
        style = self._by_id.get(named.get(f"{W}val")) if named is not None else None
        for _ in range(10):
            if style is None:
                return
            yield style
            style = getattr(style, "base_style", None)

    def hides(self, run: Any, within: list[Any], boxed: bool) -> bool:
        """Whether a reader does not see a run."""
        paragraph = next((p for p in [*within, *run.iterancestors()] if p.tag == f"{W}p"), run)
        own = run.find(f"{W}rPr")
        looks = [] if own is None else [own]
        looks += self._looks(own.find(f"{W}rStyle") if own is not None else None)
        looks += self._looks(paragraph.find(f"{W}pPr/{W}pStyle"))
        if _on(_first(looks, "vanish")) or _on(_first(looks, "webHidden")):
            return True
        size = _first(looks, "sz")
        value = size.get(f"{W}val") if size is not None else None
        if value is not None and value.isdigit() and int(value) <= SMALLEST_HALF_POINTS:
            return True
        colour = _first(looks, "color")
        white = colour is not None and _is_white(colour.get(f"{W}val"))
        return white and not _on_a_ground(run, looks, boxed)

    def _looks(self, named: Any) -> list[Any]:
        found = (style.element.find(f"{W}rPr") for style in self._chain(named))
        return [look for look in found if look is not None]


def _first(looks: list[Any], name: str) -> Any:
    return next((e for look in looks if (e := look.find(f"{W}{name}")) is not None), None)


def _on(switch: Any) -> bool:
    return switch is not None and switch.get(f"{W}val") not in ("0", "false", "off")


def _is_white(value: str | None) -> bool:
    try:
        number = int(value or "", 16)
    except ValueError:
        return False
    return min(number >> 16, number >> 8 & 255, number & 255) >= 0xF2


def _on_a_ground(run: Any, looks: list[Any], boxed: bool) -> bool:
    """Whether white letters stand on something that is not white, as far as it is said."""
    shades = [_first(looks, "shd"), _first(looks, "highlight")]
    for parent in run.iterancestors():
        properties = parent.find(f"{parent.tag}Pr") if isinstance(parent.tag, str) else None
        if properties is not None:
            shades.append(properties.find(f"{W}shd"))
        if parent.tag == f"{W}tbl" and parent.find(f"{W}tblPr/{W}tblStyle") is not None:
            return True
        if parent.tag == f"{WPS}wsp" and boxed:
            return any(True for _ in parent.iter(f"{A}solidFill", f"{A}gradFill", f"{A}blipFill"))
        if parent.tag == f"{W}document" and parent.find(f"{W}background") is not None:
            return not _is_white(parent.find(f"{W}background").get(f"{W}color"))
    fills = [shade.get(f"{W}fill") or shade.get(f"{W}val") for shade in shades if shade is not None]
    return any(fill not in NO_FILL and fill not in ("clear", "none", "white") for fill in fills)
