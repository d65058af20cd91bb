"""Sets of numbers: intervals with open or closed ends, apart from each other and in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil, floor, inf, isinf

Number = int | float
Span = tuple[Number, Number, bool, bool]
"""From, to, and whether each end itself is left out."""
Spans = tuple[Span, ...]
MOST = 8
ALL: Spans = ((-inf, inf, True, True),)
NATURAL: Spans = ((0, inf, False, True),)


def point(number: Number) -> Spans:
    """One number alone."""
    return ((number, number, False, False),)


def between(low: Number, high: Number) -> Spans:
    """From one number to another, both included."""
    return ((low, high, isinf(low), isinf(high)),)


REGIONS: dict[str, Callable[[Number], Spans]] = {
    "<": lambda c: ((-inf, c, True, True),),
    "<=": lambda c: ((-inf, c, True, False),),
    ">": lambda c: ((c, inf, True, True),),
    ">=": lambda c: ((c, inf, False, True),),
    "==": lambda c: ((c, c, False, False),),
    "!=": lambda c: ((-inf, c, True, True), (c, inf, True, True)),
}
"""Which numbers stand in this relation to a number."""
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def whole(spans: Spans) -> Spans:
    """The whole numbers of a set."""
    found = []
    for low, high, low_open, high_open in spans:
        first = low if isinf(low) else _whole_from(low, low_open)
        last = high if isinf(high) else _whole_to(high, high_open)
        if first <= last:
            found.append((first, last, isinf(first), isinf(last)))
    return tuple(found)


def _whole_from(low: Number, left_out: bool) -> int:
    number = ceil(low)
    return number + 1 if left_out and number == low else number


def _whole_to(high: Number, left_out: bool) -> int:
    number = floor(high)
    return number - 1 if left_out and number == high else number


def meet(one: Spans, other: Spans) -> Spans:
    """What both hold."""
    return tuple(_meets(one, other))


def _meets(one: Spans, other: Spans) -> Iterator[Span]:
    for a in one:
        for b in other:
            low, low_open = max((a[0], a[2]), (b[0], b[2]))
            high, closed = min((a[1], not a[3]), (b[1], not b[3]))
            if low < high or (low == high and not low_open and closed):
                yield low, high, low_open, not closed


def union(one: Spans, other: Spans, *, integers: bool = False) -> Spans:
    """What either holds; where that has too many parts, what lies between them as well."""
    if one == other or not other:
        return one
    if not one:
        return other
    parts = sorted((*one, *other), key=lambda span: (span[0], span[2]))
    merged = [parts[0]]
    for low, high, low_open, high_open in parts[1:]:
        last = merged[-1]
        touching = low < last[1] or (low == last[1] and not (low_open and last[3]))
        if touching or (integers and low == last[1] + 1):
            end, closed = max((last[1], not last[3]), (high, not high_open))
            merged[-1] = (last[0], end, last[2], not closed)
        else:
            merged.append((low, high, low_open, high_open))
    return tuple(merged) if len(merged) <= MOST else hull(tuple(merged))


def hull(spans: Spans) -> Spans:
    """One interval that holds them all."""
    if len(spans) < 2:
        return spans
    return ((spans[0][0], spans[-1][1], spans[0][2], spans[-1][3]),)


def widened(old: Spans, new: Spans) -> Spans:
    """One interval that holds the new numbers, without an end on each side on which they grow."""
    if old == new or not old:
        return new
    (low, _, low_open, _), (_, high, _, high_open) = new[0], new[-1]
    if low < old[0][0]:
        low, low_open = -inf, True
    if high > old[-1][1]:
        high, high_open = inf, True
    return ((low, high, low_open, high_open),)


def holds(spans: Spans, number: Number) -> bool:
    """Whether a number is in the set."""
    return any(
        (low < number or (low == number and not low_open))
        and (number < high or (number == high and not high_open))
        for low, high, low_open, high_open in spans
    )


def only(spans: Spans) -> Number | None:
    """The number, where it is one."""
    if len(spans) == 1 and spans[0][0] == spans[0][1]:
        return spans[0][0]
    return None
