"""A Typebot export as it stands: groups, blocks, edges, variables and events, versions 3 to 6."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.domain.errors import BadInput
from core.flows.foreign.names import plain_name, unique

MOST_BLOCKS = 3_000


@dataclass
class Block:
    """One block of a group, or an event."""

    id: str
    type: str
    group: str
    raw: dict[str, Any]
    at: tuple[float, float]
    before: Block | None = None
    after: Block | None = None
    comes_from: list[Block] = field(default_factory=list)

    @property
    def options(self) -> dict[str, Any]:
        """Its options; empty where it has none."""
        found = self.raw.get("options")
        return found if isinstance(found, dict) else {}

    @property
    def content(self) -> Any:
        """What a bubble shows."""
        return self.raw.get("content")

    @property
    def items(self) -> list[dict[str, Any]]:
        """Its choices, pictures or conditions."""
        found = self.raw.get("items")
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def text(self, *path: str) -> str:
        """An option as text; empty where there is none."""
        here: Any = self.options
        for key in path:
            here = here.get(key) if isinstance(here, dict) else None
        good = isinstance(here, (str, int, float)) and not isinstance(here, bool)
        return str(here) if good else ""


@dataclass
class Bot:
    """A Typebot.

    Attributes:
        blocks: Every block by its id.
        groups: The blocks of each group, in order.
        edges: What each edge leads to: a group and, maybe, a block in it.
        variables: The name here of each variable, by its id.
        names: The same by the name there.
        starts: Where conversations start; other events come after.
    """

    blocks: dict[str, Block] = field(default_factory=dict)
    groups: dict[str, list[Block]] = field(default_factory=dict)
    edges: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    starts: list[Block] = field(default_factory=list)
    events: list[Block] = field(default_factory=list)

    def led(self, edge: Any) -> tuple[Block | None, bool]:
        """What an edge leads to, and whether it leads to nothing that exists."""
        if not isinstance(edge, str):
            return None, False
        if edge not in self.edges:
            return None, True
        group, block = self.edges[edge]
        found = self.find(group, block)
        return found, found is None and self.groups.get(group) != []

    def find(self, group: Any, block: Any) -> Block | None:
        """A block, or the first of a group."""
        if isinstance(block, str) and block in self.blocks:
            return self.blocks[block]
        inside = self.groups.get(group) if isinstance(group, str) else None
        return inside[0] if inside else None

    def variable(self, id: Any) -> str | None:
        """The name here of a variable."""
        return self.variables.get(id) if isinstance(id, str) else None


def read_bot(document: dict[str, Any]) -> Bot:
    """The parts of an export.

    Raises:
        BadInput: If it has no list of groups.
    """
    groups = document.get("groups")
    if not isinstance(groups, list):
        raise BadInput("This Typebot has no list of groups.", place="groups")
    bot = Bot()
    _variables(bot, document.get("variables"))
    for number, group in enumerate(groups):
        _group(bot, group, number)
    for edge in _dicts(document.get("edges")):
        to = edge.get("to")
        if isinstance(edge.get("id"), str) and isinstance(to, dict):
            block = to.get("blockId")
            target = (str(to.get("groupId")), block if isinstance(block, str) else None)
            bot.edges[edge["id"]] = target
    for number, event in enumerate(_dicts(document.get("events"))):
        _event(bot, event, number)
    if not bot.blocks:
        raise BadInput("This Typebot has no block.", place="groups")
    for block in bot.blocks.values():
        _note_leads(bot, block)
    return bot


def _note_leads(bot: Bot, block: Block) -> None:
    """Note at what a block leads to that it comes from there."""
    edges = [block.raw.get("outgoingEdgeId"), *(one.get("outgoingEdgeId") for one in block.items)]
    led = [to for edge in edges if (to := bot.led(edge)[0]) is not None]
    if block.type == "Jump":
        to = bot.find(block.options.get("groupId"), block.options.get("blockId"))
        led += [to] if to is not None else []
    elif block.after is not None and not isinstance(edges[0], str):
        led.append(block.after)
    for one in led:
        one.comes_from.append(block)


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            yield one


def _variables(bot: Bot, raw: Any) -> None:
    for one in _dicts(raw):
        name, id = one.get("name"), one.get("id")
        if isinstance(name, str) and isinstance(id, str):
            plain = bot.names.get(name) or unique(plain_name(name), set(bot.names.values()))
            bot.names[name] = bot.variables[id] = plain
            value = one.get("value")
            plain_value = value is None or isinstance(value, (str, int, float, bool, list))
            bot.values[plain] = value if plain_value else None


def _group(bot: Bot, raw: Any, number: int) -> None:
    if not isinstance(raw, dict):
        raise BadInput("A group is an object with blocks.", place=f"groups[{number}]")
    id = str(raw.get("id") or f"group-{number + 1}")
    title = raw.get("title")
    title = title if isinstance(title, str) and title.strip() else f"Group {number + 1}"
    x, y = _place(raw.get("graphCoordinates"))
    blocks = bot.groups.setdefault(id, [])
    for place, one in enumerate(_dicts(raw.get("blocks") or raw.get("steps"))):
        own = one.get("id")
        key = unique(own if isinstance(own, str) and own else f"{id}-{place + 1}", bot.blocks)
        type_ = one.get("type")
        block = Block(key, type_ if isinstance(type_, str) else "unknown", title, one, (x, y))
        if len(bot.blocks) >= MOST_BLOCKS:
            raise BadInput(f"It has more than {MOST_BLOCKS:,} blocks.")
        bot.blocks[key] = block
        if block.type == "start":
            bot.starts.append(block)
        if blocks:
            blocks[-1].after, block.before = block, blocks[-1]
        blocks.append(block)


def _event(bot: Bot, raw: dict[str, Any], number: int) -> None:
    type_ = raw.get("type")
    type_ = type_ if isinstance(type_, str) else "event"
    id = unique(str(raw.get("id") or f"event-{number + 1}"), bot.blocks)
    event = Block(id, type_, type_.capitalize(), raw, _place(raw.get("graphCoordinates")))
    (bot.starts if type_ == "start" else bot.events).append(event)
    bot.blocks[id] = event


def _place(value: Any) -> tuple[float, float]:
    raw = [value.get("x"), value.get("y")] if isinstance(value, dict) else [0, 0]
    x, y = (
        max(-1e6, min(1e6, float(one)))
        if isinstance(one, (int, float)) and not isinstance(one, bool) and math.isfinite(one)
        else 0.0
        for one in raw
    )
    return (x, y)
