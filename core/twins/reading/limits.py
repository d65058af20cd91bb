"""What a file, a batch and an archive may be at most."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How much is read, and how long it may take; each becomes a setting.

    Attributes:
        file_bytes: Largest file.
        recording_bytes: Largest sound or video file.
        batch_files: Most files in one batch, those inside archives counted.
        batch_bytes: Most bytes in one batch, as they are after unpacking.
        archive_files: Most entries in one archive.
        archive_bytes: Most bytes that an archive, or a document that is one inside, unpacks to.
        archive_ratio: How many times its packed size a part of an archive may unpack to.
        pages: Most pages or slides in one document.
        characters: Most characters of text that are kept of one file.
        seconds: Longest time for reading one file.
        recording_seconds: Longest time for taking the sound out of one recording.
        memory_bytes: Most memory that the reading process may take.
    """

    file_bytes: int = 100_000_000
    recording_bytes: int = 500_000_000
    batch_files: int = 500
    batch_bytes: int = 2_000_000_000
    archive_files: int = 1_000
    archive_bytes: int = 500_000_000
    archive_ratio: int = 200
    pages: int = 2_000
    characters: int = 10_000_000
    seconds: float = 120.0
    recording_seconds: float = 900.0
    memory_bytes: int = 1_500_000_000
