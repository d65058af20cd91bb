"""Training: files go through their stages one after the other, and a version comes of it.

A thread drives the work; reading, preparing and analysing happen in processes of their own. Each
piece is written down at each stage, so whoever looks sees how far it is, and what a process that
died left unfinished is found again.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import shutil
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from core.domain.errors import GreenroomError
from core.domain.twins import (
    Mark,
    PersonalChoice,
    Piece,
    PieceRef,
    PieceState,
    PieceText,
    Problem,
    Reading,
    TrainingState,
    Twin,
    TwinVersion,
    Why,
)
from core.store import Store
from core.twins.analysing import Analysis, analyse
from core.twins.apart import Apart
from core.twins.forgetting import forget_words
from core.twins.preparing import Workshop
from core.twins.reading import Entry, Reader, Refused
from core.twins.screening import forgotten, knowledge_text, personal_data

log = logging.getLogger(__name__)
NICENESS = 10
READING, PREPARING, ANALYSING = 0.15, 0.6, 0.2
"""How the work is shared out, about."""


class Upload(NamedTuple):
    """A file to learn from; the training owns it from now on, and deletes it."""

    name: str
    path: Path


class Training:
    """One training of one twin; made by ``Trainings``."""

    def __init__(
        self,
        store: Store,
        workshop: Workshop,
        twin: Twin,
        folder: Path,
        choice: PersonalChoice | None,
        after: Callable[[str], None],
    ) -> None:
        self._store = store
        self._workshop = workshop
        self._twin = twin
        self._folder = folder
        self._choice = choice
        self._after = after
        self._stop = threading.Event()
        self._apart = Apart(nice=NICENESS)
        self._reader: Reader | None = None
        self.rested = threading.Event()
        self.state = TrainingState(twin_id=twin.id, going_on=True, started_at=store.twins.now())

    def stop(self) -> None:
        """End after what is being done now; what is done stays done."""
        self._stop.set()
        if self._reader is not None:
            self._reader.cancel()
        self._apart.cancel()

    def run(self, uploads: Sequence[Upload]) -> None:
        """Take the files through their stages, and make a version where anything changed."""
        error: str | None = None
        try:
            self._take_in(uploads)
            self._prepare()
            version = self._conclude() if not self._stop.is_set() else None
            self._tell(version=version.number if version else None)
            self._after(self._twin.id)
        except GreenroomError as raised:
            error = str(raised)
        except Exception as raised:
            log.exception("the training of twin %s did not finish", self._twin.id)
            error = f"Something went wrong on our side: {type(raised).__name__}: {raised}"
        finally:
            self._clear_away(uploads)
            stopped = "It was stopped." if self._stop.is_set() else None
            self._settle_unfinished()
            self._tell(
                going_on=False,
                doing="",
                piece=None,
                share=1.0 if error is None and stopped is None else self.state.share,
                error=stopped or error,
                finished_at=self._store.twins.now(),
            )
            self.rested.set()

    def _clear_away(self, uploads: Sequence[Upload]) -> None:
        """Delete what was given and what was unpacked, and folders that are empty by that."""
        self._apart.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        for upload in uploads:
            upload.path.unlink(missing_ok=True)
        for folder in {upload.path.parent for upload in uploads}:
            with contextlib.suppress(OSError):  # others are still in it
                folder.rmdir()

    def _tell(self, **changes: object) -> None:
        self.state = self.state.model_copy(update=changes)

    # Reading

    def _take_in(self, uploads: Sequence[Upload]) -> None:
        """Check and read every file; what cannot be taken is said on its piece."""
        if not uploads:
            return
        for upload in uploads:
            self._note(self._piece(upload.name), doing="Received")
        self._tell(total=len(uploads), doing="Checking the files")
        with Reader(self._folder / "unpacked", self._workshop.limits) as self._reader:
            entries = list(self._reader.check(uploads))
            names = {entry.name for entry in entries}
            self._drop_archives(upload.name for upload in uploads if upload.name not in names)
            self._tell(total=len(entries))
            for number, entry in enumerate(entries):
                if self._stop.is_set():
                    break
                self._tell(share=READING * number / len(entries), done=number, piece=entry.name)
                self._take(entry, self._reader)

    def _drop_archives(self, names: Iterable[str]) -> None:
        """An archive is not a piece: its entries are."""
        for name in names:
            self._store.pieces.delete(self._twin.id, piece_id(name))

    def _take(self, entry: Entry, reader: Reader) -> None:
        """One file, from checked to read."""
        known = self._store.pieces.one(self._twin.id, piece_id(entry.name))
        if known and self._unchanged(known, entry):
            self._back_to_rest(known)
            return
        piece = self._piece(
            entry.name,
            content_hash=entry.content_hash,
            size=entry.size,
            format=entry.format,
            problems=entry.problems,
            stage="checked",
        )
        if entry.refused:
            self._note(piece.model_copy(update={"state": "refused", "stage": "received"}))
            return
        twin_of = self._same_content(piece)
        if twin_of is not None:
            self._note(_refused(piece, _duplicate(twin_of)))
            return
        self._note(piece, doing="Reading")
        try:
            reading = self._workshop.read(entry, reader)
        except Refused as refused:
            self._note(_refused(piece, refused.problem))
            return
        except GreenroomError as error:
            if self._stop.is_set():
                return
            self._note(_failed(piece, error))
            return
        self._keep(piece, reading, known)

    def _unchanged(self, known: Piece, entry: Entry) -> bool:
        """Whether a file is what was read before, and what becomes of it too."""
        if known.text_id is None or known.content_hash != entry.content_hash:
            return False
        return self._choice is None or known.choice == self._choice or not known.personal

    def _back_to_rest(self, piece: Piece) -> None:
        """A piece that is as it was: nothing of it is done again."""
        state: PieceState = "asking" if _undecided(piece) else "ready"
        stage = "read" if state == "asking" else "analysed"
        self._note(piece.model_copy(update={"state": state, "stage": stage}))

    def _same_content(self, piece: Piece) -> str | None:
        """The name of another piece with the same bytes."""
        for other in self._store.pieces.all(self._twin.id):
            same = other.content_hash == piece.content_hash and other.id != piece.id
            if same and other.text_id is not None:
                return other.name
        return None

    def _keep(self, piece: Piece, reading: Reading, known: Piece | None) -> None:
        """Keep what was read: as knowledge, or until its creator has decided."""
        personal = personal_data(reading.text)
        choice = self._choice if personal else None
        text, problems = knowledge_text(reading, personal, choice or "keep")
        kept = text_of(text, reading.marks)
        self._store.pieces.keep_text(kept)
        self._forget(known, piece, kept)
        self._note(
            piece.model_copy(
                update={
                    "stage": "read",
                    "state": "asking" if personal and choice is None else "working",
                    "format": reading.format,
                    "title": reading.title,
                    "written_on": reading.written_on,
                    "words": len(text.split()),
                    "problems": (*piece.problems, *reading.problems, *problems),
                    "personal": forgotten(personal, choice),
                    "choice": choice,
                    "text_id": kept.id,
                }
            )
        )

    def _forget(self, known: Piece | None, piece: Piece, kept: PieceText) -> None:
        """Take what its creator does not want known out of what was known of the same file."""
        if known is None or known.text_id is None or piece.content_hash != known.content_hash:
            return
        if self._choice in ("mask", "drop"):
            forget_words(self._store, self._twin.id, piece.name, known.text_id, kept)

    # Preparing

    def _prepare(self) -> None:
        """Cut and embed every text that is not prepared yet."""
        pieces = [
            piece
            for piece in self._store.pieces.all(self._twin.id)
            if piece.text_id and piece.state in ("working", "ready")
        ]
        done = self._store.pieces.prepared(
            [piece.text_id for piece in pieces if piece.text_id], self._workshop.embedder_name
        )
        waiting = [piece for piece in pieces if piece.text_id not in done]
        words = sum(piece.words for piece in waiting) or 1
        before = 0
        for piece in waiting:
            if self._stop.is_set():
                return
            self._prepare_one(piece, before / words, piece.words / words)
            before += piece.words
        for piece in pieces:
            if piece.text_id in done and piece.state == "working":
                self._note(piece.model_copy(update={"stage": "embedded"}))

    def _prepare_one(self, piece: Piece, before: float, own: float) -> None:
        def tell(done: int, total: int) -> None:
            inside = before + own * done / max(1, total)
            self._tell(share=READING + PREPARING * min(1.0, inside))

        self._tell(piece=piece.name, doing="Cutting and embedding")
        text = self._store.pieces.texts([str(piece.text_id)])[str(piece.text_id)]
        made = self._workshop.prepare(text, tell, self._apart)
        self._store.pieces.keep_prepared(text.id, self._workshop.embedder_name, made.body)
        counted = {"chunks": made.chunks, "passages": made.passages, "stage": "embedded"}
        self._note(piece.model_copy(update=counted))

    # Concluding

    def _conclude(self) -> TwinVersion | None:
        """Analyse what is ready, and make a version, unless the last one knew the same."""
        pieces = [
            piece
            for piece in self._store.pieces.all(self._twin.id)
            if piece.stage in ("embedded", "analysed") and piece.text_id
        ]
        self._tell(doing="Analysing voice and method", piece=None, share=READING + PREPARING)
        newest = next(iter(self._store.twins.versions(self._twin.id)), None)
        if pieces and not _knows(newest, pieces, self._workshop.embedder_name):
            version = self._make_version(pieces, newest)
        else:
            version = None
        for piece in pieces:
            if piece.state != "ready" or piece.stage != "analysed":
                self._note(piece.model_copy(update={"state": "ready", "stage": "analysed"}))
        return version

    def _make_version(self, pieces: Sequence[Piece], newest: TwinVersion | None) -> TwinVersion:
        texts = self._store.pieces.texts([str(piece.text_id) for piece in pieces])
        named = [(piece.name, texts[str(piece.text_id)]) for piece in pieces]
        base = self._base(newest)
        result = self._apart.run(
            analyse,
            named,
            base.methodology if base else None,
            str(self._workshop.cache),
            progress=self._analysed,
        )
        version = version_of(
            self._twin.id,
            newest.number + 1 if newest else 1,
            self._store,
            pieces,
            result,
            base,
            note=_note_of(newest, pieces),
            embedder=self._workshop.embedder_name,
        )
        self._tell(doing="Keeping the version")
        self._store.twins.add_version(version, result.signature)
        self._fill_index(named)
        twin = self._store.twins.one(self._twin.id) or self._twin
        self._store.twins.put(twin.model_copy(update={"version": version.number}))
        return version

    def _fill_index(self, named: Sequence[tuple[str, PieceText]]) -> None:
        """Bring the creator's collection to what the new version knows."""
        embedder = self._workshop.embedder_name
        prepared = self._workshop.prepared(dict(named), embedder)
        self._workshop.index(self._twin.id).fill(list(prepared.values()), embedder)

    def _analysed(self, done: int, total: int) -> None:
        self._tell(share=READING + PREPARING + ANALYSING * done / max(1, total))

    def _base(self, newest: TwinVersion | None) -> TwinVersion | None:
        """The version in use: its tuning and its creator's corrections go on."""
        twin = self._store.twins.one(self._twin.id)
        if twin is None or twin.version is None:
            return newest
        return self._store.twins.version(twin.id, twin.version)

    # Pieces

    def _piece(self, name: str, **values: object) -> Piece:
        known = self._store.pieces.one(self._twin.id, piece_id(name))
        fresh: dict[str, object] = {
            "id": piece_id(name),
            "twin_id": self._twin.id,
            "name": name,
            "content_hash": known.content_hash if known else "",
            "size": 0,
            "added_at": known.added_at if known else self._store.twins.now(),
        }
        if known and not values:
            return known.model_copy(update={"state": "working"})
        return Piece.model_validate({**fresh, **values})

    def _note(self, piece: Piece, doing: str | None = None) -> None:
        self._store.pieces.put(piece)
        if doing:
            self._tell(doing=doing, piece=piece.name)

    def _settle_unfinished(self) -> None:
        """What was being worked on when the training ended is said to have failed."""
        for piece in self._store.pieces.all(self._twin.id):
            if piece.state == "working":
                self._store.pieces.put(unfinished(piece))


def piece_id(name: str) -> str:
    """The id of a piece: the same for the same name."""
    return f"p-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def text_of(text: str, marks: tuple[Mark, ...]) -> PieceText:
    """A text under the name of its content."""
    told = "".join(f"{mark.start}\x1f{mark.place}\x1e" for mark in marks)
    id = hashlib.sha256(f"{told}\x00{text}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return PieceText(id=id, text=text, marks=marks)


def unfinished(piece: Piece) -> Piece:
    """A piece whose training ended before its end: what is read waits, the rest is given again."""
    if piece.stage == "analysed":
        return piece.model_copy(update={"state": "ready"})
    if piece.text_id is not None:
        return piece
    problem = Problem(
        kind="cut_short",
        severity="error",
        message="The training ended before this file was read.",
        fix="Drop it again.",
    )
    kept = tuple(one for one in piece.problems if one.kind != "cut_short")
    return piece.model_copy(update={"state": "failed", "problems": (*kept, problem)})


def version_of(
    twin_id: str,
    number: int,
    store: Store,
    pieces: Sequence[Piece],
    analysis: Analysis,
    base: TwinVersion | None,
    *,
    note: str,
    embedder: str,
    why: Why = "trained",
) -> TwinVersion:
    """The version that a training makes."""
    return TwinVersion(
        twin_id=twin_id,
        number=number,
        made_at=store.twins.now(),
        why=why,
        note=note,
        pieces=tuple(
            PieceRef(
                name=piece.name,
                content_hash=piece.content_hash,
                text_id=str(piece.text_id),
                words=piece.words,
                added_at=piece.added_at,
                written_on=piece.written_on,
            )
            for piece in pieces
        ),
        embedder=embedder,
        tuning=base.tuning if base else TwinVersion.model_fields["tuning"].default,
        profile=analysis.profile,
        methodology=analysis.methodology,
    )


def _undecided(piece: Piece) -> bool:
    return bool(piece.personal) and piece.choice is None


def _refused(piece: Piece, problem: Problem) -> Piece:
    return piece.model_copy(update={"state": "refused", "problems": (*piece.problems, problem)})


def _failed(piece: Piece, error: GreenroomError) -> Piece:
    """A piece that could not be done for a reason that is not its own; it may be dropped again."""
    problem = Problem(
        kind="unreadable", severity="error", message=error.message, fix=error.fix or ""
    )
    return piece.model_copy(update={"state": "failed", "problems": (*piece.problems, problem)})


def _duplicate(name: str) -> Problem:
    return Problem(
        kind="duplicate",
        severity="error",
        message=f"This is the same file as {name}, so it is not learned twice.",
    )


def _knows(newest: TwinVersion | None, pieces: Sequence[Piece], embedder: str) -> bool:
    """Whether a version rests on exactly these texts already."""
    if newest is None or newest.embedder != embedder:
        return False
    return {(ref.name, ref.text_id) for ref in newest.pieces} == {
        (piece.name, piece.text_id) for piece in pieces
    }


def _note_of(newest: TwinVersion | None, pieces: Sequence[Piece]) -> str:
    """What changed since the last version, in a few words."""
    before = {ref.name: ref.text_id for ref in newest.pieces} if newest else {}
    now = {piece.name: piece.text_id for piece in pieces}
    told = {
        "added": len(now.keys() - before.keys()),
        "changed": sum(before[name] != now[name] for name in now.keys() & before.keys()),
        "removed": len(before.keys() - now.keys()),
    }
    words = [f"{count} {what}" for what, count in told.items() if count]
    return f"Pieces: {', '.join(words)}" if words else "Embedded anew"
