"""Which item of a list was which before: by its id, by what it holds, by where it stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

NAMES = ("id", "name", "when")


def matched(old: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """For each new item the number of the old one that it was, None where it is new."""
    match = _Match(old, new)
    for name in NAMES:
        match.by(partial(_name, name))
    match.by(_canonical)
    match.by(_body)
    match.by_place()
    return match.found


class _Match:
    def __init__(self, old: Sequence[Any], new: Sequence[Any]) -> None:
        self.old, self.new = old, new
        self.found: list[int | None] = [None] * len(new)
        self.free = dict.fromkeys(range(len(old)))

    def by(self, sign: Callable[[Any], str | None]) -> None:
        """Match what has the same sign, the first with the first."""
        wanting = [number for number, was in enumerate(self.found) if was is None]
        if not wanting or not self.free:
            return
        places: dict[str, list[int]] = {}
        for number in self.free:
            mark = sign(self.old[number])
            if mark is not None:
                places.setdefault(mark, []).append(number)
        for queue in places.values():
            queue.reverse()
        for number in wanting:
            mark = sign(self.new[number])
            if mark is not None and places.get(mark):
                self._take(number, places[mark].pop())

    def by_place(self) -> None:
        """Match what is left where it stands behind the same neighbour."""
        before = -1
        for number, was in enumerate(self.found):
            here = before + 1 if was is None else was
            if was is None and here in self.free and _alike(self.old[here], self.new[number]):
                self._take(number, here)
                before = here
            elif was is not None:
                before = was

    def _take(self, number: int, was: int) -> None:
        self.found[number] = was
        del self.free[was]


def _name(name: str, value: Any) -> str | None:
    found = value.get(name) if isinstance(value, dict) else None
    return f"{name}={found}" if isinstance(found, str) else None


def _body(value: Any) -> str | None:
    """What a step says and does, whatever it is called and wherever it leads."""
    if not isinstance(value, dict) or not value.get("config"):
        return None
    return _canonical([value.get("type"), value["config"]])


def _alike(old: Any, new: Any) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        return bool(old.get("type") == new.get("type"))
    return isinstance(old, (dict, list)) == isinstance(new, (dict, list))


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
