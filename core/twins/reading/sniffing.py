"""What a file is, by its bytes; its name decides only between kinds of plain text."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath

from core.domain.twins import Problem
from core.twins.reading.decoding import decode, looks_like_text
from core.twins.reading.packages import BROKEN
from core.twins.reading.refusals import Refused

HEAD = 65_536
NAMES = {
    "pdf": "a PDF",
    "docx": "a Word document",
    "pptx": "a PowerPoint presentation",
    "epub": "an EPUB book",
    "html": "a web page",
    "markdown": "Markdown",
    "text": "plain text",
    "subtitles": "subtitles",
    "recording": "a recording",
    "zip": "a ZIP archive",
}
SUFFIXES = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
    ".pptx": "pptx",
    ".pptm": "pptx",
    ".ppsx": "pptx",
    ".epub": "epub",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".srt": "subtitles",
    ".vtt": "subtitles",
    ".zip": "zip",
} | dict.fromkeys(
    ".mp3 .m4a .wav .flac .ogg .oga .opus .aac .aif .aiff .wma .amr .caf "
    ".mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .wmv .flv .3gp".split(),
    "recording",
)
TEXTS = {"text", "markdown", "html", "subtitles"}
_RECORDINGS = re.compile(
    rb"ID3|\xff[\xfb\xfa\xf3\xf2\xf1\xf9]|RIFF....(?:WAVE|AVI )|OggS|fLaC|....ftyp|\x1aE\xdf\xa3"
    rb"|FORM....AIF[FC]|\x30\x26\xb2\x75\x8e\x66\xcf\x11|#!AMR|caff|FLV\x01|\x00\x00\x01[\xba\xb3]",
    re.S,
)
_OTHERS = (
    (rb"MZ|\x7fELF|\xcf\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf]|\xca\xfe\xba\xbe", "a program", ""),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\x00\x00\x00\x00|II\*\x00|MM\x00\*|RIFF....WEBP|8BPS",
     "a picture", "Give its words as text."),
    (rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd|.{257}ustar",
     "an archive of another kind", "Pack the files as ZIP."),
    (rb"\{\\rtf", "an RTF document", "Save it as DOCX or PDF."),
    (rb"%!PS", "a PostScript file", "Save it as PDF."),
    (rb"SQLite format 3", "a database", ""),
)  # fmt: skip
OTHERS = tuple((re.compile(pattern, re.S), name, fix) for pattern, name, fix in _OTHERS)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PACKAGES = (
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("META-INF/container.xml", "epub"),
)
_CUES = re.compile(r"(?:\d+[ \t]*\n)?(?:\d+:)?\d\d:\d\d[,.]\d{3} +-->")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)
_TAG = re.compile(r"</?(?:p|div|h[1-6]|ul|ol|li|br|span|a|article|section|table)\b[^>]*>", re.I)


def detect(path: Path, name: str) -> tuple[str, tuple[Problem, ...]]:
    """The format of a file, and a word to its creator where its name says another.

    Raises:
        Refused: If it is no format that is read, or is not what its name says.
    """
    claimed = SUFFIXES.get(PurePosixPath(name).suffix.lower(), "")
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip(b"\x00 \t\r\n"):
        raise Refused("The file is empty.", kind="empty")
    found = _by_bytes(path, head, claimed)
    if found == claimed or not claimed or (found in TEXTS and claimed in TEXTS):
        return found, ()
    if found in TEXTS and found != "html":
        raise Refused(
            f"Its name says that it is {NAMES[claimed]}, but its bytes are {NAMES[found]}.",
            fix="Rename it to what it is.",
        )
    words = f"Its name says that it is {NAMES[claimed]}; it is {NAMES[found]} and was read so."
    return found, (Problem(kind="unreadable", severity="info", message=words),)


def _by_bytes(path: Path, head: bytes, claimed: str) -> str:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(path)
    if _RECORDINGS.match(head):
        return "recording"
    if head.startswith(OLE):
        raise _office(path)
    for pattern, kind, fix in OTHERS:
        if pattern.match(head):
            raise _lie(claimed, kind, fix)
    if looks_like_text(head):
        return _kind_of_text(decode(head[: len(head) // 4 * 4]), claimed)
    raise _lie(claimed, "of a kind that is not read", "Save it as PDF, DOCX or text.")


def _lie(claimed: str, kind: str, fix: str) -> Refused:
    if claimed:
        return Refused(f"Its name says that it is {NAMES[claimed]}, but it is {kind}.", fix=fix)
    return Refused(f"It is {kind}; such files are not read.", fix=fix)


def _office(path: Path) -> Refused:
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        return Refused("It is protected by a password.", fix="Save it without one.")
    return Refused("It is of an old Office format.", fix="Save it as DOCX, PPTX or PDF.")


def _package(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            kind = package.read("mimetype")[:80] if "mimetype" in names else b""
    except (RuntimeError, *BROKEN) as error:
        raise Refused(
            "The file is damaged: it cannot be opened.", kind="unreadable", fix="Save it again."
        ) from error
    if b"opendocument" in kind:
        raise Refused("It is an OpenDocument file.", fix="Save it as DOCX, PPTX or PDF.")
    if "xl/workbook.xml" in names:
        raise Refused("It is a spreadsheet; they are not read.", fix="Save it as PDF.")
    return next((found for inside, found in PACKAGES if inside in names), "zip")


def _kind_of_text(head: str, claimed: str) -> str:
    start = head.lstrip()[:2_000]
    if start.startswith("WEBVTT") or _CUES.match(start):
        return "subtitles"
    if _HTML.match(start) or (start.startswith(("<?xml", "<!--")) and _HTML.search(start)):
        return "html"
    if start.startswith("<?xml"):
        raise Refused("It is XML of a kind that is not read.", fix="Save it as HTML or text.")
    if claimed == "html":
        return "html" if _TAG.search(head) else "text"
    return "markdown" if claimed == "markdown" else "text"
