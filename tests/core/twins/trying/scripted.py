"""A twin whose answers are written down, for whoever asks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from core.domain.errors import Conflict, NotFound
from core.domain.twins import Answer, Passage, PieceText, Twin, TwinVersion, VoiceVerdict

NOON = datetime(2026, 1, 5, 12)
KEEL = "The keel hour is one hour of your day without messages. Give it to the work that matters."
COUNT = "Count before you cut. Five evenings, three lines, no judging."


def passage(text: str, file: str = "keel.md") -> Passage:
    return Passage(file=file, start=0, end=len(text), text=text)


def answered(text: str, *passages: Passage, engine: str = "sentences") -> Answer:
    return Answer(text=text, declined=False, citations=passages, covered=0.9, engine=engine)


def declined() -> Answer:
    return Answer(text="I don't know.", declined=True, covered=0.1, kind="declined")


def refused() -> Answer:
    return Answer(text="I'd rather stay myself.", declined=True, covered=0, kind="refused")


class ScriptedServing:
    """One version: answers by a function, and recognises by another."""

    def __init__(
        self,
        number: int,
        texts: Mapping[str, str],
        ask: Callable[[str], Answer],
        voice: Callable[[str], float] | None = None,
    ) -> None:
        self.twin = Twin(id="t-1", name="Ada", slug="ada", made_at=NOON, version=number)
        self.version = TwinVersion(twin_id="t-1", number=number, made_at=NOON, why="trained")
        self.texts = {name: PieceText(id=name, text=text) for name, text in texts.items()}
        self.asked: list[str] = []
        self._ask = ask
        self._voice = voice

    def ask(self, question: str) -> Answer:
        self.asked.append(question)
        return self._ask(question)

    @property
    def has_voice(self) -> bool:
        return self._voice is not None

    def probabilities(self, texts: Sequence[str]) -> list[float]:
        assert self._voice is not None
        return [self._voice(text) for text in texts]

    def verdict(self, text: str) -> VoiceVerdict:
        if self._voice is None:
            raise Conflict("There are too few words to recognise the voice.")
        known = sum(len(one.text.split()) for one in self.texts.values())
        return VoiceVerdict(
            probability=self._voice(text),
            words=len(text.split()),
            known_words=known,
            reliability="weak",
        )


class ScriptedTwins:
    """One twin with some versions."""

    def __init__(self, *versions: ScriptedServing) -> None:
        self._versions = {one.version.number: one for one in versions}

    def get(self, ref: str) -> Twin:
        if ref not in ("t-1", "ada"):
            raise NotFound(f"There is no twin '{ref}' here.")
        return max(self._versions.items())[1].twin

    def serving(self, ref: str, number: int | None = None) -> ScriptedServing:
        self.get(ref)
        found = self._versions.get(number or max(self._versions))
        if found is None:
            raise NotFound(f"There is no version {number}.")
        return found

    def version(self, ref: str, number: int | None = None) -> TwinVersion:
        return self.serving(ref, number).version
