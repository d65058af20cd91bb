"""A creator's signature: learnt from what they wrote, asked whether they wrote something."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import BadInput
from core.domain.twins import Evidence, VoiceVerdict
from core.twins.voice.background import Background, Side, shipped_background
from core.twins.voice.evidence import Rates, counts_of, evidence_of
from core.twins.voice.grams import Vectors
from core.twins.voice.learning import CHUNK, MOST_CHUNKS, Direction, learnt
from core.twins.voice.text import chunks, words_in
from core.twins.voice.weighing import chances, considered

LEAST_KNOWN = 150
"""Words below which nothing is learnt."""
LEAST_ASKED = 5
"""Words below which a passage says nothing."""
MOST_WORDS = 2_000
"""Words of a passage that are looked at."""
VERSION = 2
Grade = Literal["none", "weak", "fair", "good"]
_EVEN = 0.5
_WEAK, _FAIR = (30, 1_500), (100, 5_000)
"""Words of a passage, and known words, below which a verdict is weak or fair."""
_SAYS = {
    "weak": "A hint at most: {why}.",
    "fair": "Worth something: {why}.",
    "good": "There is enough text on both sides to rely on it.",
}
_BATCH = 64
_ALIKE = 0.05
"""Cosine of two stretches by one author: how like the whole author some stretches can be."""
_DOUBT, _ENOUGH = 0.2, 60
"""How much sooner an author is taken for the creator where few stretches are known."""


@dataclass(frozen=True, eq=False)
class Signature:
    """What is known of a creator's voice.

    Attributes:
        known_words: Of the text that it was learnt from.
        habits: How often each habit is in that text.
        directions: One for each view.
    """

    known_words: int
    habits: Rates
    habit_words: int
    directions: tuple[Direction, ...]

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Signature:
        """Learn a creator's voice.

        Raises:
            BadInput: If the texts have fewer than ``LEAST_KNOWN`` words together.
        """
        known = sum(words_in(text) for text in texts)
        if known < LEAST_KNOWN:
            raise BadInput(
                f"A voice cannot be learnt from {known} words.",
                fix=f"Add content of at least {LEAST_KNOWN} words; from 5,000 on it is reliable.",
            )
        background = shipped_background()
        stretches = chunks(texts, CHUNK, MOST_CHUNKS)
        vectors = [side.read(stretches) for side in background.sides]
        others = strangers(background, vectors)
        directions = tuple(
            learnt(side, one, others) for side, one in zip(background.sides, vectors, strict=True)
        )
        return cls(known, *counts_of("\n".join(stretches)), directions)

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """For each text how likely it is the creator's, at even odds; 0.5 where it is too short."""
        parts = [
            self._probabilities(texts[start : start + _BATCH])
            for start in range(0, len(texts), _BATCH)
        ]
        return np.concatenate([np.zeros(0), *parts])

    def verdict(self, text: str) -> VoiceVerdict:
        """How likely it is that the creator wrote this, and which habits speak for and against it.

        ``none`` is said of fewer than 5 words, which get no probability; ``weak`` of fewer than 30,
        or where fewer than 1,500 are known; ``fair`` below 100, or 5,000 known; else ``good``.
        The habits are what a creator can check; the probability rests on many more.
        """
        words = words_in(text)
        if words < LEAST_ASKED:
            return self._verdict(words, "none", f"Too short to say: it needs {LEAST_ASKED} words.")
        grade, limits = self._grade(words)
        rates = shipped_background().habits
        return self._verdict(
            words,
            grade,
            _SAYS[grade].format(why=self._why(words, limits)),
            probability=float(self._probabilities([text])[0]),
            evidence=evidence_of(text, self.habits, self.habit_words, rates),
        )

    def _verdict(
        self,
        words: int,
        grade: Grade,
        says: str,
        probability: float | None = None,
        evidence: tuple[Evidence, ...] = (),
    ) -> VoiceVerdict:
        return VoiceVerdict(
            probability=probability,
            words=words,
            known_words=self.known_words,
            reliability=grade,
            says=says,
            evidence=evidence,
        )

    def _grade(self, words: int) -> tuple[Grade, tuple[int, int]]:
        if words < _WEAK[0] or self.known_words < _WEAK[1]:
            return "weak", _WEAK
        if words < _FAIR[0] or self.known_words < _FAIR[1]:
            return "fair", _FAIR
        return "good", _FAIR

    def _why(self, words: int, limits: tuple[int, int]) -> str:
        if words < limits[0]:
            return f"the text has only {words} words"
        return f"only {self.known_words:,} words of the creator are known"

    def _probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        background = shipped_background()
        short = [text if len(text.split()) <= MOST_WORDS else _cut(text) for text in texts]
        words = np.array([words_in(text) for text in short])
        scores = []
        for side, direction in zip(background.sides, self.directions, strict=True):
            vectors = side.read(short)
            scores.append(direction.scores(side, vectors, side.others(vectors)))
        seen = considered(np.hstack(scores), words, self.known_words)
        found = chances(seen, background.weights, background.centre, background.spread)
        return np.where(words < LEAST_ASKED, _EVEN, found)

    def to_bytes(self) -> bytes:
        """The signature as it is stored; it holds no text."""
        kept = io.BytesIO()
        parts = {
            f"{name}_{number}": value
            for number, one in enumerate(self.directions)
            for name, value in (
                ("sums", one.sums.astype(np.float16)),
                ("others", one.others),
                ("level", one.level),
            )
        }
        sizes = np.array([VERSION, self.known_words, self.habit_words])
        np.savez_compressed(
            kept, allow_pickle=False, sizes=sizes, habits=self.habits.astype(np.int32), **parts
        )
        return kept.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Signature:
        """A signature as it was stored.

        Raises:
            BadInput: If another version of Greenroom's voice model made it.
        """
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            version, known, habit_words = kept["sizes"].tolist()
            if version != VERSION:
                raise BadInput(
                    "This voice was learnt by another version.", fix="Train the twin again."
                )
            sides = shipped_background().sides
            directions = tuple(_direction(kept, number, side) for number, side in enumerate(sides))
            return cls(known, kept["habits"].astype(np.float64), habit_words, directions)


def strangers(background: Background, vectors: Sequence[Vectors]) -> NDArray[np.bool_]:
    """Which of the other authors are not the creator: who is too much like them is left out."""
    side, count = background.sides[0], vectors[0].texts
    middle = side.standing(vectors[0]).mean(axis=0)
    likeness = side.authors @ (middle / np.linalg.norm(middle))
    reached = np.sqrt(count * _ALIKE / (1 + (count - 1) * _ALIKE))
    sure = background.same - _DOUBT * max(1 - count / _ENOUGH, 0)
    return np.asarray(likeness < sure * reached)


def _direction(kept: np.lib.npyio.NpzFile, number: int, side: Side) -> Direction:
    sums = kept[f"sums_{number}"].astype(np.float32)
    return Direction(sums, side.mean @ sums, kept[f"others_{number}"], kept[f"level_{number}"])


def _cut(text: str) -> str:
    return " ".join(text.split()[:MOST_WORDS])
