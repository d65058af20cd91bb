"""Loops that leave by themselves: a step counts, and a condition looks at what it has counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Slot = tuple[dict[str, Any], str]
Steps = dict[str, dict[str, Any]]
COUNTED = re.compile(r"(?:(?:int|double)\((\w+)\)|(\w+)) ([+-]) (\d+(?:\.\d+)?)")
LIMIT = re.compile(
    r"(?:(?:int|double)\((\w+)\)|(\w+)) (<=|>=|==|!=|<|>) -?\d+(?:\.\d+)?",
)
MOST_WORK = 3_000_000
STAYS = {"+": ("<", "<=", "!="), "-": (">", ">=", "!=")}
LEAVES = {"+": (">", ">=", "=="), "-": ("<", "<=", "==")}


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


def led(step: dict[str, Any]) -> list[str]:
    """The steps that one leads to."""
    return [holder[key] for holder, key in slots_of(step)]


def reached(steps: Steps, roots: list[str], but: str = "") -> set[str]:
    """Every step that some lead to, by ways that do not come by one of them."""
    found: set[str] = set()
    open_ = [root for root in roots if root in steps and root != but]
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += [to for to in led(steps[name]) if to in steps and to != but]
    return found


def counters(steps: Steps, start: str | None, variables: dict[str, Any]) -> set[str]:
    """The steps that count, where each loop that holds one is left by what it counts.

    So many are looked at as there is time for; the rest are taken for ordinary steps.
    """
    limits = [(name, one) for name, step in steps.items() if (one := _limit(step)) is not None]
    looks = MOST_WORK // (len(steps) or 1)
    found = set()
    for name, step in steps.items():
        for variable, sign in _counted(step):
            conditions = [one for one, match in limits if variable in match.groups()]
            looks -= len(conditions) + 2
            begun = isinstance(variables.get(variable), int) or _begun(steps, start, name, variable)
            if looks < 0 or not _alone(steps, name, variable):
                continue
            if any(_leaves(steps, name, one, sign, begun) for one in conditions):
                found.add(name)
    return found


def _limit(step: dict[str, Any]) -> re.Match[str] | None:
    """The one comparison of a condition with a number."""
    rows = step["config"].get("branches") if step["type"] == "condition" else None
    return LIMIT.fullmatch(str(rows[0].get("when"))) if rows and len(rows) == 1 else None


def _begun(steps: Steps, start: str | None, name: str, variable: str) -> bool:
    """Whether each way to a counting step first gives its variable a number."""
    for one, step in steps.items():
        values = step["config"].get("values") if step["type"] == "set" else None
        first = values.get(variable) if isinstance(values, dict) else None
        if isinstance(first, (int, float)) and start is not None:
            return one != name and name not in reached(steps, [start], but=one)
    return False


def _counted(step: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The variables that a step counts up or down."""
    values = step["config"].get("values") if step["type"] == "set" else None
    for name, value in values.items() if isinstance(values, dict) else ():
        match = COUNTED.fullmatch(value) if isinstance(value, str) else None
        if match and (match[1] or match[2]) == name and float(match[4]) > 0:
            yield name, match[3]


def _alone(steps: Steps, name: str, variable: str) -> bool:
    """Whether nothing else in the loops of a step sets what it counts."""
    loops = reached(steps, led(steps[name])) & reaching(steps, name) - {name}
    return not any(variable in steps[one]["config"].get("values", ()) for one in loops)


def _leaves(steps: Steps, name: str, condition: str, sign: str, begun: bool) -> bool:
    """Whether a condition is part of each loop of a counting step, and leaves it in the end."""
    if name in reached(steps, led(steps[name]), but=condition):
        return False
    config, match = steps[condition]["config"], _limit(steps[condition])
    back = reaching(steps, name)
    goes, stays = config["branches"][0].get("next") in back, config.get("else") in back
    if match is None or condition not in back or goes == stays:
        return False
    return match[3] in STAYS[sign] if goes else begun and match[3] in LEAVES[sign]


def reaching(steps: Steps, goal: str) -> set[str]:
    """Every step that leads to one, and itself."""
    before: dict[str, list[str]] = {}
    for name, step in steps.items():
        for to in led(step):
            before.setdefault(to, []).append(name)
    found, open_ = {goal}, [goal]
    while open_:
        for name in before.get(open_.pop(), ()):
            if name not in found:
                found.add(name)
                open_.append(name)
    return found


def way_out(steps: Steps, loop: list[str]) -> str | None:
    """Where a loop leads besides round again; None where it leads nowhere."""
    back = reaching(steps, loop[0])
    outs = (to for name in reversed(loop) for to in led(steps[name]))
    return next((to for to in outs if to in steps and to not in back), None)
