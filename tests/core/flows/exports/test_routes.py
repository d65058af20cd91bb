"""No way of an exported picture runs under a card."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from core.flows.exports.routes import Point, Router

WIDTH, HEIGHT = 240, 96
spots = st.tuples(st.integers(0, 4), st.integers(0, 5))


@settings(max_examples=40, deadline=None)
@given(st.lists(spots, min_size=2, max_size=18, unique=True), st.data())
def test_no_way_runs_under_a_card(cells: list[tuple[int, int]], data: st.DataObject) -> None:
    places: dict[str, Point] = {f"s{at}": (x * 300, y * 184) for at, (x, y) in enumerate(cells)}
    router = Router(places, WIDTH, HEIGHT)
    names = st.sampled_from(sorted(places))
    for start, end in data.draw(st.lists(st.tuples(names, names), min_size=1, max_size=8)):
        path = router.path(0, 1, start, end)
        if "C" in path:
            continue
        found = [float(one) for one in re.findall(r"-?\d+\.\d", path)]
        corners = list(zip(found[::2], found[1::2], strict=True))
        assert not any(
            x + 1 < px < x + WIDTH - 1 and y + 1 < py < y + HEIGHT - 1
            for px, py in corners
            for x, y in places.values()
        )
