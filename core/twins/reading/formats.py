"""The formats that are read, one file each; adding one is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.twins.reading.docx import read_docx
from core.twins.reading.draft import Draft
from core.twins.reading.epub import read_epub
from core.twins.reading.html import read_html
from core.twins.reading.limits import Limits
from core.twins.reading.markdown import read_markdown
from core.twins.reading.pdf import read_pdf
from core.twins.reading.plain import read_plain
from core.twins.reading.pptx import read_pptx
from core.twins.reading.subtitles import read_subtitles

ReadFormat = Callable[[Path, Limits], Draft]

FORMATS: tuple[tuple[str, ReadFormat], ...] = (
    ("pdf", read_pdf),
    ("docx", read_docx),
    ("pptx", read_pptx),
    ("epub", read_epub),
    ("html", read_html),
    ("markdown", read_markdown),
    ("text", read_plain),
    ("subtitles", read_subtitles),
)
