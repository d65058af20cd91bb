"""Loops that nothing in a rehearsal would leave get a number of turns."""

from __future__ import annotations

from typing import Any

from core.flows.foreign.counting import counters, slots_of, way_out
from core.flows.foreign.drafting import CARD_HEIGHT, Draft

TURNS = 3
WAITING = ("wait_for_reply", "check_in", "assessment")
Slot = tuple[dict[str, Any], str]


def guard_loops(draft: Draft) -> None:
    """Let each loop in which nobody answers and nothing counts end after some turns, and say so."""
    counting = counters(draft.steps, draft.start, draft.variables)
    for _ in range(len(draft.steps) + 1):
        found = _back(draft, counting)
        if found is None:
            return
        _guard(draft, *found)


def _leaves_by_itself(step: dict[str, Any]) -> bool:
    """Whether people decide here, or a counter does."""
    if step["type"] in WAITING:
        return True
    values = step["config"].get("values") if step["type"] == "set" else None
    return isinstance(values, dict) and any(
        value == f"{name} + 1" and name.endswith("_turn") for name, value in values.items()
    )


def _back(draft: Draft, counting: set[str]) -> tuple[str, Slot, list[str]] | None:
    """An edge that closes a loop in which nobody decides, and the steps of the loop."""

    def leaves(name: str) -> bool:
        return name in counting or _leaves_by_itself(draft.steps[name])

    state: dict[str, int] = {}
    for root in draft.steps:
        if root in state or leaves(root):
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
            if to not in draft.steps or leaves(to):
                continue
            if state.get(to) == 1:
                names = [one for one, _ in path]
                return name, slot, names[names.index(to) :]
            if to not in state:
                state[to] = 1
                path.append((to, slots_of(draft.steps[to])))
    return None


def _guard(draft: Draft, name: str, slot: Slot, loop: list[str]) -> None:
    holder, key = slot
    to = holder[key]
    count = draft.free_id(f"again_{to}")
    turn, most = f"{count}_turn", f"{count}_turns"
    draft.variables[turn], draft.variables[most] = 0, TURNS
    row = next(one for one in draft.rows if name in one.steps)
    x, y = draft.positions.get(name, (0.0, 0.0))
    more = draft.free_id(f"{count}_more")
    first = draft.add(row, count, "set", {"values": {turn: f"{turn} + 1"}}, (x, y + CARD_HEIGHT))
    config: dict[str, Any] = {"branches": [{"when": f"{turn} <= {most}", "next": to}]}
    out = way_out(draft.steps, loop)
    if out is not None:
        config["else"] = out
    draft.add(row, more, "condition", config, (x, y + 2 * CARD_HEIGHT))
    first["next"] = more
    holder[key] = count
    where = f", and goes on at “{out}”" if out is not None else ""
    row.lose(
        f"It leads back to “{to}”. Nothing that is sure to end this loop happens in a rehearsal, "
        f"so it is left after {TURNS} turns{where}; the variable {most} says how many."
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
