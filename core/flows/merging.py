"""Two people changed one flow: what both did, put together by step and key.

Where only one of them changed something, that is taken. Where both changed the same thing
differently, it is a conflict: mine is taken, and both are told. A step that one took away and the
other edited is a conflict too, and stays as it was edited, so that nobody's work is lost.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel, Field

from core.flows.writing import same

GONE: Any = object()
"""Stands where a side has nothing."""


class MergeConflict(BaseModel):
    """One thing that both changed; ``path`` is within the step, where it is about one."""

    path: str = Field(description="Empty where it is about a step as a whole.")
    step_id: str | None = None
    mine: Any = Field(description="Null where I took it away.")
    theirs: Any = Field(description="Null where they took it away.")


class Merged(NamedTuple):
    """A document that holds both changes, and where they did not go together."""

    document: dict[str, Any]
    conflicts: list[MergeConflict]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """My changes and theirs, both made to ``base``."""
    merging = _Merging()
    document = merging.value("", dict(base), dict(mine), dict(theirs))
    return Merged(document, merging.conflicts)


class _Merging:
    def __init__(self) -> None:
        self.conflicts: list[MergeConflict] = []
        self._step: str | None = None

    def value(self, path: str, base: Any, mine: Any, theirs: Any) -> Any:
        """One value, from three."""
        if same(mine, theirs) or same(base, theirs):
            return mine
        if same(base, mine):
            return theirs
        if isinstance(mine, dict) and isinstance(theirs, dict):
            return self._mapping(path, base if isinstance(base, dict) else {}, mine, theirs)
        if isinstance(mine, list) and isinstance(theirs, list):
            return self._list(path, base if isinstance(base, list) else [], mine, theirs)
        return self._conflict(path, mine, theirs)

    def _conflict(self, path: str, mine: Any, theirs: Any) -> Any:
        sides = {"mine": mine, "theirs": theirs}
        told = {name: None if value is GONE else value for name, value in sides.items()}
        self.conflicts.append(MergeConflict(path=path, step_id=self._step, **told))
        return mine

    def _mapping(
        self, path: str, base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in _order(list(base), list(mine), list(theirs)):
            inner = f"{path}.{name}" if path else name
            sides = (side.get(name, GONE) for side in (base, mine, theirs))
            value = self.value(inner, *sides)
            if value is not GONE:
                found[name] = value
        return found

    def _list(self, path: str, base: list[Any], mine: list[Any], theirs: list[Any]) -> Any:
        if path == "steps" and self._step is None:
            return self._steps(base, mine, theirs)
        sides = [_named(side) for side in (base, mine, theirs)]
        if None not in sides:
            return list(self._mapping(path, *sides).values())  # type: ignore[arg-type]
        rows = all(isinstance(one, dict) for side in (base, mine, theirs) for one in side)
        if rows and len(base) == len(mine) == len(theirs):
            return [
                self.value(f"{path}[{number}]", *three)
                for number, three in enumerate(zip(base, mine, theirs, strict=True))
            ]
        return self._conflict(path, mine, theirs)

    def _steps(self, base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
        sides = [_marked(side) for side in (base, mine, theirs)]
        found = []
        for mark in _order(*(list(side) for side in sides)):
            three = [side.get(mark, GONE) for side in sides]
            self._step = mark[0]
            kept = self._one_step(*three)
            if kept is not GONE:
                found.append(kept)
        self._step = None
        return found

    def _one_step(self, base: Any, mine: Any, theirs: Any) -> Any:
        kept = self.value("", base, mine, theirs)
        return theirs if kept is GONE and not same(base, theirs) else kept


def _named(rows: list[Any]) -> dict[str, Any] | None:
    """Rows by their id or name; None where they have none, or one twice."""
    for name in ("id", "name"):
        found = {
            one[name]: one
            for one in rows
            if isinstance(one, dict) and isinstance(one.get(name), str)
        }
        if len(found) == len(rows):
            return found
    return None


def _marked(steps: list[Any]) -> dict[tuple[str | None, str, int], Any]:
    """Steps by id; one without is known by what it holds. The last part counts its like."""
    found: dict[tuple[str | None, str, int], Any] = {}
    copies: Counter[tuple[str | None, str]] = Counter()
    for step in steps:
        id = step.get("id") if isinstance(step, dict) else None
        mark = (id, "") if isinstance(id, str) else (None, json.dumps(step, sort_keys=True))
        copies[mark] += 1
        found[(*mark, copies[mark])] = step
    return found


def _order(base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    """Everything that any side has, in my order, or in theirs where only they changed it."""
    common = set(base).intersection(mine, theirs)
    moved = [one for one in mine if one in common] != [one for one in base if one in common]
    first, second = (mine, theirs) if moved else (theirs, mine)
    found = list(first)
    for others in (second, base):
        found = _woven(found, others)
    return found


def _woven(found: list[Any], others: Sequence[Any]) -> list[Any]:
    """Each of the others behind the one that it stood behind."""
    known = set(found)
    behind: dict[Any, list[Any]] = {}
    anchor: Any = GONE
    for one in others:
        if one in known:
            anchor = one
        else:
            behind.setdefault(anchor, []).append(one)
    woven = behind.get(GONE, [])
    for one in found:
        woven += [one, *behind.get(one, ())]
    return woven
