"""A flow document while it is made from another: its steps, its report, its canvas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from core.domain.durations import LONGEST
from core.domain.errors import BadInput
from core.flows.foreign.names import plain_name, unique
from core.flows.foreign.saying import plain_liquid, short
from core.flows.reading import CONTROL
from core.flows.templates import Template

LONGEST_LINE = 1_000
LONGEST_BODY = 90_000
LONGEST_ID = 40
MOST_NOTES = 200
CARD_HEIGHT = 130
STRANGE = re.compile(r"[\u2028\u2029\ufffe\uffff]")


@dataclass
class Row:
    """What became of one node.

    Attributes:
        id: The node's own id.
        name: What people call it there.
        type: What it is there.
        steps: The ids of the steps that it became.
        lost: What was not understood, or is different now, in sentences.
    """

    id: str
    name: str
    type: str
    steps: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def lose(self, *sentences: str) -> None:
        """Say what was lost, each thing once."""
        for sentence in sentences:
            if sentence not in self.lost:
                self.lost.append(sentence)

    def document(self) -> dict[str, Any]:
        """The row as JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "steps": list(self.steps),
            "lost": list(self.lost),
        }


class Draft:
    """A flow that is being made.

    Attributes:
        steps: Every step by its id, in the order in which they were made.
        rows: What became of each node.
        notes: What is noted on the canvas.
        variables: What the flow starts with.
        positions: Where each step stands.
    """

    def __init__(self, name: str, description: str) -> None:
        self.name = name
        self.description = description
        self.start: str | None = None
        self.steps: dict[str, dict[str, Any]] = {}
        self.rows: list[Row] = []
        self.notes: list[dict[str, Any]] = []
        self.variables: dict[str, Any] = {}
        self.positions: dict[str, tuple[float, float]] = {}
        self.timezone = "UTC"
        self.taken: set[str] = set()

    def row(self, id: str, name: str, type: str) -> Row:
        """Begin a node's row."""
        row = Row(clean(id), clean(name), clean(type))
        self.rows.append(row)
        return row

    def free_id(self, name: str, otherwise: str = "step") -> str:
        """An id for a step that no other has."""
        wanted = plain_name(plain_name(name, otherwise).lower()[:LONGEST_ID].strip("_"))
        found = unique(wanted, self.taken)
        self.taken.add(found)
        return found

    def add(
        self,
        row: Row,
        id: str,
        type: str,
        config: dict[str, Any],
        at: tuple[float, float] | None = None,
        comment: str | None = None,
    ) -> dict[str, Any]:
        """Add a step that a node became."""
        step: dict[str, Any] = {"id": id, "type": type, "config": config}
        if comment:
            step["comment"] = clean(comment)[:LONGEST_BODY]
        self.steps[id] = step
        row.steps.append(id)
        if at is not None:
            self.positions[id] = at
        return step

    def note(self, text: str, at: tuple[float, float], size: tuple[float, float]) -> bool:
        """Add a note to the canvas; False where there are as many as there may be."""
        if len(self.notes) >= MOST_NOTES:
            return False
        self.notes.append(
            {
                "id": f"note_{len(self.notes) + 1}",
                "text": clean(text)[:LONGEST_BODY],
                "x": at[0],
                "y": at[1],
                "width": size[0],
                "height": size[1],
            }
        )
        return True

    def document(self) -> dict[str, Any]:
        """The flow document."""
        document: dict[str, Any] = {"name": " ".join(clean(self.name).split())[:200] or "Flow"}
        if self.description.strip():
            document["description"] = clean(self.description)[:LONGEST_BODY]
        document["timezone"] = self.timezone
        if self.variables:
            document["variables"] = cleaned(self.variables)
        if self.start is not None:
            document["start"] = self.start
        document["steps"] = [_ordered(cleaned(step)) for step in self.steps.values()]
        places = {name: list(self.positions[name]) for name in self.steps if name in self.positions}
        if places or self.notes:
            document["canvas"] = {
                **({"positions": places} if places else {}),
                **({"notes": self.notes} if self.notes else {}),
            }
        return document


def _ordered(step: dict[str, Any]) -> dict[str, Any]:
    order = ("id", "type", "comment", "config", "next", "on_reply", "on_timeout")
    return {key: step[key] for key in order if step.get(key) is not None}


def clean(text: str) -> str:
    """A text without characters that nothing can show."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def cleaned(value: Any) -> Any:
    """The same for every text of a value."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): cleaned(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(item) for item in value]
    return value


def body_of(text: str, row: Row) -> str:
    """A message's text within what a message may hold."""
    text = clean(text)
    if len(text) <= LONGEST_BODY and _reads(text):
        return text
    row.lose("The text is longer than a message may be here; its beginning is kept.")
    return plain_liquid(text[: LONGEST_BODY // 2])


def line_of(text: str, row: Row, what: str) -> str:
    """A text of one line within what a line may hold."""
    text = " ".join(clean(text).split("\n")).strip()
    if len(text) <= LONGEST_LINE and _reads(text):
        return text
    row.lose(f"The {what} is longer than it may be here; its beginning is kept.")
    return plain_liquid(text[: LONGEST_LINE // 8])


def unsaid(words: str, name: str) -> str:
    """What is said of a condition that a variable stands in for."""
    return (
        f"This condition cannot be said in CEL: “{short(words, 300)}”. The variable {name} stands "
        "in its place and is false until you set it."
    )


def _reads(text: str) -> bool:
    try:
        Template(text)
    except BadInput:
        return False
    return True


def duration_of(amount: float, unit: str) -> str | None:
    """A duration as flows write it; None where it is none."""
    letters = {"second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w"}
    seconds = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
    letter = letters.get(unit.rstrip("s"))
    if letter is None or not 0 <= amount * seconds[letter] <= LONGEST:
        return None
    return f"{amount:.9f}".rstrip("0").rstrip(".") + letter


def skeleton(paths: Iterable[tuple[str | int, ...]], most: int = 400) -> dict[str, Any]:
    """An empty answer that has a place for everything that is read of it."""
    whole: dict[str, Any] = {}
    for path in sorted(set(paths), key=lambda one: (len(one), str(one)))[:most]:
        _grow(whole, path)
    return whole


def _grow(whole: dict[str, Any], path: tuple[str | int, ...]) -> None:
    here: Any = whole
    for number, key in enumerate(path[:8]):
        if isinstance(key, int) or not isinstance(here, dict):
            return
        last = number == min(len(path), 8) - 1 or isinstance(path[number + 1], int)
        if last:
            here.setdefault(key, None)
            return
        if not isinstance(here.get(key), dict):
            here[key] = {}
        here = here[key]
