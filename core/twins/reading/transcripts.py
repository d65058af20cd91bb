"""From a recording to a reading: who writes it down, and the transcript that lies beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path, PurePosixPath
from typing import Protocol

from core.domain.twins import Problem, Reading
from core.twins.reading.invisible import invisible_spans
from core.twins.reading.sound import SoundChunk
from core.twins.reading.spoken import Segment, spoken

TRANSCRIPTS = (".vtt", ".srt", ".txt")
Told = Callable[[float, float], None]


class Transcriber(Protocol):
    """Whatever writes down what is said in a sound file."""

    @property
    def name(self) -> str:
        """Its name, as a person may see it."""

    def transcribe(self, path: Path, language: str | None = None) -> tuple[Segment, ...]:
        """What is said, piece by piece, with times in seconds from the file's beginning."""


def transcribe_all(
    chunks: Collection[SoundChunk],
    transcriber: Transcriber,
    language: str | None = None,
    progress: Told | None = None,
) -> tuple[Segment, ...]:
    """Write down all chunks of a recording; the times are of the whole recording.

    Args:
        chunks: As ``sound_track`` made them.
        transcriber: Who does it.
        language: Two letters, None to let it find out.
        progress: Told the seconds that are done, and all of them.
    """
    total = max((chunk.end_seconds for chunk in chunks), default=0.0)
    segments: list[Segment] = []
    for chunk in chunks:
        for said in transcriber.transcribe(chunk.path, language):
            start = min(chunk.start_seconds + max(said.start_seconds, 0.0), chunk.end_seconds)
            end = min(chunk.start_seconds + max(said.end_seconds, 0.0), chunk.end_seconds)
            segments.append(Segment(start, max(start, end), said.text))
        if progress is not None:
            progress(chunk.end_seconds, total)
    return tuple(segments)


def reading_of(segments: Iterable[Segment], title: str = "") -> Reading:
    """What was said as a text, with the times as its places."""
    text, marks = spoken(segments)
    hidden = tuple(invisible_spans(text))
    return Reading(text=text, format="recording", title=title, marks=marks, hidden=hidden)


def transcript_beside(name: str, names: Collection[str]) -> str | None:
    """The name among ``names`` of the transcript of a recording, by its own name.

    ``talk.mp4`` has ``talk.vtt``, ``talk.srt``, ``talk.txt`` or ``talk.mp4.srt``, also with a
    language (``talk.en.vtt``), in the same folder.
    """
    recording = PurePosixPath(name)
    for suffix in TRANSCRIPTS:
        for other in sorted(names, key=len):
            path = PurePosixPath(other)
            if path.parent != recording.parent or path.suffix.lower() != suffix:
                continue
            stem = path.stem.casefold()
            plain, _, language = stem.rpartition(".")
            own = {recording.stem.casefold(), recording.name.casefold()}
            if stem in own or (plain in own and 2 <= len(language) <= 5):
                return other
    return None


NEEDS_TRANSCRIPT = "This is a recording, and nothing here can write down what is said in it."
NEEDS_TRANSCRIPT_FIX = (
    "Choose a transcription model in the settings, or add a transcript of the same name beside it "
    "(SRT, VTT or TXT)."
)


def needs_transcript() -> Problem:
    """The problem of a recording that nobody can write down."""
    return Problem(
        kind="needs_transcript",
        severity="error",
        message=NEEDS_TRANSCRIPT,
        fix=NEEDS_TRANSCRIPT_FIX,
    )
