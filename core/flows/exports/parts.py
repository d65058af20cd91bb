"""What a drawing of a flow shows: a card for each step, an edge for each way, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.domain.kinds import KINDS, Kind
from core.flows.inspection import spoken_condition

LINES = ("subject", "body", "title", "instructions", "timeout", "duration", "name", "to", "url")
SPOKEN = {"next": "", "on_reply": "reply", "on_timeout": "no reply"}


@dataclass(frozen=True, slots=True)
class Card:
    """One step as it is drawn."""

    id: str
    type: str
    line: str

    @property
    def kind(self) -> Kind:
        """How its kind is called and drawn; what nobody knows is called as it is written."""
        return KINDS.get(self.type) or Kind(self.type.replace("_", " "), "?", "brick")

    @property
    def tone(self) -> str:
        """The colour of its kind."""
        return self.kind.tone


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a step to another."""

    start: str
    end: str
    label: str
    at: int = 0
    of: int = 1
    """Which of the step's ways it is, and of how many."""


def cards_of(document: Mapping[str, Any]) -> list[Card]:
    """A card for each step that has an id, each id once."""
    cards: dict[str, Card] = {}
    for step in _steps(document):
        cards.setdefault(step["id"], Card(step["id"], str(step.get("type", "")), _line(step)))
    return list(cards.values())


def edges_of(document: Mapping[str, Any]) -> list[Edge]:
    """Every way that leads to a step that exists."""
    known = {step["id"] for step in _steps(document)}
    found: list[Edge] = []
    for step in _steps(document):
        ways = [(to, label) for to, label in _ways(step) if isinstance(to, str) and to in known]
        found += [Edge(step["id"], *way, at, len(ways)) for at, way in enumerate(ways)]
    return found


def _steps(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    steps = document.get("steps")
    return [
        step
        for step in (steps if isinstance(steps, list) else ())
        if isinstance(step, dict) and isinstance(step.get("id"), str)
    ]


def _config(step: Mapping[str, Any]) -> dict[str, Any]:
    config = step.get("config")
    return config if isinstance(config, dict) else {}


def _ways(step: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    for key, label in SPOKEN.items():
        if step.get(key) is not None:
            yield step[key], label
    config = _config(step)
    for row in _rows(config.get("branches")):
        yield row.get("next"), spoken_condition(str(row.get("when", "")))
    if "else" in config:
        yield config["else"], "else"
    for row in _rows(config.get("arms")):
        yield row.get("next"), str(row.get("name", ""))


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _line(step: Mapping[str, Any]) -> str:
    """One line of what a step does."""
    config = _config(step)
    for name in LINES:
        if isinstance(config.get(name), str) and config[name].strip():
            return " ".join(config[name].split())
    values = config.get("values")
    if isinstance(values, dict):
        return ", ".join(map(str, values))
    branches = _rows(config.get("branches"))
    if branches:
        return " · ".join(spoken_condition(str(one.get("when", ""))) for one in branches[:3])
    texts = [str(one.get("text", "")) for one in _rows(config.get("questions"))]
    arms = [str(one.get("name", "")) for one in _rows(config.get("arms"))]
    return " · ".join(" ".join(text.split()) for text in texts or arms)


def cut(text: str, most: int) -> str:
    """A text of so many characters at most, with … where it goes on."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
