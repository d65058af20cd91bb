"""What is known, in words: what a name can be, a way through a flow, a place among branches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isinf

from core.flows.logic.spans import Spans, only
from core.flows.logic.syntax import Reading
from core.flows.logic.values import Lists, Texts, Value

NUMBERS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
).split()
MOST_NAMED = 4
MOST_STEPS = 8


def nth(number: int) -> str:
    """A place as people count: ``second`` for 1."""
    if number < len(NUMBERS):
        return NUMBERS[number]
    place = number + 1
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{place}{'th' if 10 < place % 100 < 14 else endings.get(place % 10, 'th')}"


def way(path: Sequence[str]) -> str:
    """A way through a flow: ``start → nudge → sort``."""
    steps = list(path)
    if len(steps) > MOST_STEPS:
        steps = [*steps[:3], "…", *steps[3 - MOST_STEPS :]]
    return " → ".join(steps)


def name_of(path: Reading) -> str:
    """A name as a person says it: an answer or a contact's field by its own name."""
    return path[-1] if path[0] in ("answers", "contact") and len(path) > 1 else ".".join(path)


def described(values: Iterable[tuple[Reading, Value]]) -> str:
    """What some names can be: ``energy is a number from 1 to 10 or unanswered``."""
    return "; ".join(f"{name_of(path)} is {_spoken(path, value)}" for path, value in values)


def _spoken(path: Reading, value: Value) -> str:
    kinds = [
        *_numbers(value),
        *_texts(value.texts),
        *_lists(value.lists),
        *(["a group of values"] if value.fields else []),
        *_truth(value.bools),
    ]
    if value.null:
        kinds.append("unanswered" if path[0] == "answers" else "empty")
    if value.absent:
        kinds.append("not there")
    if len(kinds) > 5 or not kinds:
        return "anything" if kinds else "never anything here"
    return f"{', '.join(kinds[:-1])} or {kinds[-1]}" if len(kinds) > 1 else kinds[0]


def _numbers(value: Value) -> Iterable[str]:
    word = "a number" if value.doubles else "a whole number"
    spans = value.doubles or value.ints
    if not spans:
        return []
    fixed = [only((span,)) for span in (*value.ints, *value.doubles)]
    if None not in fixed and len(fixed) <= MOST_NAMED:
        return [f"{number:g}" for number in sorted({one for one in fixed if one is not None})]
    return [f"{word}{_range(spans if not value.ints else _outer(value))}"]


def _outer(value: Value) -> Spans:
    spans = [span for span in (value.ints, value.doubles) if span]
    low = min((one[0][0], one[0][2]) for one in spans)
    high = max((one[-1][1], not one[-1][3]) for one in spans)
    return ((low[0], high[0], low[1], not high[1]),)


def _range(spans: Spans) -> str:
    low, high = spans[0][0], spans[-1][1]
    after, before = spans[0][2], spans[-1][3]
    if isinf(low) and isinf(high):
        return ""
    if isinf(high):
        return f" above {low:g}" if after else f", {low:g} or more"
    if isinf(low):
        return f" below {high:g}" if before else f", {high:g} or less"
    if after or before:
        return (
            f" above {low:g} and {'below' if before else 'at most'} {high:g}"
            if after
            else (f" from {low:g}, below {high:g}")
        )
    return f" from {low:g} to {high:g}"


def _texts(texts: Texts | None) -> Iterable[str]:
    if texts is None:
        return []
    named = sorted(texts.named)
    if not texts.others:
        shown = [f"“{text[:40]}”" for text in named[:MOST_NAMED]]
        return [*shown, f"one of {len(named) - MOST_NAMED} more"] if named[MOST_NAMED:] else shown
    if 0 < len(named) <= MOST_NAMED:
        return [f"a text other than {', '.join(f'“{text[:40]}”' for text in named)}"]
    return ["a text"]


def _lists(lists: Lists | None) -> Iterable[str]:
    if lists is None:
        return []
    if lists.exactly is not None and len(lists.exactly) <= MOST_NAMED:
        return [f"the list {', '.join(str(item)[:40] for item in lists.exactly)}"]
    has = f" with “{min(lists.has)[:40]}”" if lists.has else ""
    lacks = f" without “{min(lists.lacks)[:40]}”" if lists.lacks and not has else ""
    return [f"a list{has}{lacks}"]


def _truth(bools: frozenset[bool]) -> Iterable[str]:
    if len(bools) == 2:
        return ["true or false"]
    return [str(one).lower() for one in bools]
