"""What two documents of a flow differ by: steps, ways, and everything else; also in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field

from core.flows.writing import same

StepChange = Literal["added", "removed", "changed", "moved", "same"]
WayChange = Literal["added", "removed", "changed", "same"]
STEPS, CANVAS, POSITIONS = "steps", "canvas", "positions"
SPOKEN = {
    "config.body": "says something else",
    "config.subject": "has another subject",
    "type": "is another kind of step",
    "comment": "has another comment",
}


class FieldDifference(BaseModel):
    """One value that differs; null where one side has none."""

    path: str
    a: Any = None
    b: Any = None


class StepDifference(BaseModel):
    """One step of either document; ``moved`` is a step that only stands elsewhere on the canvas."""

    id: str
    change: StepChange
    fields: list[FieldDifference]


class WayDifference(BaseModel):
    """One way out of a step, of either document."""

    step: str
    way: str
    change: WayChange
    a_to: str | None
    b_to: str | None


class Differences(BaseModel):
    """What a second document differs by from a first; ``words`` says it line by line."""

    steps: list[StepDifference]
    ways: list[WayDifference]
    more: list[FieldDifference]
    words: list[str] = Field(default_factory=list)


def differences(a: Mapping[str, Any], b: Mapping[str, Any]) -> Differences:
    """What ``b`` differs by from ``a``; both may be half drawn."""
    before, after = _steps(a), _steps(b)
    moved = {
        id
        for id in before.keys() & after.keys()
        if not same(_place(a, before[id]), _place(b, after[id]))
    }
    steps = [_step(id, before.get(id), after.get(id), id in moved) for id in {**after, **before}]
    ways = [one for id in {**after, **before} for one in _ways(id, before.get(id), after.get(id))]
    found = Differences(steps=steps, ways=ways, more=list(_more(a, b)))
    return found.model_copy(update={"words": list(_said(found))})


def keyed(steps: Any) -> dict[str, Any]:
    """Steps by id; a second one of an id, or one without, under a name that no step can have."""
    found: dict[str, Any] = {}
    copies: Counter[str] = Counter()
    for number, step in enumerate(steps if isinstance(steps, list) else ()):
        id = step.get("id") if isinstance(step, dict) else None
        name = id if isinstance(id, str) and id else f"step {number + 1}"
        copies[name] += 1
        found[name if copies[name] == 1 else f"{name} ({copies[name]})"] = step
    return found


def _steps(document: Mapping[str, Any]) -> dict[str, Any]:
    return keyed(document.get(STEPS))


def _place(document: Mapping[str, Any], step: Any) -> Any:
    canvas = document.get(CANVAS)
    places = canvas.get(POSITIONS) if isinstance(canvas, dict) else None
    id = step.get("id") if isinstance(step, dict) else None
    return places.get(id) if isinstance(places, dict) and isinstance(id, str) else None


def _step(id: str, before: Any, after: Any, moved: bool) -> StepDifference:
    if before is None or after is None:
        change: StepChange = "added" if before is None else "removed"
        return StepDifference(id=id, change=change, fields=[])
    fields = list(_fields("", before, after))
    change = "changed" if fields else "moved" if moved else "same"
    return StepDifference(id=id, change=change, fields=fields)


def _fields(path: str, a: Any, b: Any) -> Iterator[FieldDifference]:
    """Every value that differs, with its path."""
    if same(a, b):
        return
    if isinstance(a, dict) and isinstance(b, dict):
        for name in {**a, **b}:
            inner = f"{path}.{name}" if path else str(name)
            if name in a and name in b:
                yield from _fields(inner, a[name], b[name])
            else:
                yield FieldDifference(path=inner, a=a.get(name), b=b.get(name))
    elif _is_rows(a) and _is_rows(b):
        for number in range(max(len(a), len(b))):
            inner = f"{path}[{number}]"
            if number < min(len(a), len(b)):
                yield from _fields(inner, a[number], b[number])
            else:
                one, other = (rows[number] if number < len(rows) else None for rows in (a, b))
                yield FieldDifference(path=inner, a=one, b=other)
    else:
        yield FieldDifference(path=path, a=a, b=b)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def ways_of(step: Any) -> dict[str, str | None]:
    """Where each way out of a step leads, as far as it is written."""
    if not isinstance(step, dict):
        return {}
    names = ("next", "on_reply", "on_timeout")
    found = {name: _target(step[name]) for name in names if step.get(name) is not None}
    config = step.get("config")
    config = config if isinstance(config, dict) else {}
    for number, row in enumerate(_rows(config.get("branches"))):
        found[f"branch:{number}"] = _target(row.get("next"))
    if config.get("else") is not None:
        found["else"] = _target(config["else"])
    for row in _rows(config.get("arms")):
        found[f"arm:{row.get('name')}"] = _target(row.get("next"))
    return found


def _rows(value: Any) -> Iterable[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _target(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _ways(id: str, before: Any, after: Any) -> Iterator[WayDifference]:
    old, new = ways_of(before), ways_of(after)
    for way in {**new, **old}:
        change: WayChange = "same" if old.get(way) == new.get(way) else "changed"
        if way not in old or way not in new:
            change = "added" if way not in old else "removed"
        yield WayDifference(step=id, way=way, change=change, a_to=old.get(way), b_to=new.get(way))


def _more(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[FieldDifference]:
    """Everything beside the steps and their places; which step is the first counts."""
    yield from _fields("", _rest(a), _rest(b))
    first, second = _first(a), _first(b)
    if first != second and a.get("start") == b.get("start"):
        yield FieldDifference(path="start", a=first, b=second)


def _rest(document: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in document.items() if name != STEPS}
    if isinstance(rest.get(CANVAS), dict):
        canvas = {name: value for name, value in rest.pop(CANVAS).items() if name != POSITIONS}
        rest |= {CANVAS: canvas} if any(canvas.values()) else {}
    return rest


def _first(document: Mapping[str, Any]) -> Any:
    return document.get("start") or next(iter(_steps(document)), None)


def _said(found: Differences) -> Iterator[str]:
    """What differs, a line each, in the words of somebody who builds flows."""
    for step in found.steps:
        if step.change in ("added", "removed"):
            yield f"“{step.id}” was {step.change}."
        elif step.change == "moved":
            yield f"“{step.id}” stands elsewhere."
        for one in step.fields:
            if not _is_way(one.path):
                yield f"“{step.id}” {SPOKEN.get(one.path, f'has another {_last(one.path)}')}."
    kept = {step.id for step in found.steps if step.change not in ("added", "removed")}
    for way in found.ways:
        if way.step in kept and way.change != "same":
            yield f"“{way.step}” by {way.way} {_led(way)}."
    for one in found.more:
        yield f"The flow has another {_last(one.path)}."


def _is_way(path: str) -> bool:
    return path.endswith(("next", "on_reply", "on_timeout", "config.else"))


def _last(path: str) -> str:
    return path.removeprefix("config.")


def _led(way: WayDifference) -> str:
    old, new = (f"to “{to}”" if to else "nowhere" for to in (way.a_to, way.b_to))
    if way.change == "removed":
        return f"no longer goes {old}"
    return f"goes {new}" if way.change == "added" else f"goes {new} instead of {old}"
