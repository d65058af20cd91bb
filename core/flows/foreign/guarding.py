"""Loops that nothing in a rehearsal would leave get a number of turns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.flows.foreign.drafting import CARD_HEIGHT, Draft

TURNS = 3
WAITING = ("wait_for_reply", "check_in", "assessment")
Slot = tuple[dict[str, Any], str]


def guard_loops(draft: Draft) -> None:
    """Let each loop in which nobody answers end after some turns, and say so."""
    for _ in range(len(draft.steps) + 1):
        found = _back(draft)
        if found is None:
            return
        _guard(draft, *found)


def slots_of(step: dict[str, Any]) -> Iterator[Slot]:
    """Everything in a step that names a next one."""
    for key in ("next", "on_reply", "on_timeout"):
        if key in step:
            yield step, key
    config = step["config"]
    for rows in ("branches", "arms"):
        for row in config.get(rows, ()):
            if row.get("next"):
                yield row, "next"
    if config.get("else"):
        yield config, "else"


def _leaves_by_itself(step: dict[str, Any]) -> bool:
    """Whether people decide here, or a counter does."""
    if step["type"] in WAITING:
        return True
    values = step["config"].get("values") if step["type"] == "set" else None
    return isinstance(values, dict) and any(
        value == f"{name} + 1" and name.endswith("_turn") for name, value in values.items()
    )


def _back(draft: Draft) -> tuple[str, Slot] | None:
    """An edge that closes a loop in which nobody decides."""
    state: dict[str, int] = {}
    for root in draft.steps:
        if root in state or _leaves_by_itself(draft.steps[root]):
            continue
        state[root] = 1
        path = [(root, slots_of(draft.steps[root]))]
        while path:
            name, rest = path[-1]
            slot = next(rest, None)
            if slot is None:
                state[name] = 2
                path.pop()
                continue
            to = slot[0][slot[1]]
            if to not in draft.steps or _leaves_by_itself(draft.steps[to]):
                continue
            if state.get(to) == 1:
                return name, slot
            if to not in state:
                state[to] = 1
                path.append((to, slots_of(draft.steps[to])))
    return None


def _guard(draft: Draft, name: str, slot: Slot) -> None:
    holder, key = slot
    to = holder[key]
    count = draft.free_id(f"again_{to}")
    turn, most = f"{count}_turn", f"{count}_turns"
    draft.variables[turn], draft.variables[most] = 0, TURNS
    row = next(one for one in draft.rows if name in one.steps)
    x, y = draft.positions.get(name, (0.0, 0.0))
    more = draft.free_id(f"{count}_more")
    first = draft.add(row, count, "set", {"values": {turn: f"{turn} + 1"}}, (x, y + CARD_HEIGHT))
    branch = {"when": f"{turn} <= {most}", "next": to}
    draft.add(row, more, "condition", {"branches": [branch]}, (x, y + 2 * CARD_HEIGHT))
    first["next"] = more
    holder[key] = count
    row.lose(
        f"It leads back to “{to}”. In a rehearsal nothing changes between the turns, so the loop "
        f"is left after {TURNS} of them; the variable {most} says how many."
    )


def in_walking_order(draft: Draft) -> None:
    """Put the steps in the order in which people come to them; the rest comes after."""
    order: dict[str, None] = {}
    for root in (draft.start, *draft.steps):
        open_ = [root] if root in draft.steps else []
        while open_:
            name = open_.pop()
            if name is None or name in order:
                continue
            order[name] = None
            led = [holder[key] for holder, key in slots_of(draft.steps[name])]
            open_ += [to for to in reversed(led) if to in draft.steps and to not in order]
    draft.steps = {name: draft.steps[name] for name in order}
