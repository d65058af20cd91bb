"""What a creator corrects by hand, and that it stays when the twin is trained again."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.errors import BadInput, Conflict, GreenroomError, NotFound
from core.domain.twins import Methodology
from core.twins.methodology import (
    add_link,
    add_node,
    change_node,
    find_method,
    merge_nodes,
    order_of,
    remove_link,
    remove_node,
    rename_node,
    restore_node,
)
from core.twins.methodology.order import reaches
from tests.core.twins.methodology.texts import LETTER, PIECES, linked, named, names, piece


@cache
def found() -> Methodology:
    return find_method(PIECES)


def again(method: Methodology) -> Methodology:
    return find_method(PIECES, before=method)


def identity(name: str) -> str:
    return named(found(), name).id


def test_a_new_name_stays_and_the_old_one_does_not_come_back() -> None:
    method = again(rename_node(found(), identity("paper hum"), "The paper buzz"))
    assert "paper hum" not in names(method, "exercise")
    node = named(method, "The paper buzz")
    assert node.by_hand and node.id == identity("paper hum")
    assert node.passages == named(found(), "paper hum").passages
    assert ("the paper buzz", "long vowel") in linked(method, "before")


def test_changed_words_and_steps_stay() -> None:
    changed = change_node(
        found(), identity("paper hum"), says="Humming, with paper.", steps=["Hum.", " ", "Stop."]
    )
    node = named(again(changed), "paper hum")
    assert (node.says, node.steps) == ("Humming, with paper.", ("Hum.", "Stop."))


def test_another_kind_stays_and_takes_no_steps_along() -> None:
    method = again(change_node(found(), identity("quiet scan"), kind="concept"))
    node = named(method, "quiet scan")
    assert node.kind == "concept" and node.steps == ()
    assert "quiet scan" not in names(method, "exercise")


def test_an_added_node_stays_and_gets_its_places() -> None:
    method = add_node(found(), "concept", "Chin", "Where most people sing from.")
    assert named(method, "Chin").passages == ()
    places = named(again(method), "Chin").passages
    assert {one.file for one in places} == {"guide.md", "letter.txt"}


def test_what_is_taken_out_stays_out_under_any_near_name_and_kind() -> None:
    method = remove_node(found(), identity("paper hum"))
    assert [one.name for one in method.removed] == ["Paper hum"]
    assert all(identity("paper hum") not in (one.source, one.target) for one in method.links)
    trained = again(method)
    assert not any("paper hum" in one.name.lower() for one in trained.nodes)
    assert trained.removed[0].passages == named(found(), "paper hum").passages


def test_the_places_of_what_is_out_follow_the_text() -> None:
    method = remove_node(found(), identity("Never push a tired voice"))
    moved = [("letter.txt", piece("A line before.\n\n" + LETTER))]
    passages = find_method(moved, before=method).removed[0].passages
    here = [one for one in passages if one.file == "letter.txt"]
    assert here and all(moved[0][1].text[one.start : one.end] == one.text for one in here)


def test_what_was_taken_out_can_be_put_back() -> None:
    method = restore_node(remove_node(found(), identity("paper hum")), identity("paper hum"))
    assert method.removed == ()
    assert names(again(method), "exercise") == names(found(), "exercise")


def test_merged_nodes_stay_one_and_what_was_said_stays_citable() -> None:
    first, second = identity("quiet scan"), identity("paper hum")
    method = merge_nodes(found(), first, second)
    trained = again(method)
    assert "paper hum" not in names(trained, "exercise")
    assert trained.removed[0].passages == ()
    assert ("quiet scan", "long vowel") in linked(trained, "before")
    assert set(named(found(), "paper hum").passages) & set(named(method, "quiet scan").passages)


def test_nodes_with_a_third_between_them_cannot_become_one() -> None:
    with pytest.raises(Conflict):
        merge_nodes(found(), identity("quiet scan"), identity("long vowel"))


def test_an_added_link_stays() -> None:
    method = add_link(found(), identity("floor voice"), identity("quiet scan"), "before")
    trained = again(method)
    assert ("floor voice", "quiet scan") in linked(trained, "before")
    order = [one.name.lower() for one in order_of(trained)]
    assert order.index("floor voice") < order.index("quiet scan") < order.index("paper hum")


def test_a_removed_link_does_not_come_back() -> None:
    method = remove_link(found(), identity("quiet scan"), identity("paper hum"), "before")
    assert ("quiet scan", "paper hum") not in linked(again(method), "before")
    assert ("paper hum", "long vowel") in linked(again(method), "before")


def test_what_cannot_be_is_refused() -> None:
    method, scan, hum = found(), identity("quiet scan"), identity("paper hum")
    refusals: list[tuple[type[GreenroomError], Callable[[], Methodology]]] = [
        (NotFound, lambda: rename_node(method, "nobody", "X")),
        (NotFound, lambda: restore_node(method, scan)),
        (NotFound, lambda: remove_link(method, hum, scan, "before")),
        (BadInput, lambda: rename_node(method, scan, "  ")),
        (BadInput, lambda: rename_node(method, scan, "two\nlines")),
        (BadInput, lambda: change_node(method, scan, says="x" * 5_000)),
        (BadInput, lambda: change_node(method, identity("floor voice"), steps=["Sing."])),
        (BadInput, lambda: add_link(method, scan, scan, "uses")),
        (BadInput, lambda: merge_nodes(method, scan, scan)),
        (Conflict, lambda: rename_node(method, scan, "the Paper Hums")),
        (Conflict, lambda: add_node(method, "exercise", "A quiet scan")),
        (Conflict, lambda: add_link(method, scan, hum, "before")),
        (Conflict, lambda: add_link(method, identity("long vowel"), scan, "before")),
    ]
    for error, correction in refusals:
        with pytest.raises(error):
            correction()


Correction = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["rename", "add", "remove", "restore", "merge", "link", "unlink"]),
        st.integers(0, 20),
        st.integers(0, 20),
    ),
    max_size=12,
)


def corrected(method: Methodology, step: Correction) -> Methodology:
    what, one, other = step
    ids = [node.id for node in method.nodes]
    first, second = ids[one % len(ids)], ids[other % len(ids)]
    if what == "rename":
        return rename_node(method, first, f"Name {other}")
    if what == "add":
        return add_node(method, "concept", f"Thing {one}")
    if what == "remove" and len(ids) > 3:
        return remove_node(method, first)
    if what == "restore" and method.removed:
        return restore_node(method, method.removed[one % len(method.removed)].id)
    if what == "merge" and len(ids) > 3:
        return merge_nodes(method, first, second)
    if what == "link":
        return add_link(method, first, second, ("before", "uses", "part_of")[other % 3])
    if what == "unlink" and method.links:
        link = method.links[one % len(method.links)]
        return remove_link(method, link.source, link.target, link.kind)
    return method


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_whatever_is_corrected_the_map_holds_together_and_stays(steps: list[Correction]) -> None:
    method = found()
    for step in steps:
        try:
            method = corrected(method, step)
        except (BadInput, Conflict):
            continue
    trained = again(method)
    for one in (method, trained):
        ids = [node.id for node in one.nodes]
        before = [(link.source, link.target) for link in one.links if link.kind == "before"]
        assert len(set(ids)) == len(ids)
        assert all({link.source, link.target} <= set(ids) for link in one.links)
        assert not any(reaches(before, end, start) for start, end in before)
    kept = {node.id: (node.name, node.says, node.steps) for node in trained.nodes}
    by_hand = [node for node in method.nodes if node.by_hand]
    assert all(kept[node.id] == (node.name, node.says, node.steps) for node in by_hand)
    assert not {node.id for node in method.removed} & set(kept)
    assert {link for link in method.links if link.by_hand} <= set(trained.links)
    assert again(trained) == trained
