"""Where a flow never ends: cycles that nothing leaves, and the steps that only lead to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


def stuck_steps(ways: Mapping[str, Iterable[str]], ends: Iterable[str]) -> list[str]:
    """The steps from which no end can be reached.

    Args:
        ways: Where each step leads.
        ends: The steps at which a contact can stop.
    """
    before: dict[str, list[str]] = {}
    for step, targets in ways.items():
        for to in targets:
            before.setdefault(to, []).append(step)
    open_ = list(ends)
    saved = set(open_)
    while open_:
        for step in before.get(open_.pop(), ()):
            if step not in saved:
                saved.add(step)
                open_.append(step)
    return [step for step in ways if step not in saved]


def cycles(ways: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The strongly connected parts that no way leaves (Tarjan, without recursion).

    Args:
        ways: Where each step leads; every step leads somewhere, and only to steps of this mapping.
    """
    found: list[list[str]] = []
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    part: dict[str, int] = {}
    stack: list[str] = []
    for root in ways:
        if root in number:
            continue
        path: list[tuple[str, Iterator[str]]] = [(root, iter(ways[root]))]
        number[root] = low[root] = len(number)
        stack.append(root)
        while path:
            step, rest = path[-1]
            for to in rest:
                if to not in number:
                    number[to] = low[to] = len(number)
                    stack.append(to)
                    path.append((to, iter(ways[to])))
                    break
                if to not in part:
                    low[step] = min(low[step], number[to])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[step])
                if low[step] == number[step]:
                    at = stack.index(step)
                    part.update(dict.fromkeys(stack[at:], len(found)))
                    found.append(stack[at:])
                    del stack[at:]
    return [
        steps
        for one, steps in enumerate(found)
        if all(part[to] == one for step in steps for to in ways[step])
    ]
