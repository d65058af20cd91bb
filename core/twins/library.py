"""The twins of a workspace: made, trained, tuned, corrected, asked; every state is a version."""

from __future__ import annotations

import shutil
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

from core.domain.errors import BadInput, Conflict, NotFound
from core.domain.personas import slug
from core.domain.twins import (
    Methodology,
    PersonalChoice,
    Piece,
    TrainingState,
    Tuning,
    Twin,
    TwinVersion,
    Why,
)
from core.store import Store
from core.twins.forgetting import forget_unused, forget_words, pack_name
from core.twins.knowledge import EXACT, ChromaIndex, Prepared
from core.twins.methodology import checked
from core.twins.preparing import Workshop
from core.twins.screening import decided_text, forgotten
from core.twins.serving import Serving, with_method
from core.twins.training import Upload, piece_id, text_of
from core.twins.trainings import Trainings
from core.twins.voice import Signature

KEPT_LOADED = 4


class Twins:
    """The creator twins of one workspace.

    Args:
        store: The workspace's tables.
        workshop: Reads, embeds and analyses.
        folder: The workspace's own, for uploads, indexes and packs.
    """

    def __init__(self, store: Store, workshop: Workshop, folder: Path) -> None:
        self._store = store
        self._workshop = workshop
        self._folder = folder
        self._trainings = Trainings(store, workshop, folder / "training", self._after)
        self._loaded: OrderedDict[tuple[str, int], Serving] = OrderedDict()
        self._lock = threading.Lock()

    # Twins

    def list(self) -> Sequence[Twin]:
        """Every twin, by name."""
        return self._store.twins.all()

    def get(self, ref: str) -> Twin:
        """One twin by its id, its slug or its name.

        Raises:
            NotFound: If there is none.
        """
        found = self._store.twins.one(ref) or self._store.twins.one(slug(ref))
        twin = found or next((one for one in self.list() if one.name == ref), None)
        if twin is None:
            raise NotFound(f"There is no twin '{ref}' here.", place="twin")
        return twin

    def create(self, name: str, about: str = "", tuning: Tuning | None = None) -> Twin:
        """A new twin that knows nothing yet.

        Args:
            name: The creator's.
            about: Who they are, in a sentence.
            tuning: How it shall differ from what will be measured.

        Raises:
            Conflict: If there is one of that name.
            BadInput: If the name cannot be one.
        """
        twin = Twin(
            id=f"t-{uuid4().hex[:12]}",
            name=name,
            slug=slug(name),
            about=about,
            made_at=self._store.twins.now(),
        )
        if self._store.twins.one(twin.slug):
            raise Conflict(f"There is a twin called '{twin.name}' already.", place="name")
        self._store.twins.put(twin)
        if tuning is not None and tuning != Tuning():
            first = TwinVersion(
                twin_id=twin.id, number=0, made_at=twin.made_at, why="tuned", tuning=tuning
            )
            self._store.twins.add_version(first, None)
        return twin

    @property
    def embedder_name(self) -> str:
        """What new content is embedded with."""
        return self._workshop.embedder_name

    def rename(self, ref: str, *, name: str | None = None, about: str | None = None) -> Twin:
        """Give a twin another name or description; its slug stays, for flows name it.

        Raises:
            NotFound: If there is none.
        """
        twin = self.get(ref)
        changes = {"name": name, "about": about}
        told = {key: value for key, value in changes.items() if value is not None}
        changed = Twin.model_validate({**twin.model_dump(), **told})
        self._store.twins.put(changed)
        return changed

    def erase(self, ref: str) -> None:
        """Erase a twin with its content, versions, vectors and conversations.

        Raises:
            Conflict: If it is being trained.
        """
        twin = self._resting(ref)
        self._store.twins.erase(twin.id)
        self._after(twin.id)
        self._workshop.index(twin.id).drop()

    # Content

    def pieces(self, ref: str) -> Sequence[Piece]:
        """What a twin was given, in the order in which it was."""
        return self._store.pieces.all(self.get(ref).id)

    def upload_folder(self, ref: str) -> Path:
        """Where files for a twin's next training may be put; the training empties it."""
        folder = self._folder / "arriving" / self.get(ref).id / uuid4().hex
        folder.mkdir(parents=True)
        return folder

    def train(
        self,
        ref: str,
        uploads: Sequence[Upload] = (),
        choice: PersonalChoice | None = None,
        *,
        wait: bool = False,
    ) -> TrainingState:
        """Learn from files, and from what waits; comes back at once unless ``wait``.

        Args:
            ref: The twin.
            uploads: Files, which are deleted when they are read.
            choice: What becomes of personal data; None lets pieces that hold some wait.
            wait: Whether to come back only when it is done.

        Raises:
            Conflict: If it is being trained already.
        """
        return self._trainings.train(self.get(ref), uploads, choice, wait=wait)

    def training(self, ref: str) -> TrainingState:
        """How far its training is, or how the last one ended."""
        return self._trainings.state(self.get(ref).id)

    def stop(self, ref: str) -> TrainingState:
        """Stop its training; what is done stays done."""
        return self._trainings.stop(self.get(ref).id)

    def wait(self, ref: str, timeout: float | None = None) -> TrainingState:
        """Wait until its training has come to rest."""
        return self._trainings.wait(self.get(ref).id, timeout)

    def decide(self, ref: str, choices: Mapping[str, PersonalChoice]) -> Sequence[Piece]:
        """Say what becomes of the personal data in pieces, by their ids; then train.

        Raises:
            Conflict: If the twin is being trained.
            NotFound: If there is no such piece.
        """
        twin = self._resting(ref)
        return [self._decide(twin, id, choice) for id, choice in choices.items()]

    def remove(self, ref: str, piece: str) -> None:
        """Take a piece, by its id or name, out of what the next version knows.

        Raises:
            Conflict: If the twin is being trained.
            NotFound: If there is no such piece.
        """
        twin = self._resting(ref)
        self._store.pieces.delete(twin.id, self._piece(twin, piece).id)
        forget_unused(self._store)

    # Versions

    def versions(self, ref: str) -> Sequence[TwinVersion]:
        """Every version, newest first."""
        return self._store.twins.versions(self.get(ref).id)

    def version(self, ref: str, number: int | None = None) -> TwinVersion:
        """One version, the one in use where none is named.

        Raises:
            NotFound: If there is none, or the twin is not trained yet.
        """
        twin = self.get(ref)
        wanted = number if number is not None else twin.version
        if wanted is None:
            raise NotFound(
                f"{twin.name} has not learned anything yet.", fix="Give it some content first."
            )
        version = self._store.twins.version(twin.id, wanted)
        if version is None:
            raise NotFound(f"{twin.name} has no version {wanted}.", place="version")
        return version

    def use(self, ref: str, number: int) -> Twin:
        """Let a version be the one that answers.

        Raises:
            NotFound: If there is no such version.
        """
        version = self.version(ref, number)
        twin = self.get(ref).model_copy(update={"version": version.number})
        self._store.twins.put(twin)
        return twin

    def tune(self, ref: str, tuning: Tuning, *, note: str = "", use: bool = True) -> TwinVersion:
        """A version with other sliders and instructions, over the one in use."""
        return self.derive(ref, "tuned", note, use=use, tuning=tuning)

    def correct(self, ref: str, methodology: Methodology, note: str = "") -> TwinVersion:
        """A version with the method as its creator corrected it; it is in use from then on.

        Raises:
            BadInput: If it cannot be one; names the place.
        """
        base = self.version(ref)
        kept = self._store.pieces.texts([piece.text_id for piece in base.pieces])
        texts = {one.name: kept[one.text_id].text for one in base.pieces if one.text_id in kept}
        checked(methodology, base.methodology, texts)
        return self.derive(ref, "corrected", note, methodology=methodology)

    def derive(
        self,
        ref: str,
        why: Why,
        note: str,
        *,
        use: bool = True,
        base: int | None = None,
        **changes: object,
    ) -> TwinVersion:
        """A version that differs from another one by some of its fields.

        Args:
            ref: The twin.
            why: What made it.
            note: What for, in a few words.
            use: Whether it is in use from then on.
            base: The version that it differs from; the one in use where none is given.
            changes: ``tuning``, ``profile`` or ``methodology``.

        Raises:
            Conflict: If the twin is being trained.
            NotFound: If it is not trained yet.
        """
        twin = self._resting(ref)
        before = self.version(twin.id, base)
        number = self._store.twins.versions(twin.id)[0].number + 1
        about = {"number": number, "made_at": self._store.twins.now(), "why": why, "note": note}
        version = before.model_copy(update={**about, **changes})
        signature = self._store.twins.signature(twin.id, before.number)
        self._store.twins.add_version(version, signature)
        if use:
            self._store.twins.put(twin.model_copy(update={"version": number}))
        return version

    def serving(self, ref: str, number: int | None = None) -> Serving:
        """A version made ready to answer, the one in use where none is named."""
        version = self.version(ref, number)
        key = (version.twin_id, version.number)
        with self._lock:
            if key in self._loaded:
                self._loaded.move_to_end(key)
                return self._loaded[key]
        serving = self._load(self.get(version.twin_id), version)
        with self._lock:
            self._loaded[key] = serving
            while len(self._loaded) > KEPT_LOADED:
                self._loaded.popitem(last=False)
        return serving

    def warm(self) -> None:
        """Make the first trained twin ready to answer, so that nobody waits for the imports."""
        trained = next((twin for twin in self.list() if twin.version is not None), None)
        if trained is not None:
            self.serving(trained.id).ask("What do you teach?")

    def recover(self) -> None:
        """Say of what a process that is gone left unfinished that it is."""
        self._trainings.recover()
        shutil.rmtree(self._folder / "arriving", ignore_errors=True)

    def text(self, ref: str, piece: str, number: int | None = None) -> str:
        """The text of a piece as a version knows it; the one in use where none is named.

        Raises:
            NotFound: If the version has no such piece.
        """
        texts = self.serving(ref, number).texts
        if piece not in texts:
            raise NotFound(f"This version does not know '{piece}'.", place="piece")
        return texts[piece].text

    def close(self) -> None:
        """Stop what is going on."""
        self._trainings.close()

    def _load(self, twin: Twin, version: TwinVersion) -> Serving:
        kept = self._store.pieces.texts([ref.text_id for ref in version.pieces])
        texts = with_method(version, kept)
        prepared = self._workshop.prepared(texts, version.embedder)
        return Serving.of(
            twin,
            version,
            texts,
            prepared,
            self._workshop.embedder(version.embedder),
            self._signature(version, [text.text for text in kept.values()]),
            self._index(twin, version, prepared),
        )

    def _decide(self, twin: Twin, id: str, choice: PersonalChoice) -> Piece:
        piece = self._piece(twin, id)
        if piece.text_id is None:
            raise NotFound(f"{piece.name} has no text.", place="piece")
        kept = self._store.pieces.texts([piece.text_id])[piece.text_id]
        text = decided_text(kept.text, piece.personal, choice)
        new = text_of(text, kept.marks)
        self._store.pieces.keep_text(new)
        forget_words(self._store, twin.id, piece.name, kept.id, new)
        changed = piece.model_copy(
            update={
                "choice": choice,
                "personal": forgotten(piece.personal, choice),
                "text_id": new.id,
                "state": "working",
                "stage": "read",
                "words": len(text.split()),
            }
        )
        self._store.pieces.put(changed)
        self._after(twin.id)
        return changed

    def _piece(self, twin: Twin, ref: str) -> Piece:
        found = self._store.pieces.one(twin.id, ref) or self._store.pieces.one(
            twin.id, piece_id(ref)
        )
        if found is None:
            raise NotFound(f"{twin.name} was never given '{ref}'.", place="piece")
        return found

    def _resting(self, ref: str) -> Twin:
        twin = self.get(ref)
        if self._trainings.state(twin.id).going_on:
            raise Conflict("This twin is being trained.", fix="Wait until that is done.")
        return twin

    def _index(
        self, twin: Twin, version: TwinVersion, prepared: Mapping[str, Prepared]
    ) -> ChromaIndex | None:
        """The creator's collection as this version knows it, where content is big enough for it."""
        sentences = sum(len(one.words) for one in prepared.values())
        if sentences <= EXACT or version.number != twin.version:
            return None
        index = self._workshop.index(twin.id)
        index.fill(list(prepared.values()), version.embedder)
        return index

    def _signature(self, version: TwinVersion, texts: Sequence[str]) -> Signature | None:
        """What a version's voice is recognised by, learned anew where the method is another now."""
        body = self._store.twins.signature(version.twin_id, version.number)
        if body is None:
            return None
        try:
            return Signature.from_bytes(body)
        except BadInput:
            return Signature.learn(texts)

    def _after(self, twin_id: str) -> None:
        """What a training leaves to be tidied: words that were taken out are in no memory.

        A pack of texts that a version still rests on stays: a rehearsal may be reading it.
        """
        with self._lock:
            for key in [key for key in self._loaded if key[0] == twin_id]:
                del self._loaded[key]
        current = {pack_name(version) for version in self._store.twins.versions(twin_id)}
        for pack in (self._folder / "packs" / twin_id).glob("*"):
            if pack.name not in current:
                shutil.rmtree(pack, ignore_errors=True)
        forget_unused(self._store)
