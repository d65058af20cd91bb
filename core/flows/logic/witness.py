"""Witnesses: examples of what people can be like, tried on the real conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, isinf
from random import Random
from typing import Any

from core.flows.conditions import Condition, Expression
from core.flows.logic.reasoning import State
from core.flows.logic.sources import Fact
from core.flows.logic.spans import Number, Spans, holds
from core.flows.logic.syntax import Literal, Node, Reading, reads_of, walk
from core.flows.logic.values import MISSING, Lists, Texts, Value

FRESH = "something else"
MOST_NUMBERS = 16
MOST_TEXTS = 24
LINKS = 2
"""How far from a name facts may be: those about what it is made of, and what that is made of."""
Context = dict[str, Any]
Tree = dict[str, Any]
"""Names, and the fields that are read of each."""
condition = lru_cache(maxsize=4096)(Condition.compile)
expression = lru_cache(maxsize=1024)(Expression.compile)


@dataclass(frozen=True, slots=True)
class Constants:
    """The numbers and texts that some conditions are written with: where they may turn."""

    numbers: tuple[Number, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, nodes: Iterable[Node]) -> Constants:
        """Those of some expressions."""
        found = [part.value for node in nodes for part in walk(node) if isinstance(part, Literal)]
        numbers = [value for value in found if type(value) in (int, float)]
        texts = [value for value in found if isinstance(value, str)]
        return cls(tuple(dict.fromkeys(numbers)), tuple(dict.fromkeys(texts)))  # type: ignore[arg-type]


def tree_of(paths: Iterable[Reading]) -> Tree:
    """What is read, by name and field."""
    tree: Tree = {}
    for path in paths:
        at = tree
        for name in path:
            at = at.setdefault(name, {})
    return tree


def examples(
    names: State, tree: Tree, facts: Iterable[Fact], constants: Constants, count: int
) -> Iterator[Context]:
    """Some of what the names can be at once, the plainest first; always the same ones."""
    in_order = _in_order(facts)
    plainest = {name: _plainest(names.get(name), inner, constants) for name, inner in tree.items()}
    context = _without_missing(plainest)
    if _settled(context, names, in_order):
        yield context
    choices = {name: _choices(names.get(name), inner, constants) for name, inner in tree.items()}
    for number in range(1, count):
        random = Random(number)
        context = _without_missing({name: _pick(one, random) for name, one in choices.items()})
        if _settled(context, names, in_order):
            yield context


def _without_missing(values: Context) -> Context:
    return {name: value for name, value in values.items() if value is not MISSING}


def holds_in(source: str, context: Mapping[str, Any]) -> bool:
    """Whether a condition holds for somebody."""
    return condition(source).evaluate(context)[0]


def _in_order(facts: Iterable[Fact]) -> list[Fact]:
    """The facts in an order in which each variable is worked out before it is read."""
    left = list(facts)
    done: list[Fact] = []
    while left:
        names = {fact.name for fact in left if fact.name}
        ready = [f for f in left if not names & {path[0] for path in reads_of(f.node)}] or left
        done += ready
        left = [fact for fact in left if fact not in ready]
    return done


def _settled(context: Context, names: State, facts: list[Fact]) -> bool:
    """Work out what follows from the rest; whether all of it can be together."""
    for fact in facts:
        if fact.name is None:
            if holds_in(fact.source, context) != fact.truth:
                return False
            continue
        context[fact.name] = expression(fact.source).evaluate(context)[0]
        if not names.get(fact.name).admits(context[fact.name]):
            return False
    return True


@dataclass(frozen=True, slots=True)
class _Fields:
    """A mapping to be made of what its fields can be."""

    options: dict[str, list[Any]]


def _plainest(value: Value, tree: Tree, constants: Constants) -> Any:
    if value.fields is None:
        return next(_options(value, tree, constants), MISSING)
    fields = value.fields
    return _without_missing(
        {name: _plainest(fields.get(name), inner, constants) for name, inner in tree.items()}
    )


def _pick(options: list[Any], random: Random) -> Any:
    chosen = options[int(random.random() * len(options))] if options else MISSING
    if not isinstance(chosen, _Fields):
        return chosen
    return _without_missing({name: _pick(inner, random) for name, inner in chosen.options.items()})


def _choices(value: Value, tree: Tree, constants: Constants) -> list[Any]:
    return list(_options(value, tree, constants))


def _options(value: Value, tree: Tree, constants: Constants) -> Iterator[Any]:
    """What a value can be, a few of each kind."""
    if value.fields is not None:
        fields = value.fields
        yield _Fields(
            {name: _choices(fields.get(name), inner, constants) for name, inner in tree.items()}
        )
    if value.texts is not None:
        yield from _texts(value.texts, constants.texts)
    if value.ints:
        yield from _whole(value.ints, constants.numbers)
    if value.doubles:
        yield from _fractions(value.doubles, constants.numbers)
    if value.lists is not None:
        yield from _lists(value.lists, constants.texts)
    yield from sorted(value.bools, reverse=True)
    if value.null:
        yield None
    if value.absent:
        yield MISSING


def _texts(texts: Texts, constants: tuple[str, ...]) -> Iterator[str]:
    if not texts.others:
        yield from sorted(texts.named)[:MOST_TEXTS]
        return
    joined = ["".join(constants)] if 1 < len(constants) < 5 else []
    candidates = [FRESH, *constants, *(f"{word}!" for word in constants), *joined, "", "~"]
    yield from (word for word in candidates[:MOST_TEXTS] if texts.holds(word))


def _whole(spans: Spans, constants: tuple[Number, ...]) -> Iterator[int]:
    candidates: list[Number] = []
    for low, high, _, _ in spans:
        candidates += [end for end in (low, high) if not isinf(end)] or [0]
    for constant in constants:
        candidates += [floor(constant), floor(constant) + 1, ceil(constant) - 1]
    whole = dict.fromkeys(int(one) for one in candidates if holds(spans, one))
    yield from list(whole)[:MOST_NUMBERS]


def _fractions(spans: Spans, constants: tuple[Number, ...]) -> Iterator[float]:
    candidates: list[Number] = []
    for low, high, _, _ in spans:
        if isinf(low) or isinf(high):
            candidates += [0.5 if isinf(high) else high - 0.5] if isinf(low) else [low + 0.5]
        else:
            candidates.append((low + high) / 2)
        candidates += [end for end in (low, high) if not isinf(end)]
    for constant in constants:
        candidates += [constant, constant + 0.5, constant - 0.5]
    found = dict.fromkeys(float(one) for one in candidates if holds(spans, one))
    yield from list(found)[:MOST_NUMBERS]


def _lists(lists: Lists, constants: tuple[str, ...]) -> Iterator[list[Any]]:
    if lists.exactly is not None:
        yield list(lists.exactly)
        return
    known = sorted(lists.has)
    yield known
    more = [word for word in (*constants, FRESH) if word not in lists.has | lists.lacks]
    yield [*known, *more]
    yield from ([*known, word] for word in more[:MOST_TEXTS])


def relevant(facts: Iterable[Fact], paths: Iterable[Reading]) -> tuple[list[Fact], set[Reading]]:
    """The facts that bear on some names, and every name that then matters."""
    names = set(paths)
    left = list(facts)
    chosen: list[Fact] = []
    for _ in range(LINKS):
        touching = [fact for fact in left if _touches(fact, names)]
        chosen += touching
        left = [fact for fact in left if fact not in touching]
        names.update(path for fact in touching for path in fact.reads)
    return sorted(chosen, key=lambda fact: (fact.name or "", fact.source)), names


def _touches(fact: Fact, names: set[Reading]) -> bool:
    return any(
        one[: len(other)] == other or other[: len(one)] == one
        for one in fact.reads
        for other in names
    )
