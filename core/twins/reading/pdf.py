"""PDF documents: page by page, hidden words apart, scans told from text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.twins.reading.days import day_in
from core.twins.reading.draft import Draft
from core.twins.reading.limits import Limits
from core.twins.reading.pdf_ink import Ink, scale, times
from core.twins.reading.pdf_lines import Line, blocks
from core.twins.reading.refusals import Refused

NO_TITLES = ("untitled", "(anonymous)", "unspecified", "none")
EXPORTED = "Microsoft Word - "
MOST_NOTES = 500
FEW_LETTERS = 20
NEEDS_OCR = "Run text recognition (OCR) over it, or give its words as text."


def read_pdf(path: Path, limits: Limits) -> Draft:
    """The words of all pages; notes in the margin and properties stay out.

    Words that a reader would not see stand behind those of their page, marked as hidden.
    """
    reader = _opened(path)
    pages = _pages(reader, limits)
    draft = Draft("pdf", limits)
    _read_properties(reader, draft)
    seen: list[list[Line]] = []
    unseen: list[list[Line]] = []
    pictures, damaged = 0, list[int]()
    for number, page in enumerate(pages):
        try:
            lines, hidden, drawn = _lines(page, number)
        except MemoryError:
            raise
        except Exception:  # the border: pypdf raises anything on a damaged page
            lines, hidden, drawn = [], [], 0
            damaged.append(number + 1)
        seen.append(lines)
        unseen.append(hidden)
        pictures += bool(drawn) and sum(len(line.text) for line in lines) < FEW_LETTERS
    _say_what_lacks(draft, seen, unseen, pictures, damaged)
    _add(draft, seen, unseen)
    return draft


def _opened(path: Path) -> Any:
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("It is protected by a password.", fix="Save it without one.")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged() from error
    return reader


def _damaged() -> Refused:
    return Refused(
        "The PDF is damaged: it cannot be read.", kind="unreadable", fix="Save it again."
    )


def _pages(reader: Any, limits: Limits) -> Iterator[Any]:
    try:
        count = len(reader.pages)
        if count > limits.pages:
            raise Refused(
                f"It has {count:,} pages; at most {limits.pages:,} are read.",
                fix="Split it into smaller files.",
            )
        return iter([reader.pages[number] for number in range(count)])
    except Refused:
        raise
    except Exception as error:  # the border: pypdf raises anything on a damaged file
        raise _damaged() from error


def _read_properties(reader: Any, draft: Draft) -> None:
    try:
        said = reader.metadata or {}
        title = str(said.get("/Title") or "").removeprefix(EXPORTED)
        created = str(said.get("/CreationDate") or "").removeprefix("D:")
        draft.unseen.extend(str(said.get(name) or "") for name in ("/Subject", "/Keywords"))
    except Exception:  # the border, again: properties are not worth a refusal
        draft.note("unreadable", "Its title and date could not be read.")
        return
    draft.title = "" if title.strip().lower() in NO_TITLES else title
    draft.unseen.append(title)
    if created[:8].isdigit():
        draft.written_on = day_in(f"{created[:4]}-{created[4:6]}-{created[6:8]}")


def _lines(page: Any, number: int) -> tuple[list[Line], list[Line], int]:
    """The lines that are seen, those that are not, and how many pictures the page has."""
    ink = Ink(page)
    seen = _extracted(page, number, ink)
    if not ink.hidden:
        return seen, [], ink.pictures
    unseen = _extracted(page, number, Ink(page, keep_hidden=True))
    if not seen and ink.only_by_mode and ink.pictures:
        return unseen, [], 0  # the invisible layer of a scan that was recognised
    return seen, unseen, ink.pictures


def _extracted(page: Any, number: int, ink: Ink) -> list[Line]:
    lines: list[Line] = []
    text, x, y, size = "", 0.0, 0.0, 0.0

    def heard(words: str, cm: Any, tm: Any, _font: Any, font_size: float) -> None:
        nonlocal text, x, y, size
        for part in words.splitlines(keepends=True):
            if not text.strip() and part.strip():
                place = times(tm, times(cm, ink.base))
                x, y, size, text = place[4], place[5], abs(font_size) * scale(place), ""
            text += part.rstrip("\n")
            if part.endswith("\n") and text.strip():
                lines.append(Line(number, " ".join(text.split()), x, y, size))
                text = ""

    try:
        page.extract_text(
            visitor_operand_before=ink.before, visitor_operand_after=ink.after, visitor_text=heard
        )
    finally:
        ink.restore()
    heard("\n", [1, 0, 0, 1, 0, 0], [1, 0, 0, 1, 0, 0], None, 0)
    return lines


def _say_what_lacks(
    draft: Draft,
    seen: list[list[Line]],
    unseen: list[list[Line]],
    pictures: int,
    damaged: list[int],
) -> None:
    if damaged and len(damaged) == len(seen):
        raise _damaged()
    if not any(seen) and not any(unseen):
        words = "It is a scan: pictures of pages, without text." if pictures else "It has no text."
        raise Refused(words, kind="empty", fix=NEEDS_OCR)
    if damaged:
        which = ", ".join(str(page) for page in damaged[:10])
        draft.note("unreadable", f"These pages could not be read: {which}.", "warning")
    if pictures:
        words = f"{pictures:,} of {len(seen):,} pages are pictures without text."
        draft.note("cut_short", words, "warning", NEEDS_OCR)


def _add(draft: Draft, seen: list[list[Line]], unseen: list[list[Line]]) -> None:
    """Paragraphs with the page that each begins on, hidden words behind their page."""
    found: dict[int, list[tuple[str, int]]] = {}
    for block in blocks(seen):
        found.setdefault(block.page, []).append((block.text, block.level))
    for number in range(len(seen)):
        here = found.get(number, [])
        if here or unseen[number]:
            draft.mark(f"page {number + 1}")
        for text, level in here:
            draft.paragraph(text, level)
        if unseen[number]:
            draft.paragraph([(" ".join(line.text for line in unseen[number]), True)])
