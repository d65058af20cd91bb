"""The sound of a recording as plain files that any transcription takes, cut where it is quiet."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core.twins.reading.refusals import Refused
from core.twins.reading.spoken import clock

RATE = 16_000
SAMPLE_BYTES = 2
HEADER_BYTES = 1_024
CHUNK_BYTES = 24_000_000
LONGEST_HOURS = 10
LOOK_BACK_SECONDS = 30.0
QUIET_SECONDS = 0.3
TELL_SECONDS = 30.0
CONTAINERS = (
    "aac,aiff,amr,amrnb,amrwb,asf,avi,caf,flac,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,"
    "mpegts,ogg,wav,w64"
)
Progress = Callable[[float, float], None]


@dataclass(frozen=True)
class SoundChunk:
    """A piece of a recording's sound: a WAV file, 16 kHz, mono, and its times."""

    path: Path
    start_seconds: float
    end_seconds: float


def sound_track(
    path: Path,
    folder: Path,
    max_bytes: int = CHUNK_BYTES,
    *,
    progress: Progress | None = None,
) -> tuple[SoundChunk, ...]:
    """Take the sound out of a sound or video file; meant to be run apart.

    Args:
        path: The recording.
        folder: Where the chunks are written.
        max_bytes: Largest chunk; each ends at the quietest moment of its last half minute.
        progress: Told the seconds that are done, and all of them where they are known.

    Raises:
        Refused: If it has no sound, is damaged, or is too long.
    """
    cutter = _Cutter(folder, path.stem or "sound", max_bytes)
    told = 0.0
    try:
        for samples, total in _decoded(path):
            cutter.add(samples)
            if progress is not None and cutter.seconds - told >= TELL_SECONDS:
                told = cutter.seconds
                progress(told, max(total, told))
    except _Broken as error:
        where = f" after {clock(cutter.seconds)}" if cutter.seconds else ""
        raise Refused(f"The recording is damaged{where}.", kind="unreadable") from error
    chunks = cutter.finish()
    if not chunks:
        raise Refused("It has no sound.", kind="empty")
    return chunks


class _Broken(Exception):
    """What the decoder could not read."""


def _decoded(path: Path) -> Iterator[tuple[Any, float]]:
    """16 kHz mono samples piece by piece, and the length in seconds (0 where it is not known).

    Playlists and whatever else could lead to other files or addresses are not opened.
    """
    import av

    options = {"protocol_whitelist": "file", "format_whitelist": CONTAINERS}
    try:
        with av.open(str(path), container_options=options) as container:
            if not container.streams.audio:
                raise Refused("It has no sound.", kind="empty")
            stream = container.streams.audio[0]
            total = float(container.duration or 0) / 1_000_000
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in container.decode(stream):
                for part in resampler.resample(frame):
                    yield part.to_ndarray()[0], total
            for part in resampler.resample(None):
                yield part.to_ndarray()[0], total
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise _Broken from error


@dataclass
class _Cutter:
    """Collects samples and writes a chunk whenever there are enough."""

    folder: Path
    stem: str
    max_bytes: int
    chunks: list[SoundChunk] = field(default_factory=list)
    parts: list[Any] = field(default_factory=list)
    waiting: int = 0
    written: int = 0

    @property
    def seconds(self) -> float:
        """How much was heard."""
        return (self.written + self.waiting) / RATE

    def add(self, samples: Any) -> None:
        """Take samples; write a chunk if they are enough for one."""
        self.parts.append(samples)
        self.waiting += len(samples)
        most = max((self.max_bytes - HEADER_BYTES) // SAMPLE_BYTES, RATE)
        if self.seconds > LONGEST_HOURS * 3_600:
            raise Refused(f"It is longer than {LONGEST_HOURS} hours.", fix="Split it.")
        while self.waiting > most:
            self._write(_quiet_place(self._all()[:most]))

    def finish(self) -> tuple[SoundChunk, ...]:
        """Write the rest; all chunks."""
        if self.waiting:
            self._write(self.waiting)
        return tuple(self.chunks)

    def _all(self) -> Any:
        if len(self.parts) > 1:
            self.parts = [np.concatenate(self.parts)]
        return self.parts[0]

    def _write(self, count: int) -> None:
        samples = self._all()
        path = self.folder / f"{self.stem}-{len(self.chunks):03}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(SAMPLE_BYTES)
            file.setframerate(RATE)
            file.writeframes(samples[:count].astype("<i2").tobytes())
        start, self.written = self.written, self.written + count
        self.chunks.append(SoundChunk(path, start / RATE, self.written / RATE))
        self.parts = [samples[count:]]
        self.waiting = len(samples) - count


def _quiet_place(samples: Any) -> int:
    """The middle of the quietest moment near the end of some samples."""
    window = int(QUIET_SECONDS * RATE)
    back = min(int(LOOK_BACK_SECONDS * RATE), len(samples) // 2) // window * window
    if back < 2 * window:
        return len(samples)
    tail = samples[len(samples) - back :].astype(np.float32).reshape(-1, window)
    loud = np.abs(tail).mean(axis=1)
    return int(len(samples) - back + int(loud.argmin()) * window + window // 2)
