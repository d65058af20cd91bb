"""The order of teaching."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.domain.twins import Link, Methodology, Node
from core.twins.methodology import order_of
from core.twins.methodology.links import acyclic
from core.twins.methodology.order import reaches

LETTERS = "abcdefg"
PAIRS = st.dictionaries(
    st.tuples(st.sampled_from(LETTERS), st.sampled_from(LETTERS)).filter(
        lambda one: one[0] != one[1]
    ),
    st.floats(0.5, 6),
    max_size=25,
)


def method(before: list[tuple[str, str]], part_of: list[tuple[str, str]] = []) -> Methodology:  # noqa: B006
    return Methodology(
        nodes=tuple(Node(id=one, kind="exercise", name=one) for one in LETTERS),
        links=(
            *(Link(source=one, target=two, kind="before") for one, two in before),
            *(Link(source=one, target=two, kind="part_of") for one, two in part_of),
        ),
    )


@given(PAIRS)
def test_of_any_claims_an_order_is_left_and_the_surest_claim_is_in_it(
    claims: dict[tuple[str, str], float],
) -> None:
    kept = acyclic(claims)
    order = [one.id for one in order_of(method(kept))]
    assert sorted(order) == list(LETTERS)
    assert all(order.index(one) < order.index(two) for one, two in kept)
    clear = {pair: one for pair, one in claims.items() if one > claims.get(pair[::-1], 0) + 3}
    if clear:
        one, two = max(clear, key=lambda pair: clear[pair])
        assert reaches(kept, one, two) or reaches(kept, two, one)


def test_the_weakest_claim_of_a_circle_falls_away() -> None:
    claims = {("a", "b"): 6.0, ("b", "c"): 6.0, ("c", "a"): 3.0}
    assert acyclic(claims) == [("a", "b"), ("b", "c")]


def test_what_is_only_implied_falls_away_where_it_follows() -> None:
    claims = {("a", "b"): 6.0, ("b", "c"): 6.0, ("a", "c"): 1.0}
    assert acyclic(claims) == [("a", "b"), ("b", "c")]


def test_a_part_is_done_before_the_next_begins() -> None:
    made = method([("a", "b")], part_of=[("c", "a"), ("d", "a"), ("e", "b")])
    order = "".join(one.id for one in order_of(made))
    assert order.index("a") < order.index("c") < order.index("b") < order.index("e")
    assert order.index("d") < order.index("b")


def test_a_circle_in_what_is_given_leaves_nobody_out() -> None:
    made = method([("a", "b"), ("b", "a")])
    assert sorted(one.id for one in order_of(made)) == list(LETTERS)
