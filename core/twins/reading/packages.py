"""Zip files that may be hostile: archives, and the documents that are archives inside."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.twins.reading.limits import Limits
from core.twins.reading.refusals import Refused

SMALL = 1_000_000
PIECE = 262_144
ENCRYPTED = 0x1
XML_PARTS = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html", ".htm", ".svg", ".vml")
_DECLARED = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.I)
_ENTITY = re.compile(rb"<!\s*ENTITY", re.I)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """A zip file whose parts are few, not encrypted, and not much larger unpacked.

    Raises:
        Refused: If it is otherwise, or broken.
    """
    try:
        package = zipfile.ZipFile(path)
    except BROKEN as error:
        raise Refused(
            "The file is damaged: it cannot be opened.", kind="unreadable", fix="Save it again."
        ) from error
    with package:
        check_parts(package.infolist(), limits)
        yield package


def check_parts(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse what would unpack to too much, by what it says of itself.

    A part that says less than it holds is cut at what it says when it is read, so this is enough.
    """
    check_count(len(parts), limits)
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise Refused("It is protected by a password.", fix="Save it without one.")
    total = sum(part.file_size for part in parts)
    if total > limits.archive_bytes:
        raise Refused(
            f"It would unpack to {total / 1e6:,.0f} MB; "
            f"at most {limits.archive_bytes / 1e6:,.0f} MB are taken.",
            fix="Split it into smaller files.",
        )
    for part in parts:
        if too_dense(part, limits):
            times = part.file_size // max(part.compress_size, 1)
            raise Refused(
                f"A part of it unpacks to {times:,} times its size, as zip bombs do.",
                fix="Save it again with the program that it was made with.",
            )


def check_count(count: int, limits: Limits) -> None:
    """Refuse an archive of too many files."""
    if count > limits.archive_files:
        raise Refused(
            f"It holds {count:,} files; at most {limits.archive_files:,} are taken.",
            fix="Split it into smaller archives.",
        )


def too_dense(part: zipfile.ZipInfo, limits: Limits) -> bool:
    """Whether a part unpacks to far more than it takes."""
    return part.file_size > SMALL and part.file_size > limits.archive_ratio * max(
        part.compress_size, 1
    )


def part(package: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one part.

    Raises:
        Refused: If it is not there or is broken.
    """
    try:
        return package.read(name)
    except (KeyError, RuntimeError, *BROKEN) as error:
        raise Refused("The file is damaged: a part of it is missing.", kind="unreadable") from error


def check_xml(path: Path, limits: Limits, *, doctypes: bool = False) -> None:
    """Refuse a document whose XML declares entities (an XML bomb) or, for Office, any DTD.

    Args:
        path: The document.
        limits: What it may unpack to.
        doctypes: Whether a plain document type is usual in it, as in XHTML.
    """
    with opened(path, limits) as package:
        for info in package.infolist():
            if not info.filename.lower().endswith(XML_PARTS):
                continue
            data = part(package, info.filename).replace(b"\x00", b"")
            if (_ENTITY if doctypes else _DECLARED).search(data):
                raise Refused(
                    "Its XML declares entities of its own, as XML bombs do.",
                    fix="Save it again with the program that it was made with.",
                )
