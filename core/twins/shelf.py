"""Trained twins as a rehearsal takes them along: files that any process can open, and the mind
that answers from them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel

from core.domain.errors import NotFound
from core.domain.personas import slug
from core.domain.reactions import TwinAnswer, TwinRequest
from core.domain.twins import Answer, PieceText, Twin, TwinVersion
from core.minds import GroundedMind
from core.store import Store
from core.twins.forgetting import pack_name
from core.twins.knowledge import MiniLM, Prepared
from core.twins.library import Twins
from core.twins.preparing import Workshop
from core.twins.serving import Serving, with_method

SHORT = -0.8
"""Where the length slider stands at most on channels of few words."""
_SHORT_CHANNELS = frozenset({"sms", "mobile"})
_MARK = re.compile(r"\s*\[(\d{1,2})\]")
_KEPT_ANSWERS = 4_096
SURE = 0.8
"""How sure the twin must be of an answer that it found by meaning: nobody looks over it here."""
_QUESTION = re.compile(r"[^.!?\n]*\?")


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of a twin in files, which stay as they are.

    Attributes:
        folder: Where they are.
        cache: Where the embedding model is unpacked.
    """

    folder: str
    cache: str


class _Contents(BaseModel):
    """What a pack holds beside the vectors."""

    twin: Twin
    version: TwinVersion
    texts: dict[str, PieceText]


class Shelf:
    """The trained twins of a workspace, for rehearsals.

    Args:
        twins: The workspace's twins.
        store: Its tables.
        workshop: Prepares what no vectors are kept of yet.
        folder: Where packs are put.
    """

    def __init__(self, twins: Twins, store: Store, workshop: Workshop, folder: Path) -> None:
        self._twins = twins
        self._store = store
        self._workshop = workshop
        self._folder = folder

    def versions(self, slugs: Iterable[str]) -> dict[str, int]:
        """The version in use of each of these twins that is trained."""
        found = {name: self._store.twins.one(name) for name in slugs}
        return {name: twin.version for name, twin in found.items() if twin and twin.version}

    def packs(self, versions: Mapping[str, int]) -> dict[str, Pack]:
        """These versions as packs; each is written once.

        Raises:
            NotFound: If a twin or its version is not there any more.
        """
        return {name: self._pack(name, number) for name, number in versions.items()}

    def _pack(self, name: str, number: int) -> Pack:
        version = self._twins.version(name, number)
        folder = self._folder / version.twin_id / pack_name(version)
        pack = Pack(str(folder), str(self._workshop.cache))
        if not folder.exists():
            self._write(folder, self._twins.get(name), version)
        return pack

    def _write(self, folder: Path, twin: Twin, version: TwinVersion) -> None:
        """Write a pack beside its place, then move it there whole."""
        kept = self._store.pieces.texts([ref.text_id for ref in version.pieces])
        missing = [ref.name for ref in version.pieces if ref.text_id not in kept]
        if missing:
            raise NotFound(f"{twin.name} version {version.number} misses '{missing[0]}'.")
        texts = with_method(version, kept)
        made = folder.with_name(f".{folder.name}-{os.getpid()}")
        made.mkdir(parents=True, exist_ok=True)
        for name, prepared in self._workshop.prepared(texts, self._workshop.local().name).items():
            (made / f"{texts[name].id}.npz").write_bytes(prepared.pack())
        contents = _Contents(twin=twin, version=version, texts=texts)
        (made / "twin.json").write_text(contents.model_dump_json(), "utf-8")
        made.rename(folder)


class CreatorMind:
    """Answers contacts from the flow's words and from what trained twins have learned; offline.

    Replies to a campaign ask for facts in the words of the offer, and the flow knows those: a
    sentence of it that holds most of the words goes first. What is asked in other words is looked
    for in the creator's content by meaning, and answered where the twin is rather sure.

    Args:
        packs: The twins that the flow names, by slug.
    """

    def __init__(self, packs: Mapping[str, Pack]) -> None:
        self._packs = dict(packs)
        self._words = GroundedMind()

    async def answer(self, request: TwinRequest) -> TwinAnswer:
        """What the twin writes back, with the places that it rests on."""
        words = await self._words.answer(request)
        name = slug(request.twin) if request.twin else next(iter(self._packs), "")
        pack = self._packs.get(name)
        if pack is None or words.answered:
            return words
        short = _channel(request) in _SHORT_CHANNELS
        for question in _questions(request.question):
            answer = answered(pack, question, short=short)
            if answer.kind == "answered" and answer.covered >= SURE:
                return _told(answer)
        return words


@lru_cache(maxsize=_KEPT_ANSWERS)
def answered(pack: Pack, question: str, *, short: bool) -> Answer:
    """A twin's answer to a question; the same question is answered once in a process."""
    serving = opened(pack)
    if not short:
        return serving.ask(question)
    tuning = serving.version.tuning
    brief = tuning.model_copy(update={"length": min(tuning.length, SHORT)})
    return serving.ask(question, brief)


@lru_cache(maxsize=4)
def opened(pack: Pack) -> Serving:
    """A pack made ready in this process."""
    folder = Path(pack.folder)
    contents = _Contents.model_validate_json((folder / "twin.json").read_text("utf-8"))
    prepared = {
        name: replace(
            Prepared.unpack((folder / f"{text.id}.npz").read_bytes(), text.text), document_id=name
        )
        for name, text in contents.texts.items()
    }
    return Serving.of(
        contents.twin, contents.version, contents.texts, prepared, MiniLM(Path(pack.cache))
    )


def _questions(reply: str) -> list[str]:
    """What a reply asks, each question by itself; the whole of it where it asks nothing."""
    return [one.strip() for one in _QUESTION.findall(reply)] or [reply]


def _told(answer: Answer) -> TwinAnswer:
    """An answer as a message: without marks, with the passages that they stood for."""
    numbers = sorted({int(match) for match in _MARK.findall(answer.text)})
    used = tuple(answer.citations[number - 1] for number in numbers)
    text = _MARK.sub("", answer.text)
    return TwinAnswer(text, answered=True, citations=tuple(p.text for p in used), passages=used)


def _channel(request: TwinRequest) -> str:
    return request.history[-1].channel if request.history else "email"
