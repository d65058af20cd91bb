"""Typebot exports (versions 3 to 6) as flow documents."""

from __future__ import annotations

from typing import Any

from core.flows.foreign.drafting import Draft, Row
from core.flows.foreign.guarding import guard_loops, in_walking_order
from core.flows.foreign.typebot.blocks import Builder, Built
from core.flows.foreign.typebot.document import Block, Bot, read_bot
from core.flows.foreign.typebot.pieces import TABLE as BLOCKS

__all__ = ["BLOCKS", "is_typebot", "read_typebot"]


def is_typebot(document: dict[str, Any]) -> bool:
    """Whether a document looks like a Typebot export."""
    return isinstance(document.get("groups"), list) and "steps" not in document


def read_typebot(document: dict[str, Any]) -> Draft:
    """A Typebot as a flow.

    Raises:
        BadInput: If it is none.
    """
    bot = read_bot(document)
    name = document.get("name")
    draft = Draft(name if isinstance(name, str) and name.strip() else "Typebot", "")
    draft.variables.update(bot.values)
    builder = Builder(draft, bot)
    rows: dict[str, Row] = {}
    built: dict[str, Built] = {}
    events = [*bot.starts, *bot.events]
    for block in [*events, *(one for one in bot.blocks.values() if one not in events)]:
        rows[block.id] = draft.row(block.id, block.group, block.type)
    for block in bot.blocks.values():
        if block not in events:
            built[block.id] = builder.build(block, rows[block.id])
    _Linked(draft, bot, rows, built)
    guard_loops(draft)
    in_walking_order(draft)
    return draft


class _Linked:
    """Leads each step to what comes next."""

    def __init__(
        self, draft: Draft, bot: Bot, rows: dict[str, Row], built: dict[str, Built]
    ) -> None:
        self.draft, self.bot, self.rows, self.built = draft, bot, rows, built
        for block in bot.blocks.values():
            if block.id in built:
                self._lead(block)
        self._start()
        self._say_unled()

    def _lead(self, block: Block) -> None:
        built = self.built[block.id]
        rest = self._entry(self._next(block))
        for holder, key in built.rest:
            _put(holder, key, rest)
        for number, slots in built.items.items():
            edge = block.items[number].get("outgoingEdgeId")
            to, broken = self.bot.led(edge)
            self._say_broken(block, broken)
            entry = self._entry(to) if to is not None else rest
            for holder, key in slots:
                _put(holder, key, entry)

    def _next(self, block: Block) -> Block | None:
        """What comes after a block where none of its items leads elsewhere."""
        built = self.built.get(block.id)
        if built is not None and built.jump is not None:
            return self.bot.find(*built.jump)
        edge = block.raw.get("outgoingEdgeId")
        to, broken = self.bot.led(edge)
        self._say_broken(block, broken)
        return to or block.after

    def _entry(self, block: Block | None) -> str | None:
        """The first step at or behind a block."""
        seen: set[str] = set()
        while block is not None and block.id not in seen:
            built = self.built.get(block.id)
            if built is not None and built.entry is not None:
                return built.entry
            seen.add(block.id)
            block = self._next(block)
        return None

    def _say_broken(self, block: Block, broken: bool) -> None:
        if broken:
            self.rows[block.id].lose("One of its edges leads to nothing in the file.")

    def _start(self) -> None:
        starts = self.bot.starts
        for number, start in enumerate(starts):
            row = self.rows[start.id]
            entry = self._entry(self._next(start))
            if number == 0 and entry is not None:
                self.draft.start = entry
                row.lose("The flow starts at what it leads to; it has no step of its own.")
            elif entry is None:
                row.lose("It leads to nothing; the flow starts at its first step.")
            else:
                row.lose("There is more than one start; the flow starts at the first of them.")
        for event in self.bot.events:
            self.rows[event.id].lose(
                f"The event “{event.type}” does not happen in a rehearsal; what it leads to is "
                "kept, but nothing else may lead there."
            )

    def _say_unled(self) -> None:
        """Name the groups that nothing leads to."""
        led: set[str] = set()
        open_ = [self._next(one) for one in self.bot.starts[:1]]
        while open_:
            block = open_.pop()
            if block is None or block.id in led:
                continue
            led.add(block.id)
            open_.append(self._next(block))
            open_.extend(self.bot.led(item.get("outgoingEdgeId"))[0] for item in block.items)
        for id, row in self.rows.items():
            if id in self.built and id not in led and self.bot.starts:
                row.lose("Nothing that starts leads to it, in Typebot as here.")


def _put(holder: dict[str, Any], key: str, to: str | None) -> None:
    if to is not None:
        holder[key] = to
