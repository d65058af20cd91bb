"""Reading a batch, each file in a process that may die, each failing alone."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType

from core.domain.twins import Reading
from core.twins.apart import Apart, TaskEnded
from core.twins.reading.archives import unpack
from core.twins.reading.batches import Batch
from core.twins.reading.door import read
from core.twins.reading.entries import Entry
from core.twins.reading.limits import Limits
from core.twins.reading.refusals import Refused
from core.twins.reading.sound import SoundChunk, sound_track
from core.twins.reading.transcripts import (
    NEEDS_TRANSCRIPT,
    NEEDS_TRANSCRIPT_FIX,
    TRANSCRIPTS,
    Transcriber,
    reading_of,
    transcribe_all,
    transcript_beside,
)

NICENESS = 5
TRY = "Save it again with another program, or give its words as text."
DIED = {
    "died": ("The program that read it broke down over it.", TRY),
    "too_long": (
        "Reading it took longer than {seconds:g} seconds.",
        "Split it into smaller files.",
    ),
    "memory": ("Reading it took more memory than is allowed.", "Split it into smaller files."),
    "failed": ("It is damaged, or not as its format wants it.", TRY),
}
Told = Callable[[float, float], None]


class Reader:
    """Checks and reads a creator's files in a process of its own.

    Drive it stage by stage::

        with Reader(folder, limits) as reader:
            for entry in reader.check([("book.pdf", path), ("all.zip", other)]):
                if not entry.refused:
                    reading = reader.read(entry, transcriber)     # raises Refused

    Args:
        folder: Where files out of archives are put; the caller removes it when all is read.
        limits: What is read at most.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._apart = Apart(memory_bytes=limits.memory_bytes, nice=NICENESS)

    def check(self, files: Iterable[tuple[str, Path]]) -> Iterator[Entry]:
        """Each file as it is checked (archives opened), refused ones among them.

        What was given by itself is counted before what comes out of archives, so that a large
        archive keeps nothing else out; what is over the limits of it is told once.

        Recordings, and what may be the transcript of one, are told last: a recording names its
        transcript (``Entry.transcript``), which then does not come as an entry of its own.

        Raises:
            TaskEnded: If it was cancelled; nothing else.
        """
        waiting: list[Entry] = []
        batch = Batch(self._limits)
        checked = [(name, path, self._checked(name, path)) for name, path in files]
        checked.sort(key=lambda file: len(file[2]) > 1)
        for name, path, entries in checked:
            for allowed in batch.admit(name, path, entries):
                if _may_belong_together(allowed):
                    waiting.append(allowed)
                else:
                    yield allowed
        yield from _paired(waiting)

    def read(
        self,
        entry: Entry,
        transcriber: Transcriber | None = None,
        progress: Told | None = None,
    ) -> Reading:
        """What is in a file that was checked; a recording is written down.

        Args:
            entry: As ``check`` gave it.
            transcriber: Who writes recordings down that have no transcript beside them.
            progress: Told the seconds of a recording that are done, and all of them.

        Raises:
            Refused: With the reason, also where reading took too long, too much memory, or died.
            TaskEnded: If it was cancelled.
        """
        if entry.refused:
            first = next(p for p in entry.problems if p.severity == "error")
            raise Refused(first.message, place=entry.name, fix=first.fix, kind=first.kind)
        if entry.format != "recording":
            return self._read(entry.path, entry.name)
        if entry.transcript is not None:
            beside = self._read(entry.transcript, f"{entry.name}{entry.transcript_suffix}")
            return beside.model_copy(update={"format": "recording"})
        if transcriber is None:
            raise Refused(
                NEEDS_TRANSCRIPT,
                place=entry.name,
                fix=NEEDS_TRANSCRIPT_FIX,
                kind="needs_transcript",
            )
        return self._written_down(entry, transcriber, progress)

    def cancel(self) -> None:
        """End what is being done now, from another thread; it raises ``TaskEnded``."""
        self._apart.cancel()

    def close(self) -> None:
        """End the process."""
        self._apart.close()

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _checked(self, name: str, path: Path) -> tuple[Entry, ...]:
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with self._refusing(name, self._limits.seconds):
                return self._apart.run(
                    unpack, path, name, self._folder, self._limits, seconds=self._limits.seconds
                )
        except Refused as refused:
            size = path.stat().st_size if path.exists() else 0
            return (Entry(name, path, size=size, problems=(refused.problem,)),)

    def _read(self, path: Path, name: str) -> Reading:
        seconds = self._limits.seconds
        with self._refusing(name, seconds):
            return self._apart.run(read, path, name, self._limits, seconds=seconds)

    def _written_down(
        self, entry: Entry, transcriber: Transcriber, progress: Told | None
    ) -> Reading:
        chunks = self._sound(entry)
        try:
            segments = transcribe_all(chunks, transcriber, progress=progress)
        finally:
            for chunk in chunks:
                chunk.path.unlink(missing_ok=True)
        reading = reading_of(segments)
        if not reading.text:
            raise Refused("Nothing is said in it.", place=entry.name, kind="empty")
        return reading

    def _sound(self, entry: Entry) -> tuple[SoundChunk, ...]:
        folder = self._folder / hashlib.sha256(str(entry.path).encode()).hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
        seconds = self._limits.recording_seconds
        with self._refusing(entry.name, seconds):
            return self._apart.run(sound_track, entry.path, folder, seconds=seconds)

    @contextlib.contextmanager
    def _refusing(self, name: str, seconds: float) -> Iterator[None]:
        """What ends a task becomes the refusal of the file that it was done for."""
        try:
            yield
        except TaskEnded as ended:
            if ended.how == "cancelled":
                raise
            words, fix = DIED[ended.how]
            raise Refused(
                words.format(seconds=seconds), place=name, fix=fix, kind="unreadable"
            ) from ended
        except Refused as refused:
            refused.place = name
            raise


def _may_belong_together(entry: Entry) -> bool:
    if entry.refused:
        return False
    return entry.format == "recording" or PurePosixPath(entry.name).suffix.lower() in TRANSCRIPTS


def _paired(entries: list[Entry]) -> Iterator[Entry]:
    """Recordings with their transcripts, and what is left."""
    others = {entry.name: entry for entry in entries if entry.format != "recording"}
    recordings = [entry for entry in entries if entry.format == "recording"]
    for recording in recordings:
        name = transcript_beside(recording.name, others)
        if name is None:
            yield recording
            continue
        beside = others.pop(name)
        yield recording.with_transcript(beside)
    yield from others.values()
