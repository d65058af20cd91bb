"""The search for people who take a way: along paths, the nearest to what is still open first.

What was looked at before is not looked at again: two paths that stand at one step, carry the same
as far as anything behind it reads, and ask the same of what is carried, go on in the same ways. So
a search that comes to its end has seen everything, and a way that it never met is one that nobody
takes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import heappop, heappush
from time import perf_counter
from typing import Any

from pydantic import ValidationError

from core.flows.logic.syntax import Node, Reading, reads_of
from core.flows.logic.values import Value
from core.flows.reach.building import Building
from core.flows.reach.encoding import Answer, Question, question
from core.flows.reach.paths import Path, Sent, Walker, Want
from core.flows.reach.playing import Guess
from core.flows.reach.reading import FAR, Read, Target
from core.flows.reach.store import Group

NUMBERED = re.compile(r"(reply|answer|unknown)#(\d+)")
MOST_TRIES = 8
Key = tuple[object, ...]
Crowd = tuple[frozenset[tuple[Sent, int]], frozenset[Sent]]
"""The messages that may be answered: how many of each, and those that are not counted."""
Found = Callable[[Guess, Target, int], bool]
"""Plays somebody for some steps, and tells whether they take a way."""


@dataclass(slots=True)
class Budget:
    """How much may be looked at: counted, and in seconds only as a last resort."""

    paths: int
    questions: int
    until: float

    @property
    def spent(self) -> bool:
        """Whether nothing more may be looked at."""
        return self.paths <= 0 or self.questions <= 0 or perf_counter() > self.until


@dataclass
class Search:
    """One search through a flow.

    Args:
        read: What the flow reads.
        seed: The seed of chance.
        budget: How much may be looked at.
        worlds: The solver's, kept from question to question.

    Attributes:
        met: The ways that a path led to, with the paths; none of them need be one that is played.
        whole: Whether everything was seen.
    """

    read: Read
    seed: int
    budget: Budget
    worlds: dict[str, Any] = field(default_factory=dict)
    met: dict[Target, list[Path]] = field(default_factory=dict)
    refused: dict[Target, Path] = field(default_factory=dict)
    whole: bool = False

    def __post_init__(self) -> None:
        self.walker = Walker(self.read)
        self.at: dict[str, list[Path]] = {}
        self._seen: dict[Key, dict[int, list[tuple[frozenset[str], Path]]]] = {}
        self._crowds: dict[Crowd, int] = {}
        self._numbered: list[Crowd] = []
        self._covering: dict[tuple[int, int], bool] = {}
        self._texts: dict[object, str] = {}
        self._answers: dict[str, Answer] = {}
        self._open: list[tuple[float, int, Path]] = []
        self._count = 0

    def run(self, targets: set[Target], found: Found) -> None:
        """Look for people who take these ways.

        Args:
            targets: The ways; those that are found are taken out meanwhile.
            found: Plays somebody, takes out the ways that are taken, and tells whether this was.
        """
        distances = self.read.distances(targets)
        left = len(targets)
        self._push(self.walker.first(), distances)
        while self._open and targets and not self.budget.spent:
            path = heappop(self._open)[2]
            if len(targets) < left:
                left, distances = len(targets), self.read.distances(targets)
            if path.step not in distances:
                continue
            self.budget.paths -= 1
            self._expand(path, targets, distances, found)
        self.whole = not self._open or not targets

    def _expand(
        self,
        path: Path,
        targets: set[Target],
        distances: dict[str, int],
        found: Found,
    ) -> None:
        for way, after, new in self.walker.after(path):
            target = (path.step, way.name)
            if target not in targets and distances.get(after.step, FAR) == FAR:
                continue
            if new and self._asked(after, new) == "no":
                self.refused.setdefault(target, after)
                continue
            if target in targets:
                self._try(after, target, found)
            if after.step:
                self._push(after, distances)

    def _push(self, path: Path, distances: dict[str, int]) -> None:
        if path.step not in distances or self._known_already(path):
            return
        self._count += 1
        self.at.setdefault(path.step, []).append(path)
        priority = distances[path.step] + path.visits / 4 + path.odd * 3
        heappush(self._open, (priority, self._count, path))

    def _try(self, path: Path, target: Target, found: Found) -> None:
        tried = self.met.setdefault(target, [])
        if sum(bool(one.odd) == bool(path.odd) for one in tried) >= MOST_TRIES:
            return
        tried.append(path)
        guess = self.person(path)
        if guess is not None:
            found(guess, target, path.visits)

    def person(self, path: Path) -> Guess | None:
        """Somebody for a path; None where nobody is found."""
        self.budget.questions -= 1
        asked = question(path.store.state, path.wants, self.worlds)
        if asked.answer(likely=True) != "yes":
            return None
        return self._built(asked, path)

    def _built(self, asked: Question, path: Path) -> Guess | None:
        """Somebody with the values that were found; None for words too long to be written."""
        values = asked.values()
        building = Building(self.read.flow, values, asked.missing(), asked.tags())
        try:
            return building.guess(path, self.seed)
        except ValidationError:
            return None

    # Whether what is asked fits together

    def _asked(self, path: Path, new: tuple[Want, ...]) -> Answer:
        """Whether there are inputs for a path, as far as what is newly asked bears on them."""
        wants = touching(path.wants, new)
        key = _cluster(wants, {}, path.store.inputs)
        if key not in self._answers:
            self.budget.questions -= 1
            asked = question(path.store.state, wants, self.worlds)
            self._answers[key] = asked.answer(likely=False)
        return self._answers[key]

    # Whether a path was met before

    def _known_already(self, path: Path) -> bool:
        key, wants = self._key(path)
        groups = self._seen.setdefault(key, {})
        own = self._waiting(path)
        for waiting, before in groups.items():
            if not self._covers(waiting, own):
                continue
            if any(other <= wants and _early(earlier, path) for other, earlier in before):
                return True
        groups.setdefault(own, []).append((wants, path))
        return False

    def _waiting(self, path: Path) -> int:
        """The number of what may still be answered, where that matters behind a path's step."""
        if path.step not in self.read.waits:
            return 0
        counts = Counter(sent for sent in path.pending if sent not in path.many)
        crowd = (frozenset(counts.items()), path.many)
        if crowd not in self._crowds:
            self._numbered.append(crowd)
            self._crowds[crowd] = len(self._numbered)
        return self._crowds[crowd]

    def _covers(self, one: int, other: int) -> bool:
        """Whether all that may be answered in one case may be answered in another."""
        if one == other:
            return True
        if (one, other) not in self._covering:
            (have, many), (need, more) = self._numbered[one - 1], self._numbered[other - 1]
            counts = dict(have)
            self._covering[one, other] = more <= many and all(
                sent in many or number <= counts.get(sent, 0) for sent, number in need
            )
        return self._covering[one, other]

    def _key(self, path: Path) -> tuple[Key, frozenset[str]]:
        """What matters of a path behind its step, and what it asks of that."""
        store, later = path.store, self.read.later[path.step]
        roots = {one[0] for one in later}
        carried: list[str] = []
        inputs: set[Reading] = {one[:2] for one in later if one[0] == "contact"}
        for name in sorted(store.names.keys() & roots):
            known = store.names[name]
            carried.append(f"{name}={written(known) if not isinstance(known, Group) else known!r}")
            inputs |= set() if isinstance(known, Group) else _inputs(known)
        asked = {one[1] for one in later if one[0] == "answers" and len(one) > 1}
        whole = ("answers",) in later
        for name in sorted(store.answers):
            if whole or name in asked:
                carried.append(f"answers.{name}={written(store.answers[name])}")
                inputs |= _inputs(store.answers[name])
        if "reply" in roots and store.reply is not None:
            carried.append(f"reply={store.reply}")
            inputs |= {(store.reply, one[1]) for one in later if one[0] == "reply" and one[1:]}
        own, numbers = _numbered(carried)
        own += tuple(_specs(sorted(inputs), store.inputs, numbers))
        asks = frozenset(
            self._worded(wants, numbers, store.inputs)
            for wants in _clusters(_bearing(path.wants, inputs), inputs)
        )
        return (path.step, own, *self._around(path, later)), asks

    def _worded(
        self, wants: list[Want], numbers: dict[str, str], inputs: Mapping[str, Value]
    ) -> str:
        roots = {path[0] for node, _ in wants for path in _inputs(node)}
        own = {name: numbers[name] for name in sorted(roots & numbers.keys())}
        key = (tuple(wants), tuple(own.items()), len(numbers))
        if key not in self._texts:
            self._texts[key] = _cluster(wants, numbers, inputs)
        return self._texts[key]

    def _around(self, path: Path, later: frozenset[Reading]) -> Key:
        store = path.store
        tags = (
            tuple(sorted(store.tags.items()))
            if any(one[:2] == ("contact", "tags") for one in later)
            else ()
        )
        return tags, store.opted_out, store.reply is None


def _early(one: Path, other: Path) -> bool:
    """Whether one path is no later than another, and can do no less."""
    return one.days <= other.days and one.visits <= other.visits and one.spoken >= other.spoken


def touching(wants: Iterable[Want], new: Iterable[Want]) -> list[Want]:
    """What is newly asked, and what else is asked of the same inputs, or of some bound to them."""
    chosen = list(new)
    inputs = {one for node, _ in chosen for one in _inputs(node)}
    own = {(id(node), truth) for node, truth in chosen}
    left = [want for want in wants if (id(want[0]), want[1]) not in own]
    return [*_bearing(left, inputs), *chosen]


def _bearing(wants: Iterable[Want], inputs: set[Reading]) -> list[Want]:
    """What is asked of some inputs, or of others that are bound to them."""
    inputs = set(inputs)
    left = list(wants)
    chosen: set[int] = set()
    growing = True
    while growing:
        growing = False
        for number, (node, _) in enumerate(left):
            if number not in chosen and not inputs.isdisjoint(_inputs(node)):
                chosen.add(number)
                inputs |= _inputs(node)
                growing = True
    return [left[number] for number in sorted(chosen)]


@lru_cache(maxsize=20_000)
def _inputs(node: Node) -> frozenset[Reading]:
    """The inputs that an expression depends on."""
    return frozenset(path[:2] for path in reads_of(node) if path[0] != "!")


def _clusters(wants: list[Want], live: set[Reading]) -> list[list[Want]]:
    """The wants apart from each other, but for those that share an input that is not live."""
    clusters: list[list[Want]] = []
    place: dict[Reading, int] = {}
    for want in wants:
        own = [one for one in _inputs(want[0]) if one not in live]
        places = sorted({place[one] for one in own if one in place})
        at = places[0] if places else len(clusters)
        if not places:
            clusters.append([])
        for other in places[1:]:
            clusters[at] += clusters[other]
            clusters[other] = []
            place = {one: at if number == other else number for one, number in place.items()}
        clusters[at].append(want)
        place.update(dict.fromkeys(own, at))
    return [one for one in clusters if one]


def _cluster(wants: list[Want], numbers: dict[str, str], inputs: Mapping[str, Value]) -> str:
    """What is asked, in words that are the same whatever the numbers of the inputs are."""
    own = dict(numbers)
    parts = sorted(
        {f"{truth} {written(node)}" for node, truth in wants},
        key=lambda one: (NUMBERED.sub(r"\1#", one), one),
    )
    said = [_renamed(part, own) for part in parts]
    names = sorted({path for node, _ in wants for path in _inputs(node)})
    return " && ".join([*said, *sorted(_specs(names, inputs, own))])


def _specs(
    names: Iterable[Reading], inputs: Mapping[str, Value], numbers: dict[str, str]
) -> Iterator[str]:
    """What inputs can be, where that is not the same for all of their kind."""
    for path in names:
        value = inputs.get(path[0])
        if path[0] != "contact" and value is not None:
            inner = value.fields.get(path[1]) if value.fields and len(path) > 1 else value
            yield _renamed(f"{path}: {spelled(inner)}", numbers)


@lru_cache(maxsize=20_000)
def written(node: Node) -> str:
    """An expression, as text."""
    return repr(node)


@lru_cache(maxsize=2_000)
def spelled(value: Value) -> str:
    """What a value can be, as text."""
    return repr(value.parts)


def _numbered(carried: list[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    numbers: dict[str, str] = {}
    return tuple(_renamed(one, numbers) for one in carried), numbers


def _renamed(part: str, numbers: dict[str, str]) -> str:
    """The same with the inputs numbered in the order in which they are first met."""

    def again(found: re.Match[str]) -> str:
        return f"{found[1]}#{numbers.setdefault(found[0], str(len(numbers)))}"

    return NUMBERED.sub(again, part)
