"""The books and the questions that retrieval is fitted and judged on, and what counts as found."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

QUESTIONS = Path(__file__).parents[1] / "questions"
SHOWN = 5
"""Citations that are looked at."""
RULES = ("half", "any", "whole")
"""What counts as found: half of the answering passage, a character of it, or 98 % of it."""
_SHARE = {"half": 0.5, "any": 1e-9, "whole": 0.98}


@dataclass(frozen=True)
class Question:
    """A question of ours about a book.

    Attributes:
        book: The book's file name without ending.
        start: Where the answering passage begins; None where the book does not answer.
        kind: answer, near_miss or off.
    """

    id: str
    book: str
    text: str
    start: int | None
    end: int | None
    kind: str

    @property
    def answerable(self) -> bool:
        """Whether the book answers."""
        return self.kind == "answer"

    @property
    def held_out(self) -> bool:
        """Whether it belongs to the quarter that nothing is chosen on."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 4 == 0


FOLDS = 3
"""Books are left out by authors: Bennett and Dumont, Franklin and Allen, Aurelius and Marden."""
_FOLD_OF = {"arnold": 0, "theron": 0, "benjamin": 1, "james": 1, "marcus": 2, "orison": 2}


def fold_of(question: Question) -> int:
    """The fold in which the question's book is left out."""
    return _FOLD_OF[question.book.split("_")[0]]


def books() -> dict[str, str]:
    """The text of each book, by the name of its file."""
    folder = Path(os.environ["GREENROOM_BENCH_DATA"]) / "creators"
    return {path.stem: path.read_bytes().decode("utf-8") for path in sorted(folder.glob("*.txt"))}


def questions(folder: Path = QUESTIONS) -> list[Question]:
    """All questions, book by book."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            found.append(
                Question(
                    row["id"], path.stem, row["question"], row["start"], row["end"], row["kind"]
                )
            )
    return found


def covered(question: Question, start: int, end: int) -> float:
    """How much of the answering passage lies between two offsets, 0 to 1."""
    if question.start is None or question.end is None:
        return 0.0
    shared = min(end, question.end) - max(start, question.start)
    return max(0, shared) / (question.end - question.start)


def rank(question: Question, places: Sequence[tuple[int, int]], rule: str) -> int | None:
    """The place of the first citation that counts as found, from 1; None where there is none."""
    shares = (covered(question, start, end) for start, end in places)
    return next((at for at, one in enumerate(shares, 1) if one >= _SHARE[rule]), None)
