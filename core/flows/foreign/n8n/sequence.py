"""One way at a time: what n8n runs side by side is put one after the other.

A node may lead from one way out to several nodes. n8n runs them all, the upper one first; a
contact here is in one place at a time. So the first branch is walked to its ends, which then lead
to the next branch, and so on. Where branches meet again (a Merge, or any shared node), only the
last one leads there. What else leads into a branch keeps its own copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.domain.errors import TooLarge
from core.flows.foreign.n8n.nodes import Node

MOST_PLACES = 3_000
MOST_WORK = 2_000_000


@dataclass(eq=False)
class Place:
    """A node where it stands in the order; a node may stand in several places.

    Attributes:
        outs: For each way out, where it leads: one place at most once all is in sequence.
        ends: Whether nothing comes after it.
    """

    node: Node
    outs: list[list[Place]] = field(default_factory=list)
    ends: bool = False
    copy: int = 0


@dataclass
class Order:
    """The places of a workflow, and what putting them in order has changed.

    Attributes:
        said: For the key of a node, what is to be said of it.
    """

    places: list[Place]
    entries: list[Place]
    said: dict[str, list[str]] = field(default_factory=dict)

    def say(self, key: str, sentence: str) -> None:
        """Something that is different now, each thing once."""
        sentences = self.said.setdefault(key, [])
        if sentence not in sentences:
            sentences.append(sentence)


def in_order(places: list[Place], entries: list[Place], *, upper_first: bool = True) -> Order:
    """Put what runs side by side one after the other; changes the places."""
    order = Order(places, entries)
    done: set[tuple[int, int]] = set()
    work = 0
    while True:
        finished, back = _walk([*entries, *order.places])
        size = len(finished) + sum(len(outs) for place in finished for outs in place.outs)
        fork = _deepest(finished, done)
        if fork is None:
            return order
        place, port = fork
        work += size * len(place.outs[port])
        if work > MOST_WORK:
            raise TooLarge("Its nodes lead to too many others side by side.")
        done.add((id(place), port))
        targets = place.outs[port]
        if upper_first:
            targets.sort(key=lambda one: (one.node.at[1], one.node.at[0]))
        _straighten(order, place, port, back)


def _deepest(finished: list[Place], done: set[tuple[int, int]]) -> tuple[Place, int] | None:
    for place in finished:
        for port, targets in enumerate(place.outs):
            if len(targets) > 1 and (id(place), port) not in done:
                return place, port
    return None


Edge = tuple[int, int]


def _walk(roots: Iterable[Place]) -> tuple[list[Place], set[Edge]]:
    """Places as a walk leaves them, deepest first, and the edges that go back."""
    state: dict[int, int] = {}
    finished: list[Place] = []
    back: set[Edge] = set()
    for root in roots:
        if id(root) in state:
            continue
        state[id(root)] = 1
        path = [(root, iter([one for outs in root.outs for one in outs]))]
        while path:
            place, rest = path[-1]
            to = next(rest, None)
            if to is None:
                state[id(place)] = 2
                finished.append(place)
                path.pop()
            elif state.get(id(to)) == 1:
                back.add((id(place), id(to)))
            elif id(to) not in state:
                state[id(to)] = 1
                path.append((to, iter([one for outs in to.outs for one in outs])))
    return finished, back


def _reach(start: Place, back: set[Edge], stops: set[int]) -> dict[int, Place]:
    """What can be reached without going back, up to where it stops."""
    if id(start) in stops:
        return {}
    found, open_ = {id(start): start}, [start]
    while open_:
        place = open_.pop()
        for outs in place.outs:
            for to in outs:
                known = id(to) in found or id(to) in stops or (id(place), id(to)) in back
                if not known:
                    found[id(to)] = to
                    open_.append(to)
    return found


def _straighten(order: Order, fork: Place, port: int, back: set[Edge]) -> None:
    """Put the branches of one way out one after the other."""
    targets = list(fork.outs[port])
    stops = _boundaries(order, fork, targets, back)
    targets = _without_direct(order, fork, targets, back, stops)
    names = "”, then “".join(one.node.name for one in targets)
    if len(targets) > 1:
        order.say(
            fork.node.key,
            f"Its {len(targets)} ways run side by side in n8n; here a person walks them one after "
            f"the other: “{names}”.",
        )
    outside = _without(order, fork, port)
    after: list[Place] = []
    first = targets[-1]
    regions = [_reach(one, back, stops) for one in targets]
    later: set[int] = set(regions[-1])
    used: list[Place] = []
    for number in range(len(targets) - 2, -1, -1):
        region = regions[number]
        first = _branch(order, targets[number], region, later, first, after, back, outside, used)
        later |= set(region)
    fork.outs[port] = [first]
    rest = [one for one in after if id(one) not in later]
    if rest:
        _close(order, fork, port, targets[-1], regions[-1], rest[0], outside, used)
    for one in rest[1:]:
        if one is not rest[0]:
            order.say(
                one.node.key,
                f"Ways that run side by side in n8n lead here and to “{rest[0].node.name}”; here "
                "the last of them goes on there.",
            )


def _without(order: Order, fork: Place, port: int) -> set[int]:
    """What is come to also without one way out of a fork."""
    led = {id(to) for one in order.places for outs in one.outs for to in outs}
    found: set[int] = set()
    open_ = [*order.entries, *(one for one in order.places if id(one) not in led)]
    while open_:
        place = open_.pop()
        if id(place) in found:
            continue
        found.add(id(place))
        for number, outs in enumerate(place.outs):
            if place is not fork or number != port:
                open_.extend(outs)
    return found


def _boundaries(order: Order, fork: Place, targets: list[Place], back: set[Edge]) -> set[int]:
    """Merges that also wait for something from outside of these branches."""
    inside: dict[int, Place] = {}
    for target in targets:
        inside |= _reach(target, back, set())
    outside = (one for one in order.places if id(one) not in inside and one is not fork)
    return {
        id(to)
        for one in outside
        for outs in one.outs
        for to in outs
        if to.node.kind == "merge" and id(to) in inside
    }


def _without_direct(
    order: Order, fork: Place, targets: list[Place], back: set[Edge], stops: set[int]
) -> list[Place]:
    """The targets but those that another of them leads to in any case."""
    kept = list(targets)
    regions = {id(one): _reach(one, back, stops) for one in targets}
    for one in targets:
        others = [other for other in kept if other is not one and id(one) in regions[id(other)]]
        if any(_always(other, one, back, stops) for other in others):
            kept = [other for other in kept if other is not one]
            order.say(
                one.node.key,
                f"“{fork.node.name}” leads here twice in n8n, directly and by another way; here it "
                "comes once, after that way.",
            )
    return kept


def _always(start: Place, goal: Place, back: set[Edge], stops: set[int]) -> bool:
    """Whether each way from a place comes by another."""
    if id(goal) not in _reach(start, back, stops):
        return False
    if goal.node.kind == "merge":
        return True
    region = _reach(start, back, {*stops, id(goal)})
    return all(one.ends or all(one.outs) for one in region.values()) and bool(region)


def _branch(
    order: Order,
    target: Place,
    region: dict[int, Place],
    later: set[int],
    then: Place,
    after: list[Place],
    back: set[Edge],
    outside: set[int],
    used: list[Place],
) -> Place:
    """Lead the ends of one branch to the next one; gives where the branch begins."""
    own = region if id(target) in later else {k: v for k, v in region.items() if k not in later}
    if not own:
        after.append(target)
        return then
    copies = {id(one): one for one in own.values()}
    copies |= _own_copies(order, own, outside)
    for old, place in copies.items():
        _redirect(order, own[old], place, own, copies, then, after, back)
    used.extend(copies.values())
    return copies[id(target)]


def _own_copies(order: Order, own: dict[int, Place], outside: set[int]) -> dict[int, Place]:
    """Copies of what other ways come to as well, which must not lead on as a branch does."""
    shared = {key: one for key, one in own.items() if key in outside}
    room = len(order.places) + len(shared) <= MOST_PLACES
    for one in shared.values():
        order.say(
            one.node.key,
            "It stands here more than once: several ways lead to it."
            if room
            else "Several ways lead to it, and there are too many nodes to let it stand here more "
            "than once; what comes after it in one of them comes after it in all.",
        )
    return _copied(order, shared) if room else {}


def _redirect(
    order: Order,
    old: Place,
    place: Place,
    own: dict[int, Place],
    copies: dict[int, Place],
    then: Place,
    after: list[Place],
    back: set[Edge],
) -> None:
    if place.ends:
        return
    for port, outs in enumerate(list(old.outs)):
        inside = [copies[id(to)] for to in outs if id(to) in own]
        for to in outs:
            if id(to) in own:
                continue
            if (id(old), id(to)) in back:
                after.append(to)
            elif to.node.kind != "merge":
                order.say(
                    to.node.key,
                    "Several ways come here one after the other in n8n, each for itself; here it "
                    "comes once, after the last of them.",
                )
            else:
                after.append(to)
        place.outs[port] = inside or [then]


def _copied(order: Order, own: dict[int, Place]) -> dict[int, Place]:
    copies: dict[int, Place] = {}
    for key, one in own.items():
        number = 1 + sum(other.node is one.node for other in order.places)
        copies[key] = Place(one.node, [list(outs) for outs in one.outs], one.ends, number)
        order.places.append(copies[key])
    return copies


def _close(
    order: Order,
    fork: Place,
    port: int,
    target: Place,
    region: dict[int, Place],
    after: Place,
    outside: set[int],
    used: list[Place],
) -> None:
    """Lead the ends of the last branch to what the earlier ones were to lead to."""
    if all(one.ends or all(one.outs) for one in region.values()):
        return
    copies = _own_copies(order, region, outside)
    own = [copies.get(key, one) for key, one in region.items()]
    for place in own:
        place.outs = [[copies.get(id(to), to) for to in outs] for outs in place.outs]
        if not place.ends:
            place.outs = [outs or [after] for outs in place.outs]
    begin = copies.get(id(target), target)
    for place in used:
        place.outs = [[begin if to is target else to for to in outs] for outs in place.outs]
    fork.outs[port] = [begin if to is target else to for to in fork.outs[port]]
