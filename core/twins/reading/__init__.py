"""Reading a creator's files: from hostile bytes to one clean text with its places.

``Reader`` does it in a process of its own; ``unpack`` and ``read`` are what it does there.
"""

from core.twins.reading.archives import unpack
from core.twins.reading.door import read
from core.twins.reading.entries import Entry
from core.twins.reading.formats import FORMATS
from core.twins.reading.limits import Limits
from core.twins.reading.reader import Reader
from core.twins.reading.refusals import Refused
from core.twins.reading.sound import SoundChunk, sound_track
from core.twins.reading.spoken import Segment
from core.twins.reading.transcripts import (
    Transcriber,
    needs_transcript,
    reading_of,
    transcribe_all,
    transcript_beside,
)

__all__ = [
    "FORMATS",
    "Entry",
    "Limits",
    "Reader",
    "Refused",
    "Segment",
    "SoundChunk",
    "Transcriber",
    "needs_transcript",
    "read",
    "reading_of",
    "sound_track",
    "transcribe_all",
    "transcript_beside",
    "unpack",
]
