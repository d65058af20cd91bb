"""Recordings: their sound is taken out, cut where it is quiet, and written down."""

from __future__ import annotations

import sys
import types
import wave
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from core.domain.errors import MindUnavailable
from core.twins.reading import Limits, Reader, Refused
from core.twins.recordings import (
    FasterWhisper,
    Segment,
    SoundChunk,
    Transcriber,
    local_transcriber,
    needs_transcript,
    reading_of,
    sound_track,
    transcribe_all,
    transcript_beside,
)

RATE = 44_100
SPOKEN = "Most mornings the water decides before you do."


def tone(seconds: float, quiet: tuple[float, float] = (0, 0)) -> np.ndarray[Any, Any]:
    """A tone, with a stretch in which nothing is said."""
    times = np.arange(int(seconds * RATE)) / RATE
    sound = (np.sin(times * 440 * 6.283) * 12_000).astype(np.int16)
    sound[int(quiet[0] * RATE) : int(quiet[1] * RATE)] = 0
    return sound


def wav(path: Path, sound: np.ndarray[Any, Any]) -> Path:
    """A stereo WAV as a recorder makes it."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.repeat(sound, 2).tobytes())
    return path


def mp4(path: Path, seconds: float, *, sound: bool = True) -> Path:
    """A film of a grey wall, with AAC sound or without."""
    with av.open(str(path), "w", format="mp4") as film:
        picture: Any = film.add_stream("mpeg4", rate=5)
        picture.width = picture.height = 64
        picture.pix_fmt = "yuv420p"
        voice: Any = film.add_stream("aac", rate=RATE) if sound else None
        for number in range(int(seconds * 5)):
            wall = np.full((64, 64, 3), number % 255, dtype=np.uint8)
            film.mux(picture.encode(av.VideoFrame.from_ndarray(wall, format="rgb24")))
        film.mux(picture.encode())
        if voice is not None:
            samples = tone(seconds).astype(np.float32)[None, :] / 32_768
            for start in range(0, samples.shape[1], 1_024):
                part = np.ascontiguousarray(samples[:, start : start + 1_024])
                frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="mono")
                frame.sample_rate, frame.pts = RATE, start
                frame.time_base = Fraction(1, RATE)
                film.mux(voice.encode(frame))
            film.mux(voice.encode())
    return path


def heard(chunk: SoundChunk) -> tuple[int, int, int, float]:
    """Channels, bytes a sample, rate and seconds of a chunk's file."""
    with wave.open(str(chunk.path)) as file:
        seconds = file.getnframes() / file.getframerate()
        return file.getnchannels(), file.getsampwidth(), file.getframerate(), seconds


class Typist:
    """A transcriber that says what it was given."""

    name = "typist"

    def __init__(self) -> None:
        self.given: list[tuple[str, str | None]] = []

    def transcribe(self, path: Path, language: str | None = None) -> tuple[Segment, ...]:
        self.given.append((path.name, language))
        assert path.read_bytes()[:4] == b"RIFF"
        return Segment(0.5, 1.5, f" {SPOKEN} "), Segment(1.5, 99.0, "Coil the rope.")


class TestSound:
    @pytest.mark.parametrize("kind", ["wav", "mp4"])
    def test_it_comes_out_as_small_plain_files(self, tmp_path: Path, kind: str) -> None:
        path = tmp_path / f"talk.{kind}"
        _ = wav(path, tone(3)) if kind == "wav" else mp4(path, 3)
        (chunk,) = sound_track(path, tmp_path)
        channels, width, rate, seconds = heard(chunk)
        assert (channels, width, rate) == (1, 2, 16_000)
        assert seconds == pytest.approx(3, abs=0.1)
        assert (chunk.start_seconds, chunk.end_seconds) == (0, seconds)
        with wave.open(str(chunk.path)) as file:
            sound = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        assert np.abs(sound).mean() > 2_000

    def test_long_ones_are_cut_where_it_is_quiet_and_nothing_is_lost(self, tmp_path: Path) -> None:
        path = wav(tmp_path / "talk.wav", tone(20, quiet=(8, 9)))
        told: list[float] = []
        chunks = sound_track(path, tmp_path, 320_000, progress=lambda done, _: told.append(done))
        assert 8 < chunks[0].end_seconds < 9
        assert all(chunk.path.stat().st_size <= 320_000 for chunk in chunks)
        assert chunks[0].start_seconds == 0
        for one, two in pairwise(chunks):
            assert one.end_seconds == two.start_seconds
        assert chunks[-1].end_seconds == pytest.approx(20, abs=0.01)
        assert sum(heard(chunk)[3] for chunk in chunks) == pytest.approx(20, abs=0.01)

    def test_progress_is_told(self, tmp_path: Path) -> None:
        told: list[tuple[float, float]] = []
        path = wav(tmp_path / "talk.wav", tone(65))
        sound_track(path, tmp_path, progress=lambda *both: told.append(both))
        assert len(told) == 2
        assert all(total == pytest.approx(65, abs=0.1) for _, total in told)

    def test_a_film_without_sound(self, tmp_path: Path) -> None:
        with pytest.raises(Refused, match="no sound") as caught:
            sound_track(mp4(tmp_path / "a.mp4", 1, sound=False), tmp_path)
        assert caught.value.kind == "empty"

    @pytest.mark.parametrize(
        "data",
        [
            b"ID3" + bytes(3_000),
            b"RIFF\x00\x00\x00\x00WAVEfmt " + bytes(50),
            b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.mp3\n",
            b"ffconcat version 1.0\nfile /etc/passwd\n",
        ],
    )
    def test_what_is_no_recording_is_refused(self, tmp_path: Path, data: bytes) -> None:
        path = tmp_path / "a.mp3"
        path.write_bytes(data)
        with pytest.raises(Refused) as caught:
            sound_track(path, tmp_path)
        assert caught.value.kind in ("unreadable", "empty")

    def test_a_film_that_was_cut_off(self, tmp_path: Path) -> None:
        path = mp4(tmp_path / "a.mp4", 2)
        path.write_bytes(path.read_bytes()[:3_000])
        with pytest.raises(Refused, match="damaged"):
            sound_track(path, tmp_path)


class TestWriting:
    def test_times_are_of_the_whole_recording(self, tmp_path: Path) -> None:
        path = wav(tmp_path / "talk.wav", tone(20, quiet=(8, 9)))
        chunks = sound_track(path, tmp_path, 320_000)
        told: list[tuple[float, float]] = []
        typist = Typist()
        segments = transcribe_all(chunks, typist, "en", lambda *both: told.append(both))
        assert len(typist.given) == len(chunks) == len(told)
        assert {language for _, language in typist.given} == {"en"}
        starts = [chunk.start_seconds + 0.5 for chunk in chunks]
        assert [segment.start_seconds for segment in segments[::2]] == starts
        assert all(
            segment.end_seconds <= chunk.end_seconds
            for segment, chunk in zip(segments[1::2], chunks, strict=True)
        )

    def test_it_becomes_a_text_with_times(self) -> None:
        said = [Segment(0, 2, f" {SPOKEN}"), Segment(2, 3, ""), Segment(271, 273, "Coil the rope.")]
        reading = reading_of(said, "Keel")
        assert reading.text == f"{SPOKEN}\n\nCoil the rope."
        assert [mark.place for mark in reading.marks] == ["00:00", "04:31"]
        assert reading.text[reading.marks[1].start :] == "Coil the rope."
        assert (reading.format, reading.title) == ("recording", "Keel")

    def test_without_anybody_it_says_what_to_do(self) -> None:
        problem = needs_transcript()
        assert (problem.kind, problem.severity) == ("needs_transcript", "error")
        assert "SRT, VTT or TXT" in problem.fix


class TestFasterWhisper:
    @pytest.fixture
    def library(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
        """A module with the interface of faster-whisper."""
        calls: list[tuple[Any, ...]] = []

        class WhisperModel:
            def __init__(self, model_size_or_path: str, **options: Any) -> None:
                calls.append((model_size_or_path, options))

            def transcribe(self, audio: str, language: str | None = None) -> tuple[Any, Any]:
                calls.append((audio, language))
                said = types.SimpleNamespace(start=0.0, end=1.5, text=f" {SPOKEN}")
                return iter([said]), types.SimpleNamespace(language="en")

        module = types.ModuleType("faster_whisper")
        module.WhisperModel = WhisperModel  # type: ignore[attr-defined]
        module.__spec__ = types.SimpleNamespace()  # type: ignore[assignment]
        monkeypatch.setitem(sys.modules, "faster_whisper", module)
        return calls

    def test_it_writes_down_with_the_model_of_the_folder(
        self, tmp_path: Path, library: list[tuple[Any, ...]]
    ) -> None:
        (tmp_path / "model.bin").touch()
        whisper = local_transcriber(tmp_path)
        assert isinstance(whisper, FasterWhisper)
        typed: Transcriber = whisper
        assert typed.transcribe(Path("a.wav"), "en") == (Segment(0.0, 1.5, SPOKEN),)
        assert typed.transcribe(Path("b.wav")) == (Segment(0.0, 1.5, SPOKEN),)
        assert [call[0] for call in library] == [str(tmp_path), "a.wav", "b.wav"]
        assert library[0][1]["local_files_only"] is True
        assert tmp_path.name in whisper.name

    def test_it_is_there_only_with_library_and_model(
        self, tmp_path: Path, library: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert local_transcriber(None) is None
        assert local_transcriber(tmp_path) is None
        (tmp_path / "model.bin").touch()
        monkeypatch.delitem(sys.modules, "faster_whisper")
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        assert local_transcriber(tmp_path) is None

    def test_one_that_cannot_be_loaded_says_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "faster_whisper", None)
        with pytest.raises(MindUnavailable, match="could not be loaded"):
            FasterWhisper(tmp_path).transcribe(Path("a.wav"))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("talk.mp4", "talk.srt"),
        ("TALK.MP3", "talk.srt"),
        ("a/walk.mp4", "a/walk.en.vtt"),
        ("b/walk.mp4", None),
        ("sail.m4a", "sail.m4a.txt"),
        ("tal.mp4", None),
    ],
)
def test_a_transcript_beside(name: str, found: str | None) -> None:
    names = ["talk.srt", "talk.txt", "a/walk.en.vtt", "walk.txt", "sail.m4a.txt", "talk.pdf"]
    assert transcript_beside(name, names) == found


class TestReader:
    SRT = f"1\n00:00:01,000 --> 00:00:03,000\n{SPOKEN}\n"

    def test_a_transcript_beside_it_is_taken_instead(self, tmp_path: Path) -> None:
        (tmp_path / "s").write_text(self.SRT)
        given = [("talk.srt", tmp_path / "s"), ("talk.wav", wav(tmp_path / "w", tone(1)))]
        with Reader(tmp_path / "inside", Limits()) as reader:
            (entry,) = reader.check(given)
            reading = reader.read(entry)
        assert (entry.name, entry.format) == ("talk.wav", "recording")
        assert (reading.format, reading.text) == ("recording", SPOKEN)
        assert [mark.place for mark in reading.marks] == ["00:01"]

    def test_a_transcript_alone_is_a_piece_of_its_own(self, tmp_path: Path) -> None:
        (tmp_path / "s").write_text(self.SRT)
        with Reader(tmp_path / "inside", Limits()) as reader:
            (entry,) = reader.check([("talk.srt", tmp_path / "s")])
            assert reader.read(entry).format == "subtitles"

    def test_a_film_is_written_down(self, tmp_path: Path) -> None:
        film = mp4(tmp_path / "f", 3)
        told: list[tuple[float, float]] = []
        with Reader(tmp_path / "inside", Limits()) as reader:
            (entry,) = reader.check([("talk.mp4", film)])
            reading = reader.read(entry, Typist(), lambda *both: told.append(both))
        assert reading.text == f"{SPOKEN} Coil the rope."
        assert [mark.place for mark in reading.marks] == ["00:00", "00:01"]
        assert told[-1][0] == told[-1][1]
        assert not list(tmp_path.rglob("*.wav"))

    def test_without_anybody_it_is_refused_in_words(self, tmp_path: Path) -> None:
        with Reader(tmp_path / "inside", Limits()) as reader:
            (entry,) = reader.check([("talk.wav", wav(tmp_path / "w", tone(1)))])
            with pytest.raises(Refused, match=r"talk\.wav: ") as caught:
                reader.read(entry)
        assert caught.value.problem == needs_transcript()

    def test_a_damaged_film_is_refused_by_name(self, tmp_path: Path) -> None:
        path = mp4(tmp_path / "a", 2)
        path.write_bytes(path.read_bytes()[:3_000])
        with Reader(tmp_path / "inside", Limits()) as reader:
            (entry,) = reader.check([("talk.mp4", path)])
            with pytest.raises(Refused, match=r"talk\.mp4: The recording is damaged"):
                reader.read(entry, Typist())
