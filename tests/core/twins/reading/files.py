"""Files as creators and attackers have them, made with the libraries that people use."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import pptx
from docx.shared import Pt, RGBColor
from pptx.util import Emu, Inches
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

Line = tuple[str, dict[str, object]]


def pdf(path: Path, pages: Sequence[Sequence[str | Line]], **properties: str) -> Path:
    """A PDF with a line below the other; a line may say how it is drawn."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setTitle(properties.get("title", ""))
    canvas.setSubject(properties.get("subject", ""))
    for page in pages:
        at = 780.0
        for line in page:
            words, how = (line, {}) if isinstance(line, str) else line
            size = float(str(how.get("size", 11)))
            canvas.setFont("Helvetica", size)
            grey = float(str(how.get("grey", 0)))
            canvas.setFillColorRGB(grey, grey, grey)
            if how.get("bar"):
                canvas.setFillColorRGB(0, 0, 0.6)
                canvas.rect(60, at - 4, 400, 16, stroke=0, fill=1)
                canvas.setFillColorRGB(1, 1, 1)
            text = canvas.beginText(float(str(how.get("x", 72))), float(str(how.get("y", at))))
            text.setTextRenderMode(int(str(how.get("mode", 0))))
            text.textOut(words)
            text.setTextRenderMode(0)
            canvas.drawText(text)
            at -= float(str(how.get("step", 14)))
        canvas.showPage()
    canvas.save()
    return path


def word(path: Path, paragraphs: Sequence[str | Line], **properties: str) -> Path:
    """A DOCX; a paragraph may be a heading, hidden, white or tiny."""
    document = docx.Document()
    document.core_properties.title = properties.get("title", "")
    document.core_properties.comments = properties.get("comments", "")
    for paragraph in paragraphs:
        words, how = (paragraph, {}) if isinstance(paragraph, str) else paragraph
        if how.get("level"):
            document.add_heading(words, int(str(how["level"])))
            continue
        run = document.add_paragraph().add_run(words)
        run.font.hidden = bool(how.get("hidden")) or None
        if how.get("white"):
            run.font.color.rgb = RGBColor(255, 255, 255)
        if how.get("size"):
            run.font.size = Pt(float(str(how["size"])))
    document.save(str(path))
    return path


def slides(path: Path, pages: Sequence[tuple[str, str]], **how: str) -> Path:
    """A PPTX of titles and texts; ``hidden`` is a slide that is not shown, ``off`` lies outside."""
    show = pptx.Presentation()
    for title, body in pages:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text_frame.text = body
    last = show.slides[len(show.slides) - 1]
    if how.get("notes"):
        last.notes_slide.notes_text_frame.text = how["notes"]
    if how.get("off"):
        box = last.shapes.add_textbox(Emu(-9_000_000), 0, Inches(3), Inches(1))
        box.text_frame.text = how["off"]
    if how.get("white"):
        box = last.shapes.add_textbox(Inches(1), Inches(6), Inches(3), Inches(1))
        run = box.text_frame.paragraphs[0].add_run()
        run.text = how["white"]
        run.font.color.rgb = pptx.dml.color.RGBColor(255, 255, 255)
    if how.get("hidden"):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = how["hidden"]
        slide._element.set("show", "0")
    show.save(str(path))
    return path


CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" '
    'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
    'full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>"
)
XHTML = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
    '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">\n'
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{}</body></html>'
)


def epub(path: Path, chapters: Sequence[str], title: str = "", day: str = "") -> Path:
    """An EPUB of chapters in HTML, with a table of contents that is not read."""
    names = [f"c{number}.xhtml" for number in range(len(chapters))]
    items = "".join(
        f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    opf = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:date>{day}</dc:date></metadata><manifest>"
        '<item id="toc" href="toc.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f'{items}</manifest><spine><itemref idref="toc"/>{spine}</spine></package>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/epub+zip")
        package.writestr("META-INF/container.xml", CONTAINER)
        package.writestr("OEBPS/content.opf", opf)
        package.writestr("OEBPS/toc.xhtml", XHTML.format("<p>Table of contents</p>"))
        for name, chapter in zip(names, chapters, strict=True):
            package.writestr(f"OEBPS/{name}", XHTML.format(chapter))
    return path


def archive(path: Path, members: dict[str, bytes]) -> Path:
    """A ZIP of names and bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return path


def zipped(members: dict[str, bytes]) -> bytes:
    """The bytes of a ZIP of names and bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return buffer.getvalue()


def with_part(source: Path, target: Path, name: str, data: bytes) -> Path:
    """A copy of a document that is a ZIP, with one part added or put in place of another."""
    with zipfile.ZipFile(source) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    return archive(target, parts | {name: data})
