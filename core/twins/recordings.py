"""Recordings: their sound, who writes it down, and the reading of what was said."""

from __future__ import annotations

import importlib.util
import threading
from pathlib import Path
from typing import Any

from core.domain.errors import MindUnavailable
from core.twins.reading import (
    Segment,
    SoundChunk,
    Transcriber,
    needs_transcript,
    reading_of,
    sound_track,
    transcribe_all,
    transcript_beside,
)

__all__ = [
    "FasterWhisper",
    "Segment",
    "SoundChunk",
    "Transcriber",
    "local_transcriber",
    "needs_transcript",
    "reading_of",
    "sound_track",
    "transcribe_all",
    "transcript_beside",
]

LIBRARY = "faster_whisper"
MODEL_FILE = "model.bin"


class FasterWhisper:
    """Writes recordings down on this machine, with a model out of a folder; nothing is fetched.

    Args:
        folder: A CTranslate2 model of Whisper.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._model: Any = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The library and the model's folder."""
        return f"faster-whisper {self._folder.name}"

    def transcribe(self, path: Path, language: str | None = None) -> tuple[Segment, ...]:
        """What is said in a sound file.

        Raises:
            MindUnavailable: If the library or the model is not there.
        """
        segments, _ = self._loaded().transcribe(str(path), language=language)
        return tuple(Segment(said.start, said.end, said.text.strip()) for said in segments)

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                try:
                    import faster_whisper

                    self._model = faster_whisper.WhisperModel(
                        str(self._folder), device="cpu", compute_type="int8", local_files_only=True
                    )
                except (ImportError, OSError, RuntimeError, ValueError) as error:
                    raise MindUnavailable(
                        "The local transcription model could not be loaded.",
                        fix="Install faster-whisper, and name the folder of a model of it.",
                    ) from error
            return self._model


def local_transcriber(folder: Path | None) -> FasterWhisper | None:
    """The transcriber of this machine, where faster-whisper and a model's folder are there."""
    if folder is None or not (folder / MODEL_FILE).is_file():
        return None
    return FasterWhisper(folder) if importlib.util.find_spec(LIBRARY) is not None else None
