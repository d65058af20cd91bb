"""EPUB books: their chapters in the order of the spine, each read as a page."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from core.twins.reading.days import day_in
from core.twins.reading.draft import Draft
from core.twins.reading.html import add_page
from core.twins.reading.limits import Limits
from core.twins.reading.packages import check_xml, opened, part
from core.twins.reading.refusals import Refused

CONTAINER = "META-INF/container.xml"
LOCKED = "META-INF/encryption.xml"
PAGES = ("application/xhtml+xml", "text/html")
DC = "{http://purl.org/dc/elements/1.1/}"


def read_epub(path: Path, limits: Limits) -> Draft:
    """The words of all chapters; the table of contents and what is not linear stay out."""
    check_xml(path, limits, doctypes=True)
    draft = Draft("epub", limits)
    with opened(path, limits) as package:
        where = _package_path(package)
        book = _xml(part(package, where))
        _read_properties(book, draft)
        chapters = list(_spine(book))
        if len(chapters) > limits.pages:
            raise Refused(f"It has {len(chapters):,} parts; at most {limits.pages:,} are read.")
        if LOCKED in package.namelist() and _locks_pages(package, chapters):
            raise Refused("It is protected against copying.", fix="Use a copy without protection.")
        for number, chapter in enumerate(chapters, 1):
            draft.mark(f"part {number}")
            add_page(draft, part(package, _inside(where, chapter)))
    return draft


def _xml(data: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("The book is damaged: it cannot be read.", kind="unreadable") from error


def _package_path(package: ZipFile) -> str:
    found = _xml(part(package, CONTAINER)).find(".//{*}rootfile")
    where = found.get("full-path") if found is not None else None
    if not where:
        raise Refused("The book is damaged: it names no contents.", kind="unreadable")
    return str(where)


def _inside(where: str, link: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(where), unquote(link)))


def _read_properties(book: Any, draft: Draft) -> None:
    title = book.find(f".//{DC}title")
    draft.title = (title.text or "") if title is not None else ""
    days = (day_in(element.text or "") for element in book.iter(f"{DC}date"))
    draft.written_on = next((day for day in days if day), None)
    draft.unseen.extend(element.text or "" for element in book.iter(f"{DC}description"))


def _spine(book: Any) -> Iterator[str]:
    """The links of the chapters in reading order."""
    items = {item.get("id"): item for item in book.iter("{*}item")}
    for reference in book.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in PAGES:
            continue
        contents = "nav" in (item.get("properties") or "").split()
        if not contents and reference.get("linear") != "no" and item.get("href"):
            yield item.get("href")


def _locks_pages(package: ZipFile, chapters: list[str]) -> bool:
    """Whether what is encrypted is more than fonts."""
    locked = _xml(part(package, LOCKED)).iter("{*}CipherReference")
    names = {posixpath.basename(unquote(element.get("URI") or "")) for element in locked}
    return any(posixpath.basename(unquote(chapter)) in names for chapter in chapters)
