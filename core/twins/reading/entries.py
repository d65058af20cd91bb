"""One file of a batch after it was checked: what it is, or why it is not taken."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from core.domain.twins import Problem


@dataclass(frozen=True)
class Entry:
    """A file that was checked, with the bytes on the disk.

    Attributes:
        name: As it was given; ``folder/name.pdf`` where it came out of an archive.
        path: Where its bytes are; never a path that an archive chose.
        format: What its bytes are (``pdf``, …, ``recording``), empty where it was refused.
        size: Bytes.
        content_hash: SHA-256 of its bytes (and of its transcript's), empty where they were never
            read.
        problems: An ``error`` among them: it was refused and is not to be read.
        transcript: Path of the transcript that was found beside a recording.
        transcript_suffix: What its name ends with.
    """

    name: str
    path: Path
    format: str = ""
    size: int = 0
    content_hash: str = ""
    problems: tuple[Problem, ...] = ()
    transcript: Path | None = None
    transcript_suffix: str = ""

    @property
    def refused(self) -> bool:
        """Whether it is kept out."""
        return any(problem.severity == "error" for problem in self.problems)

    def with_transcript(self, other: Entry) -> Entry:
        """This recording with the transcript that was found beside it."""
        both = hashlib.sha256(f"{self.content_hash}{other.content_hash}".encode()).hexdigest()
        suffix = PurePosixPath(other.name).suffix.lower()
        return replace(self, transcript=other.path, transcript_suffix=suffix, content_hash=both)
