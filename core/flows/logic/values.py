"""What a name can be: kinds, and for each kind which values.

A `Value` never leaves out anything that can be; it may hold more. ``absent`` stands for a name or
field that is not there and, for the value of an expression, for one that raises: neither has a
value, and both make whatever reads them raise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, cast

from core.flows.logic.spans import ALL, NATURAL, Spans, between, holds, point, union, widened

MOST_TEXTS = 64
MOST_FIELDS = 400
MOST_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Texts:
    """Some texts: those named, or (``others``) all but those named."""

    named: frozenset[str]
    others: bool = False

    def meet(self, other: Texts) -> Texts | None:
        """What both hold; None where that is nothing."""
        if self.others and other.others:
            return Texts(self.named | other.named, True)
        if self.others or other.others:
            some, rest = (other, self) if self.others else (self, other)
            kept = some.named - rest.named
        else:
            kept = self.named & other.named
        return Texts(kept) if kept else None

    def join(self, other: Texts) -> Texts:
        """What either holds."""
        if self == other:
            return self
        if self.others and other.others:
            return Texts(self.named & other.named, True)
        if self.others or other.others:
            some, rest = (other, self) if self.others else (self, other)
            return Texts(rest.named - some.named, True)
        named = self.named | other.named
        return Texts(named) if len(named) <= MOST_TEXTS else ANY_TEXT

    def without(self, texts: frozenset[str]) -> Texts | None:
        """What is left where these are taken out."""
        return self.meet(Texts(texts, True))

    def holds(self, text: str) -> bool:
        """Whether a text is one of them."""
        return (text in self.named) != self.others


ANY_TEXT = Texts(frozenset(), True)


@dataclass(frozen=True, slots=True)
class Lists:
    """Some lists: this one, or those that hold and lack certain texts."""

    exactly: tuple[Any, ...] | None = None
    has: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()

    def join(self, other: Lists) -> Lists:
        """What either holds."""
        if self == other:
            return self
        one, two = self.loose(other), other.loose(self)
        return Lists(None, one.has & two.has, one.lacks & two.lacks)

    def loose(self, other: Lists) -> Lists:
        """What is known of the texts that either names."""
        if self.exactly is None:
            return self
        texts = frozenset(item for item in self.exactly if isinstance(item, str))
        named = other.has | other.lacks | texts
        if other.exactly is not None:
            named |= {item for item in other.exactly if isinstance(item, str)}
        return Lists(None, texts, named - texts)

    def admits(self, given: Iterable[Any]) -> bool:
        """Whether it can be this list."""
        items = list(given)
        if self.exactly is not None:
            return items == list(self.exactly)
        return all(text in items for text in self.has) and not self.lacks.intersection(
            item for item in items if isinstance(item, str)
        )

    def holding(self, text: str, there: bool) -> Lists | None:
        """Those that hold (or lack) a text; None where there are none."""
        if self.exactly is not None:
            return self if (text in self.exactly) == there else None
        if text in (self.lacks if there else self.has):
            return None
        if there:
            return Lists(None, self.has | {text}, self.lacks)
        return Lists(None, self.has, self.lacks | {text})


ANY_LIST = Lists()
KINDS = ("absent", "null", "bools", "ints", "doubles", "texts", "lists", "fields")
MISSING = object()
"""What stands in the place of a value that is not there."""


@dataclass(frozen=True, slots=True)
class Value:
    """What can be: each kind that is possible, with its values."""

    absent: bool = False
    null: bool = False
    bools: frozenset[bool] = frozenset()
    ints: Spans = ()
    doubles: Spans = ()
    texts: Texts | None = None
    lists: Lists | None = None
    fields: Fields | None = None
    _hash: int | None = field(default=None, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        if self._hash is None:
            object.__setattr__(self, "_hash", hash(self.parts))
        return cast(int, self._hash)

    @property
    def parts(self) -> tuple[Any, ...]:
        """What it can be, kind by kind."""
        return (
            self.absent,
            self.null,
            self.bools,
            self.ints,
            self.doubles,
            self.texts,
            self.lists,
            self.fields,
        )

    @property
    def there(self) -> Value:
        """The same, where it is not absent."""
        return Value(False, *self.parts[1:]) if self.absent else self

    @property
    def or_absent(self) -> Value:
        """The same, or absent."""
        return self if self.absent else Value(True, *self.parts[1:])

    def but(self, **parts: Any) -> Value:
        """The same with other values of some kinds."""
        return Value(**{**dict(zip(KINDS, self.parts, strict=True)), **parts})

    @property
    def is_mapping(self) -> bool:
        """Whether it is a mapping and nothing else."""
        return self.fields is not None and not (
            self.absent
            or self.null
            or self.bools
            or self.ints
            or self.doubles
            or self.texts
            or self.lists
        )

    @property
    def some(self) -> bool:
        """Whether it can be there."""
        return bool(
            self.ints
            or self.texts
            or self.null
            or self.doubles
            or self.bools
            or self.lists
            or self.fields
        )

    def admits(self, given: Any) -> bool:
        """Whether it can be this value, or `MISSING`."""
        if given is MISSING:
            return self.absent
        if given is None:
            return self.null
        if isinstance(given, bool):
            return given in self.bools
        if isinstance(given, (int, float)):
            return holds(self.ints if isinstance(given, int) else self.doubles, given)
        if isinstance(given, str):
            return self.texts is not None and self.texts.holds(given)
        if isinstance(given, Mapping):
            return self.fields is not None and self.fields.admits(given)
        return self.lists is not None and self.lists.admits(given)

    def join(self, other: Value) -> Value:
        """What either can be; itself where the other adds nothing."""
        if self is other:
            return self
        joined = (
            self.absent or other.absent,
            self.null or other.null,
            self.bools if self.bools >= other.bools else self.bools | other.bools,
            union(self.ints, other.ints, integers=True),
            union(self.doubles, other.doubles),
            _either(self.texts, other.texts),
            _either(self.lists, other.lists),
            _either(self.fields, other.fields),
        )
        return self if joined == self.parts else Value(*joined)

    def widen(self, new: Value) -> Value:
        """What either can be, where it may go on growing without end."""
        joined = self.join(new)
        if joined is self:
            return self
        texts = joined.texts
        if self.texts and texts and texts != self.texts and not texts.others:
            texts = ANY_TEXT if len(texts.named) > MOST_TEXTS // 4 else texts
        fields = joined.fields
        if self.fields and fields:
            fields = self.fields.widen(fields)
        return joined.but(
            ints=widened(self.ints, joined.ints),
            doubles=widened(self.doubles, joined.doubles),
            texts=texts,
            fields=fields,
        )


def _either(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return one if one is other else one.join(other)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a mapping: those named; any other is absent or, where it is open, anything."""

    named: Mapping[str, Value]
    open: bool = False
    _hash: int | None = field(default=None, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        if self._hash is None:
            object.__setattr__(self, "_hash", hash((frozenset(self.named.items()), self.open)))
        return cast(int, self._hash)

    def get(self, name: str) -> Value:
        """What a field can be."""
        found = self.named.get(name)
        return found if found is not None else UNKNOWN if self.open else ABSENT

    def admits(self, given: Mapping[str, Any]) -> bool:
        """Whether it can be this mapping, as far as its fields are named."""
        return all(
            self.get(name).admits(given.get(name, MISSING)) for name in {*self.named, *given}
        )

    def having(self, values: Mapping[str, Value]) -> Fields:
        """The same with other values for some fields."""
        return Fields({**self.named, **values}, self.open)

    def join(self, other: Fields) -> Fields:
        """What either can be."""
        return self._grown(other, Value.join)

    def widen(self, new: Fields) -> Fields:
        """What either can be, where it may go on growing without end."""
        return self._grown(new, Value.widen)

    def _grown(self, other: Fields, grow: Callable[[Value, Value], Value]) -> Fields:
        if self is other:
            return self
        mine, theirs = self.named, other.named
        grown: dict[str, Value] = {}
        every = theirs if theirs.keys() >= mine.keys() else {**dict.fromkeys(mine), **theirs}
        for name, two in every.items():
            one = mine.get(name)
            if one is not two:
                both = grow(one or self.get(name), two or other.get(name))
                if both is not one:
                    grown[name] = both
        if not grown and self.open >= other.open:
            return self
        return Fields({**mine, **grown}, self.open or other.open)

    def read(self, names: tuple[str, ...]) -> Value:
        """What a name, or a field of one, can be."""
        value = self.get(names[0])
        for name in names[1:]:
            if value.fields is None:
                return ABSENT
            inner = value.fields.get(name)
            if not inner.absent and not value.is_mapping:
                inner = inner.or_absent
            value = inner
        return value


NOTHING = Value()
ABSENT = Value(absent=True)
NULL = Value(null=True)
BOOL = Value(bools=frozenset((True, False)))
TEXT = Value(texts=ANY_TEXT)
NUMBER = Value(ints=ALL, doubles=ALL)
COUNT = Value(ints=NATURAL)
LIST = Value(lists=ANY_LIST)
OPEN = Value(fields=Fields({}, open=True))
UNKNOWN = Value(True, True, BOOL.bools, ALL, ALL, ANY_TEXT, ANY_LIST, OPEN.fields)
ANYTHING = UNKNOWN.there


def one_of(texts: Iterable[str]) -> Value:
    """One of some texts."""
    return Value(texts=Texts(frozenset(texts)))


def numbers(low: float, high: float) -> Value:
    """A number of either kind within bounds."""
    return Value(ints=between(low, high), doubles=between(low, high))


def constant(value: Any, depth: int = MOST_DEPTH) -> Value:
    """Exactly this value, as JSON has it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return Value(bools=frozenset((value,)))
    if isinstance(value, int):
        return Value(ints=point(value))
    if isinstance(value, float):
        return Value(doubles=point(value)) if isfinite(value) else Value(doubles=ALL)
    if isinstance(value, str):
        return Value(texts=Texts(frozenset((value,))))
    if isinstance(value, (list, tuple)):
        plain = all(isinstance(item, (str, int, float, bool, type(None))) for item in value)
        return Value(lists=Lists(tuple(value)) if plain and len(value) <= MOST_TEXTS else ANY_LIST)
    if isinstance(value, Mapping) and depth > 0 and len(value) <= MOST_FIELDS:
        return Value(fields=Fields({str(k): constant(v, depth - 1) for k, v in value.items()}))
    return ANYTHING if not isinstance(value, Mapping) else OPEN


def like(sample: Any, depth: int = MOST_DEPTH) -> Value:
    """Anything of the kind of a sample; of a mapping, its fields and maybe others."""
    if sample is None:
        return ANYTHING
    if isinstance(sample, bool):
        return BOOL
    if isinstance(sample, (int, float)):
        return NUMBER
    if isinstance(sample, str):
        return TEXT
    if isinstance(sample, Mapping) and depth > 0 and len(sample) <= MOST_FIELDS:
        return Value(fields=Fields({str(k): like(v, depth - 1) for k, v in sample.items()}, True))
    return LIST if isinstance(sample, (list, tuple)) else OPEN
