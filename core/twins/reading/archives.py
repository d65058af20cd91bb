"""Archives: each file inside becomes an entry of its own, under a name that it did not choose."""

from __future__ import annotations

import hashlib
import re
import shutil
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from core.twins.reading.entries import Entry
from core.twins.reading.limits import Limits
from core.twins.reading.packages import BROKEN, ENCRYPTED, PIECE, check_count, too_dense
from core.twins.reading.refusals import Refused
from core.twins.reading.sniffing import detect

DEEPEST = 1
LONGEST_NAME = 200
RUBBISH = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def unpack(path: Path, name: str, folder: Path, limits: Limits) -> tuple[Entry, ...]:
    """Check a file: itself as one entry, or, where it is a ZIP, one for each file inside.

    Files out of an archive are written into ``folder`` under names of ours. Nothing is raised
    for a bad file: its entry carries the reason.

    Args:
        path: Where its bytes are.
        name: As it was given.
        folder: A folder that exists, for what comes out of archives.
        limits: What is taken at most.
    """
    return tuple(_checked(path, name, folder, limits, 0))


def _checked(path: Path, name: str, folder: Path, limits: Limits, depth: int) -> Iterator[Entry]:
    size = path.stat().st_size
    try:
        if size > max(limits.file_bytes, limits.recording_bytes):
            raise _too_large(size, max(limits.file_bytes, limits.recording_bytes))
        found, problems = detect(path, name)
        most = limits.recording_bytes if found == "recording" else limits.file_bytes
        if size > most:
            raise _too_large(size, most)
        if found == "zip":
            yield from _inside(path, name, folder, limits, depth)
            return
        yield Entry(name, path, found, size, hash_of(path), problems)
    except Refused as refused:
        yield Entry(name, path, size=size, problems=(refused.problem,))


def _too_large(size: int, most: int) -> Refused:
    return Refused(
        f"It has {size / 1e6:,.1f} MB; at most {most / 1e6:,.1f} MB are taken.",
        fix="Split it into smaller files.",
    )


def hash_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _inside(path: Path, name: str, folder: Path, limits: Limits, depth: int) -> Iterator[Entry]:
    """The files of an archive; a bad one is refused alone."""
    if depth > DEEPEST:
        raise Refused("It is an archive in an archive in an archive.", fix="Unpack it first.")
    with zipfile.ZipFile(path) as package:
        parts = [info for info in package.infolist() if not _rubbish(info)]
        if not parts:
            raise Refused("The archive is empty.", kind="empty")
        check_count(len(parts), limits)
        mark = hashlib.sha256(str(path).encode()).hexdigest()[:12]
        left, taken = limits.archive_bytes, Counter[str]()
        for number, info in enumerate(parts):
            inner = _shown_name(name, info.filename, depth)
            taken[inner] += 1
            if taken[inner] > 1:
                inner = f"{inner} ({taken[inner]})"
            target = folder / f"{mark}-{number}"
            try:
                _check_part(info, limits, left)
                left -= _extract(package, info, target)
            except Refused as refused:
                yield Entry(inner, path, size=info.file_size, problems=(refused.problem,))
                continue
            yield from _checked(target, inner, folder, limits, depth + 1)


def _rubbish(info: zipfile.ZipInfo) -> bool:
    """Folders, and what systems leave in archives."""
    return info.is_dir() or info.filename.startswith(RUBBISH) or info.filename.endswith(RUBBISH)


def _shown_name(archive: str, member: str, depth: int) -> str:
    """A member's name for people; inside a nested archive that archive is its folder."""
    clean = "".join(sign if sign.isprintable() else "\ufffd" for sign in member)[:LONGEST_NAME]
    return f"{PurePosixPath(archive).with_suffix('')}/{clean}" if depth else clean


def _check_part(info: zipfile.ZipInfo, limits: Limits, left: int) -> None:
    raw = info.filename.replace("\\", "/")
    if raw.startswith("/") or re.match(r"[A-Za-z]:", raw) or ".." in raw.split("/"):
        raise Refused("Its path leads out of the archive.", fix="Pack it again without its path.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind and kind != stat.S_IFREG:
        raise Refused("It is a link or a device, not a file.", fix="Pack the file itself.")
    if info.flag_bits & ENCRYPTED:
        raise Refused("It is protected by a password.", fix="Pack it without one.")
    if too_dense(info, limits):
        raise Refused("It unpacks to far more than its size, as zip bombs do.")
    if info.file_size > left:
        most = f"{limits.archive_bytes / 1e6:,.0f} MB"
        raise Refused(f"With it the archive unpacks to more than {most}.", fix="Split the archive.")


def _extract(package: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> int:
    """Write one part under a name of ours; its size."""
    try:
        with package.open(info) as source, target.open("xb") as file:
            shutil.copyfileobj(source, file, PIECE)
    except (RuntimeError, *BROKEN) as error:
        target.unlink(missing_ok=True)
        raise Refused("It is damaged inside its archive.", kind="unreadable") from error
    return target.stat().st_size
